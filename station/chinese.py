"""What all programs say of settings and of what was typed, in Chinese, by the English that stands where it is found."""

from typing import Final

_SYSTEM: Final = {
    "{why}": "{why}",
    "{file}: {why}": "{file}：{why}",
    "No such file or directory": "没有这个文件或文件夹",
    "File exists": "已经有同名的文件",
    "Is a directory": "这是文件夹，不是文件",
    "Not a directory": "上级不是文件夹",
    "Permission denied": "没有权限",
    "Operation not permitted": "没有权限",
    "Read-only file system": "这个盘只能读，不能写",
    "No space left on device": "磁盘已满",
    "File name too long": "文件名太长",
    "Input/output error": "读写出错，请检查磁盘",
    "Address already in use": "端口已被占用",
    "Cannot assign requested address": "本机没有这个地址",
    "Connection refused": "对方没有应答",
    "Connection reset by peer": "对方断开了连接",
    "No route to host": "连不到对方",
    "Network is unreachable": "网络不通",
    "timed out": "等待超时",
    "Name or service not known": "没有这个主机名",
    "Temporary failure in name resolution": "暂时查不到这个主机名",
}

_TOML: Final = {
    "{file} is no TOML, line {line}: {why}": "{file} 第 {line} 行不是 TOML 格式：{why}",
    "this key stands twice; wanted is each key once": "这个键出现了两次；每个键应只写一次",
    "this [table] stands twice; wanted is each once, with all of its keys below it": (
        "这个 [表] 出现了两次；每个表应只写一次，它的键都写在下面"
    ),
    'no value; wanted is "text" in quotes, a number, true or false': '不是值；应为带引号的 "文字"、数字、true 或 false',
    "no setting; wanted is: key = value": "不是设置；应写成：键 = 值",
    "no name of a key; wanted is: key = value": "不是键名；应写成：键 = 值",
    "a key without its value; wanted is: key = value": "键后面没有值；应写成：键 = 值",
    "something stands behind the value; wanted is one setting a line": "值的后面还有内容；应一行只写一项设置",
    "a [table] that is not closed; wanted is ] at its end": "[表] 没有写完；末尾应有 ]",
    "a list that is not closed; wanted is ] or } at its end": "列表没有写完；末尾应有 ] 或 }",
    "a backslash in text; wanted is / in a path, and \\\\ for a backslash itself": (
        "文字里有反斜杠；路径里应写 /，反斜杠本身应写 \\\\"
    ),
    "text that does not end on its line; wanted is a quote at both ends": "文字没有在本行写完；两端都应有引号",
}

