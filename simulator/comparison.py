"""Board against truth, minute by minute of the virtual day.

A minute is compared once every station was read in it at a quiet moment: nothing on its way there, and no change by
time alone so close that a beep's own delay could shift it. What differs at a quiet moment differs: no second try.
Where the board says that it does not know, there is nothing to compare: a second without a word from a kiosk is a
minute here, and a machine may have other things to do. A board that never knows compares no minute.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from simulator.board_watch import SeenBoard, SeenRow
from simulator.on_the_way import OnTheWay
from simulator.truth import Figures, Truth

UNKNOWN: Final = "unknown"


class Difference(NamedTuple):
    """One station at one moment, as the board had it and as it ought to be."""

    at: datetime
    station: str
    board: Figures | None
    truth: Figures


class Comparison:
    """All minutes so far."""

    def __init__(self, stations: Iterable[str], truth: Truth, on_the_way: OnTheWay, slack: timedelta) -> None:
        """Begin with nothing compared.

        Args:
            stations: all codes; each is to be read once a minute.
            truth: what ought to be.
            on_the_way: what the board cannot know yet.
            slack: how far the moment of a beep may lie from that of its record, on the virtual clock.
        """
        self.minutes_compared = 0
        self.minutes_different = 0
        self.minutes_missed = 0
        self.differences: list[Difference] = []
        self._stations = frozenset(stations)
        self._truth = truth
        self._on_the_way = on_the_way
        self._slack = slack
        self._minute: datetime | None = None
        self._seen: set[str] = set()
        self._is_different = False

    def turns(self) -> dict[str, int]:
        """What was done so far, to be taken before the board is asked."""
        return {station: self._on_the_way.turn(station) for station in self._stations}

    def is_due(self, at: datetime) -> bool:
        """Whether some station is still to be read in that minute."""
        return _minute_of(at) != self._minute or self._seen != self._stations

    def compare(self, board: SeenBoard, turns: dict[str, int], now_s: float) -> None:
        """Hold one answer of the board against the truth, wherever it is quiet.

        Args:
            board: what it answered.
            turns: as before it was asked.
            now_s: the machine's monotonic time after it answered.
        """
        if _minute_of(board.as_of) != self._minute:
            self.close()
            self._minute = _minute_of(board.as_of)
        for station in self.quiet(board, turns, now_s) - self._seen:
            self._look(station, board)

    def quiet(self, board: SeenBoard, turns: dict[str, int], now_s: float) -> set[str]:
        """The stations where an answer of the board, as in `compare`, may be held against the truth."""
        return {
            station
            for station, turn in turns.items()
            if turn == self._on_the_way.turn(station)
            and not _is_unknown(board.rows.get(station))
            and self._on_the_way.is_quiet(station, now_s)
            and self._truth.is_steady(station, board.as_of, self._slack)
        }

    def close(self, *, is_cut_short: bool = False) -> None:
        """Count the minute that is over; one that was cut short is not missed."""
        if self._minute is None:
            return
        self.minutes_compared += self._seen == self._stations
        self.minutes_missed += self._seen != self._stations and not is_cut_short
        self.minutes_different += self._is_different
        self._minute, self._seen, self._is_different = None, set(), False

    def _look(self, station: str, board: SeenBoard) -> None:
        self._seen.add(station)
        row = board.rows.get(station)
        ought = self._truth.figures(station, board.as_of)
        if row is None or row.figures != ought:
            self._is_different = True
            self.differences.append(Difference(board.as_of, station, row and row.figures, ought))


def _is_unknown(row: SeenRow | None) -> bool:
    return row is not None and row.figures.duty_class == UNKNOWN


def _minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
