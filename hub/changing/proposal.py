"""Commands one after another over the city as it is; nothing is written until all of them can stand.

Each that changes something writes rows and one line of history. A rule of its own stands here for all of them: what
was true of a past day is changed only with a reason.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hub.changing import (
    amending,
    cards,
    corrections,
    days,
    erasing,
    kiosks,
    people,
    personal,
    places,
    shifts,
    telephones,
    terms,
)
from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, HandlerAnswer, Now, Refusal, Row, spell_found
from hub.changing.saving import save
from hub.changing.words_out import take_words_out
from hub.database.dialect import dialect_of
from hub.register.personal import WITHOUT_NUMBER, tells_a_number
from hub.register.spelling import spell
from hub.saying import say
from station.strict import FIRST_YEAR, LAST_YEAR

HANDLERS: Final[dict[type[Any], Callable[[Any, Draft, Now], HandlerAnswer]]] = {
    asked.NameCity: places.name_city,
    asked.EnterDistrict: places.enter_district,
    asked.NameAuthority: places.name_authority,
    asked.EnterStation: places.enter_station,
    asked.CloseStation: places.close_station,
    asked.ReopenStation: places.reopen_station,
    asked.SetTerms: terms.set_terms,
    asked.SetSpecialDay: days.set_special_day,
    asked.SetSharedDay: days.set_shared_day,
    asked.EnterHolidays: days.enter_holidays,
    asked.SetHoliday: days.set_holiday,
    asked.EnterKiosk: kiosks.enter_kiosk,
    asked.RetireKiosk: kiosks.retire_kiosk,
    asked.KeepKiosk: kiosks.keep_kiosk,
    asked.RevokeKiosk: kiosks.revoke_kiosk,
    asked.EnterPerson: people.enter_person,
    asked.TrainPerson: people.train_person,
    asked.SetMemberships: people.set_memberships,
    asked.LeavePerson: people.leave_person,
    asked.ReturnPerson: people.return_person,
    asked.PlanWeek: shifts.plan_week,
    asked.SetShiftDay: shifts.set_shift_day,
    personal.SetTelephone: telephones.set_telephone,
    personal.NoteConsent: telephones.note_consent,
    personal.WithdrawConsent: telephones.withdraw_consent,
    personal.ErasePerson: erasing.erase_person,
    personal.AllowNumber: erasing.allow_number,
    asked.EnterCard: cards.enter_card,
    asked.AssignCard: cards.assign_card,
    asked.ReturnCard: cards.return_card,
    asked.LoseCard: cards.lose_card,
    asked.FindCard: cards.find_card,
    corrections.VoidTap: amending.void_tap,
    corrections.AddTap: amending.add_tap,
    corrections.RetimeTap: amending.retime_tap,
    corrections.ConfirmTap: amending.confirm_tap,
}
_OWN_WORDS: Final = ("name", "short_name", "authority", "entrance", "reason", "evidence", "asked_by", "notice")
"""Fields of commands that take any text, but for a person's name, which is judged where it is read."""
_MANY: Final = 200  # commands, from which on reading the tables whole takes less time
_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of commands: either `refusals`, by the number of the command from 0, or `changes`."""

    changes: tuple[tuple[CityCommand, CityChange], ...] = ()
    refusals: tuple[tuple[int, Refusal], ...] = ()


@dataclass(slots=True)
class Proposal:
    """What is to be changed.

    Attributes:
        by: who asks.
        why: the reason, which a change of the past must have.
    """

    draft: Draft
    now: Now
    by: str
    why: str = ""
    changes: list[tuple[CityCommand, CityChange]] = field(default_factory=list)
    _why_tells: bool = field(init=False)

    def __post_init__(self) -> None:
        self._why_tells = tells_a_number(self.why)

    def take(self, command: CityCommand) -> HandlerAnswer:
        """Lay one command over what is; a refused one leaves it as it was, unless nothing but a reason lacks.

        So a reason that lacks is not told again as what would follow without it.
        """
        refused = self._refuse_numbers(command) or _refuse_days(command)
        if refused:
            return refused
        if isinstance(command, asked.AboutCard):
            command = replace(command, token=self.draft.card_named(command.token))
        answer = HANDLERS[type(command)](command, self.draft, self.now)
        if not isinstance(answer, CityChange):
            return answer or None
        self.draft.take(answer.edits)
        refusals = self._refuse_past(answer)
        if refusals:
            return refusals
        if answer.amendment is not None:
            self.draft.journal.take(answer.station, replace(answer.amendment, reason=self.why, by=self.by))
        self.changes.append((command, answer))
        return answer

    def _refuse_numbers(self, command: CityCommand) -> list[Refusal]:
        """What people write in their own words is kept for ever: nobody's telephone or identity number stands in it."""
        texts = {name: getattr(command, name, None) for name in _OWN_WORDS}
        told = {name: text for name, text in texts.items() if text and tells_a_number(text)}
        if self._why_tells:
            told["why"] = self.why
        return [Refusal(name, spell_found(text, private=True), WITHOUT_NUMBER) for name, text in told.items()]

    def _refuse_past(self, change: CityChange) -> list[Refusal]:
        """A month whose hours are approved will refuse here as well, by `day_from`."""
        if not change.is_past or self.why:
            return []
        found = say("no reason, though it changes what was true from {day} on", day=change.day_from)
        return [Refusal("why", found, "a reason for changing the past")]

    def write(self, connection: Connection) -> None:
        """Write all of it; the caller holds the write lock since before the draft was read."""
        erased = [command.person for command, _ in self.changes if isinstance(command, personal.ErasePerson)]
        if erased:
            dialect_of(connection).begin_erasing(connection)
        save(self.draft, [self._line(command, change) for command, change in self.changes], connection)
        self.draft.journal.write(self.now.ms)
        for person in erased:
            take_words_out(connection, person, self.draft, self.now.ms)

    def take_slice(self, begin: int, end: int) -> list[Row]:
        """Let the draft be what these commands change, those before them being written; returns their history.

        What is to be written then is a city that could be. The draft is good for nothing else after that.
        """
        for rows in self.draft.tables.values():
            rows.forget() if begin == 0 else rows.written()
        for _, change in self.changes[begin:end]:
            self.draft.take(change.edits)
        return [self._line(command, change) for command, change in self.changes[begin:end]]

    def _line(self, command: CityCommand, change: CityChange) -> Row:
        return {
            "at_ms": self.now.ms, "by": self.by, "what": name_of_command(command), "why": self.why,
            "station": change.station, "kiosk": change.kiosk, "person": change.person, "token": change.token,
            "day_from": change.day_from,
            "before": spell(change.before) if change.before else "",
            "after": spell(change.after) if change.after else "",
        }  # fmt: skip


