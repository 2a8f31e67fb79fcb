"""One run of one scenario: everything is built, goes wrong as planned, settles, and leaves evidence in plain JSON."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, Final

from simulator.opening import ZONE
from simulator.world.booth import BOOT_S, Booth
from simulator.world.broker import Broker
from simulator.world.centre import Centre
from simulator.world.crowd import Crowd
from simulator.world.faults import HOUR_S, Fault, plan_faults
from simulator.world.ledger import Past, end_of, figures, rebuilt, records_of
from simulator.world.registry import register, small_city
from simulator.world.scenario import OF_THE_LINE, FaultKind
from simulator.world.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulator.world.scenario import Scenario

QUIET_S: Final = 1800.0  # before anybody comes: the kiosks learn hours and cards
MINUTE_S: Final = 60.0
WRONG_BY_S: Final = 7200.0
_KEY_BYTES: Final = 32


class World:
    """A city with its kiosks and its hub, for one run.

    Args:
        folder: where kiosks keep what is not in their journals; best in memory.
        faults: how many of those planned are played; None for all.
    """

    def __init__(self, scenario: Scenario, seed: int, folder: Path, faults: int | None = None) -> None:
        rng = Random(f"world {seed}")
        city = small_city(seed, scenario.stations)
        self.seed, self._scenario = seed, scenario
        self._registry = register(city, rng.randbytes(_KEY_BYTES))
        self._timeline = Timeline(scenario.begins_at - timedelta(seconds=QUIET_S))
        self._broker = Broker(self._timeline, rng)
        self._centre = Centre(self._registry, self._timeline, self._broker, seed)
        self._booths = {
            kiosk: Booth(
                scenario, station, kiosk, folder, timeline=self._timeline, broker=self._broker,
                site_key=self._registry.site_key, seed=seed,
            )
            for kiosk, station in city.kiosks().items()
        }  # fmt: skip
        self._crowd = Crowd(self._registry, self._booths, self._timeline, seed)
        self._choice = Random(f"{seed} choices")
        self._ends_s = QUIET_S + scenario.lasts_h * HOUR_S
        self.faults = plan_faults(scenario, seed, list(self._booths), first_s=QUIET_S)[:faults]
        self._minutes: list[dict[str, Any]] = []
        self._ends = dict.fromkeys(self._booths, 0)

    def run(self) -> dict[str, Any]:
        """Play it all; once."""
        self._timeline.call_at(0, self._centre.start)
        for booth in self._booths.values():
            self._timeline.call_at(BOOT_S, booth.start)
        for fault in self.faults:
            self._timeline.call_at(fault.at_s, partial(self._begin, fault))
        self._crowd.come(self._scenario.begins_at, self._timeline.began_at + timedelta(seconds=self._ends_s))
        self._timeline.call_at(QUIET_S, self._look_round)
        self._timeline.call_at(QUIET_S, self._back_up)
        self._timeline.run_until(self._ends_s + self._scenario.settles_h * HOUR_S)
        return self._evidence()

    def close(self) -> None:
        """Give everything back."""
        for booth in self._booths.values():
            booth.close()
        self._centre.close()

    def _look_round(self) -> None:
        """Note what each station should show, each minute."""
        now, next_s = self._timeline.now, self._timeline.now_s + MINUTE_S
        for booth in self._booths.values():
            truth = self._crowd.truth.figures(booth.station, now)
            is_open = truth.duty_class != "closed"  # closed minutes tell only who watched
            self._minutes.append(
                {
                    "station": booth.station,
                    "at": now.isoformat(),
                    "watched": booth.watches,
                    "hindered": booth.is_full or booth.ends > self._ends[booth.name],
                    "steady": is_open and self._crowd.is_steady(booth.station),
                    "truth": truth.plain(),
                }
            )
            self._ends[booth.name] = booth.ends
        if next_s <= self._ends_s:
            self._timeline.call_at(next_s, self._look_round)

    def _back_up(self) -> None:
        self._centre.back_up()
        next_s = self._timeline.now_s + self._scenario.backup_h * HOUR_S
        if next_s <= self._ends_s:
            self._timeline.call_at(next_s, self._back_up)

    def _begin(self, fault: Fault) -> None:
        booth = self._booths.get(fault.kiosk)
        if booth is None:
            self._strike_centre(fault)
        elif fault.kind in OF_THE_LINE:
            booth.line.faults[fault.kind] = fault.share
            self._later(fault, lambda: booth.line.faults.pop(fault.kind, None))
        else:
            self._strike_kiosk(fault, booth)

    def _strike_centre(self, fault: Fault) -> None:
        if fault.kind is FaultKind.FORGET:
            self._broker.forget()
            for booth in self._booths.values():
                if not booth.is_cut_off:
                    booth.lose_link()
            if self._centre.hub is not None:
                self._centre.hub.greet()
            return
        self._centre.kill()
        if fault.kind is FaultKind.HUB_RESTORE:
            self._centre.put_back(self._choice)
        self._later(fault, self._centre.start)

    def _strike_kiosk(self, fault: Fault, booth: Booth) -> None:
        match fault.kind:
            case FaultKind.CUT:
                booth.cut_off()
                self._later(fault, booth.join)
            case FaultKind.KILL:
                booth.kill()
                self._later(fault, booth.start)
            case FaultKind.POWER:
                booth.fail_power_soon()
            case FaultKind.UNPLUG:
                booth.unplug()
                self._later(fault, booth.plug_in)
            case FaultKind.DISK_FULL:
                booth.fill_disk()
                self._later(fault, booth.empty_disk)
            case FaultKind.CLOCK_STEP:
                self._step_clock(fault, booth)

    def _step_clock(self, fault: Fault, booth: Booth) -> None:
        self._crowd.doubt(booth.station)
        booth.hands.off_s, booth.hands.is_synced = self._choice.uniform(-WRONG_BY_S, WRONG_BY_S), False

        def set_right() -> None:
            self._crowd.doubt(booth.station)
            booth.hands.off_s, booth.hands.is_synced = 0.0, True

        self._later(fault, set_right)

    def _later(self, fault: Fault, act: Any) -> None:
        self._timeline.call_in(fault.lasts_s, act)

    def _evidence(self) -> dict[str, Any]:
        assert self._centre.hub is not None
        self._add_rebuilt()
        found = [finding for finding in self._centre.hub.findings.all() if not finding.ended_at]
        return {
            "seed": self.seed,
            "faults": [fault.plain() for fault in self.faults],
            "beeps": self._crowd.beeps,
            "unheard": self._crowd.unheard,
            "records": records_of(self._centre.engine),
            "minutes": self._minutes,
            "findings": [{"kind": finding.kind.value, "text": finding.text} for finding in found],
        }

    def _add_rebuilt(self) -> None:
        """Say of each minute what the records show, and of the last day what the running hub shows."""
        assert self._centre.hub is not None
        now = self._timeline.now
        by_day: dict[tuple[Any, str], list[dict[str, Any]]] = {}
        for minute in self._minutes:
            day = datetime.fromisoformat(minute["at"]).astimezone(ZONE).date()
            by_day.setdefault((day, minute["station"]), []).append(minute)
        last = max((day for day, _ in by_day), default=None)
        anew = {day: rebuilt(self._registry, self._centre.engine, day) for day, _ in by_day}
        for (day, station), minutes in by_day.items():
            is_sure = self._crowd.is_sure(station, day)
            self._add(minutes, "sure", [is_sure] * len(minutes))
            moments = [datetime.fromisoformat(minute["at"]) for minute in minutes]
            self._add(minutes, "rebuilt", figures(anew[day], self._registry, station, moments, end_of(day, now)))
            if day == last:
                live = Past(self._centre.hub.presences, self._centre.hub.watches)
                self._add(minutes, "live", figures(live, self._registry, station, moments, end_of(day, now)))

    @staticmethod
    def _add(minutes: Sequence[dict[str, Any]], key: str, shown: Sequence[Any]) -> None:
        for minute, each in zip(minutes, shown, strict=True):
            minute[key] = each
