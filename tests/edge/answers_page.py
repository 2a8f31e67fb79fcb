"""Every answer of a kiosk, as docs/answers.md shows them: made by the code that gives them.

`python -m tests.edge.answers_page > docs/answers.md` makes the page anew.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from devices.card import CardRefusal
from devices.signals import Lines, Signal
from edge import answers
from edge.commission_steps import DONE, STEPS, TROUBLES
from edge.notices import TapOutcome
from edge.people import WhoseCard
from edge.stick import WRITTEN
from station.duty import DutyRule, StationRules
from station.hours import SHANGHAI, Calendar
from station.names import PersonId, StationCode
from station.presence import Headcount
from station.records import Action
from station.stints import End, Stint, began, ended
from station.wire.told import Holder
from tests.edge.rig import TWO_PERIODS

STATION = StationCode("SQ01")
RULES = StationRules(Calendar((TWO_PERIODS,) * 7))
SHUT = StationRules(Calendar(((),) * 7))
TWO_NEEDED = StationRules(RULES.calendar, DutyRule(2, 3))
HEAD = """# What a kiosk says

Made by `python -m tests.edge.answers_page`, checked by a test. Beside each answer stands its short form, for a display of two lines of eight Chinese characters; the
signal names lamp and sound. Names are invented and masked, as the roster has them.

