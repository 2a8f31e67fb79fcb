"""What stands among the lines of a list and is none: totals, the header again, who made the sheet, a remark. Pure.

Offices write these below a list, or between its pages when several are put together. With two columns that are both
text, such a line would be a volunteer.
"""

import re
from collections import Counter
from typing import Final

from hub.importing.grid import GridLine
from hub.importing.recognising import Slot, forms_with
from hub.saying import Said, say
from hub.typed.cells import MAX_TEXT

_TOTALS: Final = re.compile(
    r"(本页)?(合计|总计|小计|共计|累计|总数|total|subtotal|sum)[:：]?\d*[人个张名]?|共\d+[人个张名条户]?",
    re.IGNORECASE,
)
_MAKER: Final = "制表|填表|填报|编制|审核|复核|审批|批准|负责|经办|联系|统计|校对|录入"
_REMARK: Final = re.compile(
    rf"(({_MAKER})(人|人员|单位|日期|时间|部门)?|(备|附)?注\d?|说明|填表说明|盖章|单位\(?盖章\)?)([:：].*)?|(以上|以下)(为|是|均).*"
)
_DIGIT: Final = re.compile(r"\d")
_AGAIN: Final = 2  # columns: one word alone may be somebody's name


def why_no_line(line: GridLine, slots: tuple[Slot, ...], *, is_below_header: bool = False) -> tuple[int, Said] | None:
    """Which cell says so, and what to do; None where it is a line like others."""
    at, first = next((at, cell) for at, cell in enumerate(line.cells) if cell)
    plain = re.sub(r"\s", "", first) if len(first) <= MAX_TEXT else ""
    if _TOTALS.fullmatch(plain):
        return at, say("a line of its own; take out the line of totals")
    named = Counter(form for slot in slots for form in forms_with(line.cell(slot.at)))
    if any(count >= _AGAIN for count in named.values()):
        return at, say(
            "a line of its own; take out the header that stands here again, or put this list on a sheet of its own"
        )
    if is_below_header and _is_headers_second(line, slots):
        return at, say("a line of its own; the header has two lines: make them one, with one name for each column")
    if _REMARK.fullmatch(plain):
        return at, say("a line of its own; take out what is written around the list")
    return None


def _is_headers_second(line: GridLine, slots: tuple[Slot, ...]) -> bool:
    """Whether it only names columns below a wider name: nothing that a line must have, and no number."""
    must = [slot for slot in slots if slot.column.required]
    return bool(must) and not any(line.cell(slot.at) for slot in must) and not _DIGIT.search("".join(line.cells))
