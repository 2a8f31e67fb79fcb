"""`zaigang-hub holidays` as somebody at the hub's machine meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.database.tables import HolidayRow
from tests.hub.test_holidays import JOINED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hub.importing.desk import Desk


def test_a_notice_is_looked_at_and_then_entered(city: Desk, said: Any, tmp_path: Path) -> None:
    file = tmp_path / "通知.txt"
    file.write_text(JOINED, encoding="utf-8-sig")

    status, printed = said("holidays", "paste", str(file), "--dry-run")
    assert (status, city.rows(HolidayRow)) == (0, [])
    assert "2027-01-31 Sun work 春节" in printed
    assert "dry run: nothing was written" in printed

    assert said("holidays", "paste", str(file))[0] == 0
    assert len(city.rows(HolidayRow)) == 29
    assert "2027-10-01 Fri off 国庆节\n" in said("holidays", "show", "2027")[1]


def test_a_slip_in_a_notice_is_told_and_nothing_is_entered(city: Desk, said: Any, tmp_path: Path) -> None:
    file = tmp_path / "通知.txt"
    file.write_text(JOINED.replace("1月1日（周五）", "1月1日（周四）"), encoding="utf-8")

    status, printed = said("holidays", "paste", str(file))

    assert (status, city.rows(HolidayRow)) == (1, [])
    assert "2027-01-01 is a 周五" in printed


def test_the_published_year_is_shown_and_an_unknown_one_is_said_to_be(said: Any) -> None:
    assert "2026-10-10 Sat work 国庆节\n国办发明电〔2025〕7号\n" in said("holidays", "show", "2026")[1]
    assert said("holidays", "show", "2031")[0] == 1
    assert said("holidays", "set", "2026-10-08", "off", "--name", "国庆节")[0] == 0
    assert "2026-10-08 Thu off 国庆节" in said("holidays", "show", "2026")[1]
