"""A facility about itself: how far it has come, what it has switched on."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import Field

from cloud.facilities.ladder import Move, MoveRefusedError, TooEarlyError, open_to
from cloud.facilities.life import (
    FacilityLife,
    LifeStore,
    MovedMeanwhileError,
    TermsNotAcceptedError,
    UnknownFacilityError,
)
from cloud.facilities.place import Facility
from cloud.facilities.terms import TERMS, Acceptance, Setting, Switch, accepted
from cloud.web.caller import Right
from cloud.web.problem import Lines
from cloud.web.route import Call, Problem, Reply, Route, Shape
from protocol.catalogue import Code
from protocol.ids import FacilityCode

TAG = "facility"
T = TypeVar("T")


class PlaceShape(Shape):
    code: str
    name: str
    profile: str
    prefecture: str
    state: str
    """"0" not on the portal, "1" to "6" the ladder ① to ⑥."""
    start_day: date | None
    moves: list[str]
    """What can be done from here, by whoever may."""


class StepShape(Shape):
    number: int
    at: int
    """Unix ms."""
    who: str
    move: str
    was: str
    became: str
    start_day: date | None


class HistoryShape(Shape):
    steps: list[StepShape]


class OwnMove(StrEnum):
    """What a facility does on the portal itself (facilities.ladder.BY_FACILITY)."""

    APPLY = "apply"
    WITHDRAW_APPLICATION = "withdraw_application"
    SUSPEND = "suspend"


class MoveShape(Shape):
    move: OwnMove


class StartShape(Shape):
    day: date
    """運用開始日, a day in Japan: today or later."""


class TermsShape(Shape):
    version: str
    text: Lines


class SettingShape(Shape):
    setting: Setting
    on: bool
    terms: TermsShape
    accepted: bool
    """Whether the terms that hold now were."""
    accepted_by: str = ""
    accepted_at: int | None = None


class SettingsShape(Shape):
    settings: list[SettingShape]


class AcceptShape(Shape):
    version: Annotated[str, Field(max_length=20)]


class SwitchShape(Shape):
    on: bool


def routes(life: FacilityLife, store: LifeStore) -> tuple[Route, ...]:
    def place(call: Call) -> Reply:
        return Reply(_place(_known(life, call)))

    def history(call: Call) -> Reply:
        steps = [
            StepShape(
                number=one.number,
                at=one.at,
                who=one.who,
                move=one.move,
                was=one.was,
                became=one.became,
                start_day=one.start_day,
            )
            for one in store.history(call.at.facility)
        ]
        return Reply(HistoryShape(steps=steps))

    def move(call: Call) -> Reply:
        wanted = Move(body_of(call, MoveShape).move.value)
        where, who = call.at.facility, who_of(call)
        try:
            moved = life.move(where, wanted, who=who, now_ms=call.now_ms)
        except (MoveRefusedError, MovedMeanwhileError):
            raise Problem(409, Code.WRONG_STATE, "move") from None
        except UnknownFacilityError:
            raise Problem(404, Code.NOT_THERE) from None
        return Reply(_place(moved))

    def start(call: Call) -> Reply:
        day, where, who = body_of(call, StartShape).day, call.at.facility, who_of(call)
        try:
            moved = life.enter_start(where, day, who=who, now_ms=call.now_ms)
        except TooEarlyError:
            raise Problem(409, Code.START_DAY, "day") from None
        except (MoveRefusedError, MovedMeanwhileError):
            raise Problem(409, Code.WRONG_STATE, "state") from None
        except UnknownFacilityError:
            raise Problem(404, Code.NOT_THERE) from None
        return Reply(_place(moved))

    def settings(call: Call) -> Reply:
        return Reply(_settings(store, call.at.facility))

    def accept(call: Call) -> Reply:
        version, who = body_of(call, AcceptShape).version, who_of(call)
        setting, where = setting_of(call), _known(life, call).code
        try:
            life.accept(where, setting, version, who=who, now_ms=call.now_ms)
        except TermsNotAcceptedError:
            raise Problem(409, Code.TERMS_NOT_ACCEPTED, "version") from None
        return Reply(_settings(store, where))

    def switch(call: Call) -> Reply:
        on, who = body_of(call, SwitchShape).on, who_of(call)
        setting, where = setting_of(call), _known(life, call).code
        try:
            life.switch(where, setting, on=on, who=who, now_ms=call.now_ms)
        except TermsNotAcceptedError:
            raise Problem(409, Code.TERMS_NOT_ACCEPTED) from None
        return Reply(_settings(store, where))

    read, manage = Right.ASK, Right.MANAGE
    wrong = {409: (Code.WRONG_STATE,), 404: (Code.NOT_THERE,)}
    day = {**wrong, 409: (Code.START_DAY, Code.WRONG_STATE)}
    unknown = {404: (Code.NOT_THERE,)}
    terms = {409: (Code.TERMS_NOT_ACCEPTED,)}
    one = "/v1/facility/settings/{setting}"
    return (
        Route(
            "GET",
            "/v1/facility",
            read,
            place,
            "How far the facility has come, and its start day",
            reply=PlaceShape,
            problems=unknown,
            tag=TAG,
        ),
        Route(
            "GET",
            "/v1/facility/history",
            read,
            history,
            "Who moved it, and when",
            reply=HistoryShape,
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/facility/moves",
            manage,
            move,
            "Apply for a reader, withdraw that, suspend operation",
            body=MoveShape,
            reply=PlaceShape,
            problems=wrong,
            tag=TAG,
        ),
        Route(
            "PUT",
            "/v1/facility/start-day",
            manage,
            start,
            "運用開始日: in operation from that day, by itself",
            body=StartShape,
            reply=PlaceShape,
            problems=day,
            tag=TAG,
        ),
        Route(
            "GET",
            "/v1/facility/settings",
            read,
            settings,
            "Functions, whether they are on, and their terms",
            reply=SettingsShape,
            tag=TAG,
        ),
        Route(
            "POST",
            one + "/terms",
            manage,
            accept,
            "Accept the terms that hold now, by their version",
            body=AcceptShape,
            reply=SettingsShape,
            problems=terms,
            tag=TAG,
        ),
        Route(
            "PUT",
            one,
            manage,
            switch,
            "Switch a function off, or on after its terms",
            body=SwitchShape,
            reply=SettingsShape,
            problems=terms,
            tag=TAG,
        ),
    )


def who_of(call: Call) -> str:
    """As history keeps it."""
    staff = call.at.staff
    return f"staff {staff.account}" if staff else "facility"


def body_of(call: Call, kind: type[T]) -> T:
    """The route's own model."""
    assert isinstance(call.body, kind)  # noqa: S101  what the server checked
    return call.body


