"""Pages call places by their names, and take them by their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hub.rights import Grant, Reach, Role
from tests.hub.desks.test_desks import CITY, LEAD, main_of, send
from tests.hub.desks.test_inbox import STRANGER, key_of, tapped

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub


GRANTS = (Grant(Role.LEAD, Reach(station="ZG-02")), Grant(Role.COUNTY, Reach("D-1")))


@pytest.mark.parametrize(("path", "asks"), [("/system", (CITY,)), ("/me", GRANTS)])
def test_what_somebody_may_is_said_by_the_names_of_places(
    desks: GuardedHub, path: str, asks: tuple[Grant, ...]
) -> None:
    desks.session("qian", *GRANTS)
    with desks.ask(desks.session("li" if path == "/system" else "qian", *asks)) as client:
        answer = client.get(f"{path}?lang=zh")

    shown = re.sub(r'="[^"]*"', "", main_of(answer))  # what a form sends is a code
    assert answer.status_code == 200
    assert "北湖区" in shown
    assert "工农银行北湖支行" in shown
    assert "ZG-02" not in shown
    assert "D-1" not in shown


def test_a_lead_is_invited_by_the_name_of_their_station(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        answer = send(client, "/system/users", name="zhou", role="lead", station="工农银行北湖支行学雷锋志愿服务点")
        unknown = send(client, "/system/users", name="wu", role="lead", station="无此站")

    assert "/invitations/" in answer.text
    assert unknown.status_code == 422
    assert "没有这个编号或名称" in unknown.text


def test_a_county_chooses_its_own_district_and_no_other(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", Grant(Role.COUNTY, Reach("D-1")))) as client:
        page = main_of(client.get("/system?lang=zh"))
        other = send(client, "/system/users", name="wu", role="lead", station="市图书馆学雷锋志愿服务点")

    assert '<option value="D-1"' in page
    assert '<option value="D-2"' not in page
    assert other.status_code == 422
    assert "没有这个编号或名称" in other.text


def test_a_kiosk_is_chosen_by_where_it_stands(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        page = main_of(client.get("/people/p1/new-card?lang=zh"))

    assert ">工农银行北湖支行 · 正门 · zg-02-a</option>" in page


def test_where_nobody_is_found_for_a_card_one_may_be_entered(desks: GuardedHub) -> None:
    tapped(desks, STRANGER, "ZG-02")
    with desks.ask(desks.session("li", CITY)) as client:
        page = main_of(client.get(f"/inbox/{key_of(client, 'card')}/person?lang=zh&q=zzz"))

    assert 'href="/people/new"' in page
    assert "登记志愿者" in page


@pytest.mark.parametrize("path", ["/city", "/stations/ZG-02/facts"])
def test_hours_are_said_in_the_language_of_the_page(desks: GuardedHub, path: str) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        chinese, english = (main_of(client.get(f"{path}?lang={language}")) for language in ("zh", "en"))

    assert "周一至周五" in chinese
    assert "周一" not in english
    assert "Monday" in english or "Mon" in english
