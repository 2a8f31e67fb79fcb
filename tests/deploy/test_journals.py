"""A version whose journal the one before could not open is never at work: taken back, the kiosk would be blind."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.installing import slots
from deploy.installing.commands import NotDone
from deploy.kiosk.installer import machine
from deploy.kiosk.installer.journals import JournalForms, form_of, forms_of
from deploy.kiosk.updater import __main__ as updater
from edge import journal_schema
from hub.fleet.kiosk_words import in_chinese
from tests.deploy.on_trial import Watched, at_work, told

BEFORE = "VERSION = 1"  # of an agent that knew nothing of `OPENS`
OPENS_BOTH = "VERSION, OPENS = 1, 2"
RAISES = "VERSION, OPENS = 2, 2"


def lay(slot: Path, schema: str) -> None:
    """A version of which no more is there than how it keeps its journal."""
    python = slot / "venv/bin/python3"
    python.parent.mkdir(parents=True, exist_ok=True)
    (slot / "lib/edge").mkdir(parents=True, exist_ok=True)
    (slot / "lib/edge/__init__.py").touch()
    (slot / "lib/edge/journal_schema.py").write_text(schema)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{slot}/lib" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)


@pytest.mark.parametrize(
    ("was", "new", "is_taken"),
    [
        (BEFORE, BEFORE, True), (BEFORE, OPENS_BOTH, True), (OPENS_BOTH, RAISES, True), (RAISES, RAISES, True),
        (BEFORE, RAISES, False), (RAISES, BEFORE, False),
    ],
)  # fmt: skip
def test_an_update_is_tried_only_where_the_version_before_could_go_on_with_its_journal(
    offered: Path, watched: Watched, was: str, new: str, is_taken: bool
) -> None:
    lay(offered / "slots/1.0.0", was)
    lay(offered / "slots/2.0.0", new)

    assert updater._update_and_tell(None) == (0 if is_taken else 1)

    said = told(offered)
    assert (at_work(offered), said["ok"]) == (("2.0.0", True) if is_taken else ("1.0.0", False))
    assert not (offered / "setup/trial.json").exists()
    assert is_taken == (watched.now_s > 0)  # nobody waited: it was at work not for a moment
    if not is_taken:
        assert "journal" in str(said["text"])
        assert "journal" not in in_chinese(str(said["text"]))


def test_by_hand_it_is_refused_too_and_changes_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(place / "slots/1.0.0", BEFORE)
    lay(place / "slots/2.0.0", RAISES)
    monkeypatch.setattr(machine, "fill", lambda bundle: slots.SLOTS / "2.0.0")
    monkeypatch.setattr(machine, "make_user", lambda home: pytest.fail("something was changed"))

    with pytest.raises(NotDone, match=r"1\.0\.0 could not go back to the journal of 2\.0\.0; .*nothing was changed"):
        machine.set_up(SimpleNamespace(bundle=None, settings={}))  # type: ignore[arg-type]
    assert at_work(place) == "1.0.0"


@pytest.fixture
def journal(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """As 3.0.0 has left it: of form 2; in the file, once it is closed."""
    monkeypatch.setattr(machine, "JOURNAL", place / "data/journal.db")
    with closing(sqlite3.connect(place / "data/journal.db", isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("PRAGMA user_version = 2")
        yield made


@pytest.mark.parametrize("is_closed", [True, False], ids=["in the file", "in the log beside it"])
@pytest.mark.parametrize("is_first", [True, False], ids=["after uninstall", "after 1.0.0"])
def test_the_second_step_down_by_hand_is_refused_by_the_journal_that_the_first_one_left(
    place: Path, journal: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, *, is_closed: bool, is_first: bool
) -> None:
    lay(place / "slots/1.0.0", OPENS_BOTH)  # makes 1, and works with the 2 that it found
    lay(place / "slots/0.9.0", BEFORE)
    if is_closed:
        journal.close()
    if is_first:
        (place / "current").unlink()
    monkeypatch.setattr(machine, "fill", lambda bundle: slots.SLOTS / "0.9.0")
    monkeypatch.setattr(machine, "make_user", lambda home: pytest.fail("something was changed"))
    before = {path: path.read_bytes() for path in (place / "data").iterdir()}

    with pytest.raises(NotDone, match=r"0\.9\.0 cannot open this kiosk's journal, which a later .*nothing was changed"):
        machine.set_up(SimpleNamespace(bundle=None, settings={}))  # type: ignore[arg-type]

    assert {path: path.read_bytes() for path in (place / "data").iterdir()} == before


@pytest.mark.usefixtures("journal")
def test_an_update_to_what_cannot_open_the_file_is_not_tried(offered: Path) -> None:
    lay(offered / "slots/1.0.0", OPENS_BOTH)
    lay(offered / "slots/2.0.0", BEFORE)

    assert updater._update_and_tell(None) == 1

    assert "版读不了这台终端的记录文件" in in_chinese(str(told(offered)["text"]))
    assert at_work(offered) == "1.0.0"


def test_a_form_is_read_of_whatever_lies_there(place: Path, journal: sqlite3.Connection) -> None:
    assert form_of(machine.JOURNAL) == 2  # it is in the log alone
    journal.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert form_of(machine.JOURNAL) == 2
    journal.execute("PRAGMA user_version = 1")
    journal.execute("PRAGMA wal_checkpoint(RESTART)")
    journal.execute("CREATE TABLE more (less)")  # the log begins anew, over what it held
    assert form_of(machine.JOURNAL) == 1
    link = place / "data/link.db"
    link.symlink_to(machine.JOURNAL)
    (place / "data/short.db").write_bytes(b"short")
    (place / "data/short.db-wal").write_bytes(b"short")
    assert [form_of(place / "data" / name) for name in ("link.db", "short.db", "none.db")] == [0, 0, 0]


def test_a_program_that_does_not_even_begin_is_left_to_its_trial(place: Path) -> None:
    lay(place / "slots/2.0.0", "import nothing_of_the_kind")

    assert forms_of(place / "slots/2.0.0") is None
    assert forms_of(place / "slots/1.0.0") is None


def test_this_agent_answers_and_opens_what_it_makes(place: Path) -> None:
    lay(place / "slots/2.0.0", Path(journal_schema.__file__).read_text(encoding="utf-8"))
    (place / "slots/2.0.0/lib/edge/errors.py").write_text(
        "class JournalError(Exception): ...\nJournalBrokenError = JournalFullError = JournalLaterError = JournalError\n"
    )

    assert forms_of(place / "slots/2.0.0") == JournalForms(journal_schema.VERSION, journal_schema.OPENS)
    assert journal_schema.OPENS >= journal_schema.VERSION
