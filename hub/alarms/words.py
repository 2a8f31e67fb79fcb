"""Messages as people read them, in Chinese: worst first, one line a station or for many that are alike in a district.

No text is longer than a robot takes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hub.alarms.channel import TEST, AlarmMessage
from station.alarms import Lack, What
from station.grouping import in_lines

NOBODY, FEWER, SHORT, SILENT = LACKS = ("无人在岗", "低于最低人数", "人数不足", "终端失去联系")
_WORST_FIRST: Final = (Lack.VACANT, Lack.UNWATCHED, Lack.SHORT)
TITLE: Final = "【在岗】"
MOST_NAMES: Final = 12  # in one line; the pages have all


def messages_text(messages: Sequence[AlarmMessage], zone: ZoneInfo, most_bytes: int) -> str:
    """All of them as one text; those that find no room are counted."""
    ordered = sorted(messages, key=lambda one: (one.what == What.ENDED, _WORST_FIRST.index(one.lack), one.number))
    lines = in_lines(ordered, _likeness)
    head = TITLE if len(ordered) == 1 else f"{TITLE}{len(ordered)} 条提醒\n"
    for kept in range(len(lines), 0, -1):
        rest = sum(map(len, lines[kept:]))
        told = [line_of(line[0], zone) if len(line) == 1 else _line_of_many(line, zone) for line in lines[:kept]]
        text = head + "\n".join(told) + (f"\n另有 {rest} 条，请看在岗页面" if rest else "")
        if len(text.encode()) <= most_bytes:
            return text
    return head + f"{len(ordered)} 条提醒，请看在岗页面"


def lack_word(lack: Lack | str, on_duty: int) -> str:
    """What lacks, by one word wherever it is told: in messages, on pages, in sheets and at the terminal."""
    if lack == Lack.VACANT:
        return FEWER if on_duty else NOBODY
    return SHORT if lack == Lack.SHORT else SILENT


def line_of(message: AlarmMessage, zone: ZoneInfo) -> str:
    """One message as one line."""
    if message.what == TEST:
        return "测试消息：此渠道可以送达"
    if message.is_plain:
        over = "的提醒已结束" if message.what == What.ENDED else "有一条提醒"
        return f"{message.station or '全市'}{over}，请看在岗页面"
    if message.is_group or not message.station:
        return (_line_of_group if message.is_group else _line_of_city)(message, zone)
    if message.what == What.ENDED:
        is_watched = message.lack is Lack.UNWATCHED
        return f"{message.station}：已恢复，" + ("终端已有联系" if is_watched else f"在岗 {message.on_duty} 人")
    since = _clock(message.since, zone)
    again = "（仍未处理）" if message.what == What.ESCALATED else ""
    why = f"；{message.why}" if message.why else ""
    if message.lack is Lack.UNWATCHED:
        lost = "" if message.why else "终端失去联系，"  # or its reader is blind, as is said then
        there = "无法判断是否有人在岗"
        if message.on_duty:  # and not all of them, or nobody, would be seen to leave
            there = f"无法确认在岗情况，按最后刷卡 {message.on_duty} 人在岗"
        return f"{message.station}：{since}起{lost}{there}{why}{again}"
    wanted = "最低" if message.lack is Lack.VACANT else "应有"
    head = lack_word(message.lack, message.on_duty)
    come = f"；可请补位：{'、'.join(message.could_come)}" if message.could_come else ""
    counts = f"在岗 {message.on_duty} 人，{wanted} {message.wanted} 人"
    return f"{message.station}：{since}起{head}，{counts}{why}{come}{again}"


def _likeness(message: AlarmMessage) -> tuple[str, str, str] | None:
    """By which a station's message stands in one line with others of its district."""
    if message.is_plain or message.is_group or not message.district or not message.station:
        return None
    is_over = message.what == What.ENDED
    return message.district, message.what, "" if is_over else lack_word(message.lack, message.on_duty)


def _line_of_many(messages: Sequence[AlarmMessage], zone: ZoneInfo) -> str:
    """Stations of one district of which the same is to be told, by name as long as one reads on."""
    first, names = messages[0], "、".join(message.station for message in messages[:MOST_NAMES])
    named = f"：{names}" + (" 等" if len(messages) > MOST_NAMES else "")
    reasons = {message.why for message in messages}
    why = f"；{first.why}" if first.why and len(reasons) == 1 else ""
    if first.what == What.ENDED:
        return f"{first.district} {len(messages)} 站已恢复{named}"
    began = sorted(message.since for message in messages if message.since is not None)
    since = "" if not began else _clock(began[0], zone).strip()
    until = "" if not began else _clock(began[-1], zone).strip()
    when = f" {since} 起" if since == until else f" {since} 至 {until} 起"
    again = "（仍未处理）" if first.what == What.ESCALATED else ""
    lacks = lack_word(first.lack, first.on_duty)
    return f"{first.district} {len(messages)} 站{when if began else ''}{lacks}{named}{why}{again}"


def _line_of_city(message: AlarmMessage, zone: ZoneInfo) -> str:
    if message.what == What.ENDED:
        return "全市：终端已恢复联系"
    since = _clock(message.since, zone)
    return f"全市：{since}起 {message.on_duty} 个站点的终端失去联系，可能是网络或中心故障"


def _line_of_group(message: AlarmMessage, zone: ZoneInfo) -> str:
    if message.what == What.ENDED:
        left = f"，仍有 {message.on_duty} 站没有" if message.on_duty else ""
        return f"{message.station}：一同失联的终端已恢复联系{left}"
    again = "（仍未处理）" if message.what == What.ESCALATED else ""
    since = _clock(message.since, zone)
    return f"{message.station} {message.on_duty} 站 {since}起失去联系，无法判断是否有人在岗，可能是线路或停电{again}"


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{at.astimezone(zone):%H:%M} "
