"""Giving somebody a card by holding it to a kiosk: what is asked, and what the hub does with the token that comes."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.asking.kinds import AnswerError, CommandKind, FoundAnswer, FoundTexts
from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.changing.effects import short_token
from hub.changing.proposal import apply
from hub.database.card_names import SaidName, note_names
from hub.database.people_tables import CardRow, Holding, Loss
from hub.register.card_names import read_card_names
from station.milliseconds import ms_of
from station.names import SHAPES, Token

_match_token = SHAPES[Token][0].match
WHY: Final = "办卡"
GIVEN: Final = "given"
"""Under which name a command's row has what was given: the card, as people name it."""
LOSE: Final = "lose"
"""The argument by which their other cards are reported lost with it."""


class CardTrouble(StrEnum):
    """Why nobody was given a card; the first three are what a kiosk says, the others the hub's."""

    NO_CARD = "no_card"
    BUSY = "busy"
    RANDOM_NUMBER = "random_number"
    NOT_UNIQUE = "not_unique"
    INTERRUPTED = "interrupted"
    EXPIRED = "expired"
    OTHERS = "others"
    LOST = "lost"
    REFUSED = "refused"


def give_card(answer: FoundAnswer) -> FoundTexts:
    """Give the card that was read to who was asked for, unless it is somebody's or lost.

    Raises:
        AnswerError: nothing is changed; the text is one of `CardTrouble`.
    """
    connection, said = answer.connection, answer.found.get("token", "")
    token = read_card_names(connection).first(said)
    later = answer.found.get("next_token", "")
    if _match_token(later):
        note_names(connection, [SaidName(later, said, answer.kiosk)], ms_of(answer.now))
    person, technology = answer.args.get("person", ""), answer.found.get("technology", "")
    holder = _holder(connection, token)
    if connection.execute(select(Loss.token).where(col(Loss.token) == token, col(Loss.until_ms).is_(None))).first():
        raise AnswerError(CardTrouble.LOST)
    if holder is not None and holder != person:
        raise AnswerError(CardTrouble.OTHERS)
    is_known = connection.execute(select(CardRow.token).where(col(CardRow.token) == token)).first() is not None
    wanted: list[CityCommand] = [] if is_known else [asked.EnterCard(token, technology)]
    wanted.append(asked.AssignCard(token, person))
    if answer.args.get(LOSE):
        wanted += [asked.LoseCard(other) for other in _cards(connection, person) if other != token]
    outcome = apply(connection, wanted, by=answer.by, at=answer.now, zone=answer.zone, why=WHY)
    if outcome.refusals:
        raise AnswerError(CardTrouble.REFUSED)
    return {GIVEN: short_token(token)}


def _holder(connection: Connection, token: str) -> str | None:
    where = col(Holding.token) == token, col(Holding.until_ms).is_(None)
    found: str | None = connection.execute(select(Holding.person).where(*where)).scalar_one_or_none()
    return found


def _cards(connection: Connection, person: str) -> list[str]:
    """Those that they have and that are not lost."""
    lost = select(Loss.token).where(col(Loss.until_ms).is_(None))
    where = col(Holding.person) == person, col(Holding.until_ms).is_(None), col(Holding.token).not_in(lost)
    return list(connection.execute(select(Holding.token).where(*where)).scalars())


READ_CARD: Final = CommandKind("read_card", timedelta(minutes=1), give_card)
