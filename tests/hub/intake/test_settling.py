"""What is settled, when, and what never is (protocol.md, Settling, the hub's side)."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.database import sqlite
from hub.database.journal_tables import JournalRecord, KioskSeen
from hub.database.transactions import StoreTroubleError, table_of, writing
from hub.findings import FindingKind
from hub.intake import aside
from hub.intake.sorting import BirthRead, Delivery
from hub.intake.storing import Batch, Storing
from hub.rebuilding.rereading import reread
from station.names import Epoch, KioskId, Seq, Session, StationCode
from station.records import Action
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import QUESTION, HubState, Kept, Settled, Through
from tests.databases import locked, only_read, only_sqlite
from tests.hub.intake.bench import Bench, bench
from tests.hub.intake.messages import BEGAN, EPOCH, KIOSK, SESSION, STATION, journal, known_kiosk, pulse, state, tap


def test_what_is_stored_is_settled_with_session_and_highest_n(hub: Bench):
    outcome = hub.take(journal(tap(1), n=3), journal(tap(2), n=4))

    ((topic, payload),) = outcome.answers
    assert topic == topics.settled(STATION, KIOSK)
    assert payload == encode(Settled(SESSION, 4, {EPOCH: Through(2)}, BEGAN))
    assert hub.seqs() == [(EPOCH, 1), (EPOCH, 2)]


def test_the_same_message_again_is_settled_again_and_stored_once(hub: Bench):
    message = journal(tap(1), tap(2, 5, Action.LEAVE))
    hub.take(message, message)

    assert hub.through(message) == {EPOCH: 2}
    assert hub.seqs() == [(EPOCH, 1), (EPOCH, 2)]
    assert not hub.found(FindingKind.CONFLICT)


def test_a_restarted_hub_knows_how_far_it_had_settled(hub: Bench):
    hub.take(journal(tap(1), tap(2)))

    hub.start()

    assert hub.through(state(epochs={EPOCH: Kept(1, 2)})) == {EPOCH: 2}
    assert hub.through(journal(tap(3), n=2)) == {EPOCH: 3}


def test_a_state_is_answered_for_each_epoch_with_zero_where_nothing_is_known(hub: Bench):
    hub.take(journal(tap(1)))
    other = Epoch("0" * 16)

    assert hub.through(state(n=2, epochs={EPOCH: Kept(1, 1), other: Kept(1, 9)})) == {EPOCH: 1, other: 0}


def test_a_state_without_epochs_is_answered_too(hub: Bench):
    settled = hub.settled(state(n=7))

    assert (settled.n, settled.epochs) == (7, {})


def test_nothing_that_a_revoked_kiosk_says_is_taken_or_answered(hub: Bench):
    hub.take(journal(tap(1)))
    hub.start(replace(known_kiosk(), revoked_ms=1))

    assert hub.take(journal(tap(2), n=2), state(n=3)).answers == []
    assert hub.found(FindingKind.UNKNOWN_KIOSK) == [f"{known_kiosk().station}/{KIOSK}"]
    hub.start()
    assert hub.through(state(n=4, epochs={EPOCH: Kept(1, 2)})) == {EPOCH: 1}


def test_what_the_hub_takes_away_at_the_broker_is_no_finding(hub: Bench):
    hub.start(replace(known_kiosk(), revoked_ms=1))

    hub.take(Delivery(state().topic, b""))

    assert hub.found(FindingKind.UNKNOWN_KIOSK) == []


def test_a_will_is_answered_to_nobody(hub: Bench):
    assert hub.take(state(online=False)).answers == []


def test_a_state_that_the_broker_kept_is_no_sign_of_life_for_the_next_run_of_the_hub_either(hub: Bench):
    hub.take(state(retained=True))
    assert last_seen(hub) == []

    hub.take(state(n=2))
    hub.take(state(online=False, retained=True))

    assert last_seen(hub) == [(KIOSK, False)]


def last_seen(hub: Bench) -> list[tuple[str, bool]]:
    with hub.engine.connect() as connection:
        return [(row.kiosk, bool(row.online)) for row in connection.execute(select(table_of(KioskSeen)))]


def test_two_sessions_in_one_batch_are_answered_each(hub: Bench):
    late = Session("0" * 16)

    answers = [decode_n(payload) for _, payload in hub.take(state(n=9, session=late), state(n=1)).answers]

    assert answers == [(late, 9), (SESSION, 1)]


def decode_n(payload: bytes) -> tuple[str, int]:
    from station.wire.codec import decode

    settled = decode(payload, Settled)
    return settled.session, settled.n


def test_a_hole_holds_back_what_is_settled_until_it_is_filled(hub: Bench):
    assert hub.through(journal(tap(1))) == {EPOCH: 1}
    assert hub.through(journal(tap(3), n=2)) == {EPOCH: 1}

    hub.start()

    assert hub.through(journal(pulse(2), n=3)) == {EPOCH: 3}


def test_what_the_kiosk_no_longer_holds_is_a_gap_and_does_not_hold_back(hub: Bench):
    hub.take(journal(tap(1)))

    assert hub.through(journal(tap(5), n=2, kept_from=5)) == {EPOCH: 5}
    assert hub.found(FindingKind.GAP) == [f"{KIOSK} {EPOCH}"]


def test_a_restarted_hub_calls_nothing_settled_that_lies_in_a_gap(hub: Bench):
    hub.take(journal(tap(1)), journal(tap(4), n=2, kept_from=4))

    hub.start()

    twin = state(n=3, epochs={EPOCH: Kept(2, 4)})  # a card made from the same image still has what the other lost
    assert hub.through(twin) == {EPOCH: 1}


def test_a_record_that_the_hub_takes_for_stored_and_that_is_gone_is_stored_when_it_comes_again(hub: Bench):
    message = journal(tap(1), tap(2), tap(3))
    hub.take(message)
    with hub.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM record WHERE seq = 2")

    hub.take(message)

    assert hub.seqs() == [(EPOCH, 1), (EPOCH, 2), (EPOCH, 3)]
    assert not hub.found(FindingKind.CONFLICT)


def test_a_gap_closes_when_its_records_turn_up_after_a_restart(hub: Bench):
    hub.take(journal(tap(1)), journal(tap(4), n=2, kept_from=4))
    found = hub.findings
    hub.start()
    hub.findings = hub.intake._findings = found

    through = hub.through(journal(pulse(2), pulse(3), n=3, kept_from=2))

    assert through == {EPOCH: 4}
    assert hub.found(FindingKind.GAP) == []
    assert hub.seqs() == [(EPOCH, seq) for seq in (1, 2, 3, 4)]


def test_a_hub_that_never_heard_of_an_epoch_settles_from_where_the_kiosk_begins(hub: Bench):
    assert hub.through(state(epochs={EPOCH: Kept(1000, 1002)})) == {EPOCH: 0}
    assert hub.through(journal(tap(1000), tap(1001), n=2, kept_from=1000)) == {EPOCH: 1001}


def test_a_name_with_other_content_is_kept_aside_and_told(hub: Bench):
    hub.take(journal(tap(1, person=1)))

    assert hub.through(journal(tap(1, person=2), n=2)) == {EPOCH: 1}
    assert [aside.why for aside in hub.aside()] == [FindingKind.CONFLICT]
    assert hub.found(FindingKind.CONFLICT) == [f"{KIOSK} {EPOCH} 1"]


def test_a_record_that_fails_its_checks_is_kept_under_its_name_and_blocks_nothing(hub: Bench):
    good = journal(tap(1), tap(2), tap(3))
    poisoned = Delivery(good.topic, good.payload.replace(b'"seq":2', b'"seq":"two"'))

    assert hub.through(poisoned) == {EPOCH: 3}
    assert hub.seqs() == [(EPOCH, 1), (EPOCH, 2), (EPOCH, 3)]
    assert hub.found(FindingKind.UNREADABLE) == [KIOSK]


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"\xff\xfe\x00", b"[]", b'{"v":2}', b'{"v":1,"session":5}', b"[" * 3000]
)
def test_a_message_that_cannot_be_read_settles_nothing_and_is_kept_aside(hub: Bench, payload: bytes):
    outcome = hub.take(Delivery(topics.journal(STATION, KIOSK), payload), journal(tap(1)))

    assert len(outcome.answers) == 1
    assert hub.seqs() == [(EPOCH, 1)]
    assert [(aside.why, aside.times) for aside in hub.aside()] == [(FindingKind.UNREADABLE, 1)]


def test_of_more_unreadable_messages_than_are_kept_the_oldest_go(hub: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(aside, "MOST_ASIDE", 3)

    for word in (b"one", b"two", b"three", b"four", b"five"):
        hub.take(Delivery(topics.state(STATION, KIOSK), word))

    assert [kept.found for kept in hub.aside()] == ["three", "four", "five"]


def test_the_same_unreadable_message_is_counted_and_not_kept_twice(hub: Bench):
    poison = Delivery(topics.state(STATION, KIOSK), b"poison")
    hub.take(poison)

    hub.take(poison)

    assert [aside.times for aside in hub.aside()] == [2]


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("zaigang/v1/S-01/K-99/journal", FindingKind.UNKNOWN_KIOSK),
        ("zaigang/v1/S-02/K-01/journal", FindingKind.FOREIGN_TOPIC),
    ],
)
def test_a_kiosk_that_is_not_entered_there_is_a_finding_and_gets_no_answer(hub: Bench, topic: str, kind: FindingKind):
    outcome = hub.take(Delivery(topic, journal(tap(1)).payload))

    assert outcome.answers == []
    assert hub.seqs() == []
    assert hub.found(kind) == [topic.removeprefix("zaigang/v1/").removesuffix("/journal")]


def test_a_kiosk_that_is_entered_is_no_finding_any_more(hub: Bench):
    stranger = KioskId("K-77")
    hub.take(journal(tap(1), kiosk=stranger))
    before = hub.found(FindingKind.UNKNOWN_KIOSK)

    hub.sorter.know([known_kiosk(), known_kiosk(stranger)])

    assert (before, hub.found(FindingKind.UNKNOWN_KIOSK)) == ([f"{STATION}/{stranger}"], [])
    assert hub.through(journal(tap(1), kiosk=stranger)) == {EPOCH: 1}


def test_a_flood_of_invented_kiosks_does_not_fill_the_memory(hub: Bench):
    hub.take(*(journal(tap(1), kiosk=KioskId(f"X-{i}"), station=StationCode("S-09")) for i in range(1100)))

    assert len(hub.findings.all()) <= 1001


def test_a_doctor_at_a_kiosk_whose_agent_does_not_run_is_answered_and_is_no_sign_of_life(hub: Bench):
    answer = hub.settled(state(online=False, reason=QUESTION))
    goodbye = hub.take(state(online=False, reason="stopped"))

    assert answer.session == SESSION
    assert goodbye.answers == []
    assert hub.take(state(online=False, reason=QUESTION, retained=True)).answers == []
    with hub.engine.connect() as connection:
        assert [row.online for row in connection.execute(select(KioskSeen))] == [False]  # by the goodbye


def test_a_foreign_topic_stops_nothing(hub: Bench):
    hub.take(Delivery("zaigang/v1/a b/c/journal", b"{}"), Delivery("elsewhere", b"{}"))

    assert len(hub.aside()) == 2


def test_a_hubs_birth_is_read(hub: Bench):
    birth = HubState(online=True, session=SESSION, version="0", started_at=BEGAN)

    assert hub.intake.gather([Delivery(topics.HUB_STATE, encode(birth))]).births == [BirthRead(birth, retained=False)]


def test_nothing_is_settled_where_the_commit_fails(database_url: str):
    with bench(database_url, busy_timeout_s=0.05) as hub:
        hub.take(journal(tap(1)))

        with locked(hub.engine), pytest.raises(StoreTroubleError, match=r"locked|for too long"):
            hub.take(journal(tap(2), n=2))

        assert hub.through(state(n=3, epochs={EPOCH: Kept(1, 2)})) == {EPOCH: 1}
        assert hub.through(journal(tap(2), n=4)) == {EPOCH: 2}


@only_sqlite
def test_a_full_disk_settles_nothing_and_room_made_is_used_again(hub: Bench):
    hub.take(journal(tap(1)))
    with hub.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        many = [tap(seq, person=seq) for seq in range(2, 202)]

    with pytest.raises(StoreTroubleError, match="full"):
        hub.take(journal(*many[:100]), journal(*many[100:], n=2))
    with hub.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=100000")

    assert hub.through(journal(*many[:100], n=3)) == {EPOCH: 101}


def test_a_crash_before_the_commit_leaves_nothing_behind(hub: Bench, monkeypatch: pytest.MonkeyPatch):
    write = Storing.write

    def write_and_crash(storing: Storing, batch: Batch, at_ms: int) -> None:
        write(storing, batch, at_ms)
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(Storing, "write", write_and_crash)
    with pytest.raises(RuntimeError):
        hub.take(journal(tap(1)))

    monkeypatch.undo()
    hub.start()

    assert hub.seqs() == []
    assert hub.through(journal(tap(1))) == {EPOCH: 1}


def test_a_database_that_may_only_be_read_settles_nothing_until_it_may_be_written(hub: Bench):
    hub.take(journal(tap(1)))
    with only_read(hub.engine):
        with pytest.raises(StoreTroubleError, match=r"readonly|only be read"):
            hub.take(journal(tap(2), n=2))
        with pytest.raises(StoreTroubleError, match=r"readonly|only be read"):
            hub.intake.probe()

    assert hub.through(journal(tap(2), n=3)) == {EPOCH: 2}


@only_sqlite
def test_the_log_that_a_long_reading_made_grow_is_cut_short_after_it(hub: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sqlite, "LOG_BYTES", 1 << 20)
    monkeypatch.setattr(sqlite, "LOG_PAGES", 1000)
    hub.engine.dispose()
    log = Path(f"{hub.file}-wal")
    n = 0

    def store_much() -> None:
        nonlocal n
        for _ in range(120):
            n += 1
            hub.take(journal(*(tap(seq, person=seq) for seq in range(200 * n - 199, 200 * n + 1)), n=n))

    reader = sqlite3.connect(hub.file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM record").fetchone()
    store_much()
    grown = log.stat().st_size
    reader.execute("ROLLBACK")
    reader.close()
    store_much()

    assert grown > 5 << 20
    assert log.stat().st_size < grown * 0.8


def test_a_state_that_names_more_runs_than_a_kiosk_can_is_kept_aside(hub: Bench):
    many = {Epoch(f"{number:016x}"): Kept(Seq(1), 1) for number in range(250)}
    said = json.loads(state(epochs=many).payload)
    said["epochs"]["f" * 16] = {"kept_from": 1, "last": 1}

    assert hub.take(state(epochs=many)).answers
    assert not hub.take(Delivery(state().topic, json.dumps(said).encode())).answers
    assert len(hub.aside()) == 1


def test_noise_is_kept_as_little_of_it(hub: Bench):
    hub.take(Delivery(journal(tap(1)).topic, b"\xff" * 100_000))

    assert len(hub.aside()[0].found) <= 4 * 1024


@pytest.mark.parametrize("found", [1, '{"kind": "tap"}', None])
def test_a_word_of_the_hubs_own_cannot_be_said_by_a_kiosk(hub: Bench, found: object):
    message = json.loads(journal(pulse(1)).payload)
    message["records"][0] |= {"kind": "unreadable", "found": found}
    hub.take(Delivery(journal(pulse(1)).topic, json.dumps(message).encode()))

    with writing(hub.engine) as connection:
        assert reread(connection) == 0
        (body,) = connection.execute(select(JournalRecord.body)).scalars()
    assert "hub's own" in json.loads(body)["reason"]
