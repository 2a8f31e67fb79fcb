"""The eleven kinds of host that the Pu'er notice knows (附件2 四), with their hours and who oversees them.

A template only: a station may keep other hours (附件2 四 备注1), a city name other authorities. On which
weekdays a kind is open the notice does not say; that is our assumption, and adjustable per station.
"""

from dataclasses import dataclass
from typing import Final

from station.hours import WEEK, Span, Spans

_USUAL: Final[Spans] = (Span(8 * 60, 11 * 60 + 30), Span(14 * 60 + 30, 17 * 60 + 30))
_BANK: Final[Spans] = (Span(9 * 60, 11 * 60 + 30), Span(14 * 60 + 30, 17 * 60))
_WORKDAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of host.

    Attributes:
        code: as it stands in tables, on the wire and in the API.
        zh: as the notice calls it.
        aliases: what else a spreadsheet may call it.
        authority: the business authority as the notice names it (附件1 四(三), (五)), without the city's name.
        spans: the hours of an open day.
        workdays_only: open Monday to Friday, else every day.
    """

    code: str
    zh: str
    en: str
    authority: str
    aliases: tuple[str, ...] = ()
    spans: Spans = _USUAL
    workdays_only: bool = False

    @property
    def keeps_holidays(self) -> bool:
        """Whether the template closes on statutory holidays, and opens on make-up workdays."""
        return self.workdays_only

    @property
    def weekly(self) -> tuple[Spans, ...]:
        """The template's week, Monday first."""
        days_open = _WORKDAYS if self.workdays_only else WEEK
        return (self.spans,) * days_open + ((),) * (WEEK - days_open)


_COUNTY_OFFICE: Final = "县（区）文明办"
_CULTURE_BUREAU: Final = "市文旅局"

KINDS: Final[dict[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind("hospital", "医院", "hospital", "市卫计委"),
        Kind(
            "bank", "银行", "bank", "人行中心支行、市银保监分局",
            aliases=("银行网点",), spans=_BANK, workdays_only=True,
        ),
        Kind("community", "社区", "community", _COUNTY_OFFICE, workdays_only=True),
        Kind("transport", "车站、机场", "station or airport", "市交运局", aliases=("车站", "机场", "车站机场")),
        Kind(
            "culture", "公共文化场所", "cultural venue", _CULTURE_BUREAU,
            aliases=("公共文化设施", "图书馆", "文化馆", "博物馆", "科技馆"),
        ),
        Kind("scenic", "景区景点", "scenic spot", _CULTURE_BUREAU, aliases=("景区", "景点")),
        Kind(
            "government", "政务服务中心", "government service centre", "市政务服务管理局",
            aliases=("政务服务大厅", "政务中心"), workdays_only=True,
        ),
        Kind(
            "telecom", "电信、移动营业厅", "telecom shop", "中国电信、中国移动分公司",
            aliases=("电信营业厅", "移动营业厅", "电信移动营业厅", "营业厅"),
        ),
        Kind("supermarket", "超市", "supermarket", "市商务局", aliases=("商场", "超市、商场")),
        Kind("park", "公园广场", "park or square", _COUNTY_OFFICE, aliases=("公园", "广场")),
        Kind("hotel", "宾馆酒店", "hotel", _CULTURE_BUREAU, aliases=("宾馆", "酒店")),
    )
}  # fmt: skip

_BY_NAME: Final = {name: kind for kind in KINDS.values() for name in (kind.code, kind.zh, kind.en, *kind.aliases)}


def kind_named(text: str) -> Kind | None:
    """The kind that a person calls so, by code, Chinese or English; None if there is none."""
    return _BY_NAME.get(text.strip().lower())
