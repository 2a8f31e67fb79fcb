"""From the board to a robot: told once, by whom it concerns, also over a restart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert
from sqlmodel import select

from hub.alarms.acting import ActError, Actor, note_test
from hub.alarms.addresses import Sort, SoundAddress, channel_of
from hub.alarms.book import HELD
from hub.alarms.channel import AlarmMessage
from hub.alarms.keeper import Keeper
from hub.alarms.postman import AT_ONCE as CHANNELS_AT_ONCE
from hub.alarms.postman import Postman
from hub.database.alarm_tables import AlarmRow, AlarmStep, ChannelRow, MessageRow
from hub.database.engine import open_engine
from hub.database.transactions import StoreTroubleError, writing
from hub.findings import OF_A_RUN, Finding, FindingKind, Findings
from hub.rights import WHOLE_CITY, Reach
from simulator.robot_server import A_MINUTE, TAKEN, TOO_FAST, RobotServer, robot_server
from station.alarms import Lack, What
from station.clock import Clock
from station.duty import DutyClass
from station.grouping import AT_ONCE
from station.milliseconds import ms_of
from tests.databases import only_read
from tests.hub.cities import make_city
from tests.hub.pages.board_source import make_row
from tests.hub.running import until
from tests.hub.short_writing import written_at_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import Engine

    from hub.presence.board_view import BoardRow

MET, MINIMUM, VACANT, UNKNOWN, CLOSED = DutyClass
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)
COME = "；可请补位：样*人、样*人、样*人"
ON_DUTY = {MET: 2, MINIMUM: 1}


class Town:
    """Stations, a hub's keeper and postman, and time that passes when told to."""

    def __init__(self, engine: Engine, codes: tuple[str, ...]) -> None:
        self.engine, self.codes = engine, codes
        self.seconds = 0.0
        self.servers: list[RobotServer] = []
        self.say: Callable[[BoardRow, datetime], str] = lambda _row, _now: ""
        self.standing: dict[str, BoardRow] = {}
        self.clock = Clock(began_at=START, boot_s=lambda: self.seconds)
        self.restart()

    def restart(self, known: Iterable[Finding] = ()) -> None:
        """Begin anew, with what was written down as found."""
        self.findings = Findings(self.clock, known)
        self.findings.end_all(OF_A_RUN)
        self.keeper = Keeper(self.engine, self.clock, say=self.say)
        self.postman = Postman(self.engine, self.clock, ZONE, self.findings, seconds=lambda: self.seconds)

    def channel(
        self, name: str, server: RobotServer, reach: Reach = WHOLE_CITY, *, short: bool = False, address: str = ""
    ) -> None:
        if server not in self.servers:
            self.servers.append(server)
        told = SoundAddress(Sort.WECOM, f"{server.url}/{address or name}?key=hidden", "", ())
        with writing(self.engine) as connection:
            Actor(connection, "clerk", 0).enter_channel(name, told, reach, tells_short=short)

    def act(self) -> Any:
        return writing(self.engine)

    def pass_minutes(self, minutes: float, *classes: DutyClass, post: bool = True) -> None:
        """Look every 20 s; the stations stand as said, the last of them like all further ones."""
        for _ in range(int(minutes * 3)):
            self.seconds += 20
            self.keeper.look(self.rows(classes))
            self.keeper.work()
            if post:
                self.deliver()

    def deliver(self) -> None:
        """Send what is due. Channels are called beside each other, so what came meanwhile is put in their order."""
        before = [len(server.asked) for server in self.servers]
        self.postman.work()
        self.postman.drain()
        for server, had in zip(self.servers, before, strict=True):
            server.asked[had:] = sorted(server.asked[had:], key=lambda asked: asked.path)

    def rows(self, classes: tuple[DutyClass, ...]) -> tuple[BoardRow, ...]:
        """As the board has them: a station's row is the same one for as long as nothing of it changes."""
        standing = [*classes, *[classes[-1]] * len(self.codes)]
        for code, now in zip(self.codes, standing, strict=False):
            row = make_row(code, code, "东样区", "hospital", now, on_duty=ON_DUTY.get(now, 0), district_code="D-1")
            if self.standing.get(code) != row:
                self.standing[code] = row
        return tuple(self.standing[code] for code in self.codes)

    def all(self, model: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(select(model).order_by(next(iter(model.__table__.primary_key)))))


