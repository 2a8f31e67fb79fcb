"""A station beside its day: its month, its people, its facts; and closing it ahead."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selenium.webdriver.common.keys import Keys
from sqlalchemy import insert

from hub.changing.history import read_history
from hub.changing.proposal import apply
from hub.database.journal_tables import Run
from hub.database.ledger_tables import StintRow
from hub.database.tables import SpecialDay
from hub.database.transactions import reading, table_of, writing
from hub.register.days_ahead import plan_of
from hub.rights import Grant, Reach, Role
from hub.typed.hours_spelled import spell_hours
from hub.web.station.closing import without
from hub.web.station.month import asked_month, days_of, following
from hub.web.station.reopening import own_days, reopening
from station.hours import DAY_MINUTES, Span
from station.milliseconds import ms_of
from tests.hub.desks.test_desks import CITY, LEAD, main_of, rows, send
from tests.hub.desks.test_desks_in_chromium import come_in
from tests.hub.pages.board_source import MORNING, ZONE
from tests.hub.pages.conftest import axe, chromium, onlooker
from tests.hub.pages.test_look import found_in_both_lights

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

__all__ = ["axe", "chromium", "onlooker"]
TABS = (
    "/stations/ZG-02",
    "/stations/ZG-02/month",
    "/stations/ZG-02/people",
    "/stations/ZG-02/facts",
    "/stations/ZG-02/closing",
    "/stations/ZG-02/shifts",
    "/stations/ZG-02/shifts/week",
    "/stations/ZG-02/shifts/day",
)
minutes = st.integers(0, DAY_MINUTES)
spans = st.lists(st.tuples(minutes, minutes).filter(lambda pair: pair[0] < pair[1]), max_size=4).map(
    lambda pairs: tuple(Span(*pair) for pair in pairs)
)


@given(spans=spans, since=minutes, until=minutes)
def test_hours_less_some_are_those_that_were_and_are_not_taken(spans: tuple[Span, ...], since: int, until: int) -> None:
    left = without(spans, since, until)

    def minutes_of(some: tuple[Span, ...]) -> set[int]:
        return {at for one in some for at in range(one.opens_min, one.closes_min)}

    assert minutes_of(left) == minutes_of(spans) - set(range(since, until))


@given(st.dates(date(1, 1, 1), date(9998, 12, 1)))
def test_a_month_is_all_its_days(day: date) -> None:
    first = asked_month(day.isoformat()[:7], date(2026, 3, 5))
    every = days_of(first)

    assert day in every
    assert (every[0].day, every[-1] + timedelta(days=1)) == (1, following(first))


@pytest.mark.parametrize("text", ["", None, "2026-13", "soon", "2026-3-4", "9" * 50])
def test_a_month_that_is_none_is_this_one(text: str | None) -> None:
    assert asked_month(text, date(2026, 3, 5)) == date(2026, 3, 1)


def test_a_month_shows_each_day_and_leads_to_it(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        page = main_of(client.get("/stations/ZG-02/month"))
        assert 'href="/stations/ZG-02?date=2026-03-04"' in page
        text = re.sub(r"<[^>]*>|\s", "", page)
        assert re.search(r"3月4日周三4无人\d+.*?未知\d+.*?仅最低\d+", text)
        assert page.count('<svg class="drawn month"') == 4  # since the first record, the 2nd
        assert "2026-02" in page
        assert client.get("/stations/ZG-02/month?month=2027-01").status_code == 200
        assert client.get("/stations/ZG-02/month?month=0001-01").status_code == 200


def test_each_tab_is_for_who_may_see_it(desks: GuardedHub) -> None:
    opened = {}
    for role in (Role.LEAD, Role.AUTHORITY, Role.INSTALLER, Role.FEDERATION, Role.COUNTY):
        reach = {Role.LEAD: Reach(station="ZG-02"), Role.FEDERATION: Reach()}.get(role, Reach("D-1"))
        with desks.ask(desks.session("one", Grant(role, reach))) as client:
            opened[role] = [
                path.removeprefix("/stations/ZG-02/") for path in TABS if client.get(path).status_code == 200
            ]
            for path in opened[role]:
                assert ("people" in opened[role]) == (
                    '/ZG-02/people"' in client.get(path if path.startswith("/") else f"/stations/ZG-02/{path}").text
                )
        if desks.reception is not None:
            desks.await_(desks.reception.look(at_once=True))
        with writing(desks.engine) as connection:
            connection.execute(table_of(StintRow).metadata.tables["grant_"].delete())
    assert opened == {
        Role.LEAD: [TABS[0], "month", "people", "facts", "closing", "shifts", "shifts/week", "shifts/day"],
        Role.AUTHORITY: [TABS[0], "month", "facts"],
        Role.INSTALLER: [TABS[0], "month", "facts"],
        Role.FEDERATION: [TABS[0], "month", "people", "facts", "shifts", "shifts/week", "shifts/day"],
        Role.COUNTY: [TABS[0], "month", "people", "facts", "closing", "shifts", "shifts/week", "shifts/day"],
    }


def test_another_stations_tabs_are_answered_as_those_of_none(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        for tab in ("month", "people", "facts", "closing"):
            there, nowhere = (client.get(f"/stations/{code}/{tab}") for code in ("ZG-05", "ZG-99"))
            assert (there.status_code, main_of(there)) == (404, main_of(nowhere))
        there, nowhere = (
            send(client, f"/stations/{code}/closing", day="2026-03-06", reason="x") for code in ("ZG-05", "ZG-99")
        )
        assert (there.status_code, main_of(there)) == (404, main_of(nowhere))
    assert rows(desks, SpecialDay) == []


def test_who_is_on_duty_is_told_by_name_to_the_lead(desks: GuardedHub) -> None:
    at_ms = ms_of(MORNING - timedelta(hours=1))
    with writing(desks.engine) as connection:
        connection.execute(insert(table_of(Run)).values(id=1, kiosk="zg-02-a", epoch="0" * 16, station="ZG-02"))
        row = StintRow(
            run=1, seq=1, person="p1", counted=True, station="ZG-02", tapped_ms=at_ms, began_ms=at_ms,
            ended_ms=at_ms + 9_000_000, end="assumed", outs="[]", claimed=False, unmatched=False, uncertain=False,
        )  # fmt: skip
        connection.execute(insert(table_of(StintRow)).values(row.model_dump()))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        page = main_of(client.get("/stations/ZG-02/people"))
        desks.change("ZG-02", is_open=False)
        closed = main_of(client.get("/stations/ZG-02/people"))
    assert ("样本1" in page, "样本2" in page, "08:40 起在岗" in page) == (True, False, True)
    assert ("08:40 已到" in closed, "起在岗" in closed) == (True, False)


def test_a_lead_closes_the_own_station_ahead_and_never_what_is_over(desks: GuardedHub) -> None:
    path = "/stations/ZG-02/closing"
    with desks.ask(desks.session("zhao", LEAD)) as client:
        for said, field in (
            ({"day": "2026-03-04", "reason": "x"}, "day"),
            ({"day": "2026-03-06"}, "reason"),
            ({"day": "2027-03-09", "reason": "x"}, "day"),
            ({"day": "2026-03-06", "since": "15:00", "until": "14:00", "reason": "x"}, "until"),
            ({"day": "2026-03-06", "since": "25:00", "reason": "x"}, "since"),
            ({"day": "2026-03-06", "until": "00:10", "reason": "x"}, "day"),  # not open then
        ):
            refused = send(client, path, **said)
            assert refused.status_code == 422, said
            assert re.search(rf'id="f-{field}"[^>]*aria-invalid="true"', refused.text), said
        assert rows(desks, SpecialDay) == []
        assert send(client, path, day="2026-03-06", reason="消防演练").status_code == 303
        assert send(client, path, day="2026-03-09", since="14:00", until="23:59", reason="停电").status_code == 303
        assert send(client, path, day="2026-03-05", reason="停水").status_code == 303
        assert "消防演练" in main_of(client.get("/stations/ZG-02/month"))
        assert "消防演练" in main_of(client.get(path))
        assert "停电" in main_of(client.get("/stations/ZG-02/facts"))
        assert "停水" in main_of(client.get("/stations/ZG-02"))
        assert "停水" in client.get("/stations/ZG-02/day?shown=2026-03-05").text

    days = {str(row["day"]): str(row["spans"]) for row in rows(desks, SpecialDay, station="ZG-02")}
    assert days["2026-03-06"] == "[]"
    assert re.search(r", ?840\]", days["2026-03-09"]) or days["2026-03-09"].endswith("690]]"), days
    assert re.search(r"580\]\]$", days["2026-03-05"])  # what was until 09:40 stays
    with reading(desks.engine) as connection:
        assert {line.by for line in read_history(connection, station="ZG-02")[0] if line.what == "set_special_day"} == {
            "zhao"
        }


def test_a_lead_takes_back_what_they_closed_and_nothing_of_the_county(desks: GuardedHub) -> None:
    path = "/stations/ZG-02/closing"
    with desks.ask(desks.session("wu", CITY)) as client:
        send(client, "/city/stations/ZG-02/special", **{"day": "2026-03-10", "day-hours": "", "reason": "全县停电"})
        send(
            client, "/city/stations/ZG-02/special", **{"day": "2026-03-11", "day-hours": "9:00-12:00", "reason": "检修"}
        )
        assert "停错的可以在下面恢复" in main_of(client.get(path))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        for day, since in (("2026-03-05", "09:00"), ("2026-03-06", ""), ("2026-03-11", "10:00"), ("2026-12-01", "")):
            assert send(client, path, day=day, since=since, until="", reason="消防演练").status_code == 303
        page = main_of(client.get(path))
        assert re.findall(r"closing/(\S+)/reopen", page) == ["2026-03-05", "2026-03-06", "2026-03-11", "2026-12-01"]
        assert "县区定的，请联系县区" in page
        assert send(client, f"{path}/2026-03-10/reopen").status_code == 404
        assert send(client, f"{path}/2026-03-20/reopen").status_code == 404
        assert send(client, "/stations/ZG-05/closing/2026-03-06/reopen").status_code == 404
        for day in ("2026-03-05", "2026-03-06", "2026-03-11", "2026-12-01"):
            assert send(client, f"{path}/{day}/reopen").headers["location"] == f"{path}?done=2"
    with reading(desks.engine) as connection:
        plan = {str(one.day): one for one in plan_of(connection, "ZG-02", date(2026, 3, 4))}
    assert {str(row["day"]) for row in rows(desks, SpecialDay)} - {"2026-03-05"} == {"2026-03-10", "2026-03-11"}
    assert spell_hours(plan["2026-03-11"].spans) == "09:00-12:00"
    assert plan["2026-03-11"].reason == "检修"
    today, usual = plan["2026-03-05"].spans, plan["2026-03-06"].spans
    assert (today[0].opens_min, today[-1].closes_min) == (usual[0].opens_min, usual[-1].closes_min)


def hours_on(desks: GuardedHub, day: str) -> str:
    with reading(desks.engine) as connection:
        return spell_hours(plan_of(connection, "ZG-02", date.fromisoformat(day), 1)[0].spans)


@pytest.mark.parametrize("day", ["2026-03-05", "2026-03-06"])
def test_who_takes_back_two_closures_or_presses_twice_never_closes_again(desks: GuardedHub, day: str) -> None:
    path, usual = "/stations/ZG-02/closing", hours_on(desks, day)
    with desks.ask(desks.session("zhao", LEAD)) as client:
        for since, until in (("10:00", "10:30"), ("15:00", "15:30")):
            assert send(client, path, day=day, since=since, until=until, reason="消防演练").status_code == 303
        shut = hours_on(desks, day)
        send(client, f"{path}/{day}/reopen")
        assert hours_on(desks, day) == shut.replace("15:00 15:30-", "")
        send(client, f"{path}/{day}/reopen")
        assert hours_on(desks, day) == usual
        send(client, f"{path}/{day}/reopen")

    assert hours_on(desks, day) == usual


def test_a_closure_that_has_begun_and_was_taken_back_stays_so_however_often_that_is_pressed(
    desks: GuardedHub,
) -> None:
    usual = hours_on(desks, "2026-03-05")

    def reopen(now: datetime) -> str:
        with writing(desks.engine) as connection:
            (own,) = own_days(connection, "ZG-02", now)
            wanted = reopening(connection, "ZG-02", own, now)
            assert not apply(connection, [wanted], by="zhao", at=now, zone=ZONE, why=wanted.reason).refusals
        return hours_on(desks, "2026-03-05")

    with desks.ask(desks.session("zhao", LEAD)) as client:
        send(client, "/stations/ZG-02/closing", day="2026-03-05", since="", until="11:00", reason="消防演练")
    ten = MORNING.astimezone(ZONE).replace(hour=10, minute=0)

    assert [reopen(ten), reopen(ten + timedelta(minutes=1))] == [usual.replace("09:00-", "09:00-09:40 10:00-")] * 2


def test_what_the_county_had_said_of_a_day_is_taken_back_after_the_leads_closure_was(desks: GuardedHub) -> None:
    path, day = "/stations/ZG-02/closing", "2026-03-11"
    usual = hours_on(desks, day)
    with desks.ask(desks.session("wu", CITY)) as county, desks.ask(desks.session("zhao", LEAD)) as lead:
        send(county, "/city/stations/ZG-02/special", **{"day": day, "day-hours": "9:00-12:00", "reason": "检修"})
        send(lead, path, day=day, since="10:00", until="", reason="消防演练")
        send(county, f"{path}/{day}/reopen")
        assert hours_on(desks, day) == "09:00-12:00"
        send(county, f"{path}/{day}/reopen")

    assert hours_on(desks, day) == usual


@pytest.mark.browser
def test_a_lead_on_a_phone_closes_the_station_for_tomorrow(desks: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, desks, LEAD)
    onlooker.set_up(390, 844)
    onlooker.open(f"{desks.address}/stations/ZG-02?lang=zh")
    onlooker.click("a[href='/stations/ZG-02/closing']")
    onlooker.wait(lambda: onlooker.run("return document.getElementById('f-reason') !== null"))
    onlooker.run("document.getElementById('f-day').value = '2026-03-06'")
    onlooker.find("#f-reason").send_keys("消防演练", Keys.ENTER)

    onlooker.wait(lambda: "已停开" in onlooker.text("main"))
    assert [str(row["day"]) for row in rows(desks, SpecialDay, station="ZG-02")] == ["2026-03-06"]


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_on_any_tab(desks: GuardedHub, onlooker: Onlooker, axe: str, language: str) -> None:
    come_in(onlooker, desks, CITY)
    found: dict[str, object] = {}
    for width in (1366, 390):
        onlooker.set_up(width, 844)
        for address in TABS:
            onlooker.open(f"{desks.address}{address}?lang={language}")
            if violations := found_in_both_lights(onlooker, axe):
                found[f"{address} {width}"] = violations
            assert onlooker.run("return document.documentElement.scrollWidth") <= width, address

    assert found == {}
