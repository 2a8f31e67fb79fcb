"""Erasing somebody: name, number and telephone go for good, totals stay under the opaque id. Rules and changes.

Holdings that are over keep the opaque id, for what a card's taps counted for follows from them; with name and number
gone, nobody is behind it any more. What was written of them beside the register is `words_out`'s.
"""

import hmac
from hashlib import sha256

from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Edit, HandlerAnswer, Now, Refusal
from hub.changing.numbers import removal
from hub.changing.people import no_person
from hub.changing.personal import AllowNumber, ErasePerson
from hub.changing.shifts import taken_out
from hub.database.people_tables import Volunteer
from hub.database.personal_tables import Consent, ErasedNumber
from hub.register.telephones import Whose
from hub.saying import say


def erased_mark(site_key: bytes, number: str) -> str:
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
    edits += taken_out(command.person, draft)
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
