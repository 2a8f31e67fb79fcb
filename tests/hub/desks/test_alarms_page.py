"""The page of alarms: whose one sees, and what one does about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from hub.alarms.acting import Actor
from hub.alarms.addresses import Sort, SoundAddress
from hub.alarms.book import Pen, Scene
from hub.alarms.routes import Routes
from hub.database.alarm_tables import AlarmStep, MessageRow
from hub.database.transactions import writing
from hub.intake.rows import ms_of
from hub.rights import WHOLE_CITY, Grant, Reach, Role
from station.alarms import Alarm, Happening, Lack, Level, Matter, What
from tests.hub.desks.test_desks import CITY, LEAD, NORTH, main_of, rows, send
from tests.hub.pages.board_source import MORNING

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub


def raised(hub: GuardedHub, *stations: str) -> None:
    """An alarm of each; numbered from 1."""
    with writing(hub.engine) as connection:
        pen = Pen(connection, Routes(()), ms_of(MORNING))
        for code in stations:
            scene = Scene(code, WHOLE_CITY, Matter.DUTY if code else Matter.WATCHING, 0, 1, 2)
            lack = Lack.VACANT if code else Lack.UNWATCHED
            pen.write_down(scene, None, Happening(What.RAISED, Alarm(lack, Level.LEAD), since=MORNING))


def test_each_sees_the_alarms_of_the_stations_they_follow_up(desks: GuardedHub) -> None:
    raised(desks, "ZG-02", "ZG-05", "")
    shown = {}
    for name, grant in (("li", CITY), ("wang", NORTH), ("zhao", LEAD)):
        with desks.ask(desks.session(name, grant)) as client:
            page = main_of(client.get("/alarms"))
            shown[name] = [what for what in ("ZG-02", "ZG-05", "全市 ") if what in page]

    assert shown == {"li": ["ZG-02", "ZG-05", "全市 "], "wang": ["ZG-02"], "zhao": ["ZG-02"]}


def test_an_alarm_is_looked_after_put_off_and_closed_with_a_reason(desks: GuardedHub) -> None:
    raised(desks, "ZG-02")
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert send(client, "/alarms/1/snooze").status_code == 303
        assert "暂缓到" in main_of(client.get("/alarms"))
        assert send(client, "/alarms/1/acknowledge").status_code == 303
        assert "已有人处理" in main_of(client.get("/alarms"))
        refused = send(client, "/alarms/1/close")
        assert (refused.status_code, "请写明原因。" in refused.text) == (422, True)
        assert send(client, "/alarms/1/close", **{"why-1": "停电"}).status_code == 303
        assert "没有提醒" in main_of(client.get("/alarms"))
        assert send(client, "/alarms/1/close", **{"why-1": "again"}).status_code == 409

    steps = rows(desks, AlarmStep)
    assert [(step["what"], step["by"], step["why"]) for step in steps] == [
        ("raised", "", ""), ("snoozed", "zhao", ""), ("acknowledged", "zhao", ""), ("closed", "zhao", "停电"),
    ]  # fmt: skip


def test_an_alarm_that_is_not_ones_own_is_not_there(desks: GuardedHub) -> None:
    raised(desks, "ZG-05", "")
    with desks.ask(desks.session("wang", NORTH)) as client:
        assert send(client, "/alarms/1/acknowledge").status_code == 404
        assert send(client, "/alarms/77/acknowledge").status_code == 404  # as one that is not there
        assert send(client, f"/alarms/{10**30}/acknowledge").status_code == 404
        assert send(client, "/alarms/2/close", **{"why-2": "x"}).status_code == 404

    assert [step["what"] for step in rows(desks, AlarmStep)] == ["raised", "raised"]


def test_the_page_claims_only_what_was_sent(desks: GuardedHub) -> None:
    raised(desks, "ZG-02")
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert "还没有人收到消息" in main_of(client.get("/alarms"))
        with writing(desks.engine) as connection:
            told = SoundAddress(Sort.WECOM, "https://robot.example", "", ())
            Actor(connection, "li", 0).enter_channel("lead", told, Reach(station="ZG-02"), tells_short=False)
            row = {
                "alarm": 1,
                "channel": "lead",
                "what": "raised",
                "on_duty": 0,
                "wanted": 1,
                "made_ms": 0,
                "sent_ms": 1,
            }
            connection.execute(insert(MessageRow).values(row | {"tries": 1, "answer": "0 ok"}))
        assert "已到 站长" in main_of(client.get("/alarms"))


def test_a_program_sees_alarms_and_does_nothing_about_them(desks: GuardedHub) -> None:
    raised(desks, "ZG-02")
    with desks.ask(desks.session("robot", Grant(Role.PROGRAM))) as client:
        page = main_of(client.get("/alarms"))
        refused = send(client, "/alarms/1/acknowledge")

    assert ("ZG-02" in page, "我来处理" in page) == (True, False)
    assert refused.status_code in {401, 403, 404}
    assert [step["what"] for step in rows(desks, AlarmStep)] == ["raised"]
