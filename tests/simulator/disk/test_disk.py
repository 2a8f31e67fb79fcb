"""The forgetting disk: what a cut leaves, and that SQLite over it is SQLite."""

from __future__ import annotations

import sqlite3
from random import Random

import pytest

from simulator.disk.cuts import PIECE, Cut, after_cut
from simulator.disk.errors import PowerOffError
from simulator.disk.medium import Disk, replayed
from simulator.disk.native import NoSharedSqliteError
from simulator.disk.vfs import NAME, forgetting_layer

SEEDS = range(40)


@pytest.fixture
def mounts():
    try:
        return forgetting_layer()
    except NoSharedSqliteError as exc:
        pytest.skip(str(exc))


@pytest.fixture
def disk(mounts):
    disk = Disk(is_recording=True)
    mounts.mount("/kiosk", disk)
    yield disk
    mounts.unmount("/kiosk")


def connect(name="/kiosk/a.db", options=""):
    return sqlite3.connect(f"file:{name}?vfs={NAME}{options}", uri=True, isolation_level=None)


def a_table(options=""):
    database = connect(options=options)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE t (i INTEGER PRIMARY KEY, word TEXT)")
    return database


def rows(database):
    return [row[0] for row in database.execute("SELECT i FROM t ORDER BY i")]


def test_what_was_synced_with_its_name_survives_every_cut():
    disk = Disk()
    file = disk.create("/k/a")
    disk.write(file, 0, b"kept")
    disk.sync(file)
    disk.sync_directory("/k")

    found = [after_cut(disk, cut, Random(seed)) for cut in Cut for seed in SEEDS]

    assert {bytes(image.names["/k/a"].content) for image in found} == {b"kept"}


def test_a_file_whose_directory_was_not_synced_may_be_gone_with_all_that_was_synced_in_it():
    disk = Disk()
    disk.sync(disk.create("/k/a"))

    clean = after_cut(disk, Cut.CLEAN, Random(1))
    ragged = [after_cut(disk, Cut.RAGGED, Random(seed)) for seed in SEEDS]

    assert clean.names == {}
    assert {bool(image.names) for image in ragged} == {True, False}


def test_a_deleted_file_may_be_back_until_the_directory_is_synced():
    disk = Disk()
    disk.create("/k/a")
    disk.sync_directory("/k")
    disk.delete("/k/a")

    before = after_cut(disk, Cut.CLEAN, Random(1))
    disk.sync_directory("/k")
    after = after_cut(disk, Cut.CLEAN, Random(1))

    assert (list(before.names), list(after.names)) == (["/k/a"], [])


def test_a_ragged_cut_keeps_whole_pieces_in_any_combination():
    disk = Disk()
    file = disk.create("/k/a")
    disk.write(file, 0, b"o" * 3 * PIECE)
    disk.sync(file)
    disk.sync_directory("/k")
    disk.write(file, PIECE - 2, b"n" * (PIECE + 4))

    images = {bytes(after_cut(disk, Cut.RAGGED, Random(seed)).names["/k/a"].content) for seed in SEEDS}

    pieces = ((PIECE - 2, 2), (PIECE, PIECE), (2 * PIECE, 2))
    assert len(images) == 8
    assert all(len(set(image[at : at + size])) == 1 for image in images for at, size in pieces)


def test_a_garbled_cut_harms_synced_neighbours_in_the_same_piece_only():
    disk = Disk()
    file = disk.create("/k/a")
    disk.write(file, 0, b"o" * 2 * PIECE)
    disk.sync(file)
    disk.sync_directory("/k")
    disk.write(file, PIECE, b"n")

    images = [bytes(after_cut(disk, Cut.GARBLED, Random(seed)).names["/k/a"].content) for seed in SEEDS]

    assert all(image[:PIECE] == b"o" * PIECE for image in images)
    assert any(image[PIECE + 1 :] != b"o" * (PIECE - 1) for image in images)


def test_a_lying_disk_keeps_nothing_that_came_after_the_lie_began():
    disk = Disk()
    file = disk.create("/k/a")
    disk.sync_directory("/k")
    disk.write(file, 0, b"held")
    disk.sync(file)
    disk.is_lying = True
    disk.write(file, 4, b" lost")
    disk.sync(file)

    found = after_cut(disk, Cut.CLEAN, Random(1))

    assert bytes(found.names["/k/a"].content) == b"held"


