"""A station's day as somebody in the office meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hub.pages.board_source import MET, VACANT

if TYPE_CHECKING:
    from tests.hub.pages.hub_under_test import HubUnderTest
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser

LABELS_OUTSIDE = """
const picture = [...document.querySelectorAll('.drawn')].find(p => p.checkVisibility()), box = picture.getBoundingClientRect();
return [...picture.querySelectorAll('text')].filter(t => {
  const b = t.getBoundingClientRect();
  return b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1 || b.bottom > box.bottom + 1;
}).map(t => t.textContent);"""
LABELS_THAT_COLLIDE = """
const texts = [...document.querySelectorAll('.drawn text')].filter(t => t.checkVisibility()), found = [];
texts.forEach((one, i) => texts.slice(i + 1).forEach(other => {
  const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
  if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
    found.push(one.textContent + ' / ' + other.textContent);
}));
return found;"""


def test_the_picture_is_drawn_and_a_table_says_the_same(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(f"{hub.address}/stations/ZG-02")

    onlooker.wait(lambda: onlooker.run("return document.querySelector('.drawn.wide').checkVisibility()"))
    assert onlooker.text("h1").startswith("工农银行北湖支行学雷锋志愿服务点")
    tables = onlooker.text(".tables")
    assert "丙 志愿者 09:21 外出中 09:31–" in " ".join(tables.split())
    assert "无人 09:05 09:14 9 分钟" in " ".join(tables.split())


def test_a_change_at_the_station_is_pushed_to_its_page(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(f"{hub.address}/stations/ZG-02")

    hub.change("ZG-02", duty_class=VACANT, on_duty=0)

    onlooker.wait(lambda: onlooker.text(".now .state").startswith("无人"))
    onlooker.wait(lambda: onlooker.run("return document.querySelector('.drawn.wide').checkVisibility()"))


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

    onlooker.find("#ra-ZG-04").send_keys("\n")

    onlooker.wait(lambda: onlooker.chrome.current_url.endswith("/stations/ZG-04"))
    onlooker.wait(lambda: "长途汽车站" in onlooker.text("h1"))


def test_a_past_day_is_reached_by_the_arrows_and_the_date(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(f"{hub.address}/stations/ZG-02")

    onlooker.find("a[rel=prev]").send_keys("\n")
    onlooker.wait(lambda: onlooker.chrome.current_url.endswith("/stations/ZG-02?date=2026-03-04"))
    onlooker.wait(lambda: "不再自动更新" in onlooker.text("#h-past"))
    assert onlooker.find("#f-date").get_attribute("min") == "2026-03-02"
    assert onlooker.find("#f-date").get_attribute("max") == "2026-03-05"

    onlooker.run("document.getElementById('f-date').value = '2026-03-03'")
    onlooker.find(".ask button").send_keys("\n")
    onlooker.wait(lambda: onlooker.chrome.current_url.endswith("?date=2026-03-03"))
    onlooker.find("a[rel=next]").send_keys("\n")
    onlooker.wait(lambda: onlooker.chrome.current_url.endswith("?date=2026-03-04"))
    onlooker.find("a[rel=next]").send_keys("\n")
    onlooker.wait(lambda: onlooker.chrome.current_url.endswith("/stations/ZG-02"))


def test_a_past_day_neither_streams_nor_passes_for_lost(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.chrome.get(f"{hub.address}/stations/ZG-02?date=2026-03-04")

    assert hub.call(lambda: hub.broadcast.viewers) == 0
    assert onlooker.run("return document.documentElement.dataset.link") == "still"
    assert onlooker.run("return document.querySelectorAll('.lost, script[src*=live]').length") == 0
    assert onlooker.run("return getComputedStyle(document.getElementById('board')).animationName") == "none"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (683, 384), (390, 844)])
def test_the_words_of_a_picture_stand_whole_and_beside_each_other(
    hub: HubUnderTest, onlooker: Onlooker, width: int, height: int, lang: str
) -> None:
    onlooker.set_up(width, height)
    for date in ("", "&date=2026-03-04"):
        onlooker.chrome.get(f"{hub.address}/stations/ZG-02?lang={lang}{date}")

        assert onlooker.run(LABELS_OUTSIDE) == []
        assert onlooker.run(LABELS_THAT_COLLIDE) == []


def test_the_legend_opens_without_a_script(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.chrome.get(f"{hub.address}/stations/ZG-02?date=2026-03-04")

    onlooker.find(".opener").send_keys("\n")

    onlooker.wait(lambda: "时间待核对" in onlooker.text("#legend"))
    assert onlooker.find("#legend").is_displayed()
