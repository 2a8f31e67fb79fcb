"""What `zaigang-hub user`, `alarm`, `channel`, `update`, `rebuild` and `serve` say, in Chinese."""

from typing import Final

_USER: Final = {
    "{role} of {limits}": "{role}（{limits}）",
    "none": "无",
    "ended": "已停用",
    "has not yet chosen a password": "还没有设置密码",
    "passkeys: {names}": "通行密钥：{names}",
    "bound to the identity service": "已绑定统一身份",
    "give this link to {name}: it is good once, for three days": "请把这个链接交给 {name}：三天内有效，只能用一次",
    "nobody may sign in yet; the first one: zaigang-hub user invite NAME --role city": (
        "还没有人能登录；先邀请第一位：zaigang-hub user invite 姓名 --role city"
    ),
    "nobody named {typed!r} may sign in; `zaigang-hub user list` shows who may": (
        "没有名为 {typed!r} 的用户；zaigang-hub user list 列出能登录的人"
    ),
    "found the name {name!r}; wanted is one of 1 to 64 characters without blanks": (
        "名字现为 {name!r}；应为 1 到 64 个字符，不含空格"
    ),
    "{name} has no role yet; wanted is --role, as --role city": "{name} 还没有角色；请加 --role，如 --role city",
    "a {role} has one {wanted}; wanted is --{wanted}": "角色 {role} 要有范围；请加 --{wanted}",
    "found --{strange} with --role {role}; a {role} takes {told}": "角色 {role} 不能用 --{strange}；应为 {told}",
    "no district, kind or station: it has the whole city": "不写区县、类别和站点：它管全市",
    "found --{model} {code!r}, which is not entered; wanted is the code of one that is": (
        "--{model} 现为 {code!r}，没有登记；应为已登记的编号"
    ),
    "{name} may sign in no more": "{name} 不能再登录",
    "{name} is {told} no more": "{name} 不再是{told}",
    "{name} is no {told}; wanted is one of the roles that they have: {held}": (
        "{name} 不是{told}；应为已有的角色之一：{held}"
    ),
    "{name} has no passkey named {passkey!r}; wanted is one of theirs: {held}": (
        "{name} 没有名为 {passkey!r} 的通行密钥；应为已有的之一：{held}"
    ),
    "{name} signs in by {passkey} no more, and has to sign in anew": "{name} 不能再用 {passkey} 登录，需要重新登录",
    "{name} signs in by {issuer}, and has to sign in anew": "{name} 今后用 {issuer} 登录，需要重新登录",
    "{name} signs in by {issuer} no more, and has to sign in anew": "{name} 不再用 {issuer} 登录，需要重新登录",
    "this hub has no identity service; wanted is oidc.issuer in its settings": (
        "本中心没有接统一身份认证；请在设置里写 oidc.issuer"
    ),
    "wanted is what the identity service calls them, or --none": "应写统一身份认证里的编号，或 --none",
    "{subject!r} signs in as somebody else; wanted is one of nobody's": "{subject!r} 已是别人的登录身份；应为没人用的",
}  # fmt: skip

_ALARM: Final = {
    "vacant": "无人在岗", "below the minimum": "低于最低人数", "short": "人数不足",
    "unwatched": "终端失去联系",
    "met": "已到岗", "closing": "已关门", "worse": "情况变差，另行通知", "joined": "并入多站同时失联的提醒",
    "raised": "发出", "escalated": "上报", "acknowledged": "已有人处理", "snoozed": "暂缓", "closed": "已关闭",
    "test": "试发",
    "held: nothing of this alarm was sent": "未发：此前没有发过这次缺岗",
    "over before it was sent": "发出前已结束",
    "closed before it was sent": "发出前已关闭",
    "alarm {number}: {said}": "缺岗提醒 {number}：{said}",
    "somebody looks after it; nobody further is told": "已有人处理，不再上报",
    "nobody further is told before {until}": "{until} 前不再上报",
    "it is told no more for as long as it lasts": "这次缺岗不再通知",
    "no alarm is open": "没有未结束的缺岗提醒",
    "no alarm before {number} is over": "{number} 之前没有已结束的缺岗提醒",
    "those before: zaigang-hub alarm list --before {number}": "更早的：zaigang-hub alarm list --before {number}",
    "the whole city": "全市",
    " ({on_duty} of {wanted})": "（{on_duty}/{wanted} 人）",
    "{number}  {where}  {lack}{counts} since {since}  level {level}": (
        "{number}  {where}  {lack}{counts}，自 {since}  级别：{level}"
    ),
    "over {at} ({ending})": "{at} 结束（{ending}）",
    "closed {at}": "{at} 关闭",
    "acknowledged {at}": "{at} 已有人处理",
    "put off to {at}": "暂缓到 {at}",
    "to {channel}: {what}, {went}": "发往 {channel}：{what}，{went}",
    "taken {at} ({answer})": "{at} 已收到（{answer}）",
    "on its way, {tries} {tries:try|tries} {answer}": "正在发送，已试 {tries} 次 {answer}",
    "given up, {tries} {tries:try|tries} {answer}": "已放弃，试了 {tries} 次 {answer}",
    "there is no alarm {number}; zaigang-hub alarm list shows them": (
        "没有缺岗提醒 {number}；zaigang-hub alarm list 列出所有的"
    ),
    "alarm {number} is over already": "缺岗提醒 {number} 已经结束",
    "an alarm is put off to a moment that is still to come": "暂缓的时刻应在现在之后",
    "the reason tells a number; wanted are {wanted}": "理由里有号码；应为：{wanted}",
    "an alarm is closed with a reason; say why": "关闭缺岗提醒要写原因：--why",
}  # fmt: skip

