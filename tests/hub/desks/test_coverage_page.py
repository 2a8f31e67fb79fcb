"""达标: what the pages, sheets and the API say of some days; to whom."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import openpyxl
import pytest
from sqlalchemy import delete, insert, update

from hub.database.tables import Kiosk
from hub.database.transactions import table_of, writing
from hub.ledger.queries import LEDGER_RUN, RUN
from hub.rights import Grant, Reach, Role
from station.hours import SHANGHAI
from station.milliseconds import ms_of
from tests.hub.desks.coverage_days import HOUR, a_day, a_gap, put, revise
from tests.hub.desks.test_desks import CITY, NORTH, main_of, send

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.hub.gate.conftest import GuardedHub

MARCH = [date(2026, 3, day) for day in range(1, 5)]


@pytest.fixture
def city(desks: GuardedHub) -> GuardedHub:
    """ZG-04 short of two days of four, ZG-02 kept all of them."""
    days = [a_day("ZG-02", day) for day in MARCH]
    days += [a_day("ZG-04", day, *((2.5, "short") if day.day > 2 else (0.0, "kept"))) for day in MARCH]
    put(desks.engine, days, [a_gap("ZG-04", MARCH[2], "15:00", "17:30")])
    revise(desks.engine, "ZG-04", MARCH[2])
    return desks


def test_the_worst_station_stands_first_and_each_number_leads_to_its_days(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        page = main_of(client.get("/coverage?span=month&date=2026-03-04"))

        stations = page.partition('id="h-stations"')[2]
        assert stations.index("/coverage/stations/ZG-04?") < stations.index("/coverage/stations/ZG-02?")
        assert "80.7%" in stations  # 21 of 26 hours
        assert page.count('<svg class="drawn wide"') == 2
        assert "未满 2 天" in page


def test_every_number_that_is_something_leads_to_its_evidence(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        many = main_of(client.get("/coverage?span=month&date=2026-03-04"))
        one = main_of(client.get("/coverage/stations/ZG-04?span=month&date=2026-03-04"))

    at = "/coverage/stations/ZG-04?span=month&amp;date=2026-03-04"
    assert f'<a href="{at}#h-gaps">5:00</a>' in many
    assert f'<a href="{at}#h-days">2</a>' in many
    assert '<a href="/coverage?span=month&amp;date=2026-03-04&amp;district=D-1#h-stations">' in many
    assert '<a href="#h-gaps">5:00</a>' in one
    assert '<a href="/stations/ZG-04?date=2026-03-03">2:30</a>' in one
    for page in (many, one):
        assert {*re.findall(r'href="[^"]*#([^"]+)"', page)} <= {*re.findall(r'id="([^"]+)"', page), "h-days", "h-gaps"}


@pytest.mark.parametrize(("more", "leads_to"), [("", "?"), ("&district=D-1", "/stations/ZG-04?")])
def test_a_years_picture_has_its_numbers_in_a_table_that_leads_to_each_month(
    city: GuardedHub, more: str, leads_to: str
) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        page = main_of(client.get(f"/coverage?span=year&date=2026-03-04{more}"))

    table = page.partition('id="h-year"')[2].partition("</table>")[0]
    assert re.findall(r'<th scope="col">([^<]+)', table)[1:4] == ["1月", "2月", "3月"]
    found = re.findall(r'<td class="n"><a href="([^"]+)">([\d.]+%)</a>', table)
    assert found[0][0].startswith(f"/coverage{leads_to}span=month&amp;date=2026-03-01")
    assert found[0][1] in re.findall(r'<text class="pct level-\d"[^>]*>([\d.]+%)<', page)


@pytest.mark.parametrize("span", ["day", "week", "month", "year"])
def test_every_span_of_city_and_station_answers(city: GuardedHub, span: str) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        for address in ("/coverage", "/coverage/stations/ZG-04"):
            answer = client.get(f"{address}?span={span}&date=2026-03-03")

            assert answer.status_code == 200
            assert ("2:30" if span == "day" else "5:00") in main_of(answer)  # vacant, of one day or two


def test_a_stations_days_have_verdicts_gaps_with_evidence_and_what_changed(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        page = main_of(client.get("/coverage/stations/ZG-04?span=month&date=2026-03-04"))

        assert "未满 差 1:00" in page
        assert '<a href="/stations/ZG-04?date=2026-03-03">2026-03-03 15:00–17:30</a>' in page
        assert "ZG-04-a 1:00" in page
        assert "忘刷离岗 2" in page
        assert "补传的记录" in page
        assert "有人 2:00" in page


def test_what_changed_by_seconds_is_told_to_the_second(city: GuardedHub) -> None:
    revise(city.engine, "ZG-04", MARCH[3], before={"vacant_ms": 2_100_000}, after={"vacant_ms": 2_131_000})
    with city.ask(city.session("wang", CITY)) as client:
        page = main_of(client.get("/coverage/stations/ZG-04?span=month&date=2026-03-04"))

    revised = page.partition('id="h-revised"')[2]
    assert "<td>无人 0:35:00</td><td>无人 0:35:31</td>" in revised
    assert "<td>有人 2:00 五小时 未满</td><td>有人 5:00 五小时 达标</td>" in revised


def test_each_figure_of_a_day_leads_to_the_stations_of_that_day(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        table = (
            main_of(client.get("/coverage?span=month&date=2026-03-04"))
            .partition('id="h-days"')[2]
            .partition("</table>")[0]
        )

    at = "/coverage?span=day&amp;date=2026-03-03#h-stations"
    assert f'<td class="n"><a href="{at}">13:00</a></td>' in table
    assert [cell for cell in re.findall(r'<td class="n">(?!<a)([^<]+)', table) if cell != "0:00"] == []


def test_today_stands_live_beside_what_is_settled(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        now = main_of(client.get("/coverage/stations/ZG-04?span=month"))
        earlier = main_of(client.get("/coverage/stations/ZG-04?span=month&date=2026-02-10"))

        assert ("现场：今天到" in now, "现场：今天到" in earlier) == (True, False)
        assert "这段时间没有终端在用" in now


def test_a_station_that_the_board_has_not_come_to_yet_has_its_page(city: GuardedHub) -> None:
    del city.source.rows["ZG-04"]
    with city.ask(city.session("wang", CITY)) as client:
        assert client.get("/coverage/stations/ZG-04?span=month").status_code == 200


def test_a_county_office_sees_its_own_district_alone_everywhere(city: GuardedHub) -> None:
    with city.ask(city.session("li", NORTH)) as client:
        own = [row.code for row in city.source.rows.values() if row.district_code == "D-1"]
        assert ("ZG-04" in own, "ZG-02" in own) == (True, False) or ("ZG-02" in own)
        for code in ("ZG-02", "ZG-04"):
            is_theirs = code in own
            assert client.get(f"/coverage/stations/{code}").status_code == (200 if is_theirs else 404)
            assert client.get(f"/api/v1/stations/{code}/coverage").status_code == (200 if is_theirs else 404)
            assert client.get(f"/coverage/sheets/days.csv?station={code}").status_code == (200 if is_theirs else 404)
            listed = client.get("/coverage?date=2026-03-04").text + client.get("/coverage/sheets/stations.csv").text
            assert (code in listed) == is_theirs
        everyone = {
            one["station"] for one in client.get("/api/v1/coverage?from=2026-03-01&to=2026-03-31").json()["stations"]
        }
        assert everyone == {"ZG-02", "ZG-04"} & set(own)


def test_who_may_observe_nothing_sees_nothing(city: GuardedHub) -> None:
    with city.ask(city.session("zhao", Grant(Role.VOLUNTEER, Reach(station="ZG-04")))) as client:
        for address in ("/coverage", "/coverage/stations/ZG-04", "/api/v1/coverage", "/coverage/sheets/stations.csv"):
            assert client.get(address).status_code == 403


def test_sheets_say_what_the_page_says(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        text = client.get("/coverage/sheets/days.csv?station=ZG-04&date=2026-03-04").content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["五小时"] for row in rows] == ["达标", "达标", "未满 差 1:00", "未满 差 1:00"]
        assert [float(row["无人小时"]) for row in rows] == [0, 0, 2.5, 2.5]

        answer = client.get("/coverage/sheets/stations.xlsx?date=2026-03-04")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        head, *lines = sheet.iter_rows(values_only=True)
        assert dict(zip(head, lines[0], strict=True))["无人小时"] == 5
        assert client.get("/coverage/sheets/stations.pdf").status_code == 404
        assert client.get("/coverage/sheets/days.csv").status_code == 404


def test_a_year_is_taken_away_by_its_months_and_with_its_gaps(city: GuardedHub) -> None:
    put(city.engine, [a_day("ZG-04", date(2026, 2, 10), 1.3)])
    year = "span=year&date=2026-03-04"
    with city.ask(city.session("wang", CITY)) as client:

        def lines(table: str, more: str = "") -> list[dict[str, str]]:
            text = client.get(f"/coverage/sheets/{table}.csv?{year}{more}").content.decode("utf-8-sig")
            return list(csv.DictReader(io.StringIO(text)))

        months, ranking = lines("months", "&station=ZG-04"), lines("year")
        assert [(one["月份"], one["天数"], one["无人小时"], one["有人比例"]) for one in months] == [
            ("2026-02", "1", "1.3", "0.8"), ("2026-03", "4", "5.0", "0.8077"),
        ]  # fmt: skip
        assert [(one["编号"], one["2月"], one["3月"], one["12月"]) for one in ranking] == [
            ("ZG-04", "0.8", "0.8077", ""), ("ZG-02", "", "1.0", ""),
        ]  # fmt: skip
        assert [one["编号"] for one in lines("stations")] == [one["编号"] for one in ranking]
        assert sum(float(one["无人小时"]) for one in months) == float(ranking[0]["无人小时"])
        assert [one["日期"] for one in lines("gaps", "&station=ZG-04")] == ["2026-03-03"]
        assert [one["编号"] for one in lines("year", "&district=D-3")] == []
        answer = client.get(f"/coverage/sheets/year.xlsx?{year}&district=D-1")
        assert "year-D-1-year-2026-01-01.xlsx" in answer.headers["Content-Disposition"]
        assert openpyxl.load_workbook(io.BytesIO(answer.content)).active is not None

        many, one = (client.get(f"/coverage{where}?{year}").text for where in ("", "/stations/ZG-04"))
        assert all(
            f"/coverage/sheets/{name}.xlsx?" in page for page, name in ((many, "year"), (one, "months"), (one, "gaps"))
        )
        for nothing in ("months", "year&station=ZG-04", "months&station=ZG-99"):
            assert client.get(f"/coverage/sheets/{nothing.replace('&', f'.csv?{year}&', 1)}").status_code == 404
        assert client.get("/coverage/sheets/year.csv?span=month").status_code == 404


def test_a_year_by_months_is_of_ones_own_stations(city: GuardedHub) -> None:
    with city.ask(city.session("li", NORTH)) as client:
        own = {row.code for row in city.source.rows.values() if row.district_code == "D-1"}
        for code in ("ZG-02", "ZG-04"):
            address = f"/coverage/sheets/months.csv?span=year&date=2026-03-04&station={code}"
            assert client.get(address).status_code == (200 if code in own else 404)
        text = client.get("/coverage/sheets/year.csv?span=year&date=2026-03-04").content.decode("utf-8-sig")
        assert {line["编号"] for line in csv.DictReader(io.StringIO(text))} == own & {"ZG-02", "ZG-04"}


def test_the_api_says_days_in_seconds_that_add_up(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        found = client.get("/api/v1/stations/ZG-04/coverage?from=2026-03-01&to=2026-03-04").json()
        sums = client.get("/api/v1/coverage?from=2026-03-01&to=2026-03-31").json()["stations"]

        assert [day["verdict"] for day in found["days"]] == ["kept", "kept", "short", "short"]
        [gap] = found["days"][2]["gaps"]
        assert (gap["class"], gap["first_tap_after"]) == ("vacant", None)
        for day in found["days"]:
            seconds = day["seconds"]
            assert (
                sum(seconds[name] for name in ("met", "minimum", "vacant", "unknown"))
                == seconds["opened"]
                == 6.5 * 3600
            )
        assert {one["station"]: one["seconds"]["vacant"] * 1000 / HOUR for one in sums} == {"ZG-02": 0, "ZG-04": 5}
        assert client.get("/api/v1/stations/ZG-04/coverage?from=2026-03-04&to=2026-03-01").status_code == 422


@pytest.mark.parametrize("address", ["?date=9999-12-31", "?date=0001-01-01"])
def test_a_day_that_cannot_be_is_answered_by_the_nearest_and_that_is_said(city: GuardedHub, address: str) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        page = client.get(f"/coverage{address}&lang=zh")

    assert page.status_code == 200
    assert f"地址中的 {address[1:]} 不能用，没有按它筛选。" in page.text


ODD = (
    ("coverage", "span=fortnight"), ("coverage", "date=yesterday"), ("coverage", "kind=shop"),
    ("coverage", "distrct=D-1"), ("coverage", "district=D-99"), ("coverage/stations/ZG-02", "span=fortnight"),
    ("coverage/sheets/stations.csv", "distrct=D-1"), ("coverage/sheets/stations.xlsx", "span=fortnight"),
    ("coverage/sheets/stations.csv", "district=D-99"),
    ("alarms", "lack=vacnt"), ("alarms", "first=soon"), ("alarms", "from=2026-03-01"), ("alarms", "district=D-99"),
    ("alarms/sheet.csv", "state=opn"), ("alarms/sheet.csv", "district=D-99"), ("shifts", "days=9"),
    ("shifts", "district=D-99"), ("shifts/sheet.csv", "gap=x"), ("shifts/sheet.csv", "district=D-99"),
    ("inbox", "kind=alrm"), ("system/history", "kiosk=x"), ("system/access", "kind=x"), ("people", "only=x"),
    ("stations/ZG-02/month", "month=2026-13"), ("stations/ZG-02/shifts", "date=2026-02-30"),
    ("kiosks", "station=ZG-02"), ("city", "district=D-1"), ("search", "station=x"),
    ("", "district=nowhere"), ("", "kind=shop"), ("", "class=vacnt"), ("", "distrct=x"),
)  # fmt: skip


def test_what_a_page_cannot_read_of_its_address_is_said_and_no_sheet_is_made_of_more(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        plain = {page: client.get(f"/{page}?lang=zh") for page in dict(ODD)}
        asked = {(page, odd): client.get(f"/{page}?lang=zh&{odd}") for page, odd in ODD}

    for page, one in plain.items():
        assert one.status_code == 200, page
        assert "不能用，没有按它筛选" not in one.content.decode(errors="replace"), page
    for (page, odd), one in asked.items():
        assert one.status_code == (422 if "sheet" in page else 200), (page, odd)
        assert one.text.count(f"地址中的 {odd} 不能用，没有按它筛选。") == 1, (page, odd)


def test_anothers_district_is_said_like_one_that_is_not_there_and_hides_nothing(city: GuardedHub) -> None:
    with city.ask(city.session("li", NORTH)) as client:
        for page in ("coverage", "alarms", "shifts"):
            others, nobodys = (client.get(f"/{page}?lang=zh&district={code}").text for code in ("D-2", "D-9"))
            assert "地址中的 district=D-2 不能用，没有按它筛选。" in others
            assert main_text(others, "D-2") == main_text(nobodys, "D-9")
            assert "不能用，没有按它筛选" not in client.get(f"/{page}?lang=zh&district=D-1").text


def main_text(page: str, code: str) -> str:
    return page.partition("<main")[2].replace(code, "")


def test_no_name_is_a_formula_in_a_sheet(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        assert send(client, "/city/stations/ZG-02/enter", name="+1+cmd|'/C calc'!A0").status_code == 303

        text = client.get("/coverage/sheets/stations.csv?span=month&date=2026-03-04").text
        names = [row[1] for row in csv.reader(io.StringIO(text))]
        assert "'+1+cmd|'/C calc'!A0" in names
        assert not [name for name in names if name.startswith("+")]


def test_a_stretch_that_is_no_whole_months_adds_up_to_its_days(city: GuardedHub) -> None:
    days = [date(2025, 12, 1) + timedelta(days=n) for n in range(152)]
    put(city.engine, [a_day("ZG-05", day, *((2.5, "short") if day.day % 7 == 0 else ())) for day in days])
    stretches = [(20, 30), (0, 30), (5, 151), (0, 150), (31, 120), (31, 121), (40, 80), (30, 31)]
    with city.ask(city.session("wang", CITY)) as client:
        for first, last in stretches:
            where = {"from": str(days[first]), "to": str(days[last])}
            (sums,) = [
                one
                for one in client.get("/api/v1/coverage", params=where).json()["stations"]
                if one["station"] == "ZG-05"
            ]
            alone = client.get("/api/v1/stations/ZG-05/coverage", params=where).json()["days"]

            assert (sums["days"], len(alone)) == (last - first + 1, last - first + 1)
            assert sums["seconds"] == {name: sum(one["seconds"][name] for one in alone) for name in sums["seconds"]}
            assert sums["verdicts"]["short"] == sum(one["verdict"] == "short" for one in alone)


def test_no_gap_of_a_long_stretch_is_left_out(city: GuardedHub) -> None:
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(365)]
    gaps = [a_gap("ZG-05", day, f"{hour:02}:00", f"{hour:02}:10") for day in days for hour in range(9, 16)]
    put(city.engine, [a_day("ZG-05", day) for day in days], gaps)
    with city.ask(city.session("wang", CITY)) as client:
        text = client.get("/coverage/sheets/gaps.csv?span=year&date=2025-12-31&station=ZG-05").text

    assert len(text.splitlines()) == 1 + len(gaps)


def test_the_compliance_sheet_is_in_the_language_of_who_reads_it(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        page = main_of(client.get("/coverage/stations/ZG-04?span=month&date=2026-03-04&lang=en"))

    assert "short by 1:00" in page
    assert not re.findall("[差、，]", page)


def test_a_gap_through_midnight_ends_at_24_and_begins_at_0(city: GuardedHub) -> None:
    late = a_gap("ZG-05", MARCH[1], "22:00", "23:59") | {
        "ended_ms": a_gap("ZG-05", MARCH[2], "00:00", "01:00")["began_ms"]
    }
    put(city.engine, [a_day("ZG-05", day) for day in MARCH], [late, a_gap("ZG-05", MARCH[2], "00:00", "01:00")])
    with city.ask(city.session("wang", CITY)) as client:
        page = main_of(client.get("/coverage/stations/ZG-05?span=month&date=2026-03-04"))
        sheet = client.get("/coverage/sheets/gaps.csv?span=month&date=2026-03-04&station=ZG-05").text

    assert "2026-03-02 22:00–24:00" in page
    assert "2026-03-03 00:00–01:00" in page
    assert "2026-03-02,22:00:00,24:00:00," in sheet


NOTHING = {"folded": 1, "last_seq": 1, "last_mono_ms": 0, "last_boot": "", "last_stored_ms": 0, "tail_known": True}
NOTHING |= {"has_doubt": False, "has_unset": False, "boots": "[]", "first_ms": 0, "readers": "{}"}


def told(engine: Engine, kiosk: str, at: str) -> None:
    """A kiosk has told everything up to a moment of the city's."""
    at_ms = ms_of(datetime.fromisoformat(at).replace(tzinfo=SHANGHAI))
    with writing(engine) as connection:
        run = connection.execute(
            insert(RUN).values(kiosk=kiosk, station="ZG-02", epoch="0" * 16).returning(RUN.c.id)
        ).scalar_one()
        connection.execute(insert(LEDGER_RUN).values(run=run, is_tip=True, last_ms=at_ms, **NOTHING))