@pytest.fixture
def town(engine: Engine) -> Iterator[Town]:
    make_city(engine, ("S-01", "S-02", "S-03", "S-04"))
    town = Town(engine, ("S-01", "S-02", "S-03", "S-04"))
    yield town
    town.postman.stop()


@pytest.fixture
def server() -> Iterator[RobotServer]:
    with robot_server((200, TAKEN)) as server:
        yield server


def told(server: RobotServer) -> list[tuple[str, str]]:
    """Each channel that was called, and what it was told."""
    return [(asked.path[1:].partition("?")[0], asked.told["text"]["content"]) for asked in server.asked]


def post_again(town: Town) -> None:
    """One more message for the channel of the first one."""
    first = town.all(MessageRow)[0]
    row = MessageRow(
        alarm=first.alarm, channel=first.channel, what="raised", on_duty=0, wanted=1,
        made_ms=first.made_ms, due_ms=first.made_ms,
    )  # fmt: skip
    with writing(town.engine) as connection:
        connection.execute(insert(MessageRow).values(row.model_dump(exclude={"number"})))


def test_the_lead_is_told_first_then_the_county_then_the_city_and_all_when_it_is_over(
    town: Town, server: RobotServer
) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.channel("county", server, Reach(district="D-1"))
    town.channel("city", server)
    town.channel("elsewhere", server, Reach(district="D-2"))

    town.pass_minutes(40, VACANT, MET)
    assert [name for name, _ in told(server)] == ["lead", "county", "city"]

    town.pass_minutes(1, MET)
    assert sorted(name for name, _ in told(server)[3:]) == ["city", "county", "lead"]
    assert told(server)[0][1] == f"【在岗】01：08:00 起无人在岗，在岗 0 人，最低 1 人{COME}"
    assert told(server)[1][1].endswith("（仍未处理）")
    assert told(server)[-1][1] == "【在岗】01：已恢复，在岗 2 人"
    assert [step.what for step in town.all(AlarmStep)] == ["raised", "escalated", "escalated", "met"]


