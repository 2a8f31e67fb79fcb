"""What the hub says of what stands in somebody's way, in Chinese, by the English that stands where it is found.

A sentence keeps its facts, each named in `{}` as there. `saying` tells it; a test sees to it that none is missing.
"""

from typing import Final

_CELLS: Final = {
    "nothing": "空白",
    "1 character": "1 个字符",
    "{count} characters": "{count} 个字符",
    "'{text}'": "“{text}”",
    "a value": "填写内容",
    "one of {words}": "以下之一：{words}",
    "one of {words}; or {codes}": "以下之一：{words}；或 {codes}",
    "at most {count} characters": "最多 {count} 个字符",
    "text of one line, at most {count} characters": "一行文字，最多 {count} 个字符",
    "a value, not a formula that failed": "具体内容，而不是出错的公式",
    "a formula without a value": "没有计算结果的公式",
    "its value; open the file in a spreadsheet program and save it, or type the value itself": (
        "公式的结果；请用表格软件打开文件后保存，或直接填写结果"
    ),
    "a whole number from {low} to {high}": "{low} 到 {high} 的整数",
    "a date as 2026-03-05": "日期，如 2026-03-05",
    "a date, or a date and a time, as 2026-03-05 10:30": "日期，或日期和时间，如 2026-03-05 10:30",
    "1 to 32 letters, digits, '_', '.', '-', beginning with a letter or digit": (
        "1 到 32 个字母、数字或 _ . -，以字母或数字开头"
    ),
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
    "each once": "每个只出现一次",
    "the same again as in {place}": "与 {place}重复",
}
_HOURS: Final = {
    "hours as 08:00-11:30 14:30-17:30, or with days: 周一至周五 08:00-11:30; 周六 09:00-12:00": (
        "时间，如 08:00-11:30 14:30-17:30，或带星期：周一至周五 08:00-11:30；周六 09:00-12:00"
    ),
    "{hours}, each day once": "{hours}，每天只写一次",
    "{hours}, without overlap": "{hours}，不能重叠",
    "{hours}, from earlier to later between 00:00 and 24:00": "{hours}，从早到晚，在 00:00 和 24:00 之间",
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
    "a file that cannot be read": "无法读取的文件",
    "no readable file ({why})": "没有可读取的文件（{why}）",
    "a CSV or XLSX file": "CSV 或 XLSX 文件",
    "nothing in it that can be seen": "看不到任何内容",
    "a sheet with a header and lines": "有表头和数据的工作表",
    "a file of at most {count} MB": "不超过 {count} MB 的文件",
    "workbooks of at most {count} MB unpacked": "解压后合计不超过 {count} MB 的工作簿",
    "a workbook that is packed at most {count} times": "压缩不超过 {count} 倍的工作簿",
    "files that are read within {count} s": "能在 {count} 秒内读完的文件",
    "at most {count} filled cells in one import": "一次导入最多 {count} 个有内容的单元格",
    "at most {count} characters in one import": "一次导入最多 {count} 个字符",
    "at most {count} characters a cell": "每个单元格最多 {count} 个字符",
    "at most {count} filled lines a sheet": "每个工作表最多 {count} 个有内容的行",
    "at most {count} columns": "最多 {count} 列",
    "text in UTF-8 or GB18030; save the sheet as “CSV UTF-8” or as XLSX": (
        "UTF-8 或 GB18030 编码的文本；请另存为“CSV UTF-8”或 XLSX"
    ),
    "a CSV file; this one holds NUL bytes": "CSV 文件；此文件含有 NUL 字节",
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
    "an XLSX workbook; this one cannot be read ({why})": "XLSX 工作簿；此文件无法读取（{why}）",
    "an XLSX workbook; this one has a document type, which no spreadsheet program writes": (
        "XLSX 工作簿；此文件含有文档类型声明，不是表格软件写出的"
    ),
    "an Excel workbook; this one is saved as “Strict Open XML”: save it again as “Excel Workbook (.xlsx)”": (
        "Excel 工作簿；此文件存成了“Strict Open XML 电子表格”，请另存为“Excel 工作簿 (.xlsx)”"
    ),
    "the files hold nothing to import": "文件中没有可导入的内容",
    "the database refused: {why}": "数据库拒绝了：{why}",
    "1 fault; nothing was imported": "1 处错误；没有导入任何内容",
    "{count} faults; nothing was imported": "{count} 处错误；没有导入任何内容",
    "{count} faults": "{count} 处错误",
    "{why}; a part was imported before that, and the same import again does the rest": (
        "{why}；此前已导入一部分，再导入一次即可补全"
    ),
    "others change the city all the time; try again": "一直有人在更改城市资料，请稍后再导入",
    "and {count} more": "另有 {count} 条",
    "; say it with --why": "；请用 --why 说明",
    "nothing was changed": "没有更改任何内容",
    "nothing to change: it is so already": "无需更改：已是如此",
    "dry run: nothing was written": "试运行：没有写入任何内容",
    "{form} {added} added {changed} changed {unchanged} unchanged": (
        "{form}：新增 {added}，更改 {changed}，不变 {unchanged}"
    ),
    " lines": " 行",
    "city": "城市", "districts": "区县", "authorities": "业务主管单位", "stations": "站点", "kiosks": "终端",
    "volunteers": "志愿者", "cards": "卡", "special days": "特殊日",
}  # fmt: skip
_PLACES: Final = {
    "code or name of a district in these files or the database": "这些文件或数据库中某个区县的编号或名称",
    "a station in these files or the database": "这些文件或数据库中的站点",
    "codes of stations in these files or the database": "这些文件或数据库中站点的编号",
    "a station that is entered": "已登记的站点",
    "code of a district that is entered": "已登记的区县的编号",
    "a kiosk that is entered": "已登记的终端",
    "{name}, the name of another district": "{name}，这是另一个区县的名称",
    "a name of its own": "不与其他重复的名称",
    "{day}, and closed on {closed_on}": "{day}，而关闭日期是 {closed_on}",
    "a day before it closes": "关闭之前的日期",
    "{day}, and opened on {opened_on}": "{day}，而开放日期是 {opened_on}",
    "a day after it opened": "开放之后的日期",
    "{day}, and kiosk {kiosk} in service there from {since}": "{day}，而终端 {kiosk} 自 {since} 起在那里启用",
    "a day not after its kiosks' first": "不晚于其终端启用的日期",
    "{day}, and kiosk {kiosk} in service there without an end": "{day}，而终端 {kiosk} 在那里启用，没有停用日期",
    "{day}, and kiosk {kiosk} in service there until {until}": "{day}，而终端 {kiosk} 在那里启用到 {until}",
    "a day from which none of its kiosks is in service; retire them first": ("其终端都已停用的日期；请先停用终端"),
    "{kiosk}, revoked {moment}": "{kiosk}，已于 {moment} 吊销",
    "a kiosk that is not revoked; a device that is found again gets a new id": "未吊销的终端；找回的设备请用新编号",
    "a moment that has come": "不晚于现在的时刻",
    "another name; this one is the hub's own": "另一个编号；这是中心自己的",
    "{asked}, though its records are of {station}": "{asked}，而它的记录属于 {station}",
    "the same station; a kiosk that moves gets a new id, the old one an end": (
        "原来的站点；搬动的终端用新编号，旧编号填停用日期"
    ),
    "a day after {day}": "{day} 之后的日期",
    "{day}, and station {station} opened on {opened_on}": "{day}，而站点 {station} 于 {opened_on} 开放",
    "{day}, and station {station} closed on {closed_on}": "{day}，而站点 {station} 于 {closed_on} 关闭",
    "no end": "没有停用日期",
    "{day} or a later day": "{day} 或之后的日期",
    "{day} or an earlier day": "{day} 或之前的日期",
    "a day before {day}, or a station that is open": "{day} 之前的日期，或开放的站点",
    "no open day": "没有开放的日子",
    "an open day; a station that closes for good is closed": "至少一个开放日；永久关闭请填关闭日期",
    "hours that overlap": "重叠的时间",
    "hours without overlap": "不重叠的时间",
    "1 or more": "1 或更多",
    "{target}, below the minimum of {minimum}": "{target}，低于最低在岗 {minimum}",
    "{target}, below the minimum of {minimum}, from {day} on": "{target}，自 {day} 起低于最低在岗 {minimum}",
    "{person}, who is not one of {station}": "{person}，不是 {station} 的人",
    "one of the people of the station on {day}": "{day} 属于该站点的人",
    "at least the minimum": "不低于最低在岗",
    "no reason, though it changes what was true from {day} on": "没有填写理由，而它改变了自 {day} 起的事实",
    "a reason for changing the past": "更改过去的理由",
}
_HOLIDAYS: Final = {
    "and {count} days after these": "此后另有 {count} 天",
    "from {day} on another rule: {station}": "自 {day} 起按新要求：{station}",
    "the past is judged anew from {day} on: {station}": "自 {day} 起的过去要重新计算：{station}",
    "a last day within a year after the first": "首日之后一年以内的末日",
    "a station, or a district or kind, or nobody for the whole city": "填站点；或填区县、类别；都不填为全市",
    "a station with a district or kind": "同时填了站点和区县或类别",
    "no title": "没有标题",
    "the notice as published, with its title and a line for each holiday": (
        "通知原文，带标题“国务院办公厅关于……年部分节假日安排的通知”，每个节日一行"
    ),
    "{day} twice": "{day} 出现两次",
    "each day once": "每天只出现一次",
    "a line that begins with the holiday's name, as 一、元旦：": "以节日名称开头的一行，如“一、元旦：”",
    "no {day}": "没有 {day}",
    "the whole year, with {name}": "全年的安排，包括{name}",
    "a holiday as 1月1日（周四）至3日（周六）放假调休，共3天": "如“1月1日（周四）至3日（周六）放假调休，共3天”的一句",
    "{words}, which are {count} days": "{words}，实为 {count} 天",
    "as many days as it counts": "与所写天数相符",
    "days of work as 2月14日（周六）、2月28日（周六）上班": "如“2月14日（周六）、2月28日（周六）上班”的一句",
    "a month with the first day": "第一个日子带月份",
    "a day of the calendar": "日历上有的日子",
    "{words}, and {day} is a 周{weekday}": "{words}，而 {day} 是周{weekday}",
    "weekdays that fit; is it another year's notice?": "与日历相符的星期；是不是另一年的通知？",
    "a day of {year}, or of the December before": "{year} 年内的日子，或前一年十二月的日子",
    "{day}, of a year whose holidays are not known": "{day}，这一年的节假日安排还没有录入",
    "the notice of {year} first: zaigang-hub holidays paste": "先录入 {year} 年的通知：zaigang-hub holidays paste",
    "{day}, which the notice of {year} names too": "{day}，{year} 年的通知也写了这一天",
    "each day in one notice": "每天只属于一份通知",
    "the holidays of {year} are not known; the weekly rule holds until their notice is entered": (
        "{year} 年的节假日安排还没有录入，录入前按平时的星期开放"
    ),
    "found {found}; wanted is {wanted}": "现为：{found}；应为：{wanted}",
}
_PEOPLE: Final = {
    "the number of another volunteer": "另一名志愿者的编号",
    "a number of their own": "本人的编号",
    "another number than before": "与以前不同的编号",
    "the same; it is how a later list finds them": "原来的编号；以后的名单凭它找到本人",
    "{day}, and left on {left_on}": "{day}，而离开日期是 {left_on}",
    "a day before they left": "离开之前的日期",
    "a day not after today, {day}": "不晚于今天（{day}）的日期",
    "{count}, and left on {left_on}": "{count} 个，而离开日期是 {left_on}",
    "somebody who has not left": "没有离开的人",
    "{day}, and left on {left_on} already": "{day}，而已于 {left_on} 离开",
    "the day on which they left": "离开的日期",
    "{day}, and registered on {registered_on}": "{day}，而注册日期是 {registered_on}",
    "a day after they were registered": "注册之后的日期",
    "{day}, and card {card} theirs from {since}": "{day}，而卡 {card} 自 {since} 起归其持有",
    "a day after it; or give the card to somebody else first": "其后的日期；或先把卡发给别人",
    "a volunteer who is entered": "已登记的志愿者",
    "a number that is not there": "查不到的编号",
    "the number of a volunteer in these files or the database": "这些文件或数据库中志愿者的编号",
    "the volunteer whose card it is; a card that is given back: zaigang-hub card return": (
        "持卡的志愿者；收回卡请用 zaigang-hub card return"
    ),
    "a card that is entered": "已登记的卡",
    "{person}, who left on {day}": "{person}，已于 {day} 离开",
    "{at}, and the card is {person}'s from {since} on": "{at}，而此卡自 {since} 起归 {person} 持有",
    "{at}, and the card is lost from {since} on": "{at}，而此卡自 {since} 起挂失",
    "{at}, and the card is lost from {since} until {until}": "{at}，而此卡自 {since} 至 {until} 挂失",
    "a later moment": "更晚的时间",
    "a later moment; what is there is not moved": "更晚的时间；已有的不会移动",
    "a moment at which it was not lost yet": "尚未挂失时的时间",
}
_AMENDING: Final = {
    "a tap at {station}": "{station} 的刷卡记录",
    "{name}, which is void already": "{name}，已经作废",
    "one that counts": "仍然有效的记录",
    "{at}, and it is added already": "{at}，已经补过这一条",
    "another moment": "别的时刻",
    "a moment that has been, by {at}": "不晚于现在（{at}）的时刻",
    "a moment on {day}": "{day} 当天的时刻",
    "a stint that lasts until {at}": "到 {at} 才结束的在岗",
    "one that is over, or a moment that has been": "已经结束的在岗，或已经过去的时刻",
    "a tap that began no stint": "没有开始一段在岗的刷卡",
    "no moment: it is accepted as it is": "不填时刻：按原样认可",
    "a moment after {at}": "{at} 之后的时刻",
    "{hours} h": "{hours} 小时",
    "at most 12 h": "最多 12 小时",
    "at most {count} characters": "最多 {count} 个字符",
}

