"""The board as an operator meets it: a real browser before a real server, the figures made up."""

from __future__ import annotations

import random
import re
import socketserver
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

import pytest
from selenium.webdriver.common.keys import Keys

from hub.presence.board_view import ExpectedOne, screen_order
from tests.hub.pages.board_source import CLOSED, MET, MINIMUM, UNKNOWN, VACANT, FakeBoardSource, at, city
from tests.hub.pages.cities import big_city
from tests.hub.pages.hub_under_test import HubUnderTest
from tests.ports import free_port

if TYPE_CHECKING:
    import socket

    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser

A_SECOND = 1.0
TRIES = 20  # of which one must be quick: whatever else the machine does, it does not do it all the time
LATE_S = 60.0


CLOCK_AND_DURATION = """
return [document.getElementById('clock').innerText, document.querySelector('#r-ZG-04 [data-since]').innerText]"""
WATCH_GLOW = "window.glowed = ''; document.addEventListener('animationstart', (begun) => { window.glowed = begun.animationName; });"


class BusyGateway(socketserver.ThreadingTCPServer):
    """A proxy whose hub is away: every request gets a 502, after which a browser's own event stream gives up."""

    answer = b"HTTP/1.1 502 Bad Gateway\r\n"

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), self._refuse)
        self.refused_twice = threading.Event()
        self._refusals = 0

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="busy gateway")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def _refuse(self, request: socket.socket, *_: object) -> None:
        with suppress(OSError):  # a browser opens connections that it does not use, and drops them
            request.settimeout(LATE_S)
            if request.recv(65536):
                request.sendall(self.answer + b"Content-Length: 0\r\nConnection: close\r\n\r\n")
                self._refusals += 1
        if self._refusals >= 2:
            self.refused_twice.set()


class Portal(BusyGateway):
    """A line that is to be signed in for leads whoever asks for anything to a page of its own."""

    answer = b"HTTP/1.1 302 Found\r\nLocation: /portal\r\n"

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.asked: list[bytes] = []

    def _refuse(self, request: socket.socket, *_: object) -> None:
        with suppress(OSError):
            request.settimeout(LATE_S)
            asked = request.recv(65536).partition(b" HTTP")[0]
            self.asked += [asked] if asked else []
            is_there = asked == b"GET /portal"
            said = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" if is_there else self.answer
            request.sendall(said + b"Content-Length: 0\r\nConnection: close\r\n\r\n")


def expected_codes(source: FakeBoardSource) -> list[str]:
    return [row.code for row in screen_order(source.rows.values())]


def minutes_of(clock: str) -> int:
    hours, minutes = clock.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def _seen_after_s(hub: HubUnderTest, onlooker: Onlooker, on_duty: int) -> float:
    began_s = time.monotonic()
    hub.change("ZG-01", on_duty=on_duty)
    onlooker.wait(lambda: f"{on_duty} / 2" in onlooker.text("#s-ZG-01"))
    return time.monotonic() - began_s


def test_other_stations_are_no_heading_where_there_are_none(onlooker: Onlooker) -> None:
    one = replace(city()[0], duty_class=VACANT, on_duty=0)
    source = FakeBoardSource([one])
    with HubUnderTest(source) as hub:
        onlooker.open(f"{hub.address}?lang=zh")
        assert "其他站点" not in onlooker.text("main")

        hub.change(one.code, duty_class=MET, on_duty=2)

        onlooker.wait(lambda: "其他站点" in onlooker.text("main"))


def test_a_board_is_not_led_away_by_who_answers_where_the_hub_is_not(onlooker: Onlooker) -> None:
    source = FakeBoardSource()
    with HubUnderTest(source, port=(port := free_port())) as hub:
        onlooker.open(hub.address)
    with Portal(port) as portal:
        onlooker.wait(lambda: portal.asked.count(b"GET /portal") >= 2)  # looked at once, and asked again
        assert onlooker.run("return location.pathname") == "/"
    with HubUnderTest(source, port=port):
        onlooker.wait(lambda: onlooker.run("return document.documentElement.dataset.link") == "live")
    onlooker.complaints()  # what was not there


def test_a_change_is_seen_within_a_second(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)

    took_s = (_seen_after_s(hub, onlooker, on_duty) for on_duty in range(3, 3 + TRIES))

    assert any(each_s < A_SECOND for each_s in took_s)


