"""The invented city as the spreadsheets that `zaigang-hub import` reads: UTF-8 with Chinese headers, one file a form.

Some cards are written as a reader of decimal numbers would have told them, since real lists are not of one kind.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from simulator.acts import SimCard
from simulator.city import SimCity

SINCE: Final = "2026-01-05"  # a Monday before any virtual day


def write_spreadsheets(city: SimCity, folder: Path) -> list[Path]:
    """Write all files, and give them in the order in which one builds on another."""
    district_codes = {name: f"d{number}" for number, name in enumerate(city.districts, 1)}
    return [
        _write(folder / "城市.csv", ("城市", "命名规则"), [(city.name, "普洱")]),
        _write(folder / "区县.csv", ("区县编号", "区县名称"), [(code, name) for name, code in district_codes.items()]),
        _write(
            folder / "站点.csv",
            ("站点编号", "站点名称", "简称", "区县", "类别", "负责人", "副负责人"),
            [
                (s.code, s.name, s.short_name, s.district, s.kind, f"站长{number:03}", f"副站长{number:03}")
                for number, s in enumerate(city.stations, 1)
            ],
        ),
        _write(
            folder / "终端.csv",
            ("终端编号", "站点编号", "入口", "启用日期"),
            [
                (kiosk, s.code, entrance, SINCE)
                for s in city.stations
                for kiosk, entrance in zip(s.kiosks, ("正门", "侧门"), strict=False)
            ],
        ),
        _write(
            folder / "志愿者.csv",
            ("志愿者编号", "姓名", "所属站点", "培训日期"),
            [(v.person, v.name, " ".join(filter(None, (v.station, v.also))), SINCE) for v in city.volunteers],
        ),
        _write(
            folder / "卡.csv",
            ("卡号", "卡技术", "卡号格式", "志愿者编号"),
            [(*_spell(card), v.person) for v in city.volunteers for card in v.cards],
        ),
    ]


def _spell(card: SimCard) -> tuple[str, str, str]:
    if card.chip == "classic":
        return str(int.from_bytes(card.number, "little")), "M1", "十进制反序"
    return card.number.hex(":").upper(), "NTAG", "十六进制"


def _write(path: Path, header: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(lines)
    return path
