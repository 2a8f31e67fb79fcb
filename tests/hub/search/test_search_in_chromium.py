"""The search in the frame, by keyboard alone, on a desk and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

from tests.hub.desks.conftest import desks, guarded
from tests.hub.desks.test_desks import CITY
from tests.hub.desks.test_desks_in_chromium import come_in
from tests.hub.pages.conftest import axe, chromium, onlooker
from tests.hub.pages.test_look import found_in_both_lights

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser
__all__ = ["axe", "chromium", "desks", "guarded", "onlooker"]


@pytest.mark.parametrize("width", [1366, 390])
def test_a_station_is_found_by_initials_and_keys_alone(desks: GuardedHub, onlooker: Onlooker, width: int) -> None:
    come_in(onlooker, desks, CITY)
    onlooker.set_up(width, 844)
    onlooker.open(f"{desks.address}/?lang=zh")
    onlooker.press("/")
    onlooker.press("ctqc")
    onlooker.wait(lambda: "长途汽车站" in onlooker.text("#hits"))
    onlooker.press(Keys.ARROW_DOWN)
    onlooker.wait(lambda: onlooker.run("return document.activeElement.closest('#hits') !== null"))
    onlooker.press(Keys.ARROW_UP)
    onlooker.wait(lambda: onlooker.run("return document.activeElement.id") == "f-search")
    onlooker.press(Keys.ARROW_DOWN, Keys.ENTER)

    onlooker.arrive("/stations/ZG-04")


def test_enter_opens_the_first_and_escape_leaves(desks: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, desks, CITY)
    onlooker.open(f"{desks.address}/people?lang=zh")
    onlooker.press("/", "yb")
    onlooker.wait(lambda: "样本1" in onlooker.text("#hits"))
    onlooker.press(Keys.ESCAPE)
    onlooker.wait(lambda: onlooker.run("return document.getElementById('hits').childElementCount") == 0)
    onlooker.press("yangben1")  # the field is empty again
    onlooker.wait(lambda: "样本1" in onlooker.text("#hits") and "样本2" not in onlooker.text("#hits"))
    onlooker.press(Keys.ENTER)

    onlooker.arrive("/people/p1")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_in_what_is_found(desks: GuardedHub, onlooker: Onlooker, axe: str, language: str) -> None:
    come_in(onlooker, desks, CITY)
    for width in (1366, 390):
        onlooker.set_up(width, 844)
        onlooker.open(f"{desks.address}/people?lang={language}")
        onlooker.press("/", "z")
        onlooker.wait(lambda: "ZG-01" in onlooker.text("#hits"))
        assert found_in_both_lights(onlooker, axe) == []
        assert onlooker.run("return document.documentElement.scrollWidth") <= width
