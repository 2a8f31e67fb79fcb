"""What was sent to the desks that no page of theirs sends: by whom, about whom, and in what shape."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import httpx2
import pytest
from sqlalchemy import update

from hub.accounts.access_log import read_access
from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.account_tables import DoorRow
from hub.database.command_table import KioskCommand
from hub.database.people_tables import Holding, Membership, Volunteer
from hub.database.tables import Kiosk, Station, TermsRow
from hub.database.transactions import reading, writing
from hub.rights import Grant, Reach, Role
from tests.hub.desks.conftest import TOKEN
from tests.hub.desks.test_desks import CITY, LEAD, NORTH, main_of, rows, send
from tests.hub.desks.test_importing import STATIONS, confirm, upload
from tests.hub.pages.board_source import MORNING, ZONE

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

SOUTH = Grant(Role.COUNTY, Reach("D-2"))
PHONE, IDENTITY = "13800138000", "11010519491231002X"


def test_a_county_office_takes_no_card_from_another_countys_volunteer(desks: GuardedHub) -> None:
    with desks.ask(desks.session("chen", SOUTH)) as client:
        taken = send(client, "/people/p2/card", token=TOKEN)
        unknown = send(client, "/people/p2/card", token="f" * 32)

        assert [row["person"] for row in rows(desks, Holding, token=TOKEN)] == ["p1"]
        assert taken.status_code == unknown.status_code
        assert main_of(taken) == main_of(unknown).replace("f" * 8, "a1a1a1a1")


def test_a_county_office_lets_nobody_leave_who_belongs_to_another_county_too(desks: GuardedHub) -> None:
    with writing(desks.engine) as connection:
        both = asked.SetMemberships("p1", frozenset({"ZG-02", "ZG-05"}))
        assert not apply(connection, [both], by="root", at=MORNING, zone=ZONE).refusals
    with desks.ask(desks.session("li", NORTH)) as client:
        assert send(client, "/people/p1/leave").status_code == 409
    there = {row["station"] for row in rows(desks, Membership, person="p1") if row["until_day"] is None}
    assert there == {"ZG-02", "ZG-05"}


@pytest.mark.parametrize("act", ["retire", "keep"])
def test_a_kiosk_of_another_county_is_answered_as_one_that_is_not_there(desks: GuardedHub, act: str) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        answers = [send(client, f"/kiosks/{kiosk}/{act}") for kiosk in ("zg-05-a", "zg-77-a")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert main_of(answers[0]) == main_of(answers[1])


@pytest.mark.parametrize("name", ["a/b", "+", "#", "x" * 33, "<script>", "终端", PHONE, IDENTITY])
def test_a_kiosks_id_is_fit_for_a_topic_and_an_address(desks: GuardedHub, name: str) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        assert send(client, "/kiosks", kiosk=name, station="ZG-01").status_code == 422
    assert not rows(desks, Kiosk, id=name)


@pytest.mark.parametrize(
    "fields",
    [
        {"full_name": "样本3", "number": PHONE},
        {"full_name": "样本3", "number": IDENTITY},
        {"full_name": PHONE, "number": "N3"},
        {"full_name": "样" * 101, "number": "N3"},
    ],
)
def test_no_number_of_a_persons_own_is_typed_in_at_a_desk(desks: GuardedHub, fields: dict[str, str]) -> None:
    """An import refuses it as well."""
    with desks.ask(desks.session("li", CITY)) as client:
        answer = send(client, "/people/new", **fields, stations="ZG-02")

    assert answer.status_code == 422
    assert len(rows(desks, Volunteer)) == 2


@pytest.mark.parametrize("field", ["name", "short_name", "authority", "lead", "deputy"])
def test_what_is_said_of_a_station_is_a_line_of_text(desks: GuardedHub, field: str) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        answer = send(client, "/city/stations/ZG-04/enter", **{"name": "客运站", field: "x" * 60_000})

    assert answer.status_code == 422
    assert all(len(str(value)) < 200 for value in rows(desks, Station, code="ZG-04")[0].values())


@pytest.mark.parametrize("typed", ["0001000", "000" + "1" * 5000, "100", "0"])
def test_so_many_volunteers_are_no_minimum(desks: GuardedHub, typed: str) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        answer = send(client, "/city/stations/ZG-04/terms", minimum="1", target=typed)

    assert answer.status_code == 422
    assert {row["target"] for row in rows(desks, TermsRow, station="ZG-04")} == {2}


def test_a_links_name_is_as_long_as_its_field(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        assert send(client, "/system/doors", door__name="x" * 65, what="screen").status_code == 422
    assert not rows(desks, DoorRow)


@pytest.mark.parametrize("path", ["/people/p1/enter", f"/people/p1/cards/{TOKEN}/lost"])
def test_a_person_who_is_shown_beside_a_refusal_was_looked_at_too(desks: GuardedHub, path: str) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        send(client, path, full_name="")
        shown = send(client, path, full_name="")
    with reading(desks.engine) as connection:
        looks = [line.subject for line in read_access(connection, 9) if line.what == "looked_at_person"]
    assert bool(looks) == ("样本1" in shown.text)


@pytest.mark.parametrize("role", ["city", "federation"])
def test_a_role_of_the_whole_city_is_given_for_no_part_of_it(desks: GuardedHub, role: str) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        assert send(client, "/system/users", name="zhao", role=role, district="D-1").status_code == 422


def test_a_federation_of_one_county_imports_nothing_for_the_city(desks: GuardedHub) -> None:
    part = Grant(Role.FEDERATION, Reach("D-1"))
    with desks.ask(desks.session("sun", part)) as client:
        looked = upload(client, "志愿者编号,姓名,站点编号\nV1,样本人,ZG-05\n")
        assert looked.status_code == 422
        assert confirm(client, looked).status_code == 409
    assert len(rows(desks, Volunteer)) == 2


def test_nothing_is_confirmed_that_was_not_looked_at_to_the_end(desks: GuardedHub) -> None:
    """A clerk of people sends stations, and confirms while the hub still looks."""
    key, looks = desks.session("sun", Grant(Role.FEDERATION)), list[httpx2.Response]()

    async def at_once() -> None:
        def both() -> None:
            with desks.ask(key) as client:
                looks.append(upload(client, STATIONS, "站点.csv"))

        def yes() -> None:
            with desks.ask(key) as client:
                for _ in range(30):
                    for looked in (*looks, httpx2.Response(200)):
                        confirm(client, looked)

        await asyncio.gather(*(asyncio.to_thread(work) for work in (both, yes, both, yes)))

    asyncio.run(at_once())
    assert not rows(desks, Station, code="ZG-50")


def test_a_name_is_taken_by_nobody_though_it_was_invited_a_moment_ago(desks: GuardedHub) -> None:
    """The hub's roster is a second old at most; a link for an account above is made within it."""
    with desks.ask(desks.session("li", NORTH)) as client:
        client.get("/system")
        desks.invite("wang", CITY)
        answer = send(client, "/system/users", name="wang", role="lead", station="ZG-02")

    assert answer.status_code == 422
    assert not re.search(r"/invitations/[\w-]{43}", answer.text)


