"""Volunteers and cards: entries into rows. Here a card's number becomes its token, and is let go."""

import hmac
from hashlib import sha256
from typing import Final

from hub.importing.card_number import read_card_number
from hub.importing.cells import CellError
from hub.importing.draft import Drafting, Entries, Row
from hub.importing.faults import spell_found
from hub.importing.forms import FormName
from hub.importing.reading import Entry
from station.names import Token
from station.token import token_of

_HIDDEN: Final = "a number that is not there"


def draft_people(entries: Entries, work: Drafting) -> None:
    """Lay the entries over the draft; the stations must be in it already."""
    rows = work.rows(FormName.VOLUNTEERS)
    persons = {row["number"]: person for person, row in rows.before.items()}
    for entry in entries.get(FormName.VOLUNTEERS, ()):
        number = entry.get("number")
        person = persons.setdefault(number, _person_of(work.site_key, number))
        if rows.claim(person, entry, "number", work.faults):
            _draft_volunteer(entry, person, work)
    for entry in entries.get(FormName.CARDS, ()):
        token = _token(entry, work)
        if token is not None and work.rows(FormName.CARDS).claim(token, entry, "number", work.faults):
            _draft_card(entry, token, persons, work)


def _person_of(site_key: bytes, number: str) -> str:
    """An opaque id, the same however often a lost database is filled again from the spreadsheets."""
    return "p" + hmac.new(site_key, b"person:" + number.encode(), sha256).hexdigest()[:15]


def _draft_volunteer(entry: Entry, person: str, work: Drafting) -> None:
    rows = work.rows(FormName.VOLUNTEERS)
    given: Row = {"number": entry.get("number"), "full_name": entry.get("name")}
    if "star" in entry.values:
        given["star"] = entry.get("star") or 0
    if "trained_on" in entry.values:
        given["trained_on"] = entry.get("trained_on")
    row = rows.put(person, given, new={"star": 0, "trained_on": None})
    if row["trained_on"] is not None and row["trained_on"] > work.today:
        entry.blame(work.faults, "trained_on", str(row["trained_on"]), f"a day not after today, {work.today}")
    if "stations" in entry.values:
        _draft_memberships(entry, person, work)


def _draft_memberships(entry: Entry, person: str, work: Drafting) -> None:
    stations = set(entry.get("stations") or ())
    for code in sorted(stations):
        if work.is_missing(FormName.STATIONS, code):
            entry.blame(work.faults, "stations", spell_found(code), "codes of stations in these files or the database")
    if stations != work.draft.members.get(person, set()):
        work.draft.memberships[person] = stations
        work.rows(FormName.VOLUNTEERS).beside.add(person)


def _token(entry: Entry, work: Drafting) -> Token | None:
    cell, technology = entry.get("number"), entry.get("technology")
    try:
        number = read_card_number(cell, technology, entry.get("number_format"), entry.get("number_prefix") or "")
    except CellError as exc:
        entry.blame(work.faults, "number", spell_found(cell, private=True), str(exc))
        return None
    return token_of(work.site_key, technology, number)


def _draft_card(entry: Entry, token: Token, persons: dict[str, str], work: Drafting) -> None:
    rows = work.rows(FormName.CARDS)
    before = rows.before.get(token, {})
    row = rows.put(
        token,
        {"technology": entry.get("technology")},
        new={"person": None, "added_ms": int(work.now.timestamp() * 1000), "is_lost": False},
    )
    if "volunteer" in entry.values:
        row["person"] = persons.get(entry.get("volunteer"))
        _check_holder(entry, before.get("person"), row["person"], work)
    if entry.get("status") is not None:  # an empty cell must not bring a lost card back
        row["is_lost"] = entry.get("status")


def _check_holder(entry: Entry, before: str | None, person: str | None, work: Drafting) -> None:
    number = entry.get("volunteer")
    if number and person is None:
        if (FormName.VOLUNTEERS, number) not in work.faults.doubted:
            entry.blame(work.faults, "volunteer", _HIDDEN, "the number of a volunteer in these files or the database")
    elif before not in {None, person}:
        wanted = "the volunteer that the card was given to; it does not change hands, its past would go with it"
        entry.blame(work.faults, "volunteer", "another volunteer, or none", wanted)
