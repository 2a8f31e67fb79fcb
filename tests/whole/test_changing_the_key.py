"""The site key is changed over a real Mosquitto with its rights, a serving hub and a kiosk's agent: nobody is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Select, select

from devices.signals import Signal
from edge.config import BrokerConfig, LimitsConfig
from hub.__main__ import main
from hub.asking.asked import CommandOutcome
from hub.certificates.cabinet import Cabinet
from hub.database.engine import open_engine
from hub.database.journal_tables import JournalRecord
from hub.database.key_tables import CardName
from hub.database.ledger_tables import StintRow
from hub.database.people_tables import CardRow, Holding, Membership, Volunteer
from hub.database.transactions import reading, table_of
from hub.fleet.rotating import view_keys
from hub.site_key import FILE_NAME, NEXT_FILE, read_site_key
from station.token import fingerprint_of, token_of
from tests.bench.brokers import mosquitto_path
from tests.edge.rig import SITE_KEY, card, token
from tests.hub.cities import ADDED_MS, SINCE, enter, raise_edition
from tests.hub.running import until
from tests.hub.whole.conftest import folder
from tests.whole.test_commands import asking
from tests.whole.test_renewing import broker, clock, config, hub
from tests.whole.wired_kiosk import STATION, WiredKiosk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hub.config import HubConfig
    from station.clock import Clock
    from tests.hub.mosquitto.site import RunningBroker
    from tests.whole.test_commands import Asking

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(mosquitto_path() is None, reason="mosquitto is not installed"),
]
__all__ = ["asking", "broker", "clock", "config", "folder", "hub"]
TAPS, IDLE = 1, 2
TAP_ROWS = select(table_of(JournalRecord)).where(JournalRecord.kind == "tap").order_by(JournalRecord.seq)


@pytest.fixture(autouse=True)
def city(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two volunteers whose cards were entered under the first key."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    (folder / FILE_NAME).touch(mode=0o600)
    (folder / FILE_NAME).write_text(SITE_KEY.hex())
    engine = open_engine(f"sqlite:///{folder / 'zaigang.sqlite'}")
    for number in (TAPS, IDLE):
        person = f"q{number}"
        enter(engine, [
            Volunteer(person=person, number=f"Q{number}", full_name="样本人", trained_on=SINCE),
            Membership(station=STATION, person=person, from_day=SINCE),
            CardRow(token=token(number), technology="iso14443a", added_ms=ADDED_MS),
            Holding(token=token(number), from_ms=0, person=person),
        ])  # fmt: skip
    raise_edition(engine)
    engine.dispose()


@pytest.fixture
def kiosk(config: HubConfig, broker: RunningBroker, clock: Clock, tmp_path: Path) -> Iterator[WiredKiosk]:
    own = tmp_path / "stick" / "identity"
    for file in own.iterdir():
        file.chmod(0o600)
    way = BrokerConfig("127.0.0.1", broker.tls_port, "", None, own / "ca.crt", own / "kiosk.crt", own / "kiosk.key")
    with WiredKiosk(tmp_path, way, clock) as made:
        made.config = replace(made.config, limits=LimitsConfig(guard_s=0.2, hold_s=0.1))
        yield made


def test_a_key_is_changed_and_who_tapped_is_known_under_both(
    config: HubConfig, asking: Asking, kiosk: WiredKiosk, capsys: pytest.CaptureFixture[str]
) -> None:
    kiosk.start()
    keys = kiosk.agent.kiosk.site_keys
    assert main(["key", "rotate", "--why", "stolen"]) == 0
    wanted = fingerprint_of(read_site_key(config.data_dir / NEXT_FILE))

    until(lambda: keys.next_mark == wanted)
    until(lambda: [each.outcome for each in asking.history()] == [CommandOutcome.DONE])
    until(lambda: kiosk.agent.kiosk.people.has_roster)
    assert kiosk.touch(TAPS) is Signal.ARRIVED
    until(lambda: rows(config, select(table_of(CardName))) and not lacking(config))
    assert main(["key", "finish"]) == 1
    assert capsys.readouterr().err.startswith("too early: 4 cards were not tapped since, and 90 days are not over;")
    assert main(["key", "finish", "--anyway"]) == 0

    until(lambda: keys.mark == wanted)
    assert keys.next_mark == ""
    assert kiosk.touch(TAPS) is Signal.LEFT
    new = token_of(read_site_key(config.data_dir / FILE_NAME), "iso14443a", card(TAPS).number)
    until(lambda: [each.token for each in rows(config, TAP_ROWS)] == [token(TAPS), new])
    until(lambda: [(one.person, one.end) for one in rows(config, select(table_of(StintRow)))] == [("q1", "leave")])


def rows(config: HubConfig, query: Select[Any]) -> list[Any]:
    engine = open_engine(config.database_url)
    with reading(engine) as connection:
        found = list(connection.execute(query))
    engine.dispose()
    return found


def lacking(config: HubConfig) -> list[str]:
    engine = open_engine(config.database_url)
    with reading(engine) as connection:
        found = [each.id for each in view_keys(connection, Cabinet(config.data_dir)).lacking]
    engine.dispose()
    return found
