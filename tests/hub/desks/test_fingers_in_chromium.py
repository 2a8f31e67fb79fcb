"""A phone in the hand: nothing that is to be touched is too small for a finger, on any desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.rights import Grant, Role
from tests.hub.desks.test_desks_in_chromium import PAGES, come_in
from tests.hub.desks.test_every_route import city
from tests.hub.desks.test_long_lists import large
from tests.hub.pages.conftest import chromium, onlooker

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

pytestmark = pytest.mark.browser
__all__ = ["chromium", "city", "large", "onlooker"]
TOO_SMALL = """
const controls = 'button, select, summary, .button, .act, nav a, .language, input:not([type="hidden"], [type="file"]), textarea';
const area = e => {
  const label = e.matches('input[type="checkbox"], input[type="radio"]') && e.closest('label');
  return (label || e).getBoundingClientRect();
};
const isWithinWords = e => e.matches('a') && getComputedStyle(e).display === 'inline'
  && e.parentElement.innerText.trim() !== e.innerText.trim();  // as WCAG 2.5.8 excepts them
const found = [];
for (const e of document.querySelectorAll('a, summary, button, select, input, textarea')) {
  if (!e.checkVisibility() || e.matches('.skip, [type="hidden"], [type="file"]') || e.closest('.station, svg, .monthly')) continue;
  const box = area(e), least = e.matches(controls) ? 44 : isWithinWords(e) ? 0 : 24;
  if (box.height < least - 0.5 || (least && box.width < 24)) {
    found.push(`${e.tagName} ${(e.innerText || e.name || '').trim()} ${Math.round(box.width)}x${Math.round(box.height)}`);
  }
}
return found;"""
"""A station on the board is touched anywhere on its card, a day of the month anywhere on its cell."""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_to_be_touched_is_large_enough_for_a_finger(
    city: GuardedHub, onlooker: Onlooker, language: str
) -> None:
    come_in(onlooker, city, Grant(Role.CITY))
    onlooker.set_up(390, 844)
    found = {}
    for address in ("/sign-in", *PAGES):
        onlooker.open(f"{city.address}{address}{'&' if '?' in address else '?'}lang={language}")
        if small := onlooker.run(TOO_SMALL):
            found[address] = small

    assert found == {}


def test_the_way_to_the_next_page_is_large_enough_for_a_finger(large: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, large, Grant(Role.CITY))
    onlooker.set_up(390, 844)
    found = {}
    for address in ("/people", "/kiosks", "/system/history"):
        onlooker.open(f"{large.address}{address}?lang=zh")
        assert onlooker.text(".paging a[rel=next]") == "下一页 ›"
        found[address] = onlooker.run(TOO_SMALL)

    assert not any(found.values()), found
