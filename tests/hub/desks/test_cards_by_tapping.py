"""办卡 by tapping at the desk: who may, what the kiosk is asked, and what the page says came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from hub.database.command_table import KioskCommand
from hub.database.transactions import writing
from hub.rights import Grant, Reach, Role
from tests.hub.desks.test_desks import LEAD, main_of, rows, send

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

ELSEWHERE = Grant(Role.LEAD, Reach(station="ZG-05"))


def answered(hub: GuardedHub, outcome: str, said: str = "", found: str = "") -> None:
    with writing(hub.engine) as connection:
        connection.execute(update(KioskCommand).values(outcome=outcome, said=said, found=found))


def test_a_lead_gives_a_card_at_a_kiosk_of_their_own_station(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert "/people/p1/new-card" in client.get("/people/p1").text
        page = main_of(client.get("/people/p1/new-card"))
        assert "zg-02-a" in page
        assert "zg-05-a" not in page

        answer = send(client, "/people/p1/new-card", kiosk="zg-02-a", lose="1")

        (row,) = rows(desks, KioskCommand)
        assert (row["kiosk"], row["name"], row["by"]) == ("zg-02-a", "read_card", "zhao")
        assert json.loads(str(row["args"])) == {"person": "p1", "name": "样*1", "lose": "1"}
        here = answer.headers["location"]
        assert "every 1s" in client.get(here).text
        answered(desks, "begun")
        assert "请放卡" in client.get(f"{here}/part").text
        answered(desks, "done", found='{"given": "ab12cd34"}')
        done = client.get(f"{here}/part").text
        assert "ab12cd34" in done
        assert "every 1s" not in done


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("others", "已经是别人的"),
        ("random_number", "手机"),
        ("lost", "已经挂失"),
        ("no_card", "没有放卡"),
        ("odd", "odd"),
    ],
)
def test_what_could_not_be_is_a_sentence(desks: GuardedHub, said: str, told: str) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        here = send(client, "/people/p1/new-card", kiosk="zg-02-a").headers["location"]
        answered(desks, "refused", said)

        page = client.get(here).text

        assert told in page
        assert "没有任何更改" in page


def test_nobody_gives_cards_to_others_people_or_at_others_kiosks(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert send(client, "/people/p1/new-card", kiosk="zg-05-a").status_code == 422
        assert client.get("/people/p2/new-card").status_code == 404
        here = send(client, "/people/p1/new-card", kiosk="zg-02-a").headers["location"]
    with desks.ask(desks.session("qian", ELSEWHERE)) as client:
        assert client.get(here).status_code == 404
        assert client.get(here.replace("/p1/", "/p2/")).status_code == 404
        assert send(client, "/people/p1/new-card", kiosk="zg-05-a").status_code == 404
