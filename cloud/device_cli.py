"""shikaku-cloud device: code, activate, list, revoke."""

from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cloud.adapters.clock import now_ms
from cloud.console import DEFAULT, AsJson, ConfigFile, facility_of, say, stop
from cloud.mode_console import By, Facility, done, rooms
from cloud.modes.activation import Device
from protocol.activation import activation_code, ask_to_sign, grouped
from protocol.keys import SoftwareSigner, spki
from protocol.numbers import NumberError

app = typer.Typer(
    no_args_is_help=True,
    help="資格確認限定型: any PC with a card reader as a device of its facility.\n\n"
    "Example: shikaku-cloud device code --facility 1310000003 --by admin-1",
)


@app.command()
def code(
    facility: Facility,
    by: By,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """A code of 12 digits, shown this once: good for one device and 15 minutes.

    On the PC: shikaku-reader eligibility activate --facility ... --code ...

    Example: shikaku-cloud device code --facility 1310000003 --by admin-1
    """
    where = facility_of(facility)
    with rooms(config) as room:
        made, until = done(lambda: room.devices.issue(where, by=by, now_ms=now_ms()))
    told = {"code": grouped(made), "expires_at": until}
    say(grouped(made), told, as_json)


@app.command()
def activate(
    facility: Facility,
    code: Annotated[str, typer.Option(help="12 digits; hyphens do not count.")],
    key: Annotated[Path, typer.Option(help="The device's private key (P-256, PEM).")],
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Bind a key here, without a network: for devices that are prepared at a desk.

    Example: shikaku-cloud device activate --facility 1310000003 --code 1234-5678-9016
    --key device.key
    """
    where = facility_of(facility)
    try:
        digits = activation_code(code)
        private = load_pem_private_key(key.read_bytes(), password=None)
    except NumberError as error:
        stop(f"--code: {error}")
    except (OSError, ValueError, TypeError):
        stop(f"--key: {key} is not a private key (PEM)")
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        stop(f"--key: {key} is not a P-256 key")
    public = spki(private.public_key())
    proof = SoftwareSigner(private).sign(ask_to_sign(digits, where, public))
    with rooms(config) as room:
        made = done(
            lambda: room.devices.activate(where, digits, public, proof, now_ms())
        )
    say(f"{made.reader}  bound", shown(made), as_json)


@app.command("list")
def list_all(
    facility: Facility, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """A facility's devices, the oldest first.

    Example: shikaku-cloud device list --facility 1310000003
    """
    where = facility_of(facility)
    with rooms(config) as room:
        found = [shown(one) for one in room.devices.store.of(Device, where)]
    lines = [
        f"{one['reader']}  {'revoked' if one['revoked_at'] else 'bound'}"
        for one in found
    ]
    say("\n".join(lines) or "none", found, as_json)


@app.command()
def revoke(
    reader: str,
    facility: Facility,
    by: By,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """A device is lost or given away: within half a minute its key is nobody's.

    Example: shikaku-cloud device revoke pc-0a1b... --facility 1310000003 --by admin-1
    """
    where = facility_of(facility)
    with rooms(config) as room:
        gone = done(lambda: room.devices.revoke(where, reader, by=by, now_ms=now_ms()))
    say(f"{gone.reader}  revoked", shown(gone), as_json)


def shown(one: Device) -> dict[str, object]:
    return {
        "reader": one.reader,
        "facility": one.facility,
        "bound_at": one.bound_at,
        "revoked_at": one.revoked_at,
    }
