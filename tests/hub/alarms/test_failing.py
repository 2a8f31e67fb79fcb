"""Whatever fails beside it, an alarm goes out: plainer where the hub fails over the rest of it, and said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, insert, text, update

from hub.alarms.acting import ActError, Actor
from hub.alarms.channel import AlarmMessage, Receipt
from hub.alarms.keeper import Keeper
from hub.alarms.postman import Postman
from hub.database.alarm_tables import AlarmRow, AlarmStep, ChannelRow, MessageRow
from hub.database.engine import open_engine
from hub.database.shift_tables import ShiftWeekRow
from hub.database.transactions import table_of, writing
from hub.findings import FindingKind
from hub.repeating import Repeating
from hub.rights import Reach
from simulator.robot_server import robot_server
from station.alarms import What
from tests.hub.alarms.test_telling import COME, MET, VACANT, ZONE, Town, server, told, town
from tests.hub.cities import SINCE, make_city
from tests.hub.running import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from hub.alarms.addresses import SoundAddress
    from hub.presence.board_view import BoardRow
    from simulator.robot_server import RobotServer

__all__ = ["server", "town"]
LEAD = Reach(station="S-01")
SAID = "【在岗】01：08:00 起无人在岗，在岗 0 人，最低 1 人"


def faults(town: Town) -> list[str]:
    return [found.subject for found in town.findings.all() if found.kind is FindingKind.FAULT]


def test_a_roster_that_cannot_be_read_takes_the_names_away_and_no_alarm(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, LEAD)
    with writing(town.engine) as connection:
        connection.execute(insert(table_of(ShiftWeekRow)).values(station="S-01", from_day=SINCE, shifts="{"))

    town.pass_minutes(6, VACANT, MET)

    assert [said for _, said in told(server)] == [SAID]
    assert faults(town) == ["alarms"]


def test_a_table_that_is_gone_takes_the_names_away_and_no_alarm(
    town: Town, server: RobotServer, caplog: pytest.LogCaptureFixture
) -> None:
    town.channel("lead", server, LEAD)
    with town.engine.begin() as connection:
        connection.execute(text("ALTER TABLE stint RENAME TO elsewhere"))

    town.pass_minutes(6, VACANT, MET)
    with town.engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO stint"))

    assert [said for _, said in told(server)] == [SAID]
    assert "alarms go out without saying who could come" in caplog.text


def test_one_station_of_which_no_reason_can_be_said_is_told_without(town: Town, server: RobotServer) -> None:
    def say(row: BoardRow, _: datetime) -> str:
        if row.code == "S-01":
            raise KeyError("a cause that nobody has words for")
        return "请打电话"

    keeper = Keeper(town.engine, town.clock, say=say, attempt=town.postman.attempt)
    town.keeper = keeper
    for code in ("S-01", "S-02"):
        town.channel(f"lead-{code}", server, Reach(station=code))

    town.pass_minutes(6, VACANT, VACANT, MET)

    assert sorted(said for _, said in told(server)) == [
        f"{SAID}{COME}",
        f"{SAID.replace('01', '02')}；请打电话{COME}",
    ]
    assert faults(town) == ["alarms"]


def test_an_alarm_of_a_sort_that_this_hub_does_not_know_is_told_by_where_it_is(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, LEAD)
    town.pass_minutes(6, VACANT, MET, post=False)
    with writing(town.engine) as connection:
        connection.execute(update(AlarmRow).values(lack="flooded"))

    town.deliver()

    assert [said for _, said in told(server)] == ["【在岗】S-01有一条提醒，请看在岗页面"]
    assert faults(town) == ["alarms"]


class Picky:
    """A door that fails over whatever says more than it must."""

    most, a_minute = 100, 100

    def __init__(self, took: list[AlarmMessage]) -> None:
        self._took = took

    def send(self, messages: Sequence[AlarmMessage], now: datetime) -> Receipt:
        if not all(one.is_plain for one in messages):
            raise UnicodeError("no words")
        self._took += messages
        return Receipt(is_taken=True, text="ok")


def by_doors(town: Town, make: Callable[[SoundAddress, object], Picky]) -> Postman:
    return Postman(town.engine, town.clock, ZONE, town.findings, make=make, seconds=lambda: town.seconds)


def test_a_message_over_which_its_channel_fails_is_told_plainer_the_next_time(town: Town, server: RobotServer) -> None:
    took: list[AlarmMessage] = []
    town.channel("lead", server, LEAD)
    town.postman = by_doors(town, lambda _told, _zone: Picky(took))

    town.pass_minutes(6, VACANT, MET)

    assert [(one.code, one.what) for one in took] == [("S-01", What.RAISED)]
    assert [(row.tries, row.due_ms, row.answer) for row in town.all(MessageRow)] == [(2, None, "ok")]
    assert [found.text for found in town.findings.all()] == ["the channel lead took nothing: failed: UnicodeError"]


def test_a_channel_that_cannot_be_opened_keeps_no_other_waiting(town: Town, server: RobotServer) -> None:
    took: list[AlarmMessage] = []

    def make(told: SoundAddress, _: object) -> Picky:
        if "a-broken" in told.address:
            raise ValueError("no address")
        return Picky(took)

    town.channel("a-broken", server, LEAD)
    town.channel("b-sound", server, LEAD)
    town.postman = by_doors(town, make)

    town.pass_minutes(6, VACANT, MET)

    assert len(took) == 1
    broken, sound = town.all(MessageRow)
    assert broken.answer == "failed: the address is none any more"
    assert broken.due_ms is not None
    assert sound.answer == "ok"


@pytest.fixture
def keeping(town: Town) -> Iterator[Repeating]:
    """The keeper's thread."""

    def keep() -> float:
        town.keeper.work()
        return 0.05

    repeating = Repeating("hub alarms", keep, "alarms cannot be kept")
    yield repeating
    repeating.stop()


