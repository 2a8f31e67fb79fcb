"""What waits about stations' figures: those open round the clock with the figure of all others."""

from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import Connection

from hub.register.reading import read_edition, read_terms
from hub.register.terms import is_round_the_clock
from hub.rights import Right
from hub.web.inbox import words
from hub.web.inbox.waiting import CitySeen, InboxAct, ToDo
from station.duty import ROUND_THE_CLOCK, Limits
from station.hours import moment_on

_HOUR: Final = timedelta(hours=1)


class LongStintSource:
    """Stations that never close, and where somebody who forgot to leave is taken to be there for 12 hours.

    Whether somebody wanted that or it is from before, nobody can tell; so it is asked, once.
    """

    kind = "longest"
    word = words.LONGEST

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._read: tuple[int, date] | None = None
        self._since: dict[str, datetime] = {}

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:
        """One a station; closed, it is back where other hours begin to hold there."""
        return [
            ToDo(
                kind=self.kind, subject=code, place=place.reach, station=place.name, since=None, anew_at=since,
                what=words.LONG_STINTS, todo=words.SHORTEN,
                said={
                    "usual": f"{Limits().longest / _HOUR:g}", "hours": f"{ROUND_THE_CLOCK / _HOUR:g}",
                    "minutes": f"{ROUND_THE_CLOCK / timedelta(minutes=1):g}", "code": code,
                },
                seen_by=(Right.PLACES,), done_by=(Right.PLACES,),
            )
            for code, since in self._now(connection, seen.now).items()
            if (place := seen.place(code)) is not None
        ]  # fmt: skip

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Nothing: the figure is changed at the terminal."""

    def _now(self, connection: Connection, now: datetime) -> dict[str, datetime]:
        """Since when such hours hold, by station; read anew where the city or the day has changed."""
        read = read_edition(connection), now.astimezone(self._zone).date()
        if read != self._read:
            self._since, self._read = {}, read
            for code, terms in sorted(read_terms(connection).items()):
                clause = terms.clause_on(read[1])
                is_long = clause.terms.limits.longest == Limits().longest
                if is_long and terms.is_in_service(read[1]) and is_round_the_clock(clause.week):
                    self._since[code] = moment_on(clause.since, 0, self._zone)
        return self._since
