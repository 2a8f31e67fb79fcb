"""One person's taps since a moment at which nothing before them mattered, and the stints that they fold into. Pure.

What a tap means hangs on the stint before it: one that runs, that has just been left, or whose end was only assumed.
Once that is over (`free_at`), the next tap begins as if it were the first: there a person's taps can be cut, and each
segment folded by itself comes to the same as all of them at once. A `step_out` belongs to its leave, however late.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from hub.ledger.queries import StoredTap
from hub.ledger.stint_rows import LedgerStint, confirmed_until, ended_by_time
from hub.register.rulebook import Identity, Rulebook
from station.duty import MOST_TAKE_BACK
from station.fold import Course, PlacedTap
from station.milliseconds import ms_of
from station.names import RecordName
from station.records import Action
from station.stints import LATELY, End, Stint

AGAIN: Final = "again"
UNMATCHED: Final = "unmatched"
LEFT: Final = MOST_TAKE_BACK  # far longer than a leave can be turned into stepping out, too
FORGOTTEN: Final = 2 * LATELY  # longer than a budget, and than an assumed end is remembered
_AT_ONCE: Final = 64


def free_at(stint: Stint) -> datetime:
    """From when on a stint, as it will have ended, changes nothing of what comes after it."""
    assert stint.ended_at is not None
    return stint.ended_at + (FORGOTTEN if stint.end in {End.ASSUMED, End.OVERRUN} else LEFT)


class Segment:
    """Takes taps in order.

    Attributes:
        stints: what they come to so far, as the ledger keeps them.
        since_ms: its first tap; None before any.
        last: its last tap.
    """

    def __init__(self, identity: Identity, book: Rulebook) -> None:
        self._identity = identity
        self._book = book
        self._course = Course({})
        self._makers: dict[RecordName, StoredTap] = {}
        self._raw: tuple[Stint, ...] = ()
        self.stints: list[LedgerStint] = []
        self.since_ms: int | None = None
        self.last: PlacedTap | None = None

    def may_begin_anew(self, tap: StoredTap) -> bool:
        """Whether nothing here matters to that tap, a later one."""
        if tap.action == Action.STEP_OUT:
            return False
        return are_over(self.stints, tap.placed.at)

    def apply(self, tap: StoredTap) -> str | None:
        """Fold one more; returns its mark, if it wants a review."""
        placed, course = tap.placed, self._course
        self.since_ms = tap.at_ms if self.since_ms is None else self.since_ms
        self._makers[placed.name] = tap
        course.rules = self._book.rules_about(placed.at)
        marked = len(course.again), len(course.unmatched)
        course.apply(placed)
        self.last = placed
        self._keep()
        if len(course.unmatched) > marked[1]:
            return UNMATCHED
        return AGAIN if len(course.again) > marked[0] else None

    def _keep(self) -> None:
        """Make the ledger's stints of those that are otherwise now: the last, or the last two.

        Looked for from the end on: whoever taps all day for a month, and never leaves, has hundreds before them.
        """
        raw = self._course.stints
        same = min(len(raw), len(self._raw))
        while same and raw[same - 1] is not self._raw[same - 1]:
            same -= 1
        self.stints[same:] = [self._kept(stint) for stint in raw[same:]]
        self._raw = raw

    def _kept(self, stint: Stint) -> LedgerStint:
        assert stint.begun_by is not None
        made_by = self._makers[stint.begun_by]
        stint = replace(stint, begun_by=None)  # said by run and seq
        ended = ended_by_time(stint, self._book)
        tapped_at = ended.ended_at if ended.claimed else ended.began_at
        assert tapped_at is not None
        return LedgerStint(
            made_by.run, made_by.seq, *self._identity, ms_of(tapped_at), ended, stint,
            confirmed_until(made_by.confirmed_ms, ended),
        )  # fmt: skip


def are_over(stints: Sequence[LedgerStint], at: datetime) -> bool:
    """Whether none of these, of which the last is the latest, changes what comes then."""
    return not stints or free_at(stints[-1].stint) < at


def differing(before: Sequence[LedgerStint], after: Sequence[LedgerStint]) -> int:
    """The index of the first that is otherwise."""
    same, most = 0, min(len(before), len(after))
    while same < most and before[same : same + _AT_ONCE] == after[same : same + _AT_ONCE]:
        same += _AT_ONCE  # of many nearly all are the very same: compared together they cost next to nothing
    while same < most and before[same] == after[same]:
        same += 1
    return min(same, most)


def cut_before(stints: Iterable[LedgerStint], at_ms: int, *, is_all: bool) -> int | None:
    """From which moment on to fold a person's taps, so as to fold what comes at `at_ms`.

    Args:
        stints: in the order of the taps that made them.
        at_ms: any moment.
        is_all: none is older than these.

    Returns:
        When the last stint was made that was made by then, and begins as if it were the first; None where that is
        older than these, or, with all, where none was made by then.
    """
    found: int | None = None
    before: LedgerStint | None = None
    for one in stints:
        if one.tapped_ms > at_ms:
            break
        if is_all if before is None else ms_of(free_at(before.stint)) < one.tapped_ms:
            found = one.tapped_ms
        before = one
    return found
