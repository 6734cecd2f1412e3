"""The documented surface of inky 2.6.0: auto(), resolution, set_image, show."""

from types import ModuleType

from PIL import Image


class Board:
    def __init__(self, resolution: tuple[int, int] = (800, 480)) -> None:
        self.resolution = resolution
        self.picture = Image.new("1", resolution, 1)
        self.shows = 0
        self.lost = False
        self._buffer = self.picture

    def set_image(self, image: Image.Image, saturation: float = 0.5) -> None:
        if image.size != self.resolution:
            raise ValueError("Image must be of the board's size")
        # A picture with a palette goes to the seven-colour board as it is: 0 is black
        # and 1 white; the Spectra board looks its colours up.
        assert image.mode == "P"
        assert (image.getpalette() or [])[:6] == [0, 0, 0, 255, 255, 255]
        self._buffer = Image.frombytes("L", image.size, image.tobytes()).point(
            [0, 255] + [128] * 254
        )

    def show(self, busy_wait: bool = True) -> None:
        if self.lost:
            raise OSError(5, "Input/output error")
        self.shows += 1
        assert 128 not in self._buffer.tobytes()
        self.picture = self._buffer.convert("1", dither=Image.Dither.NONE)


def modules(board: Board | None) -> dict[str, ModuleType]:
    """To stand as `inky` and `inky.auto`; None: no EEPROM answers."""

    def auto() -> Board:
        if board is None:
            raise RuntimeError("No EEPROM detected! You must manually initialise it.")
        return board

    package, found = ModuleType("inky"), ModuleType("inky.auto")
    found.__dict__["auto"] = auto
    package.__dict__["auto"] = found
    return {"inky": package, "inky.auto": found}
