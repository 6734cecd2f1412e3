"""How long what is kept, and why: the rules as data.

A rule is one row; another room's table is another row. Periods are configuration
([retention] days); the defaults rest on what is named here and are no legal advice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from cloud.eligibility.model import JST
from protocol.freshness import WINDOW_MS

DAY_MS = 24 * 60 * 60 * 1000
FIVE_YEARS = 1826
SIX_YEARS = 2192

_CHART = "医師法24条2項, 療養担当規則9条: 診療録は5年"
_CLAIM = "民法166条: 債権の消滅時効は5年"


class Action(StrEnum):
    DELETE = "delete"
    ERASE = "erase"
    """Persons and everything that is about them."""
    PRUNE = "prune"
    """The beginnings of audit chains; a signed checkpoint takes their place."""


class Age(StrEnum):
    """How a column says when."""

    MS = "ms"
    DAY = "day"
    """ISO text, a day in Japan."""


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    table: str
    since: tuple[str, ...]
    """The columns from which it counts; the first that is set."""
    keep_ms: int
    why: str
    basis: str
    age: Age = Age.MS
    action: Action = Action.DELETE
    standing: tuple[str, tuple[str, ...]] | None = None
    """A table, and columns: a row stays while that table has one with the same."""
    fixed: bool = False
    """Follows from the protocol: no configuration changes it."""

    def horizon(self, now_ms: int) -> int:
        """What is older goes (Unix ms)."""
        return now_ms - self.keep_ms

    def day(self, now_ms: int) -> str:
        """What ended before this day in Japan goes (ISO)."""
        moment = datetime.fromtimestamp(self.horizon(now_ms) / 1000, UTC)
        return moment.astimezone(JST).date().isoformat()


def _days(count: int) -> int:
    return count * DAY_MS


RULES: tuple[Rule, ...] = (
    Rule(
        "persons",
        "insurances",
        ("valid_until",),
        _days(FIVE_YEARS),
        "whose last insurance ended so long ago: no claim can rest on it any more",
        f"{_CHART}; {_CLAIM}",
        age=Age.DAY,
        action=Action.ERASE,
    ),
    Rule(
        "answers",
        "requests",
        ("expires_at",),
        2 * WINDOW_MS,
        "kept only to give the same answer again to the same request",
        "protocol/README 5",
        fixed=True,
    ),
    Rule(
        "envelopes",
        "envelopes",
        ("seen",),
        2 * WINDOW_MS,
        "kept only as long as an envelope can be played again",
        "protocol/README 5.2",
        fixed=True,
    ),
    Rule(
        "verifications",
        "verifications",
        ("at",),
        DAY_MS,
        "consent and registration may build on one for a day",
        "cloud/README, invariant 7",
        fixed=True,
    ),
    Rule(
        "unanswered",
        "consents_unanswered",
        ("at",),
        _days(90),
        "opens nothing; shows for a while whether a question is passed over",
        "our choice: no longer than its use",
    ),
    Rule(
        "consents",
        "consents",
        ("available_until", "decided_at"),
        _days(FIVE_YEARS),
        "shows that what a chart drew on was allowed; from the end of what it opened",
        _CHART,
        standing=("data_keys", ("facility_code", "person_id", "item", "request_id")),
    ),
    Rule(
        "keys",
        "data_keys",
        ("until",),
        0,
        "what a consent opens is closed when it ends; a withdrawal ends it at once",
        "cloud/consent/keys.py",
        fixed=True,
    ),
    Rule(
        "emergencies",
        "emergencies",
        ("at",),
        _days(FIVE_YEARS),
        "why records were opened without a consent, and who reviewed it",
        _CHART,
    ),
    Rule(
        "care",
        "continuing_care",
        ("ended",),
        _days(FIVE_YEARS),
        "home care at a facility, from its end; while it goes on it stays",
        _CHART,
    ),
    Rule(
        "outages",
        "mode_outages",
        ("until", "asked_at"),
        _days(FIVE_YEARS),
        "why people were found without a card, and who approved it",
        _CHART,
    ),
    Rule(
        "disasters",
        "mode_disasters",
        ("until", "opened_at"),
        _days(FIVE_YEARS),
        "as outages",
        _CHART,
    ),
    Rule(
        "uses",
        "mode_uses",
        ("at",),
        _days(FIVE_YEARS),
        "who was found in a mode, what was said, and who reviewed it",
        _CHART,
    ),
    Rule(
        "device_codes",
        "device_codes",
        ("expires_at",),
        _days(90),
        "shows who let a device in; of the code itself only a hash",
        "our choice: no longer than its use",
    ),
    Rule(
        "tickets",
        "online_tickets",
        ("expires_at",),
        _days(1),
        "an online visit's ticket opens nothing after an hour and a half",
        "cloud/modes/online.py",
    ),
    Rule(
        "watches",
        "watches",
        ("since",),
        _days(91),
        "an open question is given up after 90 days",
        "cloud/eligibility/watch.py",
        fixed=True,
    ),
    Rule(
        "notices",
        "notices",
        ("at",),
        _days(90),
        "a word to a facility that its question can be asked again; names nobody",
        "our choice: no longer than its use",
    ),
    Rule(
        "seen",
        "last_seen",
        ("at",),
        _days(400),
        "what a facility saw last, to show what changed; most patients are back"
        " within a year",
        "our choice: no longer than its use",
    ),
    Rule(
        "bulk",
        "bulk_jobs",
        ("until",),
        0,
        "questions and answers of a bulk inquiry go with their job, 180 days after it",
        "cloud/bulk/model.py",
        fixed=True,
    ),
    Rule(
        "sessions",
        "staff_sessions",
        ("began",),
        DAY_MS,
        "a session of staff is over after ten hours at most",
        "cloud/accounts/model.py",
        fixed=True,
    ),
    Rule(
        "expiries",
        "certificate_notices",
        ("at",),
        _days(366),
        "that a facility was told of its certificate's end; names nobody",
        "our choice: until the certificate that was told of is long over",
    ),
    Rule(
        "links",
        "page_links",
        ("until",),
        0,
        "a link of the patient's page that is over opens nothing",
        "cloud/page/README.md",
        fixed=True,
    ),
    Rule(
        "usage",
        "usage",
        ("at",),
        _days(FIVE_YEARS),
        "statistics and metering; leads to no person",
        _CLAIM,
    ),
    Rule(
        "refusals",
        "refusals",
        ("day",),
        _days(FIVE_YEARS),
        "counts of refusals; leads to no person",
        "as usage",
        age=Age.DAY,
    ),
    Rule(
        "audit",
        "audit_rows",
        ("at",),
        _days(SIX_YEARS),
        "the log outlives by a year what it gives evidence of",
        f"{_CHART}; {_CLAIM}; 安全管理ガイドライン6.0 システム運用編17 names no period",
        action=Action.PRUNE,
    ),
)


KEPT = {
    "accounts": "of a facility's staff: what its history says a name did",
    "audit_anchors": "the log's evidence: small, and names nobody",
    "audit_checkpoints": "the log's evidence",
    "audit_heads": "the log's evidence",
    "audit_moved": "the log's evidence",
    "bulk_questions": "with their job, by the rule `bulk`; gone when answered",
    "counts": "sums",
    "facilities": "who may ask here",
    "facility_addresses": "of a facility, while it is one",
    "facility_certificates": "whose a certificate was",
    "facility_history": "who moved a facility, and when",
    "care_places": "of a facility, while it is one",
    "device_wrong_codes": "counts of wrong codes: one row a facility",
    "devices": "of a facility, while it is one",
    "facility_settings": "of a facility, while it is one",
    "facility_switches": "of a facility, while it is one",
    "facility_terms": "which terms a facility accepted",
    "insurers": "names of insurers",
    "load_faults": "of a load file: places and codes, never a value",
    "loads": "which files were taken in",
    "page_tries": "of a facility: a count and a time, of nobody",
    "persons": "by the rule `persons`, with all that is about them",
    "readers": "of a facility, while it is one",
    "workplaces": "a substitute code is never given twice, so none is forgotten",
}
"""Tables without a rule and without a `person_id`, and why they need none."""


def configured(days: Mapping[str, int]) -> tuple[Rule, ...]:
    """The rules with other periods. Raises ValueError for a name it cannot have."""
    names = {rule.name for rule in RULES if not rule.fixed}
    if unknown := set(days) - names:
        sentence = f"no such rule: {', '.join(sorted(unknown))}; there are "
        raise ValueError(sentence + ", ".join(sorted(names)))
    return tuple(
        replace(rule, keep_ms=_days(days[rule.name])) if rule.name in days else rule
        for rule in RULES
    )