def setting_of(call: Call) -> Setting:
    try:
        return Setting(call.path["setting"])
    except ValueError:
        raise Problem(404, Code.NOT_THERE, "setting") from None


def _known(life: FacilityLife, call: Call) -> Facility:
    try:
        return life.place(call.at.facility)
    except UnknownFacilityError:
        raise Problem(404, Code.NOT_THERE) from None


def _place(one: Facility) -> PlaceShape:
    return PlaceShape(
        code=one.code,
        name=one.name,
        profile=one.profile,
        prefecture=one.prefecture,
        state=one.state,
        start_day=one.start_day,
        moves=[move.value for move in open_to(one.state)],
    )


def _settings(store: LifeStore, where: FacilityCode) -> SettingsShape:
    switches, acceptances = store.switches(where), store.acceptances(where)
    shown = [_setting(one, switches.get(one), acceptances) for one in Setting]
    return SettingsShape(settings=shown)


def _setting(
    setting: Setting, switch: Switch | None, acceptances: Iterable[Acceptance]
) -> SettingShape:
    terms, found = TERMS[setting], accepted(setting, acceptances)
    return SettingShape(
        setting=setting,
        on=switch is not None and switch.on,
        terms=TermsShape(version=terms.version, text=Lines(ja=terms.ja, en=terms.en)),
        accepted=found is not None,
        accepted_by=found.who if found else "",
        accepted_at=found.at if found else None,
    )
