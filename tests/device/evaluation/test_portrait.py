"""Side b as a card's portrait: grey, 240x320, as small as asked."""

import io

import numpy as np
import pytest
from PIL import Image

from device.evaluation.portrait import Card, card_of, encoded, portrait

NOISE = Image.fromarray(
    np.random.default_rng(3).integers(0, 256, (80, 60, 3)).astype(np.uint8)
)


@pytest.mark.parametrize("text", ["jp2", "jp2:", "jp2:-5", "png:5000", "jpeg:9", "x"])
def test_a_card_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a card is jp2:BYTES"):
        card_of(text)


def test_cards_are_read_as_they_are_written() -> None:
    assert card_of("none") is None
    for text in ("jp2:5000", "jpeg:6000", "real"):
        assert str(card_of(text)) == text


@pytest.mark.parametrize("kind", ["jp2", "jpeg"])
def test_a_portrait_is_grey_and_of_the_size_asked(kind: str) -> None:
    card = card_of(f"{kind}:5000")
    assert card is not None
    content = encoded(NOISE, card)
    assert 3000 < len(content) <= 5500
    with Image.open(io.BytesIO(content)) as file:
        assert (file.size, file.mode) == ((240, 320), "L")
    assert portrait(NOISE, card).mode == "RGB"


def test_a_real_portrait_stays_as_it_is() -> None:
    assert portrait(NOISE, Card("real")) is NOISE
