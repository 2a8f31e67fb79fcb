"""What waits about tomorrow: opening periods with nobody on the roster, or too few; and who keeps no roster at all."""

from collections import defaultdict
from datetime import date, datetime, timedelta, tzinfo
from urllib.parse import quote, urlencode

from sqlalchemy import Connection

from hub.register.reading import read_edition
from hub.register.shifts_ahead import ShiftAhead, ShiftGap, read_shifts_ahead
from hub.rights import Reach, Right
from hub.web.inbox import words
from hub.web.inbox.waiting import CitySeen, InboxAct, InboxLink, ToDo
from station.hours import moment_on
from station.strict import spell_minutes


class Tomorrow:
    """Tomorrow's shifts; read anew where the city or the day has changed. Both sources ask the same one."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self._read: tuple[int, date] | None = None
        self._ahead: list[ShiftAhead] = []

    def ahead(self, connection: Connection, now: datetime) -> list[ShiftAhead]:
        """All of them."""
        read = read_edition(connection), self.day(now)
        if read != self._read:
            self._ahead, self._read = read_shifts_ahead(connection, read[1], 1), read
        return self._ahead

    def day(self, now: datetime) -> date:
        """Which day that is."""
        return now.astimezone(self.zone).date() + timedelta(days=1)


class NoRosterSource:
    """Open stations that keep no roster, as one a district, in a city in which others keep one."""

    kind = "no_roster"
    word = words.NO_ROSTER

    def __init__(self, tomorrow: Tomorrow) -> None:
        self._tomorrow = tomorrow

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:
        """Closing it is good for the month: a district that keeps none is not asked every day."""
        ahead, day = self._tomorrow.ahead(connection, seen.now), self._tomorrow.day(seen.now)
        if not any(one.is_kept for one in ahead):
            return []
        found: dict[str, set[str]] = defaultdict(set)
        names: dict[str, str] = {}
        for one in ahead:
            row = seen.rows.get(one.station)
            if one.gap is ShiftGap.NO_ROSTER and row is not None:
                found[row.district_code].add(one.station)
                names[row.district_code] = row.district
        return [
            ToDo(
                kind=self.kind, subject=f"{district} {day:%Y-%m}", place=Reach(district), station=names[district],
                since=None, what=words.NO_ROSTER_TOMORROW, todo=words.KEEP_A_ROSTER, said={"n": str(len(stations))},
                seen_by=(Right.FOLLOW_UP, Right.SHIFTS), done_by=(Right.HANDLE, Right.SHIFTS),
                links=(
                    InboxLink(f"/shifts?{urlencode({'gap': ShiftGap.NO_ROSTER, 'district': district})}",
                              words.WHICH_STATIONS, Right.OBSERVE),
                ),
            )
            for district, stations in sorted(found.items())
        ]  # fmt: skip

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Nothing: rosters are planned on the stations' own pages."""


class ShiftSource:
    """Stations that keep a roster, and lack somebody on tomorrow's."""

    kind = "shifts"
    word = words.SHIFTS

    def __init__(self, tomorrow: Tomorrow) -> None:
        self._tomorrow = tomorrow

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:
        """One a station and day; closing it is good for that day."""
        found: dict[str, list[ShiftAhead]] = defaultdict(list)
        for one in self._tomorrow.ahead(connection, seen.now):
            if one.gap in {ShiftGap.NOBODY, ShiftGap.FEW}:
                found[one.station].append(one)
        return [self._waiting(code, gaps, seen) for code, gaps in found.items() if seen.place(code)]

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Nothing: the roster is changed on its own page."""

    def _waiting(self, code: str, gaps: list[ShiftAhead], seen: CitySeen) -> ToDo:
        place = seen.place(code)
        assert place is not None
        worst = [one for one in gaps if one.gap is ShiftGap.NOBODY] or gaps
        first = worst[0]
        hours = f"{spell_minutes(first.span.opens_min)}–{spell_minutes(first.span.closes_min)}"
        what = words.NOBODY_TOMORROW if first.gap is ShiftGap.NOBODY else words.FEW_TOMORROW
        opens = moment_on(first.day, first.span.opens_min, self._tomorrow.zone)
        address = f"/stations/{quote(code)}/shifts/day?day={first.day}"
        return ToDo(
            kind=self.kind, subject=f"{code} {first.day}", place=place.reach, station=place.name, since=None,
            what=what if len(worst) == 1 else words.MORE_OF[what], todo=words.PLAN_SHIFTS,
            said={
                "hours": hours, "n": str(len(worst)), "people": str(len(first.people)), "minimum": str(first.minimum),
            },
            due=opens, seen_by=(Right.FOLLOW_UP, Right.SHIFTS), done_by=(Right.HANDLE, Right.SHIFTS),
            links=(InboxLink(address, words.CHANGE_SHIFTS, Right.SHIFTS),),
        )  # fmt: skip


def shift_sources(zone: tzinfo) -> tuple[ShiftSource, NoRosterSource]:
    """Both, which read once."""
    tomorrow = Tomorrow(zone)
    return ShiftSource(tomorrow), NoRosterSource(tomorrow)
