"""One import under way: lines are turned into commands, and what refuses them is told of their cells."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection
from sqlmodel import SQLModel

from hub.changing.commands import CityCommand, SetSharedDay, SetSpecialDay, SetTerms
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Refusal, Row, spell_found
from hub.changing.numbers import Telephones
from hub.changing.proposal import Proposal
from hub.database.card_names import SaidName
from hub.database.people_tables import CardRow, Membership, Volunteer
from hub.database.shift_tables import ShiftDayRow, ShiftWeekRow
from hub.database.tables import City, District, KindAuthority, Kiosk, SharedDay, SpecialDay, Station, TermsRow
from hub.importing.reading import Entry
from hub.importing.sheet_faults import Faults
from hub.importing.sheet_forms import FormName
from hub.saying import say
from hub.site_key import ONE_KEY, OtherKeys
from hub.typed.nearest import nearest

Entries = dict[FormName, list[Entry]]
_TABLE: Final[dict[FormName, type[SQLModel]]] = {
    FormName.CITY: City, FormName.DISTRICTS: District, FormName.AUTHORITIES: KindAuthority,
    FormName.STATIONS: Station, FormName.KIOSKS: Kiosk, FormName.VOLUNTEERS: Volunteer, FormName.CARDS: CardRow,
    FormName.SPECIAL_DAYS: SharedDay, FormName.SHIFTS: ShiftWeekRow, FormName.WEEKS: TermsRow,
}  # fmt: skip
_OF_HOURS: Final = (SetTerms, SetSpecialDay, SetSharedDay)
_NAMED_BY: Final = {FormName.STATIONS: ("code",), FormName.DISTRICTS: ("name", "code")}
_REFERS_TO: Final = {
    "station": (FormName.STATIONS, say("a station in these files or the database")),
    "stations": (FormName.STATIONS, say("codes of stations in these files or the database")),
    "district": (FormName.DISTRICTS, say("code or name of a district in these files or the database")),
}


@dataclass(frozen=True, slots=True)
class LineCount:
    """How many lines added a row, changed one, or said what was known."""

    added: int
    changed: int
    unchanged: int


@dataclass(slots=True)
class Work:
    """What the lines of an import share.

    Attributes:
        proposal: what is to be changed so far.
        site_key: turns card numbers into tokens.
        telephones: seals numbers.
        connection: of the transaction.
        other_keys: by which cards are known as well.
        said_names: what cards are called under them.
    """

    proposal: Proposal
    faults: Faults
    site_key: bytes = field(repr=False)
    telephones: Telephones = field(repr=False)
    connection: Connection = field(repr=False)
    other_keys: OtherKeys = ONE_KEY
    said_names: list[SaidName] = field(default_factory=list, repr=False)
    _claimed: dict[tuple[FormName, object], Entry] = field(default_factory=dict)
    _members: dict[str, dict[str, None]] | None = None
    _said: set[str] = field(default_factory=set)
    _lines: dict[FormName, Counter[str]] = field(default_factory=dict)
    _counted: dict[tuple[FormName, object], str] = field(default_factory=dict)

    def is_first(self, what: str) -> bool:
        """Whether this is asked of it for the first time: what is said once is not said of every line."""
        is_new = what not in self._said
        self._said.add(what)
        return is_new

    @property
    def first_key(self) -> bytes:
        """The city's first site key: by it people are named, and known again."""
        return self.other_keys.first or self.site_key

    @property
    def draft(self) -> Draft:
        """The city as it is to be so far."""
        return self.proposal.draft

    @property
    def claimed(self) -> Mapping[tuple[FormName, object], Entry]:
        """The line that each key stands in."""
        return self._claimed

    @property
    def today(self) -> date:
        """The city's date."""
        return self.proposal.now.today

    def row(self, form: FormName, key: object) -> Row | None:
        """What a form's line of that key is about, as it is to be so far."""
        if form is FormName.SHIFTS and isinstance(key, tuple):
            return self.draft.of(ShiftWeekRow if key[0] == "week" else ShiftDayRow).get(*key[1:])
        if form is FormName.WEEKS and isinstance(key, tuple):
            return self.draft.of(TermsRow).get(*key)
        if not isinstance(key, tuple):
            return self.draft.of(_TABLE[form]).get(key)
        return self.draft.of(SpecialDay if len(key) == len(("station", "day")) else SharedDay).get(*key)

    def members_of(self, station: str) -> list[str]:
        """Everybody who belongs or belonged to a station, as it is to be so far; each once."""
        if self._members is None:
            self._members = {}
            for row in self.draft.of(Membership).all():
                self._members.setdefault(row["station"], {})[row["person"]] = None
        return list(self._members.get(station, ()))

    def claim(self, form: FormName, key: object, entry: Entry, column: str) -> bool:
        """Whether this line is the first of its key; a second one is a fault."""
        first = self._claimed.setdefault((form, key), entry)
        if first is not entry:
            entry.blame(self.faults, column, say("the same again as in {place}", place=first.place.said), "each once")
        return first is entry

    def is_whole(self, form: FormName, key: object, entry: Entry) -> bool:
        """Whether the line has all that a new row needs, or is of one that is there; told once a sheet."""
        if self.row(form, key) is not None:
            return True
        missing = [column for column in entry.form.columns if column.required and column.name not in entry.values]
        for column in missing:
            if self.is_first(f"{entry.place.file} {entry.place.sheet} {column.name}"):
                entry.blame(self.faults, column.name, "no such column", say("a value, for a line that is new"))
        if missing:
            self.faults.doubted.add((form, key))
        return not missing

    def give(
        self,
        form: FormName,
        key: object,
        entry: Entry,
        commands: Iterable[CityCommand],
        columns: Mapping[str, str] = {},
    ) -> None:
        """Lay the commands of one line over what is, until one of them is refused.

        Args:
            form: of the line.
            key: what it is about.
            entry: the line.
            commands: in turn.
            columns: of the commands' fields, where a column is called otherwise.
        """
        said = self._counted.get((form, key)) or ("unchanged" if self.row(form, key) else "added")
        for command in commands:
            answer = self.proposal.take(command)
            if isinstance(answer, list):
                self._blame(form, key, entry, answer, columns)
                break
            if isinstance(answer, CityChange) and said == "unchanged":
                said = "changed"
            if isinstance(answer, CityChange) and self._judges_anew(command, answer):
                self._warn_of_past(entry, answer.day_from)
        self._counted[form, key] = said

    def _judges_anew(self, command: CityCommand, change: CityChange) -> bool:
        """Whether it is of hours of days that are over, and of a station that was there: a new one has no past."""
        if not change.is_past or not isinstance(command, _OF_HOURS):
            return False
        stations = self.draft.of(Station)
        codes = [change.station] if change.station else [row["code"] for row in stations.all()]
        return any(not stations.is_new(code) for code in codes)

    def _warn_of_past(self, entry: Entry, day: date | None) -> None:
        """Once a line, of its first such day: nobody is asked why, for the import is the reason."""
        if self.is_first(f"{entry.place} past"):
            told = "days that are over are judged by other hours or numbers, from {day} on"
            self.faults.warn(entry.place, say(told, day=day))

    def blame_station(self, entry: Entry, code: str) -> None:
        """Note that a line is of a station that is not there, unless that one's own line is at fault."""
        if (FormName.STATIONS, code) not in self.faults.doubted:
            _form, wanted = _REFERS_TO["station"]
            near = self._nearest(FormName.STATIONS, code)
            entry.blame(self.faults, "station", spell_found(code), wanted, near)

    def _blame(
        self, form: FormName, key: object, entry: Entry, refusals: list[Refusal], columns: Mapping[str, str]
    ) -> None:
        self.faults.doubted.add((form, key))
        for refusal in refusals:
            column = columns.get(refusal.field, refusal.field)
            referred, wanted = _REFERS_TO.get(column, (None, "")) if refusal.missing else (None, "")
            if referred is None or (referred, refusal.missing) not in self.faults.doubted:
                near = self._nearest(referred, refusal.missing) if referred else ""
                entry.blame(self.faults, column, refusal.found, wanted or refusal.wanted, near)

    def _nearest(self, form: FormName, missing: str) -> str:
        """What is entered, and most like what is not."""
        if not self.faults.are_shown:
            return ""
        rows = self.draft.of(_TABLE[form]).all()
        if form is FormName.STATIONS and (named := _station_named(missing, rows)):
            return named
        return nearest(missing, [str(row[name]) for row in rows for name in _NAMED_BY[form]])

    def counts(self) -> dict[FormName, LineCount]:
        """What an operator is told."""
        counted: dict[FormName, Counter[str]] = {}
        for (form, _), said in self._counted.items():
            counted.setdefault(form, Counter())[said] += 1
        found = {form: counted[form] for form in FormName if form in counted}
        return {form: LineCount(said["added"], said["changed"], said["unchanged"]) for form, said in found.items()}


def _station_named(name: str, rows: Iterable[Row]) -> str:
    """The code of the one station that is called so, or, with its name beside it, of that which is most nearly so."""
    codes: dict[str, list[str]] = {}
    for row in rows:
        for called in {row["name"], row["short_name"]} - {""}:
            codes.setdefault(str(called), []).append(str(row["code"]))
    alone = {called: found[0] for called, found in codes.items() if len(found) == 1}
    if name in codes:
        return alone.get(name, "")
    like = nearest(name, alone) if not name.isascii() else ""
    return f"{alone[like]} ({like})" if like else ""


def sheet_values(entry: Entry, fallbacks: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the columns that the sheet has; an emptied cell gives back the fallback."""
    return {
        name: fallback if entry.values[name] is None else entry.values[name]
        for name, fallback in fallbacks.items()
        if name in entry.values
    }