def served_until_the_fourth(city: GuardedHub) -> None:
    """One kiosk in all, from the first of March on."""
    with writing(city.engine) as connection:
        kiosks = table_of(Kiosk)
        connection.execute(delete(kiosks).where(kiosks.c.id != "zg-02-a"))
        connection.execute(update(kiosks).values(in_service_from=date(2026, 3, 1), in_service_to=date(2026, 3, 4)))


@pytest.mark.parametrize(
    ("told_until", "settled"),
    [
        ("2026-03-03 23:58", {"through": "2026-03-03T16:00:00Z", "behind": 0}),
        ("2026-03-03 17:00", {"through": "2026-03-03T09:00:00Z", "behind": 1}),
        (None, {"through": None, "behind": 1}),
    ],
)
@pytest.mark.parametrize("address", ["coverage", "stations/ZG-02/coverage"])
def test_programs_are_told_how_far_it_is_settled(
    city: GuardedHub, address: str, told_until: str | None, settled: dict[str, object]
) -> None:
    served_until_the_fourth(city)
    if told_until:
        told(city.engine, "zg-02-a", told_until)

    with city.ask(city.session("wang", CITY)) as client:
        found = client.get(f"/api/v1/{address}?from=2026-03-01&to=2026-03-04").json()

    assert found["settled"] == settled


