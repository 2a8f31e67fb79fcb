"""An agent kept at work: by a stand-in while it cannot begin, by another where its journal is damaged."""

import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from edge import service, watch
from edge.errors import DataHeldError, JournalBrokenError, JournalError, JournalFullError
from edge.heartbeat import teller
from edge.service import begin, work
from edge.starting_again import PATIENCE_S as PATIENCE_OF_A_CARD_S
from edge.starting_again import FreshStart
from station.records import Note, Pulse, ReaderState
from tests.edge.offline_agent import OfflineAgent
from tests.patience import PATIENCE_S, eventually
from tests.ports import free_port


class Standing:
    """A stand-in that only says whether it stands."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.is_standing = False

    def start(self) -> None:
        self.is_standing = True

    def stop(self) -> None:
        self.is_standing = False


def test_it_stands_in_only_until_an_agent_can_begin():
    stood, agent = [], object()

    def make_agent():
        if not stood:
            raise JournalFullError("the disk is full")
        assert stood[0].is_standing
        return agent

    def make_stand_in(reason):
        stood.append(Standing(reason))
        return stood[-1]

    assert begin(make_agent, make_stand_in, Hurried()) is agent
    assert [(one.reason, one.is_standing) for one in stood] == [("the disk is full", False)]


class Hurried(threading.Event):
    """An end that never comes, and does not wait for it."""

    def wait(self, timeout=None):
        return False


def test_whoever_ends_it_meanwhile_gets_no_agent():
    ending, stood = threading.Event(), []

    def make_agent():
        ending.set()
        raise OSError("read-only file system")

    def make_stand_in(reason):
        stood.append(Standing(reason))
        return stood[-1]

    assert begin(make_agent, make_stand_in, ending) is None
    assert not stood[0].is_standing


def test_data_that_another_agent_holds_is_no_case_for_waiting():
    def make_agent():
        raise DataHeldError("held")

    with pytest.raises(DataHeldError):
        begin(make_agent, Standing, threading.Event())


@pytest.fixture
def served(tmp_path):
    """Kiosks that a service began, one after the other, on one directory; the last one works."""
    kiosks, ending, port = [], threading.Event(), free_port()

    def make_agent():
        kiosks.append(OfflineAgent(tmp_path / "data", port))
        return kiosks[-1].agent

    thread = threading.Thread(target=work, args=(make_agent, Standing, ending), name="test service")
    thread.start()
    try:
        assert eventually(lambda: kiosks)
        yield kiosks
    finally:
        ending.set()
        thread.join(PATIENCE_S)


@pytest.mark.parametrize("touch", ["record", "read"])
def test_a_journal_damaged_at_work_is_set_aside_and_another_begun(served, tmp_path, touch):
    served[0].record(1000)
    spoil(served[0])

    with pytest.raises(JournalError):
        {"record": append, "read": OfflineAgent.names}[touch](served[0])

    assert eventually(lambda: len(served) == 2)
    served[1].record(1)
    assert len(served[1].names()) == 3  # its start, a note that says so, and this one
    assert (tmp_path / "data" / "journal-broken-1.db").exists()


GONE = {
    "deleted": lambda journal: [path.unlink() for path in journal.parent.glob("journal.db*")],
    "emptied": lambda journal: journal.write_bytes(b""),
    "its log deleted": lambda journal: Path(f"{journal}-wal").unlink(),
    "its log emptied": lambda journal: Path(f"{journal}-wal").write_bytes(b""),
}


@pytest.mark.parametrize("gone", GONE)
def test_a_journal_taken_away_at_work_costs_one_beep_and_what_is_lost_gets_a_note(served, tmp_path, gone):
    served[0].record(10)
    GONE[gone](tmp_path / "data" / "journal.db")

    with pytest.raises(JournalBrokenError, match="at work"):
        append(served[0])

    assert eventually(lambda: len(served) == 2)
    found = records(served[1])
    is_whole = (served[0].epoch, 11) in served[1].names()  # closing it, the agent could still save all of it
    notes = [record.text for record in found if isinstance(record, Note)]  # or it wrote on what was no longer whole
    assert is_whole or any("emptied" in text or "was damaged and is kept as" in text for text in notes)
    served[1].record(1)
    assert isinstance(records(served[1])[-1], Pulse)


def records(kiosk):
    backlog = kiosk.agent.kiosk.store.backlog
    return [record for epoch in backlog.kept() for record in backlog.read(epoch, 0, 10**6)]


def spoil(kiosk):
    """What a worn card does: pages that read as rubbish. The first, which is never read again, stays."""
    store = kiosk.agent.kiosk.store
    empty_log = "PRAGMA wal_checkpoint(TRUNCATE)"
    assert eventually(lambda: store.journal._database.execute(empty_log).fetchone()[0] == 0)
    with store.journal.path.open("r+b") as stream:
        pages = stream.seek(0, 2) // 4096
        stream.seek(4096)
        stream.write(b"\xa5" * 4096 * (pages - 1))
    for database in (store.journal._database, store.backlog._database):
        database.execute("PRAGMA shrink_memory")


def append(kiosk):
    keeper = kiosk.agent.kiosk.keeper
    stamp = keeper.stamp()
    kiosk.agent.kiosk.store.journal.append(
        lambda seq: Pulse(seq=seq, at=stamp.at, clock=stamp.clock, boot=stamp.boot, mono_ms=stamp.mono_ms)
    )


class Socket:
    """Where systemd listens."""

    def __init__(self, path) -> None:
        self.path = str(path)
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._line.bind(self.path)

    def heard(self) -> list[str]:
        found = []
        with suppress(BlockingIOError):
            while True:
                found.append(self._line.recv(200).decode())
        return found

    def close(self) -> None:
        self._line.close()


@pytest.fixture
def systemd(tmp_path):
    made = Socket(tmp_path / "notify")
    yield made
    made.close()


def test_systemd_hears_that_an_agent_is_ready_and_moves_until_a_reader_hangs(systemd, tmp_path, monkeypatch):
    monkeypatch.setattr(service, "LOOK_EVERY_S", 0.01)
    agent, ending, heard = OfflineAgent(tmp_path / "data", free_port()).agent, threading.Event(), []
    agent.kiosk.reader_is("door", ReaderState.DOWN, "unplugged")
    worker = threading.Thread(
        target=work, args=(lambda: agent, Standing, ending, teller({"NOTIFY_SOCKET": systemd.path}))
    )
    worker.start()

    def hears(word) -> bool:
        heard.extend(systemd.heard())
        return word in heard

    try:
        assert eventually(lambda: hears("WATCHDOG=1"))
        assert heard[0] == "READY=1"
        monkeypatch.setattr(watch, "HANGS_AFTER_S", -1.0)
        assert eventually(lambda: systemd.heard() == [])
    finally:
        ending.set()
        worker.join(PATIENCE_S)
    assert systemd.heard()[-1] == "STOPPING=1"


def test_systemd_hears_that_a_stand_in_is_ready_and_moves(systemd):
    ending, heard = threading.Event(), []

    def make_agent():
        heard.extend(systemd.heard())
        if len(heard) > 3:
            ending.set()
        raise JournalFullError("the disk is full")

    begin(make_agent, Standing, Ended(ending), teller({"NOTIFY_SOCKET": systemd.path}))

    assert heard[:3] == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]


class Ended:
    """Waits for nothing."""

    def __init__(self, event: threading.Event) -> None:
        self.is_set = event.is_set

    def wait(self, timeout=None) -> bool:
        return self.is_set()


def test_an_agent_that_is_told_to_begin_anew_ends_and_whoever_keeps_it_at_work_hears_so(tmp_path):
    made = OfflineAgent(tmp_path / "data", free_port())
    made.agent.kiosk.fresh_start.ask()

    assert work(lambda: made.agent, Standing, threading.Event()) is True


def test_not_while_a_card_lies_on_a_reader_unless_somebody_forgot_it():
    now, occupied = [0.0], [True]
    fresh = FreshStart(lambda: now[0], lambda: occupied[0])
    assert not fresh.is_due
    fresh.ask()
    assert not fresh.is_due
    occupied[0] = False
    assert fresh.is_due
    occupied[0], now[0] = True, PATIENCE_OF_A_CARD_S + 1
    assert fresh.is_due
