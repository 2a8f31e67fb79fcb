"""What of the city somebody may have as sheets: their rows, and of these the columns that they may see.

A telephone number leaves only with its right; a column that cannot be read whole is left out, for an emptied one would
take away what it stands for when the sheet comes back.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.accounts.filtering import where_may, where_may_person
from hub.changing.numbers import Telephones
from hub.database.people_tables import Membership, Volunteer
from hub.database.personal_tables import Consent, Telephone
from hub.database.tables import City, District, KindAuthority, Kiosk, Station, TermsRow
from hub.exporting.shifts import shift_rows
from hub.exporting.special_days import special_stretches
from hub.exporting.workbook import Rows
from hub.importing.sheet_forms import FORMS, FormName
from hub.register.kinds import KINDS
from hub.register.naming import NAMING_WORDS
from hub.register.spelling import read_week
from hub.register.telephones import ConsentMatter, Whose
from hub.rights import WHOLE_CITY, Grant, Reach, Right, may, reaches
from hub.typed.hours_spelled import spell_week_of

Sheets = dict[FormName, tuple[Sequence[str], Rows]]
OWN_STATIONS: Final = "本范围内的站点"
"""In the place of 所属站点 where others may be unseen: a column that is not read back."""


class Exporter:
    """Reads what somebody may have.

    Args:
        connection: a snapshot.
        telephones: opens numbers.
        grants: whose.
        today: of which day terms and stations are written.
    """

    def __init__(self, connection: Connection, telephones: Telephones, grants: Iterable[Grant], today: date) -> None:
        self._connection = connection
        self._grants = tuple(grants)
        self._today = today
        self._numbers = self._read_numbers(telephones)

    @property
    def has_numbers(self) -> bool:
        """Whether those that are kept can be read."""
        return self._numbers is not None

    def sheets(self) -> Sheets:
        """By form, names of columns and lines."""
        found: Sheets = {}
        if WHOLE_CITY in reaches(self._grants, Right.PLACES):
            found |= self._city()
        if reaches(self._grants, Right.PLACES):
            found[FormName.STATIONS] = self._stations()
            found[FormName.KIOSKS] = self._kiosks()
            for form, sheet in ((FormName.WEEKS, self._weeks()), (FormName.SPECIAL_DAYS, self._special_days())):
                found |= {form: sheet} if sheet[1] else {}
        if reaches(self._grants, Right.PEOPLE):
            found[FormName.VOLUNTEERS] = self._volunteers()
        if reaches(self._grants, Right.SHIFTS):
            names, rows = shift_rows(self._connection, self._grants, self._today)
            found |= {FormName.SHIFTS: (names, rows)} if rows else {}
        return found

    def _city(self) -> Sheets:
        naming = {code: word for word, code in NAMING_WORDS.items()}
        city = [(row.name, naming.get(row.naming, "")) for row in self._rows(select(City))]
        districts = [(row.code, row.name) for row in self._rows(select(District).order_by(col(District.code)))]
        authorities = [(KINDS[row.kind].zh, row.authority) for row in self._rows(select(KindAuthority))]
        found: Sheets = {}
        for form, rows in (
            (FormName.CITY, city), (FormName.DISTRICTS, districts), (FormName.AUTHORITIES, authorities),
        ):  # fmt: skip
            if rows:
                found[form] = _names(form), rows
        return found

    def _stations(self) -> tuple[Sequence[str], Rows]:
        terms: dict[str, Any] = {}
        for clause in self._rows(select(TermsRow).order_by(col(TermsRow.from_day))):
            if clause.from_day <= self._today or clause.station not in terms:
                terms[clause.station] = clause
        asked = select(Station).where(where_may(self._grants, Right.PLACES)).order_by(col(Station.code))
        rows = []
        for row in self._rows(asked):
            clause = terms[row.code]
            rows.append({
                "code": row.code, "name": row.name, "short_name": row.short_name, "district": row.district,
                "kind": KINDS[row.kind].zh, "authority": row.authority, "lead": row.lead, "deputy": row.deputy,
                "lead_telephone": self._number(Whose.LEAD, row.code),
                "telephone": self._number(Whose.STATION, row.code),
                "hours": spell_week_of(read_week(clause.week)), "valid_from": "",
                "keeps_holidays": "是" if clause.keeps_holidays else "否", "minimum": str(clause.minimum),
                "target": str(clause.target), "opened_on": _day(row.opened_on), "closed_on": _day(row.closed_on),
            })  # fmt: skip
        left_out = set() if self._may(Right.PLACES, Right.HANDLE) else {"lead_telephone", "telephone"}
        return _shaped(FormName.STATIONS, rows, left_out)

    def _weeks(self) -> tuple[Sequence[str], Rows]:
        """Those in force and to come: what is over is nobody's to change by a sheet."""
        seen = select(col(Station.code)).where(where_may(self._grants, Right.PLACES))
        clauses = select(TermsRow).where(col(TermsRow.station).in_(seen))
        kept: dict[str, list[Any]] = {}
        for clause in self._rows(clauses.order_by(col(TermsRow.station), col(TermsRow.from_day))):
            rows = kept.setdefault(clause.station, [])
            rows[:] = [clause] if clause.from_day <= self._today else [*rows, clause]
        return _shaped(FormName.WEEKS, [
            {
                "station": row.station, "valid_from": _day(row.from_day), "hours": spell_week_of(read_week(row.week)),
                "keeps_holidays": "是" if row.keeps_holidays else "否", "minimum": str(row.minimum),
                "target": str(row.target),
            }
            for rows in kept.values() for row in rows
        ], set())  # fmt: skip

    def _special_days(self) -> tuple[Sequence[str], Rows]:
        """Of one's own stations, and of all that one may change together; those that are over are left out."""
        asked = select(col(Station.code)).where(where_may(self._grants, Right.PLACES))
        seen = set(self._connection.execute(asked).scalars())
        return _shaped(FormName.SPECIAL_DAYS, [
            {
                "day": _day(one.first), "until": _day(one.last), "district": one.district, "kind": one.kind,
                "station": one.station, "hours": one.hours, "reason": one.reason,
            }
            for one in special_stretches(self._connection)
            if one.last >= self._today
            and (one.station in seen if one.station else may(self._grants, Right.PLACES, Reach(one.district, one.kind)))
        ], set())  # fmt: skip

    def _kiosks(self) -> tuple[Sequence[str], Rows]:
        seen = select(col(Station.code)).where(where_may(self._grants, Right.PLACES))
        asked = select(Kiosk).where(col(Kiosk.station).in_(seen)).order_by(col(Kiosk.id))
        rows = [
            {
                "kiosk": row.id, "station": row.station, "entrance": row.entrance,
                "in_service_from": _day(row.in_service_from), "in_service_to": _day(row.in_service_to),
            }
            for row in self._rows(asked)
        ]  # fmt: skip
        return _shaped(FormName.KIOSKS, rows, set())

    def _volunteers(self) -> tuple[Sequence[str], Rows]:
        stations = self._belongings()
        agreed = {
            row.person: row.agreed_on
            for row in self._rows(select(Consent).where(col(Consent.withdrawn_on).is_(None)))
            if row.matter == ConsentMatter.TELEPHONE
        }
        where = where_may_person(self._grants, Right.PEOPLE, col(Volunteer.person)), col(Volunteer.erased_on).is_(None)
        rows = [
            {
                "number": row.number, "name": row.full_name, "stations": " ".join(stations.get(row.person, ())),
                "star": str(row.star), "trained_on": _day(row.trained_on), "registered_on": _day(row.registered_on),
                "left_on": _day(row.left_on), "telephone": self._number(Whose.PERSON, row.person),
                "agreed_on": _day(agreed.get(row.person)),
            }
            for row in self._rows(select(Volunteer).where(*where).order_by(col(Volunteer.number)))
        ]  # fmt: skip
        left_out = set() if self._may(Right.PEOPLE, Right.CALL) else {"telephone", "agreed_on"}
        names, lines = _shaped(FormName.VOLUNTEERS, rows, left_out)
        has_all = WHOLE_CITY in reaches(self._grants, Right.PEOPLE)
        return [OWN_STATIONS if name == "stations" and not has_all else name for name in names], lines

    def _belongings(self) -> dict[str, list[str]]:
        """By person, their stations of today, as far as one may see people there."""
        seen = select(col(Station.code)).where(where_may(self._grants, Right.PEOPLE))
        asked = select(Membership).where(col(Membership.station).in_(seen)).order_by(col(Membership.station))
        found: dict[str, list[str]] = {}
        for row in self._rows(asked):
            if row.from_day <= self._today and (row.until_day is None or row.until_day > self._today):
                found.setdefault(row.person, []).append(row.station)
        return found

    def _read_numbers(self, telephones: Telephones) -> dict[tuple[str, str], str] | None:
        numbers = {(row.whose, row.of): telephones.number(row, may_call=True) for row in self._rows(select(Telephone))}
        if any(number.trouble for number in numbers.values()):
            return None
        return {key: number.shown for key, number in numbers.items()}

    def _number(self, whose: Whose, of: str) -> str:
        return (self._numbers or {}).get((whose, of), "")

    def _may(self, rows: Right, right: Right) -> bool:
        """Whether somebody has a right over all the rows that they get by another, and numbers can be read."""
        held = reaches(self._grants, right)
        is_wide = all(any(wide.holds(reach) for wide in held) for reach in reaches(self._grants, rows))
        return self.has_numbers and is_wide

    def _rows(self, statement: Any) -> list[Any]:
        return list(self._connection.execute(statement))


def _shaped(form: FormName, rows: list[dict[str, str]], left_out: set[str]) -> tuple[list[str], Rows]:
    names = [name for name in _names(form) if name not in left_out]
    return names, [[row[name] for name in names] for row in rows]


def _names(form: FormName) -> list[str]:
    return [column.name for one in FORMS if one.name is form for column in one.columns]


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
