"""The patient's page on every store: who gets in, what they see, how they end it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.audit.model import details
from cloud.consent.link import (
    LIFE_MS,
    Links,
    drawn,
    token_hash,
    word_hash,
    word_of,
)
from cloud.consent.model import DAY_MS
from cloud.main import Stores
from cloud.page.model import State
from cloud.page.service import Refused
from cloud.page.tries import LONGEST_MS, TRIES, counted, pause_ms
from cloud.registry.model import PersonId
from protocol import proof
from protocol.catalogue import Code
from protocol.codec import encode
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode, RequestId
from tests.cloud.page_world import (
    ADDRESS,
    ALL_YES,
    ELSEWHERE,
    NO,
    SECRET,
    SILENT,
    YES,
    Desk,
    keeping,
    opened,
    other_word,
    randomness,
)
from tests.cloud.world import FACILITY, card, person

HOUR = 60 * 60 * 1000


@pytest.fixture
def desk(stores: Stores) -> Desk:
    return Desk(stores, keeping(stores))


def refused(code: Code) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, match=code.value)


def entered(desk: Desk, token: str, word: str) -> str:
    return desk.page.enter(token, word, desk.now)


# -- the link ------------------------------------------------------------------------
def test_a_receipt_carries_a_link_that_only_its_word_opens(desk: Desk) -> None:
    found = desk.receipt(ALL_YES).patient_page
    assert found is not None
    assert found.url.startswith(f"{ADDRESS}/R/".upper())
    assert found.until == desk.now + LIFE_MS
    token, word = opened(found)
    session = entered(desk, token, word)
    link = desk.page.visitor(session, desk.now).link
    assert (link.person, link.facility) == (desk.person(), FACILITY)


def test_who_pressed_nothing_gets_no_link(desk: Desk) -> None:
    assert desk.receipt(dict.fromkeys(ALL_YES, SILENT)).patient_page is None
    assert desk.receipt(dict.fromkeys(ALL_YES, NO)).patient_page is not None


def test_a_cloud_without_a_page_says_so_by_its_absence(stores: Stores) -> None:
    desk = Desk(stores, keeping(stores))
    desk.world.__post_init__()
    assert desk.receipt(ALL_YES).patient_page is None


def test_the_same_request_again_is_the_same_link_again(desk: Desk) -> None:
    first = desk.receipt(ALL_YES).patient_page
    again = desk.again().patient_page
    assert first is not None
    assert again == first
    assert entered(desk, *opened(again))


def test_neither_token_nor_word_is_kept(desk: Desk) -> None:
    token, word = desk.visit()
    digest = token_hash(token)
    assert digest is not None
    held = desk.stores.page.held(digest)
    assert held is not None
    assert token.encode() not in held.link.token_hash
    # Without `page.key` a word is found by nobody who has the database.
    assert word_hash(bytes(32), FACILITY, word) != held.link.word_hash
    assert word_hash(SECRET, ELSEWHERE, word) != held.link.word_hash
    opening = drawn(randomness())
    shown = f"{opening} {desk.links} {held.link} {desk.page}"
    secrets = (opening.token, opening.word, repr(SECRET), repr(held.link.word_hash))
    assert not any(one in shown for one in secrets)


@pytest.mark.parametrize(
    "text", ["", "0" * 25, "0" * 27, "I" * 26, "0" * 25 + "a", "../" * 9, "０" * 26]
)
def test_what_is_no_token_is_looked_up_nowhere(text: str) -> None:
    assert token_hash(text) is None


@given(st.integers(0, 999_999))
def test_a_word_is_read_as_people_type_it(number: int) -> None:
    word = f"{number:06}"
    wide = word.translate({ord("0") + n: chr(ord("０") + n) for n in range(10)})
    typed = (word, wide, f" {word[:3]} {word[3:]} ", f"{wide[:3]}－{wide[3:]}")
    assert {word_of(one) for one in typed} == {word}


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "12345a", "一二三四五六", "٣" * 6]
)
def test_what_is_no_word_is_none(typed: str) -> None:
    assert word_of(typed) is None


def test_a_word_that_lives_here_is_drawn_again() -> None:
    seen: list[bytes] = []

    def taken(_where: FacilityCode, word: bytes, _now: int) -> bool:
        seen.append(word)
        return len(seen) < 3

    links = Links(ADDRESS, SECRET, randomness(), taken)
    _, made = links.make(FACILITY, PersonId(1), RequestId("r"), 5)
    assert made.word_hash == seen[-1]
    assert len(set(seen)) == 3


# -- in ------------------------------------------------------------------------------
def test_an_unknown_an_old_and_a_mistyped_link_are_told_apart_by_nobody(
    desk: Desk,
) -> None:
    token, word = desk.visit()
    with refused(Code.LINK_GONE):
        entered(desk, "0" * 26, word)
    with refused(Code.LINK_GONE):
        entered(desk, token.lower(), word)
    desk.later(LIFE_MS - 1)
    session = entered(desk, token, word)
    desk.later(1)
    with refused(Code.LINK_GONE):
        desk.page.knock(token, desk.now)
    with refused(Code.PAGE_CLOSED):
        desk.page.visitor(session, desk.now)


def test_wrong_words_take_ever_longer_and_then_close_the_link(desk: Desk) -> None:
    token, word = desk.visit()
    wrong, pauses = other_word(word), []
    for left in range(TRIES - 1, 0, -1):
        with pytest.raises(Refused) as caught:
            entered(desk, token, wrong)
        assert caught.value.code is Code.WORD_WRONG
        assert caught.value.left == left
        pauses.append(caught.value.wait_s)
        # Even the right word waits, and the try is not counted.
        with refused(Code.WORD_TOO_SOON):
            entered(desk, token, word)
        desk.later(caught.value.wait_s * 1000)
    assert pauses == [2, 4, 8, 16]
    with refused(Code.LINK_LOCKED):
        entered(desk, token, wrong)
    desk.later(HOUR)
    with refused(Code.LINK_LOCKED):
        entered(desk, token, word)
    assert details(desk.log()[-1].detail) == {"outcome": "locked"}


def test_a_slip_that_cannot_be_a_word_costs_no_try(desk: Desk) -> None:
    token, word = desk.visit()
    for _ in range(TRIES + 1):
        with refused(Code.WORD_WRONG):
            entered(desk, token, "12345")
    assert entered(desk, token, word)


def test_a_right_word_lets_the_tries_begin_anew(desk: Desk) -> None:
    token, word = desk.visit()
    for _ in range(3):
        with refused(Code.WORD_WRONG):
            entered(desk, token, other_word(word))
        desk.later(HOUR)
        assert entered(desk, token, word)


def test_two_tries_in_one_moment_are_one(desk: Desk) -> None:
    token, word = desk.visit()
    before = desk.page.knock(token, desk.now)
    with refused(Code.WORD_WRONG):
        entered(desk, token, other_word(word))
    # Somebody else read the row before that try was counted.
    assert not desk.stores.page.count_try(before, desk.now)


def test_a_new_session_closes_the_one_before(desk: Desk) -> None:
    token, word = desk.visit()
    first = entered(desk, token, word)
    second = entered(desk, token, word)
    with refused(Code.PAGE_CLOSED):
        desk.page.visitor(first, desk.now)
    visitor = desk.page.visitor(second, desk.now)
    assert visitor.mark != desk.page.mark(first)
    desk.page.leave(visitor.link)
    with refused(Code.PAGE_CLOSED):
        desk.page.visitor(second, desk.now)


@pytest.mark.parametrize("session", ["", "0" * 64, "é", "\udcc3\udca9"])
def test_no_session_is_nobody(desk: Desk, session: str) -> None:
    desk.visit()
    with refused(Code.PAGE_CLOSED):
        desk.page.visitor(session, desk.now)


def test_a_disclosure_hold_closes_the_page_and_not_the_withdrawal(desk: Desk) -> None:
    token, word = desk.visit()
    session = entered(desk, token, word)
    desk.knows(desk.card, person(hold=True))
    with refused(Code.PAGE_CLOSED):
        desk.page.visitor(session, desk.now)
    with refused(Code.LINK_GONE):
        entered(desk, token, word)
    assert desk.page.withdraw_by_word(FACILITY, word, desk.now) == 3


def test_who_opened_the_page_stands_in_the_patients_log(desk: Desk) -> None:
    token, word = desk.visit()
    entered(desk, token, word)
    newest = desk.page.looks(desk.page.knock(token, desk.now).link, 1).rows[0]
    assert newest.what.en == "the patient's page, opened"


# -- what is theirs ------------------------------------------------------------------
def test_the_overview_is_what_a_reader_of_records_would_get(desk: Desk) -> None:
    token, _ = desk.visit({"diagnosis_and_drugs": YES, "operation": NO})
    desk.elsewhere({"checkup": YES}, desk.person())
    link = desk.page.knock(token, desk.now).link
    here, other = desk.page.overview(link, desk.now)
    assert (here.facility, here.here, other.facility) == (FACILITY, True, ELSEWHERE)
    assert [one.item for one in here.standing] == ["diagnosis_and_drugs"]
    assert here.standing[0].until == desk.now + DAY_MS
    assert [(one.item, one.until) for one in other.standing] == [("checkup", None)]
    assert desk.reads("diagnosis_and_drugs")
    assert not desk.reads("operation")


def test_what_is_over_is_not_shown_as_open(desk: Desk) -> None:
    token, _ = desk.visit()
    link = desk.page.knock(token, desk.now).link
    place = desk.page.place(link, FACILITY, desk.now + DAY_MS)
    assert place.standing == ()


def test_another_persons_facility_is_not_there(desk: Desk) -> None:
    token, _ = desk.visit()
    neighbour = card(key="neighbour")
    desk.knows(neighbour)
    desk.elsewhere({"checkup": YES}, desk.person(neighbour))
    link = desk.page.knock(token, desk.now).link
    with refused(Code.PAGE_NOT_THERE):
        desk.page.place(link, ELSEWHERE, desk.now)
    with refused(Code.PAGE_NOT_THERE):
        desk.page.withdraw(link, ELSEWHERE, None, desk.now)
    with refused(Code.PAGE_NOT_THERE):
        desk.page.presets(link, ELSEWHERE, ())
    with refused(Code.PAGE_NOT_THERE):
        desk.page.choose(link, ELSEWHERE, {"checkup": NO}, desk.now)
    assert desk.stores.consents.opened(desk.person(neighbour))


def test_a_receipt_says_what_was_pressed_and_what_became_of_it(desk: Desk) -> None:
    pressed = {"diagnosis_and_drugs": YES, "operation": NO, "checkup": SILENT}
    token, _ = desk.visit(pressed)
    link = desk.page.knock(token, desk.now).link

    def states() -> list[State]:
        return [one.state for one in desk.page.receipt(link, desk.now).lines]

    assert states() == [State.OPEN, State.REFUSED, State.UNANSWERED]
    assert desk.page.receipt(link, desk.now).at == desk.now
    desk.page.withdraw(link, FACILITY, None, desk.later(1000))
    assert states() == [State.WITHDRAWN, State.REFUSED, State.UNANSWERED]


def test_the_receipt_has_the_proof_number_of_the_answer(desk: Desk) -> None:
    answer = desk.receipt(ALL_YES)
    assert answer.patient_page is not None
    token, _ = opened(answer.patient_page)
    link = desk.page.knock(token, desk.now).link
    shown = desk.page.receipt(link, desk.now).proof
    read = proof.read(shown)
    read.check([desk.world.keys.public.signing[0]])
    assert read.facility == FACILITY
    bare = answer.model_copy(update={"proof": ""})
    assert read.fits(proof.result_hash(encode(bare)))


def test_an_older_receipt_keeps_its_own_answers(desk: Desk) -> None:
    token, _ = desk.visit({"operation": YES})
    desk.later(1000)
    desk.visit({"operation": NO, "checkup": YES})
    link = desk.page.knock(token, desk.now).link
    (one,) = desk.page.receipt(link, desk.now).lines
    assert (one.item, one.state) == ("operation", State.ENDED)


def test_who_looked_is_told_newest_first_in_sheets(desk: Desk) -> None:
    token, _ = desk.visit()
    link = desk.page.knock(token, desk.now).link
    for _ in range(70):
        desk.page._note(link, desk.later(1000), "opened")
    first = desk.page.looks(link, 1)
    assert (len(first.rows), first.sheets) == (30, 3)
    assert first.rows[0].at > first.rows[-1].at
    last = desk.page.looks(link, 99)
    assert (last.number, len(last.rows)) == (3, 72 - 60)


# -- the end of it -------------------------------------------------------------------
def test_one_item_all_of_a_facility_and_all_of_them(desk: Desk) -> None:
    token, _ = desk.visit()
    desk.elsewhere({"checkup": YES, "operation": YES}, desk.person())
    link = desk.page.knock(token, desk.now).link
    assert desk.page.withdraw(link, FACILITY, "operation", desk.later(1)) == 1
    assert not desk.reads("operation")
    assert desk.reads("checkup")
    assert desk.page.withdraw(link, FACILITY, None, desk.later(1)) == 2
    assert not desk.reads("checkup")
    assert desk.reads("checkup", ELSEWHERE)
    assert len(desk.page.closing(link, None, None, desk.now).standing) == 2
    assert desk.page.withdraw(link, None, None, desk.later(1)) == 2
    assert not desk.reads("checkup", ELSEWHERE)
    after = desk.page.closing(link, None, None, desk.now)
    assert (after.standing, after.withdrawn_at) == ((), desk.now)
    by = [details(row.detail) for row in desk.log() if row.kind == "withdrawal"]
    assert len(by) == 5
    assert all((one["by"], one["via"]) == ("patient", "page") for one in by)


def test_a_withdrawal_holds_in_the_moment_it_is_said(desk: Desk) -> None:
    token, _ = desk.visit()
    assert desk.reads("operation")
    link = desk.page.knock(token, desk.now).link
    desk.page.withdraw(link, None, None, desk.now)
    assert not desk.reads("operation")


def test_withdrawing_nothing_is_no_error_and_stands(desk: Desk) -> None:
    token, _ = desk.visit(dict.fromkeys(ALL_YES, NO))
    link = desk.page.knock(token, desk.now).link
    assert desk.page.withdraw(link, FACILITY, None, desk.now) == 0


def test_the_word_ends_all_at_its_facility_and_nowhere_else(desk: Desk) -> None:
    _, word = desk.visit()
    desk.elsewhere({"checkup": YES}, desk.person())
    with refused(Code.WORD_UNKNOWN):
        desk.page.withdraw_by_word(ELSEWHERE, word, desk.now)
    assert desk.page.withdraw_by_word(FACILITY, word, desk.now) == 3
    assert not desk.reads("operation")
    assert desk.reads("checkup", ELSEWHERE)
    assert details(desk.log()[-1].detail)["via"] == "word"


def test_staff_who_guess_wait_ever_longer(desk: Desk) -> None:
    _, word = desk.visit()
    waits = []
    for _ in range(12):
        with pytest.raises(Refused) as caught:
            desk.page.withdraw_by_word(FACILITY, other_word(word), desk.now)
        assert caught.value.code is Code.WORD_UNKNOWN
        waits.append(caught.value.wait_s)
        with refused(Code.WORD_TOO_SOON):
            desk.page.withdraw_by_word(FACILITY, word, desk.now)
        desk.later(caught.value.wait_s * 1000)
    assert waits[:3] == [2, 4, 8]
    assert max(waits) == LONGEST_MS // 1000
    assert desk.reads("operation")
    assert desk.page.withdraw_by_word(FACILITY, word, desk.now) == 3


def test_a_quiet_hour_forgives_staff() -> None:
    assert counted(7, 1000, 1000 + LONGEST_MS - 1) == 7
    assert counted(7, 1000, 1000 + LONGEST_MS) == 0
    assert [pause_ms(n) // 1000 for n in (1, 2, 3)] == [2, 4, 8]
    assert pause_ms(10**6) == LONGEST_MS


def test_two_patients_with_one_word_are_taken_for_neither(desk: Desk) -> None:
    token, word = desk.visit()
    other = card(key="neighbour")
    desk.knows(other)
    desk.visit(by=other)
    link = desk.page.knock(token, desk.now).link
    twin = Links(ADDRESS, SECRET, randomness(9000), lambda *_: False)
    _, made = twin.make(FACILITY, desk.person(other), link.request, desk.now)
    same = type(made)(
        made.token_hash,
        link.word_hash,
        *(made.facility, made.person, made.request, made.made_at, made.until),
    )
    desk.stores.page.put_link(same)
    with refused(Code.WORD_UNKNOWN):
        desk.page.withdraw_by_word(FACILITY, word, desk.now)
    assert desk.reads("operation")


def test_a_word_that_is_over_ends_nothing(desk: Desk) -> None:
    _, word = desk.visit(care=CareKind.HOME_VISIT)
    desk.later(LIFE_MS)
    with refused(Code.WORD_UNKNOWN):
        desk.page.withdraw_by_word(FACILITY, word, desk.now)
    assert desk.reads("operation")


# -- beforehand, and again -----------------------------------------------------------
def test_a_preset_is_offered_at_the_next_visit_and_opens_nothing(desk: Desk) -> None:
    token, _ = desk.visit(dict.fromkeys(ALL_YES, NO))
    link = desk.page.knock(token, desk.now).link
    wishes = {"operation": YES, "checkup": SILENT}
    desk.page.choose(link, FACILITY, wishes, desk.later(1))
    shown = desk.page.presets(link, FACILITY, tuple(ALL_YES)).chosen
    assert shown["operation"] is YES
    assert shown["checkup"] is SILENT
    offered = desk.consents.standing(FACILITY, desk.person())
    assert offered["operation"] is Decision.GRANTED
    assert not desk.reads("operation")


def test_a_new_link_ends_the_old_one_and_is_logged_first(desk: Desk) -> None:
    token, word = desk.visit()
    session = entered(desk, token, word)
    opening, link = desk.page.relink(
        desk.links,
        FACILITY,
        desk.person(),
        reason="lost",
        staff="s-1",
        now_ms=desk.later(1000),
    )
    with refused(Code.LINK_GONE):
        desk.page.knock(token, desk.now)
    with refused(Code.PAGE_CLOSED):
        desk.page.visitor(session, desk.now)
    assert entered(desk, opening.token, opening.word)
    assert len(desk.page.receipt(link, desk.now).lines) == 3
    said = [details(row.detail) for row in desk.log() if row.kind == "link"]
    assert {"outcome": "made", "reason": "lost", "by": "s-1"} in said


def test_links_that_are_over_are_forgotten(desk: Desk) -> None:
    token, word = desk.visit()
    entered(desk, token, word)
    assert desk.stores.page.forget(desk.later(LIFE_MS - 1)) == 0
    assert desk.stores.page.forget(desk.later(1)) == 1
    digest = token_hash(token)
    assert digest is not None
    assert desk.stores.page.held(digest) is None
