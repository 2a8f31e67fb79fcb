"""Where the ledger kept live and one made anew differ, told so that an operator finds the place.

A line names station, day and kiosk or opaque person: never a token, never a name.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, except_, select

from hub.ledger.editions import CARD
from hub.ledger.queries import LEDGER_RUN, LEDGER_TAP, RUN, STINT, WATCHED, read_names
from hub.rebuilding.anew import KEPT, kept
from hub.rebuilding.moments import RowFigures, StationMoment
from hub.register.rulebook import Rulebook
from station.milliseconds import moment_of

UNKNOWN_CARD: Final = "an unknown card"
_SECRET: Final = frozenset({"token", "person", "held"})
_WHEN: Final = {STINT: "began_ms", WATCHED: "since_ms", LEDGER_TAP: "at_ms", LEDGER_RUN: "last_ms"}
_WHAT: Final = {
    STINT: "stint", WATCHED: "watching", LEDGER_TAP: "tap", LEDGER_RUN: "how far it is folded", CARD: "card",
}  # fmt: skip
_TOLD: Final = {
    STINT: ("began_ms", "ended_ms", "end"),
    WATCHED: ("since_ms", "until_ms"),
    LEDGER_TAP: ("at_ms", "action"),
}
RowsByKey = dict[tuple[Any, ...], dict[str, Any]]


def differences(connection: Connection, book: Rulebook) -> Iterator[str]:
    """A line for each row that is otherwise, or on one side only; within `made_anew`."""
    for table in KEPT:
        live = _only(connection, kept(connection, table), table)
        made = _only(connection, table, kept(connection, table))
        for key in sorted(live.keys() | made.keys()):
            place = _place(connection, table, live.get(key) or made[key], book)
            yield f"{place}: {_said(table, live.get(key), made.get(key), book.zone)}"


def rows_differ(
    live: Mapping[StationMoment, RowFigures], made: Mapping[StationMoment, RowFigures], book: Rulebook
) -> Iterator[str]:
    """A line for each row of the board that is otherwise."""
    for asked, figures in live.items():
        if figures != made[asked]:
            at = asked.at.astimezone(book.zone).isoformat(sep=" ", timespec="seconds")[:-6]
            yield (
                f"{asked.station} {at}: board: the ledger has {_told(figures, book)}, "
                f"the records say {_told(made[asked], book)}"
            )


def _told(figures: RowFigures, book: Rulebook) -> str:
    since = "" if figures.since is None else f" since {figures.since.astimezone(book.zone):%H:%M:%S}"
    return f"{figures.duty_class}{since}, {figures.on_duty} on duty, {figures.stepped_out} out"


def _only(connection: Connection, one: Table, other: Table) -> RowsByKey:
    """The rows that are so in one table alone, by key."""
    rows = connection.execute(except_(select(*one.c), select(*other.c))).all()
    named = [dict(zip(one.c.keys(), row, strict=True)) for row in rows]
    return {tuple(row[column.name] for column in one.primary_key): row for row in named}


def _place(connection: Connection, table: Table, row: dict[str, Any], book: Rulebook) -> str:
    if table is CARD:
        return "a volunteer's card" if len(book.persons(row["token"])) > 1 else UNKNOWN_CARD
    (run,) = read_names(connection, RUN.c.id == row["run"])
    day = moment_of(row[_WHEN[table]]).astimezone(book.zone).date()
    if table is STINT:
        return f"{row['station']} {day} {_person(row['person'], book)}"
    if table is LEDGER_TAP:
        return f"{run.station} {day} {_person(book.identity(row['token'], row['at_ms']).person, book)}"
    return f"{run.station} {day} kiosk {run.kiosk}"


def _person(person: str, book: Rulebook) -> str:
    return person if book.is_volunteer(person) else UNKNOWN_CARD


def _said(table: Table, live: dict[str, Any] | None, made: dict[str, Any] | None, zone: ZoneInfo) -> str:
    what = _WHAT[table]
    if live is not None and made is not None:
        changed = [name for name in live if live[name] != made[name]]
        return f"{what}: " + "; ".join(
            f"{_plain(name)}: the ledger has {_value(name, live[name], zone)}, "
            f"the records say {_value(name, made[name], zone)}"
            for name in changed
        )
    one, other = ("the records", "the ledger") if live is None else ("the ledger", "the records")
    row = live or made or {}
    told = ", ".join(f"{_plain(name)} {_value(name, row[name], zone)}" for name in _TOLD.get(table, ()))
    return f"{one} alone have a {what}, {told}; {other} have none"


def _plain(name: str) -> str:
    return name.removesuffix("_ms").replace("_", " ")


def _value(name: str, value: Any, zone: ZoneInfo) -> str:
    if name in _SECRET:
        return "somebody else"
    if value is None:
        return "nothing"
    if name.endswith("_ms") and "mono" not in name:
        return moment_of(value).astimezone(zone).isoformat(sep=" ", timespec="milliseconds")[:-6]
    return str(value)
