"""Lines applied to persons: register, change, end, hold. Pure.

- A line that says what already stands changes nothing.
- A symbol, number and branch are one person's at a time (a number without a branch is
  a household's).
- What the resident register contradicts puts the person on hold; and it never replaces
  data of a person whom somebody else insures, too: theirs had agreed.
- A later line of the same insurer that agrees ends the hold: the insurer has corrected.
"""

from collections import Counter
from collections.abc import Iterable

from cloud.registry.benefits import NONE
from cloud.registry.faults import Fault, FaultCode
from cloud.registry.lines import Batch, LineFault
from cloud.registry.resident import HoldKind
from cloud.registry.rows import CHANGE, END, REGISTER, Row
from cloud.registry.standing import Claim, Cover, Details, Known, Standing

REGISTERED, CHANGED, ENDED = "registered", "changed", "ended"
UNCHANGED, FAULTY = "unchanged", "faulty"


class Applied:
    """What a batch comes to, before anything is written."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._touched: dict[bytes, Standing] = {}
        self.faults: list[LineFault] = []
        self.counts: Counter[str] = Counter()
        self.fresh: list[tuple[Row, HoldKind | None]] = []
        """Persons nobody knew, each with one insurance."""

    @property
    def standings(self) -> Iterable[Standing]:
        """Those to be written, in the order of their lines."""
        return self._touched.values()

    def take(self, line: int, row: Row, kind: HoldKind | None) -> None:
        standing = self._known.persons.get(row.reference)
        if row.action == END:
            done = _end(standing, row)
        elif row.action == CHANGE:
            done = self._change(standing, row, kind)
        else:
            done = self._register(standing, row, kind)
        if isinstance(done, Fault):
            self.faults.append(LineFault(line, done))
            done = FAULTY
        elif done is not UNCHANGED:
            touched = self._known.persons[row.reference]
            self._touched[row.reference] = touched
        self.counts[done] += 1

    # -- the actions -------------------------------------------------------------
    def _register(
        self, standing: Standing | None, row: Row, kind: HoldKind | None
    ) -> str | Fault:
        if standing is None:
            new = Standing(row.reference, _details(row, None), rewritten=True)
        else:
            new = standing
            place = standing.place(row.key, row.valid_from)
            if place is not None:
                return _again(standing, place, row)
        cover = _cover(row, None)
        if wrong := self._taken(new, cover, row):
            return wrong
        self._known.persons[row.reference] = new
        new.touched.add(len(new.covers))
        new.covers.append(cover)
        self._claim(new, cover)
        self._tell(new, row, kind)
        return REGISTERED

    def _change(
        self, standing: Standing | None, row: Row, kind: HoldKind | None
    ) -> str | Fault:
        place = standing.place(row.key, row.valid_from) if standing else None
        if standing is None or place is None:
            return Fault("number", FaultCode.NOT_REGISTERED)
        cover = _cover(row, standing.covers[place])
        if wrong := self._taken(standing, cover, row):
            return wrong
        changed = cover != standing.covers[place]
        if changed:
            standing.covers[place] = cover
            standing.touched.add(place)
            self._claim(standing, cover)
        return CHANGED if self._tell(standing, row, kind) or changed else UNCHANGED

    # -- what belongs to somebody else -------------------------------------------
    def _taken(self, standing: Standing, cover: Cover, row: Row) -> Fault | None:
        token = standing.token
        if cover.branch and any(
            claim.whose != token
            and claim.cover.overlaps(cover.valid_from, cover.valid_until)
            for claim in self._known.numbers.get(cover.key, ())
        ):
            return Fault("number", FaultCode.NUMBER_TAKEN)
        if row.certificate is not None:
            owner = self._known.certificates.get(row.certificate, token)
            if owner != token:
                return Fault("certificate_sha256", FaultCode.CERTIFICATE_TAKEN)
        return None

    def _claim(self, standing: Standing, cover: Cover) -> None:
        if not cover.branch:
            return
        claims = self._known.numbers.setdefault(cover.key, [])
        claims[:] = [
            claim
            for claim in claims
            if claim.whose != standing.token
            or claim.cover.valid_from != cover.valid_from
        ]
        claims.append(Claim(standing.token, cover))

    # -- the person ----------------------------------------------------------------
    def _tell(self, standing: Standing, row: Row, kind: HoldKind | None) -> bool:
        """Data, hold and card of the person; whether anything of it is new."""
        insurer = row.insurer_key
        new = self._link(standing, row)
        if kind is None or standing.only_of(insurer):
            details = _details(row, standing.details)
            if details != standing.details:
                standing.details = details
                standing.rewritten = new = True
        if kind is not standing.holds.get(insurer):
            self._hold(standing, insurer, kind)
            new = True
        return new

    def _hold(self, standing: Standing, insurer: str, kind: HoldKind | None) -> None:
        was = standing.holds.pop(insurer, None)
        # One that this batch opened has not been written: it simply goes.
        new = standing.opened.pop(insurer, None)
        if was and not new:
            standing.closed.add(insurer)
        if kind is not None:
            standing.holds[insurer] = standing.opened[insurer] = kind
            self.counts[kind] += 1

    def _link(self, standing: Standing, row: Row) -> bool:
        if row.certificate is None or row.certificate in self._known.certificates:
            return False
        self._known.certificates[row.certificate] = standing.token
        standing.links.append((row.certificate, row.certificate_until))
        return True


def apply(batch: Batch, known: Known) -> Applied:
    applied = Applied(known)
    for line, row, kind in _not_fresh(batch, known, applied):
        applied.take(line, row, kind)
    return applied


def _not_fresh(
    batch: Batch, known: Known, applied: Applied
) -> list[tuple[int, Row, HoldKind | None]]:
    """Sets those aside that register a person nothing else in sight has to do with.

    Of a first load that is nearly every line; they need none of the rules, which would
    cost three times what writing them costs.
    """
    persons = Counter([row.reference for row in batch.rows])
    numbers = Counter([row[2:6] for row in batch.rows])
    cards = Counter([row.certificate for row in batch.rows])
    others = []
    for line, row, kind in zip(batch.lines, batch.rows, batch.kinds, strict=True):
        card = row.certificate
        if (
            row.action == REGISTER
            and persons[row.reference] == 1
            and row.reference not in known.persons
            and numbers[row[2:6]] == 1
            and row[2:6] not in known.numbers
            and (card is None or (cards[card] == 1 and card not in known.certificates))
        ):
            applied.fresh.append((row, kind))
        else:
            others.append((line, row, kind))
    applied.counts[REGISTERED] += len(applied.fresh)
    applied.counts.update(kind for _, kind in applied.fresh if kind is not None)
    return others


def _again(standing: Standing, place: int, row: Row) -> str | Fault:
    """The same insurance once more: fine if it says the same."""
    same = _cover(row, standing.covers[place]) == standing.covers[place]
    if same and standing.only_of(row.insurer_key):
        same = _details(row, standing.details) == standing.details
    return UNCHANGED if same else Fault("number", FaultCode.DIFFERS)


def _end(standing: Standing | None, row: Row) -> str | Fault:
    place = standing.place(row.key, row.valid_from) if standing else None
    if standing is None or place is None:
        return Fault("number", FaultCode.NOT_REGISTERED)
    cover = standing.covers[place]
    ended = cover._replace(valid_until=row.valid_until, loss_reason=row.loss_reason)
    if ended == cover:
        return UNCHANGED
    standing.covers[place] = ended
    standing.touched.add(place)
    return ENDED


def _details(row: Row, old: Details | None) -> Details:
    address, post = row.address, row.post_number
    if address is None:
        address = old.address if old else ""
    if post is None:
        post = old.post_number if old else ""
    return Details(row.name, row.name_kana, row.sex, row.birth_date, address, post)


def _cover(row: Row, old: Cover | None) -> Cover:
    """What the file says nothing of stays as it was."""
    insured, ratio = row.insured_name, row.copayment_ratio
    limit, benefits = row.copayment_limit, row.benefits
    return Cover(
        row.key,
        row.valid_from,
        row.valid_until,
        row.card_classification,
        row.insurer_number,
        row.relationship,
        row.symbol,
        row.number,
        row.branch,
        (old.insured_name if old else "") if insured is None else insured,
        row.loss_reason,
        (old.copayment_ratio if old else "") if ratio is None else ratio,
        (old.copayment_limit if old else "") if limit is None else limit,
        (old.benefits if old else NONE) if benefits is None else benefits,
    )
