"""Pages on paper and at 200 %: nothing is cut off, nothing lies over another, each sheet says what it is and of when."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.hub.pages.board_source import FakeBoardSource
from tests.hub.pages.cities import big_city
from tests.hub.pages.hub_under_test import HubUnderTest

if TYPE_CHECKING:
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser

A4 = (688, 971)  # CSS pixels between the margins of 14 and 16 mm
LAPTOP_AT_200 = (683, 384)
PAGES = ("/", "/stations/ZG-02", "/stations/ZG-02?date=2026-03-04", "/inbox", "/inbox/over")
CUT_OFF = """
const width = document.documentElement.clientWidth;
return [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('.unseen, .skip'))
  .filter(e => { const b = e.getBoundingClientRect(); return b.width > 1 && (b.right > width + 1 || b.left < -1); })
  .map(e => `${e.tagName} ${e.className.baseVal ?? e.className} ${Math.round(e.getBoundingClientRect().right)}`).slice(0, 5);"""
OVERLAPPING = """
const boxes = [...document.querySelectorAll('.row, .tile, .tally tr, .figures, .filters, h2, h3')]
  .filter(e => e.checkVisibility()).map(e => [e, e.getBoundingClientRect()]).filter(([e, b]) => b.height > 1);
const found = [];
for (const [e, a] of boxes) for (const [f, b] of boxes)
  if (e !== f && !e.contains(f) && !f.contains(e) && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
    found.push(`${e.className || e.tagName} / ${f.className || f.tagName}`);
return found.slice(0, 5);"""


def on_paper(onlooker: Onlooker) -> None:
    onlooker.set_up(*A4)
    onlooker.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})


@pytest.mark.parametrize("page", PAGES)
def test_a_page_on_paper_is_whole_and_says_what_it_is(onlooker: Onlooker, hub: HubUnderTest, page: str) -> None:
    on_paper(onlooker)
    onlooker.open(f"{hub.address}{page}")

    assert onlooker.run(CUT_OFF) == []
    heading = onlooker.find(".printed").text
    assert onlooker.chrome.title in heading
    assert "2026" in heading or "3月5日" in heading


def test_a_large_city_prints_on_several_sheets(onlooker: Onlooker) -> None:
    with HubUnderTest(FakeBoardSource(big_city(200, "trouble"))) as hub:
        onlooker.set_up()
        onlooker.open(hub.address)
        told = onlooker.chrome.execute_cdp_cmd(
            "Page.printToPDF", {"preferCSSPageSize": True, "paperWidth": 8.27, "paperHeight": 11.69}
        )
        onlooker.leave()

    assert 1 <= base64.b64decode(told["data"]).count(b"/Type /Page\n") <= 12


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_at_200_percent_nothing_overlaps_or_stretches(
    onlooker: Onlooker, hub: HubUnderTest, page: str, lang: str
) -> None:
    onlooker.set_up(*LAPTOP_AT_200)
    onlooker.open(f"{hub.address}{page}{'&' if '?' in page else '?'}lang={lang}")

    assert onlooker.run("return document.documentElement.scrollWidth") <= LAPTOP_AT_200[0]
    assert onlooker.run(OVERLAPPING) == []
    assert (
        onlooker.run("return Math.max(0, ...[...document.querySelectorAll('.tally tr')].map(e => e.offsetHeight))") < 60
    )
