"""What `zaigang-hub --help` and the help of its commands say of each, in Chinese, by the English that stands there.

What their options are for is `chinese_options`.
"""

from typing import Final

from hub.chinese_options import OPTION_HELP

_COMMANDS: Final = {
    "The centre: who is on duty at every volunteer station, now.": "中心：每个志愿服务站点此刻谁在岗。",
    "take in what kiosks send, and show the board": "接收终端上传的记录，显示看板",
    "take stations, kiosks, volunteers and cards from spreadsheets": "从表格导入站点、终端、志愿者和卡",
    "take an import back as a whole, or list those that can be": "整批撤销一次导入，或列出可以撤销的",
    "write what is entered as a workbook in the columns of an import": "把已登记的资料写成工作簿，各列与导入相同",
    "report a card lost or found, give it to somebody, or take it back": "卡的挂失、找回、发放和收回",
    "correct taps: take one out, add one, move one, accept one as it is": (
        "更正刷卡：删一次、补一次、改时间、照原样确认"
    ),
    "let somebody leave or come back, note what they agree to, or erase them": (
        "志愿者离开或回来，记下本人同意的事项，或删除个人信息"
    ),
    "keep the telephone number of a station, its lead or a volunteer who agreed, or take it away": (
        "登记或删除站点、负责人或已同意的志愿者的电话"
    ),
    "close a station for good, open it again, or change how many must be there": "关闭站点、重新开放，或更改应在岗人数",
    "show a station's days ahead; change hours, special days and limits of one or many": (
        "查看站点今后的开放日；更改一个或多个站点的时间、特殊日和时限"
    ),
    "show the country's holidays and make-up workdays, or enter the notice of a year": (
        "查看国家节假日和调休，或录入一年的放假通知"
    ),
    "give the city another site key, or see how far that is": "更换全市的站点密钥，或查看换到哪一步",
    "set kiosks up, list them, revoke one that was stolen, take one out of service": (
        "准备、列出终端，吊销被盗的，停用不再使用的"
    ),
    "make the site's CA, and the broker's certificate": "生成本地证书颁发机构（CA）和消息服务器的证书",
    "write the files of the broker, Mosquitto": "生成消息服务器 Mosquitto 的配置文件",
    "look at everything that the hub needs, and say what to do": "检查中心需要的一切，说明该怎么办",
    "invite somebody to sign in, list who may, or end an account": "邀请人登录，列出账号，或停用账号",
    "say who is told when a station lacks somebody, and by what": "设定站点缺岗时通知谁、用什么方式",
    "show what stations lack, and say who looks after it": "查看哪些站点缺岗，注明谁在处理",
    "show who changed what of the city, when and why": "查看谁在什么时候改了什么、为什么",
    "say which version kiosks run, and see how far they are with it": "设定终端使用的版本，查看更新进度",
    "take in records that were carried by hand from a kiosk without a line": "接收从没有网络的终端人工带来的记录",
    "write a station's day as records, to be played again": "把站点一天的记录写成文件，供重放",
    "bring the database's tables up to this version": "把数据库升级到本版本",
    "move the hub to another database, with everything in it": "把中心连同全部内容搬到另一个数据库",
    "make the ledger anew from the records, or check it against them": "用原始记录重做台账，或与之核对",
}
_ACTIONS: Final = {
    "its taps count for nobody from now on; what was tapped before stays its holder's": (
        "从现在起，用它刷卡不再计入任何人；以前的仍归原持卡人"
    ),
    "it counts again from now on": "从现在起恢复有效",
    "it is that person's from now on; one that nobody ever held since its first tap": (
        "从现在起归这个人；从未有人持有的卡，从第一次刷卡算起"
    ),
    "it is nobody's from now on": "从现在起不归任何人",
    "list a station's taps of a day by name, with what waits for a word": "列出站点一天的刷卡及其名称，待确认的也列出",
    "a tap never was; or, given a correction's name, that is taken back": "这次刷卡不算；写更正的名称则撤回那条更正",
    "somebody came, or left, and did not tap": "有人来了或走了，没有刷卡",
    "a tap was at another moment of its day": "这次刷卡是当天的另一个时刻",
    "a tap, and the stint that it began, is accepted": "确认这次刷卡和由它开始的一段在岗",
    "cards and stations end; what was served stays": "卡和所属站点到此为止；已服务的时长保留",
    "cards and stations are given anew": "卡和所属站点重新登记",
    "note what somebody agrees to": "记下本人同意的事项",
    "note that they agree no more": "记下本人不再同意",
    "name, number and telephone go for good; what was served stays": "姓名、编号、电话永远删除；已服务的时长保留",
    "asks for the number, or reads it from standard input": "会询问号码，或从标准输入读取",
    "it is kept no more": "不再保存",
    "closed from a day on; its past stays": "从某日起关闭；以前的记录保留",
    "take back that it closes": "取消关闭",
    "how many must and should be there, from a day on": "从某日起的最低在岗和应在岗人数",
    "the days ahead of a station": "站点今后的日子",
    "a station's week, from a day on; `template` is that of its kind, `like:CODE` another station's": (
        "站点从某日起每周的时间；template 为这一类别的，like:编号 与另一个站点相同"
    ),
    "other hours on some days, for one station or many": "一个或多个站点某些日子的另外时间",
    "the figures of the rules for a station, in minutes, from a day on": "站点从某日起的各项时限，单位为分钟",
    "all special days as a sheet that `import` takes": "全部特殊日，写成可以导入的表格",
    "the days of a year": "一年的节假日和调休",
    "the State Council's notice, as it is published; first with --dry-run": (
        "国务院办公厅的放假通知，照发布的原文；先加 --dry-run"
    ),
    "one day of a year that is known": "更改已录入年份的某一天",
    "make another site key, and give it to every kiosk; the old one holds until `finish`": (
        "生成另一个站点密钥并发给每台终端；finish 以前仍用原来的"
    ),
    "show how far it is: which kiosks have the new key, which cards have a name under it": (
        "查看进度：哪些终端有了新密钥，哪些卡已经换好"
    ),
    "let the new key hold and kiosks forget the old one; says which cards are left without a name": (
        "启用新密钥，终端删除原来的；说明哪些卡没有换好"
    ),
    "every kiosk, its station, and until when its certificate is good": "全部终端、所在站点和证书有效期",
    "write the folder with which a kiosk is set up": "生成安装一台终端用的文件夹",
    "make a code, good once for 7 days, by which a kiosk sets itself up online": (
        "生成认领码，终端联网自行安装；7 天有效，只能用一次"
    ),
    "another device in its place: a new id, and the folder for it": "换一台设备：新的终端编号，及其文件夹",
    "it was stolen: nothing that it says counts from now on, for good": "终端被盗：从现在起它发来的一律不算，不可撤回",
    "nobody waits to hear of it from a day on; its records stay": "从某日起停用；它的记录保留",
    "it stays in service after all": "取消停用",
    "let it flash and beep for ten seconds, to find it among others": "让它闪灯鸣响十秒，便于找到",
    "let its agent begin anew, with readers, link and settings": "让终端程序重新启动，重连读卡器和中心，重读设置",
    "fetch its agent's log, which has no personal data in it": "取回终端程序的日志，其中没有个人信息",
    "give it another certificate; it is asked by itself when a third of the life is left": (
        "换发证书；有效期只剩三分之一时会自动换发"
    ),
    "what was asked of it over the wire, and what came of it": "向它发过哪些指令，结果如何",
    "what is wanted of its settings; with --set or --file, otherwise from now on, tried by it on probation": (
        "查看希望的终端设置；加 --set 或 --file 则更改，由终端试用后采用"
    ),
    "lead whoever stands at it through trying it: lamp and buzzer say what to do": (
        "带现场人员做一遍验收：灯和蜂鸣器提示每一步"
    ),
    "print the record of a kiosk's commissioning, or take one in that was carried here": (
        "打印终端的验收记录，或接收人工带来的验收记录"
    ),
    "make the CA, once; where there is one, nothing is changed": "生成 CA，只做一次；已有的不会更改",
    "sign the broker's and the pages' certificate": "签发消息服务器和网页的证书",
    "who the CA and the broker are, and until when": "CA 和消息服务器的证书及有效期",
    "who may say what on the wire, in the words of the version found": "谁可以收发什么，按已安装版本的写法",
    "print a link by which somebody chooses a password": "显示一个链接，对方打开后设置密码",
    "show who may sign in, and what they may": "列出账号和各自的权限",
    "let somebody sign in no more; their sessions end at once": "停用账号；已登录的立即退出",
    "take one role back; what is open by it ends at once": "收回一个角色；由它打开的立即关闭",
    "take a passkey away whose device is lost; what is open of the account ends at once": (
        "设备丢失时删除通行密钥；这个账号已登录的立即退出"
    ),
    "let somebody sign in by the city's identity service, as it calls them; --none takes it back": (
        "允许用统一身份认证登录；--none 取消"
    ),
    "enter somebody to be told": "登记要通知的人",
    "show who is told of what, and what was answered last": "列出通知谁、通知什么，以及最近一次的回应",
    "send a message now, and say what was answered": "立即试发一条，显示回应",
    "tell them nothing more, and forget the address": "不再通知，并删除地址",
    "show the alarms that are not over": "列出未结束的缺岗提醒",
    "show what became of one, who was told, and what was answered": "查看一条的经过、通知了谁、回应如何",
    "say that somebody looks after it": "注明有人在处理",
    "put it off": "推迟",
    "close it, with a reason": "关闭，要写原因",
    "offer a version to all kiosks from now on": "从现在起向全部终端提供一个版本",
    "how far the kiosks are with it": "查看终端的更新进度",
    "let one kiosk take it now, though its station may be open": "让一台终端立即更新，不论站点是否开放",
    "let no further kiosk take it": "暂停，不再让其他终端更新",
    "go on after a halt": "暂停后继续",
    "write what is offered onto a stick, for kiosks without a line": "把提供的版本写到 U 盘，用于没有网络的终端",
    "take new keys for what is offered; kiosks follow": "更换更新用的签名密钥；终端随之更换",
}
_BELOW: Final = {
    "All files are imported together, or none of them; the same again changes nothing. docs/import.md says what the\n"
    "sheets look like.": (
        "全部文件一起导入，有一处不对就都不导入；重复导入同样的文件不会改变什么。\n表格格式见 docs/import.md。"
    ),
    "Once there is one account, nobody sees anything without signing in. The link is good once, for three days; "
    "inviting\nsomebody again makes a new one, as for a forgotten password.": (
        "有了第一个账号以后，不登录什么也看不到。链接三天内有效，只能用一次；\n忘记密码时再邀请一次，就有新的链接。"
    ),
    "The address is asked for, or read from a file, as the page of the robot shows it: of 企业微信, 钉钉 or 飞书; a "
    "web\nhook's (https://...); or a mailbox's (smtps://USER@HOST:465?from=...&to=...). "
    "The second line is the secret, if any.\n"
    "A channel of a station is told first, then those of its district or kind, then those of the whole city.": (
        "会询问地址，或从文件读取，照机器人页面上的写：企业微信、钉钉或飞书；\n"
        "网络回调 https://...；或邮箱 smtps://USER@HOST:465?from=...&to=...。有密钥的，写在第二行。\n"
        "先通知站点的渠道，再通知区县或类别的，最后是全市的。"
    ),
    "An alarm ends by itself when what lacked is there, or when the station closes. Acknowledged, nobody further is "
    "told of\nit; put off, nobody further is told before then; closed, it is told no more for as long as it lasts.": (
        "补齐或站点关门时，缺岗提醒自动结束。注明有人处理后，不再通知其他人；\n"
        "推迟的，到时以前不再通知其他人；关闭的，这次缺岗不再通知。"
    ),
    "Lines are in the order in which they were made. In Chinese or English, as the terminal's locale says.": (
        "按更改的先后排列。中文或英文，依终端的语言设置。"
    ),
    "Kiosks take it while their stations are at rest, a first tenth before the rest, one of a station at a time, and "
    "go back\nby themselves where it does not prove itself.": (
        "终端在站点不开放时更新：先更新十分之一，再更新其余；同一站点一次一台。\n新版本不能正常工作时，终端自动退回。"
    ),
    "Persons go by their opaque id, cards by names made up for the file. The hub may go on serving.": (
        "人用代号，卡用为这个文件另起的名称。中心可以照常运行。"
    ),
    "Stop the hub first, and keep a copy of the database. An empty or missing database gets its tables; a current one "
    "is\nleft alone. Needs as much room on the disk again as the database has.": (
        "请先停止中心，并备份数据库。空的或没有的数据库会建好；已是本版本的不动。\n磁盘上还要有与数据库同样大的空间。"
    ),
    "Stop the hub first. The other database must be there and empty; all of it is copied, or nothing. Then say in the "
    'hub\'s\nsettings where it is: database = "..."; the site key stays in data_dir. PostgreSQL takes a password from '
    "~/.pgpass.": (
        "请先停止中心。另一个数据库应已建好，而且是空的；要么全部复制，要么都不复制。\n"
        '然后在中心的设置里写上它：database = "..."；站点密钥仍在 data_dir。\nPostgreSQL 的密码从 ~/.pgpass 读取。'
    ),
    "With --check nothing is written, and the hub may go on serving: every difference is told in a line, also of rows "
    "of the\nboard at random moments of any day, and the exit status is 0 where there is none, 1 where there are "
    "some. Without it the\nhub must be stopped; the ledger is replaced whole, or left as it was; "
    "records and messages that an older version could\nnot read are tried again first.": (
        "加 --check 什么也不写，中心可以照常运行：每处差异一行，也抽查任意日子、任意时刻的看板；\n"
        "没有差异时退出状态为 0，有差异为 1。不加 --check 时应先停止中心；台账整个换新，或保持原样；\n"
        "旧版本读不了的记录和消息会先重试。"
    ),
}
HELP: Final = {**_COMMANDS, **_ACTIONS, **_BELOW, **OPTION_HELP}
