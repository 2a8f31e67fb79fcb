"""The thread that owns the ledger: it begins with what is left, shows at once, waits out trouble, loses nothing."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hub.config import DATABASE_FILE
from hub.database.engine import open_engine
from hub.database.transactions import Database, StoreTroubleError, snapshot
from hub.findings import FindingKind, Findings
from hub.intake.gathering import Stored
from hub.intake.rows import row_of
from hub.intake.runs import KnownRun
from hub.ledger import flood as flood_module
from hub.ledger import ledger as ledger_module
from hub.ledger import owner as owner_module
from hub.ledger.change import Change
from hub.ledger.following import MOST_ROWS
from hub.ledger.ledger import Ledger
from hub.ledger.owner import LIVE_ROWS, Owner
from hub.ledger.pending import PartOfWriting, Pending
from hub.ledger.queries import LEDGER_RUN, LEDGER_TAP, RUN
from station.clock import Clock
from station.milliseconds import ms_of
from station.records import Action, Pulse
from tests.hub.cities import token_of
from tests.hub.ledger.bench import DELAY, LedgerBench, small_city
from tests.hub.ledger.stories import KioskStory, a_working_day
from tests.hub.ledger.test_keeping import a_morning, tap_at
from tests.hub.running import Until, until

PATIENCE_S = 60.0


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LedgerBench]:
    file = tmp_path / DATABASE_FILE
    with closing(sqlite3.connect(":memory:")) as source, closing(sqlite3.connect(file)) as target:
        source.deserialize(small_city())
        source.backup(target)
    bench = LedgerBench(open_engine(f"sqlite:///{file}", busy_timeout_s=0.05))
    yield bench
    bench.engine.dispose()


@dataclass
class Looking:
    """Somebody to whom an owner shows its changes.

    Attributes:
        behind: of how many runs something waited, with each change.
        asked_anew: how often it was said that what was shown may not be so.
    """

    changes: list[Change] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)
    asked_anew: int = 0
    until: Until = field(default_factory=Until)
    owner: Owner | None = None
    _may_go_on: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._may_go_on.set()

    def show(self, change: Change) -> None:
        assert self.owner is not None
        self.changes.append(change)
        self.behind.append(self.owner.behind)
        self.until.changed()
        if change.taps:
            self._may_go_on.wait(PATIENCE_S)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Whoever shows a tap waits in it until the block ends."""
        self._may_go_on.clear()
        try:
            yield
        finally:
            self._may_go_on.set()

    def ask_anew(self) -> None:
        self.asked_anew += 1
        self.until.changed()

    def tokens(self) -> list[str]:
        """Whose taps were shown, in that order."""
        return [tap.token for change in self.changes for tap in change.taps]


def owner_of(hub: LedgerBench, findings: Findings | None = None) -> tuple[Owner, Looking]:
    looking = Looking()
    owner = Owner(Ledger(hub.engine, hub.directory()), findings or Findings(Clock()), looking.show, looking.ask_anew)
    looking.owner = owner
    return owner, looking


@contextmanager
def owning(hub: LedgerBench, findings: Findings | None = None) -> Iterator[tuple[Owner, Looking]]:
    """An owner at work that has come to all that was stored."""
    owner, looking = owner_of(hub, findings)
    owner.start()
    try:
        until(lambda: folded(hub) == stored_of(hub), PATIENCE_S)
        yield owner, looking
    finally:
        owner.stop()


def folded(hub: LedgerBench) -> int:
    return sum(row["folded"] for row in hub.rows(LEDGER_RUN))


def stored_of(hub: LedgerBench) -> int:
    with hub.engine.connect() as connection:
        count: int = connection.exec_driver_sql("SELECT count(*) FROM record").scalar_one()
    return count


def live(hub: LedgerBench, story: KioskStory, already: int) -> Stored:
    """Store what a story has come to since; as the intake hands it on."""
    new = story.written[already:]
    (run,) = set(hub.store(new))
    known = KnownRun(run, new[0].kiosk, new[0].epoch, new[0].station)
    rows = [row_of(one.record, run, ms_of(one.made_at + one.sent_after + DELAY)) for one in new]
    return Stored(known, rows, new[-1].record.seq)


