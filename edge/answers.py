"""What the kiosk tells the person who tapped: a signal and two lines, from roster and duty.

Every answer names the action. The second line says the one thing that matters most just then; only where nothing does,
that a second tap takes a wrong action back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from devices.card import Refusal
from devices.signals import Signal
from edge.people import Person
from station.duty import StationRules
from station.presence import Headcount
from station.records import Action
from station.stints import End, Stint
from station.wire.messages import Holder

Lines = tuple[str, str]
_SIGNALS: Final = {
    Action.ARRIVE: Signal.ARRIVED,
    Action.LEAVE: Signal.LEFT,
    Action.STEP_OUT: Signal.STEPPED_OUT,
    Action.RETURN: Signal.RETURNED,
}
_WORDS: Final = {
    Action.ARRIVE: "上岗",
    Action.LEAVE: "离岗",
    Action.STEP_OUT: "临时外出",
    Action.RETURN: "返岗",
}
_THANKS: Final = {
    Action.ARRIVE: "辛苦了",
    Action.LEAVE: "辛苦了，再见",
    Action.STEP_OUT: "请按时返岗",
    Action.RETURN: "欢迎回来",
}
_REFUSALS: Final = {
    Refusal.RANDOM_NUMBER: ("手机不能打卡", "请用志愿者卡"),
    Refusal.NOT_UNIQUE: ("此卡号不唯一，不能使用", "请联系站长换卡"),
}
_TAKE_BACK: Final = "若有误，5 秒后再刷一次即可更正"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A stored tap and what was known around it.

    Attributes:
        at: when it was; None where the clock cannot be shown.
        before: the person's latest stint before the tap.
        there: who is there after it; asked only where somebody goes.
    """

    action: Action
    person: Person
    at: datetime | None
    before: Stint | None
    there: Callable[[], Headcount]
    rules: StationRules


def answer(outcome: Outcome) -> tuple[Signal, Lines]:
    """The answer to a stored tap."""
    what = _what(outcome.action, outcome.at, outcome.rules)
    if not outcome.person.counted:
        return Signal.UNKNOWN_CARD, _uncounted(outcome.person, what)
    return _SIGNALS[outcome.action], (f"{_who(outcome.person)}{what}，{_THANKS[outcome.action]}", _second(outcome))


def already_recorded(person: Person, action: Action | None, at: datetime | None, rules: StationRules) -> Lines:
    """The answer to a card seen again within the guard."""
    what = "" if action is None else f"：{_what(action, at, rules)}"
    return f"{_who(person)}已记录{what}", "如需更改，请 5 秒后再刷"


def refused(refusal: Refusal) -> Lines:
    """The answer to a card that cannot stand for a person."""
    return _REFUSALS[refusal]


def trouble() -> Lines:
    """The answer where nothing could be stored."""
    return "没有记录，请稍后再刷", "多次失败请在登记簿上签名并告知站长"


def opening(forgotten: int) -> Lines:
    """What is called out when a period opens."""
    return "开放时间到", f"有 {forgotten} 人上次未刷卡离岗，在岗请刷卡"


def _who(person: Person) -> str:
    return f"{person.holder.name}，" if person.holder is not None and person.holder.name else ""


def _what(action: Action, at: datetime | None, rules: StationRules) -> str:
    return _WORDS[action] if at is None else f"{_WORDS[action]} {_clock(at, rules)}"


def _uncounted(person: Person, what: str) -> Lines:
    if person.holder is not None and Holder.REVOKED in person.holder.flags:
        return f"此卡已停用，已留痕：{what}", "不计时长，请联系站长"
    return f"新卡，已记录：{what}", "请联系站长登记此卡"


def _second(outcome: Outcome) -> str:
    return _last_one(outcome) or _reminder(outcome) or _TAKE_BACK


def _last_one(outcome: Outcome) -> str:
    """The warning that too few are left, or that a second one steps out."""
    if outcome.action not in {Action.LEAVE, Action.STEP_OUT} or outcome.at is None:
        return ""
    calendar = outcome.rules.calendar
    closes_at = calendar.next_change(outcome.at) if calendar.is_open(outcome.at) else None
    if closes_at is None:
        return ""
    there = outcome.there()
    if there.on_duty < outcome.rules.terms_at(outcome.at).duty.minimum:
        left = "您是最后一位" if there.on_duty == 0 else f"只剩 {there.on_duty} 人"
        return f"{left}，开放到 {_clock(closes_at, outcome.rules)}"
    if outcome.action is Action.STEP_OUT and there.stepped_out > 1:
        return f"已有 {there.stepped_out} 人外出，请尽快返岗"
    return ""


def _reminder(outcome: Outcome) -> str:
    before, holder = outcome.before, outcome.person.holder
    if outcome.action is Action.ARRIVE and before is not None and before.end is End.ASSUMED:
        return "上次未刷卡离岗，请记得离岗时刷卡"
    if outcome.action is Action.STEP_OUT:
        minutes = int(outcome.rules.limits.budget.total_seconds() // 60)
        return f"请在 {minutes} 分钟内返岗刷卡"
    if holder is not None and Holder.UNTRAINED in holder.flags:
        return "尚无培训记录，请联系站长"
    if holder is not None and holder.star and outcome.action is Action.ARRIVE:
        return f"{'★' * holder.star} 志愿者，有误请 5 秒后再刷"
    return ""


def _clock(at: datetime, rules: StationRules) -> str:
    local = at.astimezone(rules.calendar.zone)
    return f"{local.hour:02}:{local.minute:02}"