def _refuse_days(command: CityCommand) -> list[Refusal]:
    """Calendars reach no other year, and 9999-12-31 means "no end" to some: that is nothing said."""
    wanted = say("a date from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR - 1)
    days = {one.name: getattr(command, one.name) for one in fields(command)}
    return [
        Refusal(name, str(day), wanted)
        for name, day in days.items()
        if isinstance(day, date) and not FIRST_YEAR <= day.year < LAST_YEAR
    ]


def name_of_command(command: CityCommand) -> str:
    """As history calls it: `lose_card`."""
    return _WORD.sub("_", type(command).__name__).lower()


def preview(
    connection: Connection, commands: Iterable[CityCommand], *, by: str, at: datetime, zone: ZoneInfo, why: str = ""
) -> Outcome:
    """What commands would change; nothing is written."""
    return _propose(connection, commands, by=by, at=at, zone=zone, why=why)[1]


def apply(
    connection: Connection, commands: Iterable[CityCommand], *, by: str, at: datetime, zone: ZoneInfo, why: str = ""
) -> Outcome:
    """Change the city, or nothing of it where one command is refused.

    Args:
        connection: in a transaction that holds the write lock; see `hub.database.transactions.writing`.
        commands: each finds what those before it have changed.
        by: who asks, for the history.
        at: now.
        zone: the city's.
        why: for the history; a change of the past must have one.
    """
    proposal, outcome = _propose(connection, commands, by=by, at=at, zone=zone, why=why)
    if not outcome.refusals:
        proposal.write(connection)
    return outcome


def _propose(
    connection: Connection, commands: Iterable[CityCommand], *, by: str, at: datetime, zone: ZoneInfo, why: str
) -> tuple[Proposal, Outcome]:
    asked_for = list(commands)
    draft = Draft(connection, whole=len(asked_for) >= _MANY)
    proposal = Proposal(draft, Now(at, zone, by), by, why)
    refusals: list[tuple[int, Refusal]] = []
    for number, command in enumerate(asked_for):
        answer = proposal.take(command)
        if isinstance(answer, list):
            refusals += [(number, refusal) for refusal in answer]
    if refusals:
        return proposal, Outcome(refusals=tuple(refusals))
    return proposal, Outcome(changes=tuple(proposal.changes))
