"""What is forgotten at the kiosk: only what is safe elsewhere, and long enough."""

from datetime import timedelta

import pytest

from edge.backlog import Backlog
from edge.errors import JournalFullError
from edge.journal import Journal
from edge.retention import KEEP, Retention
from station.wire.messages import Through
from tests.edge.hub_in_memory import AT, epoch, pulse
from tests.edge.test_journal import fill

ONE, TWO, THREE, FOUR = map(epoch, range(1, 5))


@pytest.fixture
def journal(tmp_path):
    made = Journal(tmp_path / "j.db")
    for name in (ONE, TWO, THREE, FOUR):
        made.begin(name, "b", pulse)
        for _ in range(9):
            made.append(pulse)
    yield made
    made.close()


def kept(journal, name):
    shelf = journal.kept().get(name)
    return None if shelf is None else (shelf.kept_from, shelf.last)


def forget(retention, epochs, at):
    """The hub says so once more at that moment, and what may go goes."""
    retention.settle(epochs, at)
    return retention.forget_old()


def test_a_record_is_forgotten_sixty_days_after_it_was_settled(journal):
    retention = Retention(journal)
    retention.settle({FOUR: Through(6)}, AT)

    early = forget(retention, {FOUR: Through(6)}, AT + KEEP - timedelta(seconds=1))
    late = forget(retention, {FOUR: Through(6)}, AT + KEEP)

    assert (early, late) == (0, 6)
    assert kept(journal, FOUR) == (7, 10)
    backlog = Backlog(journal)
    assert [record.seq for record in backlog.read(FOUR, 6)] == [7, 8, 9, 10]
    backlog.close()


def test_nothing_is_forgotten_that_this_session_did_not_settle(journal):
    retention = Retention(journal)
    retention.settle({ONE: Through(10)}, AT)

    retention.begin_session()

    assert retention.forget_old() == 0
    assert forget(retention, {ONE: Through(4)}, AT + 2 * KEEP) == 4


def test_an_answer_about_another_run_lets_nothing_of_this_one_go(journal):
    retention = Retention(journal)
    retention.settle({ONE: Through(10)}, AT)

    assert forget(retention, {TWO: Through(10)}, AT + 2 * KEEP) == 0


def test_a_hub_from_a_backup_starts_the_sixty_days_anew_for_what_it_lost(journal):
    retention = Retention(journal)
    retention.settle({ONE: Through(10)}, AT)
    retention.settle({ONE: Through(3)}, AT + timedelta(days=30))
    retention.settle({ONE: Through(10)}, AT + timedelta(days=32))

    assert forget(retention, {ONE: Through(10)}, AT + KEEP) == 3
    assert forget(retention, {ONE: Through(10)}, AT + KEEP + timedelta(days=33)) == 7


def test_marks_outlive_a_restart(journal, tmp_path):
    Retention(journal).settle({ONE: Through(10)}, AT)
    again = Retention(journal)

    again.settle({ONE: Through(10)}, AT + KEEP)

    assert forget(again, {ONE: Through(10)}, AT + KEEP) == 10


def test_an_old_run_of_which_nothing_is_left_is_forgotten_with_it(journal):
    retention = Retention(journal)
    every = {name: Through(10) for name in (ONE, TWO, THREE, FOUR)}
    retention.settle(every, AT)

    forget(retention, every, AT + KEEP)

    assert list(journal.kept()) == [THREE, FOUR]


def test_what_was_forgotten_stays_so_after_reopening(journal, tmp_path):
    retention = Retention(journal)
    retention.settle({FOUR: Through(10)}, AT)
    forget(retention, {FOUR: Through(10)}, AT + KEEP)
    journal.close()

    again = Journal(tmp_path / "j.db")

    assert kept(again, FOUR) == (11, 10)
    again.close()


def test_the_seq_goes_on_after_everything_before_was_forgotten(journal):
    retention = Retention(journal)
    retention.settle({FOUR: Through(10)}, AT)
    forget(retention, {FOUR: Through(10)}, AT + KEEP)

    assert journal.append(pulse).seq == 11


def test_a_full_disk_is_eased_by_what_is_in_the_hubs_backup_and_by_nothing_else(journal):
    retention = Retention(journal)
    journal.make_room = retention.make_room
    retention.settle({FOUR: Through(8, backed=5), THREE: Through(10, backed=0)}, AT)
    pages = journal._database.execute("PRAGMA page_count").fetchone()[0]
    journal._database.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(JournalFullError):
        fill(journal)

    assert kept(journal, FOUR)[0] == 6
    assert kept(journal, THREE) == (1, 10)


def test_the_ballast_is_given_up_first_and_laid_again_when_there_is_room(journal, tmp_path):
    retention = Retention(journal, tmp_path / "ballast")
    retention.lay_ballast()
    assert not retention.is_short

    assert retention.make_room()
    assert retention.is_short

    retention.lay_ballast()
    assert not retention.is_short
