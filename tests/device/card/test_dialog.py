import pytest

from device.card.apdu import Command, Dialog, Response
from device.card.dialog import run, run_async
from device.ports import CardLostError


def two(closed: list[bool]) -> Dialog[int]:
    try:
        first = yield Command(0, 1)
        second = yield Command(0, 2)
        return first.sw + second.sw
    finally:
        closed.append(True)


def lose(command: Command) -> Response:
    raise CardLostError("C103")


async def answer(command: Command) -> Response:
    return Response(b"", command.ins)


async def lose_later(command: Command) -> Response:
    raise CardLostError("C103")


def test_a_lost_card_closes_the_dialog() -> None:
    closed: list[bool] = []
    with pytest.raises(CardLostError):
        run(two(closed), lose)
    assert closed == [True]


async def test_the_async_driver_is_its_twin() -> None:
    closed: list[bool] = []
    assert await run_async(two(closed), answer) == 3
    with pytest.raises(CardLostError):
        await run_async(two(closed), lose_later)
    assert closed == [True, True]
