"""What was found, in a few words, and what to do about it; the catalogues translate them.

`hub.findings` says what happened in a sentence for the log; here stands what an operator does next.
"""

from typing import Final, NamedTuple

from hub.findings import FindingKind
from hub.web.kit.words import _


class FindingWords(NamedTuple):
    """A kind of finding in a few words, and what to do about it."""

    what: str
    todo: str


FINDING_WORDS: Final = {
    FindingKind.UNKNOWN_KIOSK: FindingWords(
        _("未登记的终端"), _("登记这台终端，它保存的记录会自动补传；不认识的，请查明是谁的设备。")
    ),
    FindingKind.FOREIGN_TOPIC: FindingWords(
        _("终端用了别的站点的编号"), _("请把这台终端设置里的站点编号改正；记录保存在终端里，改正后自动补传。")
    ),
    FindingKind.GAP: FindingWords(
        _("记录缺失"), _("这段时间按未知计。若能找到终端的旧存储卡，用它启动一次，记录会自动补传。")
    ),
    FindingKind.CONFLICT: FindingWords(
        _("同一条记录有两种内容"), _("两份都已保留。请备份数据库，并交给维护人员查看。")
    ),
    FindingKind.UNREADABLE: FindingWords(
        _("无法识别的记录"), _("原样另存，没有丢失。升级中心或终端后，运行 zaigang-hub rebuild 重新读取。")
    ),
    FindingKind.SECOND_HUB: FindingWords(_("有两个中心同时运行"), _("请停掉其中一个。")),
    FindingKind.DATABASE: FindingWords(
        _("数据库不能写入"), _("请腾出磁盘空间，或结束占用数据库的程序；恢复后自动继续，终端会补传。")
    ),
    FindingKind.INTAKE_FULL: FindingWords(_("来信太多，来不及存"), _("终端会自动重发；一直不结束的，请联系维护人员。")),
    FindingKind.BROKER: FindingWords(_("消息服务器连不上"), _("请检查消息服务器；恢复后自动继续，终端会补传。")),
    FindingKind.BACKUP: FindingWords(_("备份没有做成"), _("请检查备份目录是否挂载、是否还有空间。")),
    FindingKind.CLOCK: FindingWords(_("时钟不对"), _("请校正时钟，并开启自动对时。")),
    FindingKind.SITE_KEY: FindingWords(
        _("终端密钥与中心不同"),
        _("这台终端认不出任何人的卡。请重新制作 U 盘（zaigang-hub kiosk prepare 终端编号 --again），再安装一次。"),
    ),
    FindingKind.CERTIFICATE: FindingWords(
        _("终端证书快到期"), _("到期后终端连不上中心，刷卡仍记录在终端里。请在设备页给它换证书，不行就重新制作终端卡。")
    ),
    FindingKind.DISK: FindingWords(_("终端存储快满"), _("请让终端联网上传，或更换更大的存储卡。")),
    FindingKind.UNDER_VOLTAGE: FindingWords(
        _("终端供电不足"), _("请换用原装电源和较短的电源线；供电不足会让读卡器断开，也会损坏存储卡。")
    ),
    FindingKind.UPDATE_HOUR: FindingWords(
        _("终端要在开放时间更新"),
        _("这个站点全天开放，又没有别的终端顶替，所以在刷卡最少的一小时更新，几分钟内不能刷卡。请告诉当班的人。"),
    ),
    FindingKind.SWITCHED_OFF: FindingWords(
        _("终端夜里断电，更新不了"),
        _("请站点下班后给终端留一夜电；或者在有人等得起几分钟的时候，由中心运行 zaigang-hub update now 终端编号。"),
    ),
    FindingKind.CHANNEL: FindingWords(
        _("提醒发不出去"), _("请检查网络和群机器人的设置，再运行 zaigang-hub channel test。")
    ),
    FindingKind.HOLIDAYS: FindingWords(
        _("节假日安排还没有录入"), _("请把国务院办公厅的放假通知原文贴到“节假日”页；录入前按平时的星期开放。")
    ),
    FindingKind.FAULT: FindingWords(_("程序出错"), _("其余工作照常。请把中心的日志交给维护人员，升级后重新启动。")),
}

OF_HUB: Final = (
    FindingKind.DATABASE, FindingKind.SECOND_HUB, FindingKind.INTAKE_FULL, FindingKind.BACKUP, FindingKind.HOLIDAYS,
    FindingKind.FAULT,
)  # fmt: skip
"""What is the hub's own matter: its subject is a word of the program's, for nobody to read."""
