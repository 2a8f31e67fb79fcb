"""Kiosks: rules and changes."""

from datetime import date

from hub.changing.answers import Answer, Now, Refusal, Row, spell_found
from hub.changing.commands import EnterKiosk, KeepKiosk, RetireKiosk
from hub.changing.draft import Draft
from hub.changing.laying import given, lay
from hub.changing.places import dated, no_station
from hub.database.tables import Kiosk, Station
from hub.saying import say
from station.names import HUB_KIOSK


def enter_kiosk(command: EnterKiosk, draft: Draft, now: Now) -> Answer:
    """It has a name of its own, does not move, and is in service only where a station is."""
    before = draft.of(Kiosk).get(command.kiosk)
    if command.kiosk == HUB_KIOSK:
        return [Refusal("kiosk", spell_found(command.kiosk), "another name; this one is the hub's own")]
    if draft.of(Station).get(command.station) is None:
        return [no_station(command.station)]
    if before is not None and before["station"] != command.station:
        found = say(
            "{asked}, though its records are of {station}",
            asked=spell_found(command.station),
            station=spell_found(before["station"]),
        )
        wanted = "the same station; a kiosk that moves gets a new id, the old one an end"
        return [Refusal("station", found, wanted)]
    new = {"id": command.kiosk, "entrance": "", "in_service_from": now.today, "in_service_to": None}
    said = given(
        station=command.station, entrance=command.entrance, in_service_from=command.in_service_from,
        in_service_to=command.in_service_to,
    )  # fmt: skip
    return _laid(before, {**(before or new), **said}, draft, now)


def retire_kiosk(command: RetireKiosk, draft: Draft, now: Now) -> Answer:
    """Not before it began."""
    before = draft.of(Kiosk).get(command.kiosk)
    if before is None:
        return [no_kiosk(command.kiosk)]
    return _laid(before, {**before, "in_service_to": command.on or now.today}, draft, now)


def keep_kiosk(command: KeepKiosk, draft: Draft, now: Now) -> Answer:
    """Not where its station closes."""
    before = draft.of(Kiosk).get(command.kiosk)
    if before is None:
        return [no_kiosk(command.kiosk)]
    return _laid(before, {**before, "in_service_to": None}, draft, now)


def no_kiosk(kiosk: str) -> Refusal:
    """The refusal of an id that names none."""
    return Refusal("kiosk", spell_found(kiosk), "a kiosk that is entered", missing=kiosk)


def _laid(before: Row | None, after: Row, draft: Draft, now: Now) -> Answer:
    change = lay(Kiosk, before, after, station=after["station"], kiosk=after["id"])
    if change is None:
        return None
    begins, ends = after["in_service_from"], after["in_service_to"]
    if ends is not None and ends <= begins:
        return [Refusal("in_service_to", str(ends), say("a day after {day}", day=begins))]
    refusals = _refuse_closed(after, draft)
    if refusals:
        return refusals
    days = [
        day
        for name in ("in_service_from", "in_service_to")
        for row in (before or {}, after)
        if (before or {}).get(name) != after[name] and (day := row.get(name)) is not None
    ]
    return dated(change, min(days, default=None), now)


def _refuse_closed(after: Row, draft: Draft) -> list[Refusal]:
    """In service at a station that is not: both facts are named."""
    station = draft.of(Station).get(after["station"])
    assert station is not None
    begins, ends = after["in_service_from"], after["in_service_to"]
    opened_on: date | None = station["opened_on"]
    closed_on: date | None = station["closed_on"]
    if opened_on is not None and begins < opened_on:
        found = say(
            "{day}, and station {station} opened on {opened_on}",
            day=begins,
            station=station["code"],
            opened_on=opened_on,
        )
        return [Refusal("in_service_from", found, say("{day} or a later day", day=opened_on))]
    if closed_on is not None and begins >= closed_on:
        found = say(
            "{day}, and station {station} closed on {closed_on}",
            day=begins,
            station=station["code"],
            closed_on=closed_on,
        )
        return [Refusal("in_service_from", found, say("a day before {day}, or a station that is open", day=closed_on))]
    if closed_on is not None and (ends is None or ends > closed_on):
        found = say(
            "{day}, and station {station} closed on {closed_on}",
            day=ends or say("no end"),
            station=station["code"],
            closed_on=closed_on,
        )
        return [Refusal("in_service_to", found, say("{day} or an earlier day", day=closed_on))]
    return []
