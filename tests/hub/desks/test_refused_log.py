"""Who was refused for want of a right: in the log of access with route and right, and never so often that it drowns."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from hub.accounts.access_log import Access, read_access
from hub.accounts.asker import NEARBY, NOBODY, Who
from hub.accounts.reception import Reception
from hub.accounts.refused_log import MINUTE_MS, MOST, RefusedLog
from hub.database.transactions import StoreTroubleError, reading
from hub.rights import Grant, Reach, Right, Role
from tests.hub.desks.test_desks import send

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

CITY, LEAD = Grant(Role.CITY), Grant(Role.LEAD, Reach(station="ZG-02"))
SENT = "of-somebody"


def refusals(hub: GuardedHub) -> list[Access]:
    with reading(hub.engine) as connection:
        return [line for line in read_access(connection, 999) if line.what.startswith("refused")]


def test_who_was_refused_is_in_the_log_with_route_and_right_and_nothing_that_was_sent(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert client.get(f"/system/access?kind={SENT}").status_code == 403
        assert client.get(f"/stations/{SENT}").status_code == 404
        assert send(client, f"/people/{SENT}/leave", why=SENT).status_code == 403
        assert client.head("/city/import/7/undo").status_code == 403
    with desks.ask() as nobody:
        assert nobody.get("/system/access").status_code == 303

    said = [(line.by, line.what, line.subject, line.address) for line in refusals(desks)]
    assert said[::-1] == [
        ("zhao", "refused", "GET /system/access (access_log)", "127.0.0.1"),
        ("zhao", "refused", "POST /people/{person}/{act} (people)", "127.0.0.1"),
        ("zhao", "refused", "GET /city/import/{number}/undo (import)", "127.0.0.1"),
    ]


def test_the_page_shows_them_by_themselves(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        for _ in range(MOST + 3):
            client.get("/system/access")
    with desks.ask(desks.session("wang", CITY)) as client:
        client.get("/people/p1")
        everything, refused = client.get("/system/access").text, client.get("/system/access?kind=refused").text
        looked = client.get("/system/access?kind=looked&lang=en").text
        odd = client.get("/system/access?kind=%3Cb%3E").text

    assert "没有权限，已拒绝" in everything
    assert "查看志愿者" in everything
    assert refused.count("<td>zhao</td>") == len(refusals(desks))
    assert "GET /system/access (access_log)" in refused
    assert "再多的不记" in refused
    assert "查看志愿者" not in refused
    assert re.search(r'<option value="refused" selected>', refused)
    assert "zhao" not in looked
    assert "<td>wang</td>" in looked
    assert "Refused" in looked
    assert "<b>" not in odd.partition("<main")[2]
    assert "zhao" in odd


def test_who_is_refused_on_and_on_fills_no_disk(desks: GuardedHub) -> None:
    now = 1_700_000_000_000 // MINUTE_MS * MINUTE_MS
    reception = Reception(desks.engine, is_local=False, now=lambda: now)
    kept, who = RefusedLog(reception), [Who("zhao", "a1"), Who("qian", "a2"), Who("a program", proof="p1")]

    async def ask_much() -> None:
        for one in who:
            await asyncio.gather(*(kept.note(one, "GET /city", Right.PLACES, "") for _ in range(30)))
        for stranger in (NOBODY, NEARBY, Who("half", "a3", "p2", is_half=True)):
            await kept.note(stranger, "GET /city", Right.PLACES, "")

    asyncio.run(ask_much())
    first = refusals(desks)
    now += MINUTE_MS
    asyncio.run(ask_much())
    reception.close()

    assert sorted(line.by for line in first) == sorted([one.name for one in who] * (MOST + 1))
    assert [line.what for line in first].count("refused_more") == len(who)
    assert len(refusals(desks)) == 2 * len(first)


def test_who_is_refused_is_refused_though_it_cannot_be_noted(
    desks: GuardedHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    key = desks.session("zhao", LEAD)

    async def fail(*_: object, **__: object) -> None:
        raise StoreTroubleError("the database is away")

    with desks.ask(key) as client:
        assert client.get("/me").status_code == 200
        monkeypatch.setattr(desks.reception, "write", fail)
        assert client.get("/system/access").status_code == 403
    assert "could not be noted" in caplog.text
