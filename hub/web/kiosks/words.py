"""How a kiosk stands, in words; the catalogues translate them."""

from hub.asking.asked import CommandOutcome
from hub.presence.liveness import KioskNow, KioskStatus
from hub.web.kit.words import _
from station.records import ReaderState

STATUS_WORDS = {
    KioskStatus.ONLINE: _("在线"),
    KioskStatus.STALE: _("一分钟没有消息"),
    KioskStatus.LOST: _("失联"),
    KioskStatus.BLIND: _("读卡器故障"),
}
NEVER_HEARD = _("还没有收到过消息")


def status_word(now: KioskNow) -> str:
    """How it stands; one that was never heard has not been lost."""
    return NEVER_HEARD if now.heard.at is None and now.status is KioskStatus.LOST else STATUS_WORDS[now.status]


READER_WORDS = {ReaderState.UP: _("正常")}
READER_WRONG = _("不能读卡")
CLOCK_WORDS = {"synced": _("已校准"), "estimated": _("估计"), "unset": _("未设")}
COMMAND_WORDS = {
    "identify": _("闪灯响铃找终端"),
    "restart": _("重新启动程序"),
    "collect": _("取回运行日志"),
    "renew": _("换证书"),
    "certificate": _("装上新证书"),
    "config": _("试用新配置"),
    "update": _("更新程序"),
    "commission": _("现场验收"),
    "read_card": _("刷卡办卡"),
    "site_key": _("下发新密钥"),
}
OUTCOME_WORDS = {
    CommandOutcome.NONE: _("还没有回答"),
    CommandOutcome.BEGUN: _("进行中"),
    CommandOutcome.DONE: _("完成"),
    CommandOutcome.REFUSED: _("没有做"),
}
EXPIRED = _("没有回答，已过期")
