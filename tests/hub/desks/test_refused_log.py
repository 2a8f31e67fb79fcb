"""Who was refused for want of a right: in the log of access with route and right, and never so often that it drowns."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from typing import TYPE_CHECKING

import pytest

from hub.accounts.access_log import Access, read_access
from hub.accounts.asker import NEARBY, NOBODY, Who
from hub.accounts.reception import Reception
from hub.accounts.refused_log import MINUTE_MS, MOST, RefusedLog
from hub.database.alarm_tables import AlarmRow, ChannelRow
from hub.database.transactions import StoreTroubleError, reading, table_of, writing
from hub.rights import Grant, Reach, Right, Role
from tests.hub.desks.test_desks import send
from tests.patience import eventually

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

CITY, LEAD = Grant(Role.CITY), Grant(Role.LEAD, Reach(station="ZG-02"))
NORTH = Grant(Role.COUNTY, Reach("D-1"))
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


ANOTHERS = [
    (NORTH, "GET /stations/ZG-05", "GET /stations/{code} (observe) ZG-05"),
    (NORTH, "GET /api/v1/stations/ZG-05", "GET /api/v1/stations/{code} (observe) ZG-05"),
    (NORTH, "GET /stations/ZG-05/live", "GET /stations/{code}/live (observe) ZG-05"),
    (NORTH, "GET /stations/ZG-05/people", "GET /stations/{code}/people (names) ZG-05"),
    (NORTH, "POST /city/stations/ZG-05/close", "POST /city/stations/{code}/{act} (places) ZG-05"),
    (NORTH, "GET /people/p2", "GET /people/{person} (names) p2"),
    (NORTH, "POST /people/p2/leave", "POST /people/{person}/{act} (people) p2"),
    (LEAD, "GET /people/p2/taps", "GET /people/{person}/taps (amend) p2"),
    (NORTH, "GET /kiosks/zg-05-a", "GET /kiosks/{kiosk} (kiosks) zg-05-a"),
    (NORTH, "POST /kiosks/zg-05-a/ask/identify", "POST /kiosks/{kiosk}/ask/{name} (kiosks) zg-05-a"),
    (NORTH, "GET /alarms/1", "GET /alarms/{number} (follow_up) 1"),
    (NORTH, "POST /system/users/WANG/end", "POST /system/users/{account}/{act} (users) wang"),
    (NORTH, "GET /system/channels/south", "GET /system/channels/{name} (users) south"),
    (NORTH, "GET /system/channels/library", "GET /system/channels/{name} (users) library"),
]  # fmt: skip


def test_a_look_at_what_is_anothers_is_in_the_log_and_one_at_nothing_is_not(desks: GuardedHub) -> None:
    desks.session("wang", CITY)
    [wang] = [one.id for one in desks.reception.roster.accounts.values() if one.name == "wang"]  # type: ignore[union-attr]
    alarm = {
        "number": 1, "station": "ZG-05", "matter": "duty", "lack": "vacant", "level": 1, "since_ms": 0, "raised_ms": 0,
        "on_duty": 0, "wanted": 1,
    }  # fmt: skip
    channels = [
        {"name": "south", "district": "D-2", "station": ""}, {"name": "library", "district": "", "station": "ZG-05"}
    ]  # fmt: skip
    with writing(desks.engine) as connection:
        connection.execute(table_of(AlarmRow).insert(), [alarm])
        more = {"sort": "web_hook", "address": "https://hook.example", "kind": "", "by": "root", "made_ms": 0}
        connection.execute(table_of(ChannelRow).insert(), [{**one, **more} for one in channels])
    for number, (grant, asked, noted) in enumerate(ANOTHERS):
        method, path = asked.replace("WANG", wang).split()
        name = f"user{number}"
        with desks.ask(desks.session(name, grant)) as client:
            for nothing in ("/stations/ZG-99", "/people/p99", "/alarms/77", f"/people/{SENT}"):
                assert client.get(nothing).status_code == 404
            answer = client.request(method, path, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 404, asked
        assert eventually(lambda name=name: [1 for line in refusals(desks) if line.by == name])  # type: ignore[misc]

        said = [(line.what, line.subject, line.address) for line in refusals(desks) if line.by == name]
        assert said == [("refused", noted, "127.0.0.1")]


IN_FORMS = [
    ("/people/p1/stations", {"stations": "ZG-02, ZG-05"}, "POST /people/{person}/{act} (people) ZG-05"),
    ("/people/new", {"number": "N7", "stations": "ZG-05"}, "POST /people/new (people) ZG-05"),
    ("/people/p1/new-card", {"kiosk": "zg-05-a"}, "POST /people/{person}/new-card (report_cards) zg-05-a"),
    ("/kiosks", {"kiosk": "zg-01-a", "station": "ZG-05"}, "POST /kiosks (kiosks) ZG-05"),
    ("/kiosks", {"kiosk": "zg-05-a", "station": "ZG-02"}, "POST /kiosks (kiosks) zg-05-a"),
    ("/calendar/save", {"what": "usual", "first": "2026-03-10", "station": "ZG-05"}, "POST /calendar/{act} (places) ZG-05"),
    ("/calendar/look", {"what": "usual", "first": "2026-03-10", "district": "D-2"}, "POST /calendar/{act} (places) D-2"),
    ("/system/users", {"name": "qin", "role": "lead", "station": "ZG-05"}, "POST /system/users (users) ZG-05"),
    ("/system/channels", {"name": "far", "station": "ZG-05"}, "POST /system/channels (users) ZG-05"),
    ("/stations/ZG-02/amend/add", {"person": "p2"}, "POST /stations/{code}/amend/add (amend) p2"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "fields", "noted"), IN_FORMS, ids=[noted for *_, noted in IN_FORMS])
def test_what_a_form_names_of_anothers_is_in_the_log_and_what_is_nobodys_is_not(
    desks: GuardedHub, path: str, fields: dict[str, str], noted: str
) -> None:
    nothing = {name: SENT if name in {"station", "stations", "person", "kiosk", "district"} else said
               for name, said in fields.items()}  # fmt: skip
    with desks.ask(desks.session("zhao", NORTH)) as client:
        for sent in (nothing, fields):
            assert send(client, path, **sent).status_code in {403, 404, 409, 422}

    assert eventually(lambda: refusals(desks))
    assert [(line.by, line.subject) for line in refusals(desks)] == [("zhao", noted)]


def a_week(*people: str) -> dict[str, object]:
    shift = {"opens_min": 540, "closes_min": 600, "people": list(people)}
    return {"since": "2026-03-09", "week": [[shift], *([[]] * 6)]}


ADDED = {
    "change": "add",
    "action": "arrive",
    "at": "2026-03-04T09:00:00+08:00",
    "evidence": "签到表",
    "asked_by": "本人",
}
IN_BODIES: list[tuple[Grant, str, str, dict[str, object], str]] = [
    (LEAD, "PUT", "shifts/week", a_week("p1", "p2"), "PUT /api/v1/stations/{code}/shifts/week (shifts) p2"),
    (
        LEAD, "PUT", "shifts/days/2026-03-09", {"shifts": [{"opens_min": 540, "closes_min": 600, "people": ["p2"]}]},
        "PUT /api/v1/stations/{code}/shifts/days/{day} (shifts) p2",
    ),
    (LEAD, "POST", "amendments", {**ADDED, "person": "p2"}, "POST /api/v1/stations/{code}/amendments (amend) p2"),
    (
        NORTH, "POST", "amendments",
        {"change": "void", "of": {"kiosk": "zg-05-a", "epoch": "ab" * 8, "seq": 1}, "why": "误刷"},
        "POST /api/v1/stations/{code}/amendments (amend) zg-05-a",
    ),
]  # fmt: skip


@pytest.mark.parametrize("asked", IN_BODIES, ids=[noted for *_, noted in IN_BODIES])
def test_what_a_program_names_of_anothers_is_in_the_log_and_what_is_nobodys_is_not(
    desks: GuardedHub, asked: tuple[Grant, str, str, dict[str, object], str]
) -> None:
    grant, method, path, body, noted = asked
    nothing = json.loads(json.dumps(body).replace("p2", SENT).replace("zg-05-a", SENT))
    with desks.ask(desks.session("zhao", grant)) as client:
        for sent in (nothing, body):
            answer = client.request(
                method, f"/api/v1/stations/ZG-02/{path}", json=sent, headers={"Sec-Fetch-Site": "same-origin"}
            )
            assert answer.status_code in {403, 404, 409, 422}, answer.text

    assert eventually(lambda: refusals(desks))
    assert [(line.by, line.subject) for line in refusals(desks)] == [("zhao", noted)]


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'{"person": "p2", "x": "' + b"x" * 300_000 + b'"}', b"\xff"])
def test_what_is_no_json_or_too_much_of_it_is_answered_as_ever(desks: GuardedHub, body: bytes) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
        answer = client.put("/api/v1/stations/ZG-02/shifts/week", content=body, headers=headers)
        assert 400 <= answer.status_code < 500
        assert client.get("/me").status_code == 200
    assert refusals(desks) == []


def test_what_is_ones_own_and_lacks_something_is_no_refusal(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", NORTH)) as client, desks.ask(desks.session("wang", CITY)) as office:
        assert client.get("/kiosks/zg-02-a/log").status_code == 404  # none was fetched
        assert send(client, "/kiosks/zg-02-a/ask/dance").status_code == 404
        assert send(client, "/people/p1/dance").status_code == 404
        assert office.get("/alarms/77").status_code == 404
        assert send(client, "/kiosks", kiosk="zg-02-a", station="ZG-99").status_code == 422
        assert send(client, "/people/p1/stations", stations="ZG-02 ZG-99").status_code == 409
        assert client.get("/people/p2").status_code == 404
        assert eventually(lambda: refusals(desks))

    assert [line.subject for line in refusals(desks)] == ["GET /people/{person} (names) p2"]


def test_the_answer_is_there_before_anybody_looks_whether_it_is_anothers(
    desks: GuardedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the time that it takes would tell what there is."""
    looks, reception = threading.Event(), desks.reception
    assert reception is not None

    def look(*_: object) -> str:
        assert looks.wait(60)
        return "p2"

    monkeypatch.setattr("hub.web.gate.refused_looks.refused_thing", look)
    with desks.ask(desks.session("zhao", NORTH)) as client:
        answers = [client.get(f"/people/{person}") for person in ("p2", "p99")]
        assert [one.status_code for one in answers] == [404, 404]
        assert refusals(desks) == []
        looks.set()
        assert eventually(lambda: len(refusals(desks)) == 2)


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
