"""Telephone numbers in sheets: lines into commands. A number is sealed here, and let go."""

from hub.changing import personal
from hub.changing.commands import CityCommand
from hub.database.personal_tables import Telephone
from hub.importing.reading import Entry
from hub.importing.sheet_forms import FormName
from hub.importing.work import Work
from hub.register.telephones import ConsentMatter, Purpose, Whose
from hub.saying import say
from hub.sealing import SealError

_OF_STATION = {Whose.LEAD: "lead_telephone", Whose.STATION: "telephone"}


def propose_station_numbers(entry: Entry, code: str, work: Work) -> None:
    """Of a station and its lead, as far as the sheet has the columns."""
    for whose, column in _OF_STATION.items():
        if column in entry.values:
            _give(entry, work, FormName.STATIONS, (whose, code, column), [])


def propose_person_number(entry: Entry, person: str, work: Work) -> None:
    """Of a volunteer, where the sheet says since when they agree."""
    if "telephone" not in entry.values:
        return
    if "agreed_on" not in entry.values:
        if entry.get("telephone") and work.is_first("telephone"):
            said = "the telephone numbers are not read: there is no column {column}"
            work.faults.warn(entry.place, say(said, column="同意联系日期"))
        return
    agreed_on = entry.get("agreed_on")
    before = [] if agreed_on is None else [personal.NoteConsent(person, ConsentMatter.TELEPHONE, agreed_on)]
    _give(entry, work, FormName.VOLUNTEERS, (Whose.PERSON, person, "telephone"), list[CityCommand](before))


def _give(entry: Entry, work: Work, form: FormName, slot: tuple[Whose, str, str], before: list[CityCommand]) -> None:
    whose, of, column = slot
    number = entry.get(column)
    try:
        sealed = work.telephones.seal(work.connection, whose, of, number) if number else None
    except SealError as exc:
        entry.blame(work.faults, column, "a number", exc.said)
        return
    row = work.draft.of(Telephone).get(whose.value, of)
    usual = Purpose.ROSTER if whose is Whose.PERSON else Purpose.DUTY
    keep = personal.SetTelephone(whose, of, sealed, Purpose(row["purpose"]) if row else usual)
    work.give(form, of, entry, [*before, keep], {"sealed": column})
