"""Volunteers, their training, stations and leaving: rules and changes."""

from datetime import date
from typing import Final

from hub.changing.commands import EnterPerson, LeavePerson, ReturnPerson, SetMemberships, TrainPerson
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Edit, HandlerAnswer, Now, Refusal, Row, short_token, spell_found
from hub.changing.laying import given, lay
from hub.changing.places import no_station, with_first_day
from hub.database.people_tables import Holding, Membership, Volunteer
from hub.database.tables import Station
from hub.register.terms import ALWAYS
from hub.saying import say

_AND_LEFT: Final = "{day}, and left on {left_on}"


def enter_person(command: EnterPerson, draft: Draft, _: Now) -> HandlerAnswer:
    """One number, one person."""
    rows = draft.of(Volunteer)
    before = rows.get(command.person)
    if any(row["person"] != command.person for row in rows.of(command.number)):
        return [Refusal("number", "the number of another volunteer", "a number of their own")]
    if before is not None and before["erased_on"]:
        return [erased(before)]
    if before is not None and before["number"] != command.number:
        return [Refusal("number", "another number than before", "the same; it is how a later list finds them")]
    new = {
        "person": command.person, "number": command.number, "full_name": "", "star": 0, "registered_on": None,
        "left_on": None, "trained_on": None, "erased_on": None,
    }  # fmt: skip
    said = given(full_name=command.full_name, star=command.star, registered_on=command.registered_on)
    after = {**(before or new), **said}
    if not after["full_name"]:
        return [Refusal("full_name", "nothing", "a value")]
    if after["left_on"] and after["registered_on"] and after["left_on"] < after["registered_on"]:
        found = say(_AND_LEFT, day=after["registered_on"], left_on=after["left_on"])
        return [Refusal("registered_on", found, "a day not after they left")]
    return lay(Volunteer, before, after, person=command.person)


def train_person(command: TrainPerson, draft: Draft, now: Now) -> HandlerAnswer:
    """Training is not held ahead."""
    before = draft.of(Volunteer).get(command.person)
    if before is None:
        return [no_person(command.person)]
    if command.on is not None and command.on > now.today:
        return [Refusal("on", str(command.on), say("a day not after today, {day}", day=now.today))]
    if command.on is not None and before["left_on"] and before["left_on"] < command.on != before["trained_on"]:
        return [Refusal("on", say(_AND_LEFT, day=command.on, left_on=before["left_on"]), "a day not after they left")]
    return lay(Volunteer, before, {**before, "trained_on": command.on}, person=command.person)


def set_memberships(command: SetMemberships, draft: Draft, now: Now) -> HandlerAnswer:
    """Of stations that are there, by somebody who has not left."""
    person = draft.of(Volunteer).get(command.person)
    if person is None:
        return [no_person(command.person)]
    stations = sorted(command.stations)
    refusals = [no_station(code, "stations") for code in stations if draft.of(Station).get(code) is None]
    if refusals:
        return refusals
    is_new = draft.of(Volunteer).is_new(command.person)
    since = command.since or (ALWAYS if is_new else now.today)
    if stations and person["left_on"] and person["left_on"] <= since:
        return [
            Refusal(
                "stations",
                say("{count}, and left on {left_on}", count=len(stations), left_on=person["left_on"]),
                _NOT_LEFT,
            )
        ]
    was = draft.of(Membership).of(command.person)
    after = _belonging(was, command, since, person["left_on"])
    edits = [Edit(Membership, row, gone=True) for row in was if row not in after]
    edits += [Edit(Membership, row) for row in after if row not in was]
    if not edits:
        return None
    before = sorted({row["station"] for row in was if _lasts(row, since)})
    change = CityChange(tuple(edits), {"stations": before}, {"stations": stations}, person=command.person)
    return with_first_day(change, since, now) if not is_new else change


_NOT_LEFT = "somebody who has not left"


