"""A city of a thousand stations: no desk's list grows with it without end, and what is not on a page is found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.transactions import writing
from hub.rights import Grant, Reach, Role
from tests.hub.desks.test_desks import send
from tests.hub.desks.test_desks_in_chromium import PAGES
from tests.hub.desks.test_every_route import city
from tests.hub.pages.board_source import MORNING, ZONE

if TYPE_CHECKING:
    from hub.changing.commands import CityCommand
    from tests.hub.gate.conftest import GuardedHub

__all__ = ["city"]
MANY = 130
MOST_ROWS = 100  # the longest page of any list


@pytest.fixture
def large(city: GuardedHub) -> GuardedHub:
    wanted: list[CityCommand] = []
    for n in range(MANY):
        wanted += [
            asked.EnterStation(f"M-{n:03}", f"东湖区第{n}银行学雷锋志愿服务点", district="D-1", kind="bank"),
            asked.EnterKiosk(f"m-{n:03}-a", f"M-{n:03}", "侧门" if n == MANY - 1 else "正门"),
            asked.EnterPerson(f"q{n}", f"Q{n}", full_name=f"样本人{n}"),
            asked.SetMemberships(f"q{n}", frozenset({f"M-{n:03}"})),
        ]
    with writing(city.engine) as connection:
        assert not apply(connection, wanted, by="root", at=MORNING, zone=ZONE).refusals
    return city


def test_no_list_is_longer_than_it_helps(large: GuardedHub) -> None:
    found = {}
    with large.ask(large.session("wang", Grant(Role.CITY))) as client:
        for address in PAGES:
            lists = re.findall(r"<tbody>(.*?)</tbody>", client.get(address).text, re.DOTALL)
            if (longest := max((one.count("<tr") for one in lists), default=0)) > MOST_ROWS:
                found[address] = longest

    assert found == {}


def test_a_kiosk_beyond_the_first_page_is_found(large: GuardedHub) -> None:
    with large.ask(large.session("wang", Grant(Role.CITY))) as client:
        first = client.get("/kiosks").text
        assert "m-129-a" not in first
        assert "下一页" in first

        for typed in ("M-129-A", "第129银行", "侧门", "Ｍ-１２９"):
            found = client.get("/kiosks", params={"q": typed}).text
            assert 'href="/kiosks/m-129-a"' in found, typed
            assert 'href="/kiosks/m-128-a"' not in found
        assert "没有找到" in client.get("/kiosks?q=nothing").text
        assert 'href="/kiosks/m-129-a"' in client.get("/kiosks?page=3").text


def test_a_kiosk_that_was_just_entered_is_seen(large: GuardedHub) -> None:
    with large.ask(large.session("wang", Grant(Role.CITY))) as client:
        led_to = send(client, "/kiosks", kiosk="zz-new", station="M-129").headers["location"]

        assert 'href="/kiosks/zz-new"' in client.get(led_to).text


def test_the_search_for_kiosks_ends_at_ones_own_district(large: GuardedHub) -> None:
    with large.ask(large.session("zhao", Grant(Role.INSTALLER, Reach("D-2")))) as client:
        assert "m-129-a" not in client.get("/kiosks?q=m-129").text
