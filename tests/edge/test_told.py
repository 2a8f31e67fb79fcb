"""What the hub said, on the kiosk's disk."""

import pytest

from edge.told import ToldFiles
from station.names import PersonId
from station.wire.messages import Holder, Roster
from tests.edge.rig import duty, token


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


def test_what_cannot_be_read_was_never_said(files, tmp_path):
    files.keep(part(1, 1), 0.0)
    (tmp_path / "roster-0001.json").write_bytes(b"{torn")

    assert files.read_roster() == []
    assert files.read_presence() is None
