"""Comparing the ledger kept live with one made anew, and replacing it.

HubError
`-- NotCaughtUpError    wait until a serving hub has folded what is stored, or start one

What is compared is all that the ledger has come to: a serving hub may be a few seconds behind its records.
"""

from datetime import datetime
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, delete, func, insert, select

from hub.coverage.following import forget_all
from hub.database.transactions import snapshot, writing
from hub.errors import HubError
from hub.ledger.editions import STATION, edition_followed, spelled_terms
from hub.ledger.pending import Pending
from hub.ledger.queries import HAS_LATE, LEDGER_RUN, STINT, WATCHED, unfolded_runs
from hub.rebuilding.anew import KEPT, WorkProgress, live_table, made_anew
from hub.rebuilding.differences import differences, rows_differ
from hub.rebuilding.moments import board_at, some_moments
from hub.rebuilding.recounting import coverage_differences
from hub.rebuilding.rereading import reread, reread_messages
from hub.register.reading import read_directory
from hub.register.rulebook import Rulebook
from hub.saying import Said, say

MOMENTS: Final = 200  # of any day, at which rows of the board are compared; a second's work


class NotCaughtUpError(HubError):
    """The ledger has not come to something that changes what it says of the past; the text says what to do."""


class Made(NamedTuple):
    """How much a ledger holds, and of how many records it is made."""

    stints: int
    stretches: int
    records: int


class Checked(NamedTuple):
    """What a comparison found.

    Attributes:
        differences: a line each.
        unfolded: the runs of which more is stored than the ledger has come to.
        made: what was made anew to compare.
    """

    differences: list[Said]
    unfolded: int
    made: Made


def check(engine: Engine, zone: ZoneInfo, shown: WorkProgress, now: datetime) -> Checked:
    """Compare; nothing is written.

    Raises:
        NotCaughtUpError: an import, or a record that came late, is not folded yet.
        StoreTroubleError: the database cannot be read.
    """
    with snapshot(engine) as connection:
        directory = read_directory(connection, zone)
        book = Rulebook(directory)
        behind = _require_caught_up(connection, book)
        found = [
            say("{station}: it is not noted by which terms it is folded", station=station)
            for station in _terms_unlike(connection, book)
        ]
        asked = some_moments(connection, book, MOMENTS, Random())  # noqa: S311 -- other ones each time, and no secret
        board = board_at(connection, book, asked)
        with made_anew(connection, book, shown, as_far_as_kept=True):
            found += differences(connection, book)
            found += rows_differ(board, board_at(connection, book, asked), book)
            found += coverage_differences(connection, directory, book, now, Random())  # noqa: S311 -- as above
            checked = Checked(found, behind, _count(connection))
        connection.rollback()
    return checked


def rebuild(engine: Engine, zone: ZoneInfo, shown: WorkProgress) -> tuple[Made, int]:
    """Read again what could not be read, and replace the ledger in one transaction; nobody else may write meanwhile.

    Returns:
        What was made, and how many records could not be read when they came, and can be now.

    Raises:
        StoreTroubleError: nothing is replaced.
    """
    from_messages = reread_messages(engine)
    with writing(engine) as connection:
        book = Rulebook(read_directory(connection, zone))
        again = from_messages + reread(connection)
        with made_anew(connection, book, shown):
            for table in KEPT:
                replaced = live_table(connection, table)
                connection.execute(delete(replaced))
                connection.execute(insert(replaced).from_select(list(table.c.keys()), select(*table.c)))
            made = _count(connection)
        forget_all(connection)
        following = Pending()
        following.follow(book.edition, spelled_terms(book))
        following.write(connection)
    return made, again


def _require_caught_up(connection: Connection, book: Rulebook) -> int:
    """Refuse where what is not folded would change what is; returns how many runs have newer records."""
    if edition_followed(connection) != book.edition:
        raise NotCaughtUpError("the ledger does not follow the latest import yet; a serving hub does so by itself")
    if connection.execute(select(LEDGER_RUN.c.run).where(HAS_LATE).limit(1)).one_or_none():
        raise NotCaughtUpError("records that came late are not folded yet; a serving hub does so by itself")
    return len(unfolded_runs(connection))


def _terms_unlike(connection: Connection, book: Rulebook) -> list[str]:
    """Stations of which the ledger that has followed the city says other terms, or none, or which the city has not."""
    kept = {row.station: row.terms for row in connection.execute(select(STATION))}
    spelled = spelled_terms(book)
    return sorted(name for name in kept.keys() | spelled.keys() if kept.get(name) != spelled.get(name))


def _count(connection: Connection) -> Made:
    stints, stretches = (connection.execute(select(func.count()).select_from(t)).scalar_one() for t in (STINT, WATCHED))
    records = connection.execute(select(func.coalesce(func.sum(LEDGER_RUN.c.folded), 0))).scalar_one()
    return Made(stints, stretches, records)