| when | signal | lines | in short |
|---|---|---|---|
"""


class Shown(NamedTuple):
    """One answer, and when it is given."""

    when: str
    signal: Signal
    lines: Lines


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-05T{text}").replace(tzinfo=SHANGHAI)


def person(name: str = "王*芳", star: int = 0, *flags: str) -> WhoseCard:
    return WhoseCard(PersonId("p1"), Holder(PersonId("p1"), name, star, flags), counted=True)


STRANGER = WhoseCard(PersonId("p9"), None, counted=False)
LOST = WhoseCard(PersonId("p8"), Holder(PersonId("p8"), "", 0, (Holder.REVOKED,)), counted=False)
FORMER = WhoseCard(PersonId("p7"), Holder(PersonId("p7"), "", 0, (Holder.UNASSIGNED, Holder.FORMER)), counted=False)


def on_since(text: str) -> Stint:
    return began(STATION, at(text), RULES)


def forgotten() -> Stint:
    return ended(on_since("08:00"), at("11:30"), End.ASSUMED)


def outcome(
    action: Action, text: str | None, before: Stint | None = None, *, who: WhoseCard | None = None, on: int = 1, out: int = 0,
    rules: StationRules = RULES, closed_for: str = "", **more: bool,
) -> TapOutcome:  # fmt: skip
    moment = None if text is None else at(text)
    return TapOutcome(
        action, who or person(), moment, before, lambda: Headcount(on, out), rules, closed_for=closed_for, **more
    )


def outcomes() -> Iterator[tuple[str, TapOutcome]]:
    """Every kind of stored tap."""
    here = on_since("08:00")
    out = on_since("08:00")
    left = ended(here, at("09:00"), End.LEAVE)
    yield "arrives", outcome(Action.ARRIVE, "08:02")
    yield "arrives, with stars", outcome(Action.ARRIVE, "08:02", who=person("王*芳", 3))
    yield "arrives, and forgot to leave last time", outcome(Action.ARRIVE, "14:20", forgotten())
    overrun = ended(on_since("08:00"), at("09:00"), End.OVERRUN)
    yield "arrives after stepping out for too long", outcome(Action.ARRIVE, "09:20", overrun)
    yield "arrives untrained, once a day", outcome(Action.ARRIVE, "08:02", tells_untrained=True)
    yield "arrives while it is closed", outcome(Action.ARRIVE, "12:10", is_off_hours=True)
    yield "arrives on a day without hours", outcome(Action.ARRIVE, "08:02", rules=SHUT, is_off_hours=True)
    yield (
        "arrives on a holiday, or where the station tells why it is closed",
        outcome(Action.ARRIVE, "08:02", rules=SHUT, is_off_hours=True, closed_for="国庆节"),
    )
    yield (
        "arrives outside the other hours of a special day",
        outcome(Action.ARRIVE, "12:10", is_off_hours=True, closed_for="停电检修"),
    )
    yield "arrives while the clock is not set", outcome(Action.ARRIVE, None)
    yield "leaves", outcome(Action.LEAVE, "11:31", here)
    yield "leaves as the last one", outcome(Action.LEAVE, "10:00", here, on=0)
    yield "leaves, and one of two that must be stays", outcome(Action.LEAVE, "10:00", here, on=1, rules=TWO_NEEDED)
    yield "makes up for a forgotten leave (rule 3)", outcome(Action.LEAVE, "17:10", forgotten(), on=0)
    yield "takes a leave back, and stays", outcome(Action.ARRIVE, "09:01", left, took_back=True, is_resumed=True)
    yield "takes a late leave back, and is there", outcome(Action.ARRIVE, "12:41", forgotten(), took_back=True)
    yield "steps out", outcome(Action.STEP_OUT, "09:00", out)
    yield "steps out as the last one", outcome(Action.STEP_OUT, "09:00", out, on=0, out=1)
    yield "steps out as the second one", outcome(Action.STEP_OUT, "09:00", out, on=1, out=2)
    yield "returns", outcome(Action.RETURN, "09:10", out)
    yield "a card that nobody is entered for", outcome(Action.ARRIVE, "08:02", who=STRANGER)
    yield (
        "any card, where the hub has another site key",
        outcome(Action.ARRIVE, "08:02", who=STRANGER, has_wrong_key=True),
    )
    yield "a card of somebody who has left the station", outcome(Action.ARRIVE, "08:02", who=FORMER)
    yield "a card that was lost", outcome(Action.ARRIVE, "08:02", who=LOST)


def shown() -> Iterator[Shown]:
    """All answers."""
    for when, each in outcomes():
        yield Shown(when, *answers.answer(each))
    again = answers.already_recorded(person(), Action.ARRIVE, at("08:02"), RULES)
    yield Shown("the card seen again within the guard", Signal.ALREADY_RECORDED, again)
    yield Shown("a telephone", Signal.REFUSED, answers.refused(CardRefusal.RANDOM_NUMBER))
    yield Shown("a card whose number is not its own", Signal.REFUSED, answers.refused(CardRefusal.NOT_UNIQUE))
    yield Shown("the button 临时外出 without a leave just before", Signal.REFUSED, answers.button_alone())
    yield Shown("nothing could be stored", Signal.TROUBLE, answers.trouble())
    yield Shown("an opening, two may be here unknown", Signal.CHIME, answers.opening(["王*芳", "李*"]))
    yield Shown("an opening, many may be", Signal.CHIME, answers.opening(["王*芳"] * 12))
    yield Shown("an opening, without a roster", Signal.CHIME, answers.opening(["", ""]))
    yield Shown("the hub asks which kiosk this is", Signal.HERE, answers.here())
    yield Shown("somebody is to be given the next card", Signal.CARD_WANTED, answers.card_wanted("王*芳"))
    yield Shown("that card was read", Signal.CARD_READ, answers.card_read("王*芳"))
    yield Shown("that card is theirs now", Signal.CARD_READ, answers.card_given("王*芳"))
    yield Shown("that card is somebody else's", Signal.REFUSED, answers.card_of_another())
    yield Shown("that card was lost", Signal.REFUSED, answers.card_lost())
    yield Shown("no card came", Signal.REFUSED, answers.no_card_came())
    for step in STEPS:
        yield Shown(f"commissioning: {step.name}", Signal.NEXT, step.asks)
    for what, lines in TROUBLES.items():
        yield Shown(f"commissioning: {what} is amiss", Signal.AMISS, lines)
    yield Shown("commissioning: done", Signal.COMMISSIONED, DONE)
    yield Shown("records were written to the stick", Signal.CARRIED, WRITTEN)


def page() -> str:
    """The whole page."""
    rows = (
        f"| {each.when} | `{each.signal.value.word}` | {each.lines.first}<br>{each.lines.second} | "
        f"{'<br>'.join(each.lines.short)} |\n"
        for each in shown()
    )
    return HEAD + "".join(rows)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201
