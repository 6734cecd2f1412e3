"""shikaku-cloud proof: verify, key."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloud.access.told import PROVEN, result_bytes
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    KeyFiles,
    PublicKeys,
    opened,
    or_exit,
    public_keys,
    say,
    settings_of,
    stop,
    trusted_keys,
)
from cloud.eligibility.model import JST
from cloud.errors import InputError
from cloud.keyring import audit_log
from cloud.main import cloud_keys
from protocol import proof
from protocol.errors import SignatureError, WireError
from protocol.proof import OtherKeyError, Proof, TypoError

app = typer.Typer(
    no_args_is_help=True,
    help="The signed number that every answer carries (protocol/README 10).\n\n"
    "Example: shikaku-cloud proof verify NUMBER --key cloud-signing.pub.pem",
)


@app.command()
def verify(
    number: Annotated[
        str, typer.Argument(help="As printed, or read from its QR code.")
    ],
    key: KeyFiles = None,
    result: Annotated[
        Path | None,
        typer.Option(
            "--result", help="The answer it should be of: CBOR message, or its JSON."
        ),
    ] = None,
    log: Annotated[
        bool, typer.Option("--log", help="Also look for its row in this cloud's log.")
    ] = False,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Verify a proof number offline: it needs the public key and nothing else.

    Without --key the key of the configured cloud is taken. Exit code 0: genuine (and
    of this result); 1: not; 2: mistyped, or signed with a key that was not given.

    Example: shikaku-cloud proof verify 188VX2E2MM-... --key cloud-signing.pub.pem
    """
    keys = _keys(key, config)
    try:
        found = proof.read(number)
    except TypoError as error:
        _mistyped(error, as_json)
    problem = _problem(found, keys, result)
    row = _logged(config, found) if log and not problem else None
    if log and row is None and not problem:
        problem = "this cloud's log has no such answer"
    moment = datetime.fromtimestamp(found.at_s, UTC).astimezone(JST)
    said = f"facility {found.facility}, {moment:%Y-%m-%d %H:%M:%S} in Japan"
    of_it = ", of this result" if result else ""
    text = f"not genuine: {problem}" if problem else f"genuine{of_it}: {said}"
    data = {
        "genuine": not problem,
        "facility": found.facility,
        "at": found.at_s * 1000,
        "hash": found.hash.hex(),
    }
    data |= {"problem": problem} if problem else {}
    data |= {"row": row} if row else {}
    say(text, data, as_json)
    raise typer.Exit(1 if problem else 0)


@app.command("key")
def key_command(config: ConfigFile = DEFAULT) -> None:
    """Print this cloud's public signing key (PEM), for whoever verifies offline.

    Example: shikaku-cloud proof key --config cloud.toml > cloud-signing.pub.pem
    """
    found = or_exit(lambda: cloud_keys(settings_of(config)))
    for public in found.public.signing:
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        typer.echo(pem.decode(), nl=False)


def _keys(files: list[Path] | None, config: Path) -> PublicKeys:
    if files:
        return or_exit(lambda: public_keys(files))
    return or_exit(lambda: trusted_keys(settings_of(config), []))


def _mistyped(error: TypoError, as_json: bool) -> NoReturn:
    say(f"mistyped: {error}", {"mistyped": str(error), "group": error.group}, as_json)
    raise typer.Exit(2) from error


def _problem(found: Proof, keys: PublicKeys, file: Path | None) -> str:
    """What is wrong with it; empty: nothing."""
    try:
        found.check(keys.values())
    except OtherKeyError:
        stop("signed with another key than those given; name it with --key")
    except SignatureError:
        return "nobody with the cloud's key made this number"
    if file is not None and not found.fits(or_exit(lambda: _result(file))):
        return "the number is genuine, and not of this result"
    return ""


def _result(file: Path) -> bytes:
    try:
        raw = file.read_bytes()
        return _of_json(raw) if raw.lstrip()[:1] == b"{" else proof.result_of(raw)
    except (OSError, WireError, ValueError, KeyError) as error:
        raise InputError(f"{file}: not an answer of the cloud") from error


def _of_json(raw: bytes) -> bytes:
    """What the facilities' interface or `eligibility ask --json` answered."""
    answer = json.loads(raw)
    return proof.result_hash(result_bytes({name: answer[name] for name in PROVEN}))


def _logged(config: Path, found: Proof) -> int | None:
    """Its row in the facility's chain."""
    known = settings_of(config)
    with opened(known) as database:
        log, _ = or_exit(lambda: audit_log(known, database))
        for row in log.rows(found.facility):
            if row.at // 1000 == found.at_s and found.fits(row.result):
                return row.seq
    return None
