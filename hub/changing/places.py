"""The city, its districts, who oversees, and its stations: rules and changes."""

from dataclasses import replace
from datetime import date

from hub.changing.commands import (
    CloseStation,
    EnterDistrict,
    EnterStation,
    NameAuthority,
    NameCity,
    ReopenStation,
)
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Edit, HandlerAnswer, Now, Refusal, Row, spell_found
from hub.changing.laying import given, lay
from hub.changing.numbers import removal
from hub.database.tables import City, District, KindAuthority, Kiosk, Station, TermsRow
from hub.register.kinds import KINDS
from hub.register.naming import short_name_of
from hub.register.spelling import spell_week
from hub.register.telephones import Whose
from hub.register.terms import ALWAYS
from hub.saying import Said, say


def name_city(command: NameCity, draft: Draft, _: Now) -> HandlerAnswer:
    """There is one city."""
    before = draft.of(City).get(1)
    said = given(name=command.name, naming=command.naming)
    return lay(City, before, {**(before or {"id": 1, "naming": ""}), **said})


def enter_district(command: EnterDistrict, draft: Draft, _: Now) -> HandlerAnswer:
    """Each has a name of its own."""
    rows = draft.of(District)
    if any(row["code"] != command.code for row in rows.of(command.name)):
        found = say("{name}, the name of another district", name=spell_found(command.name))
        return [Refusal("name", found, "a name of its own")]
    return lay(District, rows.get(command.code), {"code": command.code, "name": command.name})


def name_authority(command: NameAuthority, draft: Draft, _: Now) -> HandlerAnswer:
    """Of one of the kinds that there are."""
    if command.kind not in KINDS:
        return [Refusal("kind", spell_found(command.kind), say("one of {words}", words=list(KINDS)))]
    before = draft.of(KindAuthority).get(command.kind)
    return lay(KindAuthority, before, {"kind": command.kind, "authority": command.authority})


def enter_station(command: EnterStation, draft: Draft, now: Now) -> HandlerAnswer:
    """A station needs a name, a district that is there, and a kind; it opens before it closes."""
    before = draft.of(Station).get(command.code)
    said = given(
        name=command.name, short_name=command.short_name, district=command.district, kind=command.kind,
        authority=command.authority, lead=command.lead, deputy=command.deputy, opened_on=command.opened_on,
    )  # fmt: skip
    after = {**(before or _new_station(command, now)), **said}
    after["short_name"] = after["short_name"] or short_name_of(after["name"])  # as a sheet's empty cell says
    refusals = [
        Refusal(name, "nothing", "a value") for name in ("name", "district", "kind") if not after.get(name)
    ] or _refuse_station(after, draft)
    if refusals:
        return refusals
    change = lay(Station, before, after, station=command.code)
    if change is not None and before is not None and before["lead"] and before["lead"] != after["lead"]:
        change = replace(change, edits=(*change.edits, *removal(Whose.LEAD, command.code, draft)))
    if change is None or before is not None:
        return change and _dated(change, "opened_on", now)
    week = spell_week(KINDS[after["kind"]].weekly)
    keeps_holidays = KINDS[after["kind"]].keeps_holidays
    clause = {
        "station": command.code, "from_day": ALWAYS, "week": week, "keeps_holidays": keeps_holidays,
        "minimum": 1, "target": 2, "limits": "{}",
    }  # fmt: skip
    return CityChange((*change.edits, Edit(TermsRow, clause)), {}, change.after, station=command.code, is_new=True)


def _new_station(command: EnterStation, now: Now) -> Row:
    return {
        "code": command.code, "name": "", "short_name": short_name_of(command.name or ""), "district": "", "kind": "",
        "authority": "", "lead": "", "deputy": "", "created_on": now.today, "opened_on": None, "closed_on": None,
    }  # fmt: skip


def _refuse_station(after: Row, draft: Draft) -> list[Refusal]:
    refusals = []
    if draft.of(District).get(after["district"]) is None:
        found, wanted = spell_found(after["district"]), "code of a district that is entered"
        refusals.append(Refusal("district", found, wanted, missing=after["district"]))
    if after["kind"] not in KINDS:
        refusals.append(Refusal("kind", spell_found(after["kind"]), say("one of {words}", words=list(KINDS))))
    opened_on, closed_on = after["opened_on"], after["closed_on"]
    if opened_on and closed_on and closed_on <= opened_on:
        refusals.append(
            Refusal(
                "opened_on",
                say("{day}, and closed on {closed_on}", day=opened_on, closed_on=closed_on),
                "a day before it closes",
            )
        )
    for kiosk in draft.of(Kiosk).of(after["code"]) if opened_on else ():
        if kiosk["in_service_from"] < opened_on:
            found = say(
                "{day}, and kiosk {kiosk} in service there from {since}",
                day=opened_on,
                kiosk=kiosk["id"],
                since=kiosk["in_service_from"],
            )
            refusals.append(Refusal("opened_on", found, "a day not after its kiosks' first"))
    return refusals


def close_station(command: CloseStation, draft: Draft, now: Now) -> HandlerAnswer:
    """Not while a kiosk is in service there, nor before it opened; where no day is said, it keeps the day it serves."""
    before = draft.of(Station).get(command.station)
    if before is None:
        return [no_station(command.station)]
    on = command.on or min(before["closed_on"] or date.max, now.tomorrow)
    if before["opened_on"] and on <= before["opened_on"]:
        return [
            Refusal(
                "on",
                say("{day}, and opened on {opened_on}", day=on, opened_on=before["opened_on"]),
                "a day after it opened",
            )
        ]
    kiosks = [row for row in draft.of(Kiosk).of(command.station) if is_served_at(row, on)]
    if kiosks:
        wanted = "a day from which none of its kiosks is in service; retire them first"
        return [Refusal("on", _served(on, row), wanted) for row in kiosks]
    change = lay(Station, before, {**before, "closed_on": on}, station=command.station)
    return change and _dated(change, "closed_on", now)


def reopen_station(command: ReopenStation, draft: Draft, now: Now) -> HandlerAnswer:
    """It is as if it had never been said to close."""
    before = draft.of(Station).get(command.station)
    if before is None:
        return [no_station(command.station)]
    change = lay(Station, before, {**before, "closed_on": None}, station=command.station)
    return change and _dated(change, "closed_on", now)


def no_station(code: str, field: str = "station") -> Refusal:
    """The refusal of a code that names none."""
    return Refusal(field, spell_found(code), "a station that is entered", missing=code)


def is_served_at(kiosk: Row, day: date) -> bool:
    """Whether a kiosk is in service on that day or later."""
    return kiosk["in_service_to"] is None or kiosk["in_service_to"] > day


def _served(on: date, kiosk: Row) -> Said:
    if kiosk["in_service_to"] is None:
        return say("{day}, and kiosk {kiosk} in service there without an end", day=on, kiosk=kiosk["id"])
    said = "{day}, and kiosk {kiosk} in service there until {until}"
    return say(said, day=on, kiosk=kiosk["id"], until=kiosk["in_service_to"])


def _dated(change: CityChange, name: str, now: Now) -> CityChange:
    """With the first day that it changes, where that day's column is among what changes."""
    days = [date.fromisoformat(row[name]) for row in (change.before, change.after) if row.get(name)]
    return with_first_day(change, min(days, default=None), now)


def with_first_day(change: CityChange, day: date | None, now: Now) -> CityChange:
    """With the first day of which something else is said."""
    return CityChange(
        change.edits, change.before, change.after, change.station, change.kiosk, change.person, change.token,
        change.is_new, day, is_past=day is not None and day < now.today and not change.is_new,
    )  # fmt: skip
