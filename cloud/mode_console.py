"""What the commands of modes share: the rooms, their refusals, a use as it is shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from cloud.adapters.clock import now_ms
from cloud.console import (
    opened,
    or_exit,
    progress,
    settings_of,
)
from cloud.keyring import audit_secret, vault
from cloud.main import card_authorities, cloud_keys, sql_stores
from cloud.mode_rooms import ModeRooms, mode_rooms
from cloud.modes.errors import ConflictError, ModeError
from cloud.modes.use import Use
from protocol.catalogue import entry

T = TypeVar("T")
By = Annotated[str, typer.Option("--by", help="Your account, as the log names you.")]
Facility = Annotated[str, typer.Option("--facility", help="Its code (10 digits).")]
Reason = Annotated[str, typer.Option(help="Why, in 5 characters or more.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD.")]


@contextmanager
def rooms(config: Path) -> Iterator[ModeRooms]:
    """Over the configured database, until the end of a `with`."""
    found = settings_of(config)
    secret, kept = or_exit(lambda: audit_secret(found)), or_exit(lambda: vault(found))
    keys = or_exit(lambda: cloud_keys(found))
    authorities = or_exit(lambda: card_authorities(found))
    with opened(found) as database:
        yield mode_rooms(
            sql_stores(database, secret),
            keys=keys,
            authorities=authorities,
            policy=found.policy.policy,
            vault=kept,
            clock=now_ms,
        )


def done(action: Callable[[], T]) -> T:
    """What it returns; a refusal ends the command with 1 and says what to do."""
    try:
        return action()
    except ModeError as error:
        lines = entry(error.code)
        progress(f"{error.code.value}  {error.detail}".rstrip())
        progress(f"  {lines.staff['en']} / {lines.staff['ja']}")
        progress(f"  {lines.action['en']} / {lines.action['ja']}")
        raise typer.Exit(1) from None
    except ConflictError:
        progress("somebody else changed it at the same moment: look, and try again")
        raise typer.Exit(1) from None


def use_shown(one: Use) -> dict[str, object]:
    """Without the person: the case is enough to look them up by."""
    return {
        "case": one.id,
        "mode": one.mode,
        "mode_id": one.mode_id,
        "facility": one.facility,
        "staff": one.staff,
        "reason": one.reason,
        "at": one.at,
        "outcome": one.outcome,
        "spoken": one.spoken,
        "verdict": one.verdict.value,
        "reviewer": one.reviewer,
    }
