"""shikaku-cloud facility, further: certificates, addresses, patients' numbers."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cloud.access.inquire import Inquiries
from cloud.access.linking import Linking, Wanted
from cloud.adapters.clock import now_ms
from cloud.adapters.qr import PNG, SVG, drawn
from cloud.adapters.sql.facility_life import SqlLife
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    facility_of,
    opened,
    or_exit,
    progress,
    say,
    settings_of,
    stop,
)
from cloud.eligibility.inquiry import NumberQuery
from cloud.eligibility.reference import References
from cloud.facilities.address import AddressKind
from cloud.facilities.certificate import ClientCertificate, read
from cloud.facilities.day import day_of
from cloud.facilities.life import (
    AddressRefusedError,
    CertificateUnknownError,
    FacilityLife,
    OtherFacilityError,
    SwitchedOffError,
)
from cloud.facility_desk import FacilityOption, known, life_of, operator, refused
from cloud.keyring import addresses_key, audit_secret
from cloud.main import committing, sql_stores
from cloud.registry.service import Registry
from protocol.catalogue import Code
from protocol.ids import FacilityCode

keys = typer.Typer()
"""Its commands are those of `facility`."""
DAY_MS = 24 * 60 * 60 * 1000
AT_ONCE = 1_000
COLUMNS = ("insurer_number", "symbol", "number", "branch", "birth_date", "own_number")
CertificateFile = Annotated[Path, typer.Argument(help="PEM or DER.")]
Fingerprint = Annotated[str, typer.Option(help="SHA-256 of the certificate, hex.")]
Kind = Annotated[
    AddressKind, typer.Option("--kind", help="OQSCD033: 2 home visits, 3 online.")
]


# -- certificates ------------------------------
@keys.command()
def certificates(
    facility: FacilityOption, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Its client certificates, the one that ends first being the first.

    Example: shikaku-cloud facility certificates --facility 1310000003
    """
    code, now = facility_of(facility), now_ms()
    with life_of(config) as (_, store):
        found = [_shown(one, now) for one in store.certificates(code)]
    lines = [
        f"{one['fingerprint']}  {one['days_left']} days"
        f"  {'living' if one['living'] else 'not living'}"
        for one in found
    ]
    say("\n".join(lines) or "none", found, as_json)


