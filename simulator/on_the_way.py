"""What was done at a station and cannot be on the board yet: from the card at the reader to the row that shows it.

A station is quiet while no card waits for its beep and no beep for its row; only then may board and truth be compared.
What is never shown stops waiting after `GIVE_UP_S`, so that the comparison sees it. All calls come from one thread.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from simulator.truth import Figures

GIVE_UP_S: Final = 10.0  # two hundred times what the way takes: a machine may have other things to do


class _Awaited(NamedTuple):
    heads: tuple[int, int]
    beeped_s: float


class OnTheWay:
    """All stations' taps between hand and board."""

    def __init__(self) -> None:
        self._in_hand: Counter[str] = Counter()
        self._awaited: dict[str, list[_Awaited]] = defaultdict(list)
        self._shown: dict[str, tuple[int, int]] = {}
        self._turns: Counter[str] = Counter()
        self.latencies_ms: list[float] = []
        self.never_shown = 0

    @contextmanager
    def in_hand(self, *stations: str) -> Iterator[None]:
        """While a card is at a reader and has not been answered; all stations that the answer may change."""
        self._in_hand.update(stations)
        self._turns.update(stations)
        try:
            yield
        finally:
            self._in_hand.subtract(stations)
            self._turns.update(stations)

    def expect(self, station: str, figures: Figures, beeped_s: float) -> None:
        """A beep was heard, after which the station's row is to show these heads."""
        self._give_up(station, beeped_s)
        self._awaited[station].append(_Awaited(_heads(figures), beeped_s))
        self._turns[station] += 1

    def show(self, station: str, figures: Figures, shown_s: float) -> None:
        """A row came: it shows the latest awaited heads that it equals, and all that were awaited before."""
        self._shown[station] = _heads(figures)
        awaited = self._awaited[station]
        shown = max((i + 1 for i, each in enumerate(awaited) if each.heads == _heads(figures)), default=0)
        self.latencies_ms += [(shown_s - each.beeped_s) * 1000 for each in awaited[:shown]]
        del awaited[:shown]
        self._turns[station] += shown

    def is_quiet(self, station: str, now_s: float) -> bool:
        """Whether board and truth may be compared there."""
        self._give_up(station, now_s)
        return not self._awaited[station] and not self._in_hand[station]

    def turn(self, station: str) -> int:
        """A number that rises with all that is done or shown there: the same before and after means nothing was."""
        return self._turns[station]

    def _give_up(self, station: str, now_s: float) -> None:
        awaited = self._awaited[station]
        late = sum(now_s - each.beeped_s > GIVE_UP_S for each in awaited)
        # An arrival and a leave in the same moment change no row, so none comes.
        if late and awaited[late - 1].heads != self._shown.get(station):
            self.never_shown += late
        del awaited[:late]
        self._turns[station] += late


def _heads(figures: Figures) -> tuple[int, int]:
    return figures.on_duty, figures.stepped_out
