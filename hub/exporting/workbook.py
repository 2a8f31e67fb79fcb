"""Sheets written out in the columns that are read in: what is entered, or nothing for somebody to fill in.

Every cell is text and no formula, so what is written is what was meant, and what comes back unchanged changes nothing.
Cards are only a sheet to fill in: their numbers are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final  # noqa: TID251 -- xlsxwriter is loaded when wanted

from hub.exporting.harmless import TextCells, new_workbook
from hub.importing.sheet_forms import FORMS, FormName, SheetForm

if TYPE_CHECKING:
    from xlsxwriter import Workbook

Rows = Sequence[Sequence[str]]
NOTES_TITLE: Final = "说明"
_WIDEST: Final = 40
_GENERAL: Final = (
    "表名和列名不要改；列可以少，顺序可以变。只改几列时，留下编号列和要改的列即可。",
    "带 * 的列，新增的行必须填。日期写作 2026-03-05。编号一律用文本格式，以免丢掉前面的 0。",
    "没有的列不改；有列而单元格空白，是清空（个别列除外，见下）。没有写的行不删。",
    "导入前先看会改变什么，确认后才写入；写入后可以整批撤销。",
)
_NOTES: Final[dict[tuple[FormName, str], str]] = {
    (FormName.CITY, "naming"): "长治 或 普洱；不填则不核对站点名称",
    (FormName.STATIONS, "district"): "区县的编号或名称",
    (FormName.STATIONS, "kind"): "医院、银行、社区、车站、机场、公共文化场所、景区景点、政务服务中心等十一类之一",
    (FormName.STATIONS, "short_name"): "现场大屏上的名称；空白则由站点名称得出",
    (FormName.STATIONS, "authority"): "只在与类别的主管单位不同时填",
    (FormName.STATIONS, "hours"): "如 08:00-11:30 14:30-17:30，或 周一至周五 08:00-11:30; 周六 09:00-12:00；空白按类别",
    (FormName.STATIONS, "valid_from"): "服务时间和人数从哪天起；空白为今天",
    (FormName.STATIONS, "lead_telephone"): "加密保存，只给能处理的人看",
    (FormName.STATIONS, "closed_on"): "从哪天起撤销；清空为恢复",
    (FormName.KIOSKS, "in_service_to"): "从哪天起停用；清空为继续使用",
    (FormName.VOLUNTEERS, "number"): "登记系统中的编号；不能是身份证号或手机号",
    (FormName.VOLUNTEERS, "stations"): "站点编号，几个的用空格隔开",
    (FormName.VOLUNTEERS, "telephone"): "本人同意才填，并填同意联系日期；加密保存",
    (FormName.VOLUNTEERS, "left_on"): "从哪天起离开；清空为回来",
    (FormName.CARDS, "number"): "卡号不保存，所以不能导出",
    (FormName.CARDS, "number_format"): "十六进制、十进制、韦根26 等",
    (FormName.CARDS, "volunteer"): "发给谁；空白为还没有人用",
    (FormName.CARDS, "status"): "有效 或 挂失；空白不改",
    (FormName.SHIFTS, "weekday"): "周一、周一至周五、工作日等；一个站点写全一周，没有写的时段无人",
    (FormName.SHIFTS, "day"): "只在某一天换班时填，不填星期；写全那一天",
    (FormName.SHIFTS, "hours"): "如 08:00-11:30",
    (FormName.SHIFTS, "people"): "志愿者编号，或本站不重名的姓名；几个的用空格隔开；空白为无人",
    (FormName.SHIFTS, "names"): "给人看的，不读",
    (FormName.SHIFTS, "valid_from"): "每周的班从哪天起；空白为今天",
    (FormName.WEEKS, "valid_from"): "从哪天起；空白为今天。一个站点可以写几行，各从一天起",
    (FormName.WEEKS, "hours"): "与站点表的服务时间写法相同；空白的其他列不改",
}


def workbook_of(sheets: Mapping[FormName, tuple[Sequence[str], Rows]], remarks: Sequence[str] = ()) -> bytes:
    """An XLSX workbook.

    Args:
        sheets: by form, the names of its columns and the lines; each cell as the form's own reader takes it.
        remarks: what is to be said beside it.
    """
    content = BytesIO()
    with new_workbook(content) as book:
        _write_notes(book, sheets, remarks)
        for form in FORMS:
            if form.name in sheets:
                _write_sheet(book, form, *sheets[form.name])
    return content.getvalue()


def empty_workbook() -> bytes:
    """Every form with its columns and nothing below."""
    return workbook_of({form.name: ([column.name for column in form.columns], ()) for form in FORMS})


def _write_sheet(book: Workbook, form: SheetForm, names: Sequence[str], rows: Rows) -> None:
    sheet = book.add_worksheet(form.title)
    head, texts = book.add_format({"bold": True, "num_format": "@"}), TextCells(book, {"num_format": "@"})
    columns = {column.name: column for column in form.columns}
    for at, name in enumerate(names):
        shown = columns[name].aliases[0] if name in columns else name
        mark = "*" if name in columns and columns[name].required else ""
        sheet.write_string(0, at, shown + mark, head)
        longest = max((len(row[at]) for row in rows), default=0)
        sheet.set_column(at, at, min(_WIDEST, max(2 * len(shown) + 2, longest + 2)), texts.plain)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            if cell:
                texts.write(sheet, number, at, cell)


def _write_notes(book: Workbook, sheets: Mapping[FormName, tuple[Sequence[str], Rows]], remarks: Sequence[str]) -> None:
    sheet = book.add_worksheet(NOTES_TITLE)
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 2, 90)
    lines = [("", "", text) for text in (*_GENERAL, *remarks)]
    for form in FORMS:
        names = sheets[form.name][0] if form.name in sheets else ()
        lines += [
            (form.title, column.aliases[0] + ("*" if column.required else ""), _NOTES.get((form.name, column.name), ""))
            for column in form.columns
            if column.name in names
        ]
    for number, line in enumerate(lines):
        for at, text in enumerate(line):
            sheet.write_string(number, at, text)
