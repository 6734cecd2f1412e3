"""Make protocol/vectors/*.json: python -m tests.protocol.make_vectors

Everything is fixed: keys, IVs, times, and signatures (RFC 6979), so the same bytes
come out each time. The keys are published here and protect nothing.
"""

import json
from pathlib import Path
from typing import Any

import protocol
from protocol import cbor, cose, proof
from protocol.catalogue import Code
from protocol.codec import encode
from protocol.envelope import _context, seal_answer
from protocol.errors import WireError
from protocol.ids import FacilityCode
from protocol.keys import SoftwareSigner, key_id, spki
from protocol.messages import Message
from protocol.notice import sign_notice
from protocol.sessions import DOWN, PROTOCOL, UP
from tests.protocol import samples
from tests.protocol.samples import NOW, OTHER_READER, READER, Wire

FOLDER = Path(protocol.__path__[0]) / "vectors"
PROVENANCE = (
    "Made by `python -m tests.protocol.make_vectors` from fixed, public, fictitious"
    " keys. Byte strings are hex; times are Unix milliseconds. Structures were"
    " also opened and verified with an independent COSE library (python-cwt)."
)
ANSWER_IV = bytes(range(12, 24))


def keys() -> dict[str, Any]:
    public = samples.cloud_keys().public
    return {
        "reader_signing_secret": 0x5EED0001.to_bytes(32, "big").hex(),
        "reader_signing_spki": spki(samples.READER_SECRET.public_key()).hex(),
        "reader_key_id": key_id(samples.READER_SECRET.public_key()).hex(),
        "cloud_signing_secret": 0x5EED0003.to_bytes(32, "big").hex(),
        "cloud_signing_spki": spki(public.signing[0]).hex(),
        "cloud_signing_key_id": key_id(public.signing[0]).hex(),
        "cloud_agreement_secret": samples.CLOUD_AGREEMENT.hex(),
        "cloud_agreement_public": public.agreement.public_bytes_raw().hex(),
        "cloud_agreement_key_id": public.agreement_id.hex(),
        "session_ephemeral_secret": samples.EPHEMERAL_SECRET.hex(),
    }


def session(wire: Wire) -> dict[str, Any]:
    agreement = wire.keys.public.agreement.public_bytes_raw()
    ephemeral = wire.session.ephemeral
    return {
        "ephemeral_public": ephemeral.hex(),
        "hkdf_info_up": cbor.dumps((PROTOCOL, UP, agreement, ephemeral)).hex(),
        "hkdf_info_down": cbor.dumps((PROTOCOL, DOWN, agreement, ephemeral)).hex(),
        "key_up": wire.session.keys.up.hex(),
        "key_down": wire.session.keys.down.hex(),
    }


def parts(sealed: bytes, key: bytes, direction: str) -> dict[str, Any]:
    """The steps in between, for whoever gets another result."""
    parsed = cose.parse_sealed(sealed)
    inner = cose.decrypt(parsed, key)
    signed = cose.parse_signed(inner)
    external = _context(parsed.header, direction, READER)
    return {
        "reader_id": READER,
        "sent_at": parsed.header.sent_at,
        "iv": parsed.iv.hex(),
        "message": signed.payload.hex(),
        "external_aad": external.hex(),
        "signed_bytes": signed.signed_bytes(external).hex(),
        "cose_sign1": inner.hex(),
        "encrypt0_protected": parsed.protected.hex(),
        "sealed": sealed.hex(),
        "envelope_id": parsed.envelope_id.hex(),
    }


def exchange(wire: Wire) -> dict[str, Any]:
    request = wire.seal(encode(samples.verification()))
    answer = seal_answer(
        encode(samples.answer(encode(samples.verification()))),
        session=wire.open(request).session,
        reader_id=READER,
        signer=SoftwareSigner(samples.CLOUD_SECRET, repeatable=True),
        sent_at_ms=NOW + 300,
        iv=ANSWER_IV,
    )
    return {
        "request": parts(request, wire.session.keys.up, UP),
        "answer": parts(answer, wire.session.keys.down, DOWN),
        "notice": notice(),
        "refused": refused(wire, request),
    }


def notice() -> dict[str, Any]:
    envelope_id = bytes([0xE1]) * 32
    signed = sign_notice(
        Code.STALE,
        envelope_id,
        reader_id=READER,
        at_ms=NOW,
        signer=SoftwareSigner(samples.CLOUD_SECRET, repeatable=True),
    )
    return {
        "reader_id": READER,
        "code": Code.STALE.value,
        "envelope_id": envelope_id.hex(),
        "at": NOW,
        "signed": signed.hex(),
    }