def _lasts(row: Row, since: date) -> bool:
    return row["until_day"] is None or row["until_day"] > since


def _belonging(was: list[Row], command: SetMemberships, since: date, left_on: date | None) -> list[Row]:
    """All memberships as they are to be; a station that stays keeps its beginning."""
    after = [row for row in was if not _lasts(row, since)]
    lasting = {row["station"]: row["from_day"] for row in was if _lasts(row, since) and row["from_day"] < since}
    for station in sorted(command.stations | lasting.keys()):
        begins = lasting.get(station, since)
        ends = left_on if station in command.stations else since
        after.append({"station": station, "person": command.person, "from_day": begins, "until_day": ends})
    return after


def leave_person(command: LeavePerson, draft: Draft, now: Now) -> HandlerAnswer:
    """Once, after they were registered; cards and stations end with it."""
    person = draft.of(Volunteer).get(command.person)
    if person is None:
        return [no_person(command.person)]
    on = command.on or now.today
    at_ms = now.ms if command.on is None else now.midnight_ms(command.on)
    if person["left_on"] == on or (command.on is None and person["left_on"] and person["left_on"] < on):
        return None
    if person["left_on"] is not None:
        return [
            Refusal(
                "on",
                say("{day}, and left on {left_on} already", day=on, left_on=person["left_on"]),
                "the day on which they left",
            )
        ]
    if refusals := _refuse_early(person, on):
        return refusals
    holdings = [row for row in draft.holdings_of(command.person) if row["until_ms"] is None or row["until_ms"] > at_ms]
    later = [row for row in holdings if row["from_ms"] >= at_ms]
    if later:
        found = say(
            "{day}, and card {card} theirs from {since}",
            day=on,
            card=short_token(later[0]["token"]),
            since=now.spell(later[0]["from_ms"]),
        )
        return [Refusal("on", found, "a day after it; or give the card to somebody else first")]
    members = [row for row in draft.of(Membership).of(command.person) if _lasts(row, on)]
    edits = [Edit(Volunteer, {**person, "left_on": on})]
    edits += [Edit(Holding, {**row, "until_ms": at_ms}) for row in holdings]
    edits += [
        Edit(Membership, {**row, "until_day": on} if row["from_day"] < on else row, gone=row["from_day"] >= on)
        for row in members
    ]
    before = {
        "cards": [short_token(row["token"]) for row in holdings],
        "stations": sorted({row["station"] for row in members}),
    }
    return with_first_day(CityChange(tuple(edits), before, {"left_on": on.isoformat()}, person=command.person), on, now)


def _refuse_early(person: Row, on: date) -> list[Refusal]:
    """Nobody leaves before they came."""
    if person["registered_on"] is not None and on < person["registered_on"]:
        found = say("{day}, and registered on {registered_on}", day=on, registered_on=person["registered_on"])
        return [Refusal("on", found, "a day after they were registered")]
    if person["trained_on"] is not None and on < person["trained_on"]:
        found = say("{day}, and trained on {trained_on}", day=on, trained_on=person["trained_on"])
        return [Refusal("on", found, "a day not before their training")]
    return []


def return_person(command: ReturnPerson, draft: Draft, _: Now) -> HandlerAnswer:
    """Somebody who left, and was not erased."""
    before = draft.of(Volunteer).get(command.person)
    if before is None:
        return [no_person(command.person)]
    if before["erased_on"]:
        return [erased(before)]
    return lay(Volunteer, before, {**before, "left_on": None}, person=command.person)


def no_person(person: str) -> Refusal:
    """The refusal of an id that names nobody."""
    return Refusal("person", spell_found(person), "a volunteer who is entered", missing=person)


def erased(row: Row) -> Refusal:
    """The refusal of an id whose name and number are gone."""
    found = say("{person}, who was erased on {day}", person=row["person"], day=row["erased_on"])
    return Refusal("person", found, "somebody who is entered; one who comes again is entered anew")
