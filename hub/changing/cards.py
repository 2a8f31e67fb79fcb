"""Cards, whose they are, and when they are lost: rules and changes.

One holding and one loss of a card at a time, none overlapping another. A card that changes hands gets a second
holding; nothing of the first moves.
"""

from collections.abc import Sequence
from datetime import datetime

from hub.changing.commands import AssignCard, EnterCard, FindCard, LoseCard, ReturnCard
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Edit, HandlerAnswer, Now, Refusal, Row, short_token, spell_found
from hub.changing.laying import lay
from hub.changing.people import no_person
from hub.changing.places import with_first_day
from hub.database.people_tables import CardRow, Holding, Loss, Volunteer
from hub.saying import Said, say
from station.milliseconds import ms_of
from station.token import TECHNOLOGIES


def enter_card(command: EnterCard, draft: Draft, now: Now) -> HandlerAnswer:
    """Of a technology that readers know."""
    if command.technology not in TECHNOLOGIES:
        return [Refusal("technology", spell_found(command.technology), say("one of {words}", words=TECHNOLOGIES))]
    before = draft.of(CardRow).get(command.token)
    after = {**(before or {"token": command.token, "added_ms": now.ms}), "technology": command.technology}
    return lay(CardRow, before, after, token=command.token)


def assign_card(command: AssignCard, draft: Draft, now: Now) -> HandlerAnswer:
    """To somebody who has not left; from a moment at which no other holding stands in the way."""
    person = draft.of(Volunteer).get(command.person)
    if draft.of(CardRow).get(command.token) is None:
        return [no_card(command.token)]
    if person is None:
        return [no_person(command.person)]
    holdings = draft.of(Holding).of(command.token)
    since_ms = _moment(command.since, now) if holdings or command.since is not None else 0
    held = _held_at(holdings, since_ms)
    if held is not None and held["person"] == command.person:
        return None
    refusals = _refuse_left(person, since_ms, now) or _refuse_overlap(holdings, since_ms, now)
    if refusals:
        return refusals
    edits = [Edit(Holding, {**held, "until_ms": since_ms})] if held is not None else []
    until_ms = None if person["left_on"] is None else now.midnight_ms(person["left_on"])
    new = {"token": command.token, "from_ms": since_ms, "until_ms": until_ms, "person": command.person}
    change = CityChange(
        (*edits, Edit(Holding, new)),
        before={"holder": held["person"] if held else None},
        after={"holder": command.person, "since": now.spell(since_ms)},
        person=command.person,
        token=command.token,
        is_new=not holdings,  # what was nobody's takes nothing from anybody
    )
    return with_first_day(change, now.day_of(since_ms) if since_ms else None, now)


def _refuse_left(person: Row, since_ms: int, now: Now) -> list[Refusal]:
    left_on = person["left_on"]
    if left_on is None or now.midnight_ms(left_on) > max(since_ms, now.ms):
        return []
    return [
        Refusal(
            "person",
            say("{person}, who left on {day}", person=person["person"], day=left_on),
            "somebody who has not left",
        )
    ]


def _refuse_overlap(holdings: Sequence[Row], since_ms: int, now: Now) -> list[Refusal]:
    """The holding of that moment ends where the new one begins; none may begin later."""
    for row in holdings:
        if row["from_ms"] >= since_ms:
            found = _held(now.spell(since_ms), row, now)
            return [Refusal("since", found, "a later moment; what is there is not moved")]
    return []


def _held(at: str | None, row: Row, now: Now) -> Said:
    said = "{at}, and the card is {person}'s from {since} on"
    return say(said, at=at, person=row["person"], since=now.spell(row["from_ms"]))


def _held_at(holdings: Sequence[Row], at_ms: int) -> Row | None:
    return next(
        (h for h in holdings if h["from_ms"] <= at_ms and (h["until_ms"] is None or h["until_ms"] > at_ms)), None
    )


def return_card(command: ReturnCard, draft: Draft, now: Now) -> HandlerAnswer:
    """Ends after it began."""
    if draft.of(CardRow).get(command.token) is None:
        return [no_card(command.token)]
    at_ms, holdings = _moment(command.at, now), draft.of(Holding).of(command.token)
    later = next((row for row in holdings if row["from_ms"] >= at_ms), None)
    if later is not None:
        found = _held(now.spell(at_ms), later, now)
        return [Refusal("at", found, "a later moment")]
    held = _held_at(holdings, at_ms)
    if held is None:
        return None
    change = CityChange(
        (Edit(Holding, {**held, "until_ms": at_ms}),),
        {"holder": held["person"]},
        {"holder": None, "since": now.spell(at_ms)},
        person=held["person"],
        token=command.token,
    )
    return with_first_day(change, now.day_of(at_ms), now)


def lose_card(command: LoseCard, draft: Draft, now: Now) -> HandlerAnswer:
    """Lost once at a time; found out later, since earlier than was said."""
    if draft.of(CardRow).get(command.token) is None:
        return [no_card(command.token)]
    losses = draft.of(Loss).of(command.token)
    since_ms = _moment(command.since, now)
    said = next((row for row in losses if row["until_ms"] is None), None)
    if said is not None and (command.since is None or said["from_ms"] == since_ms):
        return None  # lost already
    for row in losses:
        if (row["until_ms"] is None and row["from_ms"] < since_ms) or (row["until_ms"] or 0) > since_ms:
            lost = {"at": now.spell(since_ms), "since": now.spell(row["from_ms"])}
            found = say("{at}, and the card is lost from {since} on", **lost)
            if row["until_ms"] is not None:
                found = say(
                    "{at}, and the card is lost from {since} until {until}", **lost, until=now.spell(row["until_ms"])
                )
            return [Refusal("since", found, "a moment at which it was not lost yet")]
    return _loss(command.token, draft, said, {"from_ms": since_ms, "until_ms": None}, now)


def find_card(command: FindCard, draft: Draft, now: Now) -> HandlerAnswer:
    """Found after it was lost."""
    if draft.of(CardRow).get(command.token) is None:
        return [no_card(command.token)]
    lost = next((row for row in draft.of(Loss).of(command.token) if row["until_ms"] is None), None)
    if lost is None:
        return None
    at_ms = _moment(command.at, now)
    if at_ms <= lost["from_ms"]:
        found = say("{at}, and the card is lost from {since} on", at=now.spell(at_ms), since=now.spell(lost["from_ms"]))
        return [Refusal("at", found, "a later moment")]
    return _loss(command.token, draft, lost, {"from_ms": lost["from_ms"], "until_ms": at_ms}, now)


def _loss(token: str, draft: Draft, before: Row | None, after: Row, now: Now) -> CityChange:
    holder = next((row["person"] for row in draft.of(Holding).of(token) if row["until_ms"] is None), "")
    is_moved = before is not None and before["from_ms"] != after["from_ms"]
    told = {"lost": now.spell(after["from_ms"])}
    if after["until_ms"] is not None:
        told |= {"found": now.spell(after["until_ms"])}
    change = CityChange(
        (
            *([Edit(Loss, before, gone=True)] if before is not None and is_moved else ()),
            Edit(Loss, {"token": token, **after}),
        ),
        {} if before is None else {"lost": now.spell(before["from_ms"])},
        told,
        person=holder,
        token=token,
    )
    return with_first_day(change, now.day_of(after["until_ms"] or after["from_ms"]), now)


def _moment(said: datetime | None, now: Now) -> int:
    return now.ms if said is None else ms_of(said)


def no_card(token: str) -> Refusal:
    """The refusal of a token that names none."""
    return Refusal("card", short_token(token), "a card that is entered", missing=token)
