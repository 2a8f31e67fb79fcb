"""The city's tables, read once into a `Directory`: about 0.1 s for 1,000 stations and 5,000 volunteers."""

from collections import defaultdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.database.people_tables import CardRow, Holding, Loss, Membership, Volunteer
from hub.database.shift_tables import ShiftDayRow, ShiftWeekRow
from hub.database.tables import (
    City,
    District,
    Edition,
    HolidayRow,
    KindAuthority,
    Kiosk,
    SharedDay,
    SpecialDay,
    Station,
    TermsRow,
)
from hub.register.card_names import read_card_names, read_key_state, with_later_names
from hub.register.directory import Directory, KnownKiosk, KnownStation
from hub.register.holidays import DaySort, Holiday, Holidays
from hub.register.kinds import KINDS
from hub.register.masking import mask_name
from hub.register.people import Belonging, HeldBy, KnownCard, KnownPerson, Lost
from hub.register.shifts import NO_PLAN, DayShifts, DutyPlan, ShiftWeek, read_shift_week, read_shifts
from hub.register.spelling import read_limits, read_spans, read_week
from hub.register.statutory import published
from hub.register.terms import ALWAYS, Clause, StationTerms
from station.duty import DutyRule, Terms
from station.hours import Spans
from station.names import KioskId, PersonId, StationCode, Token


def read_edition(connection: Connection) -> int:
    """The number that rises with every change; 0 before the first. One row read: cheap enough for every second."""
    number: int | None = connection.execute(select(Edition.number)).scalar()
    return number or 0


def read_directory(connection: Connection, zone: ZoneInfo) -> Directory:
    """Read it all.

    Args:
        connection: a snapshot or a transaction; of what is changed between two tables the half would be read.
        zone: the city's, from the hub's config.
    """
    state = read_key_state(connection)
    names = read_card_names(connection, state.began_ms)
    cards, retired_ms = with_later_names(_read_cards(connection), names, state)
    return Directory(
        edition=read_edition(connection),
        city=connection.execute(select(City.name)).scalar() or "",
        zone=zone,
        stations=_read_stations(connection, zone),
        kiosks={KioskId(kiosk.id): kiosk for kiosk in _read_kiosks(connection)},
        people=_read_people(connection),
        cards=cards,
        retired_ms=retired_ms,
        key=state.mark,
    )


def read_terms(connection: Connection, *stations: str) -> dict[StationCode, StationTerms]:
    """What every station is and was judged by, or those alone."""
    ones = [col(Station.code).in_(stations)] if stations else []
    clauses: dict[str, list[Clause]] = defaultdict(list)
    of_them = [col(TermsRow.station).in_(stations)] if stations else []
    for row in connection.execute(select(TermsRow).where(*of_them).order_by(col(TermsRow.from_day))):
        terms = Terms(DutyRule(row.minimum, row.target), read_limits(row.limits))
        clauses[row.station].append(Clause(row.from_day, read_week(row.week), terms, row.keeps_holidays))
    special: dict[str, dict[date, Spans]] = defaultdict(dict)
    days_of_them = [col(SpecialDay.station).in_(stations)] if stations else []
    for other in connection.execute(select(SpecialDay).where(*days_of_them)):
        special[other.station][other.day] = read_spans(other.spans)
    shared, holidays = _read_shared(connection), read_holidays(connection)
    return {
        StationCode(row.code): StationTerms(
            tuple(clauses[row.code]) or (Clause(ALWAYS, KINDS[row.kind].weekly),),
            tuple(sorted((_shared_with(row, shared) | special[row.code]).items())),
            row.opened_on,
            row.closed_on,
            holidays,
        )
        for row in connection.execute(select(Station).where(*ones))
    }


def read_duty_plans(connection: Connection, *stations: str) -> dict[StationCode, DutyPlan]:
    """The duty rosters of the stations that have one, of all or of those alone."""
    weeks: dict[str, list[tuple[date, ShiftWeek]]] = defaultdict(list)
    of_them = [col(ShiftWeekRow.station).in_(stations)] if stations else []
    for row in connection.execute(select(ShiftWeekRow).where(*of_them).order_by(col(ShiftWeekRow.from_day))):
        weeks[row.station].append((row.from_day, read_shift_week(row.shifts)))
    days: dict[str, dict[date, DayShifts]] = defaultdict(dict)
    days_of_them = [col(ShiftDayRow.station).in_(stations)] if stations else []
    for other in connection.execute(select(ShiftDayRow).where(*days_of_them)):
        days[other.station][other.day] = read_shifts(other.shifts)
    return {StationCode(code): DutyPlan(tuple(weeks[code]), days[code]) for code in {*weeks, *days}}


