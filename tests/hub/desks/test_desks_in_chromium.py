"""The desks in a browser: the way in, by keyboard alone; what axe-core says of each page; nothing wider than a phone."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
from selenium.webdriver.common.keys import Keys

from hub.accounts.reception import now_ms
from hub.accounts.sessions import open_door, shut_door
from hub.certificates.cabinet import Cabinet
from hub.rights import Grant, Reach, Role
from hub.site_key import read_or_make_site_key
from hub.web.gate import gate
from hub.web.gate.gate import COOKIE
from hub.web.live.broadcast import Broadcast
from tests.hub.desks.test_every_route import city, read_table
from tests.hub.pages.board_source import MORNING
from tests.hub.pages.conftest import axe, chromium, onlooker
from tests.hub.pages.test_look import RUN_AXE, found_in_both_lights
from tests.hub.pages.test_paper_in_chromium import CUT_OFF, on_paper

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser
__all__ = ["axe", "chromium", "city", "onlooker"]
GOOD = "four unrelated words"
A_SCREEN: dict[str, Any] = {"name": "大厅", "grant": Grant(Role.SCREEN), "by": "li", "now_ms": 0}
CLOSED = 2  # an EventSource that gave up, by the HTML standard
PAGES = (
    "/", "/inbox", "/inbox/over", "/people", "/people/p1", "/people/new", "/people/p1/new-card", "/people/p1/taps", "/me/taps",
    "/city", "/city/stations/ZG-04", "/city/import",
    "/kiosks", "/kiosks/zg-02-a",
    "/calendar", "/calendar/holidays", "/coverage", "/coverage/stations/ZG-04", "/shifts", "/stations/ZG-02/shifts",
    "/stations/ZG-02/shifts/week", "/stations/ZG-02/shifts/day?day=2026-03-06", "/alarms", "/alarms/1",
    "/stations/ZG-02", "/stations/ZG-02/month", "/stations/ZG-02/people", "/stations/ZG-02/facts",
    "/stations/ZG-02/closing", "/stations/ZG-02/amend", "/stations/ZG-02/amend/add",
    "/system", "/system/channels", "/system/channels/northern", "/system/history", "/system/access", "/me",
)  # fmt: skip
HERE = Path(__file__).parent
ELSEWHERE = {
    "/sign-in/code": "above",
    "/invitations/{key}": "above",
    "/wall/{key}": "../pages/test_wall_in_chromium.py",
    "/city/import/{number}/undo": "test_persons_in_chromium.py",
    "/inbox/{key}/person": "test_inbox_in_chromium.py",
    "/stations/{code}/amend/{kiosk}/{epoch}/{seq}": "test_amending_in_chromium.py",
    "/stations/{code}/call": "test_persons_in_chromium.py",
    "/stations/{code}/requests/{number}": "test_by_keyboard_in_chromium.py",
    "/people/{person}/new-card/{command}": "as /people/p1/new-card, with what the kiosk said",
    "/docs": "Swagger's own",
}
"""Pages that are looked at in another place, for what they need to be there."""
NO_PAGES = re.compile(r"/api/|/static/|/updates/|/claim/|/issuer|/(live|title|list|count|part|log|look)$|\.\{?\w+\}?$|"
                      r"^/(healthz|metrics|openapi\.json|docs/.*|search|sign-in)$|/day$|/commissioned$")  # fmt: skip
"""What answers with a part of a page, a file or a stream."""
EMPTY_FRAMES = """
return [...document.querySelectorAll('.card')].filter(e => e.checkVisibility())
  .map(e => e.innerText.trim()).filter(text => !text.includes('\\n'));"""


SAID_ON_PAPER = """
return [...document.querySelectorAll('main > *')].filter(e => e.checkVisibility() && !e.matches('.head, .strip, .tabs'))
  .map(e => e.innerText.trim()).join('\\n');"""
IS_SEEN = """
const box = document.querySelector('.beside [aria-current]').getBoundingClientRect();
return box.left > -14 && box.right < innerWidth + 14;  // but for its padding"""
TOUCHING = """
const below = e => e.nextElementSibling && e.nextElementSibling.checkVisibility() && e.nextElementSibling;
return [...document.querySelectorAll('.card > form')].map(form => [form.lastElementChild, below(form)])
  .filter(([last, next]) => next && last.matches('button')
    && next.getBoundingClientRect().top - last.getBoundingClientRect().bottom < 6)
  .map(([last, next]) => last.innerText + ' | ' + next.innerText.slice(0, 30));"""
