"""What the hub said, on the kiosk's disk."""

from contextlib import suppress
from datetime import timedelta

import pytest

from edge.told import TRY_AGAIN_S, ToldFiles
from station.duty import DutyClass
from station.names import PersonId
from station.stints import Standing
from station.wire.messages import PersonSeen, Presence
from station.wire.told import Holder, Roster
from tests.edge.rig import THURSDAY, duty, token


@pytest.fixture
def files(tmp_path):
    return ToldFiles(tmp_path)


def part(number, of, version=1):
    return Roster(version, number, of, {token(number): Holder(PersonId(f"p{number}"), "示*人")})


def test_what_was_kept_is_read_as_it_was(files):
    files.keep(duty(), 0.0)
    for number in (1, 2):
        files.keep(part(number, 2), 0.0)

    assert files.read_duty() == duty()
    assert files.read_roster() == [part(1, 2), part(2, 2)]


def test_a_shorter_roster_leaves_nothing_of_a_longer_one_behind(files):
    for number in (1, 2, 3):
        files.keep(part(number, 3), 0.0)

    files.keep(part(1, 1, version=2), 0.0)

    assert files.read_roster() == [part(1, 1, version=2)]


def presence(people, minute=0):
    return Presence(THURSDAY + timedelta(minutes=minute), 0, 0, 0, DutyClass.MET, people, {})


def marks(directory):
    return {path.name: path.stat().st_ino for path in directory.iterdir()}


def test_what_is_said_again_is_not_written_again(tmp_path):
    files = ToldFiles(tmp_path)
    for told in (duty(), part(1, 1), presence({})):
        files.keep(told, 0.0)
    before = marks(tmp_path)

    started_again = ToldFiles(tmp_path)
    known = started_again.read_duty(), started_again.read_roster(), started_again.read_presence()
    for told in (duty(), part(1, 1), presence({}, minute=5)):
        files.keep(told, 10.0)
        started_again.keep(told, 10.0)

    assert known == (duty(), [part(1, 1)], presence({}))
    assert marks(tmp_path) == before


def test_another_presence_is_written(files, tmp_path):
    files.keep(presence({}), 0.0)
    later = presence({"p1": PersonSeen(Standing.ON, THURSDAY)}, minute=5)

    files.keep(later, 10.0)

    assert ToldFiles(tmp_path).read_presence() == later


NAMES = ("duty.json", "presence.json", "roster-0001.json", "roster-0002.json")


@pytest.fixture
def full(tmp_path):
    """A disk that takes nothing, until it is called."""
    for name in NAMES:
        (tmp_path / f"{name}.fresh").mkdir()

    def make_room():
        for name in NAMES:
            (tmp_path / f"{name}.fresh").rmdir()

    return make_room


@pytest.mark.parametrize("told", [duty(), part(1, 1), presence({})])
def test_what_the_disk_did_not_take_is_written_once_it_does(files, tmp_path, full, told):
    with pytest.raises(OSError, match="fresh"):
        files.keep(told, 0.0)
    assert files.is_behind
    full()

    files.flush(TRY_AGAIN_S)

    again = ToldFiles(tmp_path)
    assert told in [again.read_duty(), again.read_presence(), *again.read_roster()]
    assert not files.is_behind


def test_of_what_waits_the_latest_is_written(files, full):
    for told in (part(1, 2), part(2, 2), duty(version=1)):
        with suppress(OSError):
            files.keep(told, 0.0)
    full()

    files.keep(part(1, 1, version=2), 0.0)
    files.keep(duty(version=2), TRY_AGAIN_S)

    assert files.read_roster() == [part(1, 1, version=2)]
    assert files.read_duty() == duty(version=2)


def test_one_file_that_cannot_be_written_keeps_no_other_from_it(files, tmp_path):
    (tmp_path / "duty.json.fresh").mkdir()
    with pytest.raises(OSError, match="fresh"):
        files.keep(duty(), 0.0)

    with pytest.raises(OSError, match="fresh"):
        files.keep(part(1, 1), TRY_AGAIN_S)

    assert ToldFiles(tmp_path).read_roster() == [part(1, 1)]


def test_a_disk_that_takes_nothing_is_not_tried_in_a_tight_loop(files, full):
    with pytest.raises(OSError, match="fresh"):
        files.keep(duty(), 0.0)

    files.flush(TRY_AGAIN_S / 2)

    with pytest.raises(OSError, match="fresh"):
        files.flush(TRY_AGAIN_S)
    full()


def test_what_cannot_be_read_was_never_said(files, tmp_path):
    files.keep(part(1, 1), 0.0)
    (tmp_path / "roster-0001.json").write_bytes(b"{torn")

    assert files.read_roster() == []
    assert files.read_presence() is None
