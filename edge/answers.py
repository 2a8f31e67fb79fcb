"""What the kiosk tells the person who tapped: a signal and two lines, from roster and duty.

Every answer names the action first, then what matters most just then and how to take it back (`notices`). Each has a
short form for a display of two lines of eight Chinese characters. docs/answers.md shows them all.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from devices.card import CardRefusal
from devices.signals import Lines, Signal
from edge.columns import cut, width
from edge.notices import TapOutcome, notice, warning
from edge.people import WhoseCard
from station.duty import StationRules
from station.records import Action
from station.wire.told import Holder

LONGEST: Final = 40  # columns of a long line; a Chinese character takes two
SHORTEST: Final = 16  # of a short one
_NAME_COLUMNS: Final = 8
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
_REFUSALS: Final = {
    CardRefusal.RANDOM_NUMBER: Lines("手机不能刷卡", "请用志愿者卡", ("手机不能刷卡", "请用志愿者卡")),
    CardRefusal.NOT_UNIQUE: Lines("此卡号不唯一，不能使用", "请联系站长换卡", ("此卡不能使用", "请联系站长换卡")),
}


def answer(outcome: TapOutcome) -> tuple[Signal, Lines]:
    """The answer to a stored tap."""
    if not outcome.person.counted:
        return Signal.UNKNOWN_CARD, _uncounted(outcome)
    warned = warning(outcome)
    beside = warned or notice(outcome)
    signal = Signal.WARNING if warned and outcome.action is Action.LEAVE else _SIGNALS[outcome.action]
    what, time = _what(outcome), _time(outcome.at, outcome.rules)
    first = f"{what}{time}{_after(_name(outcome.person))}{_stars(outcome)}"
    short = f"{what}{time}"
    if outcome.may_be_held:
        first, short = f"{first}；卡不拿开为临时外出", f"{what}，贴住则外出"
    return signal, Lines(first, f"{beside.text}；{beside.take_back}", (short, beside.short))


def already_recorded(person: WhoseCard, action: Action | None, at: datetime | None, rules: StationRules) -> Lines:
    """The answer to a card seen again within the guard."""
    what = "" if action is None else f"：{_WORDS[action]}{_time(at, rules)}"
    return Lines(f"已记录{what}{_after(_name(person))}", "如需更改，请 5 秒后再刷", ("已记录", "更改5秒后再刷"))


def refused(refusal: CardRefusal) -> Lines:
    """The answer to a card that cannot stand for a person."""
    return _REFUSALS[refusal]


def trouble() -> Lines:
    """The answer where nothing could be stored."""
    return Lines("没有记录，请稍后再刷", "多次失败请在登记册上签名并告知站长", ("没有记录", "请稍后再刷"))


def button_alone() -> Lines:
    """The answer to the button 临时外出 where no leave came just before it."""
    return Lines("临时外出：请先刷卡，再按此键", "没有记录；返岗请直接刷卡", ("请先刷卡", "再按临时外出键"))


def opening(asked: Sequence[str]) -> Lines:
    """What is called out when a period opens.

    Args:
        asked: the masked names of those who are asked to tap; empty for somebody whose name is not known.
    """
    names = [cut(name, _NAME_COLUMNS) for name in asked if name]
    count = f"{len(asked)} 人"
    second = "、".join(names) if len(names) == len(asked) else count
    if width(second) > LONGEST:
        second = f"{'、'.join(names[:3])}等 {count}" if len(names) == len(asked) else count
    short = second if width(second) <= SHORTEST else f"{names[0]}等{count}" if names else count
    return Lines("开放时间到，如在岗请刷卡", second, ("如在岗请刷卡", short.replace(" ", "")))


def _what(outcome: TapOutcome) -> str:
    if outcome.is_made_up_for:
        return "补记离岗"
    return "撤销离岗" if outcome.is_resumed else _WORDS[outcome.action]


def here() -> Lines:
    """Somebody at the hub asks which kiosk this is."""
    return Lines("就是这台终端", "中心正在寻找它，可照常刷卡", ("就是这台终端", "可照常刷卡"))


def card_wanted(name: str) -> Lines:
    """Somebody is to be given a card, and the next one that is held here is theirs."""
    return Lines(
        f"办卡：请{cut(name, _NAME_COLUMNS)}放上新卡", "一分钟内有效；这次不记上岗", ("请放上新卡", cut(name, 16))
    )


def card_read(name: str) -> Lines:
    """It was read; the hub has the last word."""
    return Lines("已读到卡，正在办理", f"{cut(name, _NAME_COLUMNS)}，请稍候；这次不记上岗", ("已读到卡", "正在办理"))


def card_given(name: str) -> Lines:
    """The hub has given it to them."""
    return Lines(f"办好了，{cut(name, _NAME_COLUMNS)}", "以后用这张卡刷卡", ("办好了", "可用此卡刷卡"))


def card_of_another() -> Lines:
    """It is somebody else's, and stays so."""
    return Lines("这张卡已是别人的", "没有更改，请换一张新卡", ("此卡是别人的", "请换一张新卡"))


def card_lost() -> Lines:
    """It was reported lost."""
    return Lines("这张卡已挂失", "没有更改，请换一张新卡", ("此卡已挂失", "请换一张新卡"))


def no_card_came() -> Lines:
    """Nobody held one there in time."""
    return Lines("没有读到卡，办卡已取消", "可照常刷卡；要办卡请重新开始", ("办卡已取消", "可照常刷卡"))


def _uncounted(outcome: TapOutcome) -> Lines:
    what = f"{_WORDS[outcome.action]}{_time(outcome.at, outcome.rules)}"
    holder = outcome.person.holder
    if holder is not None and Holder.REVOKED in holder.flags:
        return Lines(f"此卡已停用：{what}", "不计时长，请联系站长；有误请再刷", ("此卡已停用", "请联系站长"))
    if outcome.has_wrong_key:
        return Lines(f"已记录：{what}", "本机密钥不对，请告知站长；有误请再刷", ("已记录", "请告知站长"))
    if holder is not None and Holder.FORMER in holder.flags:
        return Lines(f"此卡已不再登记：{what}", "暂不计时长，请联系站长；有误请再刷", ("此卡已不再登记", "请联系站长"))
    return Lines(
        f"新卡：{what}", "已记录，请联系站长登记；有误请再刷", (f"新卡：{_WORDS[outcome.action]}", "请联系站长登记")
    )


def _stars(outcome: TapOutcome) -> str:
    holder = outcome.person.holder
    is_shown = holder is not None and holder.star and outcome.action is Action.ARRIVE
    return f" {'★' * min(holder.star, 5)}" if is_shown and holder is not None else ""


def _name(person: WhoseCard) -> str:
    return "" if person.holder is None else cut(person.holder.name, _NAME_COLUMNS)


def _after(name: str) -> str:
    return f"，{name}" if name else ""


def _time(at: datetime | None, rules: StationRules) -> str:
    return "" if at is None else f" {at.astimezone(rules.calendar.zone):%H:%M}"