def test_both_threads_go_on_after_what_nobody_thought_of(town: Town, keeping: Repeating, server: RobotServer) -> None:
    town.channel("lead", server, LEAD)
    with writing(town.engine) as connection:
        connection.execute(update(ChannelRow).values(sort="pigeon"))
    town.keeper.look(town.rows((VACANT, MET)))
    keeping.start()
    town.postman.start()
    until(lambda: faults(town) == ["postman"])

    def is_told() -> bool:
        town.seconds += 20
        return bool(told(server))

    with writing(town.engine) as connection:
        connection.execute(update(ChannelRow).values(sort="wecom"))
    until(is_told)

    assert told(server)[0][0] == "lead"


def test_what_is_closed_while_it_is_on_its_way_and_not_taken_is_not_tried_again(town: Town) -> None:
    with robot_server(None) as hanging:
        town.channel("lead", hanging, LEAD)
        town.pass_minutes(16 / 3, VACANT, MET, post=False)
        town.postman.work()
        until(lambda: bool(hanging.asked))
        with town.act() as connection:
            Actor(connection, "clerk", 1).close(1, "the host is told")
        hanging.let_go.set()
        town.postman.drain()

        town.pass_minutes(5, VACANT, MET)

        assert len(hanging.asked) == 1
        assert [(row.due_ms, row.answer) for row in town.all(MessageRow)] == [(None, "closed before it was sent")]


@pytest.mark.parametrize("act", ["acknowledge", "snooze", "close"])
def test_who_acts_in_the_moment_in_which_the_alarm_ends_spoils_nothing(
    town: Town, server: RobotServer, act: str
) -> None:
    town.channel("lead", server, LEAD)
    town.pass_minutes(6, VACANT, MET)
    other = open_engine(town.engine.url.render_as_string(hide_password=False))

    def do(*_: object) -> None:
        with writing(other) as connection:
            actor = Actor(connection, "lead", 1)
            acts = {
                "acknowledge": lambda: actor.acknowledge(1),
                "snooze": lambda: actor.snooze(1, 1 << 42),
                "close": lambda: actor.close(1, "seen to"),
            }
            acts[act]()

    town.seconds += 20
    town.keeper.look(town.rows((MET,)))
    event.listen(town.engine, "checkin", do, once=True)  # the alarms are read, and not yet written
    town.keeper.work()
    other.dispose()
    town.pass_minutes(2, MET)

    (row,) = town.all(AlarmRow)
    assert row.ending == "met"
    assert [step.what for step in town.all(AlarmStep)][1:] == [f"{act.removesuffix('e')}ed", "met"]
    assert len(told(server)) == (1 if act == "close" else 2)
    with pytest.raises(ActError, match="over already"), town.act() as connection:
        Actor(connection, "lead", 1).acknowledge(1)


def test_a_hub_that_dies_among_many_alarms_raises_the_others_in_its_next_life_and_none_twice(engine: Engine) -> None:
    codes = tuple(f"S-{number:02}" for number in range(40))
    make_city(engine, codes)
    town = Town(engine, codes)
    town.pass_minutes(5, VACANT, post=False)

    def die(*_: object) -> None:
        raise SystemExit

    town.seconds += 20
    town.keeper.look(town.rows((VACANT,)))
    commits = 0

    def count(*_: object) -> None:
        nonlocal commits
        commits += 1
        if commits == 2:
            die()

    event.listen(engine, "commit", count)
    with pytest.raises(SystemExit):
        town.keeper.work()
    event.remove(engine, "commit", count)
    found = len(town.all(AlarmRow))
    town.restart()
    town.pass_minutes(2, VACANT, post=False)

    assert 0 < found < len(codes)
    assert sorted(row.station for row in town.all(AlarmRow)) == sorted(codes)
