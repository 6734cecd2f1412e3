"""One line of a load file to one value, checked. Pure, and written for millions.

Values are kept as printed (`Row.symbol`) and folded for comparison (`Row.key`); dates
become ISO text. A line is either a Row or all the faults it has.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple

from cloud.registry import extras, values
from cloud.registry.benefits import Benefits
from cloud.registry.faults import Fault, FaultCode
from cloud.registry.resident import reference_of

REGISTER, CHANGE, END = "register", "change", "end"
ACTIONS: Final = frozenset({REGISTER, CHANGE, END})
ASSISTANCE: Final = "A1"
NEEDED: Final = (
    *("action", "resident_ref"),
    *("insurer_number", "card_classification", "symbol", "number", "branch"),
    *("valid_from", "valid_until", "loss_reason"),
    *("name", "name_kana", "sex", "birth_date", "relationship"),
)
OPTIONAL: Final = (
    *("address", "post_number", "insured_name", "copayment_ratio", "copayment_limit"),
    *extras.COLUMNS,
)
COLUMNS: Final = (*NEEDED, *OPTIONAL)
_LATE_ELDERLY_LAW: Final = "39"
_LONGEST: Final = 200
"""Characters of one value: an address is the longest there is."""
_EXTRAS: Final = len(COLUMNS) - len(extras.COLUMNS)


CoverKey = tuple[str, str, str, str]
"""Folded insurer, symbol, number and branch: what two writings of an insurance share.
With `valid_from` it is one insurance."""


class Row(NamedTuple):
    """A checked line. None: the file has no such column, so nothing is said of it.

    Flat, because millions of them pass from one process to another.
    """

    action: str
    reference: bytes
    insurer_key: str
    symbol_key: str
    number_key: str
    branch_key: str
    insurer_number: str
    card_classification: str
    symbol: str
    number: str
    branch: str
    valid_from: str
    valid_until: str | None
    loss_reason: str
    name: str
    name_kana: str
    sex: str
    birth_date: str
    relationship: str
    address: str | None
    post_number: str | None
    insured_name: str | None
    copayment_ratio: str | None
    copayment_limit: str | None
    benefits: Benefits | None
    certificate: bytes | None
    certificate_until: str | None
    """The last day of its certificate, in Japan."""
    resident_ref: str

    @property
    def key(self) -> CoverKey:
        return self[2:6]

    def __repr__(self) -> str:
        """No person: a value may meet a log or a traceback."""
        return f"Row({self.action})"


class Rules(NamedTuple):
    """What a file is judged by."""

    insurers: Mapping[str, str]
    """Names by folded number; a line of any other insurer is a fault."""
    today: str
    """ISO, in Japan: nobody is born later."""
    strict: bool = True
    """Check digits must fit, and widths must not be mixed."""
    only: str = ""
    """The folded number of the insurer whose file this is; empty: any known one."""


class HeaderError(ValueError):
    """The first line does not name the columns."""


class Layout(NamedTuple):
    width: int
    pick: Callable[[Sequence[str | None]], tuple[Any, ...]]
    """From a line's values and a None behind them: in the order of COLUMNS."""


def layout(header: Sequence[str]) -> Layout:
    """Raises HeaderError, which names the column."""
    names = [one.strip().lower() for one in header]
    for name in names:
        if name not in COLUMNS:
            raise HeaderError(f"no such column: {name[:40]!r}")
        if names.count(name) > 1:
            raise HeaderError(f"column {name} stands there twice")
    for name in NEEDED:
        if name not in names:
            raise HeaderError(f"column {name} is missing")
    absent = len(names)
    places = [names.index(one) if one in names else absent for one in COLUMNS]
    return Layout(len(names), itemgetter(*places))


def read(line: Sequence[str], form: Layout, rules: Rules) -> Row | list[Fault]:
    """One line's values to a row, or everything that is wrong with it."""
    if len(line) != form.width:
        return [Fault("", FaultCode.COLUMNS, f"{len(line)}, not {form.width}")]
    stripped: list[str | None] = [one.strip() for one in line]
    stripped.append(None)
    picked = form.pick(stripped)
    action, resident_ref, insurer, kind, symbol, number, branch = picked[:7]
    faults: list[Fault] = []
    if action not in ACTIONS:
        faults.append(Fault("action", FaultCode.NO_SUCH_VALUE))
    if wrong := values.reference_fault(resident_ref):
        faults.append(wrong)
    plain, key = _cover(insurer, kind, symbol, number, branch, rules, faults)
    since, until, loss = _period(action, picked[7:10], faults)
    person = _person(action, picked[10:15], rules, faults)
    details = picked[15:_EXTRAS]
    _check_details(details, faults)
    if max(map(len, line)) > _LONGEST:
        faults.append(Fault("", FaultCode.TOO_LONG))
    benefits, certificate, last_day = extras.read(picked[_EXTRAS:], faults)
    if faults:
        return faults
    return Row._make(
        (
            action,
            reference_of(resident_ref),
            *key,
            *(plain, kind, symbol, number, branch),
            *(since, until, loss),
            *person,
            *details,
            *(benefits, certificate, last_day),
            resident_ref,
        )
    )


