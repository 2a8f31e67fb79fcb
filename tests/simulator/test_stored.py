"""Beeps held against what a hub stored, kept, forgot or stored twice."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from simulator.acts import Beeped
from simulator.play import HeardBeep
from simulator.stored import BeepCount, SettledTap, count, read_stored
from tests.simulator.world import CARD, OTHER_CARD, moment

SLACK = timedelta(seconds=30)


def token(card):
    return card.number.hex()


def beep(at, card=CARD, kiosk="clinic-a"):
    return HeardBeep(kiosk, card, Beeped.ARRIVED, moment(at), moment(at) + timedelta(seconds=3))


def record(at, card=CARD, kiosk="clinic-a", seq=1):
    return SettledTap(kiosk, "0" * 16, seq, token(card), moment(at) + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("heard", "stored", "expected"),
    [
        ([beep("08:00")], [record("08:00")], BeepCount(1, 0, 0, 0)),
        ([beep("08:00")], [], BeepCount(0, 1, 0, 0)),
        ([beep("08:00")], [record("08:00"), record("08:00", seq=2)], BeepCount(1, 0, 1, 0)),
        ([beep("08:00")], [record("08:09")], BeepCount(0, 1, 0, 1)),
        ([beep("08:00")], [record("08:00", OTHER_CARD)], BeepCount(0, 1, 0, 1)),
        ([beep("08:00")], [record("08:00", kiosk="clinic-b")], BeepCount(0, 1, 0, 1)),
        ([], [record("08:00")], BeepCount(0, 0, 0, 1)),
        ([beep("08:00"), beep("08:07")], [record("08:07", seq=2), record("08:00")], BeepCount(2, 0, 0, 0)),
    ],
)
def test_every_beep_has_exactly_one_record(heard, stored, expected):
    assert count(heard, stored, token, SLACK) == expected


def test_the_hubs_own_tables_are_read(tmp_path):
    from sqlmodel import SQLModel, create_engine

    from hub.database import journal_tables

    file = tmp_path / "hub.sqlite"
    engine = create_engine(f"sqlite:///{file}")
    SQLModel.metadata.create_all(engine, tables=[journal_tables.Run.__table__, journal_tables.JournalRecord.__table__])
    engine.dispose()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "INSERT INTO run (id, kiosk, epoch, station, kept_from, through, last_at_ms) VALUES (1, 'k', 'e', 's', 1, 2, 0)"
        )
        for seq, kind in ((1, "started"), (2, "tap")):
            connection.execute(
                "INSERT INTO record (run, seq, kind, at_ms, clock, boot, mono_ms, token, stored_ms)"
                " VALUES (1, ?, ?, 1500, 'synced', 'b', 0, 'a', 0)",
                (seq, kind),
            )

    (stored,) = read_stored(file)

    assert stored[:4] == ("k", "e", 2, "a")
    assert stored.at.timestamp() == 1.5
