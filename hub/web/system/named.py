"""The history as somebody reads it who may see the register: volunteers by number and masked name, not by opaque id."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.changing.history import HistoryLine
from hub.database.people_tables import Volunteer
from hub.register.masking import mask_name


def name_people(connection: Connection, lines: Iterable[HistoryLine]) -> list[HistoryLine]:
    """The same lines; who is no longer in the register keeps the opaque id."""
    known = list(lines)
    ids = set().union(*(_texts([line.concerns, line.before, line.after]) for line in known))
    columns = col(Volunteer.person), col(Volunteer.number), col(Volunteer.full_name)
    rows = connection.execute(select(*columns).where(col(Volunteer.erased_on).is_(None)))
    names = {person: f"{number} {mask_name(full_name)}" for person, number, full_name in rows if person in ids}
    return [_renamed(line, names) for line in known]


def _renamed(line: HistoryLine, names: Mapping[str, str]) -> HistoryLine:
    concerns, before, after = (_named(each, names) for each in (line.concerns, line.before, line.after))
    return replace(line, concerns=concerns, before=before, after=after)


def _texts(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        return _texts(list(value.values()))
    if isinstance(value, list):
        return set().union(*map(_texts, value))
    return {value} if isinstance(value, str) else set()


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _named(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_named(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value
