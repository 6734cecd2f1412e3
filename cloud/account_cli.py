"""shikaku-cloud account: list, add, import, invite, disable, reopen, code."""

import os
import sys
from base64 import b32decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import parse_qs, urlsplit

import typer

from cloud.accounts import bulk, otp
from cloud.accounts.bulk import FileUnreadableError, Plan
from cloud.accounts.errors import (
    AccountExistsError,
    AccountUnknownError,
    LastAdministratorError,
)
from cloud.accounts.model import Role
from cloud.accounts.service import Accounts, Invitation
from cloud.adapters.clock import now_ms
from cloud.adapters.sql.accounts import SqlAccounts
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    facility_of,
    opened,
    progress,
    say,
    settings_of,
    stop,
)
from cloud.facility_desk import FacilityOption, refused
from protocol.catalogue import Code

AccountArgument = Annotated[str, typer.Argument(help="Name of the account.")]
SecretsFile = Annotated[
    Path,
    typer.Option(help="A new file for the secrets, readable by its user only (0600)."),
]

app = typer.Typer(
    no_args_is_help=True,
    help="Accounts of facilities' staff (cloud/accounts/README.md).\n\n"
    "Example: shikaku-cloud account list --facility 1310000003",
)


@contextmanager
def _accounts(config: Path) -> Iterator[Accounts]:
    """Without the key of second factors: nothing here signs in."""
    with opened(settings_of(config)) as database:
        yield Accounts(SqlAccounts(database))


