"""What `zaigang-sim --help` and the help of its commands say, in Chinese, by the English that stands there."""

from typing import Final

_COMMANDS: Final = {
    "Stands in for the world.": "代替真实世界的模拟程序。",
    "tells an agent, or a hub, which rules of the protocol it breaks": "检查终端程序或中心违反了协议的哪些规则",
    "a whole city on a virtual working day": "整座城市的一个模拟工作日",
    "a city's kiosks against any broker and hub": "一座城市的终端，连接任意的消息服务器和中心",
    "a city's year of alarms, held to what its people can take": "一座城市一年的提醒，与人能承受的限度核对",
    "a day as records through the hub's core, and what follows from it": "把一天的记录送过中心的核心，看得出什么结果",
    "a whole world on virtual time, with faults, judged by an oracle": "用模拟时间演一个有各种故障的世界，逐项判定",
    "one emulated card reader on a pseudo-terminal": "在伪终端上模拟一台读卡器",
    "Tells an agent, or a hub, which rules of docs/protocol.md it breaks.": (
        "检查终端程序或中心违反了 docs/protocol.md 的哪些规则。"
    ),
    "A whole city on a virtual working day, sixty times as fast. Ctrl-C ends everything.": (
        "整座城市的一个模拟工作日，六十倍速。按 Ctrl-C 全部结束。"
    ),
    "A city's kiosks over real MQTT, with people who use them.": "一座城市的终端，用真实的 MQTT，带使用它们的人。",
    "A city's year of alarms, held to what its people can take.": "一座城市一年的提醒，与人能承受的限度核对。",
    "A day as records through the hub's core, and what follows from it.": (
        "把一天的记录送过中心的核心，看得出什么结果。"
    ),
    "A whole world on virtual time, with faults, judged by an oracle.": "用模拟时间演一个有各种故障的世界，逐项判定。",
    "One emulated reader, on a pseudo-terminal; a wedge as a keyboard of the kernel's, or where that cannot be, a "
    "pipe. Prints the device's path, then obeys its input.": (
        "在伪终端上模拟一台读卡器；键盘式的模拟为内核的键盘，不行时用管道。\n先显示设备的路径，再按输入的命令动作。"
    ),
}
_OPTIONS: Final = {
    "where both meet": "双方连接的消息服务器",
    "look at the agent of that kiosk": "检查这台终端的程序",
    "look at the hub, as that kiosk": "以这台终端的身份检查中心",
    "write the findings there too": "结果也写到这个文件",
    "end after so many real seconds": "过多少（真实的）秒结束",
    "write what came of it as JSON": "把结果写成 JSON",
    "begin then, on 2026-03-05 (default: 07:50)": "从 2026-03-05 的几点开始（默认 07:50）",
    "of the city and its people (default: %(default)s)": "城市和人的随机种子（默认 %(default)s）",
    "how many, up to 100 (default: %(default)s)": "多少个，最多 100（默认 %(default)s）",
    "of the board (default: a free one)": "看板的端口（默认任选一个空闲的）",
    "how many; to play, up to 200 (default: %(default)s)": "多少个；要运行的话最多 200（默认 %(default)s）",
    "only write the spreadsheets there": "只把表格写到那里",
    "where to": "连到哪里",
    "the hub's site key": "中心的站点密钥",
    "where journals are kept (else thrown away)": "记录保存在哪里（不写则不保存）",
    "whose faults, in TOML": "故障的设定，TOML 格式",
    "instead of the file's": "代替文件里的",
    "how many; a year where not given": "多少天；不写为一年",
    "write each operator's figures, as JSON": "把每个值守人员的数字写成 JSON",
    "the case; `zaigang-hub export-day` writes one": "要重放的文件；由 zaigang-hub export-day 写出",
    "a restart after each N records": "每 N 条记录重启一次",
    "another order of receipt": "换一种收到的顺序",
    "each record comes twice": "每条记录来两次",
    "the scenario, in TOML": "剧本，TOML 格式",
    "so many, one after the other": "依次演多少个",
    "how long people come, instead of the file's lasts_h": "人来多久，代替文件里的 lasts_h",
    "so many worlds at once": "同时演多少个世界",
    "write what came of each world, as JSON": "把每个世界的结果写成 JSON",
    "default: %(default)s": "默认 %(default)s",
    "how a wedge types numbers, as in its reader's URL (default: %(default)s)": (
        "键盘式读卡器怎样输出卡号，与读卡器地址里的写法相同（默认 %(default)s）"
    ),
    "of the phones' random numbers (default: %(default)s)": "手机随机号的种子（默认 %(default)s）",
}
_BELOW: Final = {
    "An agent is looked at on a broker without a hub: the hub is played. It must run and have records; three minutes.\n"
    "A hub is asked as a kiosk that is entered there and not in service: notes are stored under its name; half a "
    "minute.\nThe exit status is 0 where nothing is broken, 1 where something is, 2 where nobody could be looked at.": (
        "检查终端程序：消息服务器上不应有中心，由本程序扮演；终端程序要在运行，并且有记录；约三分钟。\n"
        "检查中心：扮演一台已登记、未启用的终端，会以它的名义存入几条备注；约半分钟。\n"
        "没有违反时退出状态为 0，有违反为 1，找不到检查对象为 2。"
    ),
    "Hub and fleet must live on one clock. A day sixty times as fast, which begins now:\n"
    "  export ZAIGANG_CLOCK=\"2026-03-05T07:50+08:00@60#$(cut -d' ' -f1 /proc/uptime)\"": (
        "中心和终端要用同一个时钟。从现在开始、六十倍速的一天：\n"
        "  export ZAIGANG_CLOCK=\"2026-03-05T07:50+08:00@60#$(cut -d' ' -f1 /proc/uptime)\""
    ),
    "orders, one a line, on standard input:\n"
    "  put ntag213 NUMBER   hold a card with 7 bytes of number, in hex, to the reader\n"
    "  put classic NUMBER   hold a MIFARE Classic with 4 or 7 bytes of number to it; with 6 bytes of KEY behind the\n"
    "                       number it opens to that key, else to none\n"
    "  put em4100 NUMBER    hold a 125 kHz card with 5 bytes of number to it (em4100, wedge)\n"
    "  put phone            hold a phone to it: another random number each time it is read (pn532)\n"
    "  add CARD             hold another card beside what lies there, as for put: add classic A1B2C3D4 (pn532)\n"
    "  take                 take all cards away\n"
    "  unplug               pull the reader out\n"
    "  power                plug it in again; plugged in, cut its power for a moment\n"
    "  quit                 end, as does the end of the input": (
        "命令，每行一条，从标准输入读取：\n"
        "  put ntag213 NUMBER   放上一张卡，卡号 7 字节，十六进制\n"
        "  put classic NUMBER   放上一张 MIFARE Classic，卡号 4 或 7 字节；卡号后写 6 字节的 KEY，\n"
        "                       则能用它打开，否则打不开\n"
        "  put em4100 NUMBER    放上一张 125 kHz 卡，卡号 5 字节（em4100、wedge）\n"
        "  put phone            放上一部手机：每次读到的号码都不同（pn532）\n"
        "  add CARD             在已有的旁边再放一张，写法同 put：add classic A1B2C3D4（pn532）\n"
        "  take                 拿走所有的卡\n"
        "  unplug               拔掉读卡器\n"
        "  power                插回读卡器；插着时，断电一下\n"
        "  quit                 结束；输入结束时也会结束"
    ),
}
HELP: Final = {**_COMMANDS, **_OPTIONS, **_BELOW}
