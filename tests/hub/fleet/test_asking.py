"""What was asked of kiosks goes in the end; what a kiosk was commissioned by stays."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.asking.asked import KEPT, ask, read_commands
from hub.asking.dispatch import FORGET_EVERY_S, Dispatch
from hub.asking.kinds import COMMISSION, IDENTIFY
from hub.database.transactions import reading, writing
from station.hours import SHANGHAI
from station.names import KioskId
from tests.hub.cities import make_city

NOW = datetime(2026, 3, 5, 1, tzinfo=UTC)
KIOSK = KioskId("K-01-1")


class Hours:
    """A clock that a test turns on."""

    def __init__(self):
        self.at, self.seconds = NOW, 0.0

    def now(self):
        return self.at

    def turn(self, by):
        self.at += by
        self.seconds += by.total_seconds()


@pytest.fixture
def hours():
    return Hours()


@pytest.fixture
def dispatch(engine, hours):
    make_city(engine)
    with writing(engine) as connection:
        for kind in (IDENTIFY, COMMISSION):
            ask(connection, KIOSK, kind, by="clerk", now=NOW)
    return Dispatch(engine, hours, lambda: hours.seconds, SHANGHAI)


def names(engine):
    with reading(engine) as connection:
        return {asked.name for asked in read_commands(connection, KIOSK)}


def test_what_expired_long_ago_is_forgotten_but_for_the_commissioning(dispatch, engine, hours):
    hours.turn(KEPT)
    dispatch.send_due(lambda *_, **__: True)
    assert names(engine) == {"identify", "commission"}

    hours.turn(IDENTIFY.lasts + timedelta(seconds=FORGET_EVERY_S))
    dispatch.send_due(lambda *_, **__: True)

    assert names(engine) == {"commission"}
