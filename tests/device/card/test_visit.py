from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from device.card import visit
from device.card.apdu import Dialog
from device.card.errors import (
    CardError,
    NoCertificateError,
    NotMyNumberCardError,
    PinBlockedError,
    TerminalRefusedError,
    VerificationNumberError,
    WrongPinError,
)
from device.simulated.card.bench import Bench
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Holder, Issuer, issue
from device.simulated.card.terminal import FictitiousTerminal
from protocol.codes import TerminalProof

Insert = Callable[[CardContents], Bench]

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
CHALLENGE = bytes(range(16))
DIGEST = bytes(range(32))


def photo_of(holder: Holder, issuer: Issuer) -> Dialog[visit.CardPhoto]:
    keys = [issuer.photo_key.public_key()]
    return visit.read_photo(holder.number_b, CHALLENGE, keys)


def wrong() -> bytearray:
    return bytearray(b"0000")


def right() -> bytearray:
    return bytearray(b"2468")


def test_identify_tells_carrier_tries_and_certificate(
    bench: Bench, contents: CardContents
) -> None:
    found = bench.run(visit.identify())
    assert (found.token, found.tries_left) == ("card", 3)
    assert found.certificate == contents.certificate


def test_a_phone_is_told_apart(
    insert: Insert, holder: Holder, keys: CardKeys, issuer: Issuer
) -> None:
    phone = insert(issue(replace(holder, carrier="phone"), keys, issuer, NOW))
    assert phone.run(visit.identify()).token == "phone"
    with pytest.raises(NotMyNumberCardError) as refused:
        phone.run(photo_of(holder, issuer))
    assert refused.value.code == "C102"


def test_a_foreign_card_is_no_my_number_card(
    insert: Insert, contents: CardContents
) -> None:
    foreign = insert(contents)
    foreign.card._applications.clear()
    with pytest.raises(NotMyNumberCardError) as refused:
        foreign.run(visit.identify())
    assert refused.value.code == "C102"


@pytest.mark.parametrize("label", [b"JPKIAPICCTOKEN", b"", b"SOMETHING"])
def test_another_token_label_is_refused(
    insert: Insert, contents: CardContents, label: bytes
) -> None:
    old = insert(replace(contents, token_info=label.ljust(160)))
    with pytest.raises(NotMyNumberCardError):
        old.run(visit.identify())


def test_a_card_without_certificate_says_so(
    insert: Insert, holder: Holder, keys: CardKeys, issuer: Issuer
) -> None:
    card = insert(issue(replace(holder, has_certificate=False), keys, issuer, NOW))
    with pytest.raises(NoCertificateError) as missing:
        card.run(visit.identify())
    assert missing.value.code == "C108"


def test_wrong_pins_count_down_and_block(bench: Bench) -> None:
    for left in (2, 1):
        with pytest.raises(WrongPinError) as refused:
            bench.run(visit.sign_with_pin(wrong(), DIGEST))
        assert (refused.value.tries_left, refused.value.code) == (left, "C106")
    for pin in (wrong(), right()):
        with pytest.raises(PinBlockedError) as blocked:
            bench.run(visit.sign_with_pin(pin, DIGEST))
        assert blocked.value.code == "C107"
    assert bench.run(visit.identify()).tries_left == 0


def test_a_right_pin_fills_the_counter_again(bench: Bench) -> None:
    with pytest.raises(WrongPinError):
        bench.run(visit.sign_with_pin(wrong(), DIGEST))
    bench.run(visit.sign_with_pin(right(), DIGEST))
    assert bench.run(visit.identify()).tries_left == 3


@pytest.mark.parametrize("pin", [b"", b"246", b"24680", b"24 8", b"abcd"])
def test_what_is_no_pin_is_not_sent(bench: Bench, pin: bytes) -> None:
    with pytest.raises(ValueError, match="four digits"):
        bench.run(visit.sign_with_pin(bytearray(pin), DIGEST))
    assert bench.trace == []


def test_the_pin_is_in_exactly_one_command(bench: Bench) -> None:
    bench.run(visit.sign_with_pin(right(), DIGEST))
    holding = [one for one in bench.trace if b"2468" in one.to_bytes()]
    assert [(one.ins, one.once) for one in holding] == [(0x20, True)]


