"""What pages list comes in one order, in whatever order the database has it: PostgreSQL's changes as rows do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import event

from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.transactions import writing
from tests.databases import only_sqlite
from tests.hub.desks.test_desks import CITY, main_of
from tests.hub.pages.board_source import MORNING, ZONE

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

pytestmark = only_sqlite  # which can be told to turn what is unordered about
CARDS = ("b2" * 16, "c3" * 16, "d4" * 16)


def turn_about(hub: GuardedHub) -> None:
    """SQLite gives from now on what nobody orders from its end."""
    pragma = "PRAGMA reverse_unordered_selects = ON"
    event.listen(hub.engine, "connect", lambda connection, _: connection.execute(pragma).close())
    hub.engine.dispose()


def test_a_persons_cards_are_listed_in_one_order(desks: GuardedHub) -> None:
    given = [one for card in CARDS for one in (asked.EnterCard(card, "iso14443a"), asked.AssignCard(card, "p1"))]
    with writing(desks.engine) as connection:
        assert not apply(connection, given, by="root", at=MORNING, zone=ZONE).refusals
    with desks.ask(desks.session("wang", CITY)) as client:
        before = main_of(client.get("/people/p1"))
        turn_about(desks)
        after = main_of(client.get("/people/p1"))

    assert len(set(re.findall("|".join(card[:8] for card in CARDS), before))) == len(CARDS)
    assert after == before


def test_a_stations_kiosks_are_listed_in_one_order(desks: GuardedHub) -> None:
    with writing(desks.engine) as connection:
        more = [asked.EnterKiosk(f"zg-02-{letter}", "ZG-02", "") for letter in "bcd"]
        assert not apply(connection, more, by="root", at=MORNING, zone=ZONE).refusals
    with desks.ask(desks.session("wang", CITY)) as client:
        before = main_of(client.get("/city/stations/ZG-02"))
        turn_about(desks)
        after = main_of(client.get("/city/stations/ZG-02"))

    assert "zg-02-d" in before
    assert after == before
