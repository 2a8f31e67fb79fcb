"""Telephone numbers, and what people agree to: rules and changes. History never says a number."""

from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Edit, HandlerAnswer, Now, Refusal, Row
from hub.changing.numbers import removal
from hub.changing.people import erased, no_person
from hub.changing.personal import NoteConsent, SetTelephone, WithdrawConsent
from hub.changing.places import no_station
from hub.database.people_tables import Volunteer
from hub.database.personal_tables import Consent, Telephone
from hub.database.tables import Station
from hub.register.telephones import ConsentMatter, Whose
from hub.saying import say


def set_telephone(command: SetTelephone, draft: Draft, _: Now) -> HandlerAnswer:
    """Of a station that is there, or of somebody who agreed."""
    is_person = command.whose is Whose.PERSON
    refusal = _refuse_person(command, draft) if is_person else _refuse_station(command, draft)
    if refusal is not None:
        return [refusal]
    key = {"whose": command.whose.value, "of": command.of}
    before = draft.of(Telephone).get(*key.values())
    after = None if command.sealed is None else {**key, "purpose": command.purpose.value, "sealed": command.sealed}
    if before == after:
        return None
    return CityChange(
        (Edit(Telephone, after or before or key, gone=after is None),),
        _told(before), _told(after, is_another=before is not None and before["sealed"] != command.sealed),
        is_new=before is None, person=command.of if is_person else "", station="" if is_person else command.of,
    )  # fmt: skip


def _told(row: Row | None, *, is_another: bool = False) -> Row:
    if row is None:
        return {}
    name = "lead_telephone" if row["whose"] == Whose.LEAD else "telephone"
    return {name: "another" if is_another else "kept", "purpose": row["purpose"]}


def _refuse_person(command: SetTelephone, draft: Draft) -> Refusal | None:
    person = draft.of(Volunteer).get(command.of)
    if person is None:
        return no_person(command.of)
    if person["erased_on"]:
        return erased(person)
    if command.sealed is not None and open_consent(draft, command.of, ConsentMatter.TELEPHONE) is None:
        return Refusal("agreed_on", "nothing", "the day on which they agreed to be called")
    return None


def _refuse_station(command: SetTelephone, draft: Draft) -> Refusal | None:
    station = draft.of(Station).get(command.of)
    if station is None:
        return no_station(command.of)
    if command.whose is Whose.LEAD and command.sealed is not None and not station["lead"]:
        return Refusal("lead_telephone", "a number, and no lead", "the lead's name as well")
    return None


def note_consent(command: NoteConsent, draft: Draft, now: Now) -> HandlerAnswer:
    """Not ahead; once at a time: another day takes the place of the one that was noted."""
    person = draft.of(Volunteer).get(command.person)
    if person is None:
        return [no_person(command.person)]
    if person["erased_on"]:
        return [erased(person)]
    if command.agreed_on > now.today:
        wanted = say("a day not after today, {day}", day=now.today)
        return [Refusal("agreed_on", str(command.agreed_on), wanted)]
    before = open_consent(draft, command.person, command.matter)
    if before is not None and before["agreed_on"] == command.agreed_on:
        return None
    withdrawn = draft.of(Consent).get(command.person, command.matter.value, command.agreed_on)
    if withdrawn is not None:
        found = say("{day}, and withdrawn on {withdrawn}", day=command.agreed_on, withdrawn=withdrawn["withdrawn_on"])
        return [Refusal("agreed_on", found, "the day on which they agreed again")]
    row = {
        "person": command.person, "matter": command.matter.value, "agreed_on": command.agreed_on, "noted_by": now.by,
        "withdrawn_on": None, "withdrawn_by": "",
    }  # fmt: skip
    after = {"matter": command.matter.value, "agreed_on": command.agreed_on.isoformat()}
    edits = [Edit(Consent, row)] if before is None else [Edit(Consent, before, gone=True), Edit(Consent, row)]
    was = {} if before is None else {"agreed_on": before["agreed_on"].isoformat()}
    return CityChange(tuple(edits), was, after, person=command.person, is_new=before is None)


def withdraw_consent(command: WithdrawConsent, draft: Draft, now: Now) -> HandlerAnswer:
    """What was kept by it goes at once."""
    if draft.of(Volunteer).get(command.person) is None:
        return [no_person(command.person)]
    before = open_consent(draft, command.person, command.matter)
    if before is None:
        return None
    edits = [Edit(Consent, {**before, "withdrawn_on": now.today, "withdrawn_by": now.by})]
    if command.matter is ConsentMatter.TELEPHONE:
        edits += removal(Whose.PERSON, command.person, draft)
    return CityChange(
        tuple(edits), {"matter": command.matter.value}, {"matter": command.matter.value, "withdrawn": True},
        person=command.person,
    )  # fmt: skip


def open_consent(draft: Draft, person: str, matter: ConsentMatter) -> Row | None:
    """What somebody agreed to, and still does."""
    rows = draft.of(Consent).of(person)
    return next((row for row in rows if row["matter"] == matter and row["withdrawn_on"] is None), None)
