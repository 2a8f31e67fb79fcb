"""What one run leaves for the oracle: plain JSON, kiosk by kiosk and then day by day, so that a year fits in memory."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from simulator.opening import DAY, ZONE
from simulator.oracle.presence import PROOF_MS
from simulator.world.centre import Centre
from simulator.world.channels import channels_of, districts_of
from simulator.world.corrected_days import CorrectedDays, ToldTap
from simulator.world.crowd import Crowd
from simulator.world.journals import records_of
from simulator.world.own_journal import amended_taps, amendments_of
from simulator.world.past_days import Past, accounts, coverage_differences_at, held, kept, ledger_differences, shown
from simulator.world.registry import Registry
from simulator.world.wall import Wall
from station.milliseconds import ms_of

DaysSaid = tuple[Mapping[tuple[str, date], list[list[ToldTap]]], set[tuple[str, date]]]


class Evidence(NamedTuple):
    """Where it lies once the world stands still."""

    registry: Registry
    crowd: Crowd
    centre: Centre
    wall: Wall
    now: datetime
    checks_ledger: bool
    gathers_s: float
    heartbeat_s: float
    is_corrected: bool

    def parts(self, begins_at: datetime, ends_at: datetime) -> Iterator[dict[str, Any]]:
        """All of it; people came, and things went wrong, between these moments."""
        assert self.centre.hub is not None
        self.centre.hub.catch_up()
        found = [finding for finding in self.centre.hub.core.findings.all() if not finding.ended_at]
        yield {
            "findings": [{"kind": finding.kind.value, "text": finding.text} for finding in found],
            "settled": self.centre.kept,
            "ledger": [
                *self.centre.differences,
                *(ledger_differences(self.registry.directory, self.centre.engine) if self.checks_ledger else ()),
                *(
                    coverage_differences_at(self.registry.directory, self.centre.engine, self.now)
                    if self.checks_ledger
                    else ()
                ),
            ],
        }
        corrected = self._corrected()
        if self.is_corrected:
            yield {
                "amendments": corrected.said,
                "amended": self._by_first_name(amended_taps(self.centre.engine), "token"),
            }
        off_ms: Counter[tuple[str, date]] = Counter()
        yield {"alarms": self._alarms()}
        for kiosk, station in self.registry.city.kiosks().items():
            records = self._by_first_name(records_of(self.centre.engine, kiosk), "card")
            off_ms.update(self._off_ms(kiosk, station, records))
            corrected.take(station, records, self.crowd.beeps[kiosk])
            for one in filter(_is_bounded, records):
                self.crowd.doubt(station, datetime.fromtimestamp(one["placed_ms"] / 1000, ZONE).date())
            since_ms, until_ms = ms_of(begins_at), ms_of(self.now)
            yield {
                "beeps": self.crowd.beeps[kiosk],
                "unheard": self.crowd.unheard[kiosk],
                "records": records,
                "since_ms": since_ms,
                "until_ms": until_ms,
                "stood": self.wall.kiosk_steps(kiosk, since_ms, until_ms)["stood"],
                "hub": self.wall.hub_steps(since_ms, until_ms),
                "gathers_ms": round(self.gathers_s * 1000),
            }
        days = [*_days(begins_at, ends_at)]
        said = corrected.finish()
        for day, past in kept(self.registry, self.centre.engine, days):
            limits = max(begins_at, _midnight(day)), min(ends_at, _midnight(day + DAY))
            yield {
                "amendments": corrected.said,
                "days": [*self._stations(day, limits, past, said, is_last=day == days[-1])],
                "walls": [*self._walls(day, limits)],
                "coverage": [*self._accounts(day, begins_at, said, off_ms)],
            }

    def _by_first_name(self, rows: Iterable[dict[str, Any]], name: str) -> list[dict[str, Any]]:
        """The same, with cards as the oracle knows them."""
        first_of = self.registry.keys.first_of
        return [{**row, name: first_of(row[name])} if row.get(name) else row for row in rows]

    def _corrected(self) -> CorrectedDays:
        cards: dict[str, str] = {}
        cards |= {self.registry.token(card): one.person for one in self.registry.city.volunteers for card in one.cards}
        said = amendments_of(self.centre.engine) if self.is_corrected else []
        return CorrectedDays(said, cards, self.crowd.places)

    def _day(self, station: str, day: date, said: DaysSaid) -> dict[str, Any]:
        """What a station's day is read by: its opening, how many are wanted, and what was said of its taps."""
        plain, unclear = said
        opened = self.registry.city.station(station).opening.on(day)
        return {
            "station": station,
            "day": day.isoformat(),
            "sure": self.crowd.is_sure(station, day) and (station, day) not in unclear,
            "open": [[ms_of(edge) for edge in one] for one in opened],
            "wanted": self.crowd.truth.terms_on(station, _midnight(day)),
            "corrected": plain.get((station, day), []),
        }

    def _off_ms(self, kiosk: str, station: str, records: list[dict[str, Any]]) -> dict[tuple[str, date], int]:
        """By how much the hub's times of a kiosk's taps are off, day by day; that it is little is judged elsewhere."""
        made_ms = {(beep["epoch"], beep["seq"]): beep["at_ms"] for beep in self.crowd.beeps[kiosk]}
        found: Counter[tuple[str, date]] = Counter()
        for one in records:
            true_ms = made_ms.get((one["epoch"], one["seq"]))
            if true_ms is not None and true_ms != one["placed_ms"]:
                day = datetime.fromtimestamp(true_ms / 1000, ZONE).date()
                found[station, day] += abs(one["placed_ms"] - true_ms)
        return found

    def _accounts(
        self, day: date, begins_at: datetime, said: DaysSaid, off_ms: Mapping[tuple[str, date], int]
    ) -> Iterator[dict[str, Any]]:
        """What the coverage ledger has of each station's day, and the day as it was."""
        kept = accounts(self.centre.engine, day)
        since_ms, until_ms = ms_of(_midnight(day)), ms_of(_midnight(day + DAY))
        began_ms, diary = ms_of(begins_at), self.crowd.diary
        before = [{"kind": "not begun", "since_ms": since_ms, "until_ms": began_ms}] if since_ms < began_ms else []
        for place in self.registry.city.stations:
            about = place.code, since_ms - PROOF_MS, until_ms + PROOF_MS
            yield {
                **self._day(place.code, day, said),
                "since_ms": since_ms,
                "truth": diary.steps(place.code, since_ms, until_ms),
                "gaps": [*before, *diary.gaps(*about)],
                "kiosks": diary.kiosks(*about),
                "returned": diary.returned(*about),
                "off_ms": off_ms[place.code, day],
                "kept": kept.get(place.code),
            }

    def _alarms(self) -> dict[str, Any]:
        """Who was told what, and what the board showed of it all."""
        city, until_ms = self.registry.city, ms_of(self.now)
        return {
            "until_ms": until_ms,
            "scopes": {place.code: f"district/{districts_of(city)[place.district]}" for place in city.stations},
            "channels": [channel.plain() for channel in channels_of(city)],
            "classes": {place.code: self.wall.class_steps(place.code) for place in city.stations},
            "watching": {place.code: self.wall.watching_steps(place.code) for place in city.stations},
            "closings": {
                place.code: [
                    step["since_ms"]
                    for step in self.crowd.diary.steps(place.code, 0, until_ms)
                    if step["class"] == "closed"
                ]
                for place in city.stations
            },
            "hub": self.wall.hub_steps(0, until_ms),
            "doubts": self.centre.alarms.doubts,
            "told": self.centre.alarms.told,
            "done": self.centre.alarms.handling.done,
        }

    def _stations(
        self, day: date, limits: tuple[datetime, datetime], past: Past, said: DaysSaid, *, is_last: bool
    ) -> Iterator[dict[str, Any]]:
        """What each station should show that day, what the records show, and on the last day what the hub shows."""
        assert self.centre.hub is not None
        since_ms, until_ms = (ms_of(limit) for limit in limits)
        live: dict[str, list[dict[str, Any]]] = {}
        if is_last:
            live = dict(shown(held(self.registry, self.centre.hub, self.now), self.registry, day, self.now))
        for station, steps in shown(past, self.registry, day, self.now):
            told = {
                **self._day(station, day, said),
                "since_ms": since_ms,
                "until_ms": until_ms,
                "truth": self.crowd.diary.steps(station, since_ms, until_ms),
                "gaps": [*self.crowd.diary.gaps(station, since_ms, until_ms)],
                "kiosks": self.crowd.diary.kiosks(station, since_ms, until_ms),
                "rebuilt": steps,
            }
            yield {**told, "live": live[station]} if is_last else told

    def _walls(self, day: date, limits: tuple[datetime, datetime]) -> Iterator[dict[str, Any]]:
        """What the board showed of each station that day, and what the hub could know."""
        since_ms, until_ms = (ms_of(limit) for limit in limits)
        knowledge, kiosks = self.crowd.knowledge, self.registry.city.kiosks()
        told = defaultdict(list)
        for one in self.centre.alarms.told:
            if since_ms <= one["made_ms"] < until_ms:
                told[one["station"]].append(one)
        for station in self.registry.rules:
            late_ms = knowledge.late_ms[station]
            yield {
                "station": station,
                "day": day.isoformat(),
                "since_ms": since_ms,
                "until_ms": until_ms,
                "sure": self.crowd.is_sure(station, day),
                "rows": self.wall.row_steps(station, since_ms, until_ms),
                "known": knowledge.diary.steps(station, since_ms, until_ms),
                "heartbeat_ms": round(self.heartbeat_s * 1000),
                "gathers_ms": round(self.gathers_s * 1000),
                "torn": knowledge.torn_steps(station, since_ms, until_ms),
                "late_ms": [at_ms for at_ms in late_ms if since_ms <= at_ms < until_ms],
                "hub": self.wall.hub_steps(since_ms, until_ms),
                "told": told[station],
                "doubts": [at_ms for at_ms in self.centre.alarms.doubts if since_ms <= at_ms < until_ms],
                "kiosks": [
                    self.wall.kiosk_steps(kiosk, since_ms, until_ms)
                    for kiosk, place in kiosks.items()
                    if place == station
                ],
            }


def _is_bounded(record: dict[str, Any]) -> bool:
    """Whether it is a tap whose time is not known."""
    return "placed" in record and record["placed"]["clock"] != "synced"


def _days(begins_at: datetime, ends_at: datetime) -> Iterator[date]:
    day = begins_at.astimezone(ZONE).date()
    while _midnight(day) < ends_at:
        yield day
        day += DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
