"""What the hub says of spreadsheets, their cells and files, in Chinese: a part of `hub.chinese`."""

from typing import Final

_CELLS: Final = {
    "nothing": "空白",
    "1 character": "1 个字符",
    "{count} {count:character|characters}": "{count} 个字符",
    "'{text}'": "“{text}”",
    "a value": "填写内容",
    "one of {words}": "以下之一：{words}",
    "one of {words}; or {codes}": "以下之一：{words}；或 {codes}",
    "at most {count} {count:character|characters}": "最多 {count} 个字符",
    "text of one line, at most {count} {count:character|characters}": "一行文字，最多 {count} 个字符",
    "a value, not a formula that failed": "具体内容，而不是出错的公式",
    "a formula without a value": "没有计算结果的公式",
    "its value; open the file in a spreadsheet program and save it, or type the value itself": (
        "公式的结果；请用表格软件打开文件后保存，或直接填写结果"
    ),
    "a whole number from {low} to {high}": "{low} 到 {high} 的整数",
    "a date as 2026-03-05": "日期，如 2026-03-05",
    "a date, or a date and a time, as 2026-03-05 10:30": "日期，或日期和时间，如 2026-03-05 10:30",
    "all of the number's digits: make the column text, not number, and type it again": (
        "完整的号码：请把该列设为“文本”格式，重新填写"
    ),
    "the number itself, which was made a date: make the column text, and type it again": (
        "号码本身，它被变成了日期：请把该列设为“文本”格式，重新填写"
    ),
    "a name alone; no number of an identity card or a telephone is kept here": (
        "只填姓名；这里不保存身份证号和电话号码"
    ),
    "a date from {first} to {last}": "{first} 年到 {last} 年的日期",
    "words without the number of a telephone or an identity card": "不含电话号码和身份证号的文字",
    "a code; no number of an identity card or a telephone is kept here": "编号；这里不保存身份证号和电话号码",
    "the volunteer's number in the register; an identity card's number is not kept here": (
        "登记系统中的志愿者编号；这里不保存身份证号"
    ),
    "the volunteer's number in the register; a telephone's number is not kept here": (
        "登记系统中的志愿者编号；这里不保存电话号码"
    ),
    "a line of its own; take out the line of totals": "逐条的数据；请删去合计行",
    "a line of its own; take out the header that stands here again, or put this list on a sheet of its own": (
        "逐条的数据；请删去重复的表头，或把另一张表放到单独的工作表"
    ),
    "a line of its own; the header has two lines: make them one, with one name for each column": (
        "逐条的数据；表头占了两行，请合成一行，每列一个名称"
    ),
    "a header of {count} {count:line|lines}, {lines}": "占了 {count} 行的表头（第 {lines} 行）",
    "a header of one line: split the merged cells, and give each column one name": (
        "一行的表头：请取消合并的单元格，每列一个名称"
    ),
    "a line of its own; take out what is written around the list": "逐条的数据；请删去表格下方的签字、备注等内容",
    "the name of one person": "一个人的姓名",
    "a number of the register: with digits or letters, and without a colon": (
        "登记系统中的编号：含数字或字母，不含冒号"
    ),
    "a number of the register, not a fraction": "登记系统中的编号，不是小数",
    "each once": "每个只出现一次",
    "the same again as in {place}": "与 {place}重复",
}
_HOURS: Final = {
    "hours as 08:00-11:30 14:30-17:30, or with days: 周一至周五 08:00-11:30; 周六 09:00-12:00": (
        "时间，如 08:00-11:30 14:30-17:30，或带星期：周一至周五 08:00-11:30；周六 09:00-12:00"
    ),
    "{hours}, each day once": "{hours}，每天只写一次",
    "{hours}, without overlap": "{hours}，不能重叠",
    "{hours}, from earlier to later between 00:00 and 24:00; over midnight as 22:00-次日06:00": (
        "{hours}，从早到晚，在 00:00 和 24:00 之间；过了零点写作 22:00-次日06:00"
    ),
    "{hours}, from earlier to later": "{hours}，从早到晚",
    "hours of one day without its name, as 08:00-11:30 14:30-17:30, at most until 24:00": (
        "一天的时间，不写星期，如 08:00-11:30 14:30-17:30，最晚到 24:00"
    ),
    "{hours}; hours of the afternoon as 14:30, or as 下午2:30": "{hours}；下午的时间写作 14:30 或 下午2:30",
    "{hours}; am or pm with both times": "{hours}；两个时间都要写明 am 或 pm",
    "{hours}; a word for the time of day that fits the hour": "{hours}；上午、下午等字样要与钟点相符",
}
_CARD_NUMBERS: Final = {
    "hex or decimal for this technology; wiegand26 leaves out bytes": ("这种卡请用十六进制或十进制；韦根26 缺少字节"),
    "a number of digits only": "只含数字的号码",
    "a number as 008,27885": "形如 008,27885 的号码",
    "an even count of hex digits; leading zeros belong to the number": (
        "偶数个十六进制数字；开头的 0 也是号码的一部分"
    ),
    "a prefix of hex digits, as 62E3": "十六进制的前缀，如 62E3",
    "a number of {lengths} bytes for {technology}": "{technology} 的号码应为 {lengths} 字节",
    "the {count} first bytes that this spelling leaves out, in hex, in the column 卡号前缀": (
        "在“卡号前缀”列用十六进制补上此写法省略的前 {count} 个字节"
    ),
    "a number that one card has alone; all bytes of this one are the same": (
        "一张卡独有的号码；这个号码的所有字节都相同"
    ),
    "a number that stays; this one is random, as phones give it, another each time": (
        "固定不变的号码；这是手机每次随机给出的号码"
    ),
    "a number that one card has alone; many cards carry this one": "一张卡独有的号码；这个号码许多卡都有",
}
_SHEETS: Final = {
    "{file}": "{file}",
    "{file}, lines {lines}": "{file} 第 {lines} 行",
    "{file}, {count} {count:line|lines} ({lines} and more)": "{file} 有 {count} 行（第 {lines} 行等）",
    "{file}, line {line}": "{file} 第 {line} 行",
    "{file}, sheet {sheet}": "{file} 工作表“{sheet}”",
    "{file}, sheet {sheet}, line {line}": "{file} 工作表“{sheet}”第 {line} 行",
    "{place}, column {column}": "{place}“{column}”列",
    "{place}, column {column} ({cell})": "{place}“{column}”列（{cell}）",
    "{place}: {text}": "{place}：{text}",
    "{place}: found {found}; wanted is {wanted}": "{place}：现为 {found}；应为 {wanted}",
    "{place}: found {found}; wanted is {wanted}; is {near} meant?": (
        "{place}：现为 {found}；应为 {wanted}；是否指“{near}”？"
    ),
    "{text}; is {near} meant?": "{text}；是否指“{near}”？",
    "{cells}": "{cells}",
    "{columns}": "{columns}",
    "{form} ({columns})": "{form}（{columns}）",
    "a header": "表头",
    "a header with the columns of one form: {forms}": "含有其中一种表各列的表头：{forms}",
    "no such column": "没有这一列",
    "number or name of somebody who belongs to the station on that day": "那天属于该站点的人的编号或姓名",
    "a name that {count} people of the station have": "站点有 {count} 人同名",
    "a weekday and a day": "同时填了星期和日期",
    "weekdays, as 周一至周五; or one day in its own column": "星期，如 周一至周五；或在日期列填某一天",
    "weekdays as 周一, 周一至周五 or 工作日": "星期，如 周一、周一至周五、工作日",
    "no hours": "没有时间",
    "{number} again in {hours}, which counts once": "{number} 在 {hours} 重复，只算一次",
    "{hours}, in which the station is not open": "{hours}，站点不开放",
    "a value, for a line that is new": "填写内容（新增的行必须有）",
    "a sheet called {called}, with the columns of {form}": "名为“{called}”的表，列却是“{form}”的",
    "the sheet of {called}, or the name {title}": "“{called}”的表；或把名称改为“{title}”",
    "no such column among {form}": "“{form}”表缺少此列",
    "the column {column} twice": "“{column}”列出现两次",
    "{column} once": "{column} 只出现一次",
    "the column '{column}' is not known among {form}, and not read": "“{form}”表没有“{column}”列，未读取",
    "column {column} has no header, and is not read": "{column} 列没有表头，未读取",
    "a formula without a value in {cell}": "{cell} 是没有计算结果的公式",
    "merged cells {range}": "合并的单元格 {range}",
    "cells that are not merged across columns": "没有跨列合并的单元格",
    "{key} is alike to one that is entered but for zeros, blanks, width or case: is it another one?": (
        "{key} 与已登记的一个只差开头的 0、空格、全半角或大小写：确实是另一个吗？"
    ),
    "{key} is alike to {places} but for zeros, blanks, width or case: is it another one?": (
        "{key} 与 {places}的只差开头的 0、空格、全半角或大小写：确实是另一个吗？"
    ),
    "the name {name} is not as the city wants it: {wanted}": "名称{name}不符合本市的要求：{wanted}",
}
_FILES: Final = {
    "a file that may not be read": "无权读取的文件",
    "a file that the hub's own user may read: copy it to /tmp, say": "中心自己的用户能读的文件：可先拷到 /tmp",
    "a file that cannot be read": "无法读取的文件",
    "no readable file ({why})": "没有可读取的文件（{why}）",
    "a CSV or XLSX file": "CSV 或 XLSX 文件",
    "nothing in it that can be seen": "看不到任何内容",
    "a sheet with a header and lines": "有表头和数据的工作表",
    "a file of at most {count} MB": "不超过 {count} MB 的文件",
    "workbooks of at most {count} MB unpacked": "解压后合计不超过 {count} MB 的工作簿",
    "a workbook that is packed at most {count} times": "压缩不超过 {count} 倍的工作簿",
    "a workbook of at most {count} parts": "最多由 {count} 个部分组成的工作簿",
    "a workbook with each sheet a part of its own": "每张工作表各有自己内容的工作簿",
    "a file of at most {count} lines": "最多 {count} 行的文件",
    "a file of at most {count} cells": "最多 {count} 个单元格的文件",
    "files that are read within {count} s": "能在 {count} 秒内读完的文件",
    "at most {count} filled cells in one import": "一次导入最多 {count} 个有内容的单元格",
    "at most {count} {count:character|characters} in one import": "一次导入最多 {count} 个字符",
    "at most {count} {count:character|characters} a cell": "每个单元格最多 {count} 个字符",
    "at most {count} filled lines a sheet": "每个工作表最多 {count} 个有内容的行",
    "at most {count} {count:column|columns}": "最多 {count} 列",
    "text in UTF-8 or GB18030; save the sheet as “CSV UTF-8” or as XLSX": (
        "UTF-8 或 GB18030 编码的文本；请另存为“CSV UTF-8”或 XLSX"
    ),
    "XLSX or CSV; this is no text and no workbook: open it where it was made and save it as XLSX": (
        "XLSX 或 CSV；这不是文本，也不是工作簿，请用制作它的软件打开后另存为 XLSX"
    ),
    "well-formed CSV; at line {line}: {why}": "格式正确的 CSV；第 {line} 行：{why}",
    "XLSX or CSV; this is an old .xls: open it and save it as XLSX": (
        "XLSX 或 CSV；这是旧的 .xls，请打开后另存为 XLSX"
    ),
    "XLSX or CSV; this is a web page, whatever its name: open it and save it as XLSX": (
        "XLSX 或 CSV；无论名称如何，这是网页，请打开后另存为 XLSX"
    ),
    "XLSX or CSV; this is another sort of file: open it and save it as XLSX": (
        "XLSX 或 CSV；这是另一种文件，请打开后另存为 XLSX"
    ),
    "a workbook without a password; open this one and save it without": "没有密码的工作簿；请打开后去掉密码再保存",
    "an XLSX workbook; this one is torn or none ({why}): open it and save it anew": (
        "XLSX 工作簿；此文件已损坏或不是工作簿（{why}），请打开后重新保存"
    ),
    "an XLSX workbook; this one has a document type, which no spreadsheet program writes": (
        "XLSX 工作簿；此文件含有文档类型声明，不是表格软件写出的"
    ),
    "an Excel workbook; this one is saved as “Strict Open XML”: save it again as “Excel Workbook (.xlsx)”": (
        "Excel 工作簿；此文件存成了“Strict Open XML 电子表格”，请另存为“Excel 工作簿 (.xlsx)”"
    ),
    "the files hold nothing to import; wanted are lines below the header": "文件中没有可导入的内容；表头下面要有数据行",
    "the database refused: {why}": "数据库拒绝了：{why}",
    "{count} {count:fault|faults}; nothing was imported": "{count} 处错误；没有导入任何内容",
    "{count} {count:fault|faults}": "{count} 处错误",
    "{why}; a part was imported before that, and the same import again does the rest": (
        "{why}；此前已导入一部分，再导入一次即可补全"
    ),
    "others change the city all the time; try again": "一直有人在更改城市资料，请稍后再导入",
    "and {count} more": "另有 {count} 项",
    "; say it with --why": "；请用 --why 说明",
    "nothing was changed": "没有更改任何内容",
    "column {column} is hidden, and read all the same": "“{column}”列是隐藏的，已照样读取",
    "days that are over are judged by other hours or numbers, from {day} on": (
        "这一行改变过去：从 {day} 起，已过的日子按新的时间或人数重新计算"
    ),
    "{count} {count:line is|lines are} hidden or filtered out, and read all the same": (
        "有 {count} 行被隐藏或筛选掉，已照样读取"
    ),
    "a code, not a name: {rule}": "编号，不是名称：{rule}",
    "nobody tapped at this station on that day": "那天没有人在这个站点刷卡",
    "nothing to change: it is so already": "无需更改：已是如此",
    "dry run: nothing was written": "试运行：没有写入任何内容",
    "{form} {added} added {changed} changed {unchanged} unchanged": (
        "{form}：新增 {added}，更改 {changed}，不变 {unchanged}"
    ),
    " lines": " 行",
    "city": "城市", "districts": "区县", "authorities": "业务主管单位", "stations": "站点", "kiosks": "终端",
    "volunteers": "志愿者", "cards": "卡", "special days": "特殊日", "shifts": "值班表", "weeks": "服务时间",
}  # fmt: skip

SHEET_SENTENCES: Final[dict[str, str]] = {**_CELLS, **_HOURS, **_CARD_NUMBERS, **_SHEETS, **_FILES}
