"""POST /v1/revocations: the patient's word, typed by staff who are signed in."""

import pytest

from cloud.main import Stores
from cloud.web.caller import Caller, Role, Staff
from cloud.web.route import Call, Nothing, Problem
from cloud.web.routes.revocations import EndedShape, WordShape, routes
from protocol.catalogue import Code
from tests.cloud.page_world import ELSEWHERE, Desk, keeping, other_word
from tests.cloud.world import FACILITY, memory_stores

RECEPTION = Staff("s-1", Role.RECEPTION)


@pytest.fixture
def stores() -> Stores:
    return memory_stores()


@pytest.fixture
def desk(stores: Stores) -> Desk:
    return Desk(stores, keeping(stores))


def revoke(desk: Desk, word: str, caller: Caller | None = None) -> int:
    (route,) = routes(desk.page.withdraw_by_word)
    at = caller or Caller(FACILITY, staff=RECEPTION)
    call = Call(at, {}, Nothing(), WordShape(word=word), desk.now)
    answer = route.handler(call).body
    assert isinstance(answer, EndedShape)
    return answer.ended


def test_the_word_ends_what_was_allowed_here(desk: Desk) -> None:
    _, word = desk.visit()
    assert revoke(desk, f"{word[:3]} {word[3:]}") == 3
    assert not desk.reads("operation")
    assert revoke(desk, word) == 0


def test_a_program_alone_may_not(desk: Desk) -> None:
    _, word = desk.visit()
    with pytest.raises(Problem) as caught:
        revoke(desk, word, Caller(FACILITY))
    assert (caught.value.status, caught.value.code) == (401, Code.SIGN_IN_NEEDED)
    assert desk.reads("operation")


def test_another_facilitys_word_is_unknown_here(desk: Desk) -> None:
    _, word = desk.visit()
    with pytest.raises(Problem) as caught:
        revoke(desk, word, Caller(ELSEWHERE, staff=RECEPTION))
    assert (caught.value.status, caught.value.code) == (404, Code.WORD_UNKNOWN)


def test_after_a_wrong_word_there_is_a_pause(desk: Desk) -> None:
    _, word = desk.visit()
    with pytest.raises(Problem, match="wait 2 s"):
        revoke(desk, other_word(word))
    with pytest.raises(Problem) as caught:
        revoke(desk, word)
    assert (caught.value.status, caught.value.code) == (429, Code.WORD_TOO_SOON)
    assert word not in str(caught.value)
    assert word not in repr(WordShape(word=word))
