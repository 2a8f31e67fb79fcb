"""更正: a lead puts a tap right, sees the day before and after, and nobody else's taps."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from hub.accounts.access_log import read_access
from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.journal_tables import JournalRecord, Run
from hub.database.ledger_tables import StintRow
from hub.database.transactions import reading, writing
from hub.intake.rows import row_of
from hub.ledger.ledger import Ledger
from hub.ledger.queries import RUN
from hub.register.reading import read_directory
from hub.rights import Grant, Reach, Role
from station.milliseconds import ms_of
from station.names import Seq, Token
from station.records import Action, AnyRecord, ClockState, ReaderChange, ReaderState, Tap
from tests.hub.desks.conftest import TOKEN
from tests.hub.desks.coverage_days import a_day, a_gap, put
from tests.hub.desks.test_desks import CITY, LEAD, main_of, rows, send
from tests.hub.pages.board_source import MORNING, ZONE
from tests.hub.running import until

if TYPE_CHECKING:
    from datetime import datetime

    from hub.changing.commands import CityCommand
    from tests.hub.gate.conftest import GuardedHub

YESTERDAY = (MORNING.astimezone(ZONE) - timedelta(days=1)).date()
DAY = str(YESTERDAY)
EPOCH = "ab" * 8
FEDERATION = Grant(Role.FEDERATION)


def at(text: str) -> datetime:
    hours, minutes = map(int, text.split(":"))
    midnight = MORNING.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return midnight + timedelta(hours=hours, minutes=minutes)


def give(hub: GuardedHub, *commands: CityCommand) -> None:
    with writing(hub.engine) as connection:
        assert not apply(connection, commands, by="root", at=MORNING, zone=ZONE, why="x").refusals


def fold(hub: GuardedHub) -> None:
    with reading(hub.engine) as connection:
        directory = read_directory(connection, ZONE)
    Ledger(hub.engine, directory).catch_up()


@pytest.fixture
def forgot(desks: GuardedHub) -> GuardedHub:
    """Yesterday at ZG-02 样本1 came at 08:05 and tapped no leave."""
    stamp = {"clock": ClockState.SYNCED, "boot": "b"}
    records: list[AnyRecord] = [
        ReaderChange(seq=Seq(1), at=at("07:00"), mono_ms=1, reader="door", state=ReaderState.UP, **stamp),
        Tap(seq=Seq(2), at=at("08:05"), mono_ms=2, token=Token(TOKEN), card_kind="c", reader="door",
            action=Action.ARRIVE, **stamp),
    ]  # fmt: skip
    with writing(desks.engine) as connection:
        run = {"kiosk": "zg-02-a", "epoch": EPOCH, "station": "ZG-02", "through": 2}
        number = connection.execute(insert(Run).values(run).returning(RUN.c.id)).scalar_one()
        for record in records:
            row = row_of(record, number, ms_of(record.at) + 1000)
            connection.execute(insert(JournalRecord).values(row._asdict()))
    fold(desks)
    return desks


TAP = f"/stations/ZG-02/amend/zg-02-a/{EPOCH}/2"


def test_a_lead_settles_a_forgotten_leave(forgot: GuardedHub) -> None:
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        listed = main_of(client.get(f"/stations/ZG-02/amend?date={DAY}"))
        assert "样本1" in listed
        assert "没有刷离岗，按下班推定" in listed
        assert TAP in listed

        asked = client.get(TAP).text
        assert "情况属实，予以认可" in asked
        foreseen = send(client, TAP, what="leave", day=DAY, time="10:40", why="忘记刷卡", asked_by="样本1")
        assert "更正前后的一天" in foreseen.text
        assert foreseen.text.count('<svg class="drawn') >= 2
        assert not rows(forgot, Run, kiosk="hub")
        done = send(client, TAP, what="leave", day=DAY, time="10:40", why="忘记刷卡", asked_by="样本1", sure="1")

        assert done.headers["location"] == f"/stations/ZG-02/amend?date={DAY}&done=1"
        fold(forgot)
        (stint,) = rows(forgot, StintRow)
        assert (stint["ended_ms"], stint["end"]) == (ms_of(at("10:40")), "leave")
        told = main_of(client.get(f"/stations/ZG-02/amend?date={DAY}&done=1"))
        assert "没有刷离岗" not in told
        for words in ("忘记刷卡", "样本1", "zhao", "补记 10:40", "无凭据"):
            assert words in told


def test_a_correction_that_changes_nothing_of_the_day_says_so(forgot: GuardedHub) -> None:
    same = "更正前后一样：这次更正不改变这一天的在岗和时长。"
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        assert same in send(client, TAP, what="retime", day=DAY, time="08:05", why="忘记刷卡").text
        assert same not in send(client, TAP, what="retime", day=DAY, time="08:30", why="忘记刷卡").text


def test_a_correction_is_taken_back_from_the_list(forgot: GuardedHub) -> None:
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        send(client, TAP, what="retime", day=DAY, time="08:30", why="忘记刷卡", sure="1")
        fold(forgot)
        page = main_of(client.get(f"/stations/ZG-02/amend?date={DAY}"))
        back = re.search(r"/stations/ZG-02/amend/hub/[0-9a-f]{16}/1", page)
        assert back is not None
        assert "<b>没有刷离岗，按下班推定</b> · 原为 08:05" in " ".join(page.split())

        assert "撤回这条更正" in client.get(back[0]).text
        send(client, back[0], what="back", why="重复或误刷", sure="1")

        fold(forgot)
        assert "（已撤回）" in main_of(client.get(f"/stations/ZG-02/amend?date={DAY}"))
        (stint,) = rows(forgot, StintRow)
        assert stint["began_ms"] == ms_of(at("08:05"))


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"what": "leave", "time": ""}, 422, "请填时刻"),
        ({"what": "leave", "time": "25:00"}, 422, "请填时刻"),
        ({"what": "steal", "time": "10:00"}, 422, "请选择怎样更正"),
        ({"what": "back", "sure": "1"}, 422, "应为：以下之一："),
        ({"what": "retime", "time": "08:30", "day": "2026-01-05"}, 409, "应为"),
        ({"what": "leave", "time": "10:00", "why": ""}, 409, "没有填写理由"),
        ({"what": "leave", "time": "10:00", "day": "2020-03-05"}, 409, f"应为：{DAY}（该站点的第一天）或以后的日期"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_kept(
    forgot: GuardedHub, typed: dict[str, str], status: int, said: str
) -> None:
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        answer = send(client, TAP, **{"day": DAY, "why": "忘记刷卡", "more": "", "asked_by": "张", **typed})

        assert answer.status_code == status
        assert said in answer.text
        assert 'value="张"' in answer.text
        assert not rows(forgot, Run, kiosk="hub")


def test_a_line_of_the_paper_register_is_added_for_a_person_of_the_station(forgot: GuardedHub) -> None:
    path = f"/stations/ZG-02/amend/add?date={DAY}"
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        assert "样本1" in client.get(path).text
        assert "样本2" not in client.get(path).text
        other = send(client, path, what="arrive", person="p2", time="09:00", why="按纸质登记册补记")
        assert other.status_code == 422
        assert "没有这位志愿者" in other.text

        send(
            client,
            path,
            what="leave",
            person="p1",
            time="10:30",
            evidence="第3页第2行",
            why="按纸质登记册补记",
            sure="1",
        )

        fold(forgot)
        (stint,) = rows(forgot, StintRow)
        assert (stint["ended_ms"], stint["end_unproven"]) == (ms_of(at("10:30")), False)


def test_a_tap_that_was_added_is_called_so_where_it_stands_beside_a_gap(forgot: GuardedHub) -> None:
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        path, line = f"/stations/ZG-02/amend/add?date={DAY}", "第3页第2行"
        send(client, path, what="leave", person="p1", time="10:30", evidence=line, why="按纸质登记册补记", sure="1")
        fold(forgot)
        day = date.fromisoformat(str(DAY))
        gaps = [a_gap("ZG-02", day, "08:05", "08:20"), a_gap("ZG-02", day, "10:30", "11:30")]
        put(forgot.engine, [a_day("ZG-02", day, 1.25)], gaps)

        query = f"span=day&date={DAY}&lang=zh"
        page = main_of(client.get(f"/coverage/stations/ZG-02?{query}"))
        sheet = client.get(f"/coverage/sheets/gaps.csv?station=ZG-02&{query}").content.decode("utf-8-sig")
        (told,) = client.get(f"/api/v1/stations/ZG-02/coverage?from={DAY}").json()["days"]

    assert page.count("人工补记") == sheet.count("人工补记") == 1
    assert "10:30:00 人工补记" in sheet
    assert [gap["before_is_added"] for gap in told["gaps"]] == [False, True]


def test_a_tap_that_was_moved_is_called_so_where_it_stands_beside_a_gap(forgot: GuardedHub) -> None:
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        send(client, TAP, what="retime", day=DAY, time="08:30", why="忘记刷卡", sure="1")
        fold(forgot)
        put(forgot.engine, [a_day("ZG-02", YESTERDAY, 0.5)], [a_gap("ZG-02", YESTERDAY, "08:30", "09:00")])

        query = f"span=day&date={DAY}&lang=zh"
        page = main_of(client.get(f"/coverage/stations/ZG-02?{query}"))
        sheet = client.get(f"/coverage/sheets/gaps.csv?station=ZG-02&{query}").content.decode("utf-8-sig")
        (told,) = client.get(f"/api/v1/stations/ZG-02/coverage?from={DAY}").json()["days"]

    assert page.count("人工改时刻") == sheet.count("08:30:00 人工改时刻") == 1
    assert "人工补记" not in page + sheet
    (gap,) = told["gaps"]
    assert [gap[f"{side}_is_{how}"] for side in ("before", "after") for how in ("added", "moved")] == [
        False, True, False, False,
    ]  # fmt: skip


def test_a_federation_reaches_it_from_the_persons_record(forgot: GuardedHub) -> None:
    with forgot.ask(forgot.session("wu", FEDERATION)) as client:
        assert "/people/p1/taps" in client.get("/people/p1").text
        record = main_of(client.get("/people/p1/taps"))

        assert TAP in record
        assert "没有刷离岗" in record
    with reading(forgot.engine) as connection:
        looked = [(line.by, line.what, line.subject) for line in read_access(connection, 9)]
    assert ("wu", "looked_at_person", "p1") in looked


@pytest.mark.parametrize("path", [TAP, f"/stations/ZG-02/amend?date={DAY}", "/people/p1/taps", "/stations/ZG-99/amend"])
def test_nothing_is_told_of_another_districts_station_or_of_none(forgot: GuardedHub, path: str) -> None:
    elsewhere = Grant(Role.LEAD, Reach(station="ZG-05"))
    with forgot.ask(forgot.session("qian", elsewhere)) as client:
        answer, none = client.get(path), client.get("/stations/NONE/amend")

        assert answer.status_code == none.status_code == 404
        assert main_of(answer) == main_of(none)
        assert send(client, TAP, what="void", why="重复或误刷", sure="1").status_code == 404
    assert not rows(forgot, Run, kiosk="hub")


def test_the_api_says_and_refuses_the_same(forgot: GuardedHub) -> None:
    of = {"kiosk": "zg-02-a", "epoch": EPOCH, "seq": 2}
    with forgot.ask(forgot.session("li", CITY)) as client:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
        (tap,) = client.get(f"/api/v1/stations/ZG-02/taps?date={DAY}", headers=headers).json()
        assert (tap["name"], tap["person"], tap["doubts"]) == (of, "p1", ["assumed"])

        def amend(**wanted: object) -> tuple[int, dict[str, object]]:
            answer = client.post("/api/v1/stations/ZG-02/amendments", json=wanted, headers=headers)
            return answer.status_code, answer.json()

        status, said = amend(change="void", of={**of, "seq": 9}, why="x")
        assert (status, said["refusals"][0]["field"]) == (422, "of")
        assert amend(change="retime", of=of, why="x")[1]["refusals"] == [
            {"field": "at", "found": "nothing", "wanted": "a value"}
        ]
        added = {"change": "add", "person": "p1", "action": "leave", "at": f"{DAY}T17:00:00+08:00", "evidence": "第3页"}
        told = amend(**added, why="x", preview=True)[1]["after"]
        assert told == {"action": "leave", "at": f"{DAY} 17:00:00", "is_proven": True}
        status, said = amend(change="confirm", of=of, why="问过本人", preview=True)
        assert (status, said["is_written"]) == (200, False)
        assert not rows(forgot, Run, kiosk="hub")
        status, said = amend(change="confirm", of=of, why="问过本人")
        assert (status, said["is_written"]) == (200, True)
        fold(forgot)
        (tap,) = client.get(f"/api/v1/stations/ZG-02/taps?date={DAY}", headers=headers).json()
        assert (tap["is_confirmed"], tap["doubts"]) == (True, [])


def test_a_forgotten_leave_waits_in_the_inbox_of_who_may_settle_it_until_it_is(forgot: GuardedHub) -> None:
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        inbox = main_of(client.get("/inbox"))
        assert "没有刷离岗，按下班推定" in inbox
        assert TAP in inbox
        assert "样本1" not in inbox

        send(client, TAP, what="confirm", why="经核实，情况属实", sure="1")
        fold(forgot)

        until(lambda: TAP not in main_of(client.get("/inbox")))
    with forgot.ask(forgot.session("qian", Grant(Role.LEAD, Reach(station="ZG-05")))) as client:
        assert TAP not in client.get("/inbox").text


def test_the_api_adds_a_tap_of_nobody_beyond_ones_own_and_at_no_odd_moment(forgot: GuardedHub) -> None:
    """An arrival here would end what somebody of another station is doing there."""
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}

        def add(**wanted: object) -> tuple[int, list[dict[str, str]]]:
            wants = {"change": "add", "action": "arrive", "at": f"{DAY}T10:00:00+08:00", "why": "x", **wanted}
            answer = client.post("/api/v1/stations/ZG-02/amendments", json=wants, headers=headers)
            return answer.status_code, answer.json()["refusals"]

        for preview in (True, False):
            theirs, nobodys = add(person="p2", preview=preview), add(person="p9", preview=preview)
            assert theirs[0] == 422
            assert theirs[1][0]["field"] == "person"
            assert str(theirs).replace("p2", "p9") == str(nobodys)
        assert add(person="N1")[1] == [
            {"field": "person", "found": "'N1'", "wanted": "a volunteer's opaque id, as `person` of a tap has it"}
        ]
        of = {"kiosk": "zg-02-a", "epoch": EPOCH, "seq": 2}
        assert add(person="p1", of=of)[1] == [
            {"field": "of", "found": f"zg-02-a/{EPOCH}/2", "wanted": "nothing: an added tap is new"}
        ]
        before = add(person="p1", at="2020-03-05T10:00:00+08:00")
        assert (before[0], before[1][0]["field"], "the station's first" in before[1][0]["wanted"]) == (422, "at", True)
        for at in ("0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
            assert add(person="p1", at=at)[1][0]["field"] == "at"
        assert send(client, TAP, what="leave", day="0001-01-01", time="00:00", why="忘记刷卡").status_code == 422
        assert client.get("/stations/ZG-02/amend?date=0001-01-01").status_code == 404
        assert client.get(f"/stations/ZG-02/requests/{1 << 63}").status_code == 404
        assert client.get("/stations/ZG-02/month?month=9999-12").status_code == 200
        assert client.get("/api/v1/coverage?from=9999-12-01&to=9999-12-31").status_code == 422
    assert not rows(forgot, Run, kiosk="hub")


def test_a_tap_that_is_added_for_another_day_is_shown_on_that_day(forgot: GuardedHub) -> None:
    earlier = str(YESTERDAY - timedelta(days=1))
    give(forgot, asked.EnterKiosk("zg-02-a", "ZG-02", in_service_from=YESTERDAY - timedelta(days=9)))
    line = {"what": "arrive", "person": "p1", "day": earlier, "time": "09:00", "evidence": "第3页", "why": "忘记刷卡"}
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        looked = send(client, f"/stations/ZG-02/amend/add?date={DAY}", **line)
        answer = send(client, f"/stations/ZG-02/amend/add?date={DAY}", **line, sure="1")

        assert f'value="{earlier}"' in looked.text
        assert "3月3日" in main_of(looked)
        assert answer.headers["location"] == f"/stations/ZG-02/amend?date={earlier}&done=1"