ONLY_TO_BE_FILLED_IN = (
    "/people/new", "/people/p1/new-card", "/city/import", "/calendar/holidays", "/stations/ZG-02/amend/add",
)  # fmt: skip


def test_every_page_is_looked_at() -> None:
    """A page that is entered in the table of addresses is entered here too."""
    shown = [re.compile(re.sub(r"\{\w+\}", "[^/]+", one.path)) for one in read_table() if one.method == "GET"]
    known = {address.partition("?")[0] for address in PAGES}
    lacking = {
        one.path for one in read_table()
        if one.method == "GET" and one.path not in ELSEWHERE and not NO_PAGES.search(one.path)
        and not any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one.path), address) for address in known)
    }  # fmt: skip

    assert lacking == set()
    files = {path: HERE / where for path, where in ELSEWHERE.items() if where.endswith(".py")}
    part_of = {path: [part for part in path.split("/") if "{" not in part][-1] for path in files}
    assert [path for path, file in files.items() if part_of[path] not in file.read_text(encoding="utf-8")] == []
    assert [address for address in known if not any(page.fullmatch(address) for page in shown)] == []


def come_in(onlooker: Onlooker, hub: GuardedHub, *grants: Grant) -> None:
    onlooker.open(f"{hub.address}/sign-in")
    onlooker.chrome.add_cookie({"name": COOKIE, "value": hub.session("wang", *grants), "path": "/"})


def path(onlooker: Onlooker) -> str:
    return str(onlooker.run("return location.pathname"))


def test_from_the_link_to_the_board_by_keyboard_alone(desks: GuardedHub, onlooker: Onlooker, axe: str) -> None:
    key = desks.invite("wang", Grant(Role.CITY))
    onlooker.open(f"{desks.address}/invitations/{key}?lang=zh")
    onlooker.find("#f-new").send_keys(GOOD)
    onlooker.press(Keys.TAB, GOOD, Keys.ENTER)
    onlooker.arrive("/sign-in/code")
    secret = str(onlooker.run("return document.querySelector('[name=key]').value"))
    onlooker.wait(lambda: onlooker.run("return document.activeElement.id") == "f-code")
    assert onlooker.run("return document.querySelector('.key-picture svg').getBoundingClientRect().width") > 150
    onlooker.run(axe)
    assert not onlooker.run(RUN_AXE)

    onlooker.press("000000", Keys.ENTER)
    onlooker.wait(lambda: "验证码不对" in onlooker.text("main"))
    assert onlooker.run("return document.querySelector('[name=key]').value") == secret
    onlooker.press(pyotp.TOTP(secret).now(), Keys.ENTER)

    onlooker.arrive("/")
    assert len(onlooker.codes()) > 0
    assert "资料" in onlooker.text("nav.frame")
    onlooker.complaints()  # a wrong code is answered 401, which the console holds against the page


def test_a_page_that_is_open_is_led_to_signing_in_when_its_session_ends(desks: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, desks, Grant(Role.CITY))
    onlooker.open(f"{desks.address}/")
    assert desks.reception is not None
    [session] = desks.reception.roster.sessions.values()

    desks.await_(desks.reception.sign_out(session.proof, session.account))

    onlooker.arrive("/sign-in")
    onlooker.complaints()


