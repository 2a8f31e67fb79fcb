"""In a browser: a clerk imports 3,000 people, looks, confirms, undoes; and erases somebody. axe-core finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.database.people_tables import Volunteer
from hub.rights import Grant, Reach, Role
from tests.hub.desks.test_desks import rows, send
from tests.hub.desks.test_desks_in_chromium import come_in
from tests.hub.desks.test_importing import PEOPLE
from tests.hub.desks.test_telephones import NUMBER, agreed
from tests.hub.pages.conftest import axe, chromium, onlooker
from tests.hub.pages.test_look import RUN_AXE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser
__all__ = ["axe", "chromium", "onlooker"]
CLERK = Grant(Role.FEDERATION)


def look(onlooker: Onlooker, axe: str) -> None:
    """What axe-core says of the page."""
    onlooker.run(axe)
    assert not onlooker.run(RUN_AXE)


@pytest.mark.parametrize(
    ("language", "look_word", "confirm_word", "undo_word"),
    [("zh", "新增 3000", "确认导入", "整批撤销"), ("en", "3000", "Import", "Undo as a whole")],
)
def test_a_clerk_imports_3000_people_and_undoes_them(
    desks: GuardedHub, onlooker: Onlooker, axe: str, tmp_path: Path, *, language: str, look_word: str,
    confirm_word: str, undo_word: str,
) -> None:  # fmt: skip
    (tmp_path / "志愿者.csv").write_text(PEOPLE, encoding="utf-8")
    come_in(onlooker, desks, CLERK)
    onlooker.open(f"{desks.address}/city/import?lang={language}")
    onlooker.find("#f-files").send_keys(str(tmp_path / "志愿者.csv"))
    onlooker.find("form[enctype] button").click()

    onlooker.wait(lambda: look_word in onlooker.text("main"))
    assert len(rows(desks, Volunteer)) == 2
    look(onlooker, axe)
    assert confirm_word in onlooker.text("form[action$=confirm]")
    onlooker.find("form[action$=confirm] button").click()
    onlooker.wait(lambda: len(rows(desks, Volunteer)) == 3002)
    onlooker.wait(lambda: undo_word in onlooker.text("main"))
    look(onlooker, axe)
    onlooker.find("a[href$=undo]").click()
    onlooker.arrive("/city/import/1/undo")
    look(onlooker, axe)
    assert len(rows(desks, Volunteer)) == 3002
    onlooker.find("form[action$=undo] button").click()

    onlooker.wait(lambda: len(rows(desks, Volunteer)) == 2)
    onlooker.wait(lambda: bool(onlooker.text(".done")))
    look(onlooker, axe)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_somebody_is_erased(desks: GuardedHub, onlooker: Onlooker, axe: str, language: str) -> None:
    agreed(desks)
    come_in(onlooker, desks, CLERK)
    onlooker.open(f"{desks.address}/people/p1?lang={language}")
    assert onlooker.find("a[href^='tel:']").get_attribute("href") == f"tel:{NUMBER}"
    look(onlooker, axe)
    onlooker.find("form[action$=leave] button").click()
    onlooker.wait(lambda: bool(onlooker.chrome.find_elements("css selector", "form[action$=erase]")))
    onlooker.find("#f-confirm-number").send_keys("N1")
    onlooker.find("#f-erase-why").send_keys("asked for it by letter")
    look(onlooker, axe)
    onlooker.find("form[action$=erase] button").click()

    onlooker.wait(lambda: rows(desks, Volunteer, person="p1")[0]["full_name"] == "")
    onlooker.wait(lambda: "p1" in onlooker.text("h1"))
    assert NUMBER not in onlooker.text("main")
    look(onlooker, axe)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_lead_sees_whom_to_call_on_the_stations_page(
    desks: GuardedHub, onlooker: Onlooker, axe: str, language: str
) -> None:
    with desks.ask(desks.session("wu", Grant(Role.CITY))) as city:
        send(city, "/city/stations/ZG-02/telephones", telephone="0355-2000123")
    come_in(onlooker, desks, Grant(Role.LEAD, Reach(station="ZG-02")))
    onlooker.open(f"{desks.address}/stations/ZG-02?lang={language}")

    onlooker.wait(lambda: bool(onlooker.chrome.find_elements("css selector", "a[href='tel:03552000123']")))
    look(onlooker, axe)
    onlooker.open(f"{desks.address}/stations/ZG-02/call?lang={language}")
    assert "0355-2000123" in onlooker.text("main")
    look(onlooker, axe)
