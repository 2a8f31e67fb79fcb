"""What the hub has stored for good, held against the beeps that people heard.

It reads the hub's SQLite file itself and only reads: what the hub says of itself is not asked. A beep belongs to the
one record of that card at that kiosk whose time lies between card and beep.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from simulator.acts import SimCard
from simulator.play import HeardBeep


class SettledTap(NamedTuple):
    """One tap at the hub."""

    kiosk: str
    epoch: str
    seq: int
    token: str
    at: datetime


class BeepCount(NamedTuple):
    """What became of the beeps.

    Attributes:
        settled: beeps with exactly one record or more.
        lost: beeps without any.
        doubled: records too many, for beeps that have one already.
        unheard: records that nobody heard a beep for.
    """

    settled: int
    lost: int
    doubled: int
    unheard: int


def read_stored(database: Path) -> list[SettledTap]:
    """All taps that the hub's database holds."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT run.kiosk, run.epoch, record.seq, record.token, record.at_ms"
            " FROM record JOIN run ON run.id = record.run WHERE record.kind = 'tap'"
        )
        return [
            SettledTap(kiosk, epoch, seq, token, datetime.fromtimestamp(at_ms / 1000, UTC))
            for kiosk, epoch, seq, token, at_ms in rows
        ]


def count(
    heard: Iterable[HeardBeep], stored: Iterable[SettledTap], token: Callable[[SimCard], str], slack: timedelta
) -> BeepCount:
    """Hold beeps against records.

    Args:
        heard: every beep that promised a record.
        stored: what the hub has; a record named twice counts twice.
        token: the keyed name of a card.
        slack: how much wider than card to beep the time of a record may lie; less than half the guard.
    """
    left: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for tap in stored:
        left[tap.kiosk, tap.token].append(tap.at)
    settled = lost = 0
    windows: dict[tuple[str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for beep in sorted(heard, key=lambda beep: beep.at):
        name = beep.kiosk, token(beep.card)
        window = beep.put_at - slack, beep.at + slack
        windows[name].append(window)
        found = next((at for at in sorted(left[name]) if window[0] <= at <= window[1]), None)
        if found is None:
            lost += 1
            continue
        settled += 1
        left[name].remove(found)
    over = [any(a <= at <= b for a, b in windows[name]) for name, times in left.items() for at in times]
    return BeepCount(settled, lost, doubled=over.count(True), unheard=over.count(False))
