"""shikaku-cloud consent: show, withdraw, preset, emergency, reviews, review, items."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cloud.adapters.clock import now_ms
from cloud.audit.model import Entry, Kind, detail
from cloud.consent.emergency import Emergency, EmergencyRefusedError, Verdict
from cloud.consent.keys import DataKey
from cloud.consent.model import DAY_MS, Consent, Ended, Preset
from cloud.consent.service import Consents
from cloud.console import (
    DEFAULT,
    AsJson,
    Commit,
    ConfigFile,
    Person,
    PersonsCertificate,
    committing,
    facility_of,
    opened,
    or_exit,
    person_named,
    progress,
    say,
    settings_of,
    stop,
)
from cloud.desk import new_handle
from cloud.facilities.model import Policy
from cloud.facilities.service import Facilities
from cloud.keyring import audit_secret, vault
from cloud.main import Stores, sql_stores
from cloud.registry.model import PersonId
from protocol.codes import CONSENT_ITEM_BY_CODE, Decision
from protocol.ids import RequestId

BY = {
    "patient": Ended.BY_PATIENT,
    "facility": Ended.BY_FACILITY,
    "purpose": Ended.PURPOSE_CHANGED,
}
Facility = Annotated[str, typer.Option("--facility", help="Its code (10 digits).")]
AnyFacility = Annotated[
    str | None, typer.Option("--facility", help="Only there; else everywhere.")
]
Item = Annotated[str, typer.Option(help=f"One of: {', '.join(CONSENT_ITEM_BY_CODE)}.")]

app = typer.Typer(
    no_args_is_help=True,
    help="What patients allowed, and its end (cloud/consent).\n\n"
    "Example: shikaku-cloud consent show --certificate 0a1b...",
)


@dataclass(frozen=True, slots=True)
class Desk:
    stores: Stores
    consents: Consents
    facilities: Facilities
    log: Commit


@contextmanager
def _desk(config: Path) -> Iterator[Desk]:
    found = settings_of(config)
    secret = or_exit(lambda: audit_secret(found))
    kept = or_exit(lambda: vault(found))
    with opened(found) as database:
        stores = sql_stores(database, secret)

        yield Desk(
            stores,
            Consents(stores.consents, kept),
            Facilities(stores.facilities, Policy()),
            committing(database, stores.audit),
        )


@app.command()
def show(
    person: Person = None,
    certificate: PersonsCertificate = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """What is open of a person now: where, what, until when.

    Example: shikaku-cloud consent show --certificate 0a1b...
    """
    with _desk(config) as desk:
        who = person_named(desk.stores.registry, person, certificate)
        found = [
            _open(key)
            for key in desk.stores.consents.opened(who)
            if key.scope.covers(now_ms())
        ]
    lines = [
        f"{one['facility']}  {one['item']}  until {one['until'] or 'withdrawn'}"
        for one in found
    ]
    say("\n".join(lines) or "nothing is open", found, as_json)


@app.command()
def withdraw(
    by: Annotated[str, typer.Option(help="patient, facility or purpose (OQSCD031).")],
    person: Person = None,
    certificate: PersonsCertificate = None,
    facility: AnyFacility = None,
    item: Annotated[str | None, typer.Option(help="Only this; else all.")] = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Close what is open: at once, everywhere or at one facility, all items or one.

    Readings that are running end with nothing handed out.

    Example: shikaku-cloud consent withdraw --by patient --certificate 0a1b...
    """
    if by not in BY:
        stop("--by: patient, facility or purpose")
    what = _item(item) if item else None
    where = facility_of(facility) if facility else None
    with _desk(config) as desk:
        who = person_named(desk.stores.registry, person, certificate)
        now = now_ms()
        ended = desk.consents.withdraw(
            who, why=BY[by], request=new_handle(now), at=now, facility=where, item=what
        )
        desk.log(*(_row(one, by) for one in ended))
    found = [{"facility": one.facility, "item": one.item} for one in ended]
    say(f"{len(ended)} consents have ended", found, as_json)


