"""Stations of a district that fall silent together are one alarm; each one's own channel hears of it as ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from hub.alarms.acting import Actor
from hub.database.alarm_tables import AlarmMember, AlarmRow, MessageRow
from hub.database.tables import District
from hub.database.transactions import StoreTroubleError
from hub.rights import Reach
from simulator.robot_server import robot_server
from station.milliseconds import ms_of
from tests.hub.alarms.test_telling import CLOSED, MET, UNKNOWN, VACANT, Town
from tests.hub.alarms.test_telling import told as told_all
from tests.hub.cities import make_city
from tests.hub.pages.board_source import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from simulator.robot_server import RobotServer
    from station.duty import DutyClass

CODES = tuple(f"S-{n:02}" for n in range(1, 31))
FIVE = (UNKNOWN,) * 5


@pytest.fixture
def town(engine: Engine) -> Iterator[Town]:
    make_city(engine, CODES)
    with engine.begin() as connection:
        connection.execute(update(District).values(name="东样区"))
    town = Town(engine, CODES)
    yield town
    town.postman.stop()


@pytest.fixture
def server(town: Town) -> Iterator[RobotServer]:
    with robot_server() as server:
        town.channel("lead", server, Reach(station="S-01"))
        for code in CODES[1:]:
            town.channel(f"other-{code}", server, Reach(station=code))
        town.channel("county", server, Reach(district="D-1"))
        town.channel("city", server)
        yield server


def told(server: RobotServer) -> list[tuple[str, str]]:
    """Who was told what, but for the channels of all other stations."""
    return [one for one in told_all(server) if not one[0].startswith("other")]


def open_alarms(town: Town) -> list[str]:
    return sorted(row.station for row in town.all(AlarmRow) if row.over_ms is None)


def members(town: Town) -> list[str]:
    return sorted(row.station for row in town.all(AlarmMember) if row.left_ms is None)


def test_five_stations_that_fall_silent_together_are_one_alarm_that_rises_as_one(
    town: Town, server: RobotServer
) -> None:
    town.pass_minutes(40, *FIVE, MET)

    assert open_alarms(town) == ["district/D-1"]
    assert members(town) == [*CODES[:5]]
    assert told(server) == [
        ("lead", "【在岗】01：08:00 起终端失去联系，无法判断是否有人在岗"),
        ("county", "【在岗】东样区 5 站 08:00 起失去联系，无法判断是否有人在岗，可能是线路或停电（仍未处理）"),
        ("city", "【在岗】东样区 5 站 08:00 起失去联系，无法判断是否有人在岗，可能是线路或停电（仍未处理）"),
    ]


def test_who_is_back_leaves_and_the_last_ones_become_alarms_of_their_own(town: Town, server: RobotServer) -> None:
    town.pass_minutes(20, *FIVE, MET)
    town.pass_minutes(5, MET, *FIVE[:4], MET)

    assert members(town) == [*CODES[1:5]]
    assert told(server)[-1] == ("lead", "【在岗】01：已恢复，终端已有联系")

    town.pass_minutes(1, MET, UNKNOWN, UNKNOWN, MET)

    assert members(town) == []
    assert open_alarms(town) == ["S-02", "S-03"]
    assert told(server)[-1] == ("county", "【在岗】东样区：一同失联的终端已恢复联系，仍有 2 站没有")
    assert len({row.since_ms for row in town.all(AlarmRow)}) == 1


def test_the_last_ones_own_channel_is_not_told_again_and_hears_when_it_is_back(town: Town, server: RobotServer) -> None:
    town.pass_minutes(10, *FIVE, MET)
    town.pass_minutes(5, UNKNOWN, MET)
    town.pass_minutes(1, MET)

    assert told(server) == [
        ("lead", "【在岗】01：08:00 起终端失去联系，无法判断是否有人在岗"),
        ("lead", "【在岗】01：已恢复，终端已有联系"),
    ]
    own = next(row.number for row in town.all(AlarmRow) if row.station == "S-01")
    assert {row.alarm for row in town.all(MessageRow) if row.channel == "lead"} == {own}


def test_whose_alarm_was_raised_before_joins_and_is_told_once(town: Town, server: RobotServer) -> None:
    town.pass_minutes(5, UNKNOWN, MET)
    assert open_alarms(town) == ["S-01"]
    town.pass_minutes(8, *FIVE, MET)

    assert open_alarms(town) == ["district/D-1"]
    assert members(town) == [*CODES[:5]]
    assert (town.all(AlarmRow)[0].station, town.all(AlarmRow)[0].ending) == ("S-01", "joined")
    assert [name for name, _ in told(server)] == ["lead"]


def test_what_somebody_looks_after_stays_on_its_own(town: Town, server: RobotServer) -> None:
    town.pass_minutes(5, UNKNOWN, MET)
    with town.act() as connection:
        Actor(connection, "lead", 1).acknowledge(town.all(AlarmRow)[0].number)
    town.pass_minutes(8, *FIVE, MET)

    assert open_alarms(town) == ["S-01", "district/D-1"]
    assert members(town) == [*CODES[1:5]]
    assert len(told(server)) == 1


def test_late_ones_join_and_what_comes_much_later_is_another_group(town: Town, server: RobotServer) -> None:
    town.pass_minutes(10, *FIVE, MET)
    town.pass_minutes(5, *FIVE, UNKNOWN, MET)
    assert members(town) == [*CODES[:6]]
    town.pass_minutes(30, *FIVE, UNKNOWN, MET)
    town.pass_minutes(5, *[UNKNOWN] * 7, MET)
    assert open_alarms(town) == ["S-07", "district/D-1"]
    town.pass_minutes(5, *[UNKNOWN] * 10, MET)

    assert open_alarms(town) == ["district/D-1", "district/D-1:2"]
    assert members(town) == [*CODES[:10]]
    assert {name for name, _ in told(server)} == {"lead", "county", "city"}


def test_a_vacant_station_leaves_and_is_told_of_by_its_own(town: Town, server: RobotServer) -> None:
    town.pass_minutes(10, *FIVE, MET)
    town.pass_minutes(6, VACANT, *FIVE[1:], MET)

    assert open_alarms(town) == ["S-01", "district/D-1"]
    assert [text for name, text in told(server) if name == "lead"][-1].startswith("【在岗】01：08:10 起无人在岗")


def test_a_restart_repeats_nothing_and_waits_no_longer(town: Town, server: RobotServer) -> None:
    town.pass_minutes(10, *FIVE, MET)
    town.restart()
    town.pass_minutes(7, *FIVE, MET)
    assert [name for name, _ in told(server)] == ["lead"]
    town.pass_minutes(2, *FIVE, MET)
    assert [name for name, _ in told(server)] == ["lead", "county"]
    town.restart()
    town.pass_minutes(1, MET)

    assert [name for name, _ in told(server)] == ["lead", "county", "county", "lead"]
    assert open_alarms(town) == members(town) == []


def test_acknowledged_it_rises_no_further_and_closed_nobody_hears_of_its_end(town: Town, server: RobotServer) -> None:
    town.pass_minutes(20, *FIVE, MET)
    number = town.all(AlarmRow)[0].number
    with town.act() as connection:
        Actor(connection, "county", 1).acknowledge(number)
    town.pass_minutes(30, *FIVE, MET)
    assert [name for name, _ in told(server)] == ["lead", "county"]
    with town.act() as connection:
        Actor(connection, "county", 1).close(number, "a digger")
    town.pass_minutes(1, MET)

    assert [name for name, _ in told(server)] == ["lead", "county", "lead"]


def test_closing_ends_it_without_a_word(town: Town, server: RobotServer) -> None:
    town.pass_minutes(20, *FIVE, MET)
    town.pass_minutes(1, *[CLOSED] * 5, MET)

    assert [(row.station, row.ending) for row in town.all(AlarmRow)] == [("district/D-1", "closing")]
    assert members(town) == []
    assert [name for name, _ in told(server)] == ["lead", "county"]


def test_nothing_is_waited_for_of_a_group_that_is_over(town: Town, server: RobotServer) -> None:
    town.pass_minutes(20, *FIVE, MET)
    due = town.keeper.next_due()
    assert due is not None
    assert due > town.clock.now()

    town.pass_minutes(1, *[CLOSED] * 5, MET)

    assert town.keeper.next_due() is None


def test_nothing_is_waited_for_of_a_station_that_the_city_has_no_more(town: Town, server: RobotServer) -> None:
    town.pass_minutes(3, VACANT, MET)
    assert town.keeper.next_due() is not None

    town.codes = CODES[1:]
    town.pass_minutes(1, MET)

    assert town.keeper.next_due() is None


@pytest.mark.parametrize("is_linked", [True, False])
def test_closed_while_no_hub_ran_it_ends_without_a_word_and_is_told_anew(
    town: Town, server: RobotServer, monkeypatch: pytest.MonkeyPatch, *, is_linked: bool
) -> None:
    """They are silent still: nobody came back. A hub that begins may not have its broker yet."""
    town.pass_minutes(20, *FIVE, MET)
    before = told(server)
    town.seconds += 12 * 3600
    town.restart()
    monkeypatch.setattr(town.keeper, "_is_linked", lambda: is_linked)
    town.pass_minutes(1, *FIVE, MET)
    assert [row.ending for row in town.all(AlarmRow)] == ["closing"]
    assert told(server) == before

    monkeypatch.setattr(town.keeper, "_is_linked", lambda: True)
    town.pass_minutes(5, *FIVE, MET)
    assert open_alarms(town) == ["district/D-1"]
    assert [name for name, _ in told(server)] == ["lead", "county", "lead"]


def test_closed_while_no_hub_ran_it_was_over_then(town: Town, server: RobotServer) -> None:
    town.pass_minutes(20, *FIVE, MET)
    town.seconds += 12 * 3600
    town.restart()
    town.pass_minutes(1, *FIVE, MET)

    assert [row.over_ms for row in town.all(AlarmRow)] == [ms_of(at(11, 30))]


@pytest.mark.parametrize("begins_anew", [False, True])
@pytest.mark.parametrize(("now", "ending"), [(CLOSED, "closing"), (MET, "met")])
def test_how_it_ends_is_so_though_that_could_not_be_written_at_once(
    town: Town, server: RobotServer, monkeypatch: pytest.MonkeyPatch, now: DutyClass, ending: str, *, begins_anew: bool
) -> None:
    """Who leaves it is written first; by then the hub may be another."""
    town.pass_minutes(20, *FIVE, MET)
    before = len(told(server))
    with monkeypatch.context() as troubled:
        troubled.setattr(town.keeper._writing, "keep", locked)
        town.keeper.look(town.rows((*[now] * 5, MET)))
        with pytest.raises(StoreTroubleError):
            town.keeper.work()
    assert members(town) == []

    if begins_anew:
        town.restart()
    town.pass_minutes(1, *[now] * 5, MET)

    assert [row.ending for row in town.all(AlarmRow)] == [ending]
    assert [name for name, _ in told(server)[before:]] == ([] if now is CLOSED else ["county", "lead"])


@pytest.mark.parametrize(("now", "ending"), [(CLOSED, "closing"), (MET, "met")])
def test_how_it_ends_is_so_though_the_hub_is_another_once_the_city_is_back(
    town: Town, server: RobotServer, now: DutyClass, ending: str
) -> None:
    town.pass_minutes(20, *FIVE, MET)
    town.pass_minutes(2, *[UNKNOWN] * 16, MET)
    town.pass_minutes(2, *[now] * 3, *[UNKNOWN] * 15, MET)

    town.restart()
    town.pass_minutes(2, *[now] * 3, UNKNOWN, UNKNOWN, MET)

    assert [row.ending for row in town.all(AlarmRow) if row.station.startswith("district")] == [ending]


def locked(*_: object) -> None:
    raise StoreTroubleError("database is locked")


def test_of_whom_the_last_closed_in_an_outage_of_the_city_nobody_is_said_to_be_back(
    town: Town, server: RobotServer
) -> None:
    town.pass_minutes(20, *FIVE, MET)
    town.pass_minutes(2, *[UNKNOWN] * 16, MET)
    before = [text for name, text in told(server) if name == "county"]
    town.pass_minutes(2, *[CLOSED] * 3, *[UNKNOWN] * 15, MET)
    town.pass_minutes(2, *[CLOSED] * 3, UNKNOWN, UNKNOWN, MET)

    assert [row.ending for row in town.all(AlarmRow) if row.station.startswith("district")] == ["closing"]
    assert [text for name, text in told(server) if name == "county"] == before


def test_three_are_alarms_of_their_own(town: Town, server: RobotServer) -> None:
    town.pass_minutes(5, *FIVE[:3], MET)

    assert open_alarms(town) == [*CODES[:3]]
    assert [name for name, _ in told(server)] == ["lead"]


def test_each_silent_station_is_in_one_alarm_through_an_outage_of_the_city(town: Town, server: RobotServer) -> None:
    town.pass_minutes(5, *FIVE, MET)
    town.pass_minutes(5, *[UNKNOWN] * 15, MET)
    assert open_alarms(town) == ["", "district/D-1"]
    town.pass_minutes(2, MET, *[UNKNOWN] * 8, MET)
    assert members(town) == [*CODES[1:5]]
    town.pass_minutes(2, MET, MET, MET, *[UNKNOWN] * 3, MET)

    assert open_alarms(town) == ["S-04", "S-05", "S-06"]
    assert told(server)[0][0] == "lead"


def test_where_one_has_nobody_of_its_own_the_county_hears_at_once(town: Town, server: RobotServer) -> None:
    with town.act() as connection:
        Actor(connection, "clerk", 1).remove_channel("other-S-05")

    town.pass_minutes(4, *FIVE, MET)

    assert [name for name, _ in told(server)] == ["county", "lead"]


def test_a_station_that_the_city_has_no_more_leaves(town: Town, server: RobotServer) -> None:
    town.pass_minutes(5, *FIVE, MET)
    town.codes = CODES[1:]
    town.pass_minutes(1, *FIVE[1:], MET)

    assert members(town) == [*CODES[1:5]]
    assert told(server) == [("lead", "【在岗】01：08:00 起终端失去联系，无法判断是否有人在岗")]


def test_vacancies_of_a_district_stay_alarms_of_their_own_and_are_one_line_of_a_message(
    town: Town, server: RobotServer
) -> None:
    town.pass_minutes(22, *(VACANT,) * 5, MET)

    assert open_alarms(town) == [*CODES[:5]]
    lead, (county, line) = told(server)
    assert lead[0] == "lead"
    assert county == "county"
    assert line == "【在岗】5 条提醒\n东样区 5 站 08:00 起无人在岗：01、02、03、04、05（仍未处理）"
