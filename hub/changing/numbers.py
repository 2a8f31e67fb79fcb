"""Telephone numbers between people's eyes and their rows: sealed, opened, known again. Commands carry them sealed."""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.changing.draft import Draft
from hub.changing.effects import Edit
from hub.database.personal_tables import Telephone
from hub.register.telephones import Whose, mask_number
from hub.saying import Said
from hub.sealing import Safe, SealError


class Sealed(Protocol):
    """A row of `telephone`."""

    @property
    def whose(self) -> str:
        """Whose it is."""

    @property
    def of(self) -> str:
        """Code or opaque id."""

    @property
    def purpose(self) -> str:
        """What for."""

    @property
    def sealed(self) -> bytes:
        """The number."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as somebody may see it.

    Attributes:
        shown: whole or masked; empty where it cannot be read.
        call: what a telephone dials; empty for whoever may not call.
        trouble: why it cannot be read.
    """

    whose: Whose
    purpose: str
    shown: str
    call: str = ""
    trouble: Said | None = None


@dataclass(frozen=True, slots=True)
class Telephones:
    """Seals and opens numbers."""

    safe: Safe

    def seal(self, connection: Connection, whose: Whose, of: str, number: str) -> bytes:
        """A number for its row: the bytes that are there where it is the same one already.

        Raises:
            SealError: there is no key, or not that of the numbers that are there.
        """
        kept = self._kept(connection, whose, of)
        if kept is None:
            self._see_that_the_key_fits(connection)
        elif self.safe.open(_name(whose, of), kept) == number:
            return kept
        return self.safe.seal(_name(whose, of), number)

    def trouble(self, connection: Connection) -> Said | None:
        """Why numbers that are kept cannot be read; None where they can, or there are none."""
        other = connection.execute(select(Telephone).limit(1)).first()
        return None if other is None else self.number(other, may_call=False).trouble

    def number(self, row: Sealed, *, may_call: bool) -> Number:
        """A number as somebody may see it."""
        whose = Whose(row.whose)
        try:
            number = self.safe.open(_name(whose, row.of), row.sealed)
        except SealError as exc:
            return Number(whose, row.purpose, "", trouble=exc.said)
        return Number(whose, row.purpose, *((number, number.replace("-", "")) if may_call else (mask_number(number),)))

    def _kept(self, connection: Connection, whose: Whose, of: str) -> bytes | None:
        where = col(Telephone.whose) == whose, col(Telephone.of) == of
        found: bytes | None = connection.execute(select(col(Telephone.sealed)).where(*where)).scalar_one_or_none()
        return found

    def _see_that_the_key_fits(self, connection: Connection) -> None:
        other = connection.execute(select(Telephone).limit(1)).first()
        if other is None:
            self.safe.make_key()
        else:
            self.safe.open(_name(Whose(other.whose), other.of), other.sealed)


def read_numbers(connection: Connection, *of: str) -> list[Any]:
    """The rows of stations or persons."""
    return list(connection.execute(select(Telephone).where(col(Telephone.of).in_(of)).order_by(col(Telephone.whose))))


def removal(whose: Whose, of: str, draft: Draft) -> list[Edit]:
    """What takes a number away, where there is one."""
    row = draft.of(Telephone).get(whose.value, of)
    return [] if row is None else [Edit(Telephone, row, gone=True)]


def _name(whose: Whose, of: str) -> str:
    """What a number is bound to."""
    return f"telephone:{whose}:{of}"
