"""Two intakes on one database: whichever of them a message comes to, what is settled is what is stored."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from hub.database.engine import open_engine
from hub.database.transactions import StoreTroubleError
from hub.findings import FindingKind
from hub.intake.sorting import Delivery
from station.names import Epoch, KioskId, Seq
from station.wire.messages import Kept
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import EPOCH, journal, known_kiosk, state, tap

if TYPE_CHECKING:
    from collections.abc import Iterator

KIOSKS = [KioskId(f"K-{number}") for number in range(5)]
LATER = Epoch("f" * 16)


@pytest.fixture
def hubs(database_url: str) -> Iterator[tuple[Bench, Bench]]:
    both = Bench(open_engine(database_url)), Bench(open_engine(database_url))
    for hub in both:
        hub.sorter.know(known_kiosk(kiosk) for kiosk in (*KIOSKS, known_kiosk().id))
    yield both
    for hub in both:
        hub.close()


@pytest.mark.parametrize("seed", range(5))
def test_whoever_gets_a_message_settles_all_that_either_stored(hubs: tuple[Bench, Bench], seed: int):
    rng = Random(seed)
    waiting = [(kiosk, epoch, seq) for kiosk in KIOSKS for epoch in (EPOCH, LATER) for seq in range(1, 9)]
    order = sorted(waiting, key=lambda name: (name[1:], rng.random()))

    told = [
        rng.choice(hubs).through(journal(tap(seq), n=n, kiosk=kiosk, epoch=epoch))[epoch]
        for n, (kiosk, epoch, seq) in enumerate(order, 1)
    ]

    assert told == [seq for _, _, seq in order]
    assert hubs[0].seqs() == sorted((epoch, seq) for _, epoch, seq in waiting)
    assert not any(hub.found(kind) for hub in hubs for kind in (FindingKind.GAP, FindingKind.CONFLICT))


def test_a_state_is_told_what_the_other_has_settled_since(hubs: tuple[Bench, Bench]):
    one, other = hubs
    one.take(journal(tap(1)))
    other.take(journal(tap(2), n=2))

    told = [hub.through(state(n=3, epochs={EPOCH: Kept(1, 2), LATER: Kept(1, 1)})) for hub in (one, one, other)]
    other.take(journal(tap(1), n=4, epoch=LATER))

    assert told == [{EPOCH: 2, LATER: 0}] * 3
    assert one.through(state(n=5, epochs={LATER: Kept(1, 1)})) == {LATER: 1}


def test_a_hole_that_the_other_filled_holds_nothing_back(hubs: tuple[Bench, Bench]):
    one, other = hubs
    one.take(journal(tap(1)), journal(tap(3), n=2))
    other.take(journal(tap(5), n=3))
    one.take(journal(tap(2), n=4))

    assert other.through(journal(tap(4), n=5)) == {EPOCH: 5}
    assert one.through(journal(tap(6), n=6)) == {EPOCH: 6}


def test_what_the_kiosk_no_longer_holds_is_no_gap_where_the_other_has_it(hubs: tuple[Bench, Bench]):
    one, other = hubs
    one.take(journal(tap(1)))
    other.take(journal(tap(3), n=2))

    assert one.through(journal(tap(4), n=3, kept_from=4)) == {EPOCH: 4}
    assert one.store.find_run(known_kiosk().id, EPOCH).gaps() == other.store.find_run(known_kiosk().id, EPOCH).gaps()
    assert [(gap.first, gap.last) for gap in other.store.find_run(known_kiosk().id, EPOCH).gaps()] == [(2, 2)]


def test_a_batch_asks_once_for_all_its_runs_that_are_known(hubs: tuple[Bench, Bench]):
    one, _ = hubs
    one.take(*(journal(tap(1), kiosk=kiosk) for kiosk in KIOSKS))
    asked: list[str] = []
    event.listen(one.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))

    one.take(*(journal(tap(2), n=2, kiosk=kiosk) for kiosk in KIOSKS))
    one.take(*(state(n=3, epochs={EPOCH: Kept(1, 2)}, kiosk=kiosk) for kiosk in KIOSKS))

    assert [sql.split()[0] for sql in asked if "FROM run" in sql].count("SELECT") == 2


def test_what_the_other_has_stored_meanwhile_is_read_for_all_runs_together(hubs: tuple[Bench, Bench]):
    one, other = hubs
    for n, hub in enumerate((one, other), 1):
        hub.take(*(journal(tap(n), n=n, kiosk=kiosk) for kiosk in KIOSKS))
    asked: list[str] = []
    event.listen(one.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))

    one.take(*(journal(tap(3), n=3, kiosk=kiosk) for kiosk in KIOSKS))

    assert [sql for sql in asked if sql.startswith("SELECT") and "FROM record WHERE run" in sql] == []
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 3  # revisions, gaps, runs


def test_what_both_keep_aside_is_written_in_one_order_so_that_neither_waits_for_the_other(hubs: tuple[Bench, Bench]):
    one, _ = hubs
    strange = [Delivery(journal(tap(1)).topic, b"no record %d" % number) for number in range(9)]
    one.take(*strange)
    written: list[str] = []
    event.listen(one.engine, "before_execute", lambda *what: written.append(what[1].compile().params.get("digest_1")))

    one.take(*strange)

    digests = [digest for digest in written if digest]
    assert digests == sorted(digests)
    assert len(digests) == len(strange)


def test_all_runs_that_a_state_names_and_nobody_knows_are_asked_for_at_once(hubs: tuple[Bench, Bench]):
    one, _ = hubs
    asked: list[str] = []
    event.listen(one.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))

    one.take(state(epochs={Epoch(f"{number:016x}"): Kept(Seq(1), 1) for number in range(250)}))

    assert len([sql for sql in asked if "FROM run" in sql]) == 1


def test_what_may_be_stored_though_the_commit_was_never_answered_is_handed_on_when_it_comes_again(
    hubs: tuple[Bench, Bench],
):
    one, other = hubs
    one.take(journal(tap(1)))

    def lose_the_answer(connection: Connection) -> None:
        connection.connection.commit()
        raise OperationalError("COMMIT", None, ConnectionError("the line is gone"))

    event.listen(one.engine, "commit", lose_the_answer)
    with pytest.raises(StoreTroubleError):
        one.take(journal(tap(2), n=2))
    event.remove(one.engine, "commit", lose_the_answer)

    again = one.take(journal(tap(2), n=3), journal(tap(3), n=4))
    later = one.take(journal(tap(2), n=5))

    assert [[row[1] for row in stored.rows] for stored in again.stored] == [[2, 3]]
    assert later.stored == []
    assert other.through(journal(tap(4), n=6)) == {EPOCH: 4}
