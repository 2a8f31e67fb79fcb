"""Kiosks: rules and changes."""

from datetime import date, timedelta

from hub.changing.commands import EnterKiosk, KeepKiosk, RetireKiosk, RevokeKiosk
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Edit, HandlerAnswer, Now, Refusal, Row, spell_found
from hub.changing.laying import given, lay
from hub.changing.places import no_station, with_first_day
from hub.database.tables import Kiosk, Station
from hub.saying import as_said, say
from station.milliseconds import ms_of
from station.names import HUB_KIOSK, NAME_RULE, is_name


def enter_kiosk(command: EnterKiosk, draft: Draft, now: Now) -> HandlerAnswer:
    """It has a name of its own, does not move, and is in service only where a station is."""
    before = draft.of(Kiosk).get(command.kiosk)
    if command.kiosk == HUB_KIOSK:
        return [Refusal("kiosk", spell_found(command.kiosk), "another name; this one is the hub's own")]
    if before is None and not is_name(command.kiosk):
        return [Refusal("kiosk", spell_found(command.kiosk), as_said(NAME_RULE))]
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
    new = {"id": command.kiosk, "entrance": "", "in_service_from": now.today, "in_service_to": None, "revoked_ms": None}
    said = given(
        station=command.station, entrance=command.entrance, in_service_from=command.in_service_from,
        in_service_to=command.in_service_to,
    )  # fmt: skip
    return _laid(before, {**(before or new), **said}, draft, now)


def retire_kiosk(command: RetireKiosk, draft: Draft, now: Now) -> HandlerAnswer:
    """Not before it began; where no day is said, it keeps the day that it serves, and one that was out stays so."""
    before = draft.of(Kiosk).get(command.kiosk)
    if before is None:
        return [no_kiosk(command.kiosk)]
    on = command.on or min(before["in_service_to"] or date.max, now.tomorrow)
    return _laid(before, {**before, "in_service_to": on}, draft, now)


def keep_kiosk(command: KeepKiosk, draft: Draft, now: Now) -> HandlerAnswer:
    """Not where its station closes."""
    before = draft.of(Kiosk).get(command.kiosk)
    if before is None:
        return [no_kiosk(command.kiosk)]
    if before["revoked_ms"] is not None:
        found = say(
            "{kiosk}, revoked {moment}", kiosk=spell_found(command.kiosk), moment=now.spell(before["revoked_ms"])
        )
        return [Refusal("kiosk", found, "a kiosk that is not revoked; a device that is found again gets a new id")]
    return _laid(before, {**before, "in_service_to": None}, draft, now)


def revoke_kiosk(command: RevokeKiosk, draft: Draft, now: Now) -> HandlerAnswer:
    """Once and for good, at a moment that has come. What it says from then on counts for nothing."""
    before = draft.of(Kiosk).get(command.kiosk)
    if before is None:
        return [no_kiosk(command.kiosk)]
    if before["revoked_ms"] is not None:
        return None
    since_ms = now.ms if command.since is None else ms_of(command.since)
    if since_ms > now.ms:
        return [Refusal("since", str(now.spell(since_ms)), "a moment that has come")]
    after = {**before, "revoked_ms": since_ms}
    ends = min(before["in_service_to"] or date.max, _end_of_revoked(after, now))
    change = CityChange(
        (Edit(Kiosk, {**after, "in_service_to": ends}),),
        before={"revoked": None, "in_service_to": spell_day(before["in_service_to"])},
        after={"revoked": now.spell(since_ms), "in_service_to": spell_day(ends)},
        station=before["station"],
        kiosk=command.kiosk,
    )
    return with_first_day(change, ends, now)


def no_kiosk(kiosk: str) -> Refusal:
    """The refusal of an id that names none."""
    return Refusal("kiosk", spell_found(kiosk), "a kiosk that is entered", missing=kiosk)


def spell_day(day: date | None) -> str | None:
    """A day as history keeps it."""
    return None if day is None else day.isoformat()


def _laid(before: Row | None, after: Row, draft: Draft, now: Now) -> HandlerAnswer:
    change = lay(Kiosk, before, after, station=after["station"], kiosk=after["id"])
    if change is None:
        return None
    begins, ends = after["in_service_from"], after["in_service_to"]
    if ends is not None and ends <= begins:
        found = say("{day}, of kiosk {kiosk}", day=ends, kiosk=after["id"])
        return [Refusal("in_service_to", found, say("a day after {day}", day=begins))]
    refusals = _refuse_revoked(after, now) or _refuse_closed(after, draft)
    if refusals:
        return refusals
    days = [
        day
        for name in ("in_service_from", "in_service_to")
        for row in (before or {}, after)
        if (before or {}).get(name) != after[name] and (day := row.get(name)) is not None
    ]
    return with_first_day(change, min(days, default=None), now)


def _refuse_revoked(after: Row, now: Now) -> list[Refusal]:
    """In service on a day on which it counts for nothing."""
    if after["revoked_ms"] is None:
        return []
    ends, latest = after["in_service_to"], _end_of_revoked(after, now)
    if ends is not None and ends <= latest:
        return []
    found = say(
        "{day}, and kiosk {kiosk} revoked {moment}",
        day=ends or say("no end"),
        kiosk=after["id"],
        moment=now.spell(after["revoked_ms"]),
    )
    return [Refusal("in_service_to", found, say("{day} or an earlier day", day=latest))]


def _end_of_revoked(row: Row, now: Now) -> date:
    """The day after the last on which it was there for a part at least."""
    begins: date = row["in_service_from"]
    return max(now.day_of(row["revoked_ms"]), begins) + timedelta(days=1)


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