_SETTINGS: Final = {
    "{file}: {misplaced}": "{file}：{misplaced}",
    "{file}: {faults}": "{file}：{faults}",
    "{file}: {fault}": "{file}：{fault}",
    "{place}: {why}": "{place}：{why}",
    "{before}; {then}": "{before}；{then}",
    "{one} or {other}": "{one} 或 {other}",
    "nothing": "空白",
    "at the top": "最上面",
    "at the top, before the first [table]": "最上面（第一个 [表] 之前）",
    "under {table}": "{table} 下面",
    "{key} stands {where}, and belongs {owners}: move that line there": (
        "{key} 写在 {where}，应写在 {owners}：请把这一行移过去"
    ),
    "there is no key {unknown}; wanted is one of {known}": "没有 {unknown} 这个键；应为 {known} 之一",
    "{name}: there is no key {key!r}; wanted is one of {keys}": "{name}：没有 {key!r} 这个键；应为 {keys} 之一",
    "{name}: there is no part {part!r}": "{name}：没有 {part!r} 这个表",
    "{key!r} is missing": "缺少 {key!r}",
    "{value!r:.60}; wanted is {name}": "{value!r:.60}；应为 {name}",
    "{value!r:.60}; wanted is {wanted}": "{value!r:.60}；应为 {wanted}",
    "{value!r:.60}; wanted is one of {kind}": "{value!r:.60}；应为 {kind} 之一",
    "{value!r:.60}; wanted is a number": "{value!r:.60}；应为数字",
    "{value!r:.60}; wanted is text": "{value!r:.60}；应为带引号的文字",
    "{value!r:.60}; wanted is text without NUL": "{value!r:.60}；应为不含空字符的文字",
    "{value!r:.60}; wanted is a list": "{value!r:.60}；应为列表",
    "{value!r:.60}; wanted is a table": "{value!r:.60}；应为表",
    "a table; wanted is a list, in TOML [[...]]": "现为表；应为列表，在 TOML 里写成 [[...]]",
    "{value!r:.60}; wanted is a pair, from and to": "{value!r:.60}；应为一对，从和到",
    "{value!r:.60}; wanted is a day, as 2026-03-05": "{value!r:.60}；应为日期，如 2026-03-05",
    "{value!r:.60}; wanted is a time of day from 00:00 to 24:00": "{value!r:.60}；应为 00:00 到 24:00 之间的时刻",
    "{value!r:.60}; wanted is a moment with its offset, as 2026-03-05T00:00:00.000Z": (
        "{value!r:.60}；应为带时区的时刻，如 2026-03-05T00:00:00.000Z"
    ),
    "{value!r:.60}; wanted is a moment in the years {first_year} to {last_year}": (
        "{value!r:.60}；应为 {first_year} 年到 {last_year} 年之间的时刻"
    ),
    "{value!r:.60}; wanted is a whole number from 1": "{value!r:.60}；应为从 1 起的整数",
    "{value!r:.60}; wanted is a whole number": "{value!r:.60}；应为整数",
    "{value!r:.60}; wanted is true or false": "{value!r:.60}；应为 true 或 false",
    "{value!r:.60}; wanted is a whole number of milliseconds, less than a hundred years": (
        "{value!r:.60}；应为毫秒数，整数，不到一百年"
    ),
    "minimum {minimum}, target {target}: wanted is 1 <= minimum <= target": (
        "最低在岗 {minimum}，目标在岗 {target}；应为 1 <= 最低在岗 <= 目标在岗"
    ),
    "{name} {value}; wanted is a stretch of time up to a day": "{name} {value}；应为不超过一天的时长",
    "1 to 32 letters a-z or A-Z, digits, '_', '.', '-', beginning with a letter or digit": (
        "1 到 32 个英文字母、数字或 _ . -，以英文字母或数字开头"
    ),
    "16 lower hex digits": "16 位小写十六进制数字",
    "32 lower hex digits": "32 位小写十六进制数字",
    "wanted is a name or an address alone, as 192.0.2.7": "应为单独的主机名或地址，如 192.0.2.7",
    "{key}: {found}; wanted is a path from the root on, as /var/lib/zaigang": (
        "{key}：{found}；应为从根目录写起的路径，如 /var/lib/zaigang"
    ),
    "{name} says who a kiosk is, and is set at the kiosk alone": "{name} 表明终端的身份，只能在终端上设置",
    "{count} bytes of settings; wanted are at most {most}": "设置共 {count} 字节；最多 {most} 字节",
    "the settings are no JSON": "设置不是 JSON 格式",
    "the settings are no table": "设置不是表",
    "{variable} is {text!r}; wanted is a moment with its offset and a rate up to {max_rate:g}, "
    "as in 2026-03-05T07:50+08:00@60": (
        "{variable} 为 {text!r}；应为带时区的时刻和不超过 {max_rate:g} 的倍速，如 2026-03-05T07:50+08:00@60"
    ),
}

STATION_SENTENCES: Final[dict[str, str]] = {
    **_SYSTEM, **_TOML, **_SETTINGS,
    "interrupted": "已中断",
    "cut off, or changed on the way": "不完整，或途中被改动",
    "changed on the way": "途中被改动",
    "no letter of the kind {kind!r}": "不是 {kind!r} 类的文件",
    "{program}: {name} is not installed; wanted is: pip install '.[{extra}]' in Zaigang's folder": (
        "{program}：没有安装 {name}；请在 Zaigang 的文件夹里运行：pip install '.[{extra}]'"
    ),
}  # fmt: skip
