"""A hub that was started by a clock hours ahead shows what is so, once the clock is right."""

from pathlib import Path

from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from hub.database.transactions import snapshot
from hub.findings import Findings
from hub.presence.board_view import BoardRow
from hub.presence.city import City
from hub.presence.liveness import KioskStatus
from hub.register.reading import read_directory
from station.clock import Clock
from station.duty import DutyClass
from station.hours import SHANGHAI
from station.names import KioskId
from tests.hub.board.town import MIDNIGHT, at, state
from tests.hub.cities import make_city

KIOSK = KioskId("K-01-1")


class Hands:
    """A clock's, moved by hand."""

    def __init__(self, text: str) -> None:
        self.set(text)

    def set(self, text: str) -> None:
        self.now = at(text)

    def clock(self) -> Clock:
        return Clock(began_at=MIDNIGHT, anchor_s=0.0, boot_s=self.seconds)

    def seconds(self) -> float:
        return (self.now - MIDNIGHT).total_seconds()


def test_a_dead_kiosk_is_lost_and_its_station_unknown_though_the_hub_started_eight_hours_ahead(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    prepare_schema(engine)
    make_city(engine)
    hands = Hands("17:00")
    with snapshot(engine) as connection:
        city = City(read_directory(connection, SHANGHAI), SHANGHAI, hands.clock(), Findings(hands.clock()))
    city.recall(engine)
    engine.dispose()
    city.liveness.hear_state(KIOSK, state(at=at("09:00")), at("17:00"))
    city.board.refresh(["S-01"], None)
    rows: list[BoardRow] = []
    city.board.subscribe(rows.extend)

    for text in ("17:00:01", "09:00:02", "09:03", "09:03:03"):
        hands.set(text)
        city.begin_day(hands.now)
        city.board.advance(hands.now)

    assert city.liveness.status(KIOSK, hands.now) is KioskStatus.LOST
    assert rows[-1].duty_class is DutyClass.UNKNOWN
