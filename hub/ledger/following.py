"""The usual case: records that only follow in a kiosk's last run, and move none before them.

Where the clock is right, a record is where it says. Where it is in doubt, it is placed by the last clock that was right
and by the record before it: if that stays where it was, so does all before it. Whatever is otherwise is left to
`kiosks`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Final, NamedTuple

from sqlalchemy import BindParameter, Integer, bindparam, or_, select

from hub.intake.rows import RecordRow
from hub.intake.said import time_mark_of
from hub.ledger.change import Change
from hub.ledger.kiosks import stored_taps
from hub.ledger.known import Known, Tip
from hub.ledger.outlines import carry_on, watch_after, watched
from hub.ledger.placing import standing_in
from hub.ledger.queries import LEDGER_RUN, RECORD
from station.names import Epoch
from station.records import ClockSet, ClockState
from station.truetime import AHEAD_MS, Placed, TimeMark, place

MOST_ROWS: Final = 32  # so that a step is 2 or 3 ms: whoever taps meanwhile waits for it; a longer run goes in parts
MOST_APART: Final = 4  # runs that are read one by one; of more, what is pending is written, and they are read together
_EARLIER: Final = Epoch("")
_RUNS: Final[BindParameter[int]] = bindparam("runs", expanding=True)
_NEW: Final = (
    select(RECORD)
    .join(LEDGER_RUN, LEDGER_RUN.c.run == RECORD.c.run)
    .where(LEDGER_RUN.c.run.in_(_RUNS), RECORD.c.seq > LEDGER_RUN.c.last_seq)
    .order_by(LEDGER_RUN.c.run, RECORD.c.seq)  # by the key that is looked up first: nothing is sorted
    .limit(MOST_ROWS)
)
_OF_RUN: Final = select(RECORD).where(RECORD.c.run == bindparam("run"))
_AFTER: Final = (
    _OF_RUN.where(RECORD.c.seq > bindparam("seq")).order_by(RECORD.c.seq).limit(bindparam("most", type_=Integer))
)
_LAST: Final = _OF_RUN.where(RECORD.c.seq == bindparam("seq"))
_IS_RIGHT: Final = or_(RECORD.c.clock == ClockState.SYNCED.value, RECORD.c.kind == ClockSet.KIND)
_IS_BELIEVED: Final = RECORD.c.at_ms.between(0, RECORD.c.stored_ms + AHEAD_MS)
_LAST_RIGHT: Final = (
    _OF_RUN.where(RECORD.c.boot == bindparam("boot"), RECORD.c.seq < bindparam("seq"), _IS_RIGHT, _IS_BELIEVED)
    .order_by(RECORD.c.seq.desc())
    .limit(1)
)


class Followed(NamedTuple):
    """What became of runs; those in neither are `kiosks`' work.

    Attributes:
        done: all that is new of them has been taken in.
        later: more of them waits for another look.
    """

    done: set[int]
    later: set[int]


def follow(known: Known, runs: Iterable[int], change: Change) -> Followed:
    """Add what new records of these runs change, as the database has them, one run a kiosk.

    Raises:
        StoreTroubleError: they cannot be read.
    """
    tips = known.tips(list(runs))
    rows = _read_new(known, tips) if tips else []
    cut = rows[-1].run if len(rows) == MOST_ROWS else max(tips, default=0)
    found = Followed(
        {run for run in tips if run <= cut} - {row.run for row in rows}, {run for run in tips if run > cut}
    )
    for run, group in groupby(rows, key=attrgetter("run")):
        if add_following(known, tips[run], list(group), change):
            (found.later if len(rows) == MOST_ROWS and run == cut else found.done).add(run)
    return found


def _read_new(known: Known, tips: Mapping[int, Tip]) -> list[RecordRow]:
    """The first of their records that are not folded, run after run."""
    if len(tips) > MOST_APART:
        with known.snapshot(tip.name.kiosk for tip in tips.values()) as connection:
            return [RecordRow(*row) for row in connection.execute(_NEW, {"runs": list(tips)})]
    rows: list[RecordRow] = []
    with known.journal() as connection:  # how far they are folded is remembered: nothing is written for it
        for run, tip in sorted(tips.items()):
            asked = {"run": run, "seq": tip.outline.last_seq, "most": MOST_ROWS - len(rows)}
            rows += [RecordRow(*row) for row in connection.execute(_AFTER, asked)]
            if len(rows) == MOST_ROWS:
                break
    return rows


def add_following(known: Known, tip: Tip, new: Sequence[RecordRow], change: Change) -> bool:
    """Add what these records change, the next of that run; false where they do not simply follow.

    Raises:
        StoreTroubleError: what their time hangs on cannot be read.
    """
    placed = _places(known, tip, new)
    if placed is None:
        return False
    outline = replace(tip.outline)
    change.runs[outline.run] = tip.name
    change.watch(outline.run, watched(watch_after(outline, tip.last_stretch), new, placed), is_joint=False)
    carry_on(outline, new, placed)
    change.outlines.append(outline)
    change.taps.extend(stored_taps(tip.name, new, placed))
    return True


def _places(known: Known, tip: Tip, new: Sequence[RecordRow]) -> Sequence[Placed] | None:
    """Where these records are; None where they do not simply follow."""
    outline, first = tip.outline, new[0]
    is_next = (
        all(row.boot == outline.last_boot for row in new)
        and first.mono_ms >= outline.last_mono_ms
        and first.stored_ms >= outline.last_stored_ms
        and all(one.mono_ms <= two.mono_ms and one.stored_ms <= two.stored_ms for one, two in pairwise(new))
    )
    marks = [time_mark_of(row, tip.name.epoch) for row in new]
    if not is_next or any(mark.is_known != outline.tail_known for mark in marks):
        return None
    if not outline.tail_known:
        return _in_doubt(known, tip, marks)
    times_ms = [max(outline.known_to_ms or 0, outline.last_ms), *(mark.at_ms for mark in marks)]
    if any(one > two for one, two in pairwise(times_ms)):
        return None
    return [Placed(mark.at_ms, ClockState.SYNCED) for mark in marks]


def _in_doubt(known: Known, tip: Tip, marks: Sequence[TimeMark]) -> Sequence[Placed] | None:
    outline = tip.outline
    asked = {"run": outline.run, "seq": outline.last_seq, "boot": outline.last_boot}
    with known.journal() as connection:
        last = time_mark_of(RecordRow(*connection.execute(_LAST, asked).one()), tip.name.epoch)
        right = [time_mark_of(RecordRow(*row), _EARLIER) for row in connection.execute(_LAST_RIGHT, asked)]
    if not right:
        return None  # the boot is one piece: each receipt may move all of it
    low_ms = max((ms for ms in (outline.low_ms, outline.known_to_ms) if ms is not None), default=None)
    before = [*standing_in(_EARLIER, low_ms), *right, last]
    again, *found = place([*before, *marks])[len(before) - 1 :]
    if again.at_ms != outline.last_ms or any(one.clock is ClockState.SYNCED for one in (again, *found)):
        return None
    return found
