"""The board as an operator meets it: a real browser before a real server, the figures made up."""

from __future__ import annotations

import random
import socketserver
import threading
from typing import TYPE_CHECKING, Self

import pytest
from selenium.webdriver.common.keys import Keys

from hub.presence.board_view import screen_order
from tests.hub.pages.board_source import CLOSED, MET, MINIMUM, UNKNOWN, VACANT, FakeBoardSource, at
from tests.hub.pages.hub_under_test import HubUnderTest

if TYPE_CHECKING:
    import socket

    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser

A_SECOND = 1.0
BANNER_WITHIN_S = 7.0  # five of silence, one to the last beat, one to spare


class BusyGateway(socketserver.ThreadingTCPServer):
    """A proxy whose hub is away: every request gets a 502, after which a browser's own event stream gives up."""

    allow_reuse_address = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), self._refuse)
        self.refused_twice = threading.Event()
        self._refusals = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), name="busy gateway", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def _refuse(self, request: socket.socket, *_: object) -> None:
        request.recv(65536)
        request.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        self._refusals += 1
        if self._refusals == 2:
            self.refused_twice.set()


def expected_codes(source: FakeBoardSource) -> list[str]:
    return [row.code for row in screen_order(source.rows.values())]


def test_a_change_is_seen_within_a_second(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)

    hub.change("ZG-01", on_duty=3)

    onlooker.wait(lambda: "3 / 2" in onlooker.text("#s-ZG-01"), A_SECOND)


