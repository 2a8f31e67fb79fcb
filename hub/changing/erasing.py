"""Erasing somebody: name, number and telephone go for good, totals stay under the opaque id. Rules and changes.

Holdings that are over keep the opaque id, for what a card's taps counted for follows from them; with name and number
gone, nobody is behind it any more.
"""

import hmac
import json
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, delete, or_, update
from sqlmodel import col, select

from hub.changing.commands import AllowNumber, ErasePerson
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Edit, HandlerAnswer, Now, Refusal
from hub.changing.numbers import removal
from hub.changing.people import no_person
from hub.database.history_table import ChangeRow
from hub.database.import_tables import ImportedRow
from hub.database.people_tables import Volunteer
from hub.database.personal_tables import Consent, ErasedNumber
from hub.register.spelling import spell
from hub.register.telephones import Whose
from hub.saying import say

GONE: Final = "…"
_WORDS: Final = frozenset({"full_name"})  # of a person, masked as it is


def mark_of(site_key: bytes, number: str) -> str:
    """By what an erased person's number is known again: only with the site key, and only by who has the number."""
    return hmac.new(site_key, b"erased:" + number.encode(), sha256).hexdigest()


def number_of_erased(person: str) -> str:
    """What stands in the place of a number; a register's has no small letters."""
    return f"erased-{person}"


def erase_person(command: ErasePerson, draft: Draft, now: Now) -> HandlerAnswer:
    """Somebody who has left, so that cards and stations are over."""
    before = draft.of(Volunteer).get(command.person)
    if before is None:
        return [no_person(command.person)]
    if before["erased_on"]:
        return None
    if before["left_on"] is None or before["left_on"] > now.today:
        return [Refusal("person", say("{person}, who has not left", person=command.person), "somebody who has left")]
    gone = {"number": number_of_erased(command.person), "full_name": "", "erased_on": now.today}
    edits = [Edit(Volunteer, {**before, **gone}), *removal(Whose.PERSON, command.person, draft)]
    edits += [
        Edit(Consent, {**row, "withdrawn_on": now.today, "withdrawn_by": now.by})
        for row in draft.of(Consent).of(command.person)
        if row["withdrawn_on"] is None
    ]
    if command.mark:
        row = {"mark": command.mark, "person": command.person, "erased_on": now.today}
        edits.append(Edit(ErasedNumber, row))
    return CityChange(tuple(edits), {}, {"erased_on": now.today.isoformat()}, person=command.person)


def allow_number(command: AllowNumber, draft: Draft, _: Now) -> HandlerAnswer:
    """Of whoever was erased."""
    row = draft.of(ErasedNumber).get(command.mark)
    if row is None:
        return None
    return CityChange((Edit(ErasedNumber, row, gone=True),), {}, {"comes_again": True}, person=row["person"])


def take_words_out(connection: Connection, person: str, draft: Draft) -> None:
    """Take somebody's name out of history, where commands left it masked and reasons perhaps whole."""
    was = draft.of(Volunteer).before[(person,)]
    words = [word for word in (was["full_name"], was["number"]) if word]
    told = [col(ChangeRow.why).contains(word, autoescape=True) for word in words]
    names = [col(getattr(ChangeRow, name)) for name in ("number", "before", "after", "why", "person")]
    connection.execute(delete(ImportedRow).where(col(ImportedRow.person) == person))
    for row in connection.execute(select(*names).where(or_(col(ChangeRow.person) == person, *told))).all():
        after = {"why": row.why}
        for word in words:
            after["why"] = after["why"].replace(word, GONE)
        if row.person == person:
            after |= {"before": _without_words(row.before), "after": _without_words(row.after)}
        connection.execute(update(ChangeRow).where(col(ChangeRow.number) == row.number).values(after))


def _without_words(text: str) -> str:
    if not text:
        return text
    return spell({name: GONE if name in _WORDS else value for name, value in json.loads(text).items()})
