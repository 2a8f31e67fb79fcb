"""Virtual clocks: the same moment for a whole tree of processes."""

from datetime import UTC, datetime

import pytest

from station.clock import VARIABLE, Clock, read_clock
from station.errors import ConfigError


class _Boot:
    """A machine's seconds since boot, moved by hand."""

    def __init__(self, at_s: float) -> None:
        self.at_s = at_s

    def __call__(self) -> float:
        return self.at_s


def test_sixty_times_as_fast_wall_and_monotonic_alike() -> None:
    boot = _Boot(1000.0)
    clock = read_clock({VARIABLE: "2026-03-05T07:50+08:00@60"}, boot)

    boot.at_s += 1.0

    assert clock.now() == datetime(2026, 3, 4, 23, 51, tzinfo=UTC)
    assert clock.mono_s() == 1060.0
    assert clock.real_s(30.0) == 0.5


def test_a_moment_in_which_another_thread_came_between_is_read_again() -> None:
    readings = iter([10.0, 10.2, 20.0, 20.001])  # as two threads see it: the first pair is too far apart
    clock = Clock(boot_s=lambda: next(readings))

    _, mono_s = clock.moment()

    assert mono_s == 20.0


def test_a_child_process_has_the_very_same_clock() -> None:
    boot = _Boot(1000.0)
    parent = read_clock({VARIABLE: "2026-03-05T07:50+08:00@60"}, boot)
    boot.at_s += 7.0

    child = read_clock({VARIABLE: parent.spell()}, boot)

    assert (child.now(), child.mono_s()) == (parent.now(), parent.mono_s())


def test_without_the_variable_the_machines_own_clock_holds() -> None:
    clock = read_clock({})

    before, told, after = datetime.now(UTC), clock.now(), datetime.now(UTC)

    assert before <= told <= after
    assert clock.spell() == ""


@pytest.mark.parametrize(
    "text", ["soon", "2026-03-05T07:50@60", "2026-03-05T07:50+08:00@0", "2026-03-05T07:50+08:00@x"]
)
def test_an_unclear_clock_says_what_is_wanted(text: str) -> None:
    with pytest.raises(ConfigError, match="2026-03-05T07:50"):
        read_clock({VARIABLE: text})
