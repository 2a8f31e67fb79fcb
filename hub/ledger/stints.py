"""One person's taps to the rows of their stints and the marks of their taps. Pure.

A stint that nobody ended yet is written as time alone will end it, so a row depends on records and hours only, never
on when it was made: `assumed` and `overrun` may lie ahead.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from hub.intake.rows import ms_of
from hub.ledger.clusters import clusters
from hub.ledger.journal import StoredTap
from hub.register.rulebook import Identity, Rulebook
from station.fold import PlacedTap, fold
from station.stints import Stint

AGAIN: Final = "again"
UNMATCHED: Final = "unmatched"
_IN_THE_END: Final = datetime.max.replace(tzinfo=UTC)


class Folded(NamedTuple):
    """What taps come to.

    Attributes:
        stints: the columns of `StintRow`.
        marks: of each tap, by run and seq, that wants a review.
    """

    stints: list[dict[str, Any]]
    marks: dict[tuple[int, int], str]


def folded(taps: Mapping[PlacedTap, StoredTap], identity: Identity, book: Rulebook) -> Folded:
    """Fold one person's taps, of whole clusters and at stations that can be judged."""
    named = {placed.name: (tap.run, tap.seq) for placed, tap in taps.items()}
    found = Folded([], {})
    for cluster in clusters(sorted(taps), book):
        first, last = (tap.at.astimezone(book.zone).date() for tap in (cluster[0], cluster[-1]))
        rules = {station: book.rules(station, first, last) for station in {tap.station for tap in cluster}}
        course = fold(cluster, rules)
        for stint in course.stints_at(_IN_THE_END):
            assert stint.begun_by is not None
            run, seq = named[stint.begun_by]
            found.stints.append({"run": run, "seq": seq, **identity._asdict(), **_columns(stint)})
        found.marks.update((named[name], AGAIN) for name in course.again)
        found.marks.update((named[name], UNMATCHED) for name in course.unmatched)
    return found


def _columns(stint: Stint) -> dict[str, Any]:
    assert stint.ended_at is not None
    assert stint.end is not None
    return {
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
