"""What the hub said, on the kiosk's disk."""

from datetime import timedelta

import pytest

from edge.told import ToldFiles
from station.duty import DutyClass
from station.names import PersonId
from station.stints import Standing
from station.wire.messages import Holder, PersonSeen, Presence, Roster
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


def test_what_could_not_be_written_is_written_when_it_is_said_again(files, tmp_path):
    files.keep(duty(version=1), 0.0)
    (tmp_path / "duty.json.fresh").mkdir()
    with pytest.raises(OSError, match="duty"):
        files.keep(duty(version=2), 0.0)
    (tmp_path / "duty.json.fresh").rmdir()

    files.keep(duty(version=2), 0.0)

    assert ToldFiles(tmp_path).read_duty() == duty(version=2)


def test_what_cannot_be_read_was_never_said(files, tmp_path):
    files.keep(part(1, 1), 0.0)
    (tmp_path / "roster-0001.json").write_bytes(b"{torn")

    assert files.read_roster() == []
    assert files.read_presence() is None
