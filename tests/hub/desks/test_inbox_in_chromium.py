"""待办 in a browser: an operator's morning, by mouse and by keyboard alone; what comes while somebody writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

from hub.changing import commands as asked
from hub.database.alarm_tables import AlarmStep
from hub.findings import FindingKind
from hub.rights import Grant, Role
from hub.web.inbox.finding_words import FINDING_WORDS
from station.duty import Limits
from station.hours import Span
from tests.hub.desks.test_desks import CITY, NORTH, rows
from tests.hub.desks.test_desks_in_chromium import come_in, path
from tests.hub.desks.test_inbox import STRANGER, give, raised, silent, tapped
from tests.hub.pages.conftest import axe, chromium, hub, onlooker
from tests.hub.pages.test_look import found_in_both_lights

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.hub_under_test import HubUnderTest
    from tests.hub.pages.onlooker import Onlooker

__all__ = ["axe", "chromium", "hub", "onlooker"]


def test_every_kind_of_finding_has_words_and_something_to_do() -> None:
    assert FINDING_WORDS.keys() == {*FindingKind}


@pytest.mark.browser
def test_a_county_operator_acknowledges_notes_and_closes(desks: GuardedHub, onlooker: Onlooker) -> None:
    raised(desks, "ZG-02", "ZG-05")
    come_in(onlooker, desks, NORTH)
    onlooker.open(f"{desks.address}/?lang=zh")
    onlooker.wait(lambda: onlooker.text("#n-inbox") == "2")  # the alarm, and who is not trained
    onlooker.click("nav.frame a[href='/inbox']")
    onlooker.wait(lambda: "无人在岗" in onlooker.text("main"))
    assert "ZG-05" not in onlooker.run("return document.body.innerHTML")

    onlooker.click("[data-kind=alarm] .do form button")
    onlooker.wait(lambda: "wang 来处理" in onlooker.text("main"))
    onlooker.click("[data-kind=alarm] .do summary")
    onlooker.press("站长在路上", Keys.ENTER)
    onlooker.wait(lambda: "wang 已联系" in onlooker.text("main"))
    assert "站长在路上" in onlooker.text("main")
    onlooker.click("[data-kind=alarm] .do summary")
    onlooker.click("[data-kind=alarm] button.grave")
    onlooker.wait(lambda: "请写明原因。" in onlooker.text("main"))
    onlooker.find("[data-kind=alarm] details input").send_keys("已到岗")
    onlooker.click("[data-kind=alarm] button.grave")

    onlooker.wait(lambda: "无人在岗" not in onlooker.text("main"))
    assert [step["what"] for step in rows(desks, AlarmStep)][2:] == ["acknowledged", "acknowledged", "closed"]
    onlooker.complaints()  # what was refused is answered 422, which the console holds against the page


@pytest.mark.browser
def test_the_inbox_is_worked_at_by_keyboard_alone(desks: GuardedHub, onlooker: Onlooker) -> None:
    raised(desks, "ZG-02")
    come_in(onlooker, desks, NORTH)
    onlooker.open(f"{desks.address}/inbox?lang=zh")
    for _ in range(40):
        onlooker.press(Keys.TAB)
        if onlooker.run("return document.activeElement.matches('[data-kind=alarm] .do summary')"):
            break
    onlooker.press(Keys.ENTER)
    onlooker.wait(lambda: onlooker.run("return document.activeElement.matches('[data-kind=alarm] details input')"))
    onlooker.press("堵车", Keys.ENTER)

    onlooker.wait(lambda: "wang 已联系" in onlooker.text("main"))
    assert "堵车" in onlooker.text("main")


@pytest.mark.browser
def test_what_somebody_writes_is_not_taken_away_by_what_comes(desks: GuardedHub, onlooker: Onlooker) -> None:
    raised(desks, "ZG-02")
    come_in(onlooker, desks, CITY)
    onlooker.open(f"{desks.address}/inbox?lang=zh")
    onlooker.click("[data-kind=alarm] .do summary")
    onlooker.press("堵车")
    onlooker.run("window.asked = 0; document.addEventListener('htmx:confirm', () => window.asked += 1)")
    onlooker.run("htmx.trigger('#waiting', 'again')")
    assert onlooker.run("return window.asked") == 1
    assert onlooker.run("return document.activeElement.value") == "堵车"

    desks.source.findings.report(FindingKind.BROKER, "broker", "the broker does not answer")
    onlooker.click("[data-kind=alarm] .do summary")

    onlooker.wait(lambda: "消息服务器连不上" in onlooker.text("#waiting"))
    onlooker.wait(lambda: onlooker.run("return document.documentElement.dataset.link") == "live")


@pytest.mark.browser
def test_the_board_counts_what_waits_and_says_nothing_where_nothing_does(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    findings = hub.source.findings
    onlooker.wait(lambda: onlooker.text(".filters > a") == "待办 2")

    findings.report(FindingKind.BROKER, "broker", "the broker does not answer")
    onlooker.wait(lambda: onlooker.text(".filters > a") == "待办 3")
    for finding in findings.all():
        findings.end(finding.kind, finding.subject)

    onlooker.wait(lambda: onlooker.text(".filters > a") == "待办")
    onlooker.find(".filters > a").send_keys("\n")
    onlooker.wait(lambda: "没有待办" in onlooker.text("main"))


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_where_everything_waits(
    desks: GuardedHub, onlooker: Onlooker, axe: str, language: str
) -> None:
    raised(desks, "ZG-02", "ZG-05", "")
    tapped(desks, STRANGER, "ZG-02")
    desks.kiosks += [silent(number) for number in range(25)]
    come_in(onlooker, desks, CITY)
    found: dict[str, object] = {}
    for width in (1366, 390):
        onlooker.set_up(width, 844)
        for address in ("/inbox", "/inbox?kind=kiosk", "/inbox?kind=card"):
            onlooker.open(f"{desks.address}{address}{'&' if '?' in address else '?'}lang={language}")
            onlooker.run("document.querySelectorAll('#waiting details').forEach(one => one.open = true)")
            if violations := found_in_both_lights(onlooker, axe):
                found[f"{address} {width}"] = violations
            assert onlooker.run("return document.documentElement.scrollWidth") <= width
    onlooker.click("[data-kind=card] a[href$=person]")
    onlooker.wait(lambda: path(onlooker).endswith("/person"))

    assert found == {}
    assert found_in_both_lights(onlooker, axe) == []


@pytest.mark.browser
def test_an_installer_finds_the_kiosk_that_is_to_be_entered(desks: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, desks, Grant(Role.INSTALLER))
    onlooker.set_up(390, 844)
    onlooker.open(f"{desks.address}/inbox?lang=zh")
    onlooker.click("[data-kind=finding] .act")
    onlooker.arrive("/kiosks")

    assert onlooker.run("return document.getElementById('f-kiosk').value") == "zg-99-a"


@pytest.mark.browser
def test_who_is_asked_about_a_station_that_never_closes_reads_what_to_do_and_says_that_it_is_meant(
    desks: GuardedHub, onlooker: Onlooker
) -> None:
    give(desks, asked.SetTerms("ZG-02", week=((Span(0, 24 * 60),),) * 7))
    give(desks, asked.SetTerms("ZG-02", limits=Limits()))
    come_in(onlooker, desks, NORTH)
    onlooker.open(f"{desks.address}/inbox?lang=zh")
    line = "[data-kind=longest]"
    onlooker.wait(lambda: "忘刷离岗的 12 小时后才不算在岗" in onlooker.text(line))
    assert "zaigang-hub calendar limits ZG-02 --longest 360" in onlooker.text(line)

    onlooker.click(f"{line} .do summary")
    onlooker.click(f"{line} button.grave")
    onlooker.wait(lambda: "请写明原因。" in onlooker.text("main"))
    onlooker.find(f"{line} details input").send_keys("夜里有两班")
    onlooker.click(f"{line} button.grave")

    onlooker.wait(lambda: not onlooker.run(f"return document.querySelector({line!r})"))
    onlooker.open(f"{desks.address}/inbox?lang=en")
    assert not onlooker.run(f"return document.querySelector({line!r})")
    onlooker.complaints()  # what was refused is answered 422, which the console holds against the page