_CHANNEL: Final = {
    "wecom": "企业微信", "dingtalk": "钉钉", "feishu": "飞书", "web_hook": "网络回调", "mail": "邮件",
    "hospital": "医院", "bank": "银行", "community": "社区", "transport": "车站、机场", "culture": "公共文化场所",
    "scenic": "景区景点", "government": "政务服务中心", "telecom": "电信、移动营业厅", "supermarket": "超市",
    "park": "公园广场", "hotel": "宾馆酒店",
    "{parts}": "{parts}",
    "{name}  {sort}  {level}  {where}: {lacks}": "{name}  {sort}  {level}  {where}：{lacks}",
    "{name} ({sort}) is told of {where}": "{name}（{sort}）会收到{where}的通知",
    "{name} is told nothing more": "{name} 不再收到通知",
    "{name} took it: {answer}": "{name} 已收到：{answer}",
    "{name} took nothing: {answer}": "{name} 没有收到：{answer}",
    "address: ": "地址：",
    "secret (empty for none): ": "密钥（没有就直接回车）：",
    "this is its secret: enter it where the web hook is received; it is not shown again": (
        "这是它的密钥：请填到接收网络回调的一方；不再显示"
    ),
    "to try it: zaigang-hub channel test {name}": "试发一次：zaigang-hub channel test {name}",
    "nobody is told yet; zaigang-hub channel add --help says how": (
        "还没有人收到通知；请看 zaigang-hub channel add --help"
    ),
    "no address was given; wanted is it on the first line, and the secret on the second": (
        "没有地址；第一行应为地址，第二行为密钥"
    ),
    "found --station with --district or --kind; wanted is --station alone: it lies in one district": (
        "--station 又写了 --district 或 --kind；站点只属于一个区县，应只写 --station"
    ),
    "found the name {name!r}; wanted is {wanted}": "名称现为 {name!r}；应为 {wanted}",
    "there is a channel {name} already; remove it first, or take another name": (
        "已经有通知渠道 {name}；请先移除，或换个名称"
    ),
    "there is no channel {name!r}; zaigang-hub channel list shows them": (
        "没有通知渠道 {name!r}；zaigang-hub channel list 列出所有的"
    ),
}  # fmt: skip