@app.command("list")
def listed(
    facility: FacilityOption, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Everybody who may sign in at a facility.

    Example: shikaku-cloud account list --facility 1310000003
    """
    code = facility_of(facility)
    with _accounts(config) as accounts:
        found = [
            {
                "account": one.account,
                "name": one.name,
                "role": one.role,
                "state": one.state,
                "failures": one.failures,
            }
            for one in accounts.accounts(code)
        ]
    lines = [f"{one['account']}  {one['role']}  {one['state']}" for one in found]
    say("\n".join(lines) or "no account", found, as_json)


@app.command()
def add(
    account: AccountArgument,
    facility: FacilityOption,
    role: Annotated[Role, typer.Option(help="What it may do.")],
    name: Annotated[str, typer.Option(help="Whose it is, for lists.")],
    secrets: SecretsFile,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """One account; its secret for enrolment goes into a file and nowhere else.

    Example: shikaku-cloud account add a-kuma --facility 1310000003
    --role administrator --name 熊 --secrets a-kuma.csv
    """
    code, now = facility_of(facility), now_ms()
    with _handed_out(secrets) as hand_out, _accounts(config) as accounts:
        try:
            hand_out([accounts.add(code, account, role, name, now)])
        except ValueError as error:
            stop(str(error))
        except AccountExistsError:
            raise refused(Code.ACCOUNT_EXISTS) from None
    say(f"{account}: secret in {secrets}", {"account": account}, as_json)


@app.command("import")
def imported(
    file: Annotated[Path, typer.Argument(help="CSV: account,role,name.")],
    facility: FacilityOption,
    secrets: SecretsFile = Path("secrets.csv"),
    errors: Annotated[
        Path | None, typer.Option(help="Write what is wrong here, line by line.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; change nothing.")
    ] = False,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Accounts in bulk. Good lines are taken; exit code 1 when one was not.

    The same file twice changes nothing. Accounts it does not name stay.

    Example: shikaku-cloud account import staff.csv --facility 1310000003 --dry-run
    """
    code, now = facility_of(facility), now_ms()
    try:
        lines = bulk.lines(file.read_bytes())
    except (OSError, FileUnreadableError) as error:
        stop(f"{file}: {error}")
    with _accounts(config) as accounts:
        plan = accounts.plan(code, lines, now)
        if not dry_run:
            _take(accounts, plan, secrets, now)
    if errors:
        _write_faults(plan, errors)
    _tell(plan, as_json, dry=dry_run)
    if plan.faults:
        raise typer.Exit(1)


def _take(accounts: Accounts, plan: Plan, secrets: Path, now: int) -> None:
    new, invitations = accounts.invitations(plan.new, now)
    if not new:
        accounts.apply(plan, new)
        return
    # Written before the accounts: a secret that was lost would help nobody.
    with _handed_out(secrets) as hand_out:
        hand_out(invitations)
        try:
            accounts.apply(plan, new)
        except AccountExistsError:
            raise refused(Code.ACCOUNT_EXISTS) from None


@app.command()
def invite(
    account: AccountArgument,
    facility: FacilityOption,
    secrets: SecretsFile,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Enrol once more, after a lost telephone: its factors and sessions end now.

    Example: shikaku-cloud account invite m-sato --facility 1310000003
    --secrets m-sato.csv
    """
    code, now = facility_of(facility), now_ms()
    with _handed_out(secrets) as hand_out, _accounts(config) as accounts:
        try:
            hand_out([accounts.invite(code, account, now)])
        except AccountUnknownError:
            _nobody()
    say(f"{account}: secret in {secrets}", {"account": account}, as_json)


@app.command()
def disable(
    account: AccountArgument,
    facility: FacilityOption,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """It signs in no more, and its sessions end.

    Example: shikaku-cloud account disable m-sato --facility 1310000003
    """
    code = facility_of(facility)
    with _accounts(config) as accounts:
        try:
            accounts.disable(code, account)
        except AccountUnknownError:
            _nobody()
        except LastAdministratorError:
            raise refused(Code.LAST_ADMINISTRATOR) from None
    say("disabled", {"account": account}, as_json)


@app.command()
def reopen(
    account: AccountArgument,
    facility: FacilityOption,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """After too many tries: no failures, no pause.

    Example: shikaku-cloud account reopen m-sato --facility 1310000003
    """
    code = facility_of(facility)
    with _accounts(config) as accounts:
        try:
            accounts.reopen(code, account)
        except AccountUnknownError:
            _nobody()
    say("open", {"account": account}, as_json)


@app.command()
def code(
    later: Annotated[
        int, typer.Option(min=0, max=2, help="So many steps of 30 s ahead.")
    ] = 0,
) -> None:
    """What an authenticator shows now; reads its otpauth:// URI from standard input.

    For demonstrations and scripts: whoever keeps the URI beside the password has
    one factor, not two.

    Example: shikaku-cloud account code < authenticator.uri
    """
    try:
        found = parse_qs(urlsplit(sys.stdin.read().strip()).query)["secret"][0]
        secret = b32decode(found + "=" * (-len(found) % 8))
    except (KeyError, ValueError):
        stop("standard input holds no otpauth:// URI")
    at = now_ms() // 1000 // otp.STEP_S + later
    typer.echo(otp.code_of(secret, at))


def _nobody() -> NoReturn:
    progress("no such account at this facility")
    raise typer.Exit(1)


@contextmanager
def _handed_out(file: Path) -> Iterator["_HandOut"]:
    """A new file for secrets; gone again when the command did not succeed."""
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        stop(f"{file} is there already: secrets are never written over others")
    except OSError as error:
        stop(f"{file}: {error.strerror}")
    done = False
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            yield _HandOut(out.write)
            out.flush()
            os.fsync(out.fileno())
        done = True
    finally:
        if not done:
            file.unlink(missing_ok=True)


class _HandOut:
    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def __call__(self, invitations: Sequence[Invitation]) -> None:
        self._write("account,secret,until\n")
        for one in invitations:
            self._write(f"{one.account},{one.secret},{one.until}\n")


def _write_faults(plan: Plan, file: Path) -> None:
    lines = (
        f'{one.line},{one.column},{Code.ACCOUNTS_LINE.value},"{one.sentence}"\n'
        for one in plan.faults
    )
    file.write_text("line,column,code,what\n" + "".join(lines), "utf-8")


def _tell(plan: Plan, as_json: bool, *, dry: bool) -> None:
    for one in plan.faults:
        progress(f"line {one.line}, {one.column}: {one.sentence}")
    data = {
        "dry_run": dry,
        "new": [one.account for one in plan.new],
        "changed": [one.account for one in plan.changed],
        "same": plan.same,
        "faults": [
            {"line": one.line, "column": one.column, "what": one.sentence}
            for one in plan.faults
        ],
    }
    said = f"{len(plan.new)} new, {len(plan.changed)} changed, {plan.same} the same"
    say(f"{said}, {len(plan.faults)} lines wrong", data, as_json)
