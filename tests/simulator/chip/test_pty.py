"""The chip on a pseudo-terminal: what the kernel adds."""

from __future__ import annotations

import os
import threading
from contextlib import closing
from pathlib import Path

import pytest

from devices.errors import ReaderLostError
from devices.serial_line import SerialLine
from simulator.chip.frames import ACK
from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort

PATIENCE_MS = 60_000
GET_FIRMWARE_VERSION = bytes(10) + bytes.fromhex("0000ff02fed4022a00")


@pytest.fixture
def port():
    with closing(PtyPort(Pn532Chip())) as port:
        yield port


def test_at_the_chips_speed_it_answers(port):
    with closing(SerialLine(port.path)) as line:
        line.baudrate = 115_200
        line.write(GET_FIRMWARE_VERSION)

        assert line.read(PATIENCE_MS) == ACK


def test_at_a_wrong_speed_it_is_silent(port):
    with closing(SerialLine(port.path)) as line:
        line.baudrate = 921_600
        line.write(GET_FIRMWARE_VERSION)

        with pytest.raises(TimeoutError):
            line.read(100)


def test_a_host_may_close_and_open_the_terminal_again(port):
    for _ in range(3):
        with closing(SerialLine(port.path)) as line:
            line.baudrate = 115_200
            line.write(GET_FIRMWARE_VERSION)

            assert line.read(PATIENCE_MS) == ACK
            line.read(PATIENCE_MS)  # the answer; left behind, it would be the next host's first frame


def test_unplugging_hangs_the_host_up(port):
    with closing(SerialLine(port.path)) as line:
        line.baudrate = 115_200

        port.unplug()

        with pytest.raises(ReaderLostError) as caught:
            line.write(GET_FIRMWARE_VERSION)
        assert not caught.value.is_there
        assert not Path(port.path).exists()


def test_plugged_in_again_it_has_the_same_path_even_where_lower_ones_are_free(port):
    lower = [os.openpty() for _ in range(3)]
    path = port.path
    with closing(PtyPort(Pn532Chip())) as higher:
        wanted = higher.path
        higher.unplug()
        for pair in lower:
            os.close(pair[0])
            os.close(pair[1])

        higher.plug()

        assert higher.path == wanted
    assert port.path == path


def test_unplugging_and_plugging_twice_does_no_harm(port):
    port.plug()
    port.unplug()
    port.unplug()
    port.plug()

    assert port.is_plugged


def test_no_thread_is_left_when_it_is_closed():
    port = PtyPort(Pn532Chip())
    name = f"chip {port.path}"

    port.close()

    assert name not in {thread.name for thread in threading.enumerate()}
