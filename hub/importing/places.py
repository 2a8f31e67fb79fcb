"""City, districts, authorities, stations with their terms, kiosks: lines into commands."""

from datetime import timedelta
from typing import Final

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.changing.effects import spell_found
from hub.database.tables import City, District
from hub.importing.reading import Entry
from hub.importing.sheet_forms import FormName
from hub.importing.telephones import propose_station_numbers
from hub.importing.work import Entries, Work, sheet_values
from hub.register.kinds import KINDS, Kind
from hub.register.naming import NAMING_RULES, short_name_of
from hub.register.terms import Week
from hub.saying import say
from hub.typed.hours_text import WANTED, AskedHours
from station.duty import DutyRule

_DUTY: Final = DutyRule()
MOST_DAYS: Final = 366


def propose_places(entries: Entries, work: Work) -> None:
    """In the order in which one builds on another; a station closes once its kiosks have had their say."""
    for entry in entries.get(FormName.CITY, ()):
        if work.claim(FormName.CITY, 1, entry, "city"):
            command = asked.NameCity(entry.get("city"), **sheet_values(entry, {"naming": ""}))
            work.give(FormName.CITY, 1, entry, [command], {"name": "city"})
    for entry in entries.get(FormName.DISTRICTS, ()):
        code = entry.get("code")
        if work.claim(FormName.DISTRICTS, code, entry, "code") and work.is_whole(FormName.DISTRICTS, code, entry):
            name = entry.get("name") or (work.row(FormName.DISTRICTS, code) or {})["name"]
            work.give(FormName.DISTRICTS, code, entry, [asked.EnterDistrict(code, name)])
    for entry in entries.get(FormName.AUTHORITIES, ()):
        kind = entry.get("kind").code
        if work.claim(FormName.AUTHORITIES, kind, entry, "kind"):
            work.give(FormName.AUTHORITIES, kind, entry, [asked.NameAuthority(kind, entry.get("authority"))])
    stations = [entry for entry in entries.get(FormName.STATIONS, ()) if _propose_station(entry, work)]
    for entry in entries.get(FormName.KIOSKS, ()):
        _propose_kiosk(entry, work)
    for entry in stations:
        if entry.get("closed_on") is not None:
            close = asked.CloseStation(entry.get("code"), entry.get("closed_on"))
            work.give(FormName.STATIONS, entry.get("code"), entry, [close], {"on": "closed_on"})


def _propose_station(entry: Entry, work: Work) -> bool:
    """Whether the line could stand, as far as it was looked at."""
    code = entry.get("code")
    is_first = work.claim(FormName.STATIONS, code, entry, "code")
    if not (is_first and work.is_whole(FormName.STATIONS, code, entry)):
        return False
    before = work.row(FormName.STATIONS, code)
    name, kind = entry.get("name"), entry.get("kind") or KINDS[(before or {})["kind"]]
    week = _week(entry, kind)
    if week is not None and not any(week):
        work.faults.doubted.add((FormName.STATIONS, code))
        entry.blame(work.faults, "hours", "no open day", WANTED)
        return False
    short_name = short_name_of(name or (before or {})["name"])
    fallbacks = {"short_name": short_name, "authority": "", "lead": "", "deputy": "", "opened_on": None}
    district = None if entry.get("district") is None else _district(entry.get("district"), work)
    enter = asked.EnterStation(code, name, kind=kind.code, district=district, **sheet_values(entry, fallbacks))
    commands: list[CityCommand] = [enter, *_terms(entry, week, is_new=before is None)]
    if before is not None and before["closed_on"] and "closed_on" in entry.values and not entry.get("closed_on"):
        commands.insert(0, asked.ReopenStation(code))
    work.give(FormName.STATIONS, code, entry, commands, {"week": "hours", "since": "valid_from"})
    propose_station_numbers(entry, code, work)
    if name is not None:
        _remark_name(entry, name, kind, work)
    return (FormName.STATIONS, code) not in work.faults.doubted


def propose_days(entries: Entries, work: Work) -> None:
    """Days that are otherwise, of stations and kinds that are there by now."""
    for entry in entries.get(FormName.SPECIAL_DAYS, ()):
        _propose_days(entry, work)


