"""An agent kept at work: by a stand-in while it cannot begin, by another where its journal is damaged."""

import threading

import pytest

from edge.errors import DataHeldError, JournalError, JournalFullError
from edge.service import begin, work
from station.records import Pulse
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
    assert eventually(lambda: kiosks)
    yield kiosks
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
