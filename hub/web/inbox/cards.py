"""Whose is a card that tapped and is nobody's: who is asked about, and saying it."""

from typing import Final

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.accounts.asker import Who
from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.database.journal_tables import JournalRecord
from hub.database.ledger_tables import LedgerTap
from hub.database.people_tables import Holding
from hub.rights import Right
from hub.web.inbox.waiting import ToDo
from hub.web.people.volunteers import ShownVolunteer, find_person, list_people

MOST: Final = 30
ISO14443A: Final = "iso14443a"
EM4100: Final = "em4100"


def may_be(connection: Connection, who: Who, one: ToDo, typed: str) -> list[ShownVolunteer]:
    """Whose it may be: who is looked for, else the station's own people who have no card."""
    found = list_people(connection, who.grants, asked=typed, only="no_card", station="" if typed else one.place.station)
    return [person for person in found if person.left_on is None][:MOST]


def say_whose(connection: Connection, who: Who, one: ToDo, person: str) -> list[CityCommand] | None:
    """What is to be changed so that it is somebody's; None where that is nobody whom one may give a card."""
    token = _token_of(one)
    if not who.may(Right.PEOPLE, one.place) or find_person(connection, who.grants, Right.PEOPLE, person) is None:
        return None
    return [asked.EnterCard(token, _technology(connection, token)), asked.AssignCard(token, person)]


def is_somebodys(connection: Connection, one: ToDo) -> bool:
    """Whether somebody has it by now: to say whose it is takes it from nobody."""
    held = col(Holding.token) == _token_of(one), col(Holding.until_ms).is_(None)
    return connection.execute(select(Holding.person).where(*held)).first() is not None


def _token_of(one: ToDo) -> str:
    return one.subject.partition(" ")[0]


def _technology(connection: Connection, token: str) -> str:
    """How its number was read: a kiosk tells the sort of card."""
    tap = select(col(LedgerTap.run), col(LedgerTap.seq)).where(col(LedgerTap.token) == token).limit(1)
    found = connection.execute(tap).first()
    if found is None:
        return ISO14443A
    where = col(JournalRecord.run) == found.run, col(JournalRecord.seq) == found.seq
    kind = connection.execute(select(col(JournalRecord.card_kind)).where(*where)).scalar_one_or_none()
    return EM4100 if (kind or "").startswith("em") else ISO14443A
