"""One run of one scenario: everything is built, goes wrong as planned, settles, and leaves evidence."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from simulator.city import SimCity
from simulator.world.agent_runs import BOOT_S
from simulator.world.asking import AskingAround
from simulator.world.booth import Booth
from simulator.world.broker import Broker
from simulator.world.centre import Centre
from simulator.world.changes import Changes
from simulator.world.crowd import Crowd
from simulator.world.database import WorldDatabase
from simulator.world.evidence import Evidence
from simulator.world.faults import DAY_S, HOUR_S, Fault, plan_faults
from simulator.world.registry import register, small_city
from simulator.world.rekeying import Rekeying
from simulator.world.scenario import OF_THE_CITY, OF_THE_LINE, FaultKind, Scenario
from simulator.world.timeline import Timeline
from simulator.world.wall import Wall

QUIET_S: Final = 1800.0  # before anybody comes: the kiosks learn hours and cards
MISSED_WITHIN_S: Final = 90.0  # by the broker, each kiosk of a line that is cut
WRONG_BY_S: Final = 7200.0
NEVER_SET: Final = 0.5  # of clocks that are lost: those of machines that begin in 1970 each time
OLDEST_BACKUP: Final = 23
_KEY_BYTES: Final = 32


class Excerpt(NamedTuple):
    """How much of a run is played: so many faults, so many hours. What is left out changes nothing before it."""

    faults: int | None = None
    hours: float = math.inf


WHOLE: Final = Excerpt()


class World:
    """A city with its kiosks and its hub, for one run.

    Args:
        folder: where kiosks keep what is not in their journals; best in memory.
        cut: how much of it is played.
        city: a part of the scenario's; None for all of it.

    Attributes:
        faults: those that are played.
        passed: called with each station-day that has passed.
    """

    def __init__(self, scenario: Scenario, seed: int, folder: Path, cut: Excerpt, city: SimCity | None = None) -> None:
        rng = Random(f"world {seed}")
        city = city or small_city(seed, scenario.stations, scenario.kiosks)
        self.seed, self._scenario = seed, scenario
        self._registry = register(city, rng.randbytes(_KEY_BYTES))
        self._timeline = Timeline(scenario.begins_at - timedelta(seconds=QUIET_S))
        self._broker = Broker(self._timeline, rng)
        database = WorldDatabase(
            folder / "hub", Random(f"{seed} hub"), self._registry.content, settles_early=scenario.settles_early
        )
        self._wall = Wall(self._timeline, city.kiosks())
        self._booths = {
            kiosk: Booth(
                scenario, station, kiosk, folder, timeline=self._timeline, broker=self._broker,
                site_key=self._registry.site_key, seed=seed,
            )
            for kiosk, station in city.kiosks().items()
        }  # fmt: skip
        self._crowd = Crowd(self._registry, self._booths, self._timeline, seed, self._wall)
        self._centre = Centre(
            self._registry, self._timeline, self._broker, database, scenario=scenario, seed=seed, wall=self._wall,
            knowledge=self._crowd.knowledge,
        )  # fmt: skip
        self._changes = Changes(self._registry, self._crowd, self._centre, self._timeline, seed)
        self.rekeying = Rekeying(
            self._registry, self._booths, self._centre, self._timeline, folder=folder / "keys", seed=seed,
            scenario=scenario,
        )  # fmt: skip
        self.asking = AskingAround(self._centre, self._timeline, seed)
        self._choice = Random(f"{seed} choices")
        self._ends_s = QUIET_S + min(scenario.lasts_h, cut.hours) * HOUR_S
        planned = plan_faults(scenario, seed, list(self._booths), first_s=QUIET_S)
        self.faults = [fault for fault in planned[: cut.faults] if fault.at_s < self._ends_s]
        self.passed: Callable[[float], object] = lambda _days: None

    def run(self) -> Iterator[dict[str, Any]]:
        """Play it all, once; then give the evidence, part by part."""
        self._timeline.call_at(0, self._centre.start)
        for booth in self._booths.values():
            self._timeline.call_at(BOOT_S, booth.start)
        for fault in self.faults:
            self._timeline.call_at(fault.at_s, partial(self._begin, fault))
        self._timeline.call_at(QUIET_S, self._open)
        for fault in self.faults:
            if fault.kind is FaultKind.HUB_RESTORE:
                self._plan_backup(fault)
        self._timeline.call_at(QUIET_S + DAY_S, self._tell_day)
        self._timeline.run_until(self._ends_s + self._scenario.settles_h * HOUR_S)
        assert self._centre.hub is not None
        limits = self._scenario.begins_at, self._timeline.began_at + timedelta(seconds=self._ends_s)
        evidence = Evidence(
            registry=self._registry.as_in(self._centre.directory()),
            crowd=self._crowd,
            centre=self._centre,
            wall=self._wall,
            now=self._timeline.now,
            checks_ledger=self._scenario.checks_ledger,
            gathers_s=self._scenario.speaks_s,
            heartbeat_s=self._scenario.heartbeat_s,
            is_corrected=any(kind is FaultKind.AMEND for kind, _ in self._scenario.faults),
        )
        return evidence.parts(*limits)

    def close(self) -> None:
        """Give everything back."""
        for booth in self._booths.values():
            booth.close()
        self._centre.close()

    def _open(self) -> None:
        """From now on people come."""
        self._crowd.come(self._scenario.begins_at, self._timeline.began_at + timedelta(seconds=self._ends_s))

    def _tell_day(self) -> None:
        self.passed(len(self._booths))
        if self._timeline.now_s + DAY_S <= self._ends_s:
            self._timeline.call_in(DAY_S, self._tell_day)

    def _plan_backup(self, restore: Fault) -> None:
        """Of all the copies that are made every backup_h, only those are, which some restore will put back."""
        every_s = self._scenario.backup_h * HOUR_S
        made = int((restore.at_s - QUIET_S) / every_s)
        age = Random(f"{self.seed} backup {restore.at_s}").randrange(min(made, OLDEST_BACKUP) + 1)
        self._timeline.call_at(QUIET_S + (made - age) * every_s, partial(self._centre.back_up, restore.at_s))

    def _begin(self, fault: Fault) -> None:
        booth = self._booths.get(fault.kiosk)
        if booth is None:
            self._strike_centre(fault)
        elif fault.kind in OF_THE_LINE:
            booth.hamper(fault.kind, fault.share)
            self._later(fault, partial(booth.hamper, fault.kind, None))
        elif fault.kind is FaultKind.EXCHANGE:
            self.rekeying.exchange(booth)
        elif fault.kind is FaultKind.IMAGE:
            self._later(fault, partial(self.rekeying.put_back, booth, *booth.image()))
        else:
            self._strike_kiosk(fault, booth)

    def _strike_centre(self, fault: Fault) -> None:
        acts: dict[FaultKind, Callable[[], None]] = {
            FaultKind.REKEY: lambda: self.rekeying.make(fault.lasts_s),
            FaultKind.LINE: lambda: self._cut_district(fault),
            FaultKind.FORGET: self._forget_links,
        }
        acts |= {kind: partial(self._changes.make, kind) for kind in OF_THE_CITY}
        if fault.kind in acts:
            acts[fault.kind]()
            return
        if fault.kind is FaultKind.HUB_FULL:
            self._centre.fill_disk()
            self._later(fault, self._centre.empty_disk)
            return
        if fault.kind is FaultKind.HUB_TWIN:
            self._centre.start_twin()
            self._later(fault, self._end_twin)
            return
        if fault.kind is FaultKind.HUB_POWER:
            self._centre.fail_power(within_s=fault.lasts_s / 2)
        else:
            self._centre.kill()
        if fault.kind is FaultKind.HUB_RESTORE:
            self._centre.put_back(fault.at_s)
        self._later(fault, self._centre.start)

    def _forget_links(self) -> None:
        self._broker.forget()
        for booth in self._booths.values():
            booth.lose_link()
        if self._centre.hub is not None:
            self._centre.hub.greet()

    def _cut_district(self, fault: Fault) -> None:
        rng = Random(f"{self.seed} line {fault.at_s}")
        city = self._registry.city
        district = rng.choice(city.districts)
        for kiosk in (kiosk for place in city.stations if place.district == district for kiosk in place.kiosks):
            after_s = rng.uniform(0.0, min(MISSED_WITHIN_S, fault.lasts_s / 2))
            one = replace(fault, kind=FaultKind.CUT, kiosk=kiosk, lasts_s=fault.lasts_s - after_s)
            self._timeline.call_in(after_s, partial(self._begin, one))

    def _end_twin(self) -> None:
        self._centre.end_twin()
        self._timeline.call_in(BOOT_S, self._centre.start)

    def _strike_kiosk(self, fault: Fault, booth: Booth) -> None:
        match fault.kind:
            case FaultKind.CUT:
                booth.cable(is_whole=False)
                self._later(fault, partial(booth.cable, is_whole=True))
            case FaultKind.ASK:
                self.asking.ask(fault.kiosk)
            case FaultKind.KILL:
                booth.kill()
                self._later(fault, booth.start)
            case FaultKind.POWER:
                booth.fail_power_soon()
            case FaultKind.UNPLUG:
                booth.plug(has_reader=False)
                self._later(fault, partial(booth.plug, has_reader=True))
            case FaultKind.STILL:
                booth.stand_still()
                self._later(fault, booth.go_on)
            case FaultKind.DISK_FULL:
                booth.fill_disk(is_full=True)
                self._later(fault, partial(booth.fill_disk, is_full=False))
            case FaultKind.CLOCK_STEP:
                booth.set_clock(self._wrong_by_s(), is_synced=False)
                self._later(fault, partial(booth.set_clock, 0.0, is_synced=True))
            case FaultKind.CLOCK_LOST:
                since_1970_s = self._timeline.now.timestamp()
                booth.lose_clock(-since_1970_s if self._choice.random() < NEVER_SET else self._wrong_by_s())
                self._later(fault, partial(booth.set_clock, 0.0, is_synced=True))

    def _wrong_by_s(self) -> float:
        return self._choice.uniform(-WRONG_BY_S, WRONG_BY_S)

    def _later(self, fault: Fault, act: Any) -> None:
        self._timeline.call_in(fault.lasts_s, act)
