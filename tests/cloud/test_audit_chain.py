"""Whatever is done to the log is found, and where: on chains drawn at random."""

import hashlib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.adapters.memory_audit import MemoryAudit
from cloud.audit.anchor import Anchor, checkpointed
from cloud.audit.check import Finding, What
from cloud.audit.model import (
    START,
    Entry,
    Head,
    Kind,
    Place,
    Row,
    detail,
    details,
    digest,
    seal,
)
from cloud.audit.service import Exported, Verifier, prunable, prune
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode
from protocol.keys import SoftwareSigner

SECRET = b"s" * 32
AT = 1_780_000_000_000
SIGNER = SoftwareSigner(ec.derive_private_key(7, ec.SECP256R1()))
STRANGER = SoftwareSigner(ec.derive_private_key(8, ec.SECP256R1()))
KEYS = {SIGNER.key_id: ec.derive_private_key(7, ec.SECP256R1()).public_key()}
FACILITIES = [FacilityCode(f"13100000{number:02}") for number in range(3)]
FIELDS = [name for name in Row._fields if name not in {"facility", "seq"}]


def entry(facility: FacilityCode, number: int) -> Entry:
    return Entry(
        facility,
        AT + number,
        Kind.VERIFICATION,
        PersonId(number % 3 + 1) if number % 4 else None,
        detail(outcome="accepted", method="face", n=number),
        hashlib.sha256(number.to_bytes(4)).digest(),
    )


def log(rows: list[int], anchors: tuple[int, ...] = ()) -> MemoryAudit:
    """So many rows per facility, mixed; an anchor after so many rows together."""
    store = MemoryAudit(
        SECRET, random=lambda size: hashlib.sha256(b"t").digest()[:size]
    )
    waiting = [
        facility
        for turn in range(max(rows))
        for facility, count in zip(FACILITIES, rows, strict=True)
        if turn < count
    ]
    for number, facility in enumerate(waiting):
        store.append([entry(facility, number)])
        if number in anchors:
            store.anchor(AT + number, SIGNER)
    store.anchor(AT + len(waiting), SIGNER)
    return store


def verify(
    store: MemoryAudit, exported: list[Exported] | None = None, **more: object
) -> list[Finding]:
    verifier = Verifier(store, KEYS, SECRET, exported or [], **more)  # type: ignore[arg-type]
    return list(verifier.verify())


def export(store: MemoryAudit) -> list[Exported]:
    return [
        Exported(anchor, tuple(store.moved(anchor.number)))
        for anchor in store.anchors()
    ]


def named(found: list[Finding], facility: str, *seqs: int) -> bool:
    """Whether one of the findings names one of these rows."""
    return any(
        one.facility == facility and one.first <= seq <= one.last
        for one in found
        for seq in seqs
    )


logs = st.builds(
    log,
    st.lists(st.integers(1, 12), min_size=3, max_size=3),
    st.lists(st.integers(0, 20), max_size=3).map(tuple),
)


@given(logs)
def test_a_log_that_nobody_touched_has_no_findings(store: MemoryAudit) -> None:
    assert verify(store) == []
    assert verify(store, export(store)) == []


def test_rows_after_the_last_anchor_are_verified_too() -> None:
    store = log([3, 3, 3])
    store.append([entry(FACILITIES[0], 90), entry(FACILITIES[0], 91)])
    assert verify(store) == []


def picked(data: st.DataObject, store: MemoryAudit) -> tuple[str, list[Row], int]:
    facility = data.draw(st.sampled_from(sorted(store.chains)))
    chain = store.chains[facility]
    return facility, chain, data.draw(st.integers(0, len(chain) - 1))


def altered(data: st.DataObject, value: object) -> Any:
    match value:
        case int():
            return value ^ data.draw(st.integers(1, 1 << 40))
        case bytes() if value:
            place = data.draw(st.integers(0, len(value) - 1))
            flipped = value[place] ^ data.draw(st.integers(1, 255))
            return value[:place] + bytes((flipped,)) + value[place + 1 :]
        case bytes():
            return b"\1" * 16
        case str():
            place = data.draw(st.integers(0, max(0, len(value) - 1)))
            return value[:place] + "x" + value[place:]
    raise AssertionError