def test_a_page_is_called_coverage_in_english_also_at_the_head_of_the_window_and_on_paper(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        for address in ("/coverage", "/coverage/stations/ZG-04"):
            page = client.get(f"{address}?span=month&date=2026-03-04&lang=en").text

            assert "Coverage · Mar 2026" in page.partition("<title>")[2].partition("</title>")[0]


def test_programs_are_told_today_live_beside_what_is_settled(city: GuardedHub) -> None:
    with city.ask(city.session("wang", CITY)) as client:
        now = client.get("/api/v1/stations/ZG-04/coverage").json()
        earlier = client.get("/api/v1/stations/ZG-04/coverage?from=2026-03-01&to=2026-03-02").json()
        del city.source.rows["ZG-04"]
        not_yet = client.get("/api/v1/stations/ZG-04/coverage").json()

    assert now["live"].keys() == {"as_of", "opened_s", "covered_s"}
    assert 0 < now["live"]["covered_s"] < now["live"]["opened_s"]
    assert (earlier["live"], not_yet["live"]) == (None, None)


@pytest.mark.parametrize(
    ("told_until", "line"),
    [
        ("2026-03-03 23:58", "已结算到 3月4日周三 00:00<"),
        ("2026-03-03 17:00", "已结算到 3月3日周二 17:00 · 1 台终端落后"),
        (None, "还没有收到过记录 · 1 台终端落后"),
    ],
)
@pytest.mark.parametrize("address", ["/coverage?", "/coverage/stations/ZG-02?"])
def test_a_kiosk_that_went_has_told_until_then(
    city: GuardedHub, address: str, told_until: str | None, line: str
) -> None:
    served_until_the_fourth(city)
    if told_until:
        told(city.engine, "zg-02-a", told_until)
    with city.ask(city.session("wang", CITY)) as client:
        for stretch in ("span=month&date=2026-03-04", "span=week&date=2026-03-05"):
            assert line in main_of(client.get(address + stretch))
        assert "这段时间没有终端在用" in main_of(client.get(f"{address}span=day&date=2026-03-05"))
