"""One person's taps to the rows of their stints and the marks of their taps. Pure.

A stint that nobody ended yet is written as time alone will end it, so a row depends on records and hours only, never
on when it was made: `assumed` and `overrun` may lie ahead.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from hub.intake.rows import ms_of
from hub.ledger.clusters import clusters
from hub.ledger.rulebook import ZONE, Identity, Rulebook
from station.fold import PlacedTap, fold
from station.names import Epoch, KioskId, RecordName
from station.stints import Stint

AGAIN: Final = "again"
UNMATCHED: Final = "unmatched"
_IN_THE_END: Final = datetime.max.replace(tzinfo=UTC)


class TapName(NamedTuple):
    """A record as the database names it."""

    run: int
    seq: int


class Folded(NamedTuple):
    """What taps come to.

    Attributes:
        stints: the columns of `StintRow`.
        marks: of each tap that wants a review.
    """

    stints: list[dict[str, Any]]
    marks: dict[TapName, str]


def folded(
    taps: Sequence[PlacedTap], identity: Identity, runs: Mapping[tuple[KioskId, Epoch], int], book: Rulebook
) -> Folded:
    """Fold one person's taps.

    Args:
        taps: in order, of whole clusters; those at stations that nobody knows are passed over.
        identity: the person.
        runs: the database's name of each (kiosk, epoch).
        book: what they are judged by.
    """

    def named(name: RecordName) -> TapName:
        return TapName(runs[name.kiosk, name.epoch], name.seq)

    found = Folded([], {})
    for cluster in clusters([tap for tap in taps if book.knows(tap.station)], book):
        first, last = (tap.at.astimezone(ZONE).date() for tap in (cluster[0], cluster[-1]))
        rules = {station: book.rules(station, first, last) for station in {tap.station for tap in cluster}}
        course = fold(cluster, rules)
        found.stints.extend(_columns(stint, identity, named) for stint in course.stints_at(_IN_THE_END))
        found.marks.update((named(name), AGAIN) for name in course.again)
        found.marks.update((named(name), UNMATCHED) for name in course.unmatched)
    return found


def _columns(stint: Stint, identity: Identity, named: Callable[[RecordName], TapName]) -> dict[str, Any]:
    assert stint.begun_by is not None
    assert stint.ended_at is not None
    assert stint.end is not None
    run, seq = named(stint.begun_by)
    return {
        "run": run,
        "seq": seq,
        "person": identity.person,
        "counted": identity.counted,
        "station": stint.station,
        "tapped_ms": ms_of(stint.ended_at if stint.claimed else stint.began_at),
        "began_ms": ms_of(stint.began_at),
        "period_opens_ms": None if stint.period is None else ms_of(stint.period.opens_at),
        "period_closes_ms": None if stint.period is None else ms_of(stint.period.closes_at),
        "counts_from_ms": None if stint.counts_from is None else ms_of(stint.counts_from),
        "ended_ms": ms_of(stint.ended_at),
        "end": stint.end.value,
        "outs": json.dumps([[ms_of(since), ms_of(until)] for since, until in stint.outs], separators=(",", ":")),
        "claimed": stint.claimed,
        "unmatched": stint.unmatched,
        "uncertain": stint.uncertain,
    }