# -- one at a time ---------------------------------------------------------------------
@given(logs, st.data(), st.sampled_from(FIELDS))
def test_a_changed_field_is_found_in_its_row_and_no_other(
    store: MemoryAudit, data: st.DataObject, name: str
) -> None:
    facility, chain, place = picked(data, store)
    row = chain[place]
    change: dict[str, Any] = {name: altered(data, getattr(row, name))}
    chain[place] = row._replace(**change)
    (found,) = verify(store)
    assert (found.facility, found.what) == (facility, What.CHANGED)
    assert found.first == found.last == row.seq


@given(logs, st.data())
def test_a_row_that_was_taken_out_is_missing_in_its_place(
    store: MemoryAudit, data: st.DataObject
) -> None:
    facility, chain, place = picked(data, store)
    taken = chain.pop(place)
    (found,) = verify(store)
    assert (found.facility, found.first, found.last) == (facility, taken.seq, taken.seq)
    assert found.what is (What.CUT if place == len(chain) else What.MISSING)


@given(logs, st.data())
def test_renumbering_the_rest_does_not_hide_it(
    store: MemoryAudit, data: st.DataObject
) -> None:
    facility, chain, place = picked(data, store)
    taken = chain.pop(place)
    chain[place:] = [row._replace(seq=row.seq - 1) for row in chain[place:]]
    found = verify(store)
    assert named(found, facility, taken.seq)
    if len(chain) > place:
        assert [one.what for one in found] == [What.MISSING]
        assert found[0].first == found[0].last == taken.seq


@given(logs, st.data())
def test_two_rows_that_changed_places_are_both_named(
    store: MemoryAudit, data: st.DataObject
) -> None:
    facility, chain, one = picked(data, store)
    other = data.draw(st.integers(0, len(chain) - 1))
    first, second = chain[one], chain[other]
    chain[one] = second._replace(seq=first.seq)
    chain[other] = first._replace(seq=second.seq)
    found = verify(store)
    if one == other:
        assert found == []
        return
    assert {(one.facility, one.first, one.what) for one in found} == {
        (facility, first.seq, What.SWAPPED),
        (facility, second.seq, What.SWAPPED),
    }


@given(logs, st.data())
def test_rows_of_two_facilities_that_changed_places_are_both_named(
    store: MemoryAudit, data: st.DataObject
) -> None:
    places = [picked(data, store), picked(data, store)]
    (here, mine, one), (there, theirs, other) = places
    if here == there:
        return
    a, b = mine[one], theirs[other]
    mine[one] = b._replace(facility=here, seq=a.seq)
    theirs[other] = a._replace(facility=there, seq=b.seq)
    found = verify(store)
    assert named(found, here, a.seq)
    assert named(found, there, b.seq)


@given(logs, st.data(), st.booleans())
def test_a_row_put_in_is_named_although_it_fits(
    store: MemoryAudit, data: st.DataObject, fits: bool
) -> None:
    """With a right hash over the right previous one; the rest renumbered."""
    facility, chain, place = picked(data, store)
    model = chain[place]
    new = model._replace(detail="outcome=refused")
    if fits:
        new = new._replace(hash=digest(new))
    behind = [row._replace(seq=row.seq + 1) for row in chain[place:]]
    chain[place:] = [new, *behind]
    found = verify(store)
    assert named(found, facility, model.seq)
    assert What.INSERTED in {one.what for one in found}


@given(logs, st.data())
def test_a_row_put_in_behind_the_end_is_named(
    store: MemoryAudit, data: st.DataObject
) -> None:
    facility, chain, _ = picked(data, store)
    last = chain[-1]
    new = last._replace(seq=last.seq + 1, previous=last.hash)
    chain.append(new._replace(hash=digest(new)))
    (found,) = verify(store)
    assert (found.facility, found.first, found.what) == (
        facility,
        last.seq + 1,
        What.INSERTED,
    )


