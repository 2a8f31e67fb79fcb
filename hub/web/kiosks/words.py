"""How a kiosk stands, in words; the catalogues translate them."""

from hub.presence.liveness import KioskStatus
from hub.web.kit.words import _
from station.records import ReaderState

STATUS_WORDS = {
    KioskStatus.ONLINE: _("在线"),
    KioskStatus.STALE: _("一分钟没有消息"),
    KioskStatus.LOST: _("失联"),
    KioskStatus.BLIND: _("读卡器故障"),
}
READER_WORDS = {ReaderState.UP: _("正常")}
READER_WRONG = _("不能读卡")