def read_holidays(connection: Connection) -> Holidays:
    """What is known of statutory holidays."""
    days = holidays_by_year(connection)
    return Holidays.of((one for year in days.values() for one in year), days)


def holidays_by_year(connection: Connection) -> dict[int, list[Holiday]]:
    """By the year whose notice says so: as entered, and as published where nothing is."""
    found: dict[int, list[Holiday]] = defaultdict(list)
    for row in connection.execute(select(HolidayRow).order_by(col(HolidayRow.day))):
        found[row.year].append(Holiday(row.day, DaySort(row.sort), row.name))
    return {year: list(notice.days) for year, notice in published().items()} | found


SharedDays = dict[tuple[str, str], dict[date, Spans]]


def _read_shared(connection: Connection) -> SharedDays:
    found: SharedDays = defaultdict(dict)
    for row in connection.execute(select(SharedDay)):
        found[row.district, row.kind][row.day] = read_spans(row.spans)
    return found


def _shared_with(station: Any, shared: SharedDays) -> dict[date, Spans]:
    """The days that a station shares with others, the narrower before the wider."""
    found: dict[date, Spans] = {}
    for scope in scopes_of(station.district, station.kind):
        found |= shared.get(scope, {})
    return found


def scopes_of(district: str, kind: str) -> tuple[tuple[str, str], ...]:
    """Whose shared days a station keeps, the narrower after the wider."""
    return ("", ""), (district, ""), ("", kind), (district, kind)


def _read_stations(connection: Connection, zone: ZoneInfo) -> dict[StationCode, KnownStation]:
    districts = {row.code: row.name for row in connection.execute(select(District))}
    authorities = {kind.code: kind.authority for kind in KINDS.values()}
    authorities |= {row.kind: row.authority for row in connection.execute(select(KindAuthority))}
    terms, plans, reasons = read_terms(connection), read_duty_plans(connection), _read_reasons(connection)
    return {
        StationCode(row.code): KnownStation(
            code=StationCode(row.code),
            name=row.name,
            short_name=row.short_name,
            district=districts[row.district],
            kind=row.kind,
            authority=row.authority or authorities[row.kind],
            lead=mask_name(row.lead),
            terms=terms[StationCode(row.code)],
            zone=zone,
            district_code=row.district,
            duty_plan=plans.get(StationCode(row.code), NO_PLAN),
            reasons=reasons.get(row.code, {}),
        )
        for row in connection.execute(select(Station).order_by(col(Station.code)))
    }


def _read_reasons(connection: Connection) -> dict[str, dict[date, str]]:
    """By station and day why the hours are others; what is said of that station alone counts before what of many."""
    shared: dict[tuple[str, str], dict[date, str]] = defaultdict(dict)
    for day in connection.execute(select(SharedDay)):
        shared[day.district, day.kind][day.day] = day.reason
    found: dict[str, dict[date, str]] = defaultdict(dict)
    for station in connection.execute(select(Station)) if shared else ():
        for scope in scopes_of(station.district, station.kind):
            found[station.code] |= shared.get(scope, {})
    for own in connection.execute(select(SpecialDay)):
        found[own.station][own.day] = own.reason
    return found


def _read_kiosks(connection: Connection) -> list[KnownKiosk]:
    return [
        KnownKiosk(
            KioskId(row.id),
            StationCode(row.station),
            row.entrance,
            row.in_service_from,
            row.in_service_to,
            row.revoked_ms,
        )
        for row in connection.execute(select(Kiosk).order_by(col(Kiosk.id)))
    ]


def _read_people(connection: Connection) -> dict[PersonId, KnownPerson]:
    belongings: dict[str, list[Belonging]] = defaultdict(list)
    for row in connection.execute(select(Membership).order_by(col(Membership.from_day), col(Membership.station))):
        belongings[row.person].append(Belonging(StationCode(row.station), row.from_day, row.until_day))
    return {
        PersonId(row.person): KnownPerson(
            mask_name(row.full_name), row.star, row.trained_on, row.left_on, tuple(belongings[row.person])
        )
        for row in connection.execute(select(Volunteer))
    }


def _read_cards(connection: Connection) -> dict[Token, KnownCard]:
    holdings: dict[str, list[HeldBy]] = defaultdict(list)
    for row in connection.execute(select(Holding).order_by(col(Holding.from_ms))):
        holdings[row.token].append(HeldBy(row.from_ms, row.until_ms, PersonId(row.person)))
    losses: dict[str, list[Lost]] = defaultdict(list)
    for lost in connection.execute(select(Loss).order_by(col(Loss.from_ms))):
        losses[lost.token].append(Lost(lost.from_ms, lost.until_ms))
    tokens = connection.execute(select(CardRow.token).order_by(col(CardRow.token))).scalars()
    return {Token(token): KnownCard(tuple(holdings[token]), tuple(losses[token])) for token in tokens}
