"""待办: what waits for whom, and what they do about it in place; on the page and by the API."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from hub.alarms.book import AlarmPen, Scene
from hub.alarms.routes import Routes
from hub.changing import commands as asked
from hub.database.alarm_tables import AlarmStep
from hub.database.edition import raise_edition
from hub.database.inbox_table import InboxStep
from hub.database.journal_tables import Run
from hub.database.ledger_tables import StintRow
from hub.database.people_tables import CardRow, Holding
from hub.database.transactions import table_of, writing
from hub.findings import FindingKind
from hub.presence.liveness import KioskNow, KioskStatus, LastHeard
from hub.register.directory import KnownKiosk
from hub.rights import WHOLE_CITY, Grant, Reach, Role
from hub.web.inbox.inbox import MANY
from station.alarms import Alarm, Happening, Lack, Level, Matter, What
from station.duty import ROUND_THE_CLOCK, Limits
from station.hours import Span
from station.milliseconds import ms_of
from station.names import KioskId, StationCode
from tests.hub.desks.test_desks import CITY, LEAD, NORTH, main_of, rows, send
from tests.hub.desks.test_shifts_page import give
from tests.hub.pages.board_source import MORNING, TODAY, VACANT, make_row
from tests.hub.running import until

if TYPE_CHECKING:
    import httpx2

    from tests.hub.gate.conftest import GuardedHub

STRANGER = "b7" * 16
FEDERATION = Grant(Role.FEDERATION)
API = "/api/v1/inbox"


def raised(hub: GuardedHub, *stations: str) -> None:
    """An alarm of each; numbered from 1."""
    with writing(hub.engine) as connection:
        pen = AlarmPen(connection, Routes(()), ms_of(MORNING))
        for code in stations:
            scene = Scene(code, WHOLE_CITY, Matter.DUTY if code else Matter.WATCHING, 0, 1, 2)
            lack = Lack.VACANT if code else Lack.UNWATCHED
            happening = Happening(What.RAISED, Alarm(lack, Level.LEAD), since=MORNING)
            (number,) = pen.raise_all([(scene, happening)])
            pen.write_down(scene, number, happening)
        pen.finish()


def tapped(hub: GuardedHub, token: str, *stations: str) -> None:
    """A card that is nobody's was on duty at each for an hour."""
    with writing(hub.engine) as connection:
        connection.execute(insert(table_of(Run)).values(id=1, kiosk="zg-02-a", epoch="0" * 16, station="ZG-02"))
        for seq, station in enumerate(stations, 1):
            at_ms = ms_of(MORNING - timedelta(hours=2))
            row = StintRow(
                run=1, seq=seq, person=token, counted=False, station=station, tapped_ms=at_ms, began_ms=at_ms,
                ended_ms=at_ms + 3_600_000, end="left", outs="[]", claimed=False, unmatched=False, uncertain=False,
            )  # fmt: skip
            connection.execute(insert(table_of(StintRow)).values(row.model_dump()))


def waiting(client: httpx2.Client, kind: str = "") -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get(API, headers={"Accept-Language": "zh"}).json()
    return [one for one in found if not kind or one["kind"] == kind]


def where(client: httpx2.Client, kind: str) -> set[object]:
    return {one["station"] for one in waiting(client, kind)}


def key_of(client: httpx2.Client, kind: str, station: str = "ZG-02") -> str:
    return next(str(one["key"]) for one in waiting(client, kind) if one["station"] == station)


def act(client: httpx2.Client, key: str, act: str, **said: str) -> httpx2.Response:
    return send(client, f"/inbox/{key}/{act}", **{f"{name}__{key}": text for name, text in said.items()})


