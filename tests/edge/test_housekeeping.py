"""A kiosk's housekeeping: what one thing meets keeps nothing else from being done."""

import logging

import pytest

from edge import ages
from edge.housekeeping import CHECKPOINT_EVERY_S, FORGET_EVERY_S, KioskHousekeeping
from edge.store import open_store
from station.wire.messages import Through
from tests.edge.hub_in_memory import epoch, pulse
from tests.edge.rig import duty


@pytest.fixture
def store(tmp_path):
    made = open_store(tmp_path / "data")
    made.journal.begin(epoch(1), "b", pulse)
    yield made
    made.close()


@pytest.fixture
def obstacle(store):
    """What keeps the hub's hours from being written."""
    made = store.home.path / "duty.json.fresh"
    made.mkdir()
    return made


def test_hours_that_came_while_the_disk_was_full_are_there_once_there_is_room(store, obstacle):
    house = KioskHousekeeping(store)
    house.keep(duty(), 0.0)
    obstacle.rmdir()

    house.keep_up(CHECKPOINT_EVERY_S)

    assert store.told.read_duty() == duty()


def test_old_records_are_forgotten_though_the_hours_cannot_be_written(store, obstacle, monkeypatch):
    house = KioskHousekeeping(store)
    house.keep(duty(), 0.0)
    monkeypatch.setattr(ages, "KEEP_MS", 0)
    store.retention.settle({epoch(1): Through(1, aged=1)})

    house.keep_up(FORGET_EVERY_S)

    assert store.journal.kept()[epoch(1)].kept_from == 2


def test_a_disk_that_stays_full_is_complained_of_once(store, obstacle, caplog):
    house = KioskHousekeeping(store)
    house.keep(duty(), 0.0)

    for second in range(1, 200):
        house.keep_up(float(second))

    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "duty.json.fresh: Is a directory" in caplog.text
