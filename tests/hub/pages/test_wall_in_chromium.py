"""A wall: the whole city on one screen, read from four metres, quiet when all is well."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.hub.pages.board_source import CLOSED, MET, MINIMUM, MORNING, UNKNOWN, VACANT, FakeBoardSource, at
from tests.hub.pages.cities import big_city
from tests.hub.pages.hub_under_test import HubUnderTest
from tests.hub.pages.test_look import FIRST_VIEW_BYTES, LOADED, found_in_both_lights

if TYPE_CHECKING:
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser

WALL, LAPTOP, PHONE = (1920, 1080), (1366, 900), (390, 844)
SMALLEST_TYPE = 0.019  # of the screen's height: what is read from four metres on a common wall
CITIES = (
    (12, "well"),
    (12, "trouble"),
    (200, "well"),
    (200, "trouble"),
    (200, "night"),
    (1000, "well"),
    (1000, "trouble"),
    (1000, "storm"),
    (1000, "lost"),
)
SINCE = MORNING - timedelta(minutes=40)
STANDINGS: tuple[dict[str, Any], ...] = (
    {},
    {"duty_class": VACANT, "on_duty": 0, "since": SINCE, "lead": "吴* 139****0000"},
    {"duty_class": UNKNOWN, "on_duty": 0, "since": SINCE, "kiosks_heard": 0},
    {"duty_class": MINIMUM, "on_duty": 1, "since": SINCE},
    {"duty_class": CLOSED, "on_duty": 0, "is_open": False, "next_change_at": at(14, 30)},
    {"duty_class": CLOSED, "on_duty": 0, "is_open": False, "next_change_at": at(10), "opens_soon": True},
)
SATURATED = 60  # of 255 between the strongest and the weakest of red, green, blue

OUTSIDE = """
const out = [...document.querySelectorAll('.tile, .row, .notice, .quiet, .more, h3')].filter(e => e.checkVisibility()).filter(e => {
  const b = e.getBoundingClientRect();
  return b.bottom > innerHeight + 0.5 || b.right > innerWidth + 0.5 || b.left < 0 || b.top < 0;
});
const root = document.documentElement;
return [root.scrollHeight > innerHeight, root.scrollWidth > innerWidth,
        [...document.querySelectorAll('main, main *')].some(e => /auto|scroll/.test(getComputedStyle(e).overflowY)), out.length];"""
CELLS = """
const cells = [...document.querySelectorAll('.tile')].filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect());
const covered = cells.filter((a, i) => i && cells[i - 1].right > a.left + 1 && Math.abs(cells[i - 1].top - a.top) < 1).length;
return [cells.length, Math.min(...cells.map(b => b.height)), covered];"""
LOWEST = "return Math.max(...[...document.querySelectorAll('.tile')].map(e => e.getBoundingClientRect().bottom))"
RIGHTMOST = "return Math.max(...[...document.querySelectorAll('.tile')].map(e => e.getBoundingClientRect().right))"
CUT_NAMES = "return [...document.querySelectorAll('.tile .name')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)"
FORECASTS = """
const lines = [...document.querySelectorAll('.tile .line')].filter(e => e.checkVisibility() && e.querySelector('.soon'));
const cut = lines.filter(e => {
  const box = e.getBoundingClientRect(), tile = e.closest('.tile').getBoundingClientRect(), name = e.closest('.tile').querySelector('.name').getBoundingClientRect();
  return e.scrollWidth > e.clientWidth || box.bottom > tile.bottom + 0.5 || box.top < name.bottom - 0.5;
});
return [lines.map(e => e.innerText.trim()), cut.map(e => e.innerText)];"""
ALONE = """
return [...document.querySelectorAll('.district h3')].filter(e => e.checkVisibility()).filter(e => {
  const name = e.getBoundingClientRect(), cell = e.parentElement.querySelector('.tile').getBoundingClientRect();
  return cell.top > name.bottom || cell.left < name.right;
}).map(e => e.innerText);"""
STRIP = "return document.querySelector('.strip').getBoundingClientRect().height"
CUT_ADVICE = """
return [...document.querySelectorAll('.row .todo')].filter(e => e.checkVisibility())
  .filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1).map(e => e.innerText);"""
CUT_STATES = """
return [...document.querySelectorAll('.row .state')].filter(e => e.checkVisibility()).filter(e => {
  const box = e.getBoundingClientRect(), time = e.querySelector('time').getBoundingClientRect();
  return time.right > box.right - 4 || time.left < box.left + 4 || e.scrollWidth > e.clientWidth;
}).map(e => e.innerText);"""
LAST_LINE = """
const drawn = document.createRange();
drawn.selectNodeContents(document.querySelector('.notice b'));
const lines = new Map();
for (const box of drawn.getClientRects()) lines.set(Math.round(box.top), (lines.get(Math.round(box.top)) ?? 0) + box.width);
return [...lines.values()].at(-1) / Math.max(...lines.values());"""
BELOW_NAMES = """
return [...document.querySelectorAll('.tile')].filter(e => e.checkVisibility()).map(e =>
  Math.round(e.querySelector('.line').getBoundingClientRect().top - e.querySelector('.name').getBoundingClientRect().bottom));"""
FIGURES = "return document.querySelectorAll('.figure .n').length"
OVER_THE_FRAME = """
return [...document.querySelectorAll('.figure')].flatMap(f => [...f.children].filter(e => {
  const drawn = document.createRange();
  drawn.selectNodeContents(e);
  return drawn.getBoundingClientRect().right > f.getBoundingClientRect().right - 1;
}).map(e => e.innerText));"""
MARK_AND_WORDS = """
const [mark, words] = ['.glyph', 'b'].map(one => document.querySelector(`.notice ${one}`).getBoundingClientRect());
return words.left >= mark.right && words.top < mark.bottom;"""
TYPE = """
const found = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const holder = walk.currentNode.parentElement, box = holder.getBoundingClientRect();
  if (!walk.currentNode.data.trim() || !holder.checkVisibility() || box.width < 2 || holder.closest('.unseen, .skip, option')) continue;
  const size = parseFloat(getComputedStyle(holder).fontSize);
  if (size < arguments[0]) found.push(`${size} ${holder.className} ${walk.currentNode.data.trim()}`);
}
return found;"""
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(e => { window.shifted += e.value; })).observe({type: 'layout-shift', buffered: true});"""


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and the RGB bytes of a screenshot, as PNG (third edition) has them, eight bits deep."""
    width, height, _, colours = struct.unpack(">IIBB", png[16:26])
    step = {2: 3, 6: 4}[colours]
    packed, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += length + 12
    raw, rows, before = zlib.decompress(packed), bytearray(), bytes(width * step)
    for y in range(height):
        start = y * (width * step + 1)
        before = _unfiltered(raw[start], raw[start + 1 : start + 1 + width * step], before, step)
        line = bytearray(3 * width)
        for colour in range(3):
            line[colour::3] = before[colour::step]
        rows += line
    return width, height, bytes(rows)


def _unfiltered(kind: int, line: bytes, up: bytes, step: int) -> bytes:
    """One row; what Chromium leaves as it is, or takes from the row above alone, needs no step for each byte."""
    if kind == 0:
        return line
    if kind == 2:
        return bytes([(byte + above) & 255 for byte, above in zip(line, up, strict=True)])
    found = bytearray(step) + line  # what stands left of the first pixel is black
    corners = bytes(step) + up
    for i, byte in enumerate(line):
        left, above = found[i], up[i]
        if kind == 1:
            estimate = left
        elif kind == 3:
            estimate = (left + above) // 2
        else:
            corner = corners[i]
            by_left, by_above, by_corner = abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)
            estimate = (
                left if by_left <= by_above and by_left <= by_corner else above if by_above <= by_corner else corner
            )
        found[i + step] = (byte + estimate) & 255
    return bytes(found[step:])


def saturated_share(onlooker: Onlooker, size: tuple[int, int] = WALL) -> float:
    """How much of the screen below the strip has a colour."""
    top = int(onlooker.run("return document.querySelector('.strip').getBoundingClientRect().bottom"))
    clip = {"x": 0, "y": top, "width": size[0], "height": size[1] - top, "scale": 0.25}
    told = onlooker.chrome.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "clip": clip})
    width, height, rgb = pixels(base64.b64decode(told["data"]))
    each = Counter(zip(rgb[::3], rgb[1::3], rgb[2::3], strict=True))  # a screen has a few hundred colours
    return sum(count for colour, count in each.items() if max(colour) - min(colour) > SATURATED) / (width * height)


@pytest.mark.parametrize(("stations", "state"), CITIES)
def test_the_whole_city_is_on_the_screen(onlooker: Onlooker, stations: int, state: str) -> None:
    onlooker.set_up(*WALL)
    with HubUnderTest(FakeBoardSource(big_city(stations, state))) as hub:
        onlooker.open(hub.address)

        onlooker.wait(lambda: onlooker.run(OUTSIDE) == [False, False, False, 0])
        count, height, covered = onlooker.run(CELLS)
        assert (count, covered) == (stations, 0)
        assert height >= 28
        assert onlooker.run(TYPE, WALL[1] * SMALLEST_TYPE) == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("stations", [12, 30])
def test_a_wall_says_how_long_it_is_to_an_opening_and_who_is_there(
    onlooker: Onlooker, stations: int, language: str
) -> None:
    onlooker.set_up(*WALL)
    rows = [replace(row, **STANDINGS[5]) for row in big_city(stations)]
    with HubUnderTest(FakeBoardSource(rows)) as hub:
        onlooker.open(f"{hub.address}?lang={language}")

        onlooker.wait(lambda: onlooker.run(OUTSIDE) == [False, False, False, 0])
        said, cut = onlooker.run(FORECASTS)
        wanted = r"\d+ 分钟后开放，现有 0\s/\s2" if language == "zh" else r"opens in \d+ min, 0 of 2 there"
        assert len(said) == stations
        assert [one for one in said if not re.fullmatch(wanted, one)] == []
        assert cut == []
        assert onlooker.run(TYPE, WALL[1] * SMALLEST_TYPE) == []


@pytest.mark.parametrize("width", [1920, 1840, 1760, 1680])
@pytest.mark.parametrize(("stations", "state"), [(200, "lost"), (200, "storm"), (1000, "lost")])
def test_no_district_is_named_at_the_end_of_a_line(onlooker: Onlooker, stations: int, state: str, width: int) -> None:
    onlooker.set_up(width, 1080)
    with HubUnderTest(FakeBoardSource(big_city(stations, state))) as hub:
        onlooker.open(hub.address)

        onlooker.wait(lambda: onlooker.run(OUTSIDE) == [False, False, False, 0])
        assert onlooker.run(ALONE) == []


@pytest.mark.parametrize("seed", range(6))
def test_any_city_in_any_state_fits_and_can_be_read(onlooker: Onlooker, seed: int) -> None:
    chance = Random(seed)
    stations, theme, language = chance.randint(12, 1000), chance.choice(("light", "dark")), chance.choice(("zh", "en"))
    onlooker.set_up(*WALL, prefers_color_scheme=theme)
    shares = [1.0, *(chance.random() ** 3 for _ in STANDINGS[1:])]
    drawn = chance.choices(STANDINGS, shares, k=stations)
    rows = [replace(row, **standing) for row, standing in zip(big_city(stations), drawn, strict=True)]
    with HubUnderTest(FakeBoardSource(rows)) as hub:
        onlooker.open(f"{hub.address}?lang={language}")

        onlooker.wait(lambda: onlooker.run(OUTSIDE) == [False, False, False, 0])
        count, height, covered = onlooker.run(CELLS)
        assert (count, covered) == (stations, 0)
        assert height >= 28
        assert onlooker.run(TYPE, WALL[1] * SMALLEST_TYPE) == []


@pytest.mark.parametrize(("width", "height"), [(1920, 950), (2560, 1440), (3840, 2160)])
def test_other_large_screens_hold_it_too(onlooker: Onlooker, width: int, height: int) -> None:
    onlooker.set_up(width, height)
    with HubUnderTest(FakeBoardSource(big_city(1000, "trouble"))) as hub:
        onlooker.open(hub.address)

        onlooker.wait(lambda: onlooker.run(OUTSIDE) == [False, False, False, 0])
        assert onlooker.run(TYPE, height * SMALLEST_TYPE) == []


@pytest.mark.parametrize(("stations", "state"), [(12, "well"), (12, "trouble"), (40, "trouble"), (200, "well")])
def test_a_city_uses_the_room(onlooker: Onlooker, stations: int, state: str) -> None:
    onlooker.set_up(*WALL)
    with HubUnderTest(FakeBoardSource(big_city(stations, state))) as hub:
        onlooker.open(hub.address)

        onlooker.wait(lambda: onlooker.run(LOWEST) > 0.78 * WALL[1])
        onlooker.wait(lambda: onlooker.run(RIGHTMOST) > 0.9 * WALL[0])
        assert onlooker.run(CUT_NAMES) == []


def test_it_goes_on_fitting_while_the_city_changes(onlooker: Onlooker) -> None:
    onlooker.set_up(*WALL)
    source = FakeBoardSource(big_city(200))
    with HubUnderTest(source) as hub:
        onlooker.open(hub.address)
        for turned, duty_class in enumerate([VACANT] * 12 + [UNKNOWN] * 12 + [MINIMUM] * 12 + [CLOSED] * 12):
            hub.change(f"S-{turned * 4:04}", duty_class=duty_class, on_duty=0, is_open=duty_class is not CLOSED)

        onlooker.wait(lambda: onlooker.text("#n-all--closed") == "12")
        onlooker.wait(
            lambda: (
                "还有" in onlooker.text(".more")
                or onlooker.run("return document.querySelectorAll('.row').length") == 12
            )
        )
        onlooker.wait(lambda: onlooker.run(OUTSIDE) == [False, False, False, 0])
        assert onlooker.run(CELLS)[0] == 200


def test_the_lines_that_do_not_fit_are_counted(onlooker: Onlooker) -> None:
    onlooker.set_up(*WALL)
    with HubUnderTest(FakeBoardSource(big_city(1000, "storm"))) as hub:
        onlooker.open(hub.address)

        shown = len(onlooker.run("return [...document.querySelectorAll('.row')].filter(e => e.checkVisibility())"))
        assert shown > 0
        onlooker.wait(lambda: onlooker.text(".more") == f"还有 {301 - shown} 站")


def test_many_that_are_lost_are_one_line(onlooker: Onlooker) -> None:
    onlooker.set_up(*WALL)
    with HubUnderTest(FakeBoardSource(big_city(200, "lost"))) as hub:
        onlooker.open(hub.address)

        onlooker.wait(lambda: onlooker.text(".notice b") == "130 站失联，可能是中心网络故障")
        assert onlooker.run("return document.querySelectorAll('.row').length") == 0


def test_a_city_of_silent_kiosks_has_no_tick(onlooker: Onlooker) -> None:
    with HubUnderTest(FakeBoardSource(big_city(200, "night"))) as hub:
        onlooker.open(hub.address)

        onlooker.wait(lambda: onlooker.text("#notes").split() == ["40", "站终端未开机", "10:10", "起开放"])
        assert onlooker.run("return document.querySelector('.quiet')") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("stations", "size"), [(12, WALL), (200, WALL), (1000, WALL), (12, LAPTOP), (200, PHONE)])
def test_a_board_on_which_all_is_well_has_no_colour_below_its_strip(
    onlooker: Onlooker, stations: int, size: tuple[int, int], theme: str
) -> None:
    onlooker.set_up(*size, prefers_color_scheme=theme)
    source = FakeBoardSource(big_city(stations))
    for finding in source.findings.all():
        source.findings.end(finding.kind, finding.subject)
    with HubUnderTest(source) as hub:
        onlooker.open(hub.address)
        onlooker.run("document.querySelector('.filters .language').style.visibility = 'hidden'")  # what can be pressed

        assert saturated_share(onlooker, size) < 0.0005

        hub.change("S-0003", duty_class=VACANT, on_duty=0)
        onlooker.wait(lambda: onlooker.run("return document.querySelectorAll('.row').length") == 1)
        assert saturated_share(onlooker, size) > 0.005


@pytest.mark.parametrize("state", ["trouble", "lost", "night"])
def test_axe_finds_nothing_on_a_wall(onlooker: Onlooker, axe: str, state: str) -> None:
    onlooker.set_up(*WALL)
    with HubUnderTest(FakeBoardSource(big_city(60, state))) as hub:
        onlooker.open(hub.address)

        assert found_in_both_lights(onlooker, axe) == []


@pytest.mark.parametrize("stations", [12, 1000])
def test_the_first_view_is_light_and_nothing_jumps(onlooker: Onlooker, stations: int) -> None:
    onlooker.set_up(*WALL)
    with HubUnderTest(FakeBoardSource(big_city(stations, "trouble"))) as hub:
        onlooker.open(hub.address)
        onlooker.run(WATCH_SHIFTS)
        onlooker.wait(lambda: onlooker.run("return performance.getEntriesByName('first-contentful-paint').length") == 1)

        assert 0 < onlooker.run(LOADED) < FIRST_VIEW_BYTES
        assert onlooker.run("return window.shifted") == 0


def test_a_cell_opens_its_station(onlooker: Onlooker) -> None:
    onlooker.set_up(*WALL)
    source = FakeBoardSource(big_city(200, "trouble"))
    with HubUnderTest(source) as hub:
        onlooker.open(hub.address)

        onlooker.find("#a-S-0100").send_keys("\n")

        onlooker.wait(lambda: onlooker.chrome.current_url.endswith("/stations/S-0100"))
        assert source.rows["S-0100"].duty_class is MET


def test_the_list_takes_the_room_that_the_cells_leave(onlooker: Onlooker) -> None:
    onlooker.set_up(*WALL)
    with HubUnderTest(FakeBoardSource(big_city(1000, "trouble"))) as hub:
        onlooker.open(f"{hub.address}?lang=en")

        onlooker.wait(lambda: onlooker.run(LOWEST) > 0.9 * WALL[1])
        onlooker.wait(lambda: onlooker.run("return document.querySelector('.strip h1').getClientRects().length") == 1)
        onlooker.wait(lambda: onlooker.run(STRIP) < 0.07 * WALL[1])  # of one line, in the longer language too


CUT_LINES = """
return [...document.querySelectorAll('.row .who a, .tile .name, h3')].filter(e => e.checkVisibility())
  .filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 10).map(e => e.innerText);"""


def test_a_long_name_has_lines_where_there_is_room(onlooker: Onlooker) -> None:
    onlooker.set_up(*WALL)
    rows = big_city(12, "trouble")
    long = {
        "name": "北湖农村商业银行股份有限公司人民路支行",
        "short_name": "",
        "district": "北湖经济技术开发区托管片区",
    }
    with HubUnderTest(
        FakeBoardSource([replace(row, **long) if row.district == "北湖区" else row for row in rows])
    ) as hub:
        onlooker.open(hub.address)

        onlooker.wait(lambda: onlooker.run("return document.querySelectorAll('.row').length") > 0)
        assert onlooker.run(CUT_LINES) == []
        assert onlooker.run(OUTSIDE) == [False, False, False, 0]


def test_what_to_do_is_read_to_its_end(onlooker: Onlooker) -> None:
    onlooker.set_up(*WALL)
    with HubUnderTest(FakeBoardSource(big_city(12, "trouble"))) as hub:
        onlooker.open(f"{hub.address}?lang=en")

        onlooker.wait(lambda: "Call the station lead" in onlooker.text('.row[data-class="unknown"] .todo'))
        onlooker.wait(lambda: onlooker.run(CUT_ADVICE) == [])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_for_how_long_it_has_been_so_is_read_to_its_end(onlooker: Onlooker, language: str) -> None:
    rows = big_city(12, "trouble")
    long_ago = [replace(row, since=MORNING - timedelta(hours=23, minutes=58)) for row in rows]
    with HubUnderTest(FakeBoardSource(long_ago)) as hub:
        for size in (WALL, LAPTOP, PHONE):
            onlooker.set_up(*size)
            onlooker.open(f"{hub.address}?lang={language}")

            onlooker.wait(lambda: onlooker.run(FIGURES) == 5)
            assert onlooker.run(CUT_STATES) == []


@pytest.mark.parametrize("state", ["well", "trouble"])
def test_a_large_citys_figures_stay_in_their_frames_on_a_phone(onlooker: Onlooker, state: str) -> None:
    onlooker.set_up(390, 844)
    with HubUnderTest(FakeBoardSource(big_city(1000, state))) as hub:
        onlooker.open(f"{hub.address}?lang=en")

        onlooker.wait(lambda: onlooker.run(FIGURES) == 5)
        onlooker.wait(lambda: onlooker.run(OVER_THE_FRAME) == [])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_said_of_many_stands_beside_its_mark_on_a_phone(onlooker: Onlooker, language: str) -> None:
    onlooker.set_up(390, 844)
    with HubUnderTest(FakeBoardSource(big_city(1000, "trouble"))) as hub:
        onlooker.open(f"{hub.address}?lang={language}")

        onlooker.wait(lambda: onlooker.run(MARK_AND_WORDS))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_word_of_what_is_said_of_many_stands_alone_on_a_phone(onlooker: Onlooker, language: str) -> None:
    onlooker.set_up(*PHONE)
    with HubUnderTest(FakeBoardSource(big_city(1000, "trouble"))) as hub:
        onlooker.open(f"{hub.address}?lang={language}")

        assert onlooker.run(LAST_LINE) > 0.4


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_station_is_stands_right_below_its_name_on_every_tile(
    onlooker: Onlooker, language: str, size: tuple[int, int]
) -> None:
    onlooker.set_up(*size)
    with HubUnderTest(FakeBoardSource(big_city(12))) as hub:
        onlooker.open(f"{hub.address}?lang={language}")

        assert len(set(onlooker.run(BELOW_NAMES))) == 1
