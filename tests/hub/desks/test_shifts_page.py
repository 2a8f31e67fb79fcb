"""The duty roster on its pages: who sees it, who changes it, what is said where it cannot be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

from hub.changing import commands as asked
from hub.changing.history import read_history
from hub.changing.proposal import apply
from hub.database.shift_tables import ShiftDayRow, ShiftWeekRow
from hub.database.transactions import reading, writing
from hub.presence.board_view import ExpectedOne
from hub.register.shifts import NO_SHIFTS, read_shift_week, shifts_of
from hub.rights import Grant, Reach, Role
from hub.web.shifts.api import DaySaid
from station.hours import Span
from tests.hub.desks.test_desks import CITY, LEAD, main_of, rows, send
from tests.hub.desks.test_desks_in_chromium import come_in
from tests.hub.pages.board_source import MORNING, ZONE
from tests.hub.pages.conftest import chromium, onlooker
from tests.hub.pages.test_paper_in_chromium import on_paper, print_out

if TYPE_CHECKING:
    import httpx2

    from hub.changing.commands import CityCommand
    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

__all__ = ["chromium", "onlooker"]
AT = "/stations/ZG-02/shifts"
TO_PRESS = """
return [...document.querySelectorAll('main :is(button, [type=checkbox], .ask, .which)')].filter(e => e.checkVisibility()).length"""
TICKED = "return [...document.querySelectorAll('td input:checked')].map(box => box.name.split('-').pop())"


def give(desks: GuardedHub, *commands: CityCommand) -> None:
    with writing(desks.engine) as connection:
        assert not apply(connection, commands, by="root", at=MORNING, zone=ZONE).refusals


def fields_of(page: httpx2.Response) -> dict[str, str]:
    """What a form sends as it stands, but for who is ticked."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: unescape(value) for name, value in found}


def boxes_of(page: httpx2.Response) -> list[str]:
    return re.findall(r'<input type="checkbox" name="([^"]+)"', page.text)


def save(client: httpx2.Client, path: str, *ticked: str, **more: str) -> httpx2.Response:
    shown = fields_of(client.get(path))
    return send(client, path.partition("?")[0], **{**shown, "act": "save", **dict.fromkeys(ticked, "1"), **more})