@keys.command()
def certify(
    file: CertificateFile,
    facility: FacilityOption,
    replaces: Annotated[str, typer.Option(help="The fingerprint it replaces.")] = "",
    overlap_days: Annotated[
        int, typer.Option(min=0, max=90, help="How long the replaced one goes on.")
    ] = 0,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Register a facility's client certificate, or put it in an older one's place.

    Example: shikaku-cloud facility certify clinic.pem --facility 1310000003
    """
    code, now = facility_of(facility), now_ms()
    try:
        made = read(file.read_bytes(), code, now)
    except (OSError, ValueError) as error:
        stop(f"{file}: {error}")
    if not made.living(now) and made.not_after < now:
        stop(f"{file}: the certificate has ended")
    with life_of(config) as (life, _):
        try:
            if replaces:
                until = now + overlap_days * DAY_MS
                old = _digest(replaces)
                known(lambda: life.replace(old, made, revoke_at=until))
            else:
                known(lambda: life.register(made))
        except OtherFacilityError:
            stop("the certificate is another facility's: one certificate, one place")
        except CertificateUnknownError:
            stop("--replaces: no such certificate at this facility")
    shown = _shown(made, now)
    say(f"{shown['fingerprint']}  {shown['days_left']} days", shown, as_json)


@keys.command("revoke-certificate")
def revoke_certificate(
    facility: FacilityOption,
    fingerprint: Fingerprint,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Refused from now on; there is no way back.

    Example: shikaku-cloud facility revoke-certificate --facility 1310000003
    --fingerprint 9f86...
    """
    code = facility_of(facility)
    digest = _digest(fingerprint)
    with life_of(config) as (life, _):
        try:
            life.revoke(code, digest, now_ms())
        except CertificateUnknownError:
            progress("no such certificate at this facility")
            raise typer.Exit(1) from None
    say("revoked", {"fingerprint": fingerprint}, as_json)


@keys.command()
def expiries(
    facility: FacilityOption,
    after: Annotated[int, typer.Option(min=0, help="Only behind this number.")] = 0,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """What it was told of certificates that end: at 90, 60, 30, 15, 7 days, then daily.

    Example: shikaku-cloud facility expiries --facility 1310000003
    """
    code = facility_of(facility)
    with life_of(config) as (_, store):
        found = [
            {
                "number": number,
                "fingerprint": one.fingerprint.hex(),
                "days": one.days,
                "at": one.at,
            }
            for number, one in store.expiry_notices(code, after)
        ]
    lines = [
        f"{one['number']}  {one['days']} days  {one['fingerprint']}" for one in found
    ]
    say("\n".join(lines) or "nothing", found, as_json)


@keys.command("tell-expiries")
def tell_expiries(config: ConfigFile = DEFAULT, as_json: AsJson = False) -> None:
    """Tell now whose certificates end soon, as a worker does every minute; each once.

    Example: shikaku-cloud facility tell-expiries
    """
    with life_of(config) as (life, _):
        told = life.tell_expiries(now_ms())
    found = [{"facility": one.facility, "days": one.days} for one in told]
    lines = [f"{one['facility']}  {one['days']} days" for one in found]
    say("\n".join(lines) or "nothing to tell", found, as_json)


# -- addresses ------------------------------
@contextmanager
def _addressing(config: Path) -> Iterator[tuple[FacilityLife, str]]:
    found = settings_of(config)
    secret = or_exit(lambda: addresses_key(found))
    with opened(found) as database:
        yield FacilityLife(SqlLife(database), secret), found.addresses.base


@keys.command()
def address(
    facility: FacilityOption,
    kind: Kind,
    new: Annotated[
        bool, typer.Option("--new", help="A new one; the old opens nothing any more.")
    ] = False,
    revoke: Annotated[
        bool, typer.Option("--revoke", help="None of this kind opens any more.")
    ] = False,
    qr: Annotated[
        Path | None, typer.Option(help="Draw it into this .svg or .png file.")
    ] = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """The address that patients use: shown, made anew, revoked, drawn.

    Example: shikaku-cloud facility address --facility 1310000003 --kind 2
    --new --qr door.svg
    """
    code = facility_of(facility)
    if qr and qr.suffix not in {".svg", ".png"}:
        stop("--qr is a file that ends in .svg or .png")
    with _addressing(config) as (life, base):
        try:
            if revoke:
                life.revoke_address(code, kind, now_ms=now_ms())
                say("revoked", {"kind": kind, "url": None}, as_json)
                return
            token, issued = _issued(life, code, kind, new=new)
        except SwitchedOffError:
            raise refused(Code.FUNCTION_OFF) from None
        except AddressRefusedError:
            progress("there is none: make one with --new")
            raise typer.Exit(1) from None
    url = base + token
    if qr:
        qr.write_bytes(drawn(url, SVG if qr.suffix == ".svg" else PNG))
    say(url, {"kind": kind, "url": url, "generation": issued}, as_json)


def _issued(
    life: FacilityLife, code: FacilityCode, kind: AddressKind, *, new: bool
) -> tuple[str, int]:
    if new:
        made = known(lambda: life.issue(code, kind, who=operator(), now_ms=now_ms()))
    else:
        made = life.address(code, kind)
    token, issued = made
    return token, issued.address.generation


@keys.command("whose-address")
def whose_address(
    url: str, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Whose address this is; exit code 1 when it is not in use.

    Example: shikaku-cloud facility whose-address https://shikaku.example/f/...
    """
    with _addressing(config) as (life, base):
        try:
            place, kind = life.resolve(url.removeprefix(base))
        except AddressRefusedError:
            raise refused(Code.ADDRESS_REFUSED) from None
    say(f"{place.code}  {place.name}", {"facility": place.code, "kind": kind}, as_json)


# -- patients' numbers ------------------------------
@keys.command("patient-numbers")
def patient_numbers(
    file: Annotated[Path, typer.Argument(help=f"CSV: {','.join(COLUMNS)}.")],
    facility: FacilityOption,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put new numbers in the place of others.")
    ] = False,
    errors: Annotated[
        Path | None, typer.Option(help="Write line and code of each refusal here.")
    ] = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """照会番号 in bulk; exit code 1 when a row was refused. Twice changes nothing.

    Example: shikaku-cloud facility patient-numbers charts.csv --facility 1310000003
    """
    code = facility_of(facility)
    rows = _rows(file)
    found = settings_of(config)
    secret = or_exit(lambda: audit_secret(found))
    results: list[Code | None] = []
    with opened(found) as database:
        stores = sql_stores(database, secret)
        inquiries = Inquiries(Registry(stores.registry), stores.eligibility)
        commit = committing(database, stores.audit)
        linking = Linking(
            inquiries, References(stores.references), stores.ledger, commit
        )
        for begin in range(0, len(rows), AT_ONCE):
            some = [row for _, row in rows[begin : begin + AT_ONCE]]
            results += linking.by_numbers(code, some, now_ms(), replace=replace)
            progress(f"{len(results)} of {len(rows)}")
    faults = [
        {"line": line, "code": one.value}
        for (line, _), one in zip(rows, results, strict=True)
        if one
    ]
    if errors:
        lines = (f"{one['line']},{one['code']}\n" for one in faults)
        errors.write_text("line,code\n" + "".join(lines))
    taken = len(rows) - len(faults)
    data = {"taken": taken, "refused": faults}
    say(f"{taken} stand, {len(faults)} refused", data, as_json)
    if faults:
        raise typer.Exit(1)


def _rows(file: Path) -> list[tuple[int, Wanted]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            if set(reader.fieldnames or ()) != set(COLUMNS):
                stop(f"{file}: the first line must be {','.join(COLUMNS)}")
            return [(number, _row(one)) for number, one in enumerate(reader, 2)]
    except (OSError, UnicodeDecodeError, csv.Error):
        stop(f"{file}: not a readable CSV file in UTF-8")
    except (ValueError, TypeError, AttributeError):
        stop(f"{file}: a line is short, or its birth_date is not YYYY-MM-DD")


def _row(cells: dict[str, str]) -> Wanted:
    text = {name: cells[name].strip() for name in COLUMNS}
    query = NumberQuery(
        text["insurer_number"],
        text["symbol"],
        text["number"],
        date.fromisoformat(text["birth_date"]),
        text["branch"],
    )
    return Wanted(query, text["own_number"])


def _digest(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        stop("a fingerprint is a SHA-256 in hex, 64 characters")


def _shown(one: ClientCertificate, now: int) -> dict[str, object]:
    return {
        "fingerprint": one.fingerprint.hex(),
        "not_before": one.not_before,
        "not_after": one.not_after,
        "revoked_at": one.revoked_at,
        "living": one.living(now),
        "days_left": one.days_left(day_of(now)),
    }
