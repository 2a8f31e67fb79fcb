"""The history as somebody reads it who may see the register: volunteers by number and masked name, not by opaque id."""

from collections.abc import Iterable

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.changing.history import HistoryLine
from hub.changing.told_names import renamed, texts_of
from hub.database.people_tables import Volunteer
from hub.register.masking import mask_name


def name_people(connection: Connection, lines: Iterable[HistoryLine]) -> list[HistoryLine]:
    """The same lines; who is no longer in the register keeps the opaque id."""
    known = list(lines)
    ids = set().union(*(texts_of([line.concerns, line.before, line.after]) for line in known))
    columns = col(Volunteer.person), col(Volunteer.number), col(Volunteer.full_name)
    rows = connection.execute(select(*columns).where(col(Volunteer.erased_on).is_(None)))
    names = {person: f"{number} {mask_name(full_name)}" for person, number, full_name in rows if person in ids}
    return [renamed(line, lambda text: names.get(text, text)) for line in known]