class HandMoved:
    """`asyncio` for the gate, whose heartbeat comes when a test lets it."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._let = asyncio.Semaphore(0)

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self._let.acquire()

    async def beat(self) -> None:
        self._let.release()


@pytest.mark.parametrize("went_by", [0, 1])
def test_an_open_wall_whose_link_is_withdrawn_is_dark_at_the_next_heartbeat(
    desks: GuardedHub, onlooker: Onlooker, monkeypatch: pytest.MonkeyPatch, went_by: int
) -> None:
    """The one after the withdrawal, and a heartbeat is what a board says each second that it lives."""
    hand, every = HandMoved(), signature(Broadcast).parameters["beat_every_s"].default
    monkeypatch.setattr(gate, "asyncio", hand)
    assert desks.reception is not None
    key = desks.await_(desks.reception.write(partial(open_door, **A_SCREEN)))
    proof = desks.reception.behind(key, Role.SCREEN).proof
    onlooker.open(f"{desks.address}/wall/{key}?lang=zh")
    onlooker.wait(lambda: hand.asked)
    for _ in range(went_by):
        desks.await_(hand.beat())
        onlooker.wait(lambda: len(hand.asked) == 1 + went_by)  # and the link was good
    assert onlooker.codes() != []

    desks.await_(desks.reception.write(partial(shut_door, proof=proof, now_ms=now_ms())))
    assert onlooker.codes() != []
    desks.await_(hand.beat())

    onlooker.wait(lambda: "这个墙屏链接已停用" in onlooker.text("main"))
    assert onlooker.codes() == []
    assert set(hand.asked) == {every}  # and no more of them were let come
    onlooker.complaints()  # what was refused


def test_an_open_wall_whose_link_is_withdrawn_while_the_line_is_down_says_so_and_shows_no_station(
    desks: GuardedHub, onlooker: Onlooker
) -> None:
    assert desks.reception is not None
    key = desks.await_(desks.reception.write(partial(open_door, **A_SCREEN)))
    proof = desks.reception.behind(key, Role.SCREEN).proof
    onlooker.open(f"{desks.address}/wall/{key}?lang=zh")
    assert onlooker.codes() != []
    onlooker.block("*/live*")
    onlooker.run("source.inner.close(); source.retry()")
    onlooker.wait(lambda: onlooker.run("return source.inner.readyState") == CLOSED)

    desks.await_(desks.reception.write(partial(shut_door, proof=proof, now_ms=now_ms())))
    onlooker.block()

    onlooker.wait(lambda: "这个墙屏链接已停用" in onlooker.text("main"))
    assert onlooker.codes() == []
    onlooker.complaints()  # what was refused


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_on_any_desk(city: GuardedHub, onlooker: Onlooker, axe: str, language: str) -> None:
    come_in(onlooker, city, Grant(Role.CITY))
    found: dict[str, object] = {}
    for address in ("/sign-in", *PAGES):
        onlooker.open(f"{city.address}{address}{'&' if '?' in address else '?'}lang={language}")
        if violations := found_in_both_lights(onlooker, axe):
            found[address] = violations

    assert found == {}


@pytest.mark.parametrize("width", [390, 683])  # a phone; a laptop at 200 %
def test_no_desk_is_wider_than_its_window(city: GuardedHub, onlooker: Onlooker, width: int) -> None:
    come_in(onlooker, city, Grant(Role.CITY))
    onlooker.set_up(width, 844)
    wide = []
    for address in PAGES:
        onlooker.open(f"{city.address}{address}{'&' if '?' in address else '?'}lang=en")
        if onlooker.run("return document.documentElement.scrollWidth") > width:
            wide.append(address)

    assert wide == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_stations_tabs_stand_in_one_row_on_a_phone_and_no_words_touch_a_button(
    desks: GuardedHub, onlooker: Onlooker, language: str
) -> None:
    come_in(onlooker, desks, Grant(Role.CITY))
    onlooker.set_up(390, 844)
    onlooker.open(f"{desks.address}/stations/ZG-02/facts?lang={language}")
    tops = onlooker.run("return [...document.querySelectorAll('.tabs a')].map(e => e.getBoundingClientRect().top)")
    assert (len(tops), len(set(tops))) == (5, 1)
    touching = {}
    for address in ("/city/import", "/city/stations/ZG-02", "/people/p1", "/kiosks/zg-02-a"):
        onlooker.open(f"{desks.address}{address}?lang={language}")
        touching[address] = onlooker.run(TOUCHING)

    assert {address: found for address, found in touching.items() if found} == {}


def test_cards_of_a_page_are_of_one_width_and_a_lone_one_no_wider_than_its_form(
    city: GuardedHub, onlooker: Onlooker
) -> None:
    come_in(onlooker, city, Grant(Role.CITY))
    onlooker.set_up(1366, 900)
    widths = {}
    for page in ("/calendar", "/kiosks/zg-02-a"):
        onlooker.open(f"{city.address}{page}?lang=zh")
        widths[page] = onlooker.run(
            "return [...document.querySelectorAll('.card')].map(e => Math.round(e.getBoundingClientRect().width))"
        )

    assert [len(widths["/calendar"]), widths["/calendar"][0] <= 31 * 16] == [1, True]
    assert len(widths["/kiosks/zg-02-a"]) > 4
    assert max(widths["/kiosks/zg-02-a"]) - min(widths["/kiosks/zg-02-a"]) <= 1


NARROWEST = """
return Math.min(...[...document.querySelectorAll('dl.facts dd')].filter(e => e.checkVisibility())
  .map(e => e.getBoundingClientRect().width / e.parentElement.getBoundingClientRect().width));"""
TOPS = "return new Set([...document.querySelectorAll('.spans a')].map(e => e.getBoundingClientRect().top)).size"
WIDTHS = """
return [...document.querySelectorAll('.which label')].map(e => Math.round(e.firstElementChild.nextElementSibling.getBoundingClientRect().width));"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_have_room_and_what_belongs_together_stands_in_one_row(
    desks: GuardedHub, onlooker: Onlooker, language: str
) -> None:
    come_in(onlooker, desks, Grant(Role.CITY))
    for width in (390, 1280):
        onlooker.set_up(width, 844)
        onlooker.open(f"{desks.address}/people/p1?lang={language}")
        assert onlooker.run(NARROWEST) > 0.4, width
        onlooker.open(f"{desks.address}/coverage?lang={language}")
        assert onlooker.run(TOPS) == 1, width
    onlooker.set_up(390, 844)
    onlooker.open(f"{desks.address}/stations/ZG-02/shifts/week?lang={language}")
    widths = onlooker.run(WIDTHS)
    assert len(widths) == 7
    assert max(widths) - min(widths) <= 1


