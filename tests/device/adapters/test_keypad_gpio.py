"""The keypad through its real adapter, on gpiozero's mock pins and a clock by hand."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.keypad_gpio import SCAN_S, GpioKeypad
from device.adapters.lights_gpio import RHYTHM, TONES, GpioHeadphones, GpioLights
from device.config_front import KeypadSection, LightsSection
from device.key_press import SETTLE_S, STUCK_S, KeyPress
from device.ports import Key, Keypad, Light, Lights, PartError, Sound, Speaker, VoiceKey
from tests.support.hand_clock import HandClock
from tests.support.key_matrix import Matrix, Trace

SECTION = KeypadSection()
DIGITS = "0123456789"
FEEDBACK_S = 0.100


@pytest.fixture(autouse=True)
def own_pins() -> Iterator[None]:
    before = Device.pin_factory
    Device.pin_factory = MockFactory(pin_class=MockPWMPin)
    yield
    Device.pin_factory.close()
    Device.pin_factory = before


class Stand:
    """A keypad on the bench: time passes scan by scan."""

    def __init__(self, section: KeypadSection = SECTION) -> None:
        self.clock = HandClock()
        self.matrix = Matrix(section, self.clock)
        Device.pin_factory = self.matrix.factory
        self.keypad = GpioKeypad(section, self.clock)
        self.keypad.open()
        self.scan(0.1)

    def scan(self, seconds: float) -> list[tuple[float, Key | VoiceKey]]:
        """What came, and how long after the start of this call."""
        came, start = [], self.clock.monotonic()
        for _ in range(round(seconds / SCAN_S)):
            self.clock.pass_s(SCAN_S)
            key = self.keypad.step()
            if key is not None:
                came.append((self.clock.monotonic() - start, key))
        return came

    def typed(self, name: str, seconds: float = 0.1) -> list[Key | VoiceKey]:
        self.matrix.press(name)
        came = self.scan(seconds)
        self.matrix.release()
        came += self.scan(0.05)
        return [key for _, key in came]

    def lamp(self) -> float:
        assert SECTION.press_light is not None
        return float(self.matrix.factory.pin(SECTION.press_light).state)


def names(section: KeypadSection = SECTION) -> list[str]:
    return [name for row in section.layout for name in row if name]


@pytest.mark.parametrize("name", names())
def test_every_key_is_the_one_of_the_layout(name: str) -> None:
    expected = VoiceKey(name) if name in set(VoiceKey) else Key(name)
    assert Stand().typed(name) == [expected]


def test_a_key_that_is_held_counts_once() -> None:
    assert Stand().typed("5", seconds=5.0) == [Key.K5]


def test_each_press_of_the_same_key_counts() -> None:
    stand = Stand()
    assert [*stand.typed("0"), *stand.typed("0")] == [Key.K0, Key.K0]


@pytest.mark.parametrize("bounces", [1, 2, 3, 4, 7])
def test_bouncing_contacts_are_one_press(bounces: int) -> None:
    stand, came = Stand(), []
    for _ in range(bounces):
        stand.matrix.press("7")
        came += stand.scan(SCAN_S * 2)
        stand.matrix.release()
        came += stand.scan(SCAN_S)
    stand.matrix.press("7")
    came += stand.scan(0.1)
    for _ in range(bounces):
        stand.matrix.release()
        came += stand.scan(SCAN_S * 2)
        stand.matrix.press("7")
        came += stand.scan(SCAN_S)
    stand.matrix.release()
    came += stand.scan(0.1)
    assert [key for _, key in came] == [Key.K7]


def test_a_touch_shorter_than_the_bounce_is_nothing() -> None:
    assert Stand().typed("3", seconds=SETTLE_S - SCAN_S) == []


@pytest.mark.parametrize("pair", [("1", "2"), ("1", "4"), ("1", "5"), ("9", "enter")])
def test_two_keys_together_are_none_until_both_are_up(pair: tuple[str, str]) -> None:
    stand = Stand()
    stand.matrix.press(*pair)
    came = stand.scan(0.5)
    stand.matrix.release()
    stand.matrix.press(pair[0])
    came += stand.scan(0.5)
    assert came == []
    stand.matrix.release()
    stand.scan(0.1)
    assert stand.typed(pair[0]) == [Key(pair[0])]


def test_a_second_key_while_the_first_is_held_is_locked_out() -> None:
    stand = Stand()
    stand.matrix.press("1")
    came = stand.scan(0.1)
    stand.matrix.press("6")
    came += stand.scan(0.2)
    assert [key for _, key in came] == [Key.K1]


def test_three_keys_that_show_a_fourth_are_none() -> None:
    stand = Stand()
    stand.matrix.press("1", "2", "4")
    assert len(stand.keypad.down()) == 4
    assert stand.scan(0.5) == []


def test_a_key_that_is_stuck_at_the_start_never_counts() -> None:
    clock = HandClock()
    matrix = Matrix(SECTION, clock)
    Device.pin_factory = matrix.factory
    keypad = GpioKeypad(SECTION, clock)
    matrix.press("8")
    keypad.open()
    for _ in range(100):
        clock.pass_s(SCAN_S)
        assert keypad.step() is None
    with pytest.raises(PartError, match=r"D704 keypad: closed at rest: row 3 column 2"):
        keypad.check()


async def test_a_stuck_key_is_reported_once_and_not_which() -> None:
    clock = HandClock()
    matrix = Matrix(SECTION, clock)
    Device.pin_factory = matrix.factory
    async with GpioKeypad(SECTION, clock) as keypad:
        matrix.press("8")
        await asyncio.sleep(0.05)
        clock.pass_s(STUCK_S)
        async with asyncio.timeout(5):
            with pytest.raises(PartError, match="D704 keypad: a key is stuck") as told:
                await keypad.key()
        assert "closed" not in str(told.value)
        clock.pass_s(STUCK_S)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(keypad.key(), 0.1)


def test_the_staff_switch_is_a_key_of_its_own() -> None:
    stand = Stand()
    assert SECTION.staff is not None
    switch = stand.matrix.factory.pin(SECTION.staff)
    switch.drive_low()
    came = [key for _, key in stand.scan(0.1)]
    switch.drive_high()
    stand.scan(0.1)
    assert came == [Key.STAFF]


# -- nobody hears or sees a PIN -----------------------------------------------------


def history(digit: str) -> tuple[list[Trace], list[float]]:
    """All that happens on the pins for one digit, and when its key came."""
    stand = Stand()
    stand.matrix.trace.clear()
    stand.matrix.press(digit)
    came = stand.scan(0.12)
    stand.matrix.release()
    came += stand.scan(0.12)
    assert [key for _, key in came] == [Key(digit)]
    return stand.matrix.trace, [at for at, _ in came]


def test_pins_lights_and_times_are_the_same_for_all_ten_digits() -> None:
    trace, times = history("0")
    assert len(trace) > 500
    assert {what for _, what, _, _ in trace} == {"drive", "float", "read", "lamp"}
    for digit in DIGITS[1:]:
        assert history(digit) == (trace, times), "a digit can be told from outside"


async def test_the_tone_of_a_key_is_one_tone() -> None:
    async with GpioLights(LightsSection()) as front:
        pin = Device.pin_factory.pin(LightsSection().buzzer)
        heard = []
        for _ in DIGITS:
            pin.clear_states()
            await front.play(Sound.TICK)
            heard.append([state for _, state in pin.states])
    assert heard == [heard[0]] * 10
    assert 0.5 in heard[0]
    assert len(TONES[Sound.TICK]) == 1


# -- and everybody gets an answer at once -------------------------------------------


@pytest.mark.parametrize("digit", DIGITS)
def test_the_press_light_answers_within_a_tenth_of_a_second(digit: str) -> None:
    stand = Stand()
    stand.matrix.press(digit)
    scans = 0
    while not stand.lamp():
        stand.scan(SCAN_S)
        scans += 1
    assert scans == SETTLE_S / SCAN_S + 1
    assert scans * SCAN_S < FEEDBACK_S
    stand.matrix.release()
    stand.scan(SETTLE_S + 2 * SCAN_S)
    assert not stand.lamp()


async def test_keys_reach_the_reader_from_the_thread_that_scans() -> None:
    matrix = Matrix(SECTION, HandClock())
    Device.pin_factory = matrix.factory
    from device.adapters.clock import SystemClock

    async with GpioKeypad(SECTION, SystemClock()) as real:
        keypad: Keypad = real
        await asyncio.sleep(0.1)
        matrix.press("4")
        async with asyncio.timeout(5):
            assert await keypad.key() is Key.K4


async def test_pins_that_fail_are_named_with_their_wiring() -> None:
    matrix = Matrix(SECTION, HandClock())
    Device.pin_factory = matrix.factory
    from device.adapters.clock import SystemClock

    async with GpioKeypad(SECTION, SystemClock()) as keypad:

        def gone() -> frozenset[int]:
            raise OSError(5, "Input/output error")

        keypad.down = gone  # type: ignore[method-assign]
        async with asyncio.timeout(5):
            with pytest.raises(PartError, match=r"D704 keypad: .*row 1 GPIO5"):
                await keypad.key()


@pytest.mark.parametrize(
    "opened",
    [
        lambda: GpioKeypad(SECTION, HandClock()).open(),
        lambda: GpioLights(LightsSection()).open(),
        lambda: GpioHeadphones(3),
    ],
    ids=["keypad", "lights", "headphones"],
)
def test_a_machine_without_pins_is_named_with_what_to_do(
    opened: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "no_such_factory")
    with pytest.raises(PartError, match=r"D704 .*no pins here.*python3-lgpio"):
        opened()


def test_a_pin_that_another_part_has_is_named() -> None:
    headphones = GpioHeadphones(SECTION.rows[0])
    with pytest.raises(PartError, match="already in use"):
        GpioKeypad(SECTION, HandClock()).open()
    headphones.close()


def test_nothing_that_prints_a_keypad_prints_keys() -> None:
    stand = Stand()
    stand.matrix.press("9")
    stand.scan(0.1)
    assert repr(stand.keypad) == "GpioKeypad(...)"
    assert "9" not in repr(KeyPress(settle_s=0.02))


# -- the rule itself ----------------------------------------------------------------

steps = st.lists(
    st.tuples(st.sets(st.integers(0, 19), max_size=3), st.integers(1, 40)), max_size=30
)


@given(steps=steps)
def test_a_press_is_one_key_that_stood_after_everything_was_up(
    steps: list[tuple[set[int], int]],
) -> None:
    press, settle = KeyPress(settle_s=20), 20
    looks = [down for down, times in steps for _ in range(times)]
    accepted = [
        (at, key)
        for at, down in enumerate(looks)
        if (key := press.seen(frozenset(down), at)) is not None
    ]
    before = 0
    for at, key in accepted:
        assert looks[at - settle : at + 1] == [{key}] * (settle + 1)
        between = looks[before:at]
        quiet = max(
            end
            for end in range(settle + 1, len(between) + 1)
            if not any(between[end - settle - 1 : end])
        )
        assert all(len(down) <= 1 for down in between[quiet:])
        before = at


# -- lights and headphones ----------------------------------------------------------


async def test_every_light_is_told_by_place_and_rhythm_not_by_colour_alone() -> None:
    told = {light: how for light, how in RHYTHM.items() if how is not None}
    assert set(RHYTHM) == set(Light)
    for how in told.values():
        lamp, on, off = how
        assert not off or 1 / (on + off) <= 3, "WCAG 2.3.1: three flashes a second"
        assert lamp in {"white", "green", "red"}
    assert RHYTHM[Light.NO] != RHYTHM[Light.ALARM]
    assert told[Light.NO][0] != told[Light.YES][0]


async def test_one_lamp_burns_at_a_time() -> None:
    section = LightsSection()
    async with GpioLights(section) as real:
        lights: Lights = real
        pins = {
            n: Device.pin_factory.pin(getattr(section, n)) for n in ("white", "green")
        }
        await lights.set(Light.READY)
        assert (pins["white"].state, pins["green"].state) == (1, 0)
        await lights.set(Light.YES)
        assert (pins["white"].state, pins["green"].state) == (0, 1)
        await lights.set(Light.OFF)
        assert (pins["white"].state, pins["green"].state) == (0, 0)


async def test_only_stop_cuts_an_alarm_and_it_ends_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(TONES, Sound.ALARM, ((1320.0, 0.2),) * 2)
    async with GpioLights(LightsSection()) as real:
        speaker: Speaker = real
        pin = Device.pin_factory.pin(LightsSection().buzzer)
        alarm = asyncio.create_task(speaker.play(Sound.ALARM))
        await asyncio.sleep(0.1)
        await speaker.play(Sound.TICK)
        assert not alarm.done()
        await speaker.play(Sound.STOP)
        await asyncio.wait_for(alarm, 5)
        assert not pin.state
        await asyncio.wait_for(speaker.play(Sound.ALARM), 5)
        assert not pin.state
        tick = asyncio.create_task(speaker.play(Sound.TICK))
        await asyncio.sleep(0.01)
        assert pin.state
        await tick


def test_the_jack_says_whether_a_plug_is_in() -> None:
    headphones = GpioHeadphones(3)
    pin = Device.pin_factory.pin(3)
    assert not headphones.plugged()
    pin.drive_low()
    assert headphones.plugged()
