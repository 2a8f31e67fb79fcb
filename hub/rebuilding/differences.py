"""Where the ledger kept live and one made anew differ, told so that an operator finds the place.

A line names station, day and kiosk or opaque person: never a token, never a name.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, except_, select

from hub.ledger.editions import CARD
from hub.ledger.queries import LEDGER_RUN, LEDGER_TAP, RUN, STINT, WATCHED, read_names
from hub.rebuilding.anew import KEPT, live_table
from hub.rebuilding.moments import RowFigures, StationMoment
from hub.register.rulebook import Rulebook
from hub.saying import Said, say
from station.milliseconds import moment_of

UNKNOWN_CARD: Final = say("an unknown card")
_SECRET: Final = frozenset({"token", "person", "held"})
_WHEN: Final = {STINT: "began_ms", WATCHED: "since_ms", LEDGER_TAP: "at_ms", LEDGER_RUN: "last_ms"}
_WHAT: Final = {
    STINT: say("stint"), WATCHED: say("watching"), LEDGER_TAP: say("tap"), LEDGER_RUN: say("how far it is folded"),
    CARD: say("card"),
}  # fmt: skip
_TOLD: Final = {
    STINT: ("began_ms", "ended_ms", "end"),
    WATCHED: ("since_ms", "until_ms"),
    LEDGER_TAP: ("at_ms", "action"),
}
RowsByKey = dict[tuple[Any, ...], dict[str, Any]]


def differences(connection: Connection, book: Rulebook) -> Iterator[Said]:
    """A line for each row that is otherwise, or on one side only; within `made_anew`."""
    for table in KEPT:
        live = _only(connection, live_table(connection, table), table)
        made = _only(connection, table, live_table(connection, table))
        for key in sorted(live.keys() | made.keys()):
            place = _place(connection, table, live.get(key) or made[key], book)
            yield say("{place}: {what}", place=place, what=_said(table, live.get(key), made.get(key), book.zone))


def rows_differ(
    live: Mapping[StationMoment, RowFigures], made: Mapping[StationMoment, RowFigures], book: Rulebook
) -> Iterator[Said]:
    """A line for each row of the board that is otherwise."""
    for asked, figures in live.items():
        if figures != made[asked]:
            at = asked.at.astimezone(book.zone).isoformat(sep=" ", timespec="seconds")[:-6]
            yield say(
                "{station} {at}: board: the ledger has {live}, the records say {made}",
                station=asked.station, at=at, live=_told(figures, book), made=_told(made[asked], book),
            )  # fmt: skip


def _told(figures: RowFigures, book: Rulebook) -> Said:
    facts = {"duty": figures.duty_class, "on_duty": figures.on_duty, "out": figures.stepped_out}
    if figures.since is None:
        return say("{duty}, {on_duty} on duty, {out} out", **facts)
    since = f"{figures.since.astimezone(book.zone):%H:%M:%S}"
    return say("{duty} since {since}, {on_duty} on duty, {out} out", since=since, **facts)


def _only(connection: Connection, one: Table, other: Table) -> RowsByKey:
    """The rows that are so in one table alone, by key."""
    rows = connection.execute(except_(select(*one.c), select(*other.c))).all()
    named = [dict(zip(one.c.keys(), row, strict=True)) for row in rows]
    return {tuple(row[column.name] for column in one.primary_key): row for row in named}


def _place(connection: Connection, table: Table, row: dict[str, Any], book: Rulebook) -> Said:
    if table is CARD:
        return say("a volunteer's card") if len(book.persons(row["token"])) > 1 else UNKNOWN_CARD
    (run,) = read_names(connection, RUN.c.id == row["run"])
    day = moment_of(row[_WHEN[table]]).astimezone(book.zone).date()
    if table is STINT:
        return say("{station} {day} {who}", station=row["station"], day=day, who=_person(row["person"], book))
    if table is LEDGER_TAP:
        person = book.identity(row["token"], row["at_ms"]).person
        return say("{station} {day} {who}", station=run.station, day=day, who=_person(person, book))
    return say("{station} {day} kiosk {kiosk}", station=run.station, day=day, kiosk=run.kiosk)


def _person(person: str, book: Rulebook) -> str:
    return person if book.is_volunteer(person) else UNKNOWN_CARD


def _said(table: Table, live: dict[str, Any] | None, made: dict[str, Any] | None, zone: ZoneInfo) -> Said:
    what = _WHAT[table]
    if live is not None and made is not None:
        changed = [name for name in live if live[name] != made[name]]
        told = [_otherwise(name, _value(name, live[name], zone), _value(name, made[name], zone)) for name in changed]
        return say("{what}: {told}", what=what, told=told)
    row = live or made or {}
    facts = [
        say("{column} {value}", column=_plain(name), value=_value(name, row[name], zone))
        for name in _TOLD.get(table, ())
    ]
    if live is None:
        return say("the records alone have a {what}, {facts}; the ledger has none", what=what, facts=facts)
    return say("the ledger alone has a {what}, {facts}; the records have none", what=what, facts=facts)


def _otherwise(name: str, live: str, made: str) -> Said:
    return say("{column}: the ledger has {live}, the records say {made}", column=_plain(name), live=live, made=made)


def _plain(name: str) -> str:
    return name.removesuffix("_ms").replace("_", " ")


def _value(name: str, value: Any, zone: ZoneInfo) -> str:
    if name in _SECRET:
        return say("somebody else")
    if value is None:
        return say("nothing")
    if name.endswith("_ms") and "mono" not in name:
        return moment_of(value).astimezone(zone).isoformat(sep=" ", timespec="milliseconds")[:-6]
    return str(value)