def test_the_page_one_is_on_is_seen_among_those_beside_it_on_a_phone(desks: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, desks, Grant(Role.CITY))
    onlooker.set_up(390, 844)
    for address in ("/city", "/system/channels"):
        onlooker.open(f"{desks.address}{address}?lang=en")

        onlooker.wait(lambda: onlooker.run(IS_SEEN))


def test_a_desk_on_paper_is_whole_and_has_no_empty_frames(city: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, city, Grant(Role.CITY))
    on_paper(onlooker)
    found = {}
    for address in PAGES:
        onlooker.open(f"{city.address}{address}{'&' if '?' in address else '?'}lang=zh")
        wrong = [*onlooker.run(CUT_OFF), *onlooker.run(EMPTY_FRAMES)]
        if not onlooker.run(SAID_ON_PAPER) and address not in ONLY_TO_BE_FILLED_IN:
            wrong.append("is empty")
        if wrong or onlooker.chrome.title not in onlooker.find(".printed").text:
            found[address] = wrong

    assert found == {}


def test_a_lead_reports_a_card_lost_on_a_phone(desks: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, desks, Grant(Role.LEAD, Reach(station="ZG-02")))
    onlooker.set_up(390, 844)
    onlooker.open(f"{desks.address}/people?lang=zh")
    onlooker.find("tbody a").click()
    onlooker.arrive("/people/p1")
    onlooker.find("button.grave").click()

    onlooker.wait(lambda: "找回" in onlooker.text("main"))
    assert "挂失" in onlooker.text("main")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_with_a_code_fits_a_phone_and_axe_finds_nothing(
    desks: GuardedHub, onlooker: Onlooker, axe: str, language: str
) -> None:
    folder = desks.desk.claims.config.data_dir  # type: ignore[union-attr]  # it has some
    cabinet = Cabinet(folder)
    cabinet.make("site", MORNING)
    cabinet.issue_broker(["hub.example"], MORNING)
    read_or_make_site_key(folder)
    come_in(onlooker, desks, Grant(Role.INSTALLER, Reach("D-1")))
    onlooker.set_up(390, 844)
    onlooker.open(f"{desks.address}/kiosks/zg-02-a?lang={language}")

    onlooker.run("document.querySelector('form[action$=\"/claim\"] button').click()")
    onlooker.wait(
        lambda: onlooker.run("return document.readyState == 'complete' && !!document.querySelector('.key-text')")
    )

    assert onlooker.run("return document.documentElement.scrollWidth") <= 390
    onlooker.run(axe)
    assert onlooker.run(RUN_AXE) == []
