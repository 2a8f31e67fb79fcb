"""Alarms of the past as a sheet: a line each, by the city's time; who did something stands on the page alone."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.alarms.words import lack_word
from hub.exporting.harmless import SheetCell
from hub.web.alarms.words import ENDING_WORDS, LEVEL_NAMES, SEVERAL
from hub.web.kit.frame import Kit
from hub.web.kit.sheets import SheetTable
from hub.web.kit.words import _, kind_word
from station.alarms import Ending, Lack, Level

_HEADS = (
    _("提醒编号"), _("编号"), _("名称"), _("区县"), _("类别"), _("情况"), _("在岗人数"), _("应有人数"), _("起始"),
    _("提醒时间"), _("级别"), _("有人处理"), _("了结"), _("了结原因"), _("结束"), _("结束原因"), _("历时分钟"),
)  # fmt: skip
_MINUTE_MS, _QUARTER_MS = 60_000, 900_000


def alarms_sheet(rows: Iterable[Sequence[Any]], kit: Kit, zone: ZoneInfo) -> SheetTable:
    """Return the sheet."""
    return SheetTable(alarm_heads(kit), list(map(alarm_line(kit, zone), rows)))


def alarm_heads(kit: Kit) -> list[str]:
    """Return its first line."""
    return [kit.gettext(head) for head in _HEADS]


def alarm_line(kit: Kit, zone: ZoneInfo) -> Callable[[Sequence[Any]], list[SheetCell]]:
    """Return what makes a line of an alarm; it remembers words and clocks from one to the next."""
    said = kit.gettext
    lacks = {(str(lack), some): said(lack_word(lack, some)) for lack in Lack for some in (False, True)}
    levels = {int(level): said(LEVEL_NAMES[level]) for level in Level}
    endings = {str(ending): said(ENDING_WORDS[ending]) for ending in Ending} | {"": ""}
    kinds: dict[str | None, str] = {None: ""}
    whole_city, several = said(_("全市")), said(SEVERAL)

    def kind(code: str | None) -> str:
        if code not in kinds:
            kinds[code] = kind_word(code or "", kit.language)
        return kinds[code]

    def shared(station: str, stations: int, district: str | None) -> str:
        if stations:
            return several.format(district=district or "", n=stations)
        return "" if station else whole_city

    moment = SheetClock(zone)

    def line(row: Sequence[Any]) -> list[SheetCell]:
        (
            number, station, lack, level, since, raised, on_duty, wanted, acknowledged, _snoozed, closed, over, ending,
            name, kind_code, district, _district_code, stations, closed_why,
        ) = row  # fmt: skip
        return [
            number, "" if stations else station, name or shared(station, stations, district), district or "",
            kind(kind_code), lacks[lack, on_duty > 0],
            on_duty, wanted or None, moment.told(since), moment.told(raised), levels[level], moment.told(acknowledged),
            moment.told(closed), closed_why or "", moment.told(over), endings[ending],
            None if over is None else round((over - since) / _MINUTE_MS, 1),
        ]  # fmt: skip

    return line


class SheetClock:
    """Says moments by the city's time, to the minute: a sheet has hundreds of thousands, mostly close together."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._quarters: dict[int, tuple[str, int]] = {}

    def told(self, ms: int | None) -> str:
        """As 2026-03-05 08:12; empty for none."""
        if ms is None:
            return ""
        quarter, rest = divmod(ms, _QUARTER_MS)  # no zone is off by a part of one
        known = self._quarters.get(quarter)
        if known is None:
            local = datetime.fromtimestamp(quarter * _QUARTER_MS // 1000, self._zone)
            known = self._quarters[quarter] = f"{local:%Y-%m-%d %H:}", local.minute
        hour, minute = known
        return f"{hour}{minute + rest // _MINUTE_MS:02}"
