"""通知渠道 in a browser: a try is pressed and answered; axe-core finds nothing; nothing is wider than a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.rights import WHOLE_CITY, Grant, Reach, Role
from simulator.robot_server import TAKEN, TOO_FAST, robot_server
from tests.hub.desks.test_channels_page import HERE, HOOK, KEY, entered
from tests.hub.desks.test_desks_in_chromium import come_in
from tests.hub.pages.conftest import axe, chromium, onlooker
from tests.hub.pages.test_look import RUN_AXE

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser
__all__ = ["axe", "chromium", "onlooker"]


def test_channels_are_tried_from_a_phone_and_a_desk(desks: GuardedHub, onlooker: Onlooker, axe: str) -> None:
    found, wide = {}, []
    with robot_server((200, TAKEN), (200, TOO_FAST)) as robot:
        for name, reach in (
            ("city-office", WHOLE_CITY),
            ("north-county", Reach("D-1")),
            ("bus-lead", Reach(station="ZG-02")),
        ):
            entered(desks, name, reach, f"{robot.url}/cgi-bin/webhook/send?key={KEY}-{name}")
        entered(desks, "a-name-of-thirty-two-characters0", address=HOOK)
        come_in(onlooker, desks, Grant(Role.CITY))
        for name in ("city-office", "north-county"):
            onlooker.open(f"{desks.address}{HERE}?lang=zh")
            onlooker.run(f"document.querySelector('form[action=\"{HERE}/{name}/test\"] button').click()")
            onlooker.arrive(f"{HERE}/{name}")
        assert "没有送达，对方的回答：45009 api freq out of limit · 发得太快" in onlooker.text("main")
        for width in (390, 1366):
            onlooker.set_up(width, 844)
            for language in ("zh", "en"):
                for page in (HERE, f"{HERE}/north-county"):
                    onlooker.open(f"{desks.address}{page}?lang={language}")
                    onlooker.run(axe)
                    if violations := onlooker.run(RUN_AXE):
                        found[page, language, width] = violations
                    if onlooker.run("return document.documentElement.scrollWidth") > width:
                        wide.append((page, language, width))

    assert found == {}
    assert wide == []