_KIOSK: Final = {
    "revoked": "已吊销的终端", "no kiosk": "没有登记的终端",
    "{kiosk} is {what}; zaigang-hub kiosk list shows them": "{kiosk} 是{what}；zaigang-hub kiosk list 列出所有的",
    "{kiosk} {said}: zaigang-hub kiosk commission {kiosk}": "{kiosk} {said}：zaigang-hub kiosk commission {kiosk}",
    "{new} is the kiosk that goes; wanted is a new id for the other device": "{new} 就是要换下的终端；新设备应用新编号",
    "{file} is the record of {kiosk}; wanted is that of {other}": "{file} 是 {kiosk} 的调试记录；应为 {other} 的",
    "{folder} is not empty; wanted is a folder of its own for each kiosk": (
        "{folder} 不是空的；每台终端应有单独的文件夹"
    ),
    "{folder} cannot be written; wanted is {wanted}": "{folder} 不能写入；应为 {wanted}",
    "{folder} cannot be written: {why}; wanted is {wanted}": "{folder} 不能写入：{why}；应为 {wanted}",
    "a folder that the hub's own user may make, as under /var/lib/zaigang; from there root copies it": (
        "中心自己的用户能新建的文件夹，如 /var/lib/zaigang 下面；再由 root 从那里复制"
    ),
    "wanted is a zaigang-kiosk-VERSION.tar, as make bundle makes it": (
        "应为 make bundle 生成的 zaigang-kiosk-版本.tar"
    ),
    "{asked} is no file; wanted is a zaigang-kiosk-VERSION.tar, as make bundle makes it": (
        "{asked} 不是文件；应为 make bundle 生成的 zaigang-kiosk-版本.tar"
    ),
    "{asked} may not be read; wanted is {wanted}": "没有权限读 {asked}；应为 {wanted}",
    "{bundle} may not be read; wanted is {wanted}": "没有权限读 {bundle}；应为 {wanted}",
    "{bundle} cannot be read: {exc}; copy it again": "不能读取 {bundle}：{exc}；请重新复制",
    "{bundle} cannot be read; {wanted}": "不能读取 {bundle}；{wanted}",
    "{bundle} is a {name!r}; {wanted}": "{bundle} 是 {name!r}；{wanted}",
    "{bundle} has no {install}; wanted is a zaigang-kiosk-VERSION.tar, as make bundle makes it": (
        "{bundle} 里没有 {install}；应为 make bundle 生成的 zaigang-kiosk-版本.tar"
    ),
    "nothing is offered": "没有提供更新",
    "nothing is offered yet; first: zaigang-hub update offer BUNDLE": (
        "还没有提供更新；请先：zaigang-hub update offer 更新包"
    ),
    "nothing is offered, or no kiosk has the id {kiosk}; see: zaigang-hub kiosk list": (
        "没有提供更新，或没有编号为 {kiosk} 的终端；请看：zaigang-hub kiosk list"
    ),
    "{offered} is offered, and {version} is older; a kiosk takes no step back": (
        "已提供 {offered}，而 {version} 较旧；终端不退回旧版"
    ),
    "version {version}: {done} {done:has|have} it, {under_way} {under_way:is|are} at it, {waits} {waits:waits|wait}, "
    "{failed} went back, {silent} fell silent": (
        "版本 {version}：{done} 台已更新，{under_way} 台更新中，{waits} "
        "台等待，{failed} 台退回旧版，{silent} 台没有消息"
    ),
    "; stopped: {why}": "；已停止：{why}",
    "; {ids} cannot fetch it, see: zaigang-hub kiosk commands ID": (
        "；{ids} 取不到更新，原因见 zaigang-hub kiosk commands 终端编号"
    ),
    "halted by hand": "人工停止",
    "{version} failed at {ids}": "{version} 在 {ids} 上失败",
    "{version} was begun at {ids}, and nothing is heard of it": "{version} 已在 {ids} 上开始，此后没有消息",
}  # fmt: skip

_LEDGER: Final = {
    "{stints} {stints:stint|stints} and {stretches} {stretches:stretch|stretches} of watching, "
    "from {records} {records:record|records}": "{stints} 段在岗，{stretches} 段终端在线，出自 {records} 条记录",
    "the ledger is as the records say: {made}": "台账与记录一致：{made}",
    "{count} {count:difference|differences} among {made}": "有 {count} 处不同：{made}",
    "{place}: {what}": "{place}：{what}",
    "{what}: {told}": "{what}：{told}",
    "{station} {day} {who}": "{station} {day} {who}",
    "{station} {day} kiosk {kiosk}": "{station} {day} 终端 {kiosk}",
    "{column} {value}": "{column} {value}",
    "a volunteer's card": "志愿者的卡",
    "an unknown card": "未登记的卡",
    "somebody else": "另一个人",
    "stint": "值守",
    "watching": "监测时段",
    "tap": "刷卡",
    "how far it is folded": "算到哪里",
    "card": "卡",
    "{column}: the ledger has {live}, the records say {made}": "{column}：台账为 {live}，按记录应为 {made}",
    "the records alone have a {what}, {facts}; the ledger has none": "按记录应有{what}，{facts}；台账里没有",
    "the ledger alone has a {what}, {facts}; the records have none": "台账里有{what}，{facts}；记录里没有",
    "{station} {at}: board: the ledger has {live}, the records say {made}": (
        "{station} {at}：看板：台账为 {live}，按记录应为 {made}"
    ),
    "{duty}, {on_duty} on duty, {out} out": "{duty}，在岗 {on_duty} 人，外出 {out} 人",
    "{duty} since {since}, {on_duty} on duty, {out} out": "{duty}（自 {since}），在岗 {on_duty} 人，外出 {out} 人",
    "{station} {day} coverage: nothing is kept of this day": "{station} {day} 在岗统计：没有这一天的数据",
    "{station} {day} coverage: gaps are kept of a day that is not": "{station} {day} 在岗统计：有缺口，却没有这一天",
    "{station} coverage: days are kept of a station that is not entered": (
        "{station} 在岗统计：有数据，但没有登记该站点"
    ),
    "{station} {day} coverage: {told}": "{station} {day} 在岗统计：{told}",
    "{station} {day} coverage: {kept} {kept:gap is|gaps are} kept, {made} made, or others": (
        "{station} {day} 在岗统计：台账有 {kept} 个缺口，重算有 {made} 个，或内容不同"
    ),
    "{column}: kept {kept}, made {made}": "{column}：台账为 {kept}，重算为 {made}",
    "{station}: it is not noted by which terms it is folded": "{station}：没有记下按哪些要求计算",
    "the ledger is made anew: {told}": "台账已重建：{told}",
    "records that could not be read when they came, and can be now: {again}": "到达时读不出、现在能读的记录：{again}",
    "runs with newer records, which the ledger has not come to yet: {unfolded}": (
        "台账还没有算到的新记录：{unfolded} 批"
    ),
    "the ledger does not follow the latest import yet; a serving hub does so by itself": (
        "台账还没有跟上最近的导入；中心运行时会自动跟上"
    ),
    "records that came late are not folded yet; a serving hub does so by itself": (
        "迟到的记录还没有算进台账；中心运行时会自动算"
    ),
    "{exc}, and none serves {place} now: start it, or make the ledger anew without --check": (
        "{exc}，而现在没有中心在用 {place}：请启动中心，或不加 --check 重建台账"
    ),
}