def test_trouble_moves_to_the_top_and_back_without_a_reload(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    onlooker.run("window.sameDocument = true")

    hub.change("ZG-01", duty_class=VACANT, on_duty=0, since=at(9, 1))

    onlooker.wait(lambda: onlooker.codes()[0] == "ZG-01", A_SECOND)
    assert onlooker.text("#n-city--vacant") == "3"
    assert onlooker.text("#n-kind-hospital-vacant") == "1"
    assert onlooker.codes() == expected_codes(hub.source)

    hub.change("ZG-01", duty_class=MET, on_duty=2, since=at(9, 41))

    onlooker.wait(lambda: onlooker.codes()[0] != "ZG-01", A_SECOND)
    assert onlooker.codes() == expected_codes(hub.source)
    assert onlooker.text("#n-city--vacant") == "2"
    assert onlooker.run("return window.sameDocument")


def test_a_page_after_many_pushes_equals_a_page_loaded_now(hub: HubUnderTest, onlooker: Onlooker) -> None:
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    onlooker.open(hub.address)

    for _ in range(150):
        code = chance.choice(sorted(hub.source.rows))
        duty_class = chance.choice((MET, MINIMUM, VACANT, UNKNOWN, CLOSED))
        hub.change(code, duty_class=duty_class, since=at(8, chance.randrange(60)), on_duty=chance.randrange(3))
    hub.change("ZG-05", name="末班图书馆", duty_class=MET)
    onlooker.wait(lambda: "末班图书馆" in onlooker.text("#s-ZG-05"), A_SECOND)
    pushed = onlooker.stations(), onlooker.text(".tallies"), onlooker.text(".figures")
    onlooker.open(hub.address)

    loaded = onlooker.stations(), onlooker.text(".tallies"), onlooker.text(".figures")
    assert pushed == loaded, f"seed {seed}"


def test_reading_order_is_screen_order(hub: HubUnderTest, onlooker: Onlooker) -> None:
    for width in (1920, 1366, 390):
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

    onlooker.wait(lambda: "0 / 2" in onlooker.text("#s-ZG-01"), A_SECOND)
    assert onlooker.run("return document.activeElement.id") == "a-ZG-01"


def test_a_station_that_becomes_vacant_is_said_aloud(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)

    hub.change("ZG-03", duty_class=VACANT, on_duty=0)

    onlooker.wait(
        lambda: onlooker.run("return document.getElementById('said').textContent") == "柳荫社区：无人", A_SECOND
    )
    assert onlooker.find("#said").get_attribute("role") == "status"


def test_figures_filter_by_keyboard_and_the_address_keeps_it(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    onlooker.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB)  # the skip link, then met, minimum, vacant
    assert onlooker.run("return document.activeElement.dataset.value") == "vacant"

    onlooker.press(Keys.ENTER)

    assert onlooker.codes() == ["ZG-04", "ZG-10"]
    assert "class=vacant" in onlooker.chrome.current_url
    assert onlooker.text("#shown") == "显示 2 站，共 11 站"

    onlooker.open(onlooker.chrome.current_url)

    assert onlooker.codes() == ["ZG-04", "ZG-10"]

    hub.change("ZG-01", duty_class=VACANT, since=at(9, 39))

    onlooker.wait(lambda: onlooker.codes() == ["ZG-04", "ZG-10", "ZG-01"], A_SECOND)

    onlooker.find(".figure[data-value=vacant]").send_keys(Keys.SPACE)

    assert len(onlooker.codes()) == 11
    assert "class=" not in onlooker.chrome.current_url


def test_district_kind_and_text_filter_together(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)

    onlooker.find("#f-district").send_keys("南山区")
    assert onlooker.codes() == ["ZG-06", "ZG-05", "ZG-07", "ZG-08"]
    onlooker.find("#f-q").send_keys("政务")
    assert onlooker.codes() == ["ZG-07"]
    onlooker.find("#f-kind").send_keys("医院")

    assert onlooker.codes() == []
    assert onlooker.text(".nothing") == "没有符合条件的站点"
    onlooker.find("#f-clear").send_keys(Keys.ENTER)
    onlooker.wait(lambda: len(onlooker.codes()) == 11, A_SECOND)
    assert onlooker.chrome.current_url == hub.address + "/"


def test_a_district_in_the_totals_filters_too(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)

    onlooker.find("[data-filter=district][data-value=云溪县]").send_keys(Keys.ENTER)

    assert onlooker.codes() == ["ZG-10", "ZG-09", "ZG-11"]


def test_durations_run_on_the_stations_clock(onlooker: Onlooker) -> None:
    with HubUnderTest(FakeBoardSource(rate=120)) as hub:
        onlooker.open(hub.address)

        onlooker.wait(lambda: "14 分钟" in onlooker.text("#s-ZG-04 .state"), 3)

        assert onlooker.text("#clock") == "09:43"


def test_a_page_that_lost_its_hub_says_so_and_comes_back_with_everything(onlooker: Onlooker) -> None:
    source = FakeBoardSource()
    with HubUnderTest(source) as hub:
        onlooker.open(hub.address)
        port = hub.port

    onlooker.wait(lambda: onlooker.find(".lost").is_displayed(), BANNER_WITHIN_S)

    assert "与中心的连接已断开" in onlooker.text(".lost")
    assert onlooker.text("#last-word").startswith("09:40:0")
    assert onlooker.run("return getComputedStyle(document.getElementById('board')).filter") == "grayscale(1)"
    source.change("ZG-02", duty_class=VACANT, on_duty=0, since=at(8, 30))

    with HubUnderTest(source, port) as hub:
        onlooker.wait(lambda: not onlooker.find(".lost").is_displayed(), 5)

        assert onlooker.run("return getComputedStyle(document.getElementById('board')).filter") == "none"
        assert onlooker.codes() == expected_codes(source)
        assert onlooker.codes()[0] == "ZG-02"
        hub.change("ZG-02", duty_class=MET, on_duty=2)
        onlooker.wait(lambda: onlooker.codes()[0] != "ZG-02", A_SECOND)
        onlooker.complaints()  # the browser reports each refused connection


def test_a_connection_that_is_open_but_silent_is_called_lost_and_replaced(
    hub: HubUnderTest, onlooker: Onlooker
) -> None:
    onlooker.open(hub.address)
    hub.call(hub.broadcast._beats.cancel)

    onlooker.wait(lambda: onlooker.find(".lost").is_displayed(), BANNER_WITHIN_S)

    onlooker.wait(lambda: not onlooker.find(".lost").is_displayed(), 7)
    assert onlooker.codes() == expected_codes(hub.source)


def test_a_page_that_is_answered_with_an_error_tries_again_soon(onlooker: Onlooker) -> None:
    source = FakeBoardSource()
    with HubUnderTest(source) as hub:
        onlooker.open(hub.address)
        port = hub.port
    with BusyGateway(port) as gateway:
        assert gateway.refused_twice.wait(10)

    with HubUnderTest(source, port) as again:
        onlooker.wait(lambda: again.call(lambda: again.broadcast.viewers) == 1, 5)
        onlooker.complaints()  # the browser reports each 502


def test_a_page_whose_scripts_never_came_does_not_pass_for_live(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.block("*live.js*")
    onlooker.chrome.get(hub.address)
    assert not onlooker.find(".lost").is_displayed()

    onlooker.wait(lambda: onlooker.find(".lost").is_displayed(), BANNER_WITHIN_S)

    look = "return getComputedStyle(document.getElementById('board')).filter"
    onlooker.wait(lambda: onlooker.run(look) == "grayscale(1)", A_SECOND)
    onlooker.complaints()  # the blocked script


def test_reduced_motion_takes_the_glow_away(hub: HubUnderTest, onlooker: Onlooker) -> None:
    glow = "return getComputedStyle(document.getElementById('s-ZG-01')).animationName"
    onlooker.open(hub.address)
    hub.change("ZG-01", on_duty=4)
    onlooker.wait(lambda: onlooker.run(glow) == "glow", A_SECOND)

    onlooker.set_up(prefers_reduced_motion="reduce")

    assert onlooker.run(glow) == "none"


def test_a_city_without_trouble_is_quiet(onlooker: Onlooker) -> None:
    source = FakeBoardSource()
    for code in list(source.rows):
        source.change(code, duty_class=MET, on_duty=2)
    with HubUnderTest(source) as hub:
        onlooker.open(hub.address)

        assert onlooker.text(".quiet") == "没有需要处理的站点"


def test_english_is_one_click_away_and_stays(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    assert onlooker.run("return document.documentElement.lang") == "zh-CN"

    onlooker.find(".language").click()
    onlooker.open(hub.address)

    assert onlooker.run("return document.documentElement.lang") == "en"
    assert "Vacant 11 min" in onlooker.stations()[0]["text"]
    hub.change("ZG-01", duty_class=VACANT, on_duty=0, since=at(9))
    onlooker.wait(lambda: "Vacant 40 min" in onlooker.stations()[0]["text"], A_SECOND)
