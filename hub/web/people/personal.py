"""What is held of somebody and why, as their page shows it: number, what they agreed to, how long backups keep it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.changing.numbers import Number, Telephones, read_numbers
from hub.database.personal_tables import Consent, ErasedNumber
from hub.register.telephones import ConsentMatter, Purpose, Whose
from hub.web.desk.meanwhile import mark_of_shown
from hub.web.kit.words import _

MATTER_WORDS = {ConsentMatter.RECORD: _("记录服务"), ConsentMatter.TELEPHONE: _("接听电话")}
PURPOSE_WORDS = {Purpose.DUTY: _("联系值守"), Purpose.ROSTER: _("商量排班")}


@dataclass(frozen=True, slots=True)
class Held:
    """What is held beyond name, number and cards."""

    number: Number | None = None
    consents: tuple[Any, ...] = ()
    """Rows of `Consent`, the latest first."""
    open: frozenset[str] = field(default=frozenset())
    """Of which matters somebody agrees now."""

    @property
    def mark(self) -> str:
        """Of what their page shows of it."""
        consents = [(row.matter, row.agreed_on, row.withdrawn_on) for row in self.consents]
        return mark_of_shown(self.number.shown if self.number else "", consents)

    @property
    def agreed_on(self) -> Any:
        """Since when they may be called; None for not at all."""
        return next(
            (
                row.agreed_on
                for row in self.consents
                if row.matter == ConsentMatter.TELEPHONE and row.withdrawn_on is None
            ),
            None,
        )


def read_held(connection: Connection, telephones: Telephones, person: str, *, may_call: bool) -> Held:
    """Read what is held of somebody."""
    rows = [row for row in read_numbers(connection, person) if row.whose == Whose.PERSON]
    number = telephones.number(rows[0], may_call=may_call) if rows else None
    found = select(Consent).where(col(Consent.person) == person).order_by(col(Consent.agreed_on).desc())
    consents = tuple(connection.execute(found).all())
    return Held(number, consents, frozenset(row.matter for row in consents if row.withdrawn_on is None))


def masked_numbers(connection: Connection, telephones: Telephones, people: Iterable[str]) -> dict[str, str]:
    """The numbers of people in a list, masked."""
    rows = [row for row in read_numbers(connection, *people) if row.whose == Whose.PERSON]
    return {row.of: telephones.number(row, may_call=False).shown for row in rows}


def erased_with(connection: Connection, mark: str) -> Any:
    """The row of somebody with that number who was erased; None for nobody."""
    return connection.execute(select(ErasedNumber).where(col(ErasedNumber.mark) == mark)).one_or_none()
