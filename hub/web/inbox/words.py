"""What waits, in words; the catalogues translate them."""

from typing import Final

from hub.findings import FindingKind
from hub.web.inbox.waiting import InboxAct
from hub.web.kit.words import _
from station.alarms import Lack, Level

ALARMS, FINDINGS, KIOSKS, CARDS, TRAINING = _("缺岗"), _("待查"), _("终端"), _("新卡"), _("培训")
SHIFTS, NO_ROSTER = _("值班"), _("未排班")
LACK_WORDS: Final = {
    Lack.VACANT: _("无人在岗或低于最低人数"),
    Lack.SHORT: _("人数不足"),
    Lack.UNWATCHED: _("终端失去联系"),
}
"""Of what can be chosen; what one alarm is of says `lack_word`."""
LACKS: Final = (_("无人在岗"), _("低于最低人数"), _("人数不足"), _("终端失去联系"))
LEVEL_WORDS: Final = {
    Level.LEAD: _("请联系站长。"),
    Level.OVERSEER: _("站长没有处理，已到县区或主管单位。"),
    Level.CITY: _("县区没有处理，已到全市。"),
}
WHOLE_CITY: Final = _("许多终端同时失联，可能是中心的网络或消息服务器。")
TOGETHER: Final = _("{n} 站同时失去联系")
LINE_OR_POWER: Final = _("可能是线路或停电；是哪些站点见“经过”。")
ALARM_ACTS: Final = (InboxAct.TAKEN, InboxAct.CONTACTED, InboxAct.ASSIGNED, InboxAct.SNOOZED, InboxAct.CLOSED)
OF_KIOSKS: Final = frozenset(
    {
        FindingKind.UNKNOWN_KIOSK,
        FindingKind.FOREIGN_TOPIC,
        FindingKind.CLOCK,
        FindingKind.SITE_KEY,
        FindingKind.CERTIFICATE,
        FindingKind.DISK,
        FindingKind.UNDER_VOLTAGE,
    }
)
"""What an installer looks into."""
ENTER_KIOSK, SEE_KIOSKS, SEE_DAY, SEE_PEOPLE = _("登记这台终端"), _("看设备"), _("看那一天"), _("看名单")
PASTE_HOLIDAYS, CALL, SEE_STORY = _("录入通知"), _("打电话"), _("经过")
SILENT: Final = _("终端 {kiosk} 失联")
NEVER_HEARD: Final = _("终端 {kiosk} 还没有收到过消息")
BLIND: Final = _("终端 {kiosk} 不能读卡")
LOOK_AT_POWER: Final = _("请查电源和网络。")
LOOK_AT_READER: Final = _("请重新插拔读卡器；仍不行的，请更换。")
NEW_CARD: Final = _("没有登记的卡 {card}，刷卡 {n} 次")
WHOSE_CARD: Final = _("这是谁的卡？选定以后，以前的刷卡都算本人的。")
NOBODY_TOMORROW: Final = _("明天 {hours} 无人值班")
FEW_TOMORROW: Final = _("明天 {hours} 只排 {people} 人，最低 {minimum} 人")
MORE_OF: Final = {
    NOBODY_TOMORROW: _("明天 {hours} 等 {n} 个时段无人值班"),
    FEW_TOMORROW: _("明天 {hours} 等 {n} 个时段排班人数不足"),
}
NO_ROSTER_TOMORROW: Final = _("明天开放的站点有 {n} 个没有排班")
KEEP_A_ROSTER: Final = _("请站长在站点的“值班”页排班；不用排班的，了结后本月不再提醒。")
WHICH_STATIONS: Final = _("看哪些站")
PLAN_SHIFTS, CHANGE_SHIFTS = _("请排班或换班。"), _("换班")
LONGEST: Final = _("时限")
LONG_STINTS: Final = _("全天开放，忘刷离岗的 {usual} 小时后才不算在岗")
SHORTEN: Final = _(
    "新录入的为 {hours} 小时。改：在中心用 zaigang-hub calendar limits {code} --longest {minutes}；不改的，请了结。"
)
UNTRAINED: Final = _("{n} 人未培训")
TRAIN: Final = _("培训后，请在本人页面填写日期。")
ACT_WORDS: Final = {
    InboxAct.TAKEN: _("我来处理"),
    InboxAct.CONTACTED: _("已联系"),
    InboxAct.ASSIGNED: _("指派"),
    InboxAct.SNOOZED: _("暂缓 30 分钟"),
    InboxAct.CLOSED: _("了结"),
}
STEP_WORDS: Final = {
    InboxAct.TAKEN: _("{by} 来处理"),
    InboxAct.CONTACTED: _("{by} 已联系"),
    InboxAct.ASSIGNED: _("{by} 指派给 {whom}"),
    InboxAct.SNOOZED: _("{by} 暂缓"),
    InboxAct.CLOSED: _("{by} 了结"),
}
NEEDS_NOTE: Final = _("请写明原因。")
NEEDS_WHOM: Final = _("请填写负责人的用户名。")
NOT_THEIRS: Final = _("没有这个用户，或不在其范围内。")
TO_COME: Final = _("请填今天或以后的日期。")
TOO_LONG: Final = _("最多 {n} 个字。")
NO_NUMBER: Final = _("请不要写电话号码和身份证号：备注会一直保留。")
IS_OVER: Final = _("这件事已经结束。")