def propose_weeks(entries: Entries, work: Work) -> None:
    """Weeks of opening hours, each from its day on; a station may have several lines."""
    for entry in entries.get(FormName.WEEKS, ()):
        code, since = entry.get("station"), entry.get("valid_from") or work.today
        station = work.row(FormName.STATIONS, code)
        if station is None:
            work.blame_station(entry, code)
            continue
        week = entry.get("hours").week(KINDS[station["kind"]].weekly)
        if work.claim(FormName.WEEKS, (code, since), entry, "valid_from"):
            said = {name: entry.get(name) for name in ("minimum", "target", "keeps_holidays")}
            command = asked.SetTerms(code, since, week, **said)
            work.give(FormName.WEEKS, (code, since), entry, [command], {"week": "hours", "since": "valid_from"})


def _propose_days(entry: Entry, work: Work) -> None:
    """One day or several in a row, of a station or of many."""
    first, station, kind = entry.get("day"), entry.get("station") or "", entry.get("kind")
    last = entry.get("until") or first
    district = _district(entry.get("district"), work) if entry.get("district") else ""
    if station and (district or kind):
        found = say("a station with a district or kind")
        entry.blame(
            work.faults, "station", found, say("a station, or a district or kind, or nobody for the whole city")
        )
        return
    if not 0 <= (last - first).days <= MOST_DAYS:
        entry.blame(work.faults, "until", str(last), say("a last day within a year after the first"))
        return
    spans, reason = entry.get("hours"), entry.get("reason") or ""
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        key = (station, day) if station else (district, kind.code if kind else "", day)
        if work.claim(FormName.SPECIAL_DAYS, key, entry, "day"):
            command: CityCommand = (
                asked.SetSpecialDay(station, day, spans, reason)
                if station
                else asked.SetSharedDay(day, spans, reason, district, kind.code if kind else "")
            )
            work.give(FormName.SPECIAL_DAYS, key, entry, [command], {"spans": "hours"})


def _district(said: str, work: Work) -> str:
    """The code of what may be a name."""
    named = work.draft.of(District).of(said)
    return said if work.row(FormName.DISTRICTS, said) or not named else str(named[0]["code"])


def _week(entry: Entry, kind: Kind) -> Week | None:
    if "hours" not in entry.values:
        return None
    asked_hours: AskedHours | None = entry.get("hours")
    return asked_hours.week(kind.weekly) if asked_hours else kind.weekly


def _terms(entry: Entry, week: Week | None, *, is_new: bool) -> list[CityCommand]:
    """Of a new station all but its hours hold since always, whatever day is said of these."""
    since, station = entry.get("valid_from"), entry.get("code")
    least = entry.get("minimum") or 0
    kept = entry.only("keeps_holidays")
    duty = sheet_values(entry, {"minimum": _DUTY.minimum, "target": max(_DUTY.target, least)})
    if is_new and least > _DUTY.target:
        duty.setdefault("target", least)
    if is_new:
        return [asked.SetTerms(station, since, week), asked.SetTerms(station, None, **duty, **kept)]
    return [asked.SetTerms(station, since, week, **duty, **kept)]


def _remark_name(entry: Entry, name: str, kind: Kind, work: Work) -> None:
    city = work.draft.of(City).get(1)
    rule = NAMING_RULES.get(city["naming"]) if city else None
    wanted = rule.broken_by(name, kind.code) if rule else None
    if wanted:
        found = spell_found(name)
        work.faults.warn(
            entry.place, say("the name {name} is not as the city wants it: {wanted}", name=found, wanted=wanted)
        )


def _propose_kiosk(entry: Entry, work: Work) -> None:
    kiosk = entry.get("kiosk")
    if not (work.claim(FormName.KIOSKS, kiosk, entry, "kiosk") and work.is_whole(FormName.KIOSKS, kiosk, entry)):
        return
    before = work.row(FormName.KIOSKS, kiosk)
    station = entry.get("station") or (before or {})["station"]
    said = sheet_values(entry, {"entrance": ""}) | entry.only("in_service_from", "in_service_to")
    commands: list[CityCommand] = [asked.EnterKiosk(kiosk, station, **said)]
    if before and before["in_service_to"] and "in_service_to" in entry.values and not entry.get("in_service_to"):
        commands.insert(0, asked.KeepKiosk(kiosk))
    work.give(FormName.KIOSKS, kiosk, entry, commands)
