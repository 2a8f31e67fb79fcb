"""Cities of any size, all well or in trouble, for a wall to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.hub.pages.board_source import CLOSED, MET, MINIMUM, MORNING, UNKNOWN, VACANT, at, make_row

if TYPE_CHECKING:
    from hub.presence.board_view import BoardRow

DISTRICTS = ("北湖区", "南山区", "云溪县", "东江区", "西岭县", "中和区", "临港区", "石泉县", "永安区", "青川县")
PLACES = (
    "人民医院",
    "工农银行",
    "柳荫社区",
    "汽车站",
    "图书馆",
    "望江亭景区",
    "政务服务中心",
    "电信营业厅",
    "惠民超市",
    "人民广场",
    "云溪宾馆",
)
KINDS = (
    "hospital",
    "bank",
    "community",
    "transport",
    "culture",
    "scenic",
    "government",
    "telecom",
    "supermarket",
    "park",
    "hotel",
)


def big_city(stations: int, state: str = "well") -> list[BoardRow]:
    """A city in one of its states: well, trouble (3 % vacant, 2 % unknown), storm (a third vacant), lost (most unknown)."""
    districts = DISTRICTS[: max(3, min(len(DISTRICTS), stations // 20))]
    rows = []
    for i in range(stations):
        district = i * len(districts) // stations
        place = PLACES[i % len(PLACES)]
        name = f"{districts[district]}{place}{i // len(PLACES) + 1}号学雷锋志愿服务点"
        row = make_row(f"S-{i:04}", name, districts[district], KINDS[i % len(KINDS)], MET, on_duty=2)
        rows.append(replace(row, district_code=f"5308{district:02}"))
    return [_in_state(row, i, state) for i, row in enumerate(rows)]


def _in_state(row: BoardRow, i: int, state: str) -> BoardRow:
    since = MORNING - timedelta(minutes=2 + i % 50)
    vacant = replace(row, duty_class=VACANT, on_duty=0, since=since, lead="吴* 139****0000")
    unknown = replace(row, duty_class=UNKNOWN, on_duty=0, since=since, kiosks_heard=0)
    closed = replace(row, duty_class=CLOSED, is_open=False, on_duty=0, next_change_at=at(14, 30))
    turned = (
        (state == "night", replace(closed, next_change_at=at(10, 10), kiosks_heard=0 if i % 5 == 0 else 1)),
        (state != "well" and i % 10 == 7, closed),
        (state == "storm" and i % 3 == 0, vacant),
        (state == "lost" and i % 4 > 0, unknown),
        (state == "trouble" and i % 33 == 3, vacant),
        (state == "trouble" and i % 50 == 9, unknown),
        (state == "trouble" and i % 25 == 5, replace(row, duty_class=MINIMUM, on_duty=1, since=since)),
    )
    return next((changed for is_so, changed in turned if is_so), row)