@given(logs, st.data())
def test_a_row_that_stands_there_twice_is_named(
    store: MemoryAudit, data: st.DataObject
) -> None:
    facility, chain, place = picked(data, store)
    chain.insert(place, chain[place])
    found = verify(store)
    assert named(found, facility, chain[place].seq)


# -- by somebody who makes new hashes --------------------------------------------------
def rewrite(
    chain: list[Row], place: int, change: Callable[[Row], Row], until: int
) -> None:
    """Change a row and make the hashes fit again, up to a row."""
    previous = chain[place].previous
    for number in range(place, until + 1):
        row = chain[number]
        row = change(row) if number == place else row
        row = row._replace(previous=previous)
        chain[number] = row = row._replace(hash=digest(row))
        previous = row.hash


def lie(row: Row) -> Row:
    return row._replace(detail="outcome=refused")


@given(logs, st.data(), st.booleans())
def test_new_hashes_up_to_a_row_or_to_the_end_do_not_hide_a_change(
    store: MemoryAudit, data: st.DataObject, moves_head: bool
) -> None:
    """Who has the database alone can move the head, not seal it."""
    facility, chain, place = picked(data, store)
    until = data.draw(st.integers(place, len(chain) - 1))
    rewrite(chain, place, lie, until)
    if moves_head:
        last = chain[-1]
        store.heads[facility] = store.heads[facility]._replace(hash=last.hash)
    assert named(verify(store), facility, chain[place].seq)


@given(logs, st.data(), st.booleans())
def test_rows_behind_the_last_anchor_cannot_be_made_anew_without_the_secret(
    store: MemoryAudit, data: st.DataObject, moves_head: bool
) -> None:
    facility, chain, _ = picked(data, store)
    anchored = len(chain)
    for number in range(70, 74):
        store.append([entry(FacilityCode(facility), number)])
    place = data.draw(st.integers(anchored, len(chain) - 1))
    rewrite(chain, place, lie, len(chain) - 1)
    if moves_head:
        end = store.heads[facility]._replace(hash=chain[-1].hash)
        store.heads[facility] = end
    (found,) = verify(store)
    assert (found.facility, found.last) == (facility, len(chain))
    assert found.what is (What.HEAD if moves_head else What.REWRITTEN)
    assert moves_head or found.first == anchored + 1


@given(logs, st.data())
def test_with_the_secret_too_anchors_still_show_it(
    store: MemoryAudit, data: st.DataObject
) -> None:
    """A whole chain made anew, its head sealed: only what was signed is left."""
    facility, chain, place = picked(data, store)
    rewrite(chain, place, lie, len(chain) - 1)
    end = Place(facility, chain[-1].seq, chain[-1].hash)
    store.heads[facility] = Head(*end, seal(SECRET, end))
    found = verify(store)
    assert named(found, facility, chain[place].seq)
    assert {one.what for one in found} == {What.REWRITTEN}


@given(logs, st.data())
def test_a_tail_cut_off_together_with_its_head_is_found_by_the_anchor(
    store: MemoryAudit, data: st.DataObject
) -> None:
    facility, chain, place = picked(data, store)
    if place == 0:
        place = len(chain)
        del store.heads[facility]
        cut = 1
        chain.clear()
    else:
        cut = chain[place].seq
        del chain[place:]
        end = Place(facility, chain[-1].seq, chain[-1].hash)
        store.heads[facility] = Head(*end, seal(SECRET, end))
    found = verify(store)
    assert named(found, facility, cut)
    assert What.CUT in {one.what for one in found}


def test_a_facility_that_was_taken_out_whole_is_named() -> None:
    store = log([4, 4, 4])
    del store.chains[FACILITIES[1]]
    del store.heads[FACILITIES[1]]
    assert named(verify(store), FACILITIES[1], 1, 2, 3, 4)


def test_a_head_that_is_gone_or_of_somebody_else_is_named() -> None:
    store = log([4, 4, 4])
    head = store.heads.pop(FACILITIES[0])
    assert [one.what for one in verify(store)] == [What.HEAD]
    store.heads[FACILITIES[0]] = head._replace(seal=b"x" * 32)
    assert [one.what for one in verify(store)] == [What.HEAD]


