"""One bad record never blocks those beside or behind it, and stays with all that it brought."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hub.database.journal_tables import JournalRecord
from hub.findings import FindingKind
from hub.intake import settling
from hub.intake.rows import UNREADABLE
from hub.intake.sorting import Delivery
from station.wire.messages import Kept
from tests.hub.intake.bench import Bench
from tests.hub.intake.kiosk_at_work import KioskAtWork
from tests.hub.intake.messages import EPOCH, KIOSK, journal, state, tap
from tests.hub.intake.taking import Mouth

STAMP = {"seq": 2, "at": "2026-03-05T00:00:00.000Z", "clock": "synced", "boot": "b", "mono_ms": 1}
DEEP: Any = json.loads("[" * 300 + "]" * 300)
STRANGE = {
    "a lone surrogate in a kind that nobody knows": {**STAMP, "kind": "later", "text": "\ud800"},
    "a lone surrogate as a name": {**STAMP, "kind": "later", "\ud800": 1},
    "a kind that nobody knows, very deep": {**STAMP, "kind": "later", "parts": DEEP},
    "very deep": DEEP,
    "a lone surrogate": {**STAMP, "kind": "note", "text": "\ud800"},
    "a number that fits nowhere": {**STAMP, "kind": "later", "count": 10**400},
    "not a number": {**STAMP, "kind": "later", "count": float("nan")},
    "NUL": {**STAMP, "kind": "no\0te"},
    "no object": None,
    "before all calendars": {**STAMP, "kind": "pulse", "at": "0001-01-01T00:00:00.000+14:00"},
    "a list for a word": {**STAMP, "kind": ["tap"], "clock": ["synced"]},
    "as long as a message": {**STAMP, "kind": "tap", "token": "x" * 60_000},
}


def with_second(record: Any, n: int = 1) -> Delivery:
    """Three records, the second of them strange."""
    sound = journal(tap(1), tap(2), tap(3), n=n)
    body = json.loads(sound.payload)
    body["records"][1] = record
    return sound._replace(payload=json.dumps(body).encode())


def bodies(hub: Bench) -> dict[int, Any]:
    """What is stored of each record beside its columns."""
    with hub.engine.connect() as connection:
        rows = connection.execute(select(JournalRecord.seq, JournalRecord.kind, JournalRecord.body))
        return {row.seq: json.loads(row.body) for row in rows if row.kind == UNREADABLE}


@pytest.mark.parametrize("record", STRANGE.values(), ids=STRANGE)
def test_a_strange_record_blocks_nothing(hub: Bench, record: Any):
    assert hub.through(with_second(record)) == {EPOCH: 3}
    assert hub.through(journal(tap(4), n=2)) == {EPOCH: 4}


def test_what_fails_its_checks_stays_with_every_byte(hub: Bench):
    strange = {**STAMP, "kind": "tap", "token": "0" * 50_000, "more": "样"}

    hub.take(with_second(strange))

    kept = bodies(hub)[2]
    assert json.loads(kept["found"]) == strange
    assert "token" in kept["reason"]
    assert hub.found(FindingKind.UNREADABLE) == [KIOSK]


def test_a_record_over_which_the_hub_itself_fails_is_kept_aside_alone(hub: Bench, monkeypatch: pytest.MonkeyPatch):
    rows_of = settling.rows_of

    def fails_over_seq_2(message: Any, *of: int) -> Any:
        rows = rows_of(message, *of)
        if any(row[1] == 2 and row[2] == "tap" for row in rows):
            raise ZeroDivisionError
        return rows

    monkeypatch.setattr(settling, "rows_of", fails_over_seq_2)
    mouth = Mouth(hub)
    mouth.taking.take([journal(tap(1), tap(2), tap(3), n=1), journal(tap(4), n=2)])

    assert hub.seqs() == [(EPOCH, seq) for seq in (1, 2, 3, 4)]
    assert mouth.answers[-1].epochs[EPOCH].through == 4
    assert json.loads(bodies(hub)[2]["found"])["token"] == f"{1:032x}"
    assert hub.found(FindingKind.FAULT) == ["zaigang/v1/S-01/K-01/journal"]


def test_an_agent_gets_past_a_record_that_its_disk_spoilt_and_one_too_long_to_be_sent(hub: Bench, tmp_path: Path):
    kiosk = KioskAtWork(tmp_path / "kiosk", hub)
    kiosk.tap(6)
    with kiosk.journal.transaction() as database:
        database.execute("UPDATE records SET body = ? WHERE seq = 3", ("{spoilt",))
        database.execute("UPDATE records SET body = CAST(x'7bff00fe' AS TEXT) WHERE seq = 4")
        long = json.dumps({**STAMP, "seq": 5, "kind": "later", "text": "x" * 200_000})
        database.execute("UPDATE records SET body = ? WHERE seq = 5", (long,))

    kiosk.talk(beats=40)
    kiosk.close()

    assert kiosk.lacking() == set()


def test_a_message_that_cannot_be_read_is_kept_whole_and_its_records_come_one_by_one(hub: Bench, tmp_path: Path):
    kiosk = KioskAtWork(tmp_path / "kiosk", hub)
    kiosk.tap(9)
    carried, spoilt = kiosk._carry, []

    def spoil_long_ones(message: Any) -> None:
        if b'"first":' in message.payload and message.payload.count(b'"seq":') > 1:
            spoilt.append(message.payload[:-1])
            message = message._replace(payload=message.payload[:-1])
        carried(message)

    kiosk._carry = spoil_long_ones
    kiosk.talk(beats=10)
    kiosk.close()

    assert kiosk.lacking() == set()
    assert [aside.found.encode() for aside in hub.aside()] == spoilt
    assert spoilt
    assert hub.found(FindingKind.UNREADABLE) == [KIOSK]
    assert hub.through(state(n=99, epochs={kiosk.epoch: Kept(1, 10)})) == {kiosk.epoch: 10}