def test_the_power_fails_at_the_step_that_was_asked_for():
    disk = Disk()
    disk.cut_at = 1
    file = disk.create("/k/a")

    with pytest.raises(PowerOffError):
        disk.write(file, 0, b"late")

    assert (disk.position, file.content) == (1, b"")


def test_a_recorded_run_plays_again_to_the_same_disk(disk):
    database = a_table()
    database.execute("INSERT INTO t VALUES (1, 'one')")

    *_, last = replayed(disk.recorded)

    assert {name: file.content for name, file in last.names.items()} == {
        name: file.content for name, file in disk.names.items()
    }
    assert last.position == disk.position
    database.close()


def test_a_second_connection_sees_what_the_first_has_committed(disk):
    writer, reader = a_table(), connect()

    seen = [rows(reader)]
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES (1, 'one')")
    seen.append(rows(reader))
    writer.execute("COMMIT")
    seen.append(rows(reader))

    assert seen == [[], [], [1]]
    writer.close()
    reader.close()


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_only_one_connection_writes_at_a_time(disk, mode):
    first, second = a_table(), connect()
    first.execute(f"PRAGMA journal_mode = {mode}")
    second.execute("PRAGMA busy_timeout = 0")
    first.execute("BEGIN IMMEDIATE")

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        second.execute("BEGIN IMMEDIATE")

    first.execute("COMMIT")
    second.execute("BEGIN IMMEDIATE")
    second.execute("COMMIT")
    first.close()
    second.close()


def test_a_killed_process_leaves_what_it_wrote_and_no_lock(disk, mounts):
    killed = a_table()
    killed.execute("PRAGMA synchronous = OFF")
    killed.execute("INSERT INTO t VALUES (1, 'one')")
    killed.execute("BEGIN IMMEDIATE")
    killed.execute("INSERT INTO t VALUES (2, 'two')")

    mounts.kill("/kiosk")
    survivor = connect()
    survivor.execute("INSERT INTO t VALUES (3, 'three')")

    assert rows(survivor) == [1, 3]
    survivor.close()
    killed.close()


def test_a_full_disk_says_so_and_keeps_what_it_has(disk):
    database = a_table()
    database.execute("INSERT INTO t VALUES (1, 'one')")
    disk.capacity_bytes = sum(len(file.content) for file in disk.names.values())

    with pytest.raises(sqlite3.OperationalError, match="full"):
        database.execute("INSERT INTO t VALUES (2, 'two')")

    assert rows(database) == [1]
    disk.capacity_bytes = None
    database.execute("INSERT INTO t VALUES (2, 'two')")
    assert rows(database) == [1, 2]
    database.close()


def test_a_card_that_takes_no_more_writes_still_gives_what_it_has(disk):
    database = a_table()
    database.execute("INSERT INTO t VALUES (1, 'one')")
    disk.is_read_only = True

    with pytest.raises(sqlite3.OperationalError, match="I/O error"):
        database.execute("INSERT INTO t VALUES (2, 'two')")

    assert rows(database) == [1]
    disk.is_read_only = False
    database.close()


def test_after_a_cut_in_the_midst_of_a_run_the_connection_is_dead_and_the_disk_opens_again(disk, mounts):
    database = a_table()
    disk.cut_at = disk.position + 1

    with pytest.raises(sqlite3.OperationalError):
        database.execute("INSERT INTO t VALUES (1, 'one')")

    mounts.mount("/kiosk", after_cut(disk, Cut.CLEAN, Random(1)))
    again = connect()
    assert rows(again) == []
    with pytest.raises(sqlite3.OperationalError):
        database.execute("SELECT * FROM t")
    database.close()
    again.close()


def test_a_neighbour_of_a_garbled_write_is_lost_unless_sqlite_is_told_to_trust_no_write(mounts):
    def lost(options):
        disk = Disk(is_recording=True)
        mounts.mount("/kiosk", disk)
        database = a_table(options)
        held = {}
        for i in range(1, 20):
            database.execute("INSERT INTO t VALUES (?, 'a word')", (i,))
            held[disk.position] = i
        database.close()
        count = 0
        for image in replayed(disk.recorded):
            promised = max((i for position, i in held.items() if position <= image.position), default=0)
            mounts.mount("/kiosk", after_cut(image, Cut.GARBLED, Random(image.position)))
            found = connect()
            count += promised > 0 and len(rows(found)) < promised
            found.close()
        mounts.unmount("/kiosk")
        return count

    assert lost("") > 0
    assert lost("&psow=0") == 0