def test_a_restart_repeats_nothing(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(8, VACANT, MET)

    town.restart()
    town.pass_minutes(30, VACANT, MET)

    assert len(told(server)) == 1
    assert len(town.all(AlarmRow)) == 1


def test_who_was_alone_for_nearly_five_minutes_is_not_counted_anew_after_a_restart(
    town: Town, server: RobotServer
) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(5, VACANT, MET)  # seen for 4 min 40 s
    town.keeper.note_looked()
    town.seconds += 3600
    town.restart()

    town.pass_minutes(1 / 3, VACANT, MET)
    assert told(server) == []

    town.pass_minutes(1 / 3, VACANT, MET)
    assert len(told(server)) == 1


def test_a_hub_that_is_killed_knows_to_some_seconds_what_had_counted(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(5, VACANT, MET)
    town.restart()

    town.pass_minutes(2 / 3, UNKNOWN, MET)
    town.pass_minutes(2 / 3, VACANT, MET)

    assert len(told(server)) == 1


def test_who_was_told_before_a_restart_has_no_more_time_for_it(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.channel("city", server)
    town.pass_minutes(20, VACANT, MET)
    town.restart()

    town.pass_minutes(17, VACANT, MET)

    assert [name for name, _ in told(server)] == ["lead", "city"]


def test_a_station_that_closed_while_no_hub_ran_begins_anew(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(6, VACANT, MET)
    town.seconds += 12 * 3600
    town.restart()

    town.pass_minutes(5, VACANT, MET)
    closed_ms = ms_of(datetime(2026, 3, 5, 11, 30, tzinfo=ZONE))
    assert [(row.ending, row.over_ms) for row in town.all(AlarmRow)] == [("closing", closed_ms)]
    assert town.all(AlarmStep)[-1].at_ms == closed_ms

    town.pass_minutes(1, VACANT, MET)
    assert len(town.all(AlarmRow)) == len(told(server)) == 2


def test_a_station_that_closed_while_no_hub_ran_begins_anew_though_that_could_not_be_kept_at_once(
    town: Town, server: RobotServer
) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(6, VACANT, MET)
    town.seconds += 12 * 3600
    town.restart()
    town.keeper.look(town.rows((VACANT, MET)))
    with only_read(town.engine), pytest.raises(StoreTroubleError):
        town.keeper.work()

    town.pass_minutes(5, VACANT, MET)

    closed_ms = ms_of(datetime(2026, 3, 5, 11, 30, tzinfo=ZONE))
    assert [(row.ending, row.over_ms) for row in town.all(AlarmRow)] == [("closing", closed_ms)]


def test_a_station_that_closed_while_no_hub_ran_begins_anew_though_the_city_was_out(
    town: Town, server: RobotServer
) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(6, UNKNOWN, MET)
    town.pass_minutes(6, UNKNOWN, UNKNOWN, MET)
    town.seconds += 12 * 3600
    town.restart()

    town.pass_minutes(6, UNKNOWN, UNKNOWN, MET)
    closed_ms = ms_of(datetime(2026, 3, 5, 11, 30, tzinfo=ZONE))
    assert [(row.ending, row.over_ms) for row in town.all(AlarmRow) if row.station] == [("closing", closed_ms)]

    town.pass_minutes(2, UNKNOWN, MET)
    assert len(told(server)) == 1
    town.pass_minutes(2, UNKNOWN, MET)
    assert len(told(server)) == 2


def test_the_reason_is_told_and_the_station_hears_who_could_come(town: Town, server: RobotServer) -> None:
    town.say = lambda row, _: f"{row.code} 1 人 07:58 离岗"
    town.restart()
    town.channel("lead", server, Reach(station="S-01"))
    town.channel("city", server)

    town.pass_minutes(40, VACANT, MET)

    first, last = (text for _, text in told(server))
    assert first == f"【在岗】01：08:00 起无人在岗，在岗 0 人，最低 1 人；S-01 1 人 07:58 离岗{COME}"
    assert "离岗" in last
    assert "补位" not in last


def test_a_message_that_was_written_before_the_hub_ended_goes_out_after(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(8, VACANT, MET, post=False)

    town.restart()
    town.pass_minutes(1, UNKNOWN, MET)

    assert len(told(server)) == 1


def test_an_alarm_somebody_looks_after_goes_no_further(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.channel("city", server)
    town.pass_minutes(6, VACANT, MET)
    with town.act() as connection:
        Actor(connection, "lead", 1).acknowledge(town.all(AlarmRow)[0].number)

    town.pass_minutes(60, VACANT, MET)

    assert [name for name, _ in told(server)] == ["lead"]


def test_who_acknowledges_at_the_very_moment_of_an_escalation_is_heard(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.channel("city", server)
    town.pass_minutes(35, VACANT, MET)
    other = open_engine(town.engine.url.render_as_string(hide_password=False))

    def acknowledge(*_: Any) -> None:
        with writing(other) as connection:
            Actor(connection, "lead", 1).acknowledge(1)

    town.seconds += 60
    town.keeper.look(town.rows((VACANT, MET)))
    event.listen(town.engine, "checkin", acknowledge, once=True)  # the alarms are read, and not yet written
    town.keeper.work()
    other.dispose()
    town.pass_minutes(10, VACANT, MET)

    assert [name for name, _ in told(server)] == ["lead"]


def test_an_alarm_that_is_closed_by_hand_is_told_no_more_until_it_was_met(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(6, VACANT, MET)
    number = town.all(AlarmRow)[0].number
    with town.act() as connection:
        Actor(connection, "clerk", 1).close(number, "a power cut, the host is told")
    town.restart()

    town.pass_minutes(60, VACANT, MET)
    town.pass_minutes(1, MET)
    assert len(told(server)) == 1

    town.pass_minutes(6, VACANT, MET)
    assert len(told(server)) == 2
    with pytest.raises(ActError, match="over already"), town.act() as connection:
        Actor(connection, "clerk", 1).close(number, "again")


def test_what_is_over_before_it_could_be_sent_is_not_sent(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(6, VACANT, MET, post=False)
    town.pass_minutes(1, MET)

    assert told(server) == []
    assert [row.answer for row in town.all(MessageRow)] == ["over before it was sent", HELD]


def test_what_is_over_while_it_is_on_its_way_is_told_to_be_over(town: Town) -> None:
    with robot_server("late", (200, TAKEN)) as slow:
        town.channel("lead", slow, Reach(station="S-01"))
        town.pass_minutes(6, VACANT, MET, post=False)
        town.postman.work()
        until(lambda: bool(slow.asked))
        town.pass_minutes(1, MET, MET, post=False)
        slow.let_go.set()
        town.postman.drain()
        town.deliver()

        assert len(slow.asked) == 2
        assert "已恢复" in told(slow)[-1][1]


def test_a_closing_ends_it_quietly(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(6, VACANT, MET)
    town.pass_minutes(30, CLOSED)

    assert len(told(server)) == 1
    assert [(row.ending, row.over_ms is not None) for row in town.all(AlarmRow)] == [("closing", True)]


def test_half_the_city_falling_silent_is_one_alarm_of_the_city(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.channel("city", server)

    town.pass_minutes(10, UNKNOWN, UNKNOWN, MET)
    town.pass_minutes(1, MET)

    assert told(server) == [
        ("city", "【在岗】全市：08:00 起 2 个站点的终端失去联系，可能是网络或中心故障"),
        ("city", "【在岗】全市：终端已恢复联系"),
    ]


def test_one_silent_station_has_an_alarm_of_its_own(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))

    town.pass_minutes(10, UNKNOWN, MET)

    assert told(server) == [("lead", "【在岗】01：08:00 起终端失去联系，无法判断是否有人在岗")]


def test_too_few_are_told_only_to_who_asked_for_it(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"), short=True)
    town.channel("city", server)

    town.pass_minutes(60, MINIMUM, MET)

    assert [name for name, _ in told(server)] == ["lead"]


def test_a_robot_that_refuses_is_asked_again_with_growing_pauses(town: Town, engine: Engine) -> None:
    with robot_server((200, TOO_FAST), (500, ""), (200, TAKEN)) as server:
        town.channel("lead", server, Reach(station="S-01"))
        town.pass_minutes(8, VACANT, MET)

    (row,) = town.all(MessageRow)
    assert (row.tries, row.answer, row.due_ms) == (3, "0 ok", None)
    assert len(server.asked) == 3


def test_a_message_is_given_up_when_nobody_wants_it_any_more(town: Town) -> None:
    with robot_server((200, TOO_FAST)) as server:
        town.channel("lead", server, Reach(station="S-01"))
        town.pass_minutes(150, VACANT, MET)

    (row,) = town.all(MessageRow)
    assert row.due_ms is None
    assert row.sent_ms is None
    assert 20 < len(server.asked) < 40


def test_a_robot_is_called_eighteen_times_a_minute_whoever_names_it_and_never_too_fast(town: Town) -> None:
    with robot_server(a_minute=A_MINUTE, seconds=lambda: town.seconds) as server:
        for number in range(60):
            town.channel(f"lead-{number:02}", server, Reach(station="S-01"), address="one")
        town.pass_minutes(16 / 3, VACANT, MET)
        assert len(server.asked) == 18

        for _ in range(4):
            town.seconds += 61
            town.deliver()
        assert len(server.asked) == 60
        assert not server.too_fast


def test_a_robot_that_is_called_too_fast_says_so() -> None:
    with robot_server(a_minute=2, seconds=lambda: 0.0) as server:
        box = channel_of(SoundAddress(Sort.WECOM, f"{server.url}/one", "", ()), ZONE)
        assert box is not None
        said = [box.send([AlarmMessage(1, What.RAISED, Lack.VACANT)], START).text for _ in range(3)]

    assert said == ["0 ok", "0 ok", "45009 api freq out of limit"]
    assert server.too_fast == {"/one": 1}


def test_who_was_called_often_is_told_the_rest_as_one_within_ten_minutes(town: Town, server: RobotServer) -> None:
    town.channel("city", server)
    town.pass_minutes(6, VACANT, post=False)
    town.deliver()
    assert [text.splitlines()[0] for _, text in told(server)] == ["【在岗】4 条提醒"]

    for _ in range(30):
        town.seconds += 5
        post_again(town)
        town.deliver()
    assert len(server.asked) == AT_ONCE
    town.restart()
    town.deliver()
    assert len(server.asked) == AT_ONCE

    town.seconds += 600
    town.deliver()
    assert len(server.asked) == AT_ONCE + 1
    assert told(server)[-1][1].startswith("【在岗】23 条提醒")


@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_call_before_the_hubs_clock_was_put_back_keeps_nobody_waiting(
    town: Town, server: RobotServer, *, is_restarted: bool
) -> None:
    town.channel("city", server)
    town.seconds = 86_400.0
    town.pass_minutes(6, VACANT)
    assert len(server.asked) == 1

    town.seconds = 3_600.0
    if is_restarted:
        town.restart()
    post_again(town)
    town.deliver()

    assert len(server.asked) == 2


def test_a_vacancy_that_began_before_the_hubs_clock_was_put_back_is_told_all_the_same(
    town: Town, server: RobotServer
) -> None:
    town.channel("city", server)
    town.seconds = 86_400.0
    town.pass_minutes(3, VACANT)

    town.seconds = 3_600.0
    town.pass_minutes(6, VACANT)

    assert len(server.asked) == 1


def test_two_channels_of_one_hub_do_not_wait_for_each_other(town: Town, server: RobotServer) -> None:
    with robot_server(None) as hanging:
        town.channel("a-hangs", hanging)
        town.channel("b-answers", server)
        town.pass_minutes(6, VACANT, MET, post=False)
        town.postman.work()
        until(lambda: len(server.asked) == 1 and len(hanging.asked) == 1)
        hanging.let_go.set()
        town.postman.drain()

    assert [row.answer for row in town.all(MessageRow)] == ["not reached: RemoteDisconnected", "0 ok"]


def test_channels_that_hang_keep_no_other_waiting(town: Town, server: RobotServer) -> None:
    count = CHANNELS_AT_ONCE - 1
    with robot_server(None) as hanging:
        for number in range(count):
            town.channel(f"a-hangs-{number}", hanging)
        town.channel("b-answers", server)
        town.pass_minutes(6, VACANT, MET, post=False)
        town.postman.work()
        until(lambda: len(server.asked) == 1 and len(hanging.asked) == count)
        hanging.let_go.set()
        town.postman.drain()

    assert [row.answer for row in town.all(MessageRow)].count("0 ok") == 1


def test_a_removed_channel_is_told_nothing_and_its_address_is_forgotten(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(6, VACANT, MET, post=False)
    with town.act() as connection:
        Actor(connection, "clerk", 1).remove_channel("lead")

    town.deliver()

    assert told(server) == []
    assert [row.answer for row in town.all(MessageRow)] == ["the channel was removed"]
    assert [(row.address, row.secret, row.mobiles) for row in town.all(ChannelRow)] == [("", "", "")]


def test_no_address_stands_in_a_log(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    with robot_server((500, "hidden"), "cut") as server:
        town.channel("lead", server, Reach(station="S-01"))
        with caplog.at_level("DEBUG"):
            town.pass_minutes(8, VACANT, MET)

    assert "the channel lead took nothing: HTTP 500 without a code" in caplog.text
    assert "hidden" not in caplog.text


def test_a_database_that_takes_nothing_loses_no_alarm_and_keeps_no_half(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(5, VACANT, MET)

    with only_read(town.engine), pytest.raises(StoreTroubleError):
        town.pass_minutes(1, VACANT, MET, post=False)
    assert town.all(AlarmRow) == town.all(MessageRow) == town.all(AlarmStep) == []

    town.pass_minutes(1, VACANT, MET)
    assert len(told(server)) == len(town.all(AlarmRow)) == 1


def test_what_a_robot_took_and_the_database_did_not_is_not_sent_again(town: Town, server: RobotServer) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.pass_minutes(6, VACANT, MET, post=False)

    with only_read(town.engine), pytest.raises(StoreTroubleError):
        town.deliver()
    town.deliver()

    assert len(told(server)) == 1
    assert [(row.sent_ms is not None, row.due_ms) for row in town.all(MessageRow)] == [(True, None)]


def test_words_that_no_database_keeps_hold_up_nobody(town: Town) -> None:
    odd = '{"errcode":0,"errmsg":"ok\\u0000\\ud800"}'
    with robot_server((200, odd)) as server:
        town.channel("lead", server, Reach(station="S-01"))
        town.pass_minutes(6, VACANT, MET)

    assert [row.answer for row in town.all(MessageRow)] == ["0 ok??"]


def test_a_robot_that_takes_nothing_is_a_finding_until_it_does(town: Town) -> None:
    with robot_server((200, TOO_FAST), (200, TAKEN)) as server:
        town.channel("lead", server, Reach(station="S-01"))
        town.pass_minutes(16 / 3, VACANT, MET)
        (found,) = town.findings.all()
        assert (found.kind, found.ended_at) == (FindingKind.CHANNEL, None)
        assert found.text == "the channel lead took nothing: 45009 api freq out of limit"

        town.pass_minutes(1, VACANT, MET)
    assert town.findings.all()[0].ended_at is not None


def test_it_is_looked_for_what_was_taken_lately_once_however_many_robots_take_nothing(town: Town) -> None:
    """Without its line a hub of 1,000 stations read all that was ever sent 200 times a second."""
    found: list[str] = []
    with robot_server((200, TOO_FAST)) as server:
        for n in range(5):
            town.channel(f"lead-{n}", server, Reach(station="S-01"))
        town.pass_minutes(16 / 3, VACANT, MET)
        assert len(town.findings.open_of(FindingKind.CHANNEL)) == 5

        event.listen(town.engine, "before_cursor_execute", lambda *told: found.append(told[2]))
        town.postman.work()

    looks = [statement for statement in found if "sent_ms" in statement and "due_ms IS NOT NULL" not in statement]
    assert len(looks) == 1
    assert "LIMIT" in looks[0]


@pytest.mark.parametrize("what", ["test", "removal"])
def test_that_a_robot_takes_nothing_is_known_though_the_hub_begins_anew_and_nothing_waits(
    town: Town, what: str
) -> None:
    """The hub was restarted once the alarm was over, and nobody was told any more that messages went nowhere."""
    with robot_server((200, TOO_FAST)) as server:
        town.channel("lead", server, Reach(station="S-01"))
        town.pass_minutes(16 / 3, VACANT, MET)
        town.restart(town.findings.all())

        town.pass_minutes(1, MET)
        assert [found.ended_at for found in town.findings.all()] == [None]

        with town.act() as connection:
            if what == "test":
                note_test(connection, "lead", is_taken=True, answer="0 ok", now_ms=ms_of(town.clock.now()))
            else:
                Actor(connection, "clerk", ms_of(town.clock.now())).remove_channel("lead")
        town.pass_minutes(1, MET)

    assert town.findings.all()[0].ended_at is not None


def test_a_morning_on_which_a_whole_city_is_vacant_is_written_down_a_little_at_a_time(engine: Engine) -> None:
    codes = tuple(f"S-{number:03}" for number in range(60))
    make_city(engine, codes)
    town = Town(engine, codes)

    with written_at_once(engine) as written:
        town.pass_minutes(8, VACANT, post=False)

    assert len(town.all(AlarmRow)) == len(codes)
    assert max(written) <= 40


def test_an_alarm_of_a_station_that_the_city_has_no_more_ends_and_rises_no_further(
    town: Town, server: RobotServer
) -> None:
    town.channel("lead", server, Reach(station="S-01"))
    town.channel("county", server, Reach(district="D-1"))
    town.pass_minutes(6, VACANT, MET)
    town.codes = town.codes[1:]

    town.pass_minutes(30, MET)

    [alarm] = town.all(AlarmRow)
    assert alarm.ending
    assert [name for name, _ in told(server) if name == "county"] == []