# -- anchors ---------------------------------------------------------------------------
def anchor_is_named(store: MemoryAudit, number: int) -> None:
    found = [one for one in verify(store) if one.what is What.ANCHOR]
    assert number in {one.first for one in found}


@pytest.mark.parametrize("name", ["at", "total", "previous", "root", "signature"])
def test_a_changed_anchor_is_named(name: str) -> None:
    store = log([5, 5, 5], (3, 8))
    anchor, moved = store._anchors[1]
    value = getattr(anchor, name)
    changed: Any = value + 1 if isinstance(value, int) else bytes(len(value))
    change: dict[str, Any] = {name: changed}
    store._anchors[1] = (replace(anchor, **change), moved)
    anchor_is_named(store, 2)


def test_an_anchor_that_is_gone_or_signed_by_another_is_named() -> None:
    store = log([5, 5, 5], (3, 8))
    anchor, moved = store._anchors.pop(0)
    anchor_is_named(store, 2)
    bare = replace(anchor, key_id=STRANGER.key_id)
    foreign = replace(bare, signature=STRANGER.sign(bare.signed))
    store._anchors.insert(0, (foreign, moved))
    anchor_is_named(store, 1)


def test_a_list_that_an_anchor_did_not_sign_is_named() -> None:
    store = log([5, 5, 5], (3, 8))
    anchor, moved = store._anchors[1]
    store._anchors[1] = (anchor, [*moved[:-1], moved[-1]._replace(hash=bytes(32))])
    anchor_is_named(store, 2)
    store._anchors[1] = (anchor, moved[:-1])
    anchor_is_named(store, 2)


def test_two_pasts_do_not_make_one_chain_of_anchors() -> None:
    """Turned back, anchored again by ourselves, and then the old anchor put back."""
    store = log([5, 5, 5], (3, 8))
    last, moved = store._anchors[2]
    store._anchors[1:] = []
    store.anchor(AT + 500, SIGNER)
    assert verify(store) == []
    store._anchors.append((last, moved))
    anchor_is_named(store, 3)


def test_a_chain_kept_out_of_an_anchor_does_not_add_up() -> None:
    store = log([5, 5, 5], (3, 8))
    store.append([entry(FACILITIES[0], 70), entry(FACILITIES[1], 71)])
    since = store._since()
    store._since = lambda: since[1:]  # type: ignore[method-assign]
    store.anchor(AT + 500, SIGNER)
    anchor_is_named(store, 4)


def forged(store: MemoryAudit, facility: str) -> MemoryAudit:
    """By somebody with the database, the secret and the signing key: all made anew."""
    evil = deepcopy(store)
    chain = evil.chains[facility]
    rewrite(chain, 0, lie, len(chain) - 1)
    end = Place(facility, chain[-1].seq, chain[-1].hash)
    evil.heads[facility] = Head(*end, seal(SECRET, end))
    evil._anchors.clear()
    evil.anchor(AT, SIGNER)
    return evil


def test_with_every_key_only_an_anchor_kept_elsewhere_shows_it() -> None:
    store = log([5, 5, 5], (3, 8))
    evil = forged(store, FACILITIES[1])
    assert verify(evil) == []
    found = verify(evil, export(store))
    assert named(found, FACILITIES[1], 1)
    assert {one.first for one in found if one.what is What.ANCHOR} >= {1}


def test_a_log_rolled_back_whole_is_shown_by_an_anchor_kept_elsewhere() -> None:
    store = log([5, 5, 5], (3, 8))
    kept = export(store)
    old = log([2, 1, 1], (3,))
    found = verify(old, kept)
    assert named(found, FACILITIES[0], 3)
    assert What.CUT in {one.what for one in found}


def test_a_file_that_begins_later_is_fine() -> None:
    store = log([5, 5, 5], (3, 8))
    assert verify(store, export(store)[1:]) == []


