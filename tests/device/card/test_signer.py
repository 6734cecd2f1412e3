"""A signature by another card than the one that was identified is C109."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from device.card import visit
from device.card.algorithms import Algorithm
from device.card.errors import MalformedCardError, OtherCardError
from device.card.signer import check_signer
from device.simulated.card.bench import Bench
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Holder, Issuer, issue
from device.simulated.card.situations import situation, situation_card

Insert = Callable[[CardContents], Bench]
NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
DIGEST, LONG = bytes(range(32)), bytes(range(48))


def signature(bench: Bench) -> bytes:
    return bench.run(visit.sign_with_pin(bytearray(b"2468"), DIGEST))


def test_a_card_that_was_exchanged_after_it_was_identified_is_refused(
    insert: Insert, bench: Bench, holder: Holder, issuer: Issuer
) -> None:
    first = bench.run(visit.identify()).certificate
    other = insert(issue(holder, CardKeys.generate(), issuer, NOW))
    with pytest.raises(OtherCardError) as refused:
        check_signer(first, DIGEST, signature(other))
    assert refused.value.code == "C109"
    check_signer(first, DIGEST, signature(bench))


def test_a_signature_over_something_else_is_refused(
    bench: Bench, contents: CardContents
) -> None:
    with pytest.raises(OtherCardError):
        check_signer(contents.certificate, bytes(32), signature(bench))
    for junk in (b"", b"\0" * 256, bytes(96)):
        with pytest.raises(OtherCardError):
            check_signer(contents.certificate, DIGEST, junk)


@pytest.mark.parametrize("certificate", [b"", b"\x30\x00", b"junk"])
def test_a_certificate_of_no_use_is_malformed(certificate: bytes) -> None:
    with pytest.raises(MalformedCardError):
        check_signer(certificate, DIGEST, bytes(256))


def test_the_next_generations_signature_is_checked_too(
    insert: Insert, issuer: Issuer
) -> None:
    special = situation("next-generation")
    assert special is not None
    contents = situation_card(special, issuer, NOW)
    kind = Algorithm.ECDSA_SHA384
    signing = visit.sign_with_pin(bytearray(b"1357"), LONG, kind)
    made = insert(contents).run(signing)
    check_signer(contents.certificate, LONG, made, kind)
    for wrong in (made[:-1], bytes(96), made[48:] + made[:48]):
        with pytest.raises(OtherCardError):
            check_signer(contents.certificate, LONG, wrong, kind)
