"""How the pages look: to a screen reader, on a slow line, and in pictures kept for a person to judge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.hub.pages.hub_under_test import HubUnderTest
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser

SCREENSHOTS = Path(__file__).parents[3] / "build" / "screenshots"
SIZES = ((1920, 1080), (1366, 768), (390, 844))
PAGES = {"board": "/", "station": "/stations/ZG-02", "inbox": "/inbox", "past": "/stations/ZG-02?date=2026-03-04"}
FIRST_VIEW_BYTES = 100_000
FIRST_VIEW_MS = 3000  # a tenth of that where nothing else is done; more than this is a page that waits for something
TRIES = 3

RUN_AXE = """
const rules = arguments[0] && {runOnly: axe.getRules([arguments[0]]).filter(one => !one.tags.includes('wcag2aaa')).map(one => one.ruleId)};
return axe.run({resultTypes: ['violations'], ...rules}).then(found => found.violations.map(
  v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.any.map(a => a.message)).join('; ')));"""
COLOURS = "cat.color"  # of axe-core's rules; those of AAA are not asked for elsewhere either
UNREADABLE_IN_THE_DARK = """
const sheet = new CSSStyleSheet();
sheet.replaceSync('@media (prefers-color-scheme: dark) { :root { --soft: var(--bg); } }');
document.adoptedStyleSheets.push(sheet);"""
LOADED = """
const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
return entries.filter(e => !e.name.includes('/live')).reduce((sum, e) => sum + e.transferSize, 0);"""
PAINTED_MS = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def in_language(page: str, lang: str) -> str:
    return f"{page}{'&' if '?' in page else '?'}lang={lang}"


def found_in_both_lights(onlooker: Onlooker, axe: str) -> list[str]:
    """What axe-core finds on the page that is open: all of it by day; in the dark what is of colours.

    By test_colours nothing else differs; and one load does for both.
    """
    onlooker.run(axe)
    found = [str(one) for one in onlooker.run(RUN_AXE)]
    onlooker.prefer("dark")
    found += [f"in the dark: {one}" for one in onlooker.run(RUN_AXE, COLOURS)]
    onlooker.prefer("light")
    return found


@pytest.mark.parametrize("address", [in_language(page, lang) for page in PAGES.values() for lang in ("zh", "en")])
def test_axe_finds_nothing(hub: HubUnderTest, onlooker: Onlooker, axe: str, address: str) -> None:
    onlooker.open(hub.address + address)

    assert found_in_both_lights(onlooker, axe) == []


def test_axe_finds_what_can_be_read_by_day_alone(hub: HubUnderTest, onlooker: Onlooker, axe: str) -> None:
    onlooker.open(hub.address)
    onlooker.run(UNREADABLE_IN_THE_DARK)

    (found,) = found_in_both_lights(onlooker, axe)

    assert found.startswith("in the dark: color-contrast: ")


def test_axe_finds_nothing_on_a_phone_nor_on_a_page_that_is_lost(
    hub: HubUnderTest, onlooker: Onlooker, axe: str
) -> None:
    onlooker.set_up(390, 844)
    onlooker.open(hub.address)
    onlooker.run(axe)
    assert onlooker.run(RUN_AXE) == []

    onlooker.run("document.documentElement.dataset.link = 'lost'")

    assert onlooker.run(RUN_AXE) == []


def test_the_first_view_of_the_board_is_light(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)

    assert 0 < onlooker.run(LOADED) < FIRST_VIEW_BYTES


def test_the_first_view_of_the_board_is_quick(hub: HubUnderTest, onlooker: Onlooker) -> None:
    painted_ms = (_painted_ms(hub, onlooker) for _ in range(TRIES))

    assert any(each_ms < FIRST_VIEW_MS for each_ms in painted_ms)


def _painted_ms(hub: HubUnderTest, onlooker: Onlooker) -> float:
    onlooker.chrome.execute_cdp_cmd("Network.clearBrowserCache", {})
    onlooker.open(hub.address)
    return float(onlooker.wait(lambda: onlooker.run(PAINTED_MS)))


def test_nothing_is_wider_than_the_screen(hub: HubUnderTest, onlooker: Onlooker) -> None:
    for width, height in (*SIZES, (320, 640)):
        for page in PAGES.values():
            for lang in ("zh", "en"):
                onlooker.set_up(width, height)
                onlooker.open(hub.address + in_language(page, lang))

                assert onlooker.run("return document.documentElement.scrollWidth") <= width, (width, page, lang)


@pytest.mark.parametrize("page", PAGES)
def test_screenshots_are_kept_for_a_person_to_look_at(hub: HubUnderTest, onlooker: Onlooker, page: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES:
        for theme in ("light", "dark"):
            for lang in ("zh", "en"):
                onlooker.set_up(width, height, prefers_color_scheme=theme)
                onlooker.open(hub.address + in_language(PAGES[page], lang))
                kept = SCREENSHOTS / f"{page}-{width}x{height}-{theme}-{lang}.png"

                assert onlooker.chrome.save_screenshot(str(kept))
