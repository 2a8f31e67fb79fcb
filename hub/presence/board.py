"""The board's figures: one row a station, kept exact as taps, kiosks and time itself change it.

Belongs to the event loop. A row is made anew only where something may be otherwise; what time alone will change
stands in a heap of moments. How it looks is the pages' affair, who is there `presence`'s.
"""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from hub.errors import UnknownStationError
from hub.presence.board_row import INSTANT, SOON, StandingStation, board_row_of, duty_class_of, watch_at
from hub.presence.board_view import TROUBLE_FIRST, BoardRow, BoardView, ExpectedOne, StationDay
from hub.presence.expecting import awaited_period, come_for, expected_ones
from hub.presence.leaving_out import Attempt, plainly
from hub.presence.liveness import Liveness
from hub.presence.past_days import PastDays
from hub.presence.reason import reason_of, unseen_of, without_new
from hub.presence.recent import LOOK_BACK, Recent
from hub.presence.recent_watching import Watching
from hub.presence.station_day import DayKnown, coverage_of, known_today, picture_of
from hub.register.directory import Directory
from hub.register.rulebook import Rulebook
from hub.register.shifts import NO_PLAN
from station.clock import Clock
from station.duty import DutyClass, StationRules
from station.hours import midnight_of
from station.names import StationCode
from station.strict import FIRST_YEAR, LAST_YEAR

Changed = Callable[[tuple[BoardRow, ...]], None]
LATE: Final = timedelta(minutes=1)  # what is told later than this may have changed the past