def test_a_lead_learns_of_no_other_station_from_a_shared_volunteer(desks: GuardedHub) -> None:
    with writing(desks.engine) as connection:
        both = asked.SetMemberships("p1", frozenset({"ZG-02", "ZG-05"}))
        assert not apply(connection, [both], by="root", at=MORNING, zone=ZONE).refusals
    with desks.ask(desks.session("zhao", LEAD)) as client:
        for path in ("/people", "/people/p1"):
            told = client.get(path).text
            assert "工农银行北湖支行" in told
            assert "市图书馆" not in told
            assert "ZG-05" not in told


def test_a_button_that_is_pressed_twice_asks_once(desks: GuardedHub) -> None:
    """A kiosk would start again as often as somebody pressed."""
    with desks.ask(desks.session("li", CITY)) as client:
        assert {send(client, "/kiosks/zg-02-a/ask/restart").status_code for _ in range(3)} == {303}
        assert send(client, "/kiosks/zg-02-a/ask/identify").status_code == 303
    assert sorted(row["name"] for row in rows(desks, KioskCommand)) == ["identify", "restart"]


BODIES = [
    (
        "/api/v1/stations/ZG-02/shifts/week",
        '{"since": "2026-03-09", "week": [[], [], [], [], [], [], []], "why": "%s"}',
    ),
    ("/api/v1/stations/ZG-02/shifts/days/2026-03-09", '{"shifts": [], "reason": "%s"}'),
    ("/api/v1/stations/ZG-02/amendments", '{"change": "add", "person": "p1", "why": "%s"}'),
    ("/api/v1/stations/ZG-02/amendments", '{"change": "void", "of": {"kiosk": "%s", "epoch": "x", "seq": 1}}'),
    ("/api/v1/stations/ZG-02/amendments", '{"%s": 1}'),
    ("/api/v1/people/p1/erase", '{"why": "%s"}'),
    ("/api/v1/inbox/x/closed", '{"note": "%s"}'),
]