def test_a_snapshot_stays_as_it_was_while_others_write(hub: LedgerBench) -> None:
    hub.take(a_morning().written)
    with snapshot(hub.engine) as connection:
        in_order = select(LEDGER_RUN).order_by(LEDGER_RUN.c.run)
        before = connection.execute(in_order).all()

        with hub.engine.begin() as other:
            other.execute(update(LEDGER_RUN).values(folded=99))

        assert connection.execute(in_order).all() == before


def test_what_was_stored_before_the_start_is_folded(hub: LedgerBench) -> None:
    hub.store(a_morning().written)
    owner, looking = owner_of(hub)

    owner.start()

    until(lambda: folded(hub) == 5, PATIENCE_S)
    owner.stop()
    assert hub.differences() == []
    assert looking.tokens() == [token_of(1), token_of(2), token_of(1)]


def test_a_locked_database_is_waited_for(hub: LedgerBench, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    hub.store(a_morning().written)
    owner, looking = owner_of(hub)
    blocker = sqlite3.connect(tmp_path / DATABASE_FILE, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")

    with caplog.at_level(logging.WARNING):
        owner.start()
        until(lambda: "the ledger waits" in caplog.text, PATIENCE_S)
        blocker.execute("ROLLBACK")
        until(lambda: folded(hub) == 5, PATIENCE_S)

    owner.stop()
    blocker.close()
    assert caplog.text.count("the ledger waits") == 1
    assert looking.asked_anew == 0
    assert hub.differences() == []


def test_a_tap_is_shown_while_the_database_is_locked_and_written_once_it_is_not(
    hub: LedgerBench, tmp_path: Path
) -> None:
    story = a_working_day()
    hub.store(story.written)
    with owning(hub) as (owner, looking):
        tap_at(story, "08:00", Action.ARRIVE)
        stored = live(hub, story, already=2)
        blocker = sqlite3.connect(tmp_path / DATABASE_FILE, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")

        owner.take([stored])

        looking.until.wait(looking.tokens)
        written = hub.rows(LEDGER_TAP)
        blocker.execute("ROLLBACK")
        until(lambda: folded(hub) == 3, PATIENCE_S)
        blocker.close()
    assert written == []
    assert hub.differences() == []


def test_what_cannot_be_folded_is_told_and_the_owner_goes_on(
    hub: LedgerBench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    hub.store(a_morning().written)
    findings = Findings(Clock())
    owner, looking = owner_of(hub, findings)
    monkeypatch.setattr(ledger_module, "place_anew", broken)
    with caplog.at_level(logging.CRITICAL):
        owner.start()
        until(findings.all, PATIENCE_S)
        goes_on = owner.thread.is_alive()

    owner.stop()

    assert goes_on
    assert [finding.kind for finding in findings.all()] == [FindingKind.FAULT]
    assert not any(thread.name == "hub ledger" for thread in threading.enumerate())
    assert looking.asked_anew > 0


def test_rows_that_the_database_refuses_are_left_out_and_not_told_whole(
    hub: LedgerBench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever was shown them is told to ask anew; those of others are folded."""
    other = a_working_day("K-02-1", "S-02")
    tap_at(other, "08:30", Action.ARRIVE, person=4)
    hub.store([*a_morning().written, *other.written])
    refuse_taps_of(1, monkeypatch)
    findings = Findings(Clock())
    owner, looking = owner_of(hub, findings)
    with caplog.at_level(logging.INFO):
        owner.start()
        until(findings.all, PATIENCE_S)
        until(lambda: folded(hub) == 3, PATIENCE_S)

    owner.stop()

    assert "goes on without runs [1]: NOT NULL constraint failed" in caplog.text
    assert not any(token_of(person) in caplog.text for person in (1, 2))
    assert token_of(1) in looking.tokens()
    assert looking.asked_anew > 0
    assert [row["token"] for row in hub.rows(LEDGER_TAP)] == [token_of(4)]


def refuse_taps_of(run: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses that run's taps."""
    made_ready = Pending.made_ready

    def refused(pending: Pending) -> list[PartOfWriting]:
        pending.taps = {
            name: tap._replace(action=None) if tap.run == run else tap  # type: ignore[arg-type]
            for name, tap in pending.taps.items()
        }
        return made_ready(pending)

    monkeypatch.setattr(Pending, "made_ready", refused)


def test_a_stop_writes_what_is_pending(hub: LedgerBench, monkeypatch: pytest.MonkeyPatch) -> None:
    story = a_working_day()
    hub.store(story.written)
    with owning(hub) as (owner, looking):
        monkeypatch.setattr(owner_module, "GATHER_S", 3600.0)
        tap_at(story, "08:00", Action.ARRIVE)
        owner.take([live(hub, story, already=2)])
        looking.until.wait(looking.tokens)
        before = hub.rows(LEDGER_TAP)

    assert before == []
    assert len(hub.rows(LEDGER_TAP)) == 1
    assert hub.differences() == []


def test_what_is_folded_is_written_soon_though_nothing_more_comes(hub: LedgerBench) -> None:
    story = a_working_day()
    hub.store(story.written)
    with owning(hub) as (owner, _):
        tap_at(story, "08:00", Action.ARRIVE)

        owner.take([live(hub, story, already=2)])

        until(lambda: hub.rows(LEDGER_TAP), PATIENCE_S)


def test_what_was_live_and_could_not_be_read_is_folded_all_the_same(
    hub: LedgerBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two kiosks' taps in one batch; the database cannot be used for a moment."""
    stories = [a_working_day(), a_working_day("K-02-1", "S-02")]
    for story in stories:
        hub.store(story.written)
    with owning(hub) as (owner, looking):
        for story in stories:
            tap_at(story, "08:00", Action.ARRIVE)
        stored = [live(hub, story, already=2) for story in stories]
        troubles = [StoreTroubleError("disk I/O error")]
        snapshot_of = Database.reading

        def reading(database: Database) -> object:
            if troubles and threading.current_thread() is owner.thread:
                raise troubles.pop()
            return snapshot_of(database)

        monkeypatch.setattr(Database, "reading", reading)

        owner.take(stored)

        looking.until.wait(lambda: len(looking.tokens()) == 2, PATIENCE_S)
        assert troubles == []


@pytest.mark.parametrize("taps", [1, LIVE_ROWS])
def test_a_tap_is_shown_before_what_came_beside_it_after_an_outage(hub: LedgerBench, taps: int) -> None:
    """However much that is, and though the last of it has just been made."""
    stories = [a_working_day(), a_working_day("K-02-1", "S-02"), a_working_day("K-01-2")]
    for story in stories:
        hub.store(story.written)
    with owning(hub) as (owner, looking):
        away, here, before = stories
        with looking.held():
            tap_at(before, "07:50", Action.ARRIVE)
            owner.take([live(hub, before, already=2)])
            looking.until.wait(looking.tokens, PATIENCE_S)
            for _ in range(3 * MOST_ROWS):
                away.write(Pulse)
            tap_at(away, "07:55", Action.ARRIVE, person=2)
            for minute in range(taps):
                tap_at(here, f"08:{minute}", Action.LEAVE if minute % 2 else Action.ARRIVE, person=4)
            owner.take([live(hub, away, already=2), live(hub, here, already=2)])
        until(lambda: folded(hub) == stored_of(hub), PATIENCE_S)

    assert looking.tokens() == [token_of(1), *[token_of(4)] * taps, token_of(2)]
    assert hub.differences() == []


def test_a_kiosk_that_begins_a_run_waits_for_no_rest_in_a_flood(
    hub: LedgerBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    away, here = a_working_day(), a_working_day("K-02-1", "S-02")
    hub.store(away.written)
    tap_at(here, "08:00", Action.ARRIVE, person=4)
    with owning(hub) as (owner, looking):
        monkeypatch.setattr(owner_module, "FLOOD_PAUSE", 10**6)
        monkeypatch.setattr(owner_module, "LONGEST_REST_S", 1e9)
        monkeypatch.setattr(flood_module, "LOOK_S", 0.0)
        monkeypatch.setattr(flood_module, "FLOOD_A_S", 1e-9)  # what lay there already is none
        for _ in range(3 * MOST_ROWS):
            away.write(Pulse)
        owner.take([live(hub, away, already=2)])
        looking.until.wait(
            lambda: any(one.last_seq >= MOST_ROWS for change in looking.changes for one in change.outlines), PATIENCE_S
        )

        owner.take([live(hub, here, already=0)])

        looking.until.wait(looking.tokens, PATIENCE_S)
        assert owner.behind == 1


def test_what_was_kept_for_long_rests_while_somebody_else_taps(
    hub: LedgerBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slowly it comes: no flood is needed for that."""
    monkeypatch.setattr(flood_module, "FLOOD_A_S", 1e9)
    monkeypatch.setattr(owner_module, "TAPPED_S", 1e9)
    away, here = a_working_day(), a_working_day("K-02-1", "S-02")
    hub.store([*away.written, *here.written])
    with owning(hub) as (owner, looking):
        monkeypatch.setattr(owner_module, "FLOOD_PAUSE", 10**6)
        monkeypatch.setattr(owner_module, "LONGEST_REST_S", 1e9)
        for _ in range(3 * MOST_ROWS):
            away.write(Pulse)
        tap_at(here, "08:00", Action.ARRIVE, person=4)
        with looking.held():
            owner.take([live(hub, here, already=2)])
            owner.take([live(hub, away, already=2)])
        looking.until.wait(
            lambda: any(one.last_seq >= MOST_ROWS for change in looking.changes for one in change.outlines), PATIENCE_S
        )

        tap_at(here, "08:01", Action.LEAVE, person=4)
        owner.take([live(hub, here, already=3)])

        looking.until.wait(lambda: len(looking.tokens()) == 2, PATIENCE_S)
        assert owner.behind == 1


def test_what_was_kept_for_long_is_folded_though_others_tap_all_the_time_and_writing_takes_long(
    hub: LedgerBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flood_module, "FLOOD_A_S", 1e9)
    monkeypatch.setattr(owner_module, "TAPPED_S", 1e9)
    monkeypatch.setattr(owner_module, "LONGEST_REST_S", 0.01)
    away, here = a_working_day(), a_working_day("K-02-1", "S-02")
    hub.store([*away.written, *here.written])
    with owning(hub) as (owner, _):
        monkeypatch.setattr(owner_module, "FLOOD_PAUSE", 10**6)
        for _ in range(3 * MOST_ROWS):
            away.write(Pulse)
        tap_at(here, "08:00", Action.ARRIVE, person=4)

        owner.take([live(hub, here, already=2), live(hub, away, already=2)])

        until(lambda: folded(hub) == stored_of(hub), PATIENCE_S)
    assert hub.differences() == []


def test_a_city_that_has_changed_is_followed(hub: LedgerBench) -> None:
    hub.store(a_morning().written)
    with owning(hub) as (owner, looking):
        with hub.engine.begin() as connection:
            connection.exec_driver_sql(f"DELETE FROM holding WHERE token = '{token_of(1)}'")
            connection.exec_driver_sql("UPDATE edition SET number = number + 1")

        owner.learn(hub.directory())

        looking.until.wait(lambda: token_of(1) in {one.person for change in looking.changes for one in change.stints})
    assert {row[0] for row in hub.stints()} == {token_of(1), "p2"}
    assert hub.differences() == []


def test_many_batches_are_handed_on_in_any_sizes_and_all_is_folded(hub: LedgerBench) -> None:
    story = a_working_day()
    hub.store(story.written)
    with owning(hub) as (owner, looking):
        already = len(story.written)
        for minute in range(41):
            tap_at(story, f"08:{minute:02}", Action.LEAVE if minute % 2 else Action.ARRIVE)
            if minute % 7 in (0, 3, 4):
                owner.take([live(hub, story, already)])
                already = len(story.written)
        owner.take([live(hub, story, already)])
        looking.until.wait(lambda: len(looking.tokens()) == 41, PATIENCE_S)
        until(lambda: folded(hub) == 43, PATIENCE_S)

    assert len({row["id"] for row in hub.rows(RUN)}) == 1
    assert hub.differences() == []
