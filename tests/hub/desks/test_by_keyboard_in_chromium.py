"""Pages that need something to be there: a request for correction, binding. By keyboard alone, and what axe-core says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

from hub.database.amend_table import AmendRequest
from hub.rights import Grant, Reach, Role
from hub.web.gate.gate import COOKIE
from tests.hub.desks.test_amend_requests import VOLUNTEER, invited
from tests.hub.desks.test_amending_page import DAY, forgot
from tests.hub.desks.test_desks import LEAD, rows, send
from tests.hub.desks.test_desks_in_chromium import come_in
from tests.hub.desks.test_fingers_in_chromium import TOO_SMALL
from tests.hub.gate.test_issuer_door import hub, service
from tests.hub.pages.conftest import axe, chromium, onlooker
from tests.hub.pages.test_look import RUN_AXE, found_in_both_lights

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser
__all__ = ["axe", "chromium", "forgot", "hub", "onlooker", "service"]
GOOD = "four unrelated words"
REQUEST = "/stations/ZG-02/requests/1"
MOST = 80  # steps from the top of a page to what is wanted on it


def go_to(onlooker: Onlooker, selector: str) -> None:
    """Press Tab until that has the focus; what has it must be seen."""
    for _ in range(MOST):
        if onlooker.run("return document.activeElement.matches(arguments[0])", selector):
            break
        onlooker.press(Keys.TAB)
    else:
        pytest.fail(f"{selector} is not come to by {MOST} times Tab")
    assert onlooker.run("return getComputedStyle(document.activeElement).outlineStyle") != "none", selector


def asked(forgot: GuardedHub) -> None:
    """A volunteer has asked for a correction."""
    invited(forgot)
    with forgot.ask(forgot.session("n1", VOLUNTEER)) as client:
        send(client, "/me/taps", station="ZG-02", day=DAY, said="10:40 离岗，忘了刷")


def test_a_volunteer_asks_for_a_correction_by_keyboard_alone(forgot: GuardedHub, onlooker: Onlooker) -> None:
    invited(forgot)
    onlooker.open(f"{forgot.address}/sign-in")
    onlooker.chrome.add_cookie({"name": COOKIE, "value": forgot.session("n1", VOLUNTEER), "path": "/"})
    onlooker.open(f"{forgot.address}/me/taps?lang=zh")

    go_to(onlooker, "#f-said")
    onlooker.press("10:40 离岗，忘了刷", Keys.ENTER)

    onlooker.wait(lambda: "已交给站长" in onlooker.text("main"))
    assert "等待答复" in onlooker.text("main")


def test_a_lead_answers_a_request_by_keyboard_alone(forgot: GuardedHub, onlooker: Onlooker) -> None:
    asked(forgot)
    come_in(onlooker, forgot, LEAD)
    onlooker.open(f"{forgot.address}{REQUEST}?lang=zh")

    go_to(onlooker, "section form button.main")
    onlooker.press(Keys.ENTER)
    onlooker.wait(lambda: "更正前后的一天" in onlooker.text("main"))
    go_to(onlooker, "form.acts button.main")
    onlooker.press(Keys.ENTER)

    onlooker.wait(lambda: bool([one for one in rows(forgot, AmendRequest) if one["settled_by"]]))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_on_a_request_and_a_finger_has_room(
    forgot: GuardedHub, onlooker: Onlooker, axe: str, language: str
) -> None:
    asked(forgot)
    come_in(onlooker, forgot, LEAD)
    onlooker.set_up(390, 844)
    onlooker.open(f"{forgot.address}{REQUEST}?lang={language}")

    for step in ("asked", "foreseen"):
        assert onlooker.run("return document.documentElement.scrollWidth") <= 390, step
        assert onlooker.run(TOO_SMALL) == [], step
        assert found_in_both_lights(onlooker, axe) == [], step
        if step == "asked":
            onlooker.click("section form button.main")
            onlooker.wait(lambda: onlooker.run("return !!document.querySelector('form.acts button.main')"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_binding_is_come_to_by_keyboard_alone_and_axe_finds_nothing(
    hub: GuardedHub, onlooker: Onlooker, axe: str, language: str
) -> None:
    here = f"http://localhost:{hub.port}"
    key = hub.invite("wang", Grant(Role.COUNTY, Reach("D-1")))
    onlooker.set_up(390, 844)
    onlooker.open(f"{here}/invitations/{key}?lang={language}")
    onlooker.find("#f-new").send_keys(GOOD)
    onlooker.press(Keys.TAB, GOOD, Keys.ENTER)
    onlooker.arrive("/")

    onlooker.open(f"{here}/me")
    go_to(onlooker, "#f-issuer-proof")
    onlooker.press(GOOD, Keys.ENTER)
    onlooker.arrive("/me/issuer")

    assert onlooker.run("return document.documentElement.scrollWidth") <= 390
    assert onlooker.run(TOO_SMALL) == []
    onlooker.run(axe)
    assert onlooker.run(RUN_AXE) == []
    go_to(onlooker, 'a[href="/me/issuer/go"]')
