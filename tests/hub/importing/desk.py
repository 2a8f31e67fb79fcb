"""A small hub to import into, and a small city to import. Nobody in it exists."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlmodel import SQLModel, select

from hub.changing.numbers import Telephones
from hub.importing.importer import Imported, Importer
from hub.importing.sheet_faults import ImportRefusedError
from hub.sealing import Safe
from station.hours import SHANGHAI

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)  # ten in the morning at the stations, a Thursday
SITE_KEY = bytes(range(32))

CITY = {
    "城市": [["城市", "命名规则"], ["例城", ""]],
    "区县": [["区县编号", "区县名称"], ["d1", "东例区"], ["d2", "西例县"]],
    "业务主管单位": [["类别", "业务主管单位"], ["医院", "例城卫健委"]],
    "站点": [
        ["站点编号", "站点名称", "区县", "类别", "负责人", "服务时间"],
        ["h1", "例城医院学雷锋志愿服务点", "东例区", "医院", "例甲子", ""],
        ["b1", "例城银行学雷锋志愿服务点", "d2", "银行", "", "周一至周五 09:00-12:00; 周六 10:00-12:00"],
    ],
    "终端": [["终端编号", "站点编号", "入口", "启用日期"], ["k1", "h1", "正门", "2026-01-05"], ["k2", "b1", "", ""]],
    "志愿者": [
        ["志愿者编号", "姓名", "所属站点", "星级", "培训日期"],
        ["V1", "例乙丑", "h1", "2", "2026/1/9"],
        ["V2", "例丙寅", "h1、b1", "", ""],
    ],
    "卡": [
        ["卡号", "卡技术", "卡号格式", "卡号前缀", "志愿者编号"],
        ["04:00:00:00:00:00:01", "NTAG", "hex", "", "V1"],
        ["62E3086CED", "em4100", "hex", "", "V2"],
    ],
}


@dataclass
class Desk:
    """Where an operator sits: writes sheets, imports them, looks into the tables."""

    folder: Path
    engine: Engine
    now: datetime = NOW
    sheets: dict[str, list[list[str]]] = field(
        default_factory=lambda: {title: [list(line) for line in lines] for title, lines in CITY.items()}
    )

    @property
    def telephones(self) -> Telephones:
        """What seals numbers."""
        return Telephones(Safe(self.folder))

    def change(self, title: str, line: int, column: str, text: str) -> None:
        """Retype one cell; lines count from 1, the header's."""
        lines = self.sheets[title]
        if column not in lines[0]:
            for cells in lines:
                cells.append(column if cells is lines[0] else "")
        lines[line - 1][lines[0].index(column)] = text

    def write(self, encoding: str = "utf-8") -> list[Path]:
        """Write all sheets, a CSV each."""
        return [self.write_one(title, encoding) for title in self.sheets]

    def write_one(self, title: str, encoding: str = "utf-8") -> Path:
        path = self.folder / f"{title}.csv"
        with path.open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows(self.sheets[title])
        return path

    def importer(self) -> Importer:
        return Importer(self.engine, SITE_KEY, lambda: self.now, SHANGHAI, "clerk", self.telephones)

    def import_all(self, *, dry_run: bool = False) -> Imported:
        return self.importer().import_files(self.write(), dry_run=dry_run)

    def faults(self) -> list[str]:
        """Import, and give the faults; none where it was taken."""
        return faults_of(self.importer(), self.write())

    def rows(self, model: type[SQLModel]) -> list[dict[str, object]]:
        with self.engine.connect() as connection:
            in_order = select(model).order_by(*inspect(model).primary_key)  # else as it lies there
            return [dict(row) for row in connection.execute(in_order).mappings()]

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """All rows of all tables."""
        with self.engine.connect() as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
                for table in SQLModel.metadata.sorted_tables
            }


def faults_of(importer: Importer, paths: list[Path]) -> list[str]:
    try:
        importer.import_files(paths)
    except ImportRefusedError as exc:
        return [str(fault) for fault in exc.faults.faults]
    return []