TERMINAL_SENTENCES: Final = {
    **_USER, **_ALARM, **_CHANNEL, **_KIOSK, **_LEDGER,
    "the board is at {address}": "看板地址：{address}",
    "nobody has an account, so whoever sits at this machine sees the board, and nobody changes anything; "
    "`zaigang-hub user invite NAME --role city` makes the first one": (
        "还没有账号：坐在本机前的人都能看看板，但谁也不能改；建第一个账号：zaigang-hub user invite 姓名 --role city"
    ),
    "nothing is entered yet: enter the city with `zaigang-hub import`, see docs/import.md": (
        "还没有录入任何资料：请用 zaigang-hub import 录入城市，见 docs/import.md"
    ),
    "it would take back something else than was shown": "会撤销的和显示的不同",
    "no such change is known": "没有这样的更改",
    "{left_out} earlier {left_out:change is|changes are} not shown; --last 0 shows all": (
        "还有 {left_out} 条更早的没有列出；--last 0 列出全部"
    ),
    "nobody is named, or too many; wanted is one of --station, --district and --kind, --city": (
        "没有指明范围，或指明太多；应为 --station、--district 和 --kind、--city 之一"
    ),
    "{day} to {until}; wanted is a last day within a year after the first": (
        "{day} 到 {until}；最后一天应在第一天后一年内"
    ),
    "there is no station {hours!r} whose hours could be taken": "没有站点 {hours!r}，不能照搬它的服务时间",
    "found {text!r}; wanted is {wanted}": "现为 {text!r}；应为 {wanted}",
    "a row of the database says what no hub writes: {why}; where the ledger alone is broken, `zaigang-hub rebuild` "
    "makes it anew; else wanted is a backup": (
        "数据库里有一行不是中心写的：{why}；只是台账坏了的，用 `zaigang-hub rebuild` 重做；否则请用备份恢复"
    ),
    "{text!r} is no day; wanted is one as 2026-03-05": "{text!r} 不是日期；应如 2026-03-05",
    "found {text!r:.60}; wanted is KIOSK/EPOCH/SEQ, as `amend taps` lists it": (
        "现为 {text!r:.60}；应为 终端/次/序号，如 amend taps 所列"
    ),
    "no station has the code {station!r}; a station's page has it in its address": (
        "没有编号为 {station!r} 的站点；站点网页的地址里有编号"
    ),
    "{file} would be CSV by another name; wanted is a name that ends in .csv": (
        "{file} 里会是 CSV；应为以 .csv 结尾的文件名"
    ),
    "{file} would be a workbook by another name; wanted is a name that ends in .xlsx": (
        "{file} 的内容会是工作簿；文件名应以 .xlsx 结尾"
    ),
    "the key of the telephone numbers is not there, or another: they are left out": (
        "电话号码的密钥不在或不对：已略去电话"
    ),
}  # fmt: skip