def test_openssl_verifies_what_the_card_signed(
    bench: Bench, contents: CardContents, tmp_path: Path
) -> None:
    body = b"the request that the card signs"
    digest = run(
        ["openssl", "dgst", "-sha256", "-binary"],
        input=body,
        capture_output=True,
        check=True,
    ).stdout
    signature = bench.run(visit.sign_with_pin(right(), digest))
    key = x509.load_der_x509_certificate(contents.certificate).public_key()
    files = [tmp_path / name for name in ("key.pem", "signature", "body")]
    files[0].write_bytes(
        key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    files[1].write_bytes(signature)
    files[2].write_bytes(body)
    said = run(
        ["openssl", "dgst", "-sha256", "-verify", files[0], "-signature", *files[1:]],
        capture_output=True,
        check=True,
    )
    assert said.stdout == b"Verified OK\n"


def test_a_terminal_that_the_card_trusts_needs_no_pin(
    bench: Bench, terminal_key: ec.EllipticCurvePrivateKey
) -> None:
    terminal = FictitiousTerminal.of(terminal_key)
    signature = bench.run(visit.sign_with_terminal(terminal, DIGEST))
    assert signature == bench.run(visit.sign_with_pin(right(), DIGEST))
    assert terminal.proof is TerminalProof.FICTITIOUS


def test_a_terminal_of_another_authority_is_refused(bench: Bench) -> None:
    stranger = FictitiousTerminal.of(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(TerminalRefusedError) as refused:
        bench.run(visit.sign_with_terminal(stranger, DIGEST))
    assert refused.value.code == "K505"


def test_a_certificate_without_its_key_proves_nothing(
    bench: Bench, terminal_key: ec.EllipticCurvePrivateKey
) -> None:
    stolen = FictitiousTerminal.of(terminal_key).certificate
    thief = FictitiousTerminal.of(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(TerminalRefusedError):
        bench.run(
            visit.sign_with_terminal(FictitiousTerminal(thief.key, stolen), DIGEST)
        )


def test_the_photo_comes_with_what_the_face_says(
    bench: Bench, holder: Holder, issuer: Issuer
) -> None:
    found = bench.run(photo_of(holder, issuer))
    assert found.jp2 == holder.photo
    assert (found.birth, found.expiry) == (holder.birth, holder.expiry)


def test_a_wrong_number_b_costs_one_try_and_says_how_many(
    bench: Bench, holder: Holder, issuer: Issuer
) -> None:
    other = replace(holder, security_code="9999")
    with pytest.raises(VerificationNumberError) as refused:
        bench.run(photo_of(other, issuer))
    assert (refused.value.tries_left, refused.value.sent) == (9, True)
    assert refused.value.code == "C104"


def test_the_last_tries_are_never_spent_by_a_machine(
    bench: Bench, holder: Holder, issuer: Issuer
) -> None:
    other = replace(holder, security_code="9999")
    for _ in range(20):
        with pytest.raises(VerificationNumberError) as refused:
            bench.run(photo_of(other, issuer))
    assert (refused.value.tries_left, refused.value.sent) == (visit.KEEP_TRIES, False)
    keys = [issuer.photo_key.public_key()]
    allowed = visit.read_photo(holder.number_b, CHALLENGE, keys, keep_tries=0)
    assert bench.run(allowed).jp2 == holder.photo


def test_nothing_about_a_person_shows(
    bench: Bench, holder: Holder, issuer: Issuer, contents: CardContents
) -> None:
    shown = repr(bench.run(visit.identify())) + repr(
        bench.run(photo_of(holder, issuer))
    )
    shown += repr(contents) + repr(holder) + repr(bench.trace)
    for secret in ("2468", "1980", "検査", "架空", holder.number_b, "2285"):
        assert secret not in shown


def test_every_card_error_has_a_code(bench: Bench) -> None:
    def tree(kind: type[CardError]) -> list[type[CardError]]:
        return [kind, *(one for sub in kind.__subclasses__() for one in tree(sub))]

    assert len(tree(CardError)) == 12
