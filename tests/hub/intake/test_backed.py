"""What the newest backup holds, while its disk answers, while it hangs, and once there is another."""

import os
from pathlib import Path

import pytest

from hub.findings import FindingKind
from hub.intake.backed import Backed, BackedThrough, Question
from hub.intake.claims import Claims
from station.wire.messages import Kept, Through
from tests.databases import only_sqlite
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import EPOCH, KIOSK, journal, state, tap
from tests.patience import eventually

ALL = Question(KIOSK, EPOCH, 1)


@pytest.fixture
def backed(hub: Bench) -> Backed:
    """With a thread of its own, as a hub at work has it."""
    return Backed(hub.findings)


def test_an_answer_comes_beside_whoever_asks(hub: Bench, backed: Backed):
    hub.take(journal(tap(1), tap(2)))
    backed.hold(hub.back_up())

    first = backed.ask(ALL)

    assert first in {None, BackedThrough(2, is_final=True)}
    assert eventually(lambda: backed.ask(ALL) == BackedThrough(2, is_final=True))


def test_another_backup_is_asked_anew(hub: Bench, backed: Backed):
    hub.take(journal(tap(1)))
    backed.hold(hub.back_up())
    assert eventually(lambda: backed.ask(ALL) == BackedThrough(1, is_final=True))
    hub.take(journal(tap(2), n=2))
    hub.hand.reading_s += 1  # by which backups are named

    backed.hold(hub.back_up())

    assert backed.ask(ALL) in {None, BackedThrough(2, is_final=True)}
    assert eventually(lambda: backed.ask(ALL) == BackedThrough(2, is_final=True))


def test_a_backup_that_cannot_be_read_holds_nothing_and_is_told(hub: Bench, tmp_path: Path):
    broken = tmp_path / "broken.sqlite"
    broken.write_text("no database")
    hub.backed.hold(broken)

    assert hub.backed.ask(ALL) == BackedThrough(0, is_final=False)
    assert [found.kind for found in hub.findings.all()] == [FindingKind.BACKUP]


@only_sqlite
def test_a_disk_that_hangs_holds_no_record_up(hub: Bench, backed: Backed):
    hub.take(journal(tap(1)))
    hung = hub.file.parent / "hung.sqlite"
    os.mkfifo(hung)  # whoever opens it waits, as on a mount whose server is gone
    hub.intake._claims = Claims(hub.store, 0, backed)
    backed.hold(hung)

    settled = hub.settled(state(n=2, epochs={EPOCH: Kept(1, 1)}), journal(tap(2), n=3))

    assert settled.epochs[EPOCH] == Through(2)
    assert backed.ask(ALL) is None
    let_go(hung)
    assert eventually(lambda: backed.ask(ALL) is not None)


def let_go(hung: Path) -> None:
    """Whoever waits for it gets the end of a file."""
    os.close(os.open(hung, os.O_WRONLY))