def refused(wire: Wire, good: bytes) -> list[dict[str, Any]]:
    """Envelopes that must not open, with the code that says why."""
    last = bytes((good[-1] ^ 1,))
    impostor = Wire(signer=SoftwareSigner(samples.OTHER_SECRET, repeatable=True))
    message = encode(samples.verification())
    cases = [
        ("last bit flipped", good[:-1] + last, READER, NOW),
        ("a byte behind the end", good + b"\x00", READER, NOW),
        ("another tag", b"\xd2" + good[1:], READER, NOW),
        ("empty", b"", READER, NOW),
        ("121 seconds late", good, READER, NOW + 121_000),
        ("121 seconds early", good, READER, NOW - 121_000),
        ("another reader's topic", good, OTHER_READER, NOW),
        ("signed by another reader", impostor.seal(message), READER, NOW),
        ("signed in another's name", impostor.seal(message), OTHER_READER, NOW),
    ]
    return [
        {
            "name": name,
            "sealed": sealed.hex(),
            "topic_reader": topic,
            "now": now,
            "code": code_of(wire, sealed, topic, now),
        }
        for name, sealed, topic, now in cases
    ]


def code_of(wire: Wire, sealed: bytes, topic: Any, now: int) -> str:
    try:
        wire.open(sealed, topic=topic, now_ms=now)
    except WireError as error:
        return error.code.value
    raise AssertionError("a vector that should be refused opened")


MALFORMED = {
    "a key twice": "a2616b0161616b01",
    "keys out of order": "a2616201616102",
    "a number not in its shortest form": "a161611801",
    "an indefinite map": "bf616101ff",
    "a float": "a16161f93c00",
    "a tag": "a16161c100",
    "no map": "80",
    "bytes behind the end": "a000",
    "unknown kind": "a2646b696e6461786776657273696f6e01",
}


def messages() -> dict[str, Any]:
    samples_by_kind: list[Message] = [
        samples.body(),
        samples.verification(),
        samples.consent(),
        samples.registration(),
        samples.answer(encode(samples.verification())),
        samples.receipt(encode(samples.consent())),
    ]
    return {
        "good": [
            {
                "kind": message.model_dump()["kind"],
                "fields": json.loads(
                    json.dumps(message.model_dump(), default=bytes.hex)
                ),
                "encoded": encode(message).hex(),
            }
            for message in samples_by_kind
        ],
        "malformed": [
            {"name": name, "encoded": data, "code": Code.MALFORMED.value}
            for name, data in MALFORMED.items()
        ],
    }


def proofs() -> dict[str, Any]:
    """README 10: from an answer to its number, and what is typed wrong."""
    signer = SoftwareSigner(samples.CLOUD_SECRET, repeatable=True)
    facility = FacilityCode("1310000008")
    bare = encode(samples.answer(encode(samples.verification())))
    result = proof.result_hash(bare)
    number = proof.make(facility, NOW + 300, result, signer)
    read = proof.read(number)
    return {
        "cloud_signing_spki": keys()["cloud_signing_spki"],
        "facility": facility,
        "at": read.at_s,
        "answer_without_proof": bare.hex(),
        "result_hash": result.hex(),
        "signed_bytes": proof._signed(
            signer.key_id, facility, read.at_s, read.hash
        ).hex(),
        "signature": read.signature.hex(),
        "number": number,
        "printed": proof.printed(number),
        "answer": proof.attach(bare, number).hex(),
        "typos": typos(number),
    }


def typos(number: str) -> list[dict[str, Any]]:
    wrong = {
        "one symbol": number[:44] + ("0" if number[44] != "0" else "1") + number[45:],
        "two that changed places": number[:61] + number[62] + number[61] + number[63:],
        "one too few": number[:100] + number[101:],
        "a letter that never occurs": number[:149] + "U",
    }
    return [
        {"name": name, "number": text, "group": group_of(text)}
        for name, text in wrong.items()
    ]


def group_of(number: str) -> int:
    try:
        proof.read(number)
    except proof.TypoError as error:
        return error.group
    raise AssertionError("a vector that should be a typo was read")


def everything() -> dict[str, str]:
    """File name to content."""
    wire = Wire()
    envelope = {"keys": keys(), "session": session(wire), **exchange(wire)}
    return {
        "envelope.json": text(envelope),
        "messages.json": text(messages()),
        "proof.json": text(proofs()),
    }


def text(content: dict[str, Any]) -> str:
    whole = {"provenance": PROVENANCE, **content}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in everything().items():
        (FOLDER / name).write_text(content, "utf-8")
