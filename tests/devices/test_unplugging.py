"""What happens to the process when the reader is pulled out, and to the reader when it comes back."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from devices.attended import AttendedReader
from devices.catalogue import open_reader
from devices.errors import ReaderLostError, ReaderUnusableError
from simulator.chip.cards import Ntag213
from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort
from tests.devices.reader_contract import NUMBER
from tests.patience import eventually

WITHIN_S = 60.0

AGENT = """
import sys
from devices.catalogue import open_reader
from devices.errors import ReaderLostError
reader = open_reader("pn532:" + sys.argv[1])
print("open", flush=True)
try:
    reader.poll(120)
except ReaderLostError:
    print("survived", flush=True)
"""
CARELESS = """
import os, sys
fd = os.open(sys.argv[1], os.O_RDWR)
print("open", flush=True)
os.read(fd, 1)
print("survived", flush=True)
"""


def unplugged_under(program: str) -> tuple[int, str]:
    """Run a session leader without a terminal, as a service is, and pull the reader out from under it."""
    with (
        closing(PtyPort(Pn532Chip())) as port,
        subprocess.Popen(
            [sys.executable, "-c", program, port.path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as child,
    ):
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        port.unplug()
        said = child.stdout.read()
        return child.wait(WITHIN_S), said


def test_unplugging_does_not_kill_a_service():
    assert unplugged_under(AGENT) == (0, "survived\n")


def test_unplugging_would_kill_a_service_that_opens_the_port_carelessly():
    assert unplugged_under(CARELESS) == (-signal.SIGHUP, "")


@pytest.fixture
def attended(port):
    reader = AttendedReader(
        f"pn532:{port.path}", open_reader=open_reader, monotonic=time.monotonic, sleep=time.sleep, rng=Random(7)
    )
    with closing(reader):
        yield reader


def poll_until(attended: AttendedReader, state: str) -> None:
    deadline_s = time.monotonic() + WITHIN_S
    while attended.health.state != state:
        assert time.monotonic() < deadline_s, f"still {attended.health}"
        attended.poll(0.05)


def test_a_reader_unplugged_and_plugged_in_again_reads_without_help(chip, port, attended):
    poll_until(attended, "up")
    path = port.path

    port.unplug()
    poll_until(attended, "down")
    port.plug()
    chip.put(Ntag213(NUMBER))
    poll_until(attended, "up")

    assert port.path == path
    assert attended.poll(1.0) is not None


def test_a_reader_whose_chip_hangs_is_blind_until_it_answers(chip, attended):
    poll_until(attended, "up")

    chip.is_mute = True
    poll_until(attended, "blind")
    chip.is_mute = False
    poll_until(attended, "up")

    assert attended.health.reason == ""


def test_a_reader_that_lost_its_power_reads_again_without_help(chip, attended):
    chip.put(Ntag213(NUMBER))
    poll_until(attended, "up")

    chip.power()
    poll_until(attended, "blind")
    poll_until(attended, "up")

    assert attended.poll(1.0) is not None


INTRUDER = """
import os, sys
if os.getuid() == 0:
    os.setuid(65534)  # the flag binds everybody but root
try:
    os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
    print("opened")
except OSError as exc:
    print(os.strerror(exc.errno))
"""


def intrude(path: str) -> str:
    return subprocess.run([sys.executable, "-c", INTRUDER, path], capture_output=True, text=True, check=True).stdout


def test_no_other_program_opens_the_reader_beside_the_agent(port):
    Path(port.path).chmod(0o666)
    with closing(open_reader(f"pn532:{port.path}")):
        said_while_held = intrude(port.path)

    assert said_while_held == "Device or resource busy\n"
    assert intrude(port.path) == "opened\n"


def test_an_agent_that_was_killed_leaves_the_reader_to_the_next(port):
    Path(port.path).chmod(0o666)
    with subprocess.Popen([sys.executable, "-c", AGENT, port.path], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        child.kill()

    assert eventually(lambda: intrude(port.path) == "opened\n")


def test_a_path_where_nothing_is_counts_as_lost(tmp_path):
    with pytest.raises(ReaderLostError) as caught:
        open_reader(f"pn532:{tmp_path / 'ttyNONE'}")

    assert not caught.value.is_there


def test_a_file_is_no_reader(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ReaderUnusableError, match="no serial port"):
        open_reader(f"pn532:{tmp_path / 'file'}")


def test_a_reader_is_found_by_any_of_its_names(chip, port, tmp_path):
    by_id = tmp_path / "usb-Invented_Reader_0001-if00"
    by_id.symlink_to(port.path)
    chip.put(Ntag213(NUMBER))

    with closing(open_reader(f"pn532:{by_id}")) as reader:
        card = reader.poll(1.0)

    assert card is not None
