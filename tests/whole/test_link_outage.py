"""A month without a link, then the link: all of it arrives, once, in order, and in no more bytes than a slow line has."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from edge import exchange
from station.wire import topics
from tests.edge.brokers import eventually
from tests.edge.lines import WornLine
from tests.edge.parrot import Parrot
from tests.whole.outage import DAYS, PATIENCE_S, RECORDS, OfflineKiosk, Said, Spy, but_pulses, hub_of_one_city
from tests.whole.station_at_work import StationAtWork

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]
MOST_BYTES = 300  # of a record, all in: 24,000 in 15 min at 64 kbit/s
LINE_BYTES_PER_S = 8000.0  # 64 kbit/s


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StationAtWork]:
    with hub_of_one_city(tmp_path_factory.mktemp("hub")) as at_work:
        yield at_work


def test_a_month_offline_arrives_once_and_in_order_in_full_messages(city: StationAtWork, tmp_path: Path) -> None:
    kiosk = OfflineKiosk(city, tmp_path / "kiosk", place=0)
    kiosk.pile_up(RECORDS, runs=DAYS)
    line = WornLine(city.premises.broker_port)
    spy = Spy(city.premises.broker_port, kiosk)

    with kiosk.linked(line.port) as agent:
        assert eventually(lambda: kiosk.settled() == RECORDS + 1, PATIENCE_S), kiosk.settled()
        assert agent.kiosk.store.retention.forget_old() == 0
    spy.close()
    line.close()

    held = kiosk.held()
    assert len(held) == RECORDS + 1  # and that it began
    assert but_pulses(kiosk.held_by_hub()) == but_pulses(held)
    assert [epoch for epoch, _ in groupby(said.epoch for said in spy.said)] == list(
        dict.fromkeys(h.epoch for h in held)
    )
    assert all(_goes_on(list(said)) for _, said in groupby(spy.said, lambda said: said.epoch))
    assert len(spy.said) <= RECORDS / exchange.MOST_RECORDS * 1.25 + 5  # 800 of a run are eight messages
    assert line.wire_bytes() / len(held) <= MOST_BYTES


def test_at_64_kbit_nothing_is_said_again_while_it_is_on_its_way(
    city: StationAtWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "FIRST_RETRY_S", 3.0)  # less than a message takes here
    kiosk = OfflineKiosk(city, tmp_path / "kiosk", place=1)
    kiosk.pile_up(400, runs=1)
    line = WornLine(city.premises.broker_port, bytes_per_s=LINE_BYTES_PER_S)
    spy = Spy(city.premises.broker_port, kiosk)

    with kiosk.linked(line.port):
        assert eventually(lambda: kiosk.settled() == 401, PATIENCE_S), kiosk.settled()
    spy.close()
    line.close()

    assert but_pulses(kiosk.held_by_hub()) == but_pulses(kiosk.held())
    assert line.wire_bytes() / 401 <= MOST_BYTES  # a busy hub may let one message be said again, no more


def test_where_the_broker_doubles_and_mixes_up_everything_the_hub_holds_each_record_once(
    city: StationAtWork, tmp_path: Path
) -> None:
    kiosk = OfflineKiosk(city, tmp_path / "kiosk", place=2)
    kiosk.pile_up(2000, runs=2)
    address = kiosk.station, kiosk.id
    parrot = Parrot(
        city.premises.broker_port, topics.journal(*address), topics.settled(*address), topics.state(*address)
    )

    with kiosk.linked(city.premises.broker_port):
        assert eventually(lambda: kiosk.settled() == 2001, PATIENCE_S), kiosk.settled()
        assert eventually(lambda: parrot.repeated >= 100, PATIENCE_S)
    parrot.close()

    assert but_pulses(kiosk.held_by_hub()) == but_pulses(kiosk.held())
    assert kiosk.conflicts() == 0


def _goes_on(said: list[Said]) -> bool:
    """Whether no message begins behind what was said before; said twice is allowed, left out is not."""
    told = 0
    for one in said:
        if one.first > told + 1:
            return False
        told = max(told, one.first + one.count - 1)
    return True
