"""Correcting taps: what may be said of one, and what then stands in the hub's own journal.

Nothing that was recorded is changed. Where a sum of hours was approved, a second person's consent will be asked for
here, by the day that the change names (`with_first_day`); until hours are approved there is nothing to consent to.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from hub.changing.corrections import AddTap, Amending, ConfirmTap, RetimeTap, VoidTap
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, HandlerAnswer, Now, Refusal, Row, spell_found
from hub.changing.own_journal import FoundTap
from hub.changing.people import no_person
from hub.database.people_tables import Volunteer
from hub.database.tables import Kiosk, Station
from hub.saying import say
from station.amending import MOST_CONFIRMED, Amendment, Amends, TapSaid, amended
from station.milliseconds import ms_of
from station.names import PersonId, RecordName
from station.records import Action

ADDED: Final = (Action.ARRIVE, Action.LEAVE)
MOST_EVIDENCE: Final = 200
_CONFIRMED_MS: Final = MOST_CONFIRMED // timedelta(milliseconds=1)


class _AmendTold(NamedTuple):
    """What history tells."""

    before: Row
    after: Row = {}  # noqa: RUF012 -- never changed


def void_tap(command: VoidTap, draft: Draft, now: Now) -> HandlerAnswer:
    """A tap that is there and counts; or an amendment that is in force."""
    said = draft.journal.amendments(command.station)
    if command.of in said:
        if command.of not in amended(said).in_force:
            return [_is_void(command.of)]
        taken_back = said[command.of]
        change = {"taken_back": taken_back.change.value, **_spelled(taken_back, now)}
        return _change(command, Amendment(change=Amends.VOID, of=command.of), _AmendTold(change), now.ms, now)
    tap = _find(command, draft)
    if isinstance(tap, Refusal):
        return [tap]
    before = {"action": tap.action, "at": now.spell(tap.at_ms)}
    return _change(command, Amendment(change=Amends.VOID, of=command.of), _AmendTold(before), tap.at_ms, now)


def add_tap(command: AddTap, draft: Draft, now: Now) -> HandlerAnswer:
    """An arrival or a leave of a volunteer that has been; what is written down where is said in a line."""
    if draft.of(Station).get(command.station) is None:
        return [Refusal("station", spell_found(command.station), "a station that is entered")]
    if draft.of(Volunteer).get(command.person) is None:
        return [no_person(command.person)]
    refusals = _refuse_time("at", command.at, now) + _refuse_day(command, draft, now)
    if command.action not in ADDED:
        refusals.append(Refusal("action", spell_found(command.action), say("one of {words}", words=", ".join(ADDED))))
    if len(command.evidence) > MOST_EVIDENCE:
        found = say("{count} {count:character|characters}", count=len(command.evidence))
        refusals.append(
            Refusal("evidence", found, say("at most {count} {count:character|characters}", count=MOST_EVIDENCE))
        )
    for one in amended(draft.journal.amendments(command.station)).in_force.values():
        if (one.change, one.person, one.action, one.at) == (Amends.ADD, command.person, command.action, command.at):
            refusals.append(Refusal("at", say("{at}, and it is added already", at=now.spell(ms_of(command.at))),
                                    "another moment"))  # fmt: skip
    if refusals:
        return refusals
    amendment = Amendment(
        change=Amends.ADD, person=PersonId(command.person), action=Action(command.action), at=command.at,
        evidence=command.evidence,
    )  # fmt: skip
    after = {**_spelled(amendment, now), "is_proven": bool(command.evidence)}
    return _change(command, amendment, _AmendTold({}, after), ms_of(command.at), now)


def retime_tap(command: RetimeTap, draft: Draft, now: Now) -> HandlerAnswer:
    """To another moment of the day on which it was made."""
    tap = _find(command, draft)
    if isinstance(tap, Refusal):
        return [tap]
    refusals = _refuse_time("at", command.at, now)
    day, asked = now.day_of(tap.at_ms if tap.recorded_ms is None else tap.recorded_ms), now.day_of(ms_of(command.at))
    if asked != day:
        refusals.append(Refusal("at", now.spell(ms_of(command.at)) or "", say("a moment on {day}", day=day)))
    if refusals:
        return refusals
    if ms_of(command.at) == tap.at_ms:
        return None
    before = {"action": tap.action, "at": now.spell(tap.at_ms)}
    after = {"action": tap.action, "at": now.spell(ms_of(command.at))}
    amendment = Amendment(change=Amends.RETIME, of=command.of, at=command.at)
    return _change(command, amendment, _AmendTold(before, after), min(tap.at_ms, ms_of(command.at)), now)


def confirm_tap(command: ConfirmTap, draft: Draft, now: Now) -> HandlerAnswer:
    """A tap as it is; of a stint that it began, no more than twelve hours, and nothing that has not been."""
    tap = _find(command, draft)
    if isinstance(tap, Refusal):
        return [tap]
    if command.until is not None:
        refusals = _refuse_time("until", command.until, now) or _refuse_length(tap, command.until, now)
        if refusals:
            return refusals
    elif tap.ended_ms is not None and tap.ended_ms > now.ms:
        found = say("a stint that lasts until {at}", at=now.spell(tap.ended_ms))
        return [Refusal("until", found, "one that is over, or a moment that has been")]
    before = _standing(command, draft)
    if before.is_confirmed and before.confirmed_until == command.until:
        return None
    amendment = Amendment(change=Amends.CONFIRM, of=command.of, at=command.until)
    until = tap.ended_ms if command.until is None else ms_of(command.until)
    after = {"action": tap.action, "at": now.spell(tap.at_ms), "confirmed_until": now.spell(until)}
    return _change(command, amendment, _AmendTold({}, after), tap.at_ms, now)


def _find(command: VoidTap | RetimeTap | ConfirmTap, draft: Draft) -> FoundTap | Refusal:
    """The tap that is spoken of: at that station, and not void."""
    tap = draft.journal.find(command.of)
    if tap is None or tap.station != command.station:  # who asks for one station learns nothing of another's taps
        return Refusal("of", _spell_name(command.of), say("a tap at {station}", station=command.station))
    return _is_void(command.of) if _standing(command, draft).void else tap


def _standing(command: VoidTap | RetimeTap | ConfirmTap, draft: Draft) -> TapSaid:
    return amended(draft.journal.amendments(command.station)).of(command.of)


def _is_void(name: RecordName) -> Refusal:
    return Refusal("of", say("{name}, which is void already", name=_spell_name(name)), "one that counts")


def _refuse_time(field: str, at: datetime, now: Now) -> list[Refusal]:
    if ms_of(at) <= now.ms:
        return []
    return [Refusal(field, now.spell(ms_of(at)) or "", say("a moment that has been, by {at}", at=now.spell(now.ms)))]


def _refuse_day(command: AddTap, draft: Draft, now: Now) -> list[Refusal]:
    """Of a day before the station had a kiosk nothing is ever reckoned; nobody serves before they were registered."""
    day, person = now.day_of(ms_of(command.at)), draft.of(Volunteer).get(command.person) or {}
    found, since = now.spell(ms_of(command.at)) or "", _first_day(command.station, draft, now)
    if day < since:
        return [Refusal("at", found, say("a day from {day} on, the station's first", day=since))]
    registered_on, left_on = person["registered_on"], person["left_on"]
    if registered_on is not None and day < registered_on:
        return [Refusal("at", found, say("a day from {day} on, when they were registered", day=registered_on))]
    if left_on is not None and day >= left_on:
        return [Refusal("at", found, say("a day before {day}, when they left", day=left_on))]
    return []


def _first_day(station: str, draft: Draft, now: Now) -> date:
    """The first on which a kiosk of it was in service or recorded anything; else the one on which it was entered."""
    days = [row["in_service_from"] for row in draft.of(Kiosk).of(station)]
    first_ms = draft.journal.first_ms(station)
    if first_ms is not None:
        days.append(now.day_of(max(first_ms, 0)))
    entered_on: date = (draft.of(Station).get(station) or {})["created_on"]
    return min(days, default=entered_on)


def _refuse_length(tap: FoundTap, until: datetime, now: Now) -> list[Refusal]:
    if tap.began_ms is None:
        return [Refusal("until", "a tap that began no stint", "no moment: it is accepted as it is")]
    if ms_of(until) <= tap.began_ms:
        found = now.spell(ms_of(until)) or ""
        return [Refusal("until", found, say("a moment after {at}", at=now.spell(tap.began_ms)))]
    if ms_of(until) - tap.began_ms > _CONFIRMED_MS:
        lasted = say("{hours} h", hours=round((ms_of(until) - tap.began_ms) / 3_600_000, 1))
        return [Refusal("until", lasted, "at most 12 h")]
    return []


def _change(command: Amending, amendment: Amendment, told: _AmendTold, since_ms: int, now: Now) -> CityChange:
    """What history says of it; it always speaks of what was, so it always needs a reason."""
    asked_by = {"asked_by": command.asked_by} if command.asked_by else {}
    return CityChange(
        (), told.before, {**told.after, **asked_by}, station=command.station, person=amendment.person or "",
        day_from=now.day_of(since_ms), is_past=True, amendment=replace(amendment, asked_by=command.asked_by),
    )  # fmt: skip


def _spelled(amendment: Amendment, now: Now) -> Row:
    action: Row = {} if amendment.action is None else {"action": amendment.action.value}
    return action | ({} if amendment.at is None else {"at": now.spell(ms_of(amendment.at))})


def _spell_name(name: RecordName) -> str:
    return f"{name.kiosk}/{name.epoch}/{name.seq}"
