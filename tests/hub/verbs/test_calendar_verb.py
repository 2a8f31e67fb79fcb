"""`zaigang-hub calendar` as somebody at the hub's machine meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.__main__ import main
from hub.database.tables import SharedDay, SpecialDay, TermsRow

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hub.importing.desk import Desk


def station_of(city: Desk) -> str:
    return str(city.rows(TermsRow)[0]["station"])


def test_a_day_for_all_is_shown_before_it_is_said_and_is_in_each_stations_days(city: Desk, said: Any) -> None:
    code = station_of(city)
    status, printed = said(
        "calendar", "special", "2026-03-12", "09:00-10:00", "--city", "--reason", "演练", "--dry-run"
    )

    assert (status, city.rows(SharedDay)) == (0, [])
    assert "2026-03-12 Thu  " in printed
    assert "-> 09:00-10:00" in printed
    assert said("calendar", "special", "2026-03-12", "09:00-10:00", "--city", "--reason", "演练")[0] == 0
    assert "2026-03-12 Thu  09:00-10:00  shared 演练\n" in said("calendar", "show", code)[1]


def test_a_stations_own_day_goes_before_the_citys_and_a_stretch_is_taken_back(city: Desk, said: Any) -> None:
    code = station_of(city)
    said("calendar", "special", "2026-03-12", "closed", "--until", "2026-03-14", "--city", "--reason", "停电")
    said("calendar", "special", "2026-03-13", "08:00-09:00", "--station", code, "--reason", "值班")

    shown = said("calendar", "show", code)[1]
    assert "2026-03-12 Thu  closed  shared 停电\n2026-03-13 Fri  08:00-09:00  special 值班\n" in shown
    said("calendar", "special", "2026-03-12", "usual", "--until", "2026-03-14", "--city")
    assert city.rows(SharedDay) == []


def test_past_days_want_a_reason_and_tell_from_when_they_are_judged_anew(city: Desk, said: Any) -> None:
    code = station_of(city)

    status, printed = said("calendar", "special", "2026-03-02", "closed", "--station", code)
    assert (status, city.rows(SpecialDay)) == (1, [])
    assert f"the past is judged anew from 2026-03-02 on: {code}" in printed
    assert said("calendar", "special", "2026-03-02", "closed", "--station", code, "--why", "停水")[0] == 0


def test_a_days_hours_that_name_a_weekday_are_refused_and_close_nothing(city: Desk, said: Any) -> None:
    code = station_of(city)

    for hours in ("周六 09:00-12:00", "每天 09:00-12:00", "20:00-次日02:00"):
        status, printed = said("calendar", "special", "2026-03-14", hours, "--station", code, "--reason", "加班")
        assert (status, "hours of one day without its name" in printed) == (1, True), printed
    assert city.rows(SpecialDay) == []


def test_hours_like_another_stations_are_those_of_the_day_from_which_they_hold(city: Desk, said: Any) -> None:
    one, other = sorted({str(row["station"]) for row in city.rows(TermsRow)})[:2]
    said("calendar", "hours", other, "每天 10:00-11:00")
    said("calendar", "hours", other, "每天 13:00-14:00", "--since", "2027-01-01")

    assert said("calendar", "hours", one, f"like:{other}")[0] == 0
    assert "10:00-11:00" in said("calendar", "show", one)[1]


def test_a_week_far_ahead_is_told_though_its_days_are_not_listed(city: Desk, said: Any) -> None:
    code = station_of(city)

    printed = said("calendar", "hours", code, "09:00-10:00", "--since", "2036-03-03", "--dry-run")[1]
    assert f"from 2036-03-03 on, further ahead than is shown: {code}" in printed


def test_limits_are_set_in_minutes_and_a_figure_that_cannot_be_is_refused(city: Desk, said: Any) -> None:
    code = station_of(city)

    assert said("calendar", "limits", code, "--grace", "20", "--budget", "10")[0] == 0
    assert '{"budget":600.0,"grace":1200.0}' in [row["limits"] for row in city.rows(TermsRow) if row["station"] == code]
    status, printed = said("calendar", "limits", code, "--grace", "2000")
    assert (status, "up to a day" in printed) == (1, True)


def test_a_week_by_hand_of_another_station_and_of_the_template(city: Desk, said: Any) -> None:
    code = station_of(city)

    assert said("calendar", "hours", code, "周一至周五 09:00-10:00", "--holidays", "keep")[0] == 0
    assert "2026-04-06 Mon  closed" not in said("calendar", "show", code)[1]
    assert "2026-04-06 Mon  closed  holiday 清明节" in said("calendar", "show", code, "--since", "2026-04-01")[1]
    assert said("calendar", "hours", code, "template", "--since", "2026-05-01")[0] == 0
    status, printed = said("calendar", "hours", code, "like:NONE")
    assert (status, "no station 'NONE'" in printed) == (1, True)


def test_bad_calendars_are_refused_with_the_reason_and_nothing_is_kept(city: Desk, said: Any) -> None:
    code = station_of(city)
    before = city.rows(TermsRow)

    for hours, wanted in (
        ("休息", "an open day"), ("09:00-08:00", "from earlier to later"), ("09:00-11:00 10:00-12:00", "without overlap"),
        ("25:00-26:00", "00:00 and 24:00"),
    ):  # fmt: skip
        status, printed = said("calendar", "hours", code, hours)
        assert (status, wanted in printed) == (1, True), printed
    assert said("calendar", "special", "2026-03-12", "closed")[0] == 1
    assert city.rows(TermsRow) == before


def test_special_days_go_out_as_a_sheet_and_come_in_again(city: Desk, said: Any, tmp_path: Path) -> None:
    code = station_of(city)
    said(
        "calendar", "special", "2026-03-12", "closed", "--until", "2026-03-14", "--kind", "hospital", "--reason", "停电"
    )
    said("calendar", "special", "2026-03-13", "08:00-09:00", "--station", code, "--reason", "值班")
    file = tmp_path / "特殊日.csv"
    assert said("calendar", "export", str(file))[0] == 0
    assert "2026-03-12,2026-03-14,,hospital,,休息,停电" in file.read_text(encoding="utf-8-sig")
    before = city.rows(SharedDay), city.rows(SpecialDay)
    for day in ("2026-03-12", "2026-03-13", "2026-03-14"):
        said("calendar", "special", day, "usual", "--kind", "hospital")
    said("calendar", "special", "2026-03-13", "usual", "--station", code)
    assert (city.rows(SharedDay), city.rows(SpecialDay)) == ([], [])

    assert main(["import", str(file)]) == 0

    assert (city.rows(SharedDay), city.rows(SpecialDay)) == before


@pytest.mark.parametrize("reason", ["=1+1", "长" * 101, "请打 13800000000", "#REF!"])
def test_a_reason_that_no_sheet_takes_back_is_refused(
    city: Desk, said: Any, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        said("calendar", "special", "2026-03-12", "closed", "--city", "--reason", reason)

    assert "argument --reason: found" in capsys.readouterr().err
    assert city.rows(SharedDay) == []


def test_special_days_are_no_workbook(city: Desk, said: Any, tmp_path: Path) -> None:
    file = tmp_path / "days.xlsx"

    assert said("calendar", "export", str(file)) == (
        1, f"{file} would be CSV by another name; wanted is a name that ends in .csv\n",
    )  # fmt: skip
    assert not file.exists()


def test_a_sheet_with_a_backward_stretch_is_refused_whole(city: Desk, tmp_path: Path) -> None:
    file = tmp_path / "特殊日.csv"
    file.write_text(
        "日期,至日期,区县,类别,站点编号,服务时间,原因\n2026-05-02,,,,,休息,甲\n2026-05-09,2026-05-01,,,,休息,乙\n",
        encoding="utf-8",
    )

    assert main(["import", str(file)]) == 1
    assert city.rows(SharedDay) == []
