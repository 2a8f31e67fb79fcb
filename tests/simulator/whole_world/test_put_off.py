"""Rounds that a world puts off: every kiosk writes what it would have written, when it would have.

No clock is set wrong here: a kiosk without another takes the time from what the hub says, so its records depend on when
it speaks with the hub.
"""

from dataclasses import replace

from simulator.world.scenario import FaultKind, Rate, Scenario
from simulator.world.world import WHOLE, World

DAYS = Scenario(
    stations=2,
    lasts_h=48.0,
    heartbeat_s=14400.0,
    tend_s=14400.0,
    faults=(
        (FaultKind.CUT, Rate(2, 600, 7200)),
        (FaultKind.UNPLUG, Rate(2, 600, 7200)),
        (FaultKind.DISK_FULL, Rate(1, 600, 7200)),
        (FaultKind.HUB_KILL, Rate(2, 600, 7200)),
        (FaultKind.KILL, Rate(1, 600, 7200)),
    ),
)


def records_of(scenario, folder):
    world = World(scenario, 3, folder, WHOLE)
    try:
        parts = [part["records"] for part in world.run() if "records" in part]
    finally:
        world.close()
    ends_ms = scenario.begins_at.timestamp() * 1000 + scenario.lasts_h * 3_600_000
    return [sorted(told(one) for one in part if one["placed_ms"] < ends_ms) for part in parts]


def told(record):
    return tuple(
        str(record.get(name)) for name in ("seq", "kind", "mono_ms", "clock", "action", "placed_ms")
    )  # runs have other names


def test_rounds_put_off_leave_the_same_records(tmp_path):
    at_once = records_of(DAYS, tmp_path / "at_once")
    put_off = records_of(replace(DAYS, speaks_s=7200.0), tmp_path / "put_off")

    assert sum(map(len, at_once)) > 200
    assert put_off == at_once