# -- pruning ---------------------------------------------------------------------------
@given(logs, st.integers(0, 40))
@settings(max_examples=50)
def test_a_pruned_log_is_still_whole_and_still_shows_changes(
    store: MemoryAudit, age: int
) -> None:
    places = prunable(store, AT + age)
    gone = {name: place.seq for name, place in places.items()}
    went = prune(store, list(places.values()), now_ms=AT + 99, signer=SIGNER)
    assert went == sum(gone.values())
    assert verify(store) == []
    for facility in FACILITIES:
        left = store.chains[facility]
        assert all(row.at >= AT + age for row in left)
        if left:
            assert left[0].seq == gone.get(facility, 0) + 1
            left.pop(0)
            assert named(verify(store), facility, gone.get(facility, 0) + 1)
            return


def test_pruning_says_so_in_the_houses_own_chain() -> None:
    store = log([3, 3, 3])
    place = prunable(store, AT + 99)[FACILITIES[0]]
    prune(store, [place], now_ms=AT + 99, signer=SIGNER)
    (row,) = store.chains["0000000000"]
    assert row.kind == Kind.PRUNING
    assert details(row.detail) == {"chains": "1", "rows": "3"}


def test_rows_taken_out_are_no_pruning_without_our_signature() -> None:
    store = log([5, 5, 5])
    chain = store.chains[FACILITIES[0]]
    place = Place(FACILITIES[0], 2, chain[1].hash)
    store.checkpoints[FACILITIES[0]] = checkpointed(place, AT, STRANGER)
    del chain[:2]
    (found,) = verify(store)
    assert (found.what, found.first, found.last) == (What.CHECKPOINT, 1, 2)


# -- what a row says ------------------------------------------------------------------
@pytest.mark.parametrize(
    "value", ["試験　花子", "a b", "x;y=z", "x=y", "a\nb", "a" * 600, "O'Brien"]
)
def test_nothing_that_could_be_a_name_gets_into_a_row(value: str) -> None:
    with pytest.raises(ValueError, match="codes"):
        detail(outcome=value)


def test_a_detail_is_one_text_for_one_meaning() -> None:
    said = detail(outcome="accepted", code="", items=("operation", "checkup"))
    assert said == "items=operation,checkup;outcome=accepted"
    assert said == detail(items=["operation", "checkup"], outcome="accepted")
    assert details(said) == {"items": "operation,checkup", "outcome": "accepted"}


def test_fields_do_not_run_into_each_other() -> None:
    """Lengths are in the hash: the end of one is not the beginning of the next."""
    row = Row("1310000008", 1, 2, "k", b"", "", b"r", START, b"")
    four, zeros = (4).to_bytes(4), bytes(4)
    pairs = [
        (row._replace(detail="\0" * 4), row._replace(subject=four)),
        (row._replace(result=zeros), row._replace(detail="\0\0\0\4", result=b"")),
        (row._replace(kind="kk"), row._replace(facility="1310000008k")),
        (row._replace(subject=b"x"), row._replace(result=b"xr")),
    ]
    assert all(digest(one) != digest(other) for one, other in pairs)


@given(
    st.lists(
        st.tuples(st.text(max_size=3), st.binary(max_size=3)), min_size=2, max_size=2
    )
)
def test_two_rows_with_the_same_hash_are_the_same_row(
    fields: list[tuple[str, bytes]],
) -> None:
    one, other = (
        Row("1310000008", 1, 2, kind, subject, kind, subject, START, b"")
        for kind, subject in fields
    )
    assert (digest(one) == digest(other)) == (one == other)


def test_what_cannot_be_a_row_fits_nothing() -> None:
    row = log([1, 1, 1]).chains[FACILITIES[0]][0]
    wrong: list[dict[str, Any]] = [
        {"seq": -1},
        {"at": 1 << 80},
        {"detail": "\ud800"},
        {"detail": "x" * 2000},
        {"kind": None},
    ]
    for change in wrong:
        assert digest(row._replace(**change)) == b""


def test_an_anchor_binds_every_field() -> None:
    anchor = Anchor(1, 2, 3, b"p", b"r", b"k", b"s")
    others = [
        replace(anchor, number=12),
        replace(anchor, at=1),
        replace(anchor, total=1),
        replace(anchor, previous=b""),
        replace(anchor, root=b"x"),
        replace(anchor, key_id=b""),
    ]
    assert len({one.signed for one in [anchor, *others]}) == 7