def test_a_lead_plans_the_week_and_sees_who_is_expected(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert "没有排班" in main_of(client.get(AT))
        boxes = boxes_of(client.get(f"{AT}/week"))
        assert {box.rpartition("-")[2] for box in boxes} == {"p1"}

        answer = save(client, f"{AT}/week", *boxes[:1], since="2026-03-05")

        assert answer.headers["location"] == f"{AT}?done=week&date=2026-03-05"
        week = main_of(client.get(f"{AT}?date=2026-03-09"))
        assert "<span>样本1</span>" in week
        assert "<span>周一 3/9</span>" in week  # on a phone two lines of their own, not cut within a date
        assert "无人" in main_of(client.get(AT))
    [row] = rows(desks, ShiftWeekRow)
    assert (row["station"], str(row["from_day"])) == ("ZG-02", "2026-03-05")
    assert [len(day) for day in read_shift_week(str(row["shifts"]))] == [1, 0, 0, 0, 0, 0, 0]
    with reading(desks.engine) as connection:
        [*_, line] = read_history(connection, station="ZG-02")[0]
    assert (line.by, line.what) == ("zhao", "plan_week")


def test_a_look_says_what_would_be_and_keeps_nothing(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        boxes = boxes_of(client.get(f"{AT}/week"))

        page = save(client, f"{AT}/week", boxes[0], since="2026-03-09", act="look")

        assert page.status_code == 200
        assert re.search(r"周一 [\d:]+–[\d:]+：无人 → 样本1", page.text)
        assert f'name="{boxes[0]}" value="1" checked' in page.text
        assert rows(desks, ShiftWeekRow) == []
        again = send(client, f"{AT}/week", **fields_of(page), since="2026-03-09", act="save", **{boxes[0]: "1"})
        assert again.status_code == 303
    assert len(rows(desks, ShiftWeekRow)) == 1


def test_the_workdays_are_made_as_monday_is(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        boxes = boxes_of(client.get(f"{AT}/week"))
        monday = [box for box in boxes if box.startswith("s-0-")]

        page = save(client, f"{AT}/week", monday[0], since="2026-03-05", act="copy")

        ticked = re.findall(r'name="(s-[^"]+)" value="1" checked', page.text)
        assert [box.split("-")[1] for box in ticked] == ["0", "1", "2", "3", "4"]


def test_one_day_is_changed_and_taken_back(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        boxes = boxes_of(client.get(f"{AT}/day?day=2026-03-06"))

        assert save(client, f"{AT}/day?day=2026-03-06", boxes[0], reason="对调").status_code == 303

        assert [str(row["day"]) for row in rows(desks, ShiftDayRow)] == ["2026-03-06"]
        assert "已换班 对调" in main_of(client.get(AT))
        assert "已换班 对调" not in main_of(client.get(f"{AT}?date=2026-03-13"))
        assert 'value="对调"' in client.get(f"{AT}/day?day=2026-03-06").text
        assert save(client, f"{AT}/day?day=2026-03-06", act="usual").status_code == 303
        assert rows(desks, ShiftDayRow) == []


def test_what_is_wrong_stands_beside_the_field(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        for since in ("2026-03-04", "2027-09-01", "", "morgen"):
            answer = save(client, f"{AT}/week", since=since)
            assert answer.status_code == 422, since
            assert re.search(r'id="f-since"[^>]*aria-invalid="true"', answer.text), since
        assert save(client, f"{AT}/day?day=2026-03-06", day="2026-03-04").status_code == 422
    assert rows(desks, ShiftWeekRow) == []


def test_the_second_of_two_is_told_and_what_was_ticked_stays(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        shown = client.get(f"{AT}/week")
        boxes = boxes_of(shown)
        assert save(client, f"{AT}/week", boxes[0], since="2026-03-05").status_code == 303

        late = send(client, f"{AT}/week", **fields_of(shown), since="2026-03-05", act="save", **{boxes[1]: "1"})

        assert late.status_code == 409
        assert "改了值班表，您的没有保存" in late.text
        assert re.findall(r'name="(s-[^"]+)" value="1" checked', late.text) == [boxes[1]]


def test_another_stations_roster_is_answered_as_that_of_none(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        for tab in ("", "/week", "/day"):
            there, nowhere = (client.get(f"/stations/{code}/shifts{tab}") for code in ("ZG-05", "ZG-99"))
            assert (there.status_code, main_of(there)) == (404, main_of(nowhere))
            if tab:
                assert (
                    send(client, f"/stations/ZG-05/shifts{tab}", since="2026-03-05", day="2026-03-05").status_code
                    == 404
                )


def test_who_may_see_no_names_sees_no_roster_and_a_federation_plans_it(desks: GuardedHub) -> None:
    give(desks, asked.EnterPerson("p3", "N3", full_name="样本3"), asked.SetMemberships("p3", frozenset({"ZG-02"})))
    with desks.ask(desks.session("qian", Grant(Role.AUTHORITY, Reach("D-1")))) as client:
        assert [client.get(f"{AT}{tab}").status_code for tab in ("", "/week", "/day")] == [403, 403, 403]
    with desks.ask(desks.session("sun", Grant(Role.FEDERATION))) as client:
        assert {box.rpartition("-")[2] for box in boxes_of(client.get(f"{AT}/week"))} == {"p1", "p3"}


def test_who_has_not_come_is_named_to_a_lead_masked_to_who_follows_up_and_counted_for_others(desks: GuardedHub) -> None:
    row = desks.source.rows["ZG-02"]
    late = (ExpectedOne("p1", "样*1", has_come=False),)
    desks.source.rows["ZG-02"] = replace(row, expected=late)
    told = {}
    for role, reach in (
        (Role.LEAD, Reach(station="ZG-02")),
        (Role.AUTHORITY, Reach(kind=row.kind)),
        (Role.INSTALLER, Reach("D-1")),
        (Role.FEDERATION, Reach()),
    ):
        with desks.ask(desks.session(f"one-{role}", Grant(role, reach))) as client:
            page = main_of(client.get("/stations/ZG-02"))
            told[role] = re.findall(r"<dd>(应到[^<]*)</dd>", page)
            [board] = [one for one in client.get("/api/v1/board").json()["stations"] if one["code"] == "ZG-02"]
            assert (board["expected"], board["missing"]) == (1, 1)
    assert told == {
        Role.LEAD: ["应到 样本1；样本1 未到"],
        Role.AUTHORITY: ["应到 样*1；样*1 未到"],
        Role.INSTALLER: ["应到 1 人；1 人未到"],
        Role.FEDERATION: ["应到 样本1；样本1 未到"],
    }


@pytest.mark.browser
def test_a_lead_on_a_phone_puts_somebody_on_the_roster_by_keyboard(desks: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, desks, LEAD)
    onlooker.set_up(390, 844)
    onlooker.open(f"{desks.address}{AT}/week?since=2026-03-09&lang=zh")
    onlooker.wait(lambda: onlooker.run("return document.querySelector('td summary')?.checkVisibility()"))

    onlooker.run("document.querySelector('td summary').focus()")
    onlooker.press(Keys.ENTER)
    onlooker.wait(lambda: onlooker.run("return document.activeElement.type") == "search")
    onlooker.press("yangb", Keys.ENTER)
    onlooker.wait(lambda: onlooker.run(TICKED) == ["p1"])
    onlooker.wait(lambda: "样本1" in onlooker.text("details.shift summary"))
    onlooker.press(Keys.ESCAPE)
    onlooker.wait(lambda: onlooker.run("return document.activeElement.tagName") == "SUMMARY")
    onlooker.press(Keys.ENTER)
    onlooker.wait(lambda: onlooker.run("return document.activeElement.type") == "search")
    onlooker.press(Keys.TAB)
    onlooker.wait(lambda: onlooker.run("return document.activeElement.type") == "checkbox")
    onlooker.press(Keys.ENTER)

    onlooker.wait(lambda: "已保存" in onlooker.text("main"))
    onlooker.wait(lambda: "样本1" in onlooker.text("main"))
    assert len(rows(desks, ShiftWeekRow)) == 1


@pytest.mark.browser
@pytest.mark.parametrize("page", ["week?since=2026-03-09&", "day?day=2026-03-09&"])
def test_what_is_planned_is_read_on_paper_without_what_is_only_for_planning(
    desks: GuardedHub, onlooker: Onlooker, page: str
) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        sheet = f"{AT}/week?since=2026-03-09"
        assert save(client, sheet, *boxes_of(client.get(sheet)), since="2026-03-09").status_code == 303
    come_in(onlooker, desks, LEAD)
    on_paper(onlooker)
    onlooker.open(f"{desks.address}{AT}/{page}lang=zh")
    onlooker.run("for (const part of document.querySelectorAll('details')) part.open = true")

    assert "样本1" in onlooker.text("main")
    assert onlooker.run(TO_PRESS) == 0
    assert print_out(onlooker).count(b"/Type /Page\n") == 1


def test_of_who_has_left_the_station_programs_are_told_no_name(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert client.get("/api/v1/stations/ZG-02/shifts").json()["people"] == {"p1": "样本1"}
        give(desks, asked.SetMemberships("p1", frozenset({"ZG-05"})))

        assert client.get("/api/v1/stations/ZG-02/shifts").json()["people"] == {}


def test_a_large_station_has_all_of_its_people_in_every_period(desks: GuardedHub) -> None:
    many = [f"q{n}" for n in range(40)]
    for one in many:
        give(desks, asked.EnterPerson(one, one.upper(), full_name=f"样本{one}"))
        give(desks, asked.SetMemberships(one, frozenset({"ZG-02"})))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        boxes = boxes_of(client.get(f"{AT}/week"))

        assert save(client, f"{AT}/week", *boxes, since="2026-03-05").status_code == 303

    [row] = rows(desks, ShiftWeekRow)
    assert {*many} < {person for day in read_shift_week(str(row["shifts"])) for shift in day for person in shift.people}


def test_a_shift_outside_the_hours_is_kept_marked_and_told_until_somebody_unticks_it(desks: GuardedHub) -> None:
    day = shifts_of([(540, 690, ["p1"]), (1140, 1260, ["p1"])])
    give(desks, asked.PlanWeek("ZG-02", MORNING.date(), (day, *NO_SHIFTS[1:])))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        page = client.get(f"{AT}/week")
        held = re.findall(r'name="(s-[^"]+)" value="1" checked', page.text)
        assert "有 1 处排班不在开放时间内" in page.text
        assert "不在开放时间内" in main_of(client.get(f"{AT}?date=2026-03-09"))

        assert save(client, f"{AT}/week", *held, "s-1-540-690-p1", since="2026-03-05").status_code == 303
        [*_, kept] = [read_shift_week(str(row["shifts"])) for row in rows(desks, ShiftWeekRow)]
        assert [[shift.span.opens_min for shift in one] for one in kept[:2]] == [[540, 1140], [540]]

        assert save(client, f"{AT}/week", held[0], since="2026-03-05").status_code == 303
    [*_, left] = [read_shift_week(str(row["shifts"])) for row in rows(desks, ShiftWeekRow)]
    assert [shift.span.opens_min for shift in left[0]] == [540]


def test_a_station_that_never_closes_is_planned_by_three_shifts_a_day(desks: GuardedHub) -> None:
    give(desks, asked.SetTerms("ZG-02", MORNING.date(), ((Span(0, 1440),),) * 7))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        boxes = boxes_of(client.get(f"{AT}/week"))
        assert [box for box in boxes if box.startswith("s-0-")] == [f"s-0-{n}-{n + 480}-p1" for n in (0, 480, 960)]

        assert save(client, f"{AT}/week", "s-0-480-960-p1", since="2026-03-05").status_code == 303

        page = main_of(client.get(f"{AT}?date=2026-03-09"))
        assert page.count("<tr>") == 1 + 3
        assert page.count("无人") == 2 + 6 * 3


def test_a_day_is_filled_in_as_the_week_has_it_on_another_weekday(desks: GuardedHub) -> None:
    monday = shifts_of([(540, 690, ["p1"])])
    give(desks, asked.PlanWeek("ZG-02", MORNING.date(), (monday, *NO_SHIFTS[1:])))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        held = re.findall(r'name="(s-[^"]+)" value="1" checked', client.get(f"{AT}/day?day=2026-03-06&like=0").text)
        assert held == ["s-4-540-690-p1"]

        assert save(client, f"{AT}/day?day=2026-03-06&like=0", *held).status_code == 303

    assert [str(row["day"]) for row in rows(desks, ShiftDayRow)] == ["2026-03-06"]


def test_a_make_up_workday_says_whose_people_come(desks: GuardedHub) -> None:
    give(desks, asked.SetTerms("ZG-02", MORNING.date(), keeps_holidays=True))
    give(desks, asked.PlanWeek("ZG-02", MORNING.date(), ((), shifts_of([(540, 690, ["p1"])]), *NO_SHIFTS[2:])))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        week, day = (main_of(client.get(f"{AT}{path}")) for path in ("?date=2026-05-09", "/day?day=2026-05-09"))

    assert "调休上班，照周二" in week
    assert "样本1" in week
    assert "没有另排就照周二的人" in day
    assert "checked" in day


def test_people_of_a_station_that_never_closes_say_when_they_change(desks: GuardedHub) -> None:
    give(desks, asked.SetTerms("ZG-02", MORNING.date(), ((Span(0, 1440),),) * 7))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert "几点换班" in client.get(f"{AT}/week").text
        path = f"{AT}/week?turns=07:00+15:00+23:00"
        boxes = [box for box in boxes_of(client.get(path)) if box.startswith("s-0-")]
        assert boxes == [f"s-0-{begin}-{end}-p1" for begin, end in ((0, 420), (420, 900), (900, 1380), (1380, 1440))]

        assert save(client, path, boxes[1], since="2026-03-05").status_code == 303

        [row] = rows(desks, ShiftWeekRow)
        assert read_shift_week(str(row["shifts"]))[0] == shifts_of([(420, 900, ["p1"])])
        assert boxes[1] in boxes_of(client.get(f"{AT}/week"))
        wrong = client.get(f"{AT}/week?turns=noon")
        assert wrong.status_code == 422
        assert re.search(r'id="f-turns"[^>]*aria-invalid="true"', wrong.text)


def test_on_a_holiday_and_in_shorter_hours_nobody_is_shown_who_is_not_wanted(desks: GuardedHub) -> None:
    day = shifts_of([(540, 690, ["p1"]), (870, 1020, ["p1"])])
    give(desks, asked.PlanWeek("ZG-02", MORNING.date(), (day,) * 7))
    give(desks, asked.SetSpecialDay("ZG-02", date(2026, 3, 9), (), "检修"))
    give(desks, asked.SetSpecialDay("ZG-02", date(2026, 3, 10), (Span(540, 690),), "检修"))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        page = main_of(client.get(f"{AT}?date=2026-03-09"))
        closed, short = (main_of(client.get(f"{AT}/day?day=2026-03-{n}")) for n in ("09", "10"))

    assert page.count("样本1") == 0 + 1 + 3 * 2
    assert "这天不开放" in closed
    assert short.count("checked") == 2
    assert "有 1 处排班不在开放时间内" in short


def test_a_closed_day_says_in_the_grid_why(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        send(client, "/calendar/save", what="days", station="ZG-02", first="2026-03-06", hours="", reason="停电检修")

        grid = main_of(client.get(AT)).partition('<table class="grid">')[2].partition("</thead>")[0]
        assert grid.count("不开放 停电检修") == 1


@pytest.mark.parametrize("reason", ["two\nlines\x00", "=1+1", "#REF!", "1.1E+17"])
def test_the_api_takes_no_reason_of_a_day_that_its_sheet_would_not_take_back(reason: str) -> None:
    with pytest.raises(ValueError, match=r"wanted is|NUL"):
        DaySaid.model_validate({"shifts": None, "reason": reason})


def test_the_api_keeps_a_reason_as_a_sheet_would() -> None:
    assert DaySaid.model_validate({"shifts": None, "reason": " '换班　 一次 "}).reason == "换班 一次"
    assert DaySaid.model_validate({"shifts": None}).reason == ""


@pytest.mark.parametrize(
    "shifts",
    [
        [{"opens_min": 480, "closes_min": 690, "people": ["p1", "p1"]}],
        [{"opens_min": 480, "closes_min": 690, "people": ["p1"]}] * 2,
    ],
)
def test_a_program_that_says_somebody_twice_in_one_shift_is_told_who(
    desks: GuardedHub, shifts: list[dict[str, object]]
) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        here, since = "/api/v1/stations/ZG-02/shifts", str(MORNING.date())
        client.headers.update({"Sec-Fetch-Site": "same-origin"})
        day = client.put(f"{here}/days/{since}", json={"shifts": shifts})
        week = client.put(f"{here}/week", json={"since": since, "week": [shifts, *[[]] * 6]})

        for refused in (day, week):
            assert refused.status_code == 422
            assert "p1 twice in 08:00-11:30; wanted is each person once in a shift" in refused.text
        assert client.get(here).json()["weeks"] == []
