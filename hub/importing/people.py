"""Volunteers and cards: lines into commands. Here a card's number becomes its token, and is let go."""

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Final

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.changing.effects import spell_found
from hub.changing.erasing import erased_mark
from hub.database.card_names import HUB, SaidName
from hub.database.people_tables import CardRow, Holding, Volunteer
from hub.database.personal_tables import ErasedNumber
from hub.importing.reading import Entry
from hub.importing.sheet_forms import FormName
from hub.importing.telephones import propose_person_number
from hub.importing.work import Entries, Work, sheet_values
from hub.saying import say
from hub.typed.card_number import read_card_number
from hub.typed.cells import CellError
from station.names import Token
from station.token import token_of

_HIDDEN: Final = "a number that is not there"


def propose_people(entries: Entries, work: Work) -> None:
    """The stations must be proposed already."""
    for entry in entries.get(FormName.VOLUNTEERS, ()):
        number = entry.get("number")
        person = _person_named(number, work) or _person_of(work.first_key, number)
        if _is_erased(entry, number, work):
            continue
        is_first = work.claim(FormName.VOLUNTEERS, person, entry, "number")
        if is_first and work.is_whole(FormName.VOLUNTEERS, person, entry):
            columns = {"full_name": "name", "on": "left_on"}
            training = _training(entry, person)
            work.give(FormName.VOLUNTEERS, person, entry, _being(entry, person, number, work), columns)
            work.give(FormName.VOLUNTEERS, person, entry, training, {"on": "trained_on"})
            propose_person_number(entry, person, work)
            work.give(FormName.VOLUNTEERS, person, entry, _belonging(entry, person, work), columns)
    for entry in entries.get(FormName.CARDS, ()):
        token = _token(entry, work)
        if token is not None and work.claim(FormName.CARDS, token, entry, "number"):
            columns = {"person": "volunteer", "since": "held_since"}
            holding = [asked.EnterCard(token, entry.get("technology")), *_holding(entry, token, work)]
            work.give(FormName.CARDS, token, entry, holding, columns)
            work.give(FormName.CARDS, token, entry, _status(entry, token, work), {"since": "lost_since"})


def _is_erased(entry: Entry, number: str, work: Work) -> bool:
    """Whether the line brings back somebody who was erased; that is a fault."""
    row = work.draft.of(ErasedNumber).get(erased_mark(work.first_key, number))
    if row is None:
        return False
    work.faults.doubted.add((FormName.VOLUNTEERS, number))
    found = say("somebody whose personal data were erased on {day}", day=row["erased_on"])
    wanted = "no line of them; if they agree to come again, enter them anew on the page of volunteers first"
    entry.blame(work.faults, "number", found, wanted)
    return True


def _person_named(number: str, work: Work) -> str | None:
    return next((str(row["person"]) for row in work.draft.of(Volunteer).of(number)), None)


def _person_of(site_key: bytes, number: str) -> str:
    """An opaque id, the same however often a lost database is filled again from the spreadsheets."""
    return "p" + hmac.new(site_key, b"person:" + number.encode(), sha256).hexdigest()[:15]


def _being(entry: Entry, person: str, number: str, work: Work) -> list[CityCommand]:
    """Who comes back is back first: registered or trained anew they are later than they left."""
    said = sheet_values(entry, {"star": 0}) | entry.only("registered_on")
    before = work.row(FormName.VOLUNTEERS, person)
    is_back = before and before["left_on"] and "left_on" in entry.values and entry.get("left_on") is None
    enter = asked.EnterPerson(person, number, entry.get("name"), **said)
    return [asked.ReturnPerson(person), enter] if is_back else [enter]


def _training(entry: Entry, person: str) -> list[CityCommand]:
    return [asked.TrainPerson(person, entry.get("trained_on"))] if "trained_on" in entry.values else []


def _belonging(entry: Entry, person: str, work: Work) -> list[CityCommand]:
    """Who has left belongs nowhere, whatever the line says of stations."""
    before = work.row(FormName.VOLUNTEERS, person)
    left_on, commands = entry.get("left_on"), list[CityCommand]()
    left = left_on or (before["left_on"] if before and "left_on" not in entry.values else None)
    if "stations" in entry.values and (left is None or left > work.today):
        commands.append(asked.SetMemberships(person, frozenset(entry.get("stations") or ())))
    return [*commands, asked.LeavePerson(person, left_on)] if left_on else commands


def _token(entry: Entry, work: Work) -> Token | None:
    cell, technology = entry.get("number"), entry.get("technology")
    try:
        number = read_card_number(cell, technology, entry.get("number_format"), entry.get("number_prefix") or "")
    except CellError as exc:
        entry.blame(work.faults, "number", spell_found(cell, private=True), exc.wanted)
        return None
    return _card_of(work, technology, number)


def _card_of(work: Work, technology: str, number: bytes) -> Token:
    """The name under which the card is entered, or is to be; it may have been entered under a key before."""
    own, others = token_of(work.site_key, technology, number), work.other_keys
    before = [token_of(key, technology, number) for key in others.retired]
    later = [token_of(others.coming, technology, number)] if others.coming is not None else []
    known = (work.draft.card_named(token) for token in (own, *before))
    name = Token(next((token for token in known if work.draft.of(CardRow).get(token) is not None), own))
    work.said_names += [SaidName(token, name, HUB) for token in (own, *later) if token != name]
    return name


def _holding(entry: Entry, token: Token, work: Work) -> list[CityCommand]:
    if "volunteer" not in entry.values:
        return []
    last = next(reversed(work.draft.of(Holding).of(token)), None)
    number: str | None = entry.get("volunteer")
    if not number:
        if last is not None and last["until_ms"] is None:
            wanted = "the volunteer whose card it is; a card that is given back: zaigang-hub card return"
            entry.blame(work.faults, "volunteer", "nothing", wanted)
        return []
    person = _person_named(number, work)
    if person is None:
        if (FormName.VOLUNTEERS, number) not in work.faults.doubted:
            entry.blame(work.faults, "volunteer", _HIDDEN, "the number of a volunteer in these files or the database")
        return []
    volunteer = work.row(FormName.VOLUNTEERS, person)
    if last is not None and last["person"] == person and volunteer and volunteer["left_on"]:
        return []  # ended when they left
    return [asked.AssignCard(token, person, _moment(entry, "held_since", work))]


def _status(entry: Entry, token: Token, work: Work) -> list[CityCommand]:
    """An empty cell must not bring a lost card back."""
    lost_since = _moment(entry, "lost_since", work)
    if entry.get("status") or (entry.get("status") is None and lost_since is not None):
        return [asked.LoseCard(token, lost_since)]
    return [asked.FindCard(token)] if entry.get("status") is not None else []


def _moment(entry: Entry, column: str, work: Work) -> datetime | None:
    said: datetime | None = entry.get(column)
    return None if said is None else said.replace(tzinfo=work.proposal.now.zone)
