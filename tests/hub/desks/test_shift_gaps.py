"""Which coming periods have nobody on the roster: on the page, in the sheets, in 待办, and for programs."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from hub.changing import commands as asked
from hub.register.holidays import DaySort
from hub.register.shifts import NO_SHIFTS, shifts_of
from hub.rights import Grant, Reach, Role
from tests.hub.desks.test_desks import CITY, LEAD, NORTH, main_of, send
from tests.hub.desks.test_shifts_page import AT, give
from tests.hub.pages.board_source import TODAY
from tests.hub.running import until

if TYPE_CHECKING:
    import httpx2

    from hub.register.shifts import ShiftWeek
    from tests.hub.gate.conftest import GuardedHub

MORNING_ONLY: ShiftWeek = (shifts_of([(540, 690, ["p1"])]),) * 7
FRIDAY = date(2026, 3, 6)
API = "/api/v1/shifts/lacking"
NO_ROSTER = (3, 3, 4)


@pytest.fixture
def planned(desks: GuardedHub) -> GuardedHub:
    """ZG-02 of D-1 has nobody in any afternoon; no other keeps a roster."""
    assert FRIDAY.toordinal() - TODAY.toordinal() == 1
    give(desks, asked.PlanWeek("ZG-02", TODAY, MORNING_ONLY))
    return desks


def lacking(client: httpx2.Client, query: str = "") -> list[tuple[str, str, str, str]]:
    return [(one["station"], one["day"], one["opens"], one["lacks"]) for one in client.get(f"{API}{query}").json()]


def test_tomorrows_afternoon_has_nobody_and_what_keeps_no_roster_is_told_apart(planned: GuardedHub) -> None:
    with planned.ask(planned.session("chen", CITY)) as client:
        page = main_of(client.get("/shifts"))
        assert "1 站有时段无人值班，0 站人数不足" in page
        assert "14:30–17:00" in page
        assert "市图书馆" not in page
        assert "市图书馆" in main_of(client.get("/shifts?gap=no_roster"))
        assert lacking(client) == [("ZG-02", "2026-03-06", "14:30", "nobody")]
        week = lacking(client, "?days=7")
        assert [day for _, day, _, _ in week] == ["2026-03-06", *(f"2026-03-{day:02}" for day in range(9, 13))]
        assert lacking(client, "?kind=hospital") == []


@pytest.mark.parametrize("query", ["?days=30", "?kind=%E9%93%B6%E8%A1%8C", "?district=nowhere", "?district=D-2"])
def test_a_program_that_asks_for_what_there_is_not_is_told_so_and_hears_of_nothing_else(
    planned: GuardedHub, query: str
) -> None:
    """It asked for 30 days and got one, for 银行 and got all kinds, and for a district that is none: nobody lacks."""
    with planned.ask(planned.session("li", NORTH)) as client:
        assert client.get(f"{API}{query}").status_code == 422
        if "district" in query:
            assert client.get(f"/api/v1/alarms{query}").status_code == 422
            assert client.get("/api/v1/alarms?district=D-1").status_code == 200


def test_how_many_days_is_a_number_for_programs_as_ever(planned: GuardedHub) -> None:
    with planned.ask(planned.session("chen", CITY)) as client:
        told = client.get("/openapi.json").json()["paths"][API]["get"]["parameters"]
        assert [one["schema"]["type"] for one in told if one["name"] == "days"] == ["integer"]
        assert "wanted is 1 or 7" in client.get(f"{API}?days=30").text
        assert client.get(f"{API}?days=7").status_code == 200


def test_districts_are_offered_in_the_order_of_their_codes(planned: GuardedHub) -> None:
    give(planned, asked.EnterStation("A-01", "云溪县银行", district="D-3", kind="bank"))
    with planned.ask(planned.session("chen", CITY)) as client:
        offered = re.findall(r'<option value="(D-\d)"', main_of(client.get("/shifts")))

    assert offered == ["D-1", "D-2", "D-3"]


def test_fewer_than_the_minimum_is_too_few(planned: GuardedHub) -> None:
    give(planned, asked.SetTerms("ZG-02", TODAY, minimum=2, target=2))

    with planned.ask(planned.session("chen", CITY)) as client:
        assert lacking(client) == [("ZG-02", "2026-03-06", "09:00", "few"), ("ZG-02", "2026-03-06", "14:30", "nobody")]
        assert lacking(client, "?lacks=few") == [("ZG-02", "2026-03-06", "09:00", "few")]


@pytest.mark.parametrize(
    "away",
    [
        asked.SetSpecialDay("ZG-02", FRIDAY, (), "检修"),
        asked.SetSharedDay(FRIDAY, (), "全市停开"),
        asked.PlanWeek("ZG-02", TODAY, NO_SHIFTS),
        asked.SetShiftDay("ZG-02", FRIDAY, shifts_of([(540, 1020, ["p1"])])),
    ],
    ids=["closed", "closed with others", "no roster any more", "somebody swaps"],
)
def test_nothing_lacks_where_it_is_closed_or_somebody_is_on_it(planned: GuardedHub, away: asked.CityCommand) -> None:
    give(planned, away)

    with planned.ask(planned.session("chen", CITY)) as client:
        assert lacking(client) == []
        assert [one for one in client.get("/api/v1/inbox").json() if one["kind"] == "shifts"] == []


def test_a_holiday_takes_the_expectation_away(planned: GuardedHub) -> None:
    give(planned, asked.SetTerms("ZG-02", TODAY, keeps_holidays=True))
    give(planned, asked.SetHoliday(FRIDAY, DaySort.OFF, "样本节"))

    with planned.ask(planned.session("chen", CITY)) as client:
        assert lacking(client) == []


def test_each_sees_the_gaps_of_the_own_stations(planned: GuardedHub) -> None:
    for name, grant, sees in (
        ("zhao", LEAD, True),
        ("li", NORTH, True),
        ("sun", Grant(Role.COUNTY, Reach("D-2")), False),
        ("qian", Grant(Role.AUTHORITY, Reach(kind="bank")), True),
        ("zhou", Grant(Role.FEDERATION), True),
    ):
        with planned.ask(planned.session(name, grant)) as client:
            assert bool(lacking(client)) == sees, name
            waiting = [one for one in client.get("/api/v1/inbox").json() if one["kind"] == "shifts"]
            assert bool(waiting) == sees, name


def test_it_waits_in_the_inbox_with_a_way_to_mend_it(planned: GuardedHub) -> None:
    with planned.ask(planned.session("zhao", LEAD)) as client:
        page = main_of(client.get("/inbox?kind=shifts"))
        assert "明天 14:30–17:00 无人值班" in page
        assert f"{AT}/day?day=2026-03-06" in page
        assert "无人" in main_of(client.get(f"{AT}/day?day=2026-03-06"))


def test_stations_that_keep_no_roster_wait_as_one_line_a_district_until_it_is_closed_for_the_month(
    planned: GuardedHub,
) -> None:
    def waiting(client: httpx2.Client) -> list[tuple[str, str]]:
        found = client.get("/api/v1/inbox", headers={"Accept-Language": "zh"}).json()
        return [(one["key"], one["what"]) for one in found if one["kind"] == "no_roster"]

    with planned.ask(planned.session("chen", CITY)) as city, planned.ask(planned.session("li", NORTH)) as north:
        assert sorted(said for _, said in waiting(city)) == [f"明天开放的站点有 {n} 个没有排班" for n in NO_ROSTER]
        [(key, _)] = waiting(north)
        page = north.get("/inbox?kind=no_roster").text
        assert "/shifts?gap=no_roster&amp;district=D-1" in page
        assert send(north, f"/inbox/{key}/closed", **{f"note__{key}": "不用排班"}).status_code == 303
        until(lambda: waiting(north) == [])
        assert len(waiting(city)) == len(NO_ROSTER) - 1
    with planned.ask(planned.session("zhao", LEAD)) as lead:
        assert waiting(lead) == []


def test_a_city_in_which_nobody_keeps_a_roster_is_not_asked_for_any(desks: GuardedHub) -> None:
    with desks.ask(desks.session("chen", CITY)) as client:
        assert [one for one in client.get("/api/v1/inbox").json() if one["kind"] == "no_roster"] == []


def test_the_sheets_say_the_same_and_no_name(planned: GuardedHub) -> None:
    with planned.ask(planned.session("chen", CITY)) as client:
        head, *lines = csv.reader(io.StringIO(client.get("/shifts/sheet.csv?days=7").content.decode("utf-8-sig")))
        book = openpyxl.load_workbook(io.BytesIO(client.get("/shifts/sheet.xlsx?days=7").content))
        assert client.get("/shifts/sheet.pdf").status_code == 404

    assert head == ["编号", "名称", "区县", "类别", "日期", "开始", "结束", "应到人数", "最低人数", "情况"]
    assert lines[0][4:] == ["2026-03-06", "14:30", "17:00", "0", "1", "无人值班"]
    assert len(lines) == 5
    assert book.active is not None
    assert [[str(cell) for cell in row] for row in book.active.iter_rows(min_row=2, values_only=True)] == lines
    assert "样本1" not in str(lines)


def test_a_program_plans_by_the_same_commands_and_is_refused_by_the_same_words(desks: GuardedHub) -> None:
    day = [{"opens_min": 540, "closes_min": 690, "people": ["p1"]}]
    with desks.ask(desks.session("zhao", LEAD)) as client:
        api = "/api/v1/stations/ZG-02/shifts"
        week = {"since": "2026-03-05", "week": [day, [], [], [], [], [], []]}
        assert client.put(f"{api}/week", json=week).status_code == 204
        assert client.put(f"{api}/days/2026-03-06", json={"shifts": day, "reason": "对调"}).status_code == 204

        told = client.get(api).json()

        assert told == {"weeks": [week], "days": {"2026-03-06": day}, "people": {"p1": "样本1"}}
        assert client.put(f"{api}/days/2026-03-06", json={"shifts": None}).status_code == 204
        strange = [{**day[0], "people": ["p2"]}]
        refused = client.put(f"{api}/days/2026-03-06", json={"shifts": strange})
        assert (refused.status_code, refused.json()["detail"][0]["field"]) == (409, "people")
        assert client.put(f"{api}/days/2026-03-01", json={"shifts": day}).status_code == 409
        wrong = [{**day[0], "closes_min": 540}]
        assert client.put(f"{api}/days/2026-03-06", json={"shifts": wrong}).status_code == 422
        assert client.put("/api/v1/stations/ZG-05/shifts/week", json=week).status_code == 404
        assert client.get("/api/v1/stations/ZG-05/shifts").status_code == 404


def test_of_two_programs_that_plan_one_station_the_second_is_told(desks: GuardedHub) -> None:
    day = [{"opens_min": 540, "closes_min": 690, "people": ["p1"]}]
    week = {"since": "2026-03-05", "week": [day, [], [], [], [], [], []]}
    api = "/api/v1/stations/ZG-02/shifts"
    with desks.ask(desks.session("zhao", LEAD)) as one, desks.ask(desks.session("qian", CITY)) as other:
        read = one.get(api).headers["ETag"]
        first = other.put(f"{api}/days/2026-03-06", json={"shifts": day}, headers={"If-Match": read})

        late = one.put(f"{api}/week", json=week, headers={"If-Match": read})

        assert (first.status_code, late.status_code) == (204, 412)
        [said] = late.json()["detail"]
        assert (said["field"], said["found"]) == ("If-Match", read)
        assert "changed by qian at 2026-03-05T" in said["wanted"]
        assert one.get(api).json()["weeks"] == []
        now = one.get(api).headers["ETag"]
        assert now == first.headers["ETag"] == late.headers["ETag"] != read
        again = one.put(f"{api}/week", json=week, headers={"If-Match": f'"of another time", {now}'})
        assert again.status_code == 204
        asks_for_any = [{"If-Match": again.headers["ETag"]}, {"If-Match": "*"}, {}]
        taken_back = [one.put(f"{api}/days/2026-03-06", json={"shifts": None}, headers=each) for each in asks_for_any]
        assert [each.status_code for each in taken_back] == [204, 204, 204]


def test_a_stations_roster_goes_out_as_a_sheet(planned: GuardedHub) -> None:
    with planned.ask(planned.session("zhao", LEAD)) as client:
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{AT}/sheet.xlsx").content))
        assert client.get("/stations/ZG-05/shifts/sheet.xlsx").status_code == 404

    rows = list(book["值班表"].iter_rows(min_row=2, values_only=True))
    assert rows == [("ZG-02", "周一至周日", None, "09:00-11:30", "N1", "样本1", "2026-03-05", None)]
