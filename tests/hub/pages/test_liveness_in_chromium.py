"""A page is live only as long as it hears and gets what it asks for, and holds no connection while nobody sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hub.pages.board_source import VACANT

if TYPE_CHECKING:
    from tests.hub.pages.hub_under_test import HubUnderTest
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser

TURN_AWAY = """
Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true});
document.dispatchEvent(new Event('visibilitychange'));"""
LINK = "return document.documentElement.dataset.link"


def viewers(hub: HubUnderTest) -> int:
    return int(hub.call(lambda: hub.broadcast.viewers))


@pytest.mark.parametrize("address", ["/", "/stations/ZG-02", "/inbox"])
def test_a_page_that_nobody_sees_holds_no_connection(hub: HubUnderTest, onlooker: Onlooker, address: str) -> None:
    onlooker.open(hub.address + address)
    onlooker.wait(lambda: viewers(hub) == 1)

    onlooker.run(TURN_AWAY, True)
    onlooker.wait(lambda: viewers(hub) == 0)
    onlooker.run(TURN_AWAY, False)

    onlooker.wait(lambda: viewers(hub) == 1)
    onlooker.wait(lambda: onlooker.run(LINK) == "live")


def test_a_page_that_is_seen_again_shows_what_happened_meanwhile(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    onlooker.run(TURN_AWAY, True)
    onlooker.wait(lambda: viewers(hub) == 0)
    hub.change("ZG-01", duty_class=VACANT, on_duty=0)

    onlooker.run(TURN_AWAY, False)

    onlooker.wait(lambda: onlooker.text("#n-all--vacant") == "3")


def test_a_page_that_is_seen_again_after_long_is_grey_until_it_hears(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    onlooker.run(TURN_AWAY, True)
    onlooker.block("*/live*")
    onlooker.run("lastWord.mono -= 60000")

    onlooker.run(TURN_AWAY, False)

    assert onlooker.run(LINK) == "waking"
    assert onlooker.run("return getComputedStyle(document.getElementById('board')).filter") == "grayscale(1)"
    onlooker.wait(lambda: onlooker.run(LINK) == "lost")
    onlooker.block()
    onlooker.wait(lambda: onlooker.run(LINK) == "live")


def test_a_page_that_does_not_get_what_it_asks_for_is_not_live(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(f"{hub.address}/stations/ZG-02")
    onlooker.block("*/day?*")

    hub.change("ZG-02", duty_class=VACANT, on_duty=0)

    onlooker.wait(lambda: onlooker.find(".lost").is_displayed())
    assert viewers(hub) == 1
    onlooker.block()
    onlooker.wait(lambda: not onlooker.find(".lost").is_displayed())
    onlooker.wait(lambda: onlooker.text(".now .state").startswith("无人"))
    onlooker.complaints()  # the blocked answers


def test_a_page_whose_answer_is_overdue_is_not_live(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(f"{hub.address}/stations/ZG-02")

    onlooker.wait(lambda: onlooker.run("return askedAt === null && lastWord !== null"))
    onlooker.block("*/day?*")
    onlooker.run("askedAt = elapsed(); askedAt.mono -= 6000")

    onlooker.wait(lambda: onlooker.run(LINK) == "lost")
