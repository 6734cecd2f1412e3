"""A facility's accounts: listed, added, from a file, disabled, invited again."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from cloud.accounts import bulk
from cloud.accounts.bulk import FileUnreadableError
from cloud.accounts.errors import (
    AccountExistsError,
    AccountUnknownError,
    LastAdministratorError,
)
from cloud.accounts.model import NAME_LENGTH, Account, Role, account_name
from cloud.accounts.service import Accounts, Invitation
from cloud.web.caller import Right
from cloud.web.route import Call, Problem, Reply, Route, Shape, Upload
from cloud.web.routes.facility import body_of
from cloud.web.routes.signin import AccountName
from protocol.catalogue import Code

TAG = "accounts"
CSV = "text/csv"


class Rehearsal(StrEnum):
    """In a query, where everything is text."""

    NO = "false"
    YES = "true"


class AccountShape(Shape):
    account: str
    name: str
    role: Role
    state: str
    """"invited", "enrolled" or "disabled"."""
    failures: int
    """Sign-ins that failed in a row."""


class AccountsShape(Shape):
    accounts: list[AccountShape]


class NewAccountShape(Shape):
    account: AccountName
    role: Role
    name: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]


class InvitationShape(Shape):
    account: str
    secret: str
    """For POST /v1/enrolment. It is told once, and works once."""
    until: int
    """Unix ms."""


class FaultShape(Shape):
    line: int
    column: str
    sentence: str
    code: Code


class ImportQuery(Shape):
    dry_run: Rehearsal = Rehearsal.NO


class ImportShape(Shape):
    new: int
    changed: int
    same: int
    faults: list[FaultShape]
    invitations: list[InvitationShape]


def routes(accounts: Accounts) -> tuple[Route, ...]:
    def listed(call: Call) -> Reply:
        found = accounts.accounts(call.at.facility)
        return Reply(AccountsShape(accounts=[_account(one) for one in found]))

    def add(call: Call) -> Reply:
        body = body_of(call, NewAccountShape)
        where, now = call.at.facility, call.now_ms
        try:
            made = accounts.add(where, body.account, body.role, body.name, now)
        except ValueError:
            raise Problem(400, Code.INPUT_UNREADABLE, "body: name") from None
        except AccountExistsError:
            raise Problem(409, Code.ACCOUNT_EXISTS, "account") from None
        return Reply(_invitation(made), status=201)

    def imported(call: Call) -> Reply:
        assert call.upload is not None  # noqa: S101  an Upload route
        assert isinstance(call.query, ImportQuery)  # noqa: S101  the route's own model
        where, now = call.at.facility, call.now_ms
        try:
            lines = bulk.lines(call.upload.read_bytes())
        except FileUnreadableError as error:
            raise Problem(400, Code.INPUT_UNREADABLE, str(error)) from None
        plan = accounts.plan(where, lines, now)
        made: list[Invitation] = []
        if call.query.dry_run is Rehearsal.NO:
            new, made = accounts.invitations(plan.new, now)
            try:
                accounts.apply(plan, new)
            except AccountExistsError:
                raise Problem(409, Code.ACCOUNT_EXISTS) from None
        return Reply(_imported(plan, made))

    def disable(call: Call) -> Reply:
        try:
            accounts.disable(call.at.facility, _name(call))
        except LastAdministratorError:
            raise Problem(409, Code.LAST_ADMINISTRATOR) from None
        except AccountUnknownError:
            raise Problem(404, Code.NOT_THERE, "account") from None
        return Reply(status=204)

    def invite(call: Call) -> Reply:
        where, account = call.at.facility, _name(call)
        try:
            return Reply(
                _invitation(accounts.invite(where, account, call.now_ms)), status=201
            )
        except AccountUnknownError:
            raise Problem(404, Code.NOT_THERE, "account") from None

    def reopen(call: Call) -> Reply:
        try:
            accounts.reopen(call.at.facility, _name(call))
        except AccountUnknownError:
            raise Problem(404, Code.NOT_THERE, "account") from None
        return Reply(status=204)

    path, one = "/v1/facility/accounts", "/v1/facility/accounts/{account}"
    there = {409: (Code.ACCOUNT_EXISTS,)}
    return (
        Route(
            "GET",
            path,
            Right.MANAGE,
            listed,
            "Everybody who may sign in here",
            reply=AccountsShape,
            tag=TAG,
        ),
        Route(
            "POST",
            path,
            Right.MANAGE,
            add,
            "One more account; its secret for enrolment is told once",
            body=NewAccountShape,
            reply=InvitationShape,
            status=201,
            problems=there,
            tag=TAG,
        ),
        Route(
            "POST",
            path + "-file",
            Right.MANAGE,
            imported,
            "Accounts from CSV: account,role,name; the same file twice changes nothing",
            query=ImportQuery,
            upload=Upload((CSV,), bulk.BYTES),
            reply=ImportShape,
            problems=there,
            tag=TAG,
        ),
        Route(
            "DELETE",
            one,
            Right.MANAGE,
            disable,
            "It signs in no more, and its sessions end",
            status=204,
            problems={409: (Code.LAST_ADMINISTRATOR,)},
            tag=TAG,
        ),
        Route(
            "POST",
            one + "/invitation",
            Right.MANAGE,
            invite,
            "Enrol once more, after a lost telephone: its factors and sessions end",
            reply=InvitationShape,
            status=201,
            tag=TAG,
        ),
        Route(
            "POST",
            one + "/reopen",
            Right.MANAGE,
            reopen,
            "After too many tries: no failures, no pause",
            status=204,
            tag=TAG,
        ),
    )


def _name(call: Call) -> str:
    try:
        return account_name(call.path["account"])
    except ValueError:
        raise Problem(404, Code.NOT_THERE, "account") from None


def _account(one: Account) -> AccountShape:
    return AccountShape(
        account=one.account,
        name=one.name,
        role=one.role,
        state=one.state,
        failures=one.failures,
    )


def _invitation(one: Invitation) -> InvitationShape:
    return InvitationShape(account=one.account, secret=one.secret, until=one.until)


def _imported(plan: bulk.Plan, made: list[Invitation]) -> ImportShape:
    return ImportShape(
        new=len(plan.new),
        changed=len(plan.changed),
        same=plan.same,
        faults=[
            FaultShape(
                line=one.line,
                column=one.column,
                sentence=one.sentence,
                code=Code.ACCOUNTS_LINE,
            )
            for one in plan.faults
        ],
        invitations=[_invitation(one) for one in made],
    )
