"""What the hub says of what stands in somebody's way, in Chinese, by the English that stands where it is found.

A sentence keeps its facts, each named in `{}` as there. `saying` tells it; a test sees to it that none is missing.
"""

from typing import Final

from hub.chinese_channels import CHANNEL_SENTENCES
from hub.chinese_commands import COMMAND_SENTENCES
from hub.chinese_keys import KEY_SENTENCES
from hub.chinese_settings import SETTINGS_SENTENCES
from hub.chinese_sheets import SHEET_SENTENCES
from hub.chinese_terminal import TERMINAL_SENTENCES

_PLACES: Final = {
    "code or name of a district in these files or the database": "这些文件或已有资料中某个区县的编号或名称",
    "a station in these files or the database": "这些文件或已有资料中的站点",
    "codes of stations in these files or the database": "这些文件或已有资料中站点的编号",
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
    "{day}, and kiosk {kiosk} revoked {moment}": "{day}，而终端 {kiosk} 已于 {moment} 吊销",
    "a kiosk that is not revoked; a device that is found again gets a new id": "未吊销的终端；找回的设备请用新编号",
    "a moment that has come": "不晚于现在的时刻",
    "another name; this one is the hub's own": "另一个编号；这是中心自己的",
    "{asked}, though its records are of {station}": "{asked}，而它的记录属于 {station}",
    "the same station; a kiosk that moves gets a new id, the old one an end": (
        "原来的站点；搬动的终端用新编号，旧编号填停用日期"
    ),
    "a day after {day}": "{day} 之后的日期",
    "{day}, of kiosk {kiosk}": "终端 {kiosk} 的 {day}",
    "{day}, and station {station} opened on {opened_on}": "{day}，而站点 {station} 于 {opened_on} 开放",
    "{day}, and station {station} closed on {closed_on}": "{day}，而站点 {station} 于 {closed_on} 关闭",
    "{day}, and trained on {trained_on}": "{day}，而培训日期是 {trained_on}",
    "a day not before their training": "不早于培训的日期",
    "no end": "没有停用日期",
    "{day} or a later day": "{day} 或之后的日期",
    "a day from {first} to {last}": "{first} 到 {last} 之间的日期",
    "{day} or an earlier day": "{day} 或之前的日期",
    "{high} or fewer": "不超过 {high}",
    "{most} or shorter": "不超过 {most}",
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
    "and {count} {count:day|days} after these": "此后另有 {count} 天",
    "from {day} on another rule: {station}": "自 {day} 起按新要求：{station}",
    "from {day} on, further ahead than is shown: {station}": "自 {day} 起改变，晚于这里列出的日子：{station}",
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
    "no {name}": "没有{name}",
    "days of work on a Saturday or Sunday": "周六或周日上班",
    "days of work near their holiday": "离放假不远的上班日",
    "{name} in its month": "{name}所在的月份",
    "the whole year, with {name}": "全年的安排，包括{name}",
    "a holiday as 1月1日（周四）至3日（周六）放假调休，共3天": "如“1月1日（周四）至3日（周六）放假调休，共3天”的一句",
    "{words}, which {count:is|are} {count} {count:day|days}": "{words}，实为 {count} 天",
    "as many days as it counts": "与所写天数相符",
    "with 调休 the days of work too, as 1月4日（周日）上班": "写了“调休”，就也写明上班的日子，如“1月4日（周日）上班”",
    "days of work as 2月14日（周六）、2月28日（周六）上班": "如“2月14日（周六）、2月28日（周六）上班”的一句",
    "a month with the first day": "第一个日子带月份",
    "a day of the calendar": "日历上有的日子",
    "{words}, and {day} is a 周{weekday}": "{words}，而 {day} 是周{weekday}",
    "weekdays that fit; is it another year's notice?": "与日历相符的星期；是不是另一年的通知？",
    "a day of {year}, or of the December before": "{year} 年内的日子，或前一年十二月的日子",
    "{day}, of a year whose holidays are not known": "{day}，这一年的节假日安排还没有录入",
    "the notice of {year} first, on the page 节假日 or by zaigang-hub holidays paste": (
        "先在“节假日”页录入 {year} 年的通知，或用 zaigang-hub holidays paste"
    ),
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
    "a day not after they left": "不晚于离开当日的日期",
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
    "the number of a volunteer in these files or the database": "这些文件或已有资料中志愿者的编号",
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
    "a day from {day} on, the station's first": "{day}（该站点的第一天）或以后的日期",
    "a day from {day} on, when they were registered": "{day}（该志愿者的注册日期）或以后的日期",
    "a day before {day}, when they left": "{day}（该志愿者离队的日期）之前的日期",
    "a moment that has been, by {at}": "不晚于现在（{at}）的时刻",
    "a moment on {day}": "{day} 当天的时刻",
    "a stint that lasts until {at}": "到 {at} 才结束的在岗",
    "one that is over, or a moment that has been": "已经结束的在岗，或已经过去的时刻",
    "a tap that began no stint": "没有开始一段在岗的刷卡",
    "no moment: it is accepted as it is": "不填时刻：按原样认可",
    "a moment after {at}": "{at} 之后的时刻",
    "{hours} h": "{hours} 小时",
    "at most 12 h": "最多 12 小时",
    "at most {count} {count:character|characters}": "最多 {count} 个字符",
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
    "the broker at {address} cannot be reached: {fault}; is it running there? {command}": (
        "连不上 {address} 的消息服务器：{fault}；它在那里运行吗？请查看 {command}"
    ),
    "the broker reads them anew by itself": "消息服务器会自动重新读取",
    "the broker has them": "消息服务器用的就是这些",
    "the broker at {address} does not answer the hub": "{address} 的消息服务器没有应答",
    "the broker at {address} refused the hub: {answer}": "{address} 的消息服务器拒绝中心：{answer}",
}
_CLAIMING: Final = {
    "--lamp {lamp} --sound {sound}: two things on one pin; wanted is a pin of its own for each": (
        "--lamp {lamp} --sound {sound}：两样东西接在一根针上；请一样一根"
    ),
    "--lamp {url}: no lamp that a kiosk takes; wanted is gpio:red=17,green=27,blue=22, "
    "gpio:red=17,yellow=27,green=22, tower:/dev/serial/by-id/..., or '' for none": (
        "--lamp {url}：没有这样的灯；请写 gpio:red=17,green=27,blue=22、gpio:red=17,yellow=27,green=22 或 "
        "tower:/dev/serial/by-id/...，没有灯写 ''"
    ),
    "--sound {url}: no sound that a kiosk takes; wanted is gpio:18, aplay:default, or '' for none": (
        "--sound {url}：没有这样的声音；请写 gpio:18 或 aplay:default，没有写 ''"
    ),
    "{kiosk} is revoked; wanted is a new id: zaigang-hub kiosk replace {kiosk} NEW-ID": (
        "{kiosk} 已吊销；请换一个新编号：zaigang-hub kiosk replace {kiosk} 新编号"
    ),
    "{kiosk} is the hub's own login at the broker; wanted is another id": (
        "{kiosk} 是中心自己在消息服务器上的用户名；请换一个编号"
    ),
    "{kiosk} has an identity, good until {ends}; --again makes that void, and another": (
        "{kiosk} 已有证书，{ends} 到期；--again 使它作废，另发一份"
    ),
    "the broker has no certificate; first: zaigang-hub ca issue-broker NAME": (
        "消息服务器还没有证书；请先运行 zaigang-hub ca issue-broker 名称"
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
    "five wrong codes were typed here: none is good from here; the office makes another": (
        "在这里为这台终端输错了五次，从这里不能再用；请办公室重新生成"
    ),
    "many wrong codes came for this kiosk from many places: it is void; the office makes another": (
        "有人从许多地方试这台终端的认领码，已作废；请办公室重新生成"
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
    **CHANNEL_SENTENCES, **SHEET_SENTENCES, **KEY_SENTENCES, **COMMAND_SENTENCES, **_PLACES, **_HOLIDAYS, **_PEOPLE,
    **_AMENDING, **_PERSONAL, **_BROKER, **_CLAIMING, **TERMINAL_SENTENCES, **SETTINGS_SENTENCES,
}  # fmt: skip
