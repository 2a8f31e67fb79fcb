"""What can be asked of what is held of somebody beside their service, as values: telephones, consent, erasing.

The names are those that history keeps, so they do not change.
"""

from dataclasses import dataclass, field
from datetime import date

from hub.register.telephones import ConsentMatter, Purpose, Whose


@dataclass(frozen=True, slots=True)
class SetTelephone:
    """Keep a number of a station, its lead or a person, sealed already; None takes it away.

    A person's is kept while they agree to it (`NoteConsent`).
    """

    whose: Whose
    of: str
    sealed: bytes | None = field(repr=False)
    purpose: Purpose = Purpose.DUTY


@dataclass(frozen=True, slots=True)
class NoteConsent:
    """Note that somebody agreed to something on a day."""

    person: str
    matter: ConsentMatter
    agreed_on: date


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Note that somebody agrees no more; of a telephone the number goes with it."""

    person: str
    matter: ConsentMatter


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """Take name, number and telephone of somebody who has left away for good; totals stay under the opaque id.

    `mark` is by which the number is known again (`erasing.erased_mark`).
    """

    person: str
    mark: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AllowNumber:
    """Take back that a number is one of somebody who was erased: they come again, and agreed to it."""

    mark: str = field(repr=False)


AboutPerson = SetTelephone | NoteConsent | WithdrawConsent | ErasePerson | AllowNumber
