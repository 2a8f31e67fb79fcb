"""A passkey in a browser that has a device for it: made on 我的, shown at the door, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from hub.rights import Grant, Reach, Role
from hub.web.gate.gate import COOKIE
from tests.hub.pages.conftest import axe, chromium, onlooker
from tests.hub.pages.test_look import RUN_AXE

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser
__all__ = ["axe", "chromium", "onlooker"]
GOOD = "four unrelated words"


@pytest.fixture
def device(chromium: Chrome) -> Iterator[Chrome]:
    options = VirtualAuthenticatorOptions(
        protocol="ctap2", transport="internal", has_resident_key=True, has_user_verification=True, is_user_verified=True
    )
    chromium.add_virtual_authenticator(options)
    yield chromium
    chromium.remove_virtual_authenticator()


def test_a_passkey_is_made_and_opens_the_door(desks: GuardedHub, onlooker: Onlooker, device: Chrome, axe: str) -> None:
    here = f"http://localhost:{desks.port}"
    key = desks.invite("wang", Grant(Role.COUNTY, Reach("D-1")))
    onlooker.open(f"{here}/invitations/{key}?lang=zh")
    onlooker.find("#f-new").send_keys(GOOD)
    onlooker.press(Keys.TAB, GOOD, Keys.ENTER)
    onlooker.arrive("/")

    onlooker.open(f"{here}/me")
    onlooker.find("#f-key-name").send_keys("手机")
    onlooker.press(Keys.TAB, GOOD, Keys.ENTER)
    onlooker.wait(lambda: onlooker.run("return document.querySelector('[data-passkey=make]')?.checkVisibility()"))
    onlooker.run(axe)
    assert onlooker.run(RUN_AXE) == []
    onlooker.click("[data-passkey] button")
    onlooker.wait(lambda: "通行密钥已添加" in onlooker.text("main") and "手机" in onlooker.text("main"))
    onlooker.run(axe)
    assert onlooker.run(RUN_AXE) == []
    assert [one.is_resident_credential for one in device.get_credentials()] == [True]

    before = device.get_cookie(COOKIE)
    device.delete_cookie(COOKIE)
    onlooker.open(f"{here}/sign-in?next=/me")
    onlooker.wait(lambda: onlooker.run("return document.querySelector('[data-passkey=show]')?.checkVisibility()"))
    onlooker.run(axe)
    assert onlooker.run(RUN_AXE) == []
    onlooker.click("[data-passkey] button")
    onlooker.arrive("/me")
    assert "wang" in onlooker.text("main")
    assert before is not None
    assert device.get_cookie(COOKIE)["value"] != before["value"]  # type: ignore[index]
    assert onlooker.complaints() == []


def test_who_is_not_the_one_whom_the_device_knows_is_told_so_and_stays_outside(
    desks: GuardedHub, onlooker: Onlooker, device: Chrome
) -> None:
    here = f"http://localhost:{desks.port}"
    desks.invite("wang", Grant(Role.COUNTY, Reach("D-1")))
    device.set_user_verified(verified=False)
    onlooker.open(f"{here}/sign-in?lang=zh")
    onlooker.wait(lambda: onlooker.run("return document.querySelector('[data-passkey=show]')?.checkVisibility()"))
    onlooker.click("[data-passkey] button")

    onlooker.wait(lambda: "没有收到通行密钥" in onlooker.text("main"))
    assert onlooker.run("return location.pathname") == "/sign-in"
