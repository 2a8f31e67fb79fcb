"""What the ledger says of a station's day, read off the event loop.

A day is one of the city's; whoever was in service on it is asked when they watched, and nobody else.
"""

import asyncio
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from hub.database.transactions import Database
from hub.ledger.past import first_recorded_ms, marked_at, moments_watched, stints_at, watched_by
from hub.presence.station_day import DayKnown
from hub.register.rulebook import Rulebook
from station.coverage import whole_of
from station.milliseconds import moment_of, ms_of
from station.names import StationCode

MOST_AT_ONCE: Final = 2  # who asks for more waits: each reads for some milliseconds on a thread
_MARGIN_MS: Final = timedelta(hours=1) // timedelta(milliseconds=1)


class PastDays:
    """Reads days.

    Args:
        database: where the ledger is.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._book: Rulebook | None = None
        self._room: asyncio.Semaphore | None = None

    def learn(self, book: Rulebook) -> None:
        """Take a new city."""
        self._book = book

    async def read(self, station: StationCode, day: date, now: datetime) -> DayKnown:
        """As `look_up`, on a thread."""
        if self._room is None:
            self._room = asyncio.Semaphore(MOST_AT_ONCE)
        async with self._room:
            return await asyncio.to_thread(self.look_up, station, day, now)

    def look_up(self, station: StationCode, day: date, now: datetime) -> DayKnown:
        """What is known of that day.

        Raises:
            StoreTroubleError: the database cannot be read.
        """
        assert self._book is not None
        with self._database.snapshot() as connection:
            return known_day(connection, self._book, station, day, now)


def known_day(connection: Connection, book: Rulebook, station: StationCode, day: date, now: datetime) -> DayKnown:
    """What the ledger says of that day, as the connection sees it."""
    rules = book.rules(station, day, day)
    whole = whole_of(day, rules.calendar.zone)
    since_ms, until_ms = ms_of(whole.since), ms_of(whole.until)
    stints = stints_at(connection, station, since_ms, until_ms)
    watched = moments_watched(watched_by(connection, book.kiosks_in_service(station, day), since_ms, until_ms))
    marked = marked_at(connection, station, since_ms, until_ms + _MARGIN_MS)
    first_ms = first_recorded_ms(connection, station)
    first_day = None if first_ms is None else rules.calendar.local_day(moment_of(max(first_ms, 0)))
    return DayKnown(day, stints, watched, marked, first_day, now)