@app.command()
def preset(
    facility: Facility,
    item: Item,
    decision: Annotated[str, typer.Option(help="granted or refused.")],
    person: Person = None,
    certificate: PersonsCertificate = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """事前設定: what the reader will offer at the next visit. It opens nothing.

    Example: shikaku-cloud consent preset --facility 1310000003 --item operation
    --decision refused --certificate 0a1b...
    """
    if decision not in {Decision.GRANTED.value, Decision.REFUSED.value}:
        stop("--decision: granted or refused")
    where, what = facility_of(facility), _item(item)
    with _desk(config) as desk:
        who = person_named(desk.stores.registry, person, certificate)
        chosen = Preset(where, who, what, Decision(decision), now_ms())
        desk.consents.preset(chosen)
    say(f"{what}: {decision} will be offered", {"item": what}, as_json)


@app.command()
def emergency(
    facility: Facility,
    item: Annotated[list[str], typer.Option(help="Needed now; repeatable.")],
    reason: Annotated[str, typer.Option(help="Why the patient cannot be asked.")],
    staff: Annotated[str, typer.Option(help="Who opens them.")],
    person: Person = None,
    certificate: PersonsCertificate = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """同意取得困難: open records for 24 hours without consent; it will be reviewed.

    Example: shikaku-cloud consent emergency --facility 1310000003 --item operation
    --reason "意識障害で救急搬送" --staff dr-1 --certificate 0a1b...
    """
    where, now = facility_of(facility), now_ms()
    with _desk(config) as desk:
        who = person_named(desk.stores.registry, person, certificate)
        request, items = new_handle(now), tuple(map(_item, item))
        try:
            opening = Emergency(
                request, where, who, items, reason, staff, now, now + DAY_MS
            )
        except EmergencyRefusedError as error:
            progress(str(error))
            raise typer.Exit(1) from None
        desk.consents.open_emergency(opening)
        said = detail(outcome="granted", care="4", items=list(items))
        desk.log(Entry(where, now, Kind.CONSENT, who, said, bytes(32)))
    say(f"open until {now + DAY_MS}; case {request}", {"request": request}, as_json)


@app.command()
def reviews(
    everything: Annotated[
        bool, typer.Option("--all", help="Judged ones, too.")
    ] = False,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Emergencies that nobody has judged yet, the oldest first.

    Example: shikaku-cloud consent reviews --json
    """
    with _desk(config) as desk:
        wanted = None if everything else Verdict.OPEN
        found = [_case(one) for one in desk.stores.consents.emergencies(wanted)]
    lines = [
        f"{one['request']}  {one['facility']}  {one['verdict']}"
        f"{'  AGAINST AN EARLIER NO' if one['against'] else ''}  {one['reason']}"
        for one in found
    ]
    say("\n".join(lines) or "nothing to review", found, as_json)


@app.command()
def review(
    request: str,
    verdict: Annotated[str, typer.Option(help="justified or not_justified.")],
    reviewer: Annotated[str, typer.Option(help="Who judges; not who opened it.")],
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Judge one emergency, once. Not justified closes what it opened.

    Example: shikaku-cloud consent review 0198... --verdict justified --reviewer r-2
    """
    if verdict not in {Verdict.JUSTIFIED.value, Verdict.NOT_JUSTIFIED.value}:
        stop("--verdict: justified or not_justified")
    with _desk(config) as desk:
        try:
            judged = desk.consents.review(
                RequestId(request), Verdict(verdict), reviewer=reviewer, at=now_ms()
            )
        except EmergencyRefusedError as error:
            progress(str(error))
            raise typer.Exit(1) from None
    say(f"{request}: {judged.verdict}", _case(judged), as_json)


@app.command()
def items(
    facility: Facility,
    choose: Annotated[
        str | None, typer.Option(help="Items, comma-separated; empty asks nothing.")
    ] = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """What patients are asked at a facility; with --choose, from now on.

    Example: shikaku-cloud consent items --facility 1310000003
    --choose diagnosis_and_drugs,operation,allergy
    """
    where = facility_of(facility)
    with _desk(config) as desk:
        if choose is not None:
            wanted = [_item(one) for one in choose.split(",") if one]
            desk.facilities.choose_items(where, wanted)
        asked = desk.facilities.consent_items(where)
    say("\n".join(asked) or "nothing is asked", list(asked), as_json)


def _item(code: str) -> str:
    if code not in CONSENT_ITEM_BY_CODE:
        stop(f"--item: one of {', '.join(CONSENT_ITEM_BY_CODE)}")
    return code


def _row(one: Consent, by: str) -> Entry:
    said = detail(outcome="accepted", items=[one.item], by=by)
    who: PersonId = one.person
    return Entry(one.facility, one.decided_at, Kind.WITHDRAWAL, who, said, bytes(32))


def _open(key: DataKey) -> dict[str, object]:
    scope = key.scope
    return {
        "facility": scope.facility,
        "item": scope.item,
        "care": scope.care.value,
        "since": scope.since,
        "until": scope.until,
    }


def _case(one: Emergency) -> dict[str, object]:
    return {
        "request": one.request,
        "facility": one.facility,
        "items": list(one.items),
        "reason": one.reason,
        "staff": one.staff,
        "at": one.at,
        "until": one.until,
        "against": one.against,
        "verdict": one.verdict.value,
        "reviewer": one.reviewer,
    }
