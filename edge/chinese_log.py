"""What a kiosk's log says, in Chinese, for who reads it at a terminal; by the English that stands where it is logged.

The log that the hub fetches stays as it is: whoever reads that works on Zaigang.
"""

from typing import Final

LEVELS: Final = {"INFO": "信息", "WARNING": "警告", "ERROR": "错误", "CRITICAL": "严重"}
STATES: Final = {"up": "正常", "down": "断开", "blind": "读不到卡"}
LOG: Final = {
    "reader %s is up": "读卡器 %s 正常",
    "reader %s is %s: %s": "读卡器 %s 的状态为 %s：%s",
    "%s failed": "%s 出错",
    "a press of the button failed": "处理按钮时出错",
    "the button %s cannot be used: %s; holding the card on still steps out": (
        "按钮 %s 不能用：%s；卡不拿开仍可临时外出"
    ),
    "the button %s can be used again": "按钮 %s 又能用了",
    "a command cannot be written down, and is not begun: %s": "指令写不下来，没有开始：%s",
    "the command %s failed": "指令 %s 出错",
    "what came of a command cannot be written down: %s": "指令的结果写不下来：%s",
    "the record of the commissioning is not signed: %s": "验收记录没有签名：%s",
    "the disk could not be kept in order: %s": "磁盘整理不了：%s",
    "%s": "%s",
    "the run's end is not marked: %s": "这次运行的结束没有记下：%s",
    "the hub's hours cannot be used: %s": "中心下发的开放时间不能用：%s",
    "the old site key is not forgotten yet: %s": "旧的站点密钥还没有删除：%s",
    "the link to the broker failed, and begins anew": "与消息服务器的连接出错，重新开始",
    "no link to the broker at %s:%d: %s": "连不上 %s:%d 的消息服务器：%s",
    "linked to the broker at %s:%d": "已连上 %s:%d 的消息服务器",
    "records cannot be read, and are sent later: %s": "有记录读不出来，以后再传：%s",
    "settings on trial cannot be held yet: %s": "试用的设置还不能采用：%s",
    "settings that the hub wants have proved themselves, and are held": "中心希望的设置试用成功，已采用",
    "settings that the hub wants are %s": "中心希望的设置：%s",
    "settings that the hub wants cannot stand: %s": "中心希望的设置不能用：%s",
    "a look at reader %s failed": "查看读卡器 %s 时出错",
    "the journal can be written again": "记录又能写入了",
    "the journal proved damaged, and is opened anew": "记录文件已损坏，重新打开",
    "starting again, as the hub asks": "按中心的要求重新启动",
    "no card can be recorded, and each gets [trouble]: %s": "现在不能记录刷卡，每次都会提示没有记录：%s",
    "a message on %s cannot be read, and is passed over": "%s 上的消息读不懂，已跳过",
    "the hub answers again": "中心又有应答了",
    "linked, but no hub answers %s/%s: enter it at the hub under that name, or start the hub; "
    "cards are recorded all the same": (
        "已连上消息服务器，但没有中心应答 %s/%s：请在中心用这个编号登记，或启动中心；刷卡照常记录"
    ),
    "reader %s typed %d characters that are no card number of digits=%s: passed over, and so without a "
    "word from now on": "读卡器 %s 输入了 %d 个字符，不是 digits=%s 的卡号：已跳过，以后不再提示",
    "people get no answer: %s": "刷卡的人得不到应答：%s",
    "people are answered again": "又能应答刷卡的人了",
}
