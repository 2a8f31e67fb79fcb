"""When kiosks and hub are away in a year: the faults of a scenario, and now and then a whole district's network."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final, NamedTuple

from simulator.city import SimCity
from simulator.opening import DAY, ZONE
from simulator.oracle.stretches import Stretch, united
from simulator.world.faults import plan_faults
from simulator.world.scenario import FaultKind, Scenario
from station.milliseconds import ms_of

BOOT_MS: Final = 110_000  # from a power failure to an agent that runs again
DEAD: Final = frozenset({FaultKind.KILL, FaultKind.STILL, FaultKind.UNPLUG, FaultKind.POWER, FaultKind.CLOCK_LOST})
BOOTS: Final = frozenset({FaultKind.POWER, FaultKind.CLOCK_LOST})
HUB: Final = frozenset({FaultKind.HUB_KILL, FaultKind.HUB_RESTORE, FaultKind.HUB_POWER})
NETWORKS_FAIL: Final = timedelta(days=30)  # about so often a district's network does, in working hours
FAILS_BETWEEN: Final = 9, 16  # o'clock
FAILS_FOR_S: Final = 300.0, 7200.0


class Away(NamedTuple):
    """Who is away when; stretches in order.

    Attributes:
        dead: by kiosk, while nobody who taps there gets an answer.
        unheard: by station, while one of its kiosks is not heard, or sees nothing.
        hub: while no hub runs.
    """

    dead: Mapping[str, list[Stretch]]
    unheard: Mapping[str, list[Stretch]]
    hub: list[Stretch]


def away(scenario: Scenario, city: SimCity, first: date, days: int) -> Away:
    """All of it, from the scenario's rates and seed."""
    dead, unheard, hub = defaultdict(list), defaultdict(list), list[Stretch]()
    kiosks = {kiosk: station.code for station in city.stations for kiosk in station.kiosks}
    begins_ms = ms_of(datetime.combine(first, time(), ZONE))
    for fault in plan_faults(scenario, scenario.seed, list(kiosks), first_s=0.0):
        since_ms = begins_ms + round(fault.at_s * 1000)
        lasts_ms = BOOT_MS if fault.kind in BOOTS else round(fault.lasts_s * 1000)
        stretch = Stretch(since_ms, since_ms + lasts_ms)
        if fault.kind in HUB:
            hub.append(stretch)
        if fault.kind in DEAD:
            dead[fault.kiosk].append(stretch)
        if fault.kind in DEAD or fault.kind is FaultKind.CUT:
            unheard[kiosks[fault.kiosk]].append(stretch)
    for district in city.districts:
        failures = list(_network_failures(f"{scenario.seed} {district}", first, days))
        for station in city.stations:
            if station.district == district:
                unheard[station.code] += failures
    return Away(_in_order(dead), _in_order(unheard), united(hub))


def _network_failures(seed: str, first: date, days: int) -> Iterable[Stretch]:
    rng = Random(f"network {seed}")
    for n in range(days):
        if rng.random() < DAY / NETWORKS_FAIL:
            midnight = datetime.combine(first + timedelta(days=n), time(), ZONE)
            since_ms = ms_of(midnight + timedelta(hours=rng.uniform(*FAILS_BETWEEN)))
            yield Stretch(since_ms, since_ms + round(rng.uniform(*FAILS_FOR_S) * 1000))


def _in_order(found: Mapping[str, list[Stretch]]) -> dict[str, list[Stretch]]:
    return {code: united(stretches) for code, stretches in found.items()}
