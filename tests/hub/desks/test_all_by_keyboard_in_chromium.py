"""What the desks are for, by Tab, Enter, Space and what is typed alone; at every stop one sees where one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

from hub.database.alarm_tables import AlarmStep
from hub.database.people_tables import Loss, Volunteer
from hub.database.tables import Kiosk
from hub.rights import Grant, Reach, Role
from tests.hub.desks.test_desks import LEAD, NORTH, rows, send
from tests.hub.desks.test_desks_in_chromium import come_in
from tests.hub.desks.test_importing import PEOPLE
from tests.hub.desks.test_inbox import raised
from tests.hub.desks.test_telephones import agreed
from tests.hub.pages.conftest import chromium, onlooker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser
__all__ = ["chromium", "onlooker"]
CLERK = Grant(Role.FEDERATION)
MOST = 120  # steps from the top of a page to what is wanted on it
STOP = """
const e = document.activeElement, box = e.getBoundingClientRect();
const ring = getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e.closest('.station') ?? e).outlineStyle !== 'none';
const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
const bar = document.elementFromPoint(
  Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
return {there: e.matches(arguments[0]), at: e.outerHTML.slice(0, 120),
        shown: e === document.body || (ring && seen && (e.contains(bar) || (bar?.contains(e) ?? false)))};"""
LOADED = "return document.readyState === 'complete' && !window.left"


def go_to(onlooker: Onlooker, selector: str) -> None:
    """Press Tab until that has the focus; whatever has it on the way must be seen, with a ring around it."""
    hidden = []
    for _ in range(MOST):
        stop = onlooker.run(STOP, selector)
        hidden += [] if stop["shown"] else [stop["at"]]
        if stop["there"]:
            break
        onlooker.press(Keys.TAB)
    else:
        pytest.fail(f"{selector} is not come to by {MOST} times Tab")
    assert hidden == []


def send_by(onlooker: Onlooker, key: str) -> None:
    """Press what sends a form or follows a link, and wait until another page stands there."""
    onlooker.run("window.left = true")
    onlooker.press(key)
    onlooker.wait(lambda: onlooker.run(LOADED) and onlooker.is_there(), what="another page")


def test_sheets_are_imported_looked_at_confirmed_and_undone(
    desks: GuardedHub, onlooker: Onlooker, tmp_path: Path
) -> None:
    few = tmp_path / "志愿者.csv"
    few.write_text("\n".join(PEOPLE.splitlines()[:4]) + "\n", encoding="utf-8")
    come_in(onlooker, desks, CLERK)
    onlooker.open(f"{desks.address}/people?lang=zh")
    go_to(onlooker, "a[href='/city/import']")
    send_by(onlooker, Keys.ENTER)
    go_to(onlooker, "#f-files")
    onlooker.find("#f-files").send_keys(str(few))  # what the system's own dialogue does, which is no page of ours
    go_to(onlooker, "form[enctype] button")
    send_by(onlooker, Keys.SPACE)
    assert "新增 3" in onlooker.text("main")
    assert len(rows(desks, Volunteer)) == 2

    go_to(onlooker, "form[action$=confirm] button")
    send_by(onlooker, Keys.ENTER)
    assert len(rows(desks, Volunteer)) == 5
    go_to(onlooker, "a[href$=undo]")
    send_by(onlooker, Keys.ENTER)
    assert "会撤销什么" in onlooker.text("main")
    go_to(onlooker, "form[action$=undo] button")
    send_by(onlooker, Keys.SPACE)

    assert len(rows(desks, Volunteer)) == 2


def test_a_card_is_reported_lost_and_found_again_on_a_phone(desks: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, desks, LEAD)
    onlooker.set_up(390, 844)
    onlooker.open(f"{desks.address}/people?lang=zh")
    go_to(onlooker, "tbody a[href='/people/p1']")
    send_by(onlooker, Keys.ENTER)
    go_to(onlooker, "form[action$=lost] button")
    send_by(onlooker, Keys.ENTER)
    assert [row["until_ms"] for row in rows(desks, Loss)] == [None]

    go_to(onlooker, "form[action$=found] button")
    send_by(onlooker, Keys.SPACE)

    assert [row["until_ms"] is None for row in rows(desks, Loss)] == [False]


def test_somebody_leaves_and_is_erased(desks: GuardedHub, onlooker: Onlooker) -> None:
    agreed(desks)
    come_in(onlooker, desks, CLERK)
    onlooker.open(f"{desks.address}/people/p1?lang=zh")
    go_to(onlooker, "form[action$=leave] button")
    send_by(onlooker, Keys.ENTER)
    go_to(onlooker, "#f-confirm-number")
    onlooker.press("N1")
    go_to(onlooker, "#f-erase-why")
    onlooker.press("本人来信")
    go_to(onlooker, "form[action$=erase] button")
    send_by(onlooker, Keys.SPACE)

    assert rows(desks, Volunteer, person="p1")[0]["full_name"] == ""


def test_another_device_takes_a_kiosks_place_that_was_stolen(desks: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, desks, Grant(Role.INSTALLER, Reach("D-1")))
    onlooker.set_up(390, 844)
    onlooker.open(f"{desks.address}/kiosks?lang=zh")
    go_to(onlooker, "a[href='/kiosks/zg-02-a']")
    send_by(onlooker, Keys.ENTER)
    go_to(onlooker, "#f-new")
    onlooker.press("zg-02-b")
    go_to(onlooker, "form[action$=replace] [name=stolen]")
    onlooker.press(Keys.SPACE)
    go_to(onlooker, "form[action$=replace] button")
    send_by(onlooker, Keys.ENTER)

    found = {row["id"]: row["revoked_ms"] is not None for row in rows(desks, Kiosk, station="ZG-02")}
    assert found == {"zg-02-a": True, "zg-02-b": False}


def test_an_alarm_is_acknowledged_the_lead_called_and_it_is_closed(desks: GuardedHub, onlooker: Onlooker) -> None:
    raised(desks, "ZG-02")
    with desks.ask(desks.session("wu", Grant(Role.CITY))) as city:
        send(city, "/city/stations/ZG-02/telephones", telephone="0355-2000123")
    come_in(onlooker, desks, NORTH)
    onlooker.open(f"{desks.address}/?lang=zh")
    go_to(onlooker, "nav.frame a[href='/inbox']")
    send_by(onlooker, Keys.ENTER)
    go_to(onlooker, "[data-kind=alarm] form[action$=taken] button")
    onlooker.press(Keys.ENTER)
    onlooker.wait(lambda: "wang 来处理" in onlooker.text("main"))

    go_to(onlooker, "[data-kind=alarm] a[href$='/call']")
    send_by(onlooker, Keys.ENTER)
    go_to(onlooker, "a[href='tel:03552000123']")
    onlooker.open(f"{desks.address}/inbox?lang=zh")
    go_to(onlooker, "[data-kind=alarm] .do summary")
    onlooker.press(Keys.SPACE)
    onlooker.wait(lambda: onlooker.run("return document.activeElement.matches('[data-kind=alarm] [name^=note]')"))
    onlooker.press("站长在路上")
    go_to(onlooker, "[data-kind=alarm] button[formaction$=closed]")
    onlooker.press(Keys.SPACE)

    # a page that is on its way shows nothing either
    onlooker.wait(lambda: "done=1" in onlooker.run("return location.search") and onlooker.text("main"))
    assert "低于最低人数" not in onlooker.text("main")
    assert [step["what"] for step in rows(desks, AlarmStep)][1:] == ["acknowledged", "closed"]
