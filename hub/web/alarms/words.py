"""What the page of alarms says; the catalogues translate it."""

from typing import Final

from hub.web.kit.words import _
from station.alarms import Lack, Level

LACK_WORDS: Final = {
    Lack.VACANT: _("低于最低人数"),
    Lack.SHORT: _("人数不足"),
    Lack.UNWATCHED: _("终端失去联系"),
}
LEVEL_WORDS: Final = {Level.LEAD: _("站长"), Level.OVERSEER: _("县区或主管单位"), Level.CITY: _("全市")}
NEEDS_WHY: Final = _("请写明原因。")
IS_OVER: Final = _("这条提醒已经结束。")