_PERSONAL: Final = {
    "a telephone number, as 13800001234 or 0355-2000123": "电话号码，如 13800001234 或 0355-2000123",
    "the day on which they agreed to be called": "本人同意接听电话的日期",
    "the day on which they agreed again": "再次同意的日期",
    "{day}, and withdrawn on {withdrawn}": "{day}，而已于 {withdrawn} 撤回",
    "a number": "号码",
    "a number, and no lead": "有号码，没有负责人",
    "the lead's name as well": "同时填写负责人姓名",
    "{person}, who has not left": "{person}，还没有离开",
    "somebody who has left": "已经离开的人",
    "{person}, who was erased on {day}": "{person}，个人信息已于 {day} 删除",
    "somebody who is entered; one who comes again is entered anew": "在册的人；再来的请重新登记",
    "somebody whose personal data were erased on {day}": "此人的个人信息已于 {day} 删除",
    "no line of them; if they agree to come again, enter them anew on the page of volunteers first": (
        "去掉这一行；本人同意再来的，请先在“志愿者”页重新登记"
    ),
    "the telephone numbers are not read: there is no column {column}": "没有“{column}”列，电话号码未读入",
    "the key {path} is not there; put back the one that was kept beside the site key": (
        "密钥 {path} 不存在；请放回与站点密钥一起保存的那一份"
    ),
    "the key {path} is not the one of this database; put back the one that was kept beside the site key": (
        "密钥 {path} 不是这个数据库的；请放回与站点密钥一起保存的那一份"
    ),
    "the key {path} cannot be read: {why}": "密钥 {path} 读不出：{why}",
    "the key {path} cannot be written: {why}": "密钥 {path} 写不了：{why}",
    "the key {path} has mode {mode}, open to others; wanted is 0600": (
        "密钥 {path} 的权限是 {mode}，别人也能读；应为 0600"
    ),
    "{path} holds no key; put back the one that was kept beside the site key": (
        "{path} 里不是密钥；请放回与站点密钥一起保存的那一份"
    ),
}
_BROKER: Final = {
    "{path} is missing; first make the site's CA: zaigang-hub ca init": (
        "{path} 不存在；请先建立本站的 CA：zaigang-hub ca init"
    ),
    "the broker at {address} cannot be reached: {fault}": "连不上 {address} 的消息代理：{fault}",
    "the broker at {address} does not answer the hub": "{address} 的消息代理没有应答",
    "the broker at {address} refused the hub: {answer}": "{address} 的消息代理拒绝中心：{answer}",
}
_CLAIMING: Final = {
    "{kiosk} is revoked; wanted is a new id: zaigang-hub kiosk replace {kiosk} NEW-ID": (
        "{kiosk} 已吊销；请换一个新编号：zaigang-hub kiosk replace {kiosk} 新编号"
    ),
    "{kiosk} is the hub's own login at the broker; wanted is another id": (
        "{kiosk} 是中心自己在消息代理上的用户名；请换一个编号"
    ),
    "{kiosk} has an identity, good until {ends}; --again makes that void, and another": (
        "{kiosk} 已有证书，{ends} 到期；--again 使它作废，另发一份"
    ),
    "the broker has no certificate; first: zaigang-hub ca issue-broker NAME": (
        "消息代理还没有证书；请先运行 zaigang-hub ca issue-broker 名称"
    ),
    "no kiosk has the id {kiosk}; first enter it: zaigang-hub import 终端.csv": (
        "没有编号为 {kiosk} 的终端；请先登记：zaigang-hub import 终端.csv"
    ),
    "there were many wrong codes from here; wait {seconds} s, and try again": (
        "错误的认领码太多；请等 {seconds} 秒再试"
    ),
    "this is not the code of this kiosk; look at kiosk and code on the sheet, and type them again": (
        "认领码与终端不符；请核对安装单上的终端编号和认领码，重新输入"
    ),
    "five wrong codes were typed for this kiosk: none is good any more; the office makes another": (
        "这台终端的认领码输错了五次，已作废；请办公室重新生成"
    ),
    "the code is older than 7 days; the office makes another": "认领码已过 7 天；请办公室重新生成",
    "the code was used already, and is good once; the office makes another": (
        "认领码已经用过，只能用一次；请办公室重新生成"
    ),
    "the kiosk was set up otherwise meanwhile; the office makes another code, with --again": (
        "这台终端已用别的方式装好；请办公室用 --again 重新生成"
    ),
    "the kiosk is revoked; the office enters another one": "这台终端已吊销；请办公室登记一台新的",
    "what was sent is no request of a kiosk": "收到的不是终端的申请",
    "the hub cannot set kiosks up; there, zaigang-hub doctor says why": (
        "中心现在不能装终端；请在中心运行 zaigang-hub doctor 查看原因"
    ),
}

SENTENCES: Final[dict[str, str]] = {
    **_CELLS, **_HOURS, **_CARD_NUMBERS, **_SHEETS, **_FILES, **_PLACES, **_HOLIDAYS, **_PEOPLE, **_AMENDING,
    **_PERSONAL, **_BROKER, **_CLAIMING,
}  # fmt: skip
