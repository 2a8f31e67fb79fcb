"""Where the ledger kept live and one made anew differ, told so that an operator finds the place.

A line names station, day and kiosk or opaque person: never a token, never a name.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Table, except_, select

from hub.intake.rows import moment_of
from hub.ledger.anew import CARDS, RUNS, STINTS, TAPS, WATCHED
from hub.ledger.journal import RunName, read_run
from hub.ledger.rulebook import ZONE, Rulebook

UNKNOWN_CARD: Final = "an unknown card"
_SECRET: Final = frozenset({"token", "person"})
_WHEN: Final = {STINTS: "began_ms", WATCHED: "since_ms", TAPS: "at_ms", RUNS: "last_ms"}
_WHAT: Final = {STINTS: "stint", WATCHED: "watching", TAPS: "tap", RUNS: "how far it is folded", CARDS: "card"}


def differences(connection: Connection, tables: Mapping[Table, Table], book: Rulebook) -> Iterator[str]:
    """A line for each row that is otherwise, or on one side only.

    Args:
        connection: what made the tables.
        tables: what was made anew, by the table that is kept live.
        book: the city.
    """
    for kept, anew in tables.items():
        for live, made in _pairs(connection, kept, anew):
            row = live or made
            assert row is not None
            run = None if kept is CARDS else read_run(connection, row["run"])
            yield f"{_place(kept, row, run, book)}: {_said(kept, live, made)}"


def _pairs(
    connection: Connection, kept: Table, anew: Table
) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Rows that differ, by key."""
    keys = [column.name for column in kept.primary_key]
    sides = []
    for one, other in ((kept, anew), (anew, kept)):
        only = except_(select(*one.c), select(*other.c)).subquery()
        rows = connection.execute(select(only).order_by(*[only.c[key] for key in keys])).mappings()
        sides.append({tuple(row[key] for key in keys): dict(row) for row in rows})
    live, made = sides
    for key in sorted(live.keys() | made.keys()):
        yield live.get(key), made.get(key)


def _place(table: Table, row: dict[str, Any], run: RunName | None, book: Rulebook) -> str:
    if run is None:
        return _person(row["person"], book)
    day = moment_of(row[_WHEN[table]]).astimezone(ZONE).date()
    if table is STINTS:
        return f"{row['station']} {day} {_person(row['person'], book)}"
    if table is TAPS:
        return f"{run.station} {day} {_person(book.identity(row['token']).person, book)}"
    return f"{run.station} {day} kiosk {run.kiosk}"


def _person(person: str, book: Rulebook) -> str:
    return person if book.is_volunteer(person) else UNKNOWN_CARD


def _said(table: Table, live: dict[str, Any] | None, made: dict[str, Any] | None) -> str:
    if live is None or made is None:
        one, other = ("the ledger", "the records") if made is None else ("the records", "the ledger")
        return f"{one} alone have a {_WHAT[table]}, {_told(table, live or made)}; {other} have none"
    changed = [name for name in live if live[name] != made[name]]
    return f"{_WHAT[table]}: " + "; ".join(
        f"{_plain(name)}: the ledger has {_value(name, live[name])}, the records say {_value(name, made[name])}"
        for name in changed
    )


def _told(table: Table, row: dict[str, Any] | None) -> str:
    assert row is not None
    names = {STINTS: ("began_ms", "ended_ms", "end"), WATCHED: ("since_ms", "until_ms"), TAPS: ("at_ms", "action")}
    return ", ".join(f"{_plain(name)} {_value(name, row[name])}" for name in names.get(table, ()))


def _plain(name: str) -> str:
    return name.removesuffix("_ms").replace("_", " ")


def _value(name: str, value: Any) -> str:
    if name in _SECRET:
        return "somebody else"
    if value is None:
        return "nothing"
    if name.endswith("_ms") and "mono" not in name:
        return moment_of(value).astimezone(ZONE).isoformat(sep=" ", timespec="milliseconds")[:-6]
    return str(value)
