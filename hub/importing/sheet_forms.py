"""The sheets that can be imported: what they are called, which columns they have and what a cell of each may hold.

Data only; `recognising` finds out which form a grid has, `reading` reads its cells.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.register.naming import NAMING_WORDS
from hub.register.terms import MAX_ON_DUTY
from hub.typed import cells
from hub.typed.card_number import FORMAT_WORDS, TECHNOLOGY_WORDS
from hub.typed.hours_text import read_day_hours, read_hours, read_weekdays

MAX_STAR: Final = 5


class FormName(StrEnum):
    """The forms, in the order in which one builds on another."""

    CITY = "city"
    DISTRICTS = "districts"
    AUTHORITIES = "authorities"
    STATIONS = "stations"
    KIOSKS = "kiosks"
    VOLUNTEERS = "volunteers"
    CARDS = "cards"
    SPECIAL_DAYS = "special days"
    SHIFTS = "shifts"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: as it is called in code, and in English headers.
        aliases: what else a header may say; the first is the one that messages and docs use.
        read: turns a cell that is not empty into its value, or raises `CellError`.
        required: no cell of it is empty, and the column must be there for a line that is new.
        private: what a cell holds is never shown.
    """

    name: str
    aliases: tuple[str, ...]
    read: Callable[[str], object] = cells.text
    required: bool = False
    private: bool = False

    @property
    def shown(self) -> str:
        """How messages call it where the sheet does not have it."""
        return f"{self.aliases[0]} ({self.name})"


