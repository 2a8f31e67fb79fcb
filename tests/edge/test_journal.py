"""The journal: what was appended is there after whatever happened, and no name is ever given twice."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from edge.backlog import Backlog
from edge.errors import DataHeldError, JournalBrokenError, JournalError, JournalFullError, JournalLaterError
from edge.journal import KioskJournal, Seen
from edge.journal_schema import VERSION
from edge.store import open_store
from station.records import Note, Started, Tap
from tests.edge.hub_in_memory import epoch, pulse
from tests.edge.rig import Bench, card


def began(seq):
    return pulse(seq)


def fill(journal):
    for _ in range(2000):
        journal.append(pulse)


def read_all(journal):
    backlog = Backlog(journal)
    found = {name: backlog.read(name, 0, 10**6) for name in backlog.kept()}
    backlog.close()
    return found


def test_what_was_appended_is_there_after_reopening(tmp_path):
    journal = KioskJournal(tmp_path / "j.db")
    journal.begin(epoch(1), "b", began)
    for _ in range(5):
        journal.append(pulse)
    journal.close()

    again = KioskJournal(tmp_path / "j.db")

    assert read_all(again) == {epoch(1): tuple(pulse(seq) for seq in range(1, 7))}
    again.close()


def test_a_record_survives_the_disk_as_it_was(bench):
    bench.touch(card(1))
    bench.hands.pass_s(60)
    bench.touch(card(1), for_s=4)
    before = bench.records()
    bench.restart()

    assert bench.records()[: len(before)] == before
    assert {type(record) for record in before} >= {Started, Tap}


def test_an_append_that_fails_takes_no_seq(tmp_path):
    journal = KioskJournal(tmp_path / "j.db")
    journal.begin(epoch(1), "b", began)
    journal._database.execute("PRAGMA query_only = ON")
    with pytest.raises(JournalError):
        journal.append(pulse)
    journal._database.execute("PRAGMA query_only = OFF")

    assert journal.append(pulse).seq == 2
    journal.close()


def test_the_guard_row_is_stored_with_its_tap_or_not_at_all(tmp_path):
    journal = KioskJournal(tmp_path / "j.db")
    journal.begin(epoch(1), "b", began)

    def fails(seq):
        raise JournalError("on the way")

    with pytest.raises(JournalError):
        journal.append(fails, Seen("p1", 1.0, "b"))
    journal.append(pulse, Seen("p2", 2.0, "b"))

    assert [row.person for row in journal.guard_rows("b")] == ["p2"]
    journal.close()


def test_a_run_tells_how_the_one_before_ended(tmp_path):
    bench = Bench(tmp_path / "data")
    first = bench.kiosk.epoch
    bench.hands.pass_s(90)
    bench.kiosk.tend()
    bench.restart(clean=False)
    bench.restart(clean=True)

    killed, ended = [record for record in bench.records() if isinstance(record, Started)][1:]
    assert (killed.before, killed.clean) == (first, False)
    assert killed.last_alive_mono_ms == 1090_000
    assert ended.clean is True
    bench.close()


def test_a_journal_put_back_from_an_image_gives_no_name_twice(tmp_path):
    bench = Bench(tmp_path / "data")
    bench.touch(card(1))
    bench.close()
    shutil.copytree(tmp_path / "data", tmp_path / "image")
    bench.switch_on()
    bench.touch(card(2))
    names = {(bench.kiosk.epoch, record.seq) for record in bench.kiosk.store.backlog.read(bench.kiosk.epoch, 0)}
    bench.close()

    twin = Bench(tmp_path / "image", seed=2)
    again = {(twin.kiosk.epoch, record.seq) for record in twin.kiosk.store.backlog.read(twin.kiosk.epoch, 0)}

    assert names.isdisjoint(again)
    twin.close()


def test_a_broken_journal_is_set_aside_and_a_note_says_so(tmp_path):
    bench = Bench(tmp_path / "data")
    bench.touch(card(1))
    bench.close()
    for path in (tmp_path / "data").glob("journal.db*"):
        path.write_bytes(b"not a journal at all" * 500)

    bench.switch_on()

    assert (tmp_path / "data" / "journal-broken-1.db").exists()
    assert any(isinstance(record, Note) and "journal-broken-1.db" in record.text for record in bench.records())
    assert bench.touch(card(1)) is not None
    bench.close()


def test_bytes_that_are_no_journal_are_a_broken_one(tmp_path):
    (tmp_path / "j.db").write_bytes(bytes(range(256)) * 40)

    with pytest.raises(JournalBrokenError):
        KioskJournal(tmp_path / "j.db")


def test_a_journal_of_a_later_agent_is_refused_and_costs_no_ballast(tmp_path):
    store = open_store(tmp_path / "data")
    store.retention.lay_ballast()
    store.journal._database.execute("PRAGMA user_version = 9")
    store.close()

    with pytest.raises(JournalLaterError, match="version 9"):
        open_store(tmp_path / "data")
    assert store.home.ballast.exists()


def test_a_journal_of_a_form_that_this_agent_opens_but_does_not_make_is_worked_with_and_left_in_it(
    tmp_path, monkeypatch
):
    store = open_store(tmp_path / "data")
    store.journal._database.execute(f"PRAGMA user_version = {VERSION + 1}")
    store.close()
    monkeypatch.setattr("edge.journal_schema.OPENS", VERSION + 1)

    store = open_store(tmp_path / "data")
    (kept,) = store.journal._database.execute("PRAGMA user_version").fetchone()
    store.close()

    assert kept == VERSION + 1
    assert not list((tmp_path / "data").glob("journal-broken*"))


def test_a_second_agent_on_one_data_directory_is_refused(tmp_path):
    store = open_store(tmp_path / "data")

    with pytest.raises(DataHeldError, match="another agent"):
        open_store(tmp_path / "data")
    store.close()


def test_a_row_that_cannot_be_read_becomes_a_note_in_its_place(tmp_path):
    journal = KioskJournal(tmp_path / "j.db")
    journal.begin(epoch(1), "b", began)
    journal.append(pulse)
    journal.append(pulse)
    journal._database.execute("UPDATE records SET body = '{broken' WHERE seq = 2")

    first, second, third = read_all(journal)[epoch(1)]

    assert (first, third) == (pulse(1), pulse(3))
    assert isinstance(second, Note)
    assert second.of == second.seq == 2
    journal.close()


def test_a_full_disk_takes_no_record_and_none_away(tmp_path):
    journal = KioskJournal(tmp_path / "j.db")
    journal.begin(epoch(1), "b", began)
    pages = journal._database.execute("PRAGMA page_count").fetchone()[0]
    journal._database.execute(f"PRAGMA max_page_count = {pages + 3}")

    with pytest.raises(JournalFullError):
        fill(journal)

    kept = read_all(journal)[epoch(1)]

    assert kept == tuple(pulse(seq) for seq in range(1, len(kept) + 1))
    assert len(kept) == journal.kept()[epoch(1)].last
    journal.close()


CHILD = """
    import sys
    from pathlib import Path
    from edge.journal import KioskJournal
    from tests.edge.hub_in_memory import epoch, pulse

    journal = KioskJournal(Path(sys.argv[1]))
    number = len(journal.shelves) + 1
    journal.begin(epoch(number), "b", pulse)
    while True:
        seq = journal.append(pulse).seq
        sys.stdout.write(f"{number} {seq}\\n")
        sys.stdout.flush()
