"""The ledger of a hub that serves: from a message on a broker to a check beside it."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.database.engine import open_engine
from hub.database.transactions import reading
from hub.ledger.queries import read_outlines
from station.clock import Clock, boottime_s
from station.names import KioskId
from station.records import Action
from station.wire import topics
from tests.databases import make_tables
from tests.hub.cities import make_city
from tests.hub.intake.messages import BEGAN, STATION, journal, tap
from tests.hub.ledger.bench import LedgerBench
from tests.hub.running import Listener, hub_config, running_hub, until
from tests.ports import free_port

KIOSK = KioskId("K-01-1")
PATIENCE_S = 60.0


@pytest.mark.broker
def test_what_a_kiosk_sends_is_in_the_ledger_and_checks_beside_the_serving_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    config = hub_config(tmp_path, port, embedded=True)
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(tmp_path))
    engine = open_engine(config.database_url)
    make_tables(engine)
    make_city(engine)
    bench = LedgerBench(engine)

    def folded() -> int:
        with reading(engine) as connection:
            return sum(outline.folded for _, outline in read_outlines(connection, [KIOSK]))

    with running_hub(config, Clock(began_at=BEGAN + timedelta(hours=2), anchor_s=boottime_s())):
        kiosk = Listener(port, topics.settled(STATION, KIOSK))
        kiosk.send(journal(tap(1, 25), tap(2, 95, Action.LEAVE), kiosk=KIOSK, n=1))
        until(lambda: folded() == 2, PATIENCE_S)
        kiosk.send(journal(tap(3, 100, person=2), kiosk=KIOSK, n=2))
        until(lambda: folded() == 3, PATIENCE_S)

        status = main(["rebuild", "--check"])

        kiosk.close()
    assert (status, capsys.readouterr().err) == (0, "")
    assert bench.stints() == [("p1", "08:25", "09:35", "leave"), ("p2", "09:40", "11:30", "assumed")]
    engine.dispose()
