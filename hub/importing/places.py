"""City, districts, authorities, stations with their hours, kiosks: entries into rows, checked against each other."""

from hub.importing.draft import Drafting, Entries, Row
from hub.importing.faults import spell_found
from hub.importing.forms import FormName
from hub.importing.hours_text import WANTED, AskedHours
from hub.importing.reading import Entry
from hub.register.naming import NAMING_RULES, short_name_of
from hub.register.terms import ALWAYS
from station.duty import DutyRule
from station.names import HUB_KIOSK

_DUTY = DutyRule()


def draft_places(entries: Entries, work: Drafting) -> None:
    """Lay the entries over the draft, in the order in which one builds on another."""
    for entry in entries.get(FormName.CITY, ()):
        _draft_city(entry, work)
    for entry in entries.get(FormName.DISTRICTS, ()):
        _draft_district(entry, work)
    for entry in entries.get(FormName.AUTHORITIES, ()):
        _draft_authority(entry, work)
    for entry in entries.get(FormName.STATIONS, ()):
        _draft_station(entry, work)
    for entry in entries.get(FormName.KIOSKS, ()):
        _draft_kiosk(entry, work)


def _draft_city(entry: Entry, work: Drafting) -> None:
    rows = work.rows(FormName.CITY)
    if rows.claim(1, entry, "city", work.faults):
        rows.put(1, {"name": entry.get("city"), **_given(entry, {"naming": ""})}, new={"naming": ""})


def _draft_authority(entry: Entry, work: Drafting) -> None:
    rows = work.rows(FormName.AUTHORITIES)
    kind = entry.get("kind").code
    if rows.claim(kind, entry, "kind", work.faults):
        rows.put(kind, {"authority": entry.get("authority")})


def _draft_district(entry: Entry, work: Drafting) -> None:
    rows = work.rows(FormName.DISTRICTS)
    code, name = entry.get("code"), entry.get("name")
    if not rows.claim(code, entry, "code", work.faults):
        return
    rows.put(code, {"name": name})
    if _district_codes(work)[name] != code:
        entry.blame(work.faults, "name", f"{spell_found(name)}, the name of another district", "a name of its own")


def _district_codes(work: Drafting) -> dict[str, str]:
    """The code of each district's name; of two of the same name, the earlier."""
    rows = work.rows(FormName.DISTRICTS)
    return {row["name"]: code for code, row in reversed((rows.before | rows.after).items())}


def _draft_station(entry: Entry, work: Drafting) -> None:
    rows = work.rows(FormName.STATIONS)
    code, name, kind = entry.get("code"), entry.get("name"), entry.get("kind")
    if not rows.claim(code, entry, "code", work.faults):
        return
    district = _district(entry, work)
    fallbacks = {
        "short_name": short_name_of(name), "authority": "", "lead": "", "deputy": "",
        "minimum": _DUTY.minimum, "target": max(_DUTY.target, entry.get("minimum") or 0),
    }  # fmt: skip
    given = {"name": name, "kind": kind.code, "district": district, **_given(entry, fallbacks)}
    row = rows.put(code, given, new={**fallbacks, "created_on": work.today})
    if row["minimum"] > row["target"]:
        found = f"{row['target']}, below the minimum of {row['minimum']}"
        entry.blame(work.faults, "target", found, "at least the minimum")
    _remark_name(entry, work)
    if "hours" in entry.values:
        _draft_hours(entry, work)


def _district(entry: Entry, work: Drafting) -> str:
    asked: str = entry.get("district")
    code = asked if work.rows(FormName.DISTRICTS).get(asked) else _district_codes(work).get(asked)
    if code is None and work.is_missing(FormName.DISTRICTS, asked):
        entry.blame(
            work.faults, "district", spell_found(asked), "code or name of a district in these files or the database"
        )
    return code or ""


def _remark_name(entry: Entry, work: Drafting) -> None:
    city = work.rows(FormName.CITY).get(1)
    rule = NAMING_RULES.get(city["naming"]) if city else None
    wanted = rule.broken_by(entry.get("name"), entry.get("kind").code) if rule else None
    if wanted:
        work.faults.warn(
            entry.place, f"the name {spell_found(entry.get('name'))} is not as the city wants it: {wanted}"
        )


def _draft_hours(entry: Entry, work: Drafting) -> None:
    rows = work.rows(FormName.STATIONS)
    code, kind = entry.get("code"), entry.get("kind")
    asked: AskedHours | None = entry.get("hours")
    week = asked.week(kind.weekly) if asked else kind.weekly
    if not any(week):
        entry.blame(work.faults, "hours", "no open day", WANTED)
        return
    valid_from = entry.get("valid_from") or (work.today if code in rows.before else ALWAYS)
    known = work.draft.terms.get(code)
    if (known.clause_on(valid_from).week if known else kind.weekly) != week:
        work.draft.weeks.append((code, valid_from, week))
        rows.beside.add(code)


def _draft_kiosk(entry: Entry, work: Drafting) -> None:
    rows = work.rows(FormName.KIOSKS)
    kiosk, station = entry.get("kiosk"), entry.get("station")
    if not rows.claim(kiosk, entry, "kiosk", work.faults):
        return
    if kiosk == HUB_KIOSK:
        entry.blame(work.faults, "kiosk", spell_found(kiosk), "another name; this one is the hub's own")
    if work.is_missing(FormName.STATIONS, station):
        entry.blame(work.faults, "station", spell_found(station), "a station in these files or the database")
    before = rows.before.get(kiosk)
    if before and before["station"] != station:
        found = f"{spell_found(station)}, though its records are of {spell_found(before['station'])}"
        entry.blame(
            work.faults, "station", found, "the same station; a kiosk that moves gets a new id, the old one an end"
        )
    given = _given(entry, {"entrance": "", "in_service_to": None}) | entry.only("in_service_from")
    row = rows.put(
        kiosk, {"station": station, **given}, new={"entrance": "", "in_service_from": work.today, "in_service_to": None}
    )
    if row["in_service_to"] is not None and row["in_service_to"] <= row["in_service_from"]:
        entry.blame(work.faults, "in_service_to", str(row["in_service_to"]), f"a day after {row['in_service_from']}")


def _given(entry: Entry, fallbacks: Row) -> Row:
    """The values of the columns that the sheet has; an emptied cell gives back the fallback."""
    return {
        name: fallback if entry.values[name] is None else entry.values[name]
        for name, fallback in fallbacks.items()
        if name in entry.values
    }
