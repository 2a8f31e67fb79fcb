"""From a tap at a kiosk to the coverage that the running hub tells."""

import pytest

from station.names import KioskId
from station.wire import topics
from tests.hub.intake.messages import STATION, journal, state, tap
from tests.hub.running import Listener, RunningHub, until

pytestmark = pytest.mark.broker
KIOSK = KioskId("K-01-1")
SETTLED = topics.settled(STATION, KIOSK)
ADDRESS = "/api/v1/stations/S-01/coverage"


def test_a_tap_is_in_the_days_figures_within_moments(hub: RunningHub, broker_port: int) -> None:
    kiosk = Listener(broker_port, SETTLED)
    kiosk.send(state(kiosk=KIOSK, n=1))
    kiosk.send(journal(tap(1, 25), tap(2, 26, person=2), tap(3, 28, person=2), kiosk=KIOSK, n=2))
    kiosk.wait(SETTLED, lambda said: said["n"] == 2)

    def days() -> list[dict]:  # type: ignore[type-arg]
        return list(hub.get(ADDRESS)["days"])

    until(lambda: days() and days()[0]["seconds"]["person"] > 0)
    seconds = days()[0]["seconds"]
    assert seconds["opened"] == seconds["met"] + seconds["minimum"] + seconds["vacant"] + seconds["unknown"]
    assert days()[0]["verdict"] == "running"
    assert hub.get("/api/v1/coverage")["stations"][0]["station"] == "S-01"
    kiosk.close()