def test_each_sees_what_waits_at_their_own_stations(desks: GuardedHub) -> None:
    raised(desks, "ZG-02", "ZG-05", "")
    tapped(desks, STRANGER, "ZG-02", "ZG-05")
    shown = {}
    for name, grant in (("li", CITY), ("wang", NORTH), ("zhao", LEAD), ("sun", FEDERATION)):
        with desks.ask(desks.session(name, grant)) as client:
            shown[name] = {kind: where(client, kind) for kind in ("alarm", "finding", "card", "training")}
            page = main_of(client.get("/inbox"))
            assert ("ZG-05" in page) == (name in {"li", "sun"})

    own = {"alarm": {"ZG-02"}, "finding": set(), "card": {"ZG-02"}, "training": {"ZG-02"}}
    assert shown["wang"] == shown["zhao"] == own
    assert shown["li"] == {
        "alarm": {"ZG-02", "ZG-05", ""}, "finding": {"ZG-05", ""}, "card": {"ZG-02", "ZG-05"},
        "training": {"ZG-02", "ZG-05"},
    }  # fmt: skip
    assert shown["sun"] == {
        "alarm": set(),
        "finding": set(),
        "card": {"ZG-02", "ZG-05"},
        "training": {"ZG-02", "ZG-05"},
    }


def test_the_number_in_the_frame_is_of_ones_own(desks: GuardedHub) -> None:
    raised(desks, "ZG-02", "ZG-05", "")
    for name, grant in (("li", CITY), ("zhao", LEAD)):
        with desks.ask(desks.session(name, grant)) as client:
            counted = int(client.get("/inbox/count").text)
            assert counted == len(waiting(client))
            assert f'id="n-inbox" class="n" data-n="{counted}"' in client.get("/me").text


def test_an_alarm_is_looked_after_put_off_given_away_and_closed_with_a_reason(desks: GuardedHub) -> None:
    raised(desks, "ZG-02")
    desks.session("wang", NORTH)
    with desks.ask(desks.session("zhao", LEAD)) as client:
        key = key_of(client, "alarm")
        assert act(client, key, "snoozed").status_code == 303
        assert "10:10" in main_of(client.get("/inbox"))
        assert act(client, key, "contacted", note="堵车，十分钟到").status_code == 303
        assert "zhao 已联系" in main_of(client.get("/inbox"))
        assert "堵车，十分钟到" in main_of(client.get("/inbox"))
        assert act(client, key, "assigned", whom="Wang", due="2026-03-06").status_code == 303
        [alarm] = waiting(client, "alarm")
        assert (alarm["owner"], str(alarm["due"])[:16]) == ("wang", "2026-03-06T15:59")
        refused = act(client, key, "closed")
        assert refused.status_code == 422
        assert re.search(rf'id="f-note-{key}"[^>]*aria-invalid="true"', refused.text)
        assert act(client, key, "closed", note="停电").status_code == 303
        assert where(client, "alarm") == set()
        assert act(client, key, "closed", note="again").status_code == 404

    steps = [(step["what"], step["by"], step["why"]) for step in rows(desks, AlarmStep)]
    assert steps == [
        ("raised", "", ""), ("snoozed", "zhao", ""), ("acknowledged", "zhao", "堵车，十分钟到"),
        ("acknowledged", "zhao", ""), ("closed", "zhao", "停电"),
    ]  # fmt: skip
    assert [step["act"] for step in rows(desks, InboxStep)] == ["snoozed", "contacted", "assigned", "closed"]


