"""What is forgotten at the kiosk: only what is safe elsewhere, and long enough."""

import pytest

from edge.ages import KEEP_MS, Ages
from edge.backlog import Backlog
from edge.errors import JournalFullError
from edge.journal import KioskJournal
from edge.retention import Retention
from station.names import Seq
from station.records import ClockState, Pulse
from station.wire.messages import Through
from tests.edge.hub_in_memory import AT, epoch, pulse
from tests.edge.test_journal import fill

ONE, TWO, THREE, FOUR = map(epoch, range(1, 5))


@pytest.fixture
def journal(tmp_path):
    made = KioskJournal(tmp_path / "j.db")
    for name in (ONE, TWO, THREE, FOUR):
        made.begin(name, "b", pulse)
        for _ in range(9):
            made.append(pulse)
    yield made
    made.close()


def kept(journal, name):
    shelf = journal.kept().get(name)
    return None if shelf is None else (shelf.kept_from, shelf.last)


def forget(retention, epochs):
    """The hub says so, and what may go goes."""
    retention.settle(epochs)
    return retention.forget_old()


def aged(*names, through=10):
    return {name: Through(through, aged=through) for name in names}


def test_what_the_hub_has_held_long_enough_is_forgotten_and_nothing_behind_it(journal):
    retention = Retention(journal)

    young = forget(retention, {FOUR: Through(10)})
    old = forget(retention, {FOUR: Through(10, aged=6)})

    assert (young, old) == (0, 6)
    assert kept(journal, FOUR) == (7, 10)
    backlog = Backlog(journal)
    assert [record.seq for record in backlog.read(FOUR, 6)] == [7, 8, 9, 10]
    backlog.close()


def test_what_is_not_settled_is_not_forgotten_however_old_the_hub_calls_it(journal):
    retention = Retention(journal)

    assert forget(retention, {FOUR: Through(4, backed=10, aged=10)}) == 4


def test_nothing_is_forgotten_that_this_session_did_not_settle(journal):
    retention = Retention(journal)
    retention.settle(aged(ONE))

    retention.begin_session()

    assert retention.forget_old() == 0
    assert forget(retention, aged(ONE, through=4)) == 4


def test_an_answer_about_another_run_lets_nothing_of_this_one_go(journal):
    retention = Retention(journal)
    retention.settle({ONE: Through(10)})

    assert forget(retention, aged(TWO)) == 10
    assert kept(journal, ONE) == (1, 10)


def test_a_hub_that_takes_its_word_back_is_obeyed(journal):
    retention = Retention(journal)
    retention.settle(aged(ONE))

    assert forget(retention, {ONE: Through(3)}) == 0


def test_an_old_run_of_which_nothing_is_left_is_forgotten_with_it(journal):
    retention = Retention(journal)

    forget(retention, aged(ONE, TWO, THREE, FOUR))

    assert list(journal.kept()) == [THREE, FOUR]


def test_what_was_forgotten_stays_so_after_reopening(journal, tmp_path):
    retention = Retention(journal)
    forget(retention, aged(FOUR))
    journal.close()

    again = KioskJournal(tmp_path / "j.db")

    assert kept(again, FOUR) == (11, 10)
    again.close()


def test_the_seq_goes_on_after_everything_before_was_forgotten(journal):
    retention = Retention(journal)
    forget(retention, aged(FOUR))

    assert journal.append(pulse).seq == 11


def test_a_full_disk_is_eased_by_what_is_in_the_hubs_backup_and_by_nothing_else(journal):
    retention = Retention(journal)
    journal.make_room = retention.make_room
    retention.settle({FOUR: Through(8, backed=5), THREE: Through(10, backed=0)})
    pages = journal._database.execute("PRAGMA page_count").fetchone()[0]
    journal._database.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(JournalFullError):
        fill(journal)

    assert kept(journal, FOUR)[0] == 6
    assert kept(journal, THREE) == (1, 10)


def test_on_a_full_disk_a_forged_word_of_a_backup_takes_nothing_that_is_not_settled(journal):
    retention = Retention(journal)
    journal.make_room = retention.make_room
    retention.settle({FOUR: Through(3, backed=10**6), THREE: Through(0, backed=10**6)})
    pages = journal._database.execute("PRAGMA page_count").fetchone()[0]
    journal._database.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(JournalFullError):
        fill(journal)

    assert kept(journal, FOUR)[0] == 4
    assert kept(journal, THREE) == (1, 10)


def test_the_ballast_is_given_up_first_and_laid_again_when_there_is_room(journal, tmp_path):
    retention = Retention(journal, tmp_path / "ballast")
    retention.lay_ballast()
    assert not retention.is_short

    assert retention.make_room()
    assert retention.is_short

    retention.lay_ballast()
    assert not retention.is_short


def test_only_a_nearly_full_disk_gives_up_what_is_backed_before_its_time(journal):
    retention = Retention(journal)
    retention.settle({FOUR: Through(8, backed=5), THREE: Through(10, backed=0)})

    retention.keep_spare_pages()
    before = kept(journal, FOUR)[0]
    retention.is_short = True
    retention.keep_spare_pages()

    assert (before, kept(journal, FOUR)[0]) == (1, 6)
    assert kept(journal, THREE) == (1, 10)


def test_what_was_made_lately_is_not_forgotten_whoever_calls_it_aged(journal):
    retention = Retention(journal, ages=Ages(journal))

    gone = forget(retention, aged(ONE, TWO, THREE, FOUR))
    append_at(journal, KEEP_MS // 2)
    gone += forget(retention, aged(ONE, TWO, THREE, FOUR))

    assert gone == 0


def test_what_the_kiosk_has_had_for_sixty_days_goes_and_nothing_younger(journal):
    retention = Retention(journal, ages=Ages(journal))
    retention.forget_old()
    append_at(journal, KEEP_MS // 2)
    retention.forget_old()
    append_at(journal, KEEP_MS + 1000)

    gone = forget(retention, aged(ONE, TWO, THREE, FOUR, through=12))

    assert (gone, kept(journal, FOUR)) == (40, (11, 12))


def test_days_are_counted_on_over_reboots_and_not_by_the_clock(journal):
    retention = Retention(journal, ages=Ages(journal))
    retention.forget_old()
    append_at(journal, KEEP_MS // 2)
    retention.forget_old()
    journal.begin(epoch(5), "another boot", lambda seq: at_ms(seq, 0))
    append_at(journal, KEEP_MS // 2 - 86_400_000)
    retention = Retention(journal, ages=Ages(journal))
    before = forget(retention, aged(ONE, TWO, THREE, FOUR))
    append_at(journal, KEEP_MS // 2 + 1000)

    assert (before, forget(retention, aged(ONE, TWO, THREE, FOUR))) == (0, 40)


def append_at(journal, mono_ms):
    journal.append(lambda seq: at_ms(seq, mono_ms))


def at_ms(seq, mono_ms):
    return Pulse(seq=Seq(seq), at=AT, clock=ClockState.SYNCED, boot="b", mono_ms=mono_ms)
