"""What a commissioning found, in Chinese: its record is signed in English, and read by people who sign it too. Pure.

The words are the kiosk's (`edge.commission_checks`). What is not known stays as it came: a later kiosk may say more.
"""

import re
from typing import Final

_CLOCKS: Final = {"synced": "已校准", "estimated": "估计", "unset": "未设"}
_SOURCES: Final = {"hub": "时间来自中心", "time service": "时间来自本机的时间服务"}
_READERS: Final = {"up": "正常", "down": "断开", "blind": "不可用"}
_FREE: Final = re.compile(r"(\d+) MiB free")


def found_in_chinese(what: str, text: str) -> str:
    """What was found of `what`."""
    if what == "reader":
        return _READERS.get(text) or f"没有应答（{text}）"
    if what == "clock":
        clock, _, source = text.partition(", ")
        return f"{_CLOCKS.get(clock, clock)}，{_SOURCES.get(source, source)}"
    free = _FREE.fullmatch(text) if what == "disk" else None
    return f"剩余 {free[1]} MiB" if free else text