class Board:
    """What the pages and the API are told; their `BoardSource`.

    Args:
        clock: whose now it is.
        recent: who was where lately.
        liveness: which kiosks are heard.
        watching: when kiosks watched lately.
        past: what the ledger says of any day.
        findings_at: what an operator should know of a station, in words.
        attempt: what is done for one station; may leave it out.
    """

    def __init__(
        self,
        clock: Clock,
        recent: Recent,
        liveness: Liveness,
        watching: Watching,
        past: PastDays,
        *,
        findings_at: Callable[[StationCode], tuple[str, ...]],
        attempt: Attempt = plainly,
    ) -> None:
        self._attempt = attempt
        self._clock = clock
        self._recent = recent
        self._liveness = liveness
        self._watching = watching
        self._past = past
        self._book: Rulebook | None = None
        self._directory: Directory | None = None
        self._findings_at = findings_at
        self._city = ""
        self._places: dict[StationCode, StandingStation] = {}
        self._due: list[tuple[datetime, StationCode]] = []
        self._subscribers: list[Changed] = []
        self._rows: tuple[BoardRow, ...] | None = None

    def learn(self, directory: Directory, book: Rulebook, rules: dict[StationCode, StationRules], today: date) -> None:
        """Take a new city, or a new day of it."""
        self._city, self._book, self._directory = directory.city, book, directory
        before, self._places = self._places, {}
        for code, known in directory.stations.items():
            kiosks = tuple(k for k in directory.kiosks.values() if k.station == code and k.in_service(today))
            place = self._places[code] = StandingStation(known, rules[code], kiosks)
            if code in before:
                place.row = before[code].row
        self._due.clear()
        self._rows = None
        self.refresh(self._places, None)

    def view(self) -> BoardView:
        """Return the whole board as of now."""
        now = self._clock.now()
        self.advance(now)
        if self._rows is None:
            self._rows = tuple(place.row for place in self._places.values() if place.row is not None)
        return BoardView(now, self._clock.rate, self._city, self._rows)

    async def station_day(self, code: str, day: date | None = None) -> StationDay:
        """Return one station's day, today where no day is given.

        Raises:
            UnknownStationError: no station has that code.
        """
        place = self._places.get(StationCode(code))
        if place is None:
            raise UnknownStationError(code)
        now = self._clock.now()
        self.advance(now)
        day = day or place.rules.calendar.local_day(now)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:  # no record is of such a day, and no calendar reaches it
            assert place.row is not None
            known = await self._past.read(place.known.code, date(FIRST_YEAR, 1, 1), now)
            return StationDay(place.row, day, (), (), (), (), now, is_recorded=False, first_day=known.first_day)
        known = await self._past.read(place.known.code, day, now)
        return self._picture_of(place, known)

    def _picture_of(self, place: StandingStation, known: DayKnown) -> StationDay:
        assert self._book is not None
        assert place.row is not None
        today = place.rules.calendar.local_day(known.now)
        rules, row = place.rules, place.row
        findings = self._findings_at(place.known.code) if known.day == today else ()  # they are of now
        if known.day == today:  # the ledger is written a moment later than it is folded
            told, known = known, self._known_now(place, known.now)
            is_begun = bool(known.stints) or any(known.watched.values())
            known = known._replace(marked=told.marked, first_day=told.first_day or (today if is_begun else None))
        else:
            rules = self._book.rules(place.known.code, known.day, known.day)
            duty, heard = rules.terms_on(known.day).duty, sum(map(bool, known.watched.values()))
            kiosks = len(known.watched)
            row = replace(row, minimum=duty.minimum, target=duty.target, kiosks=kiosks, kiosks_heard=heard)
        picture = picture_of(known, row, rules, self._book, findings)
        return replace(picture, reason=place.known.closed_for(known.day))

    def subscribe(self, changed: Changed) -> Callable[[], None]:
        """Call `changed` on the event loop with only the rows that changed; return what ends it."""
        self._subscribers.append(changed)
        return lambda: self._subscribers.remove(changed)

    def refresh(self, codes: Iterable[StationCode], cause_at: datetime | None) -> None:
        """Make these stations' rows anew.

        Args:
            codes: those where something may be otherwise.
            cause_at: when what changed them happened; None where that is not known.
        """
        now = self._clock.now()
        made = [self._attempt(self._make_row, code, cause_at, now) for code in codes]
        self._tell([row for row in made if row is not None])

    def advance(self, now: datetime) -> None:
        """Let time pass up to now."""
        changed = []
        while self._due and self._due[0][0] <= now:
            due_at, code = heapq.heappop(self._due)
            place = self._places.get(code)
            if place is not None and place.due_at == due_at:  # else the station was put in anew, earlier
                place.due_at = None
                row = self._attempt(self._make_row, code, due_at, now)
                if row is not None:
                    changed.append(row)
        self._tell(changed)

    def next_due(self) -> datetime | None:
        """When time alone next changes a row, at the earliest."""
        return self._due[0][0] if self._due else None

    def duty_class(self, code: StationCode) -> DutyClass:
        """A station's class as of the last change."""
        row = self._places[code].row
        return row.duty_class if row is not None else DutyClass.UNKNOWN

    def _make_row(self, code: StationCode, cause_at: datetime | None, now: datetime) -> BoardRow | None:
        """The station's new row, None where it is the old one."""
        place = self._places.get(code)
        if place is None:
            return None
        present = self._recent.present(code, now)
        watch = watch_at(place.kiosk_ids, self._liveness, now)
        duty_class = duty_class_of(place, present, watch, now)
        before = place.row
        is_recent = cause_at is not None and now - cause_at <= LATE
        if before is not None and before.duty_class is duty_class and is_recent:
            since = before.since
        else:
            since = self._since(place, duty_class, cause_at, now)
        row = board_row_of(place, present, watch, since, now)
        if (row.is_open or row.opens_soon) and place.known.duty_plan != NO_PLAN:
            row = replace(row, expected=self._expected(place, row, now))
        if row.is_open and (duty_class is DutyClass.UNKNOWN or not watch.is_whole):
            kiosks = [self._liveness.now(kiosk, now) for kiosk in place.kiosks]
            row = replace(row, unseen=unseen_of(kiosks if duty_class is DutyClass.UNKNOWN else without_new(kiosks)))
        if duty_class in TROUBLE_FIRST:
            away, opened_at = self._recent.away(code, now), place.opened_at(now)
            row = replace(row, reason=reason_of(duty_class, row.unseen, away, opened_at, now))
        self._schedule(code, place, now)
        if row == before:
            return None
        place.row, self._rows = row, None
        return row

    def _expected(self, place: StandingStation, row: BoardRow, now: datetime) -> tuple[ExpectedOne, ...]:
        if self._directory is None:
            return ()
        opens_at = None if row.is_open else row.next_change_at
        period = awaited_period(self._directory, place.known.code, place.rules.calendar, now, opens_at)
        if period is None:
            return ()
        place.awaited_until = period.closes_at
        come = come_for(period, self._recent.attendances(place.known.code), now)
        return expected_ones(self._directory, place.known.code, period, come)

    def _since(
        self, place: StandingStation, duty_class: DutyClass, cause_at: datetime | None, now: datetime
    ) -> datetime:
        """Since when the class holds: since what changed it, or as the day's bands have it."""
        found = coverage_of(self._known_now(place, now), place.rules, is_live=True).class_since(duty_class)
        before = place.row.since if place.row is not None and place.row.duty_class is duty_class else None
        if found is not None and found == midnight_of(place.rules.calendar.local_day(now), place.rules.calendar.zone):
            return self._since_before_today(place, duty_class, before, now) or found
        if found is not None:
            return found
        if before is not None:
            return before
        return now if cause_at is None or now - cause_at > LATE else min(cause_at, now)

    def _since_before_today(
        self, place: StandingStation, duty_class: DutyClass, before: datetime | None, now: datetime
    ) -> datetime | None:
        """Since when a class holds that held at midnight: since it closed, or as far back as is remembered."""
        if duty_class is DutyClass.CLOSED:
            return place.closed_at(now)
        since = None
        for days_ago in range(1, LOOK_BACK // timedelta(days=1) + 1):
            day = self._known_now(place, now, days_ago)
            found = coverage_of(day, place.rules, is_live=True).class_since(duty_class)
            if found is None or found > midnight_of(day.day, place.rules.calendar.zone):
                return found or since
            since = found
        return min((moment for moment in (before, since) if moment is not None), default=None)

    def _known_now(self, place: StandingStation, now: datetime, days_ago: int = 0) -> DayKnown:
        """Today, as it is remembered here, or a day shortly before it."""
        heard = {kiosk: self._liveness.watches(kiosk, now) for kiosk in place.kiosk_ids}
        return known_today(
            place.known.code, self._recent, self._watching, heard=heard, rules=place.rules, now=now, days_ago=days_ago
        )

    def _schedule(self, code: StationCode, place: StandingStation, now: datetime) -> None:
        _, change_at = place.hours_at(now)
        turns = [self._recent.next_turn(code, now), self._liveness.next_change(place.kiosk_ids, now)]
        moments = [turn + INSTANT for turn in turns if turn is not None]
        if change_at is not None:
            moments += [moment for moment in (change_at - SOON, change_at) if moment > now]
        if place.awaited_until is not None and place.awaited_until > now:
            moments.append(place.awaited_until)
        due_at = min(moments, default=None)
        if due_at is not None and (place.due_at is None or due_at < place.due_at):
            place.due_at = due_at  # a later one waits until this one has come: one entry a station
            heapq.heappush(self._due, (due_at, code))

    def _tell(self, rows: list[BoardRow]) -> None:
        if rows:
            told = tuple(rows)
            for changed in tuple(self._subscribers):
                changed(told)