"""


def test_a_killed_process_has_lost_nothing_that_it_promised(tmp_path):
    path = tmp_path / "j.db"
    promised = []
    random = Random(5)
    for _ in range(6):
        command = [sys.executable, "-c", textwrap.dedent(CHILD), str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            lines = [child.stdout.readline() for _ in range(random.randint(1, 60))]
            os.kill(child.pid, signal.SIGKILL)
            lines += [line for line in child.stdout if line.endswith("\n")]
        promised += [tuple(map(int, line.split())) for line in lines]

    journal = KioskJournal(path)
    kept = {(name, record.seq) for name, records in read_all(journal).items() for record in records}

    assert {(epoch(number), seq) for number, seq in promised} <= kept
    journal.close()


class JournalMachine(RuleBasedStateMachine):
    """Appends, failures and restarts in any order, beside a list that remembers everything."""

    def __init__(self):
        super().__init__()
        self.folder = Path(mkdtemp())
        self.model = {}
        self.open()

    def open(self):
        self.journal = KioskJournal(self.folder / "j.db")
        self.name = epoch(len(self.model) + 1)
        self.journal.begin(self.name, "b", pulse)
        self.model[self.name] = [pulse(1)]

    @rule(count=st.integers(1, 30))
    def append(self, count):
        for _ in range(count):
            self.model[self.name].append(self.journal.append(pulse))

    @rule()
    def fail(self):
        self.journal._database.execute("PRAGMA query_only = ON")
        with pytest.raises(JournalError):
            self.journal.append(pulse)
        self.journal._database.execute("PRAGMA query_only = OFF")

    @rule()
    def restart(self):
        self.journal.close()
        self.open()

    @invariant()
    def nothing_is_lost_or_invented(self):
        assert read_all(self.journal) == {name: tuple(records) for name, records in self.model.items()}

    def teardown(self):
        self.journal.close()
        shutil.rmtree(self.folder)


TestJournalMachine = JournalMachine.TestCase
TestJournalMachine.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
