"""A blank card and its photo: signed like every card, and forgotten on demand."""

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from device.card import visit
from device.card.errors import PhotoNotAuthenticError
from device.simulated.card.bench import Bench
from device.simulated.card.blank import HEADER, LONGEST_PHOTO, Blank, PhotoError
from device.simulated.card.contents import CardContents, ContentsError
from device.simulated.card.issue import CardKeys, Holder, Issuer, issue
from device.simulated.card.tray import Press, Tray
from device.simulated.card.virtual import VirtualCard
from tests.device.conftest import NOW

CHALLENGE = bytes(range(16))


@pytest.fixture(scope="module")
def blank(holder: Holder, keys: CardKeys, issuer: Issuer) -> Blank:
    return Blank(
        contents=issue(replace(holder, photo=b""), keys, issuer, NOW),
        issuer_key=issuer.photo_key.private_bytes(
            Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
        ),
    )


@pytest.fixture
def tray(blank: Blank, contents: CardContents) -> Tray:
    def chip(of: CardContents) -> VirtualCard:
        return VirtualCard(of, secrets.token_bytes)

    return Tray({"one": chip(contents)}, press=Press({"guest": blank}, chip))


def ask(tray: Tray, **request: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tray.request(json.dumps(request).encode()))
    return answer


def test_a_photo_that_nobody_signed_is_not_believed(
    blank: Blank,
    holder: Holder,
    photo: bytes,
    issuer: Issuer,
    keys: CardKeys,
    insert: Callable[[CardContents], Bench],
) -> None:
    """The card's own key is no issuer's."""
    own = keys.chip.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    forged = insert(replace(blank, issuer_key=own).printed(photo))
    trusted = [issuer.photo_key.public_key()]
    with pytest.raises(PhotoNotAuthenticError):
        forged.run(visit.read_photo(holder.number_b, CHALLENGE, trusted))


def test_a_printed_card_is_the_card_that_was_issued_with_that_photo(
    blank: Blank, holder: Holder, photo: bytes, keys: CardKeys, issuer: Issuer
) -> None:
    assert blank.printed(photo) == issue(holder, keys, issuer, NOW)


@pytest.mark.parametrize("junk", [b"", b"\xff\xd8\xff\xe0 a JPEG"])
def test_what_is_no_card_photo_is_not_printed(blank: Blank, junk: bytes) -> None:
    with pytest.raises(PhotoError):
        blank.printed(junk)


def test_a_photo_has_a_bounded_size(blank: Blank, photo: bytes) -> None:
    with pytest.raises(PhotoError):
        blank.printed(photo + bytes(LONGEST_PHOTO))


def test_a_blank_file_says_what_it_is_and_is_its_owners_only(
    blank: Blank, tmp_path: Path
) -> None:
    file = tmp_path / "guest.blank"
    blank.save(file)
    assert file.read_bytes().startswith(HEADER)
    assert b"FICTITIOUS" in HEADER
    assert file.stat().st_mode & 0o777 == 0o600
    assert Blank.load(file) == blank


@pytest.mark.parametrize("raw", [b"", b"junk", HEADER, HEADER + b"\xa0"])
def test_what_is_no_blank_card_is_refused(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "guest.blank").write_bytes(raw)
    with pytest.raises(ContentsError):
        Blank.load(tmp_path / "guest.blank")


@pytest.mark.parametrize(
    "request_",
    [
        {"print": "one", "photo": ""},
        {"print": "guest", "photo": "not base64"},
        {"print": "guest", "photo": ""},
        {"print": "guest"},
        {"forget": "one"},
        {"put": "guest"},
    ],
)
def test_what_cannot_be_printed_or_forgotten_changes_nothing(
    tray: Tray, request_: dict[str, str]
) -> None:
    ask(tray, put="one")
    answer = ask(tray, **request_)
    assert answer["error"]
    assert ask(tray, state=True) == {"card": "one", "preset": "none", "cards": ["one"]}


def test_a_printed_card_is_put_and_a_forgotten_one_leaves_the_reader(
    tray: Tray, photo: bytes
) -> None:
    printing = {"print": "guest", "photo": base64.b64encode(photo).decode()}
    assert ask(tray, **printing)["cards"] == ["guest", "one"]
    assert ask(tray, put="guest")["card"] == "guest"
    assert ask(tray, forget="guest") == {
        "card": None,
        "preset": "none",
        "cards": ["one"],
    }
    assert ask(tray, forget="guest") == {
        "card": None,
        "preset": "none",
        "cards": ["one"],
    }
