"""Pages on paper and at 200 %: nothing is cut off, nothing lies over another, each sheet says what it is and of when."""

from __future__ import annotations

import base64
import re
import zlib
from typing import TYPE_CHECKING

import pytest

from hub.fleet.setup_card import spell_setup_card
from hub.fleet.wiring import Fitted
from tests.hub.pages.board_source import FakeBoardSource
from tests.hub.pages.cities import big_city
from tests.hub.pages.hub_under_test import HubUnderTest

if TYPE_CHECKING:
    from pathlib import Path

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


NO_NUMBERS = """
const bare = new CSSStyleSheet();
bare.replaceSync('@page { @bottom-right { content: none; } }');
document.adoptedStyleSheets = [...document.adoptedStyleSheets, bare];"""


def print_out(onlooker: Onlooker) -> bytes:
    told = onlooker.chrome.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "paperWidth": 8.27, "paperHeight": 11.69}
    )
    return base64.b64decode(told["data"])


def texts_of(pdf: bytes) -> list[int]:
    """How many texts are shown on each sheet."""
    found = re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    drawn = [zlib.decompressobj().decompress(one[1]) for one in found if one[1][:1] == b"x"]
    return [len(re.findall(rb"T[jJ]\b", one)) for one in drawn if b"BT\n" in one]


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
        pdf = print_out(onlooker)
        onlooker.leave()

    assert 1 <= pdf.count(b"/Type /Page\n") <= 12


def test_every_sheet_has_its_number(onlooker: Onlooker, hub: HubUnderTest) -> None:
    onlooker.open(f"{hub.address}/stations/ZG-02?date=2026-03-04")

    numbered = texts_of(print_out(onlooker))
    onlooker.run(NO_NUMBERS)
    bare = texts_of(print_out(onlooker))

    assert len(numbered) == len(bare) > 0
    assert all(with_number > without for with_number, without in zip(numbered, bare, strict=True))


def test_the_card_of_who_puts_a_kiosk_up_is_one_sheet(onlooker: Onlooker, tmp_path: Path) -> None:
    card = tmp_path / "card.html"
    long = "样城市高新技术产业开发区第一人民医院学雷锋志愿服务站（门诊部与住院部共用）"
    card.write_text(
        spell_setup_card("H-01-a", long, "东侧地下一层停车场入口", "样城市文明办 值班室 分机 12", Fitted()),
        encoding="utf-8",
    )
    onlooker.chrome.get(card.as_uri())

    assert print_out(onlooker).count(b"/Type /Page\n") == 1


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
