"""No power cut takes a beep away: the real journal on a forgetting disk, cut at every step of its life."""

from __future__ import annotations

from random import Random

import pytest

from edge.errors import JournalError, JournalFullError
from edge.journal_schema import connect
from simulator.disk.cuts import Cut, after_cut
from simulator.disk.medium import Disk, replayed
from simulator.disk.native import NoSharedSqliteError
from simulator.disk.vfs import only_layer
from station.names import Epoch
from tests.edge import power

SEED = 20260305
NEXT_EPOCH = Epoch("f" * 16)
LATER_EPOCH = Epoch("e" * 16)


@pytest.fixture(scope="module")
def mounts():
    try:
        with only_layer() as mounts:
            yield mounts
    except NoSharedSqliteError as exc:
        pytest.skip(str(exc))


@pytest.fixture
def disk(mounts):
    disk = Disk(is_recording=True)
    mounts.mount(power.DIRECTORY, disk)
    yield disk
    mounts.unmount(power.DIRECTORY)


def is_sound(mounts, left, promised, connect=connect, epoch=NEXT_EPOCH):
    """Whether the journal on that disk opens, holds all that was promised, and takes another tap."""
    mounts.mount(power.DIRECTORY, left)
    try:
        journal = power.open_journal(left, connect)
    except JournalError:
        return False
    journal.begin(epoch, power.BOOT, power.began)
    power.tap(journal, power.token_of(0, 0))
    held = power.found(journal)
    guarded = {seen.person for seen in journal.guard_rows(power.BOOT)}
    journal.close()
    mounts.unmount(power.DIRECTORY)
    return promised.items() <= held.items() and set(promised.values()) <= guarded


def broken_by(mounts, day, cut, connect=connect):
    """The steps at which a cut breaks a promise."""
    return [
        image.position
        for image in replayed(day.disk.recorded)
        if not is_sound(
            mounts, after_cut(image, cut, Random(SEED + image.position)), day.promised(image.position), connect
        )
    ]


@pytest.mark.parametrize("cut", list(Cut))
def test_no_cut_at_any_step_takes_a_beep_away(mounts, cut):
    day = power.live(mounts)

    broken = broken_by(mounts, day, cut)

    assert broken == [], f"of {day.disk.position} steps, seed {SEED}"
    assert day.disk.position > 900, "the day is long"
    assert day.forgotten > 30, "and much was forgotten on the way"


def test_no_cut_parts_a_tap_from_the_guard_against_its_second_tap(mounts, disk):
    journal = power.open_journal(disk)
    journal.begin(power.epoch_of(1), power.BOOT, power.began)
    for i in range(4):
        power.tap(journal, power.token_of(1, i))
    journal.close()

    parted = []
    for image in replayed(disk.recorded):
        left = after_cut(image, Cut.CLEAN, Random(SEED))
        mounts.mount(power.DIRECTORY, left)
        again = power.open_journal(left)
        if set(power.found(again).values()) != {seen.person for seen in again.guard_rows(power.BOOT)}:
            parted.append(image.position)
        again.close()

    assert parted == []
    assert disk.position > 20


@pytest.mark.parametrize("cut", [Cut.CLEAN, Cut.RAGGED])
def test_the_same_journal_at_synchronous_normal_loses_beeps(mounts, cut):
    day = power.live(mounts, power.careless)

    broken = broken_by(mounts, day, cut, power.careless)

    assert len(broken) > day.disk.position / 4


def test_a_journal_that_trusts_its_card_to_harm_no_neighbour_loses_beeps(mounts):
    day = power.live(mounts, power.trusting)

    broken = broken_by(mounts, day, Cut.GARBLED, power.trusting)

    assert len(broken) > 10


def test_power_that_fails_again_while_the_journal_recovers_takes_no_beep_away(mounts):
    day = power.live(mounts, runs=3)
    chosen = set(Random(SEED).sample(range(day.disk.position), 12))
    tried, broken = 0, []

    for image in replayed(day.disk.recorded):
        if image.position not in chosen:
            continue
        promised = day.promised(image.position)
        left = after_cut(image, Cut.RAGGED, Random(image.position), is_recording=True)
        before = after_cut(left, Cut.CLEAN, Random(SEED))
        assert is_sound(mounts, left, promised)
        for again in replayed(left.recorded, before):
            tried += 1
            if not is_sound(mounts, after_cut(again, Cut.RAGGED, Random(tried)), promised, epoch=LATER_EPOCH):
                broken.append((image.position, again.position))

    assert broken == []
    assert tried > 200


def test_a_card_that_lies_loses_only_what_it_never_held(mounts, disk):
    journal = power.open_journal(disk)
    journal.begin(power.epoch_of(1), power.BOOT, power.began)
    honest = [power.tap(journal, power.token_of(1, i)).token for i in range(5)]
    disk.is_lying = True
    lied = [power.tap(journal, power.token_of(1, i)).token for i in range(5, 10)]
    journal.close()

    left = after_cut(disk, Cut.CLEAN, Random(SEED))
    mounts.mount(power.DIRECTORY, left)
    journal = power.open_journal(left)
    held = power.found(journal)
    journal.begin(NEXT_EPOCH, power.BOOT, power.began)
    power.tap(journal, power.token_of(2, 0))
    named_after = power.found(journal).keys() - held.keys()

    assert list(held.values()) == honest
    assert not named_after & {power.Name(power.epoch_of(1), seq) for seq in range(1, 2 + len(honest + lied))}
    journal.close()


def test_on_a_full_disk_a_tap_is_refused_and_taken_again_once_there_is_room(disk):
    journal = power.open_journal(disk)
    journal.begin(power.epoch_of(1), power.BOOT, power.began)
    power.tap(journal, power.token_of(1, 1))
    disk.capacity_bytes = 0

    with pytest.raises(JournalFullError):
        power.tap(journal, power.token_of(1, 2))
    disk.capacity_bytes = None
    power.tap(journal, power.token_of(1, 3))

    assert list(power.found(journal).items()) == [
        (power.Name(power.epoch_of(1), 2), power.token_of(1, 1)),
        (power.Name(power.epoch_of(1), 3), power.token_of(1, 3)),
    ]
    journal.close()


def test_a_card_that_takes_no_writes_is_trouble_and_what_it_holds_is_still_read(disk):
    journal = power.open_journal(disk)
    journal.begin(power.epoch_of(1), power.BOOT, power.began)
    power.tap(journal, power.token_of(1, 1))
    disk.is_read_only = True

    with pytest.raises(JournalError):
        power.tap(journal, power.token_of(1, 2))

    assert list(power.found(journal).values()) == [power.token_of(1, 1)]
    disk.is_read_only = False
    journal.close()