def _cover(
    insurer: str,
    kind: str,
    symbol: str,
    number: str,
    branch: str,
    rules: Rules,
    faults: list[Fault],
) -> tuple[str, CoverKey]:
    if kind not in values.CLASSIFICATIONS:
        faults.append(Fault("card_classification", FaultCode.NO_SUCH_VALUE))
    plain, folded = _insurer(insurer, kind, rules, faults)
    number_key, branch_key = values.folded_number(number), values.folded(branch)
    key = (folded, values.folded(symbol), number_key, branch_key)
    if not number:
        faults.append(Fault("number", FaultCode.MISSING))
    if branch and not values.is_branch(branch_key):
        faults.append(Fault("branch", FaultCode.BRANCH))
    if rules.strict:
        if values.mixed_width(symbol):
            faults.append(Fault("symbol", FaultCode.MIXED_WIDTH))
        if values.mixed_width(number):
            faults.append(Fault("number", FaultCode.MIXED_WIDTH))
        late = len(plain) == 8 and plain.startswith(_LATE_ELDERLY_LAW)
        if late and not values.is_elderly_number(number_key):
            faults.append(Fault("number", FaultCode.ELDERLY_NUMBER))
    return plain, key


def _insurer(
    text: str, kind: str, rules: Rules, faults: list[Fault]
) -> tuple[str, str]:
    found = values.insurer(text, kind == ASSISTANCE, rules.strict)
    if isinstance(found, Fault):
        faults.append(found)
        return "", ""
    if found[1] not in rules.insurers:
        faults.append(Fault("insurer_number", FaultCode.UNKNOWN_INSURER))
    elif rules.only and found[1] != rules.only:
        faults.append(Fault("insurer_number", FaultCode.OTHER_INSURER))
    return found


def _period(
    action: str, picked: tuple[str, str, str], faults: list[Fault]
) -> tuple[str, str | None, str]:
    start, end, loss = picked
    since = values.day(start) or ""
    until = values.day(end) if end else None
    if not since:
        faults.append(_no_date("valid_from", start))
    if end and until is None:
        faults.append(_no_date("valid_until", end))
    elif until is not None and until < since:
        faults.append(Fault("valid_until", FaultCode.DATE_ORDER))
    if loss not in values.LOSSES:
        faults.append(Fault("loss_reason", FaultCode.NO_SUCH_VALUE))
    if not end and (loss or action == END):
        faults.append(Fault("valid_until", FaultCode.MISSING))
    if action == END and not loss:
        faults.append(Fault("loss_reason", FaultCode.MISSING))
    return since, until, loss


def _person(
    action: str, picked: tuple[str, ...], rules: Rules, faults: list[Fault]
) -> tuple[str, ...]:
    """Name, kana, sex, birth date, relationship: an end says nothing of them."""
    if action == END:
        return picked
    name, kana, sex, birth, relationship = picked
    if not name:
        faults.append(Fault("name", FaultCode.MISSING))
    if not kana:
        faults.append(Fault("name_kana", FaultCode.MISSING))
    if sex not in values.SEXES:
        faults.append(Fault("sex", FaultCode.NO_SUCH_VALUE))
    if relationship not in values.RELATIONSHIPS:
        faults.append(Fault("relationship", FaultCode.NO_SUCH_VALUE))
    born = values.day(birth) or ""
    if not born:
        faults.append(_no_date("birth_date", birth))
    elif born > rules.today:
        faults.append(Fault("birth_date", FaultCode.DATE_ORDER))
    return name, kana, sex, born, relationship


def _check_details(details: tuple[str | None, ...], faults: list[Fault]) -> None:
    _, post, _, ratio, limit = details
    if post and not values.is_post_number(post):
        faults.append(Fault("post_number", FaultCode.POST_NUMBER))
    if ratio and not values.is_ratio(ratio):
        faults.append(Fault("copayment_ratio", FaultCode.RATIO))
    if limit and limit not in values.LIMIT_CATEGORIES:
        faults.append(Fault("copayment_limit", FaultCode.NO_SUCH_VALUE))


def _no_date(column: str, text: str) -> Fault:
    return Fault(column, FaultCode.NO_DATE if text else FaultCode.MISSING)