@dataclass(frozen=True, slots=True)
class SheetForm:
    """One kind of sheet.

    Attributes:
        titles: what the sheet or file may be called.
        keys: the columns by which other sheets refer to a line of this one.
        needs: the columns without which no line can be read; all that are required where none is named. With these
            alone and some others a sheet changes just those.
    """

    name: FormName
    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    keys: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What a sheet of it is called."""
        return next(title for title in self.titles if not title.isascii())

    def is_needed(self, column: Column) -> bool:
        """Whether a sheet must have that column."""
        return column.name in self.needs if self.needs else column.required

    def shown(self, name: str) -> str:
        """How messages call a column of that name."""
        return next((column.shown for column in self.columns if column.name == name), name)


_STATION = Column(
    "station", ("站点编号", "站点代码", "station_code", "所属站点编号"), cells.station_code, required=True
)
_KIND = Column("kind", ("类别", "站点类别", "类型"), cells.kind, required=True)
_VOLUNTEER_ALIASES = ("志愿者编号", "编号", "volunteer_number")

FORMS: Final[tuple[SheetForm, ...]] = (
    SheetForm(
        FormName.CITY,
        ("city", "城市"),
        (
            Column("city", ("城市", "城市名称", "name"), required=True),
            Column("naming", ("命名规则", "名称规则"), cells.one_of(NAMING_WORDS)),
        ),
    ),
    SheetForm(
        FormName.DISTRICTS,
        ("districts", "district", "区县", "县区"),
        (
            Column("code", ("区县编号", "区县代码", "编号", "district_code"), cells.code, required=True),
            Column("name", ("区县名称", "区县", "名称", "district"), required=True),
        ),
        keys=("code", "name"),
        needs=("code",),
    ),
    SheetForm(
        FormName.AUTHORITIES,
        ("authorities", "authority", "业务主管单位", "主管单位"),
        (_KIND, Column("authority", ("业务主管单位", "主管单位"), required=True)),
    ),
    SheetForm(
        FormName.STATIONS,
        ("stations", "station", "站点"),
        (
            Column("code", ("站点编号", "站点代码", "编号", "station_code"), cells.code, required=True),
            Column("name", ("站点名称", "名称"), required=True),
            Column("short_name", ("简称", "站点简称")),
            Column("district", ("区县", "所属区县", "区县编号"), required=True),
            _KIND,
            Column("authority", ("业务主管单位", "主管单位")),
            Column("lead", ("负责人", "站长"), cells.person_name, private=True),
            Column("lead_telephone", ("负责人电话", "站长电话"), cells.telephone, private=True),
            Column("telephone", ("站点电话",), cells.telephone, private=True),
            Column("deputy", ("副负责人", "副站长"), cells.person_name, private=True),
            Column("hours", ("服务时间", "开放时间"), read_hours),
            Column("keeps_holidays", ("节假日休息", "节假日"), cells.yes_or_no),
            Column("valid_from", ("生效日期", "时间生效日期"), cells.day),
            Column("minimum", ("最低在岗", "最低在岗人数"), cells.whole(1, MAX_ON_DUTY)),
            Column("target", ("应在岗", "应在岗人数", "目标在岗"), cells.whole(1, MAX_ON_DUTY)),
            Column("opened_on", ("开放日期", "开站日期"), cells.day),
            Column("closed_on", ("关闭日期", "撤销日期"), cells.day),
        ),
        keys=("code",),
        needs=("code",),
    ),
    SheetForm(
        FormName.KIOSKS,
        ("kiosks", "kiosk", "终端", "打卡机", "设备"),
        (
            Column("kiosk", ("终端编号", "设备编号", "kiosk_id", "id"), cells.code, required=True),
            _STATION,
            Column("entrance", ("入口", "位置", "安装位置")),
            Column("in_service_from", ("启用日期",), cells.day),
            Column("in_service_to", ("停用日期",), cells.day),
        ),
        needs=("kiosk",),
    ),
    SheetForm(
        FormName.VOLUNTEERS,
        ("volunteers", "volunteer", "志愿者"),
        (
            Column("number", _VOLUNTEER_ALIASES, cells.volunteer_number, required=True, private=True),
            Column("name", ("姓名", "full_name"), cells.person_name, required=True, private=True),
            Column("stations", ("所属站点", "站点编号", "station"), cells.station_codes),
            Column("star", ("星级",), cells.whole(0, MAX_STAR)),
            Column("trained_on", ("培训日期", "培训合格日期"), cells.day),
            Column("registered_on", ("注册日期",), cells.day),
            Column("left_on", ("离开日期", "退出日期"), cells.day),
            Column("telephone", ("联系电话", "电话", "手机", "手机号", "手机号码"), cells.telephone, private=True),
            Column("agreed_on", ("同意联系日期",), cells.day),
        ),
        keys=("number",),
        needs=("number",),
    ),
    SheetForm(
        FormName.CARDS,
        ("cards", "card", "卡", "卡片", "发卡"),
        (
            Column("number", ("卡号", "card_number"), required=True, private=True),
            Column("technology", ("卡技术", "卡类型", "技术"), cells.one_of(TECHNOLOGY_WORDS), required=True),
            Column("number_format", ("卡号格式", "格式", "format"), cells.one_of(FORMAT_WORDS), required=True),
            Column("number_prefix", ("卡号前缀", "前缀", "prefix"), private=True),
            Column("volunteer", ("志愿者编号", "volunteer_number", "持卡人编号"), cells.volunteer_number, private=True),
            Column("held_since", ("持卡自", "发卡日期"), cells.moment),
            Column("status", ("状态", "卡状态"), cells.lost),
            Column("lost_since", ("挂失日期", "丢失日期"), cells.moment),
        ),
    ),
    SheetForm(
        FormName.SPECIAL_DAYS,
        ("special_days", "特殊日", "临时安排", "停开"),
        (
            Column("day", ("日期", "首日"), cells.day, required=True),
            Column("until", ("至日期", "末日"), cells.day),
            Column("district", ("区县", "区县编号")),
            Column("kind", ("类别", "站点类别"), cells.kind),
            Column("station", ("站点编号", "站点代码", "station_code"), cells.station_code),
            Column("hours", ("服务时间", "开放时间", "当天时间"), read_day_hours, required=True),
            Column("reason", ("原因", "事由"), cells.public_reason),
        ),
    ),
    SheetForm(
        FormName.SHIFTS,
        ("shifts", "值班表", "排班表", "值班安排"),
        (
            _STATION,
            Column("weekday", ("星期", "周几"), read_weekdays),
            Column("day", ("日期", "值班日期"), cells.day),
            Column("hours", ("时段", "值班时段", "时间"), read_day_hours, required=True),
            Column("people", ("值班人员", "人员", "志愿者编号"), cells.people, private=True),
            Column("names", ("姓名",), cells.unread, private=True),
            Column("valid_from", ("生效日期",), cells.day),
            Column("reason", ("说明", "原因")),
        ),
        needs=("station", "hours", "people"),
    ),
    SheetForm(
        FormName.WEEKS,
        ("weeks", "服务时间", "开放时间", "服务时间表"),
        (
            _STATION,
            Column("valid_from", ("生效日期",), cells.day),
            Column("hours", ("服务时间", "开放时间"), read_hours, required=True),
            Column("keeps_holidays", ("节假日休息", "节假日"), cells.yes_or_no),
            Column("minimum", ("最低在岗", "最低在岗人数"), cells.whole(1, MAX_ON_DUTY)),
            Column("target", ("应在岗", "应在岗人数", "目标在岗"), cells.whole(1, MAX_ON_DUTY)),
        ),
        needs=("station", "hours"),
    ),
)
