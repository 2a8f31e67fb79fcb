"""更正 in a browser: a lead on a phone settles a forgotten leave in three clicks; what axe-core says of each page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.common.exceptions import ElementClickInterceptedException

from hub.database.ledger_tables import StintRow
from tests.hub.desks.test_amending_page import DAY, TAP, fold, forgot
from tests.hub.desks.test_desks import LEAD, rows
from tests.hub.desks.test_desks_in_chromium import come_in
from tests.hub.pages.conftest import axe, chromium, onlooker
from tests.hub.pages.test_look import RUN_AXE

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser
__all__ = ["axe", "chromium", "forgot", "onlooker"]
LIST = f"/stations/ZG-02/amend?date={DAY}"


def click(onlooker: Onlooker, selector: str) -> None:
    """As a thumb does: it is brought to the middle first, above the bar; once more where the page moved meanwhile."""

    def is_touched() -> bool:
        onlooker.run(f"document.querySelector('{selector}').scrollIntoView({{block: 'center'}})")
        try:
            onlooker.find(selector).click()
        except ElementClickInterceptedException:
            return False
        return True

    onlooker.wait(is_touched, what=f"touches {selector}")


def test_a_lead_settles_a_forgotten_leave_in_three_clicks_on_a_phone(forgot: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, forgot, LEAD)
    onlooker.set_up(390, 844)
    onlooker.open(f"{forgot.address}/inbox?lang=zh")

    click(onlooker, f'a[href="{TAP}"]')
    onlooker.arrive(TAP)
    click(onlooker, "section.card form button.main")
    onlooker.wait(lambda: "更正前后的一天" in onlooker.text("main"))
    click(onlooker, "form.acts button.main")

    onlooker.wait(lambda: "已更正" in onlooker.text("main"))
    fold(forgot)
    (stint,) = rows(forgot, StintRow)
    assert stint["confirmed_ms"] == stint["ended_ms"]
    assert onlooker.run("return document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    forgot: GuardedHub, onlooker: Onlooker, axe: str, language: str
) -> None:
    come_in(onlooker, forgot, LEAD)
    found: dict[str, object] = {}
    onlooker.set_up(390, 844)
    for address in (f"{LIST}&", f"{TAP}?", f"/stations/ZG-02/amend/add?date={DAY}&", "/people/p1/taps?"):
        onlooker.open(f"{forgot.address}{address}lang={language}")
        assert onlooker.run("return document.documentElement.scrollWidth") <= 390, address
        onlooker.run(axe)
        found[address] = onlooker.run(RUN_AXE)
        if address == f"{TAP}?":
            click(onlooker, "section.card form button.main")
            onlooker.wait(lambda: onlooker.run("return !!document.querySelector('.drawn')"))
            onlooker.run(axe)
            found["preview"] = onlooker.run(RUN_AXE)
            assert onlooker.run("return document.documentElement.scrollWidth") <= 390

    assert {address: wrong for address, wrong in found.items() if wrong} == {}
