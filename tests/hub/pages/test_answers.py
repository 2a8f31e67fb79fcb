"""What the hub answers to a request for a page, a file or the board as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx2
import pytest

from hub.presence.board_view import Cause, Reason
from hub.web.kit.ids import dom_id
from station.duty import DutyClass
from tests.hub.pages.board_source import CLOSED, VACANT, FakeBoardSource, make_row
from tests.hub.pages.hub_under_test import HubUnderTest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def client(hub: HubUnderTest) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=hub.address, trust_env=False, timeout=60) as client:
        yield client


def events(client: httpx2.Client, address: str, count: int) -> list[tuple[str, str]]:
    """Read the first events of a stream."""
    found: list[tuple[str, str]] = []
    with client.stream("GET", address) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in answer.iter_lines():
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                found.append((name, value))
            if len(found) == count:
                return found
    return found


def test_pages_bring_a_strict_content_policy_and_are_never_cached(client: httpx2.Client) -> None:
    answer = client.get("/")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_hub_without_stations_says_what_to_do_and_one_that_has_them_does_not(
    client: httpx2.Client, hub: HubUnderTest
) -> None:
    with_stations = client.get("/").text
    hub.source.rows.clear()

    chinese, english = client.get("/").text, client.get("/?lang=en").text

    assert "还没有录入站点" not in with_stations
    assert "还没有录入站点" in chinese
    assert "No station is entered yet" in english
    for html in (chinese, english):
        assert "zaigang-hub import 站点.xlsx" in html


def test_a_filter_that_finds_nothing_is_no_empty_hub(client: httpx2.Client) -> None:
    found = client.get("/?district=nowhere&lang=zh").text
    assert "还没有录入站点" not in found
    assert "地址中的 district=nowhere 不能用，没有按它筛选。" in found
    assert found.count('class="tile') == client.get("/").text.count('class="tile') > 0


def test_where_nobody_signs_in_each_page_that_the_board_leads_to_leads_back(client: httpx2.Client) -> None:
    led_to = {each for each in re.findall(r'href="(/[^"]+)"', client.get("/").text) if not each.startswith("/static")}

    assert "/inbox" in led_to
    for address in (*sorted(led_to)[:4], "/inbox", "/inbox/over"):
        assert 'href="/"' in client.get(address).text, address


def test_pages_load_nothing_from_elsewhere(client: httpx2.Client) -> None:
    for address in ("/", "/stations/ZG-02"):
        html = client.get(address).text

        assert "://" not in html.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "<style" not in html
        assert "style=" not in html


def test_a_language_asked_for_is_kept_in_a_cookie(client: httpx2.Client) -> None:
    assert client.get("/").headers["content-language"] == "zh-CN"

    client.get("/?lang=en")

    assert client.get("/").headers["content-language"] == "en"


def test_a_stations_day_in_english_keeps_no_chinese(client: httpx2.Client) -> None:
    html = client.get("/stations/ZG-02/day?lang=en").text

    assert re.findall("[\u4e00-\u9fff]+", html) == []
    assert '<b class="letter">B</b> Unknown card' in html
    assert "Records that cannot be read are kept aside" in html


def test_a_station_that_there_is_not_is_a_page_that_says_so(client: httpx2.Client) -> None:
    answer = client.get("/stations/nowhere")

    assert answer.status_code == 404
    assert "没有这个站点" in answer.text
    assert client.get("/stations/nowhere/live").status_code == 404
    assert client.get("/stations/nowhere/day").status_code == 404


def test_static_files_may_be_kept_for_ever_under_the_name_of_their_content(client: httpx2.Client) -> None:
    page = client.get("/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]

    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get(address.split("?")[0]).headers["cache-control"] == "no-cache"
    assert client.get("/static/../pages.py").status_code == 404
    assert client.get("/static/%2e%2e/pages.py").status_code == 404


def test_the_board_says_why_a_station_is_closed() -> None:
    rows = [
        make_row("ZG-01", "市图书馆", "南山区", "culture", CLOSED, closed_for="停电<检修>"),
        make_row("ZG-02", "人民广场", "南山区", "park", CLOSED),
        make_row("ZG-03", "工农银行", "南山区", "bank", CLOSED, closed_for="国庆节、中秋节"),
    ]
    with (
        HubUnderTest(FakeBoardSource(rows)) as hub,
        httpx2.Client(base_url=hub.address, trust_env=False, timeout=60) as client,
    ):
        html, english = client.get("/?lang=zh").text, client.get("/?lang=en").text
        board = client.get("/api/v1/board").json()["stations"]
        (_, streamed), *_ = events(client, "/api/v1/live", 1)

    assert {one["code"]: one["closed_for"] for one in board} == {
        "ZG-01": "停电<检修>", "ZG-02": "", "ZG-03": "国庆节、中秋节",
    }  # fmt: skip
    assert '<span class="why">国庆节、中秋节</span>' in html
    assert '<span class="why">National Day, Mid-Autumn Festival</span>' in english
    assert '<span class="why">停电&lt;检修&gt;</span>' in english
    assert json.loads(streamed)["stations"] == board
    assert html.count('<span class="why">停电&lt;检修&gt;</span> · ') == 1
    assert "未开放 · 停电&lt;检修&gt;" in html


def test_names_are_escaped_and_odd_codes_do_no_harm() -> None:
    rows = [make_row("a b/#ü", "<b>站</b> & 点", '区"县', "other", VACANT)]
    with (
        HubUnderTest(FakeBoardSource(rows)) as hub,
        httpx2.Client(base_url=hub.address, trust_env=False, timeout=60) as client,
    ):
        html = client.get("/").text

        assert "&lt;b&gt;站&lt;/b&gt; &amp; 点" in html
        assert client.get("/stations/a%20b%2F%23%C3%BC").status_code in {200, 404}
    assert dom_id("a b/#ü") == "a_20_b_2f__23__fc_"
    assert dom_id("a_20_b") != dom_id("a b")


def test_the_board_as_json_has_what_was_promised(client: httpx2.Client) -> None:
    board = client.get("/api/v1/board").json()

    assert set(board) == {"as_of", "rate", "city", "totals", "districts", "kinds", "stations"}
    assert board["totals"] == {"met": 5, "minimum": 1, "vacant": 2, "unknown": 1, "closed": 2}
    assert board["districts"]["南山区"]["unknown"] == 1
    assert board["kinds"]["hospital"]["met"] == 1
    assert [station["code"] for station in board["stations"]][:4] == ["ZG-04", "ZG-10", "ZG-06", "ZG-02"]
    assert set(board["stations"][0]) == {
        *("code", "name", "district", "kind", "class", "on_duty", "stepped_out", "unknown_cards", "minimum"),
        *("target", "since", "next_change_at", "is_open", "partial", "kiosks", "kiosks_heard", "expected", "missing"),
        *("closed_for", "unseen", "reason"),
    }


def test_programs_are_told_of_a_silent_kiosk_at_a_station_that_is_met() -> None:
    source = FakeBoardSource()
    since = datetime(2026, 3, 5, 1, 12, tzinfo=UTC)
    met = next(row for row in source.rows.values() if row.duty_class is DutyClass.MET)
    source.rows[met.code] = replace(met, unseen=Reason(Cause.SILENT, since, 1, "zg-01-a"))
    with HubUnderTest(source) as hub, httpx2.Client(base_url=hub.address, trust_env=False, timeout=60) as client:
        stations = {one["code"]: one for one in client.get("/api/v1/board").json()["stations"]}

    told = stations[met.code]
    assert (told["class"], told["reason"]) == ("met", None)
    assert told["unseen"] == {"cause": "silent", "at": "2026-03-05T01:12:00Z", "count": 1, "kiosk": "zg-01-a"}
    assert {one["unseen"] for code, one in stations.items() if code != met.code} == {None}


def test_a_stations_day_as_json_has_roles_and_no_names(client: httpx2.Client) -> None:
    day = client.get("/api/v1/stations/ZG-02", params={"date": "2026-03-05"}).json()

    assert day["station"]["class"] == "minimum"
    assert [stint["letter"] for stint in day["stints"]] == ["甲", "乙", "丙"]
    assert day["closed_for"] == day["station"]["closed_for"] == ""
    assert set(day["stints"][0]) == {
        *("began_at", "ended_at", "letter", "role", "marks", "outs", "why_not", "assumed_from"),
    }
    assert client.get("/api/v1/stations/nowhere").status_code == 404
    assert client.get("/api/v1/stations/ZG-02?date=soon").status_code == 422


def test_the_json_stream_starts_with_the_board_and_beats(client: httpx2.Client) -> None:
    (first, board), (second, beat) = events(client, "/api/v1/live", 2)

    assert (first, second) == ("snapshot", "beat")
    assert json.loads(board)["stations"] == client.get("/api/v1/board").json()["stations"]
    assert set(json.loads(beat)) == {"as_of", "rate"}


def test_the_page_stream_starts_with_the_whole_board(client: httpx2.Client) -> None:
    (name, html), *_ = events(client, "/live?lang=en", 1)

    assert name == "snapshot"
    assert html.count('class="station tile"') == 11
    assert "Vacant" in html


def test_a_page_that_comes_again_gets_the_citys_figures_too(client: httpx2.Client) -> None:
    (_, html), *_ = events(client, "/live?lang=en", 1)

    assert re.findall(r'<span id="n-all--(\w+)" class="n" data-n="(\d)" hx-swap-oob="true">', html) == [
        ("met", "5"), ("minimum", "1"), ("vacant", "2"), ("unknown", "1"), ("closed", "2"),
    ]  # fmt: skip
    assert "&lt;" not in html


def test_no_phone_number_leaves_by_the_api(client: httpx2.Client) -> None:
    for address in ("/api/v1/board", "/api/v1/stations/ZG-02"):
        answer = client.get(address).text

        assert "****" not in answer
        assert "lead" not in answer
