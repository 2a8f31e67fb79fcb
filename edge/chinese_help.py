"""What `zaigang-edge --help` says, in Chinese, by the English that stands there."""

from typing import Final

HELP: Final = {
    "The agent in one kiosk.": "一台终端里的程序。",
    "read cards, answer, record, and send to the hub, until told to end": "读卡、应答、记录并上传到中心，直到让它结束",
    "say whether the settings can stand, without starting anything": "只检查设置对不对，不启动任何东西",
    "try key, disk, readers, broker, hub and clock, and say whether this kiosk can be used": (
        "检查密钥、磁盘、读卡器、消息服务器、中心和时钟，说明这台终端能不能用"
    ),
    "write the records that are not settled into a file, signed, to be carried: zaigang-hub import-journal": (
        "把还没上传的记录写成签名的文件，人工带到中心：zaigang-hub import-journal"
    ),
    "lead whoever stands here through trying the kiosk: lamp, buzzer and this console say what to do": (
        "带您在现场做一遍验收：灯、蜂鸣器和这里的文字提示每一步"
    ),
    "what a stick named ZAIGANG-OUT gets when it is plugged in: export, the record of the commissioning": (
        "名为 ZAIGANG-OUT 的 U 盘插上时写入的内容：未上传的记录和验收记录"
    ),
    "settings, TOML (default: %(default)s)": "设置文件，TOML 格式（默认 %(default)s）",
    "where the file is written": "文件写到哪里",
    "also what is settled: for a hub from an old backup": "已上传的也写入：中心从旧备份恢复时用",
    "who puts it up, for the record": "安装人，写入记录",
    "of the stick": "U 盘的文件夹",
    "of what is said; default: the terminal's": "输出的语言；默认依终端",
}