@pytest.mark.parametrize("sign", [r"\ud800", r"\u0000"])
def test_text_that_no_database_keeps_is_refused_and_not_said_again(desks: GuardedHub, sign: str) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        for path, body in BODIES:
            sent, method = body % f"secret{sign}", "PUT" if "/shifts/" in path else "POST"

            answer = client.request(method, path, content=sent, headers={"Content-Type": "application/json"})

            assert answer.status_code == 422, path
            assert all(set(one) == {"type", "loc", "msg"} for one in answer.json()["detail"])


@pytest.mark.parametrize(
    "path", ["/people?q=%00", "/people/%00", "/search?q=%00", "/stations/ZG-02/people?station=%00"]
)
def test_no_address_has_a_sign_that_no_database_keeps(desks: GuardedHub, path: str) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        assert client.get(path).status_code == 404
        assert send(client, "/people/p1/enter", full_name="样\0本").status_code == 400


DATED = [
    ("/stations/ZG-02/closing", "day", {"reason": "停电"}),
    ("/city/stations/ZG-02/special", "day", {"reason": "停电"}),
    ("/city/stations/ZG-02/usual", "usual-day", {}),
    ("/city/stations/ZG-02/terms", "since", {"minimum": "1", "target": "3"}),
    ("/city/stations/ZG-02/close", "on", {}),
    ("/calendar/look", "first", {"what": "days", "reason": "停电", "station": "ZG-02"}),
    ("/calendar/save", "first", {"what": "week", "hours": "08:00-12:00", "station": "ZG-02"}),
    ("/calendar/holidays/day", "day", {"sort": "off"}),
    ("/people/p1/train", "trained_on", {}),
    ("/people/p1/leave", "left_on", {}),
    ("/people/p1/telephone", "agreed_on", {"telephone": "13800138000"}),
    ("/people/p1/consents/record/note", "record_on", {}),
    ("/people/new", "trained_on", {"full_name": "样本九", "number": "N9", "stations": "ZG-02"}),
]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2199-12-31"])
def test_a_day_beyond_all_calendars_is_said_beside_its_field(desks: GuardedHub, day: str) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        for path, name, fields in DATED:
            answer = send(client, path, **fields, **{name: day})

            assert answer.status_code == 422, path
            assert "1970" in main_of(answer), path
        for path in (
            "/stations/ZG-02?date=", "/stations/ZG-02/day.csv?date=", "/stations/ZG-02/amend?date=",
            "/stations/ZG-02/amend/add?date=", "/coverage?date=", "/api/v1/stations/ZG-02?date=",
            "/api/v1/coverage?from=", "/api/v1/stations/ZG-02/taps?date=", "/api/v1/alarms?last=",
        ):  # fmt: skip
            assert client.get(f"{path}{day}").status_code < 500, path
        assert client.get(f"/stations/ZG-02/month?month={day[:7]}").status_code < 500


def test_one_person_at_a_time_is_given_a_card_at_a_kiosk(desks: GuardedHub) -> None:
    with writing(desks.engine) as connection:
        wanted = [asked.EnterPerson("p3", "N3", full_name="样本3"), asked.SetMemberships("p3", frozenset({"ZG-02"}))]
        assert not apply(connection, wanted, by="root", at=MORNING, zone=ZONE).refusals
    with desks.ask(desks.session("zhao", LEAD)) as client:
        first = send(client, "/people/p1/new-card", kiosk="zg-02-a")
        again = send(client, "/people/p1/new-card", kiosk="zg-02-a")
        other = send(client, "/people/p3/new-card", kiosk="zg-02-a")

        assert first.headers["location"] == again.headers["location"]
        assert other.status_code == 409
        assert "正在给别人办卡" in main_of(other)
        assert len(rows(desks, KioskCommand)) == 1
        with writing(desks.engine) as connection:
            connection.execute(update(KioskCommand).values(outcome="refused", said="no_card"))
        assert send(client, "/people/p3/new-card", kiosk="zg-02-a").status_code == 303
