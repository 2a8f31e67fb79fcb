"""The doctor: says of each thing that the agent needs whether it would do, and leaves it as it was."""

import os
import sqlite3

import pytest

from edge.config import BrokerConfig, EdgeConfig, ReaderConfig, SignalsConfig
from edge.data_dir import JOURNAL, LOCK, DataDir
from edge.doctor import examine
from edge.journal import KioskJournal
from edge.seams import Seams
from simulator.scripted_reader import ScriptedReader
from station.clock import Clock
from tests.edge.hub_in_memory import epoch, pulse
from tests.edge.rig import KIOSK, STATION
from tests.ports import free_port


@pytest.fixture
def home(tmp_path):
    made = tmp_path / "data"
    made.mkdir()
    return made


@pytest.fixture
def journal(home):
    """Of one run, killed in its midst: the last records are in the log alone."""
    made = KioskJournal(home / JOURNAL)
    made.begin(epoch(1), "b", pulse)
    made.append(pulse)
    yield made
    made.close()


def look(home, **settings) -> dict[str, tuple[bool | None, str]]:
    config = EdgeConfig(
        station=STATION, kiosk=KIOSK, data_dir=home, site_key_file=home / "site.key",
        broker=BrokerConfig(port=free_port()), **{"readers": (), **settings},
    )  # fmt: skip
    seams = Seams(clock=Clock(), boot="b", is_synced=lambda: True)
    found = examine(config, seams, lambda url: ScriptedReader())
    return {finding.what: (finding.is_well, finding.text) for finding in found}


def test_a_data_directory_that_is_a_file_is_wrong(tmp_path):
    path = tmp_path / "data"
    path.write_text("")

    for place in (path, path / "below"):
        is_well, text = look(place)["disk"]
        assert is_well is False
        assert text == f"data_dir {place}: {path} is a file; wanted is a directory"


def test_a_journal_is_opened_with_what_is_in_its_log_alone(home, journal):
    assert look(home)["journal"] == (True, "sound, 2 records")


def test_no_journal_yet_is_no_fault(home):
    is_well, text = look(home)["journal"]

    assert is_well
    assert "none yet" in text


def test_a_journal_of_a_later_agent_is_wrong(home, journal):
    with sqlite3.connect(journal.path) as database:
        database.execute("PRAGMA user_version = 9")
    database.close()

    is_well, text = look(home)["journal"]

    assert is_well is False
    assert "version 9" in text


def test_bytes_that_are_no_journal_are_wrong_and_stay(home):
    (home / JOURNAL).write_bytes(b"no journal" * 500)

    is_well, text = look(home)["journal"]

    assert is_well is False
    assert "sets it aside" in text
    assert (home / JOURNAL).read_bytes() == b"no journal" * 500


def test_a_journal_at_work_is_left_alone(home, journal):
    held = DataDir(home)

    assert look(home)["journal"] == (True, "in use by the running agent")
    held.release()


@pytest.mark.parametrize("name", [JOURNAL, f"{JOURNAL}-wal", LOCK])
def test_a_file_of_another_user_is_wrong(home, journal, name):
    journal.close()
    path = home / name
    path.touch()
    assert "files" not in look(home)

    if os.geteuid() == 0:
        os.chown(path, 65534, -1)  # as somebody else left it, for everybody to read
    else:
        path.chmod(0o400)

    is_well, text = look(home)["files"]
    assert not is_well
    assert str(path) in text
    assert "no card is recorded" in text


def test_nothing_is_made_in_the_data_directory(home):
    look(home)

    assert list(home.iterdir()) == []


def test_what_the_system_says_is_told_in_words(home):
    found = look(home)

    assert found["site key"][1].endswith("site.key cannot be read: No such file or directory")
    assert "Connection refused; taps" in found["broker"][1]
    assert "Errno" not in str(found)


@pytest.mark.parametrize(
    ("url", "said"), [("pn532:/dev/ttyUSB0", "answers"), ("em4100:/dev/ttyUSB0", "only a card held to it shows")]
)
def test_a_reader_that_is_never_asked_is_not_said_to_answer(home, url, said):
    is_well, text = look(home, readers=(ReaderConfig("door", url),))["reader"]

    assert is_well
    assert said in text


@pytest.fixture
def silent_lamp_and_player(tmp_path, monkeypatch):
    """A tower light that is not there, and a player that plays to nobody."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "aplay").write_text(f'#!/bin/sh\necho "$4" > {folder}/played\n')
    (folder / "aplay").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return SignalsConfig(lamp=f"tower:{tmp_path / 'none'}", sound="aplay:default"), folder / "played"


def test_lamp_and_sound_are_tried_for_somebody_who_looks_and_listens(home, silent_lamp_and_player):
    signals, played = silent_lamp_and_player

    found = look(home, signals=signals)

    assert found["lamp"][0] is False
    assert "cannot be opened: No such file or directory; taps are recorded all the same" in found["lamp"][1]
    assert found["sound"] == (
        True, "aplay:default plays a high and a low note; if it did not, check plug and volume"
    )  # fmt: skip
    assert "/chime-" in played.read_text()
    assert list(home.iterdir()) == []


def test_lamp_and_sound_of_an_agent_at_work_are_left_to_it(home, silent_lamp_and_player):
    signals, played = silent_lamp_and_player
    held = DataDir(home)

    found = look(home, signals=signals)

    assert found["lamp"][0] is found["sound"][0] is None
    assert not played.exists()
    held.release()