def test_trouble_moves_to_the_top_and_back_without_a_reload(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    onlooker.run("window.sameDocument = true")

    hub.change("ZG-01", duty_class=VACANT, on_duty=0, since=at(9, 1))

    onlooker.wait(lambda: onlooker.codes() == expected_codes(hub.source))
    onlooker.wait(lambda: onlooker.text("#n-all--vacant") == "3")
    onlooker.wait(lambda: onlooker.text("#n-kind-hospital-vacant") == "1")
    assert onlooker.codes()[0] == "ZG-01"

    hub.change("ZG-01", duty_class=MET, on_duty=2, since=at(9, 41))

    onlooker.wait(lambda: onlooker.codes() == expected_codes(hub.source))
    onlooker.wait(lambda: onlooker.text("#n-all--vacant") == "2")
    assert onlooker.codes()[0] != "ZG-01"
    assert onlooker.run("return window.sameDocument")


def test_a_page_after_many_pushes_equals_a_page_loaded_now(hub: HubUnderTest, onlooker: Onlooker) -> None:
    chance = random.Random(20260305)
    onlooker.open(hub.address)

    for _ in range(150):
        code = chance.choice(sorted(hub.source.rows))
        duty_class = chance.choice((MET, MINIMUM, VACANT, UNKNOWN, CLOSED))
        hub.change(code, duty_class=duty_class, since=at(8, chance.randrange(60)), on_duty=chance.randrange(3))
    hub.change("ZG-05", name="末班图书馆", duty_class=MET)
    onlooker.wait(lambda: "末班图书馆" in onlooker.text("#s-ZG-05"))
    hub.change("ZG-05", name="闭馆图书馆")  # told after all figures of the changes before it
    onlooker.wait(lambda: "闭馆图书馆" in onlooker.text("#s-ZG-05"))
    pushed = onlooker.stations(), onlooker.text(".tallies"), onlooker.text(".figures")
    onlooker.open(hub.address)

    loaded = onlooker.stations(), onlooker.text(".tallies"), onlooker.text(".figures")
    assert pushed == loaded


def test_reading_order_is_screen_order(hub: HubUnderTest, onlooker: Onlooker) -> None:
    for width in (1366, 390):
        onlooker.set_up(width, 900)
        onlooker.open(hub.address)

        stations = onlooker.stations()

        assert [station["code"] for station in stations] == expected_codes(hub.source)
        places = [station["place"] for station in stations]
        assert places == sorted(places)


def test_a_pushed_row_keeps_the_focus_of_who_stands_on_it(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    onlooker.run("document.getElementById('a-ZG-01').focus()")

    hub.change("ZG-01", duty_class=VACANT, on_duty=0)

    onlooker.wait(lambda: "0 / 2" in onlooker.text("#s-ZG-01"))
    assert onlooker.run("return document.activeElement.id") == "ra-ZG-01"  # its line in the list: the tile is hidden

    hub.change("ZG-01", duty_class=MET, on_duty=2)

    onlooker.wait(lambda: "2 / 2" in onlooker.text("#s-ZG-01"))
    assert onlooker.run("return document.activeElement.id") == "a-ZG-01"


def test_a_station_that_becomes_vacant_is_said_aloud(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)

    hub.change("ZG-03", duty_class=VACANT, on_duty=0)

    onlooker.wait(lambda: onlooker.run("return document.getElementById('said').textContent") == "柳荫社区：无人")
    assert onlooker.find("#said").get_attribute("role") == "status"


def test_figures_filter_by_keyboard_and_the_address_keeps_it(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    onlooker.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB)  # the skip link, then met, minimum, vacant
    assert onlooker.run("return document.activeElement.dataset.value") == "vacant"

    onlooker.press(Keys.ENTER)

    onlooker.sees(["ZG-04", "ZG-10"])
    assert "class=vacant" in onlooker.chrome.current_url
    onlooker.wait(lambda: onlooker.text("#shown") == "显示 2 站，共 11 站")

    onlooker.open(onlooker.chrome.current_url)

    onlooker.sees(["ZG-04", "ZG-10"])

    hub.change("ZG-01", duty_class=VACANT, since=at(9, 39))

    onlooker.sees(["ZG-04", "ZG-10", "ZG-01"])

    onlooker.find(".figure[data-value=vacant]").send_keys(Keys.SPACE)

    onlooker.wait(lambda: len(onlooker.codes()) == 11)
    assert "class=" not in onlooker.chrome.current_url


def test_district_kind_and_text_filter_together(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)

    onlooker.find("#f-district").send_keys("南山区")
    onlooker.sees(["ZG-06", "ZG-05", "ZG-07", "ZG-08"])
    onlooker.find("#f-q").send_keys("政务")
    onlooker.sees(["ZG-07"])
    onlooker.find("#f-kind").send_keys("医院")

    onlooker.sees([])
    onlooker.wait(lambda: onlooker.text(".nothing") == "没有符合条件的站点")
    onlooker.find("#f-clear").send_keys(Keys.ENTER)
    onlooker.wait(lambda: len(onlooker.codes()) == 11)
    assert onlooker.chrome.current_url == hub.address + "/"


def test_a_district_in_the_totals_filters_too(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)

    onlooker.find("[data-scope=district][data-value=云溪县]").send_keys(Keys.ENTER)

    onlooker.wait(lambda: onlooker.codes() == ["ZG-10", "ZG-09", "ZG-11"])
    onlooker.wait(
        lambda: (
            onlooker.text(".figures").split() == ["1", "达标", "0", "仅最低", "1", "无人", "0", "未知", "1", "未开放"]
        )
    )
    assert onlooker.chrome.title == "(1 无人) 云州市"


def test_a_change_elsewhere_does_not_come_to_a_districts_board(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(f"{hub.address}/?district=云溪县")

    hub.change("ZG-01", duty_class=VACANT, on_duty=0)
    hub.change("ZG-09", duty_class=VACANT, on_duty=0)

    onlooker.wait(lambda: onlooker.text("#n-all--vacant") == "2")
    assert onlooker.codes() == ["ZG-09", "ZG-10"]  # the third is closed, and folded away


def test_figures_obey_the_words_that_are_looked_for(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)

    onlooker.find("#f-q").send_keys("南山区")
    onlooker.wait(lambda: onlooker.text("#n-all--vacant") == "0")
    onlooker.wait(lambda: onlooker.text("#n-all--met") == "2")

    hub.change("ZG-05", duty_class=VACANT, on_duty=0)
    onlooker.wait(lambda: onlooker.text("#n-all--vacant") == "1")
    onlooker.find("#f-q").send_keys(Keys.ESCAPE)
    onlooker.wait(lambda: onlooker.text("#n-all--vacant") == "3")


def test_the_way_back_leads_to_the_board_as_it_was_left(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(f"{hub.address}/?district=北湖区&class=vacant")
    assert onlooker.codes() == ["ZG-04"]

    onlooker.find("#ra-ZG-04").send_keys(Keys.ENTER)
    onlooker.wait(lambda: "/stations/ZG-04" in onlooker.chrome.current_url)
    onlooker.wait(lambda: onlooker.run("return document.querySelector('a[rel=prev]') !== null"))
    onlooker.find("a[rel=prev]").send_keys(Keys.ENTER)
    onlooker.wait(lambda: "date=" in onlooker.chrome.current_url)
    onlooker.find("[data-back]").send_keys(Keys.ENTER)

    onlooker.wait(lambda: "class=vacant" in onlooker.chrome.current_url)
    onlooker.wait(lambda: onlooker.codes() == ["ZG-04"])


COMPOSE = """
const box = document.getElementById('f-q');
box.value = arguments[0];
box.dispatchEvent(new InputEvent('input', {bubbles: true, isComposing: true}));
box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true, isComposing: true}));"""


def test_half_typed_pinyin_empties_no_board_and_escape_ends_only_the_composing(
    hub: HubUnderTest, onlooker: Onlooker
) -> None:
    onlooker.open(hub.address)
    onlooker.find("#f-q").send_keys("南山区")
    onlooker.wait(lambda: len(onlooker.codes()) == 4)

    onlooker.run(COMPOSE, "南山区zheng'wu")

    assert len(onlooker.codes()) == 4
    assert onlooker.run("return document.getElementById('f-q').value") == "南山区zheng'wu"


def test_the_tab_says_how_many_are_vacant(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    assert onlooker.chrome.title == "(2 无人) 云州市"

    for code in ("ZG-04", "ZG-10"):
        hub.change(code, duty_class=MET, on_duty=2)

    onlooker.wait(lambda: onlooker.chrome.title == "云州市 · 在岗")


def test_a_district_in_which_all_is_closed_is_one_line_until_it_is_opened(
    hub: HubUnderTest, onlooker: Onlooker
) -> None:
    hub.change("ZG-09", duty_class=CLOSED, on_duty=0, is_open=False, next_change_at=at(14, 30))
    onlooker.open(hub.address)
    fold = "#h-d-_4e91__6eaa__53bf_ + .fold"

    onlooker.wait(lambda: onlooker.text(fold) == "2 站未开放 · 14:30 开放")
    assert "ZG-11" not in onlooker.codes()

    onlooker.find(fold).send_keys(Keys.ENTER)

    onlooker.wait(lambda: "ZG-11" in onlooker.codes())
    hub.change("ZG-09", duty_class=MET, on_duty=2)
    onlooker.wait(lambda: not onlooker.find(fold).is_displayed())


def test_a_district_that_is_one_line_says_who_opens_first_and_no_reason_that_is_one_stations_alone(
    hub: HubUnderTest, onlooker: Onlooker
) -> None:
    closed: dict[str, Any] = {"duty_class": CLOSED, "on_duty": 0, "is_open": False}
    hub.change("ZG-09", next_change_at=at(14, 30) + timedelta(days=1), closed_for="停电检修", **closed)
    onlooker.open(hub.address)
    fold = "#h-d-_4e91__6eaa__53bf_ + .fold"
    onlooker.wait(lambda: onlooker.text(fold) == "2 站未开放 · 最早 14:30 开放")

    for code in ("ZG-09", "ZG-11"):
        hub.change(code, next_change_at=at(14, 30), closed_for="全市演练", **closed)
    onlooker.wait(lambda: onlooker.text(fold) == "2 站未开放 · 全市演练 · 14:30 开放")


def test_what_is_said_of_several_in_one_line_is_so_of_all_of_them(hub: HubUnderTest, onlooker: Onlooker) -> None:
    early: dict[str, Any] = {"duty_class": CLOSED, "is_open": False, "next_change_at": at(10)}
    late = (ExpectedOne("p1", "李*", has_come=False),)
    for code, on_duty in (("ZG-09", 1), ("ZG-10", 1), ("ZG-11", 1)):
        hub.change(code, on_duty=on_duty, expected=late, **early)
    onlooker.open(hub.address)
    fold = "#h-d-_4e91__6eaa__53bf_ + .fold"
    onlooker.wait(lambda: onlooker.text(fold) == "3 站未开放 · 10:00 开放")  # not "1 / 2" of each, nor who lacks at one

    hub.change("ZG-10", next_change_at=at(11))
    onlooker.wait(lambda: onlooker.text(fold) == "3 站未开放 · 最早 10:00 开放")
    hub.change("ZG-09", next_change_at=None)
    hub.change("ZG-11", next_change_at=at(11) + timedelta(days=1))
    onlooker.wait(lambda: onlooker.text(fold) == "3 站未开放 · 最早 11:00 开放")
    onlooker.open(f"{hub.address}?lang=en")
    onlooker.wait(lambda: onlooker.text(fold) == "3 closed · first opens 11:00")


def test_who_has_come_to_a_station_that_is_about_to_open_is_on_the_board_and_its_minutes_run(
    onlooker: Onlooker,
) -> None:
    rows = [replace(row, duty_class=CLOSED, on_duty=0, is_open=False, next_change_at=at(14, 30)) for row in city()]
    late = (ExpectedOne("p1", "李*", has_come=False),)
    change, note = "#s-ZG-01 .change", "#notes [data-class=closed]"
    with HubUnderTest(FakeBoardSource(rows, rate=60)) as hub:
        onlooker.open(hub.address)
        assert not onlooker.find("#s-ZG-01").is_displayed()

        hub.change("ZG-01", opens_soon=True, expected=late)
        onlooker.wait(lambda: onlooker.find("#s-ZG-01").is_displayed())
        left, said = onlooker.text(change).split("后", 1)
        assert said.replace("\N{NO-BREAK SPACE}", " ") == "开放，现有 0 / 2 · 李* 未到"
        assert re.fullmatch(r"\d+ 小时 \d+ 分", left)
        onlooker.wait(lambda: onlooker.text(note).startswith("1 站快要开放，还没有人到"))
        onlooker.wait(lambda: onlooker.text(f"{change} time") != left)

        hub.change("ZG-01", on_duty=1)
        onlooker.wait(lambda: re.search(r"现有\s1\s/\s2", onlooker.text(change)))
        assert len(re.findall(r"1\s/\s2", onlooker.text("#s-ZG-01"))) == 1
        onlooker.wait(lambda: "快要开放" not in onlooker.text("#notes"))


CUT_OFF = """
const drawn = document.createRange();
return [...document.querySelectorAll('.tile .line *')].filter(e => e.checkVisibility() && !e.closest('svg')).filter(e => {
  drawn.selectNodeContents(e);
  return drawn.getBoundingClientRect().right > e.closest('.tile').getBoundingClientRect().right - 4
    || e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX !== 'visible';
}).map(e => e.innerText);"""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1366, 1280, 390])
def test_no_word_of_a_tile_is_cut_off(onlooker: Onlooker, width: int, language: str) -> None:
    soon = {"duty_class": CLOSED, "is_open": False, "opens_soon": True, "next_change_at": at(9, 55)}
    rows = [row if number % 2 else replace(row, on_duty=1, **soon) for number, row in enumerate(big_city(22))]
    onlooker.set_up(width, 844)
    with HubUnderTest(FakeBoardSource(rows)) as hub:
        onlooker.open(f"{hub.address}?lang={language}")

        onlooker.wait(lambda: onlooker.run("return document.querySelectorAll('.soon time').length") == 11)
        assert onlooker.run(CUT_OFF) == []
        assert [one for one in onlooker.run(FRACTIONS) if one != 1] == []


FRACTIONS = r"""
return [...document.querySelectorAll('.tile')].map(e => e.innerText.match(/\d+\s(\/|of)\s\d+/g).length)"""


def test_in_a_large_city_each_district_is_one_line_that_counts_its_stations(onlooker: Onlooker) -> None:
    with HubUnderTest(FakeBoardSource(big_city(200, "trouble"))) as hub:
        onlooker.open(hub.address)
        folds = "return [...document.querySelectorAll('.fold')].filter(e => e.checkVisibility()).map(e => e.innerText)"

        assert onlooker.run(folds)[:2] == [
            "达标 15 · 仅最低 1 · 无人 1 · 未知 1 · 未开放 2",
            "达标 16 · 仅最低 1 · 无人 1 · 未开放 2",
        ]
        assert not onlooker.run(
            "return [...document.querySelectorAll('.tile')].filter(e => e.checkVisibility()).length"
        )

        onlooker.open(f"{hub.address}?district=南山区")
        assert onlooker.run(folds) == []


def test_what_many_lost_stations_of_one_district_share_is_not_the_centres_network(onlooker: Onlooker) -> None:
    rows = [
        replace(row, duty_class=UNKNOWN, kiosks_heard=0) if row.district == "南山区" else row for row in big_city(60)
    ]
    with HubUnderTest(FakeBoardSource(rows)) as hub:
        said = {}
        for scope in ("", "?district=南山区", "?kind=bank"):
            onlooker.open(f"{hub.address}/{scope}")
            said[scope] = onlooker.run("return document.querySelector('.notice[data-class=unknown] b')?.innerText")

    assert said == {
        "": "20 站失联，请查这些站点的网络和电源",
        "?district=南山区": "20 站失联，可能是它们共用的网络故障",
        "?kind=bank": None,
    }


def test_durations_run_on_the_stations_clock(onlooker: Onlooker) -> None:
    with HubUnderTest(FakeBoardSource(rate=120)) as hub:
        onlooker.open(hub.address)

        def is_counted_on() -> bool:
            clock, duration = onlooker.run(CLOCK_AND_DURATION)
            return clock > "09:43" and duration == f"{minutes_of(clock) - minutes_of('09:29')} 分钟"

        onlooker.wait(is_counted_on)


def test_a_page_that_lost_its_hub_says_so_and_comes_back_with_everything(onlooker: Onlooker) -> None:
    source, port = FakeBoardSource(), free_port()
    with HubUnderTest(source, port) as hub:
        onlooker.open(hub.address)

    onlooker.wait(lambda: onlooker.find(".lost").is_displayed())

    assert "与中心的连接已断开" in onlooker.text(".lost")
    onlooker.wait(lambda: onlooker.text("#last-word").startswith("09:4"))
    assert onlooker.run("return getComputedStyle(document.getElementById('board')).filter") == "grayscale(1)"
    source.change("ZG-02", duty_class=VACANT, on_duty=0, since=at(8, 30))

    with HubUnderTest(source, port) as hub:
        onlooker.wait(lambda: not onlooker.find(".lost").is_displayed())

        assert onlooker.run("return getComputedStyle(document.getElementById('board')).filter") == "none"
        assert onlooker.codes() == expected_codes(source)
        assert onlooker.codes()[0] == "ZG-02"
        hub.change("ZG-02", duty_class=MET, on_duty=2)
        onlooker.wait(lambda: onlooker.codes()[0] != "ZG-02")


def test_a_connection_that_is_open_but_silent_is_called_lost_and_replaced(
    hub: HubUnderTest, onlooker: Onlooker
) -> None:
    onlooker.open(hub.address)
    hub.call(hub.broadcast._beats.cancel)

    onlooker.wait(lambda: onlooker.find(".lost").is_displayed())

    onlooker.wait(lambda: not onlooker.find(".lost").is_displayed())
    assert onlooker.codes() == expected_codes(hub.source)


def test_a_page_that_is_answered_with_an_error_tries_again_soon(onlooker: Onlooker) -> None:
    source, port = FakeBoardSource(), free_port()
    with HubUnderTest(source, port) as hub:
        onlooker.open(hub.address)
    with BusyGateway(port) as gateway:
        assert gateway.refused_twice.wait(LATE_S)

    with HubUnderTest(source, port) as again:
        onlooker.wait(lambda: again.call(lambda: again.broadcast.viewers) == 1)


def test_a_page_whose_scripts_never_came_does_not_pass_for_live(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.block("*live.js*")
    onlooker.chrome.get(hub.address)
    assert not onlooker.find(".lost").is_displayed()

    onlooker.wait(lambda: onlooker.find(".lost").is_displayed())

    look = "return getComputedStyle(document.getElementById('board')).filter"
    onlooker.wait(lambda: onlooker.run(look) == "grayscale(1)")
    onlooker.complaints()  # the blocked script


def test_reduced_motion_takes_the_glow_away(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    onlooker.run(WATCH_GLOW)  # over in two seconds: who only looks now and then may miss it
    hub.change("ZG-01", on_duty=4)
    onlooker.wait(lambda: onlooker.run("return window.glowed") == "glow")

    onlooker.set_up(prefers_reduced_motion="reduce")
    onlooker.run(WATCH_GLOW)
    hub.change("ZG-01", on_duty=5)
    onlooker.wait(lambda: "5 / 2" in onlooker.text("#s-ZG-01"))

    onlooker.run("return new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))")
    assert onlooker.run("return window.glowed") == ""


def test_a_city_without_trouble_is_quiet(onlooker: Onlooker) -> None:
    source = FakeBoardSource()
    for code in list(source.rows):
        source.change(code, duty_class=MET, on_duty=2)
    with HubUnderTest(source) as hub:
        onlooker.open(hub.address)

        onlooker.wait(lambda: onlooker.text(".quiet") == "没有需要处理的站点")


def test_english_is_one_click_away_and_stays(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    assert onlooker.run("return document.documentElement.lang") == "zh-CN"

    onlooker.find(".language").click()
    onlooker.open(hub.address)

    assert onlooker.run("return document.documentElement.lang") == "en"
    assert re.search("Vacant 1[1-9] min", onlooker.stations()[0]["text"])
    hub.change("ZG-01", duty_class=VACANT, on_duty=0, since=at(9))
    onlooker.wait(lambda: re.search("Vacant 4[0-9] min", onlooker.stations()[0]["text"]))
