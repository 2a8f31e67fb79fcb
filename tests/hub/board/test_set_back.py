"""A hub that was started by a clock hours ahead shows what is so, once the clock is right."""

from hub.presence.liveness import KioskStatus
from station.duty import DutyClass
from station.names import KioskId
from tests.hub.board.town import STATION, Town, at, state

KIOSK = KioskId("K-1")


def test_a_dead_kiosk_is_lost_and_its_station_unknown_though_the_hub_started_eight_hours_ahead() -> None:
    town = Town(now_text="17:00")
    town.liveness.hear_state(KIOSK, state(at=at("09:00")), at("17:00"))
    town.board.refresh([STATION], None)

    for text in ("17:00:01", "09:00:02", "09:03", "09:03:03"):
        town.pass_time(text)

    assert town.liveness.status(KIOSK, at("09:03:03")) is KioskStatus.LOST
    assert [row for row in town.rows if row.code == STATION][-1].duty_class is DutyClass.UNKNOWN


def test_who_is_there_stays_there_when_the_clock_is_set_back() -> None:
    town = Town(now_text="17:00")
    town.tap(1, "08:10")

    town.pass_time("09:00")

    assert town.row().on_duty == 1
