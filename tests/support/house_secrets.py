"""What nobody may find outside: looks, keys, cards; and where it is searched for."""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from device.adapters.face_tflite import FaceModels
from device.card.card_face import parse_face
from device.simulated.camera import swaying
from device.simulated.card.contents import CardContents
from device.simulated.heads import Head, Scene, render
from device.simulated.persona import personas
from tests.support.house_scan import Secret

MAY_HOLD_PEOPLE = {"cards", "cloud", "facility", "keys", "persons.json"}
"""Below the desk; `cloud` is looked at table by table."""


def of_looks(desk: Path) -> Iterator[Secret]:
    """What the camera saw of the first patient, and what networks made of it.

    The simulated camera's pictures follow from scene and number, so the very bytes
    that the reader looked at are known here.
    """
    first = personas()[0]
    head, still = Head(first.head), Scene(width=640, height=480)
    packs = [FaceModels.open()]
    if (desk.parent / "models" / "intel-reid-0095").is_dir():
        packs.append(FaceModels.open(desk.parent / "models" / "intel-reid-0095"))
    for number in range(1, 7):
        frame = render(head, swaying(still, number))
        middle = frame[240, 300:316].tobytes()
        yield Secret(f"pixels of frame {number}", middle)
        for models in packs:
            embedding = models.embed(frame)
            assert embedding is not None
            what = f"embedding of frame {number}, {models.name}"
            yield Secret(what, embedding.vector[20:26].tobytes())
            yield Secret(what, repr(float(embedding.vector[20])))


def of_keys(folder: Path) -> Iterator[Secret]:
    """The storage key, and the secret number of every private key."""
    for path in folder.glob("*.key"):
        raw = path.read_bytes()
        if not raw.startswith(b"-----BEGIN"):
            yield Secret(path.name, raw)
            continue
        der = load_pem_private_key(raw, None).private_bytes(
            Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
        )
        # Any third of a key is the key's business: the whole DER may be re-wrapped.
        middle = len(der) // 3
        yield Secret(path.name, der[middle : middle + 24])
        yield Secret(f"{path.name}, PEM", raw.splitlines()[1])


def of_card(card: CardContents) -> Iterator[Secret]:
    """Long pieces from the middle of what the chip holds."""
    for what in ("certificate", "authentication_key", "card_key", "card_face"):
        content: bytes = getattr(card, what)
        assert len(content) > 400, what
        yield Secret(f"{what} of {card.label}", content[300:348])
    photo = parse_face(card.card_face).photo
    middle = len(photo) // 2
    yield Secret(f"photo of {card.label}", photo[middle : middle + 48])


def left_behind(desk: Path) -> Iterator[tuple[str, bytes]]:
    """Every file that should hold nobody, with its content."""
    for path in sorted(desk.rglob("*")):
        where = path.relative_to(desk)
        if path.is_file() and where.parts[0] not in MAY_HOLD_PEOPLE:
            yield str(where), path.read_bytes()