def test_the_second_of_two_is_told_that_it_is_over(desks: GuardedHub) -> None:
    raised(desks, "ZG-02")
    with desks.ask(desks.session("zhao", LEAD)) as client:
        key = key_of(client, "alarm")
        with writing(desks.engine) as connection:  # the station was filled a moment ago
            connection.execute(table_of(AlarmStep).metadata.tables["alarm"].update().values(over_ms=1))
        late = act(client, key, "taken")

    assert late.status_code in {404, 409}
    assert rows(desks, InboxStep) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"whom": ""}, "whom"),
        ({"whom": "nobody"}, "whom"),
        ({"whom": "chen"}, "whom"),  # of another county
        ({"whom": "zhao", "due": "2026-03-04"}, "due"),
        ({"whom": "zhao", "due": "soon"}, "due"),
        ({"whom": "zhao", "note": "x" * 201}, "note"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_kept(desks: GuardedHub, said: dict[str, str], field: str) -> None:
    raised(desks, "ZG-02")
    desks.session("chen", Grant(Role.COUNTY, Reach("D-2")))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        key = key_of(client, "alarm")
        page = act(client, key, "assigned", **said)
        program = client.post(f"{API}/{key}/assigned", json=said, headers={"Sec-Fetch-Site": "same-origin"})

    assert page.status_code == program.status_code == 422
    assert re.search(rf'id="f-{field}-{key}"[^>]*aria-invalid="true"', page.text)
    assert all(f'value="{text}"' in page.text for text in said.values() if text)
    [(named, wrong)] = program.json()["detail"].items()
    assert (named, wrong in page.text) == (field, True)
    assert rows(desks, InboxStep) == []


def test_what_is_not_ones_own_is_answered_as_what_is_not_there(desks: GuardedHub) -> None:
    raised(desks, "ZG-05", "")
    with desks.ask(desks.session("li", CITY)) as client:
        keys = [str(one["key"]) for one in waiting(client)]
    with desks.ask(desks.session("zhao", LEAD)) as client:
        own = {str(one["key"]) for one in waiting(client)}
        theirs = [key for key in keys if key not in own]
        answers = [act(client, key, "closed", note="x") for key in (*theirs, "0" * 20)]
        programs = [
            client.post(f"{API}/{key}/closed", json={"note": "x"}, headers={"Sec-Fetch-Site": "same-origin"})
            for key in (*theirs, "0" * 20)
        ]

    assert len(theirs) >= 4
    assert {(one.status_code, main_of(one)) for one in answers} == {(404, main_of(answers[-1]))}
    assert {(one.status_code, one.text) for one in programs} == {(404, programs[-1].text)}
    assert rows(desks, InboxStep) == []


def test_a_program_sees_what_waits_and_does_nothing_about_it(desks: GuardedHub) -> None:
    raised(desks, "ZG-02")
    with desks.ask(desks.session("robot", Grant(Role.PROGRAM))) as client:
        assert "我来处理" not in main_of(client.get("/inbox"))
        assert [one["acts"] for one in waiting(client, "alarm")] == [[]]
        refused = act(client, key_of(client, "alarm"), "taken")

    assert refused.status_code == 404
    assert [step["what"] for step in rows(desks, AlarmStep)] == ["raised"]


def test_a_finding_that_is_closed_ends_and_comes_back_when_it_is_found_again(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        page = main_of(client.get("/inbox"))
        assert ("/kiosks?kiosk=zg-99-a" in page, "登记这台终端" in page) == (True, True)
        key = key_of(client, "finding", "ZG-05")
        assert act(client, key, "closed", note="旧存储卡丢了").status_code == 303
        assert where(client, "finding") == {""}
        over = main_of(client.get("/inbox/over"))
        assert ("记录缺失" in over, 'href="/alarms"' in over) == (True, True)
        found = desks.source.findings
        found.report(FindingKind.GAP, "zg-05-a 0123456789abcdef", "more", station=StationCode("ZG-05"))
        act(client, key_of(client, "finding", ""), "taken")  # sees anew
        assert where(client, "finding") == {"", "ZG-05"}


def test_a_new_card_is_given_to_whom_it_belongs(desks: GuardedHub) -> None:
    tapped(desks, STRANGER, "ZG-02")
    with desks.ask(desks.session("zhao", LEAD)) as client:
        lead = key_of(client, "card")
        assert f"/inbox/{lead}/person" not in client.get("/inbox").text  # a lead gives no cards by hand
        assert client.get(f"/inbox/{lead}/person").status_code == 403
        assert STRANGER not in client.get("/inbox").text
    with desks.ask(desks.session("wang", NORTH)) as client:
        key = key_of(client, "card")
        send(client, "/people/new", full_name="样本3", number="N3", stations="ZG-02")
        page = main_of(client.get(f"/inbox/{key}/person"))
        assert ("样本3" in page, "样本1" in page, "样本2" in page) == (
            True,
            False,
            False,
        )  # one has a card, one is not theirs
        [person] = re.findall(r'name="person" value="(\w+)"', page)
        assert send(client, f"/inbox/{key}/person", person="p2").status_code == 409
        assert send(client, f"/inbox/{key}/person", person=person).status_code == 303
        assert where(client, "card") == set()

    assert [row["technology"] for row in rows(desks, CardRow, token=STRANGER)] == ["iso14443a"]
    assert [(row["person"], row["from_ms"]) for row in rows(desks, Holding, token=STRANGER)] == [(person, 0)]


def test_a_program_says_whose_a_new_card_is_as_the_page_does(desks: GuardedHub) -> None:
    tapped(desks, STRANGER, "ZG-02")
    headers = {"Sec-Fetch-Site": "same-origin"}
    with desks.ask(desks.session("zhao", LEAD)) as client:
        path = f"{API}/{key_of(client, 'card')}/person"
        assert [client.get(path).status_code, client.post(path, json={"person": "p1"}, headers=headers).status_code] == [
            403, 403
        ]  # fmt: skip
    with desks.ask(desks.session("qian", Grant(Role.COUNTY, Reach("D-2")))) as client:
        there, nowhere = client.get(path), client.get(f"{API}/{'0' * 20}/person")
        assert (there.status_code, there.text) == (404, nowhere.text)
    with desks.ask(desks.session("wang", NORTH)) as client:
        send(client, "/people/new", full_name="样本3", number="N3", stations="ZG-02")
        [one] = client.get(path).json()
        assert (one["number"], one["full_name"]) == ("N3", "样本3")
        assert client.get(path, params={"q": "样本2"}).json() == []
        wrong = client.post(path, json={"person": "p2"}, headers=headers)
        assert (wrong.status_code, set(wrong.json()["detail"])) == (422, {"person"})
        assert client.post(path, json={"person": one["person"]}, headers=headers).status_code == 204
        assert where(client, "card") == set()
    assert [row["person"] for row in rows(desks, Holding, token=STRANGER)] == [one["person"]]


def test_a_card_that_is_nobodys_concern_is_closed_for_good(desks: GuardedHub) -> None:
    tapped(desks, STRANGER, "ZG-02")
    with desks.ask(desks.session("sun", FEDERATION)) as client:
        assert act(client, key_of(client, "card"), "closed", note="公交卡").status_code == 303
        assert where(client, "card") == set()


def test_who_is_not_trained_is_one_line_a_station_and_leads_to_their_names(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", NORTH)) as client:
        [one] = waiting(client, "training")
        assert one["what"] == "1 人未培训"
        [link] = re.findall(r'href="(/people\?only=untrained[^"]+)"', client.get("/inbox").text)
        page = client.get(link.replace("&amp;", "&")).text
        assert ("样本1" in page, "样本2" in page) == (True, False)
        send(client, "/people/p1/train", trained_on="2026-03-01")
        for _ in range(2000):
            if not waiting(client, "training"):
                break
        assert waiting(client, "training") == []


def silent(number: int, station: str = "ZG-02") -> KioskNow:
    kiosk = KnownKiosk(KioskId(f"zg-{number:03}"), StationCode(station), "", TODAY, None)
    return KioskNow(kiosk, KioskStatus.LOST, LastHeard(at=MORNING - timedelta(minutes=number)))


def test_kiosks_that_are_silent_while_their_station_is_open_wait_and_many_are_one_line(desks: GuardedHub) -> None:
    desks.kiosks += [silent(1), silent(2, "ZG-08"), silent(3, "ZG-05")]
    with desks.ask(desks.session("sun", Grant(Role.INSTALLER, Reach("D-1")))) as client:
        assert where(client, "kiosk") == {"ZG-02"}  # the one is closed, the other not theirs
        act(client, key_of(client, "kiosk"), "contacted", note="电源松了")
        assert "电源松了" in main_of(client.get("/inbox"))
        desks.kiosks += [silent(number) for number in range(10, 10 + MANY)]
        act(client, key_of(client, "kiosk"), "taken")
        page = main_of(client.get("/inbox"))
        assert (f"{MANY + 1} 件" in page, "zg-015" in page) == (True, False)
        assert client.get("/inbox/count").text == "1"
        assert "zg-015" in main_of(client.get("/inbox?kind=kiosk"))


def test_more_alarms_than_one_keeps_in_view_are_a_line_a_district(desks: GuardedHub) -> None:
    north = [f"N-{number:02}" for number in range(1, 8)]
    desks.source.rows |= {
        code: make_row(code, code, "北湖区", "hospital", VACANT, on_duty=0, district_code="D-1") for code in north
    }
    few, more = ["ZG-05", "ZG-06", ""], ["ZG-07"]
    raised(desks, *north, *few)
    with desks.ask(desks.session("li", CITY)) as client, desks.ask(desks.session("wang", NORTH)) as county:
        assert client.get("/inbox/count").text.isdecimal()
        all_lines = main_of(client.get("/inbox?kind=alarm"))
        page = main_of(client.get("/inbox"))
        assert all(code in page for code in north)  # ten: each by itself

        raised(desks, *more)
        for _ in range(2000):  # what was seen half a second ago is not looked at again
            page = main_of(client.get("/inbox"))
            if "7 件" in page:
                break
        assert "7 件" in page
        assert not any(code in page for code in north)
        assert all(code in page for code in ("ZG-05", "ZG-06", "ZG-07"))
        address = re.search(r'id="f-alarm-D-1"[^>]*href="([^"]+)"', page)
        assert address is not None
        opened = main_of(client.get(html.unescape(address[1])))
        assert all(code in opened for code in north)
        assert "ZG-05" not in opened
        assert "北湖区" in opened
        assert all(code in all_lines for code in north)
        assert "district=D-9 不能用" in main_of(client.get("/inbox?district=D-9"))
        assert all(code in main_of(county.get("/inbox")) for code in north)  # of whom no more than seven are theirs


def test_what_was_the_hubs_own_matter_is_told_so_and_not_by_a_programs_word(desks: GuardedHub) -> None:
    found = desks.source.findings
    found.report(FindingKind.DATABASE, "database", "no room")
    found.report(FindingKind.FAULT, "zaigang/v1/ZG-02/zg-02-a/state", "a fold")
    found.end(FindingKind.DATABASE, "database")
    found.end(FindingKind.FAULT, "zaigang/v1/ZG-02/zg-02-a/state")
    with desks.ask(desks.session("li", CITY)) as client:
        page = main_of(client.get("/inbox/over"))

    assert page.count("<td>中心</td>") == 2
    assert "database" not in page
    assert "zaigang/v1" not in page


def test_a_station_that_never_closes_and_counts_12_h_as_before_is_asked_about_once(desks: GuardedHub) -> None:
    day_and_night = ((Span(0, 24 * 60),),) * 7
    for code in ("ZG-02", "ZG-03", "ZG-05"):
        give(desks, asked.SetTerms(code, week=day_and_night))
    as_before = Limits()
    for code in ("ZG-02", "ZG-05"):
        give(desks, asked.SetTerms(code, limits=as_before))
    for name, grant, theirs in (("li", CITY, {"ZG-02", "ZG-05"}), ("wang", NORTH, {"ZG-02"}), ("zhao", LEAD, set())):
        with desks.ask(desks.session(name, grant)) as client:
            assert where(client, "longest") == theirs
    with desks.ask(desks.session("wang", NORTH)) as client:
        [one] = waiting(client, "longest")
        assert one["what"] == "全天开放，忘刷离岗的 12 小时后才不算在岗"
        assert "zaigang-hub calendar limits ZG-02 --longest 360" in str(one["todo"])
        act(client, key_of(client, "longest"), "closed", note="夜里有两班")
        assert where(client, "longest") == set()
    give(desks, asked.SetTerms("ZG-05", limits=replace(as_before, longest=ROUND_THE_CLOCK)))
    with writing(desks.engine) as connection:
        raise_edition(connection)
    with desks.ask(desks.session("li", CITY)) as client:
        until(lambda: where(client, "longest") == set())
