"""A station's day as somebody in the office meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hub.pages.board_source import MET, VACANT

if TYPE_CHECKING:
    from tests.hub.pages.hub_under_test import HubUnderTest
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser

PAINTED = """
const canvas = document.querySelector('.picture canvas');
return canvas && new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size;"""


def test_the_picture_is_drawn_and_a_table_says_the_same(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(f"{hub.address}/stations/ZG-02")

    onlooker.wait(lambda: (onlooker.run(PAINTED) or 0) > 20)
    assert onlooker.text("h1").startswith("工农银行北湖支行学雷锋志愿服务点")
    tables = onlooker.text(".tables")
    assert "丙 志愿者 09:21 在岗 09:31–" in " ".join(tables.split())
    assert "无人 09:05 09:14 9 分钟" in " ".join(tables.split())


def test_a_change_at_the_station_is_pushed_to_its_page(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(f"{hub.address}/stations/ZG-02")

    hub.change("ZG-02", duty_class=VACANT, on_duty=0)

    onlooker.wait(lambda: onlooker.text(".now .state").startswith("无人"))
    onlooker.wait(lambda: (onlooker.run(PAINTED) or 0) > 20)


def test_a_change_elsewhere_leaves_the_page_alone(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(f"{hub.address}/stations/ZG-02")
    onlooker.run("document.getElementById('day').addEventListener('htmx:afterSwap', () => window.fetched += 1)")
    onlooker.run("window.fetched = 0")

    hub.change("ZG-01", duty_class=VACANT, on_duty=0)
    hub.change("ZG-02", duty_class=MET, on_duty=2)
    onlooker.wait(lambda: onlooker.text(".now .state").startswith("达标"))

    assert onlooker.run("return window.fetched") <= 2  # the snapshot's and its own


def test_a_station_is_reached_from_the_board_by_keyboard(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)

    onlooker.find("#a-ZG-04").send_keys("\n")

    onlooker.wait(lambda: onlooker.chrome.current_url.endswith("/stations/ZG-04"))
    onlooker.wait(lambda: "长途汽车站" in onlooker.text("h1"))
