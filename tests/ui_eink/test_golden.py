"""Every screen looks as it was last looked at and found good."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops, features

from ui_eink.gallery import CONTACT, contact_sheet
from ui_eink.render import render
from ui_eink.samples import VARIANTS, kept, samples
from ui_eink.theme import HEIGHT, WIDTH
from ui_eink.views import ChooseLanguage, Lang

GOLDEN = Path(__file__).parents[1] / "golden" / "screens"
CASES = [(lang, name) for lang in Lang for name in kept(lang)]
DRAWN_WITH = (GOLDEN / "freetype.txt").read_text("utf-8").strip()
# Another FreeType hints a few edges differently; ours must match every pixel.
SAME_RASTERISER = features.version("freetype2") == DRAWN_WITH
ALLOWED = 0 if SAME_RASTERISER else WIDTH * HEIGHT // 100


def difference(one: Image.Image, other: Image.Image) -> int:
    """How many pixels differ."""
    changed = ImageChops.logical_xor(one.convert("1"), other.convert("1"))
    return changed.convert("L").histogram()[255]


@pytest.mark.parametrize(("lang", "name"), CASES)
def test_a_screen_equals_its_golden_picture(lang: Lang, name: str) -> None:
    golden = GOLDEN / lang.value / f"{name}.png"
    actual = golden.with_suffix(".actual.png")
    picture = render(samples(lang)[name], lang)
    with Image.open(golden) as expected:
        differs = difference(expected, picture)
    if differs > ALLOWED:
        picture.save(actual)
    else:
        actual.unlink(missing_ok=True)
    assert differs <= ALLOWED, f"{differs} pixels differ: see {actual.name}"


@pytest.mark.parametrize("lang", Lang)
def test_no_golden_picture_is_left_without_its_screen(lang: Lang) -> None:
    files = {path.stem for path in (GOLDEN / lang.value).glob("*.png")}
    drawn = {name for name in files if not name.endswith(".actual")}
    assert drawn == set(kept(lang))


def test_every_view_is_kept_in_every_language() -> None:
    """What is left out elsewhere is a second sample of a view, or the same picture."""
    for lang in Lang:
        shown = {type(view).__name__ for view in kept(lang).values()}
        assert shown >= {type(v).__name__ for v in samples(lang).values()} - {
            "ChooseLanguage"
        }
    assert set(samples(Lang.JA)) > VARIANTS
    choice = {render(ChooseLanguage(), lang).tobytes() for lang in Lang}
    assert len(choice) == 1


def test_the_contact_sheet_in_the_docs_is_of_these_screens() -> None:
    with Image.open(CONTACT) as kept_sheet:
        sheet = contact_sheet()
        assert kept_sheet.size == sheet.size
        changed = ImageChops.difference(kept_sheet.convert("L"), sheet.convert("L"))
    differs = sum(changed.histogram()[1:])
    allowed = 0 if SAME_RASTERISER else sheet.width * sheet.height // 50
    assert differs <= allowed, "make gallery, then look at docs/screens.png"


def test_a_changed_pixel_is_noticed() -> None:
    picture = render(samples(Lang.JA)["ready"], Lang.JA)
    other = picture.copy()
    other.putpixel((400, 300), 1 - int(bool(picture.getpixel((400, 300)))))
    assert difference(picture, other) == 1
