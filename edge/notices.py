"""What kiosks tell somebody beside the action: the one thing that matters most just then, and how to take it back.

Rules, "What a person is told". The words around it are `answers`'.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from edge.columns import cut
from edge.people import WhoseCard
from station.duty import StationRules
from station.presence import Headcount
from station.records import Action
from station.stints import End, Standing, Stint
from station.tidy import tidy

_THANKS: Final = {
    Action.ARRIVE: "辛苦了",
    Action.LEAVE: "辛苦了，再见",
    Action.STEP_OUT: "请按时返岗",
    Action.RETURN: "欢迎回来",
}
_RETURN: Final = "返岗请再刷卡"
_REASON: Final = 16  # columns, beside what is said around it
_REASON_IN_SHORT: Final = 8


@dataclass(frozen=True, slots=True)
class TapOutcome:
    """A stored tap and what was known around it.

    Attributes:
        at: when it was; None where the clock cannot be shown.
        before: the person's latest stint before the tap.
        there: who is there after it; asked only where somebody goes.
        took_back: it took a leave back.
        is_resumed: and the stint goes on that the leave had ended.
        tells_untrained: this is to be said now.
        has_wrong_key: the hub has another site key, and no card can be known here.
        is_off_hours: it begins time that belongs to no period.
        closed_for: why the hours of that day are other than its week's; empty where nothing is said.
    """

    action: Action
    person: WhoseCard
    at: datetime | None
    before: Stint | None
    there: Callable[[], Headcount]
    rules: StationRules
    took_back: bool = False
    is_resumed: bool = False
    tells_untrained: bool = False
    has_wrong_key: bool = False
    is_off_hours: bool = False
    closed_for: str = ""

    @property
    def may_be_held(self) -> bool:
        """Whether holding the card on makes stepping out of it."""
        return self.action is Action.LEAVE and self.before is not None and self.before.standing is Standing.ON

    @property
    def is_made_up_for(self) -> bool:
        """Whether it is the leave that somebody had forgotten."""
        return self.action is Action.LEAVE and (self.before is None or self.before.standing is Standing.OFF)


class Notice(NamedTuple):
    """The one thing that matters, how to take the action back beside it, and both in short."""

    text: str
    take_back: str = "有误请 5 秒后再刷"
    short: str = "有误5秒后再刷"


def warning(outcome: TapOutcome) -> Notice | None:
    """That too few are left while the station is open, or that a second one steps out."""
    goes = outcome.action is Action.STEP_OUT or outcome.may_be_held
    if not goes or outcome.at is None or not outcome.rules.calendar.is_open(outcome.at):
        return None
    there = outcome.there()
    is_short = there.on_duty < outcome.rules.terms_at(outcome.at).duty.minimum
    if is_short and outcome.action is Action.LEAVE:
        return _last_one(outcome, outcome.at, there)
    if is_short:
        left = "已无人在岗" if there.on_duty == 0 else f"只剩 {there.on_duty} 人"
        return Notice(f"{left}，{_budget(outcome)} 分钟内返岗", _RETURN, f"{left}请速返".replace(" ", ""))
    if outcome.action is Action.STEP_OUT and there.stepped_out > 1:
        return Notice(f"已有 {there.stepped_out} 人外出，请尽快返岗", _RETURN, f"{there.stepped_out}人外出请速返")
    return None


def notice(outcome: TapOutcome) -> Notice:
    """What matters where nothing is wanting."""
    if outcome.is_made_up_for:
        return Notice("上次未刷卡", "如您刚到，请再刷一次", "刚到请再刷一次")
    if outcome.is_resumed:
        return Notice("您仍在岗", "离岗请 5 秒后再刷", "您仍在岗")
    if outcome.action is Action.STEP_OUT:
        return Notice(f"请在 {_budget(outcome)} 分钟内返岗", _RETURN, f"{_budget(outcome)}分内回来刷卡")
    return _reminder(outcome)


def _reminder(outcome: TapOutcome) -> Notice:
    before = outcome.before
    if outcome.took_back:
        return Notice("刚才的离岗已撤销")
    if before is not None and before.end is End.ASSUMED and before.period is not None:
        return Notice("上次未刷卡离岗", short="上次离岗忘刷卡")
    if before is not None and before.end is End.OVERRUN:
        return Notice("上次外出超时，按离岗计", "有误请再刷", "外出超时按离岗计")
    if outcome.is_off_hours and outcome.at is not None:
        return _closed(outcome, outcome.at)
    if outcome.tells_untrained:
        return Notice("尚无培训记录", short="尚无培训记录")
    return Notice(_THANKS[outcome.action])


def _closed(outcome: TapOutcome, at: datetime) -> Notice:
    """That this is no opening time, and why; what an office wrote is cut to what a display holds."""
    calendar = outcome.rules.calendar
    when = "现在" if calendar.periods_on(calendar.local_day(at)) else "今天"
    reason = tidy(outcome.closed_for).replace("\n", " ")
    if not reason:
        return Notice(f"{when}不开放", short=f"{when}不开放")
    return Notice(f"{when}不开放：{cut(reason, _REASON)}", "有误请再刷", f"不开放：{cut(reason, _REASON_IN_SHORT)}")


def _last_one(outcome: TapOutcome, at: datetime, there: Headcount) -> Notice:
    left = "您是最后一位" if there.on_duty == 0 else f"只剩 {there.on_duty} 人"
    short = "最后一位" if there.on_duty == 0 else f"只剩{there.on_duty}人"
    closes_at = outcome.rules.calendar.next_change(at)
    if closes_at is None:
        return Notice(left, short=short)
    until = f"{closes_at.astimezone(outcome.rules.calendar.zone):%H:%M}"
    return Notice(f"{left}，开放到 {until}", "有误请再刷", f"{short}至{until}")


def _budget(outcome: TapOutcome) -> int:
    """For how many minutes somebody may step out."""
    limits = outcome.rules.limits if outcome.at is None else outcome.rules.terms_at(outcome.at).limits
    return int(limits.budget.total_seconds() // 60)
