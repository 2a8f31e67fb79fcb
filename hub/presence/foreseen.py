"""A station's day as it is, and as corrections of taps would make it: read from the ledger, and nothing is written."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from hub.ledger.amending import foresee
from hub.ledger.change import Change
from hub.ledger.past import Marked
from hub.presence.board_view import BoardRow, StationDay
from hub.presence.past_days import known_day
from hub.presence.station_day import DayKnown, picture_of
from hub.register.rulebook import Rulebook
from station.amending import Amendment
from station.names import StationCode


class DayForeseen(NamedTuple):
    """The two pictures."""

    before: StationDay
    after: StationDay


class AskedDay(NamedTuple):
    """Whose day: the station's row, and the day, as known by now."""

    row: BoardRow
    day: date
    now: datetime


def foreseen(connection: Connection, book: Rulebook, asked: AskedDay, amendments: tuple[Amendment, ...]) -> DayForeseen:
    """What these amendments would make of the day.

    Raises:
        StoreTroubleError: the ledger cannot be read.
    """
    station = StationCode(asked.row.code)
    known = known_day(connection, book, station, asked.day, asked.now)
    change = foresee(connection, book, station, amendments)
    rules = book.rules(station, asked.day, asked.day)
    before, after = (picture_of(one, asked.row, rules, book, ()) for one in (known, _laid_over(known, change, station)))
    return DayForeseen(before, after)


def _laid_over(known: DayKnown, change: Change, station: StationCode) -> DayKnown:
    gone = {(one.run, one.seq) for one in change.gone}
    stints = [one for one in known.stints if (one.run, one.seq) not in gone]
    stints += [one for one in change.stints if one.stint.station == station]
    spoken_of = {(tap.token, tap.at_ms) for tap in change.before}
    marked = [one for one in known.marked if (one.token, one.at_ms) not in spoken_of]
    marked += [
        Marked(tap.token, tap.at_ms, tap.mark)
        for tap in change.marked
        if tap.mark is not None and tap.station == station and tap.confirmed_ms is None
    ]
    first_day = min(known.first_day or known.day, known.day) if stints else known.first_day
    return known._replace(stints=stints, marked=marked, first_day=first_day)
