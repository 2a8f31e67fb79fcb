"""A kiosk's agent with a serial 125 kHz reader, a tower light and a loudspeaker, all emulated: the way of one tap."""

import os
import select
import signal
import subprocess
import sys
import time
import tty
from contextlib import closing
from pathlib import Path

import pytest

from devices.keys import ENTER
from simulator.em4100 import Em4100Port
from simulator.wedge import Pipe, key_event
from tests.patience import eventually

SETTINGS = """
station = "SQ01"
kiosk = "sq01-a"
data_dir = "{home}/data"
site_key_file = "{home}/site.key"
allow_any_path = true

[broker]
port = 1

[[readers]]
name = "door"
url = "em4100:{reader}"

[buttons]
step_out = "key:{button}"

[signals]
lamp = "tower:{lamp}"
sound = "aplay:default"
"""
PRESS_EVERY_S = 5.0
NUMBER = bytes.fromhex("62E3086CED")


class Kiosk:
    def __init__(self, home: Path, reader: str) -> None:
        self.home = home
        self.lamp, self._slave = os.openpty()
        tty.setraw(self._slave)
        (home / "site.key").write_text("5a" * 32)
        (home / "site.key").chmod(0o600)
        (home / "aplay").write_text(f'#!/bin/sh\nbasename "$4" >> {home}/played\n')
        (home / "aplay").chmod(0o755)
        self.button = Pipe(str(home / "button"))
        settings = SETTINGS.format(home=home, reader=reader, lamp=os.ttyname(self._slave), button=self.button.path)
        (home / "edge.toml").write_text(settings)
        self._log = (home / "log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "edge", "run", "--config", str(home / "edge.toml")],
            env={**os.environ, "PATH": f"{home}:{os.environ['PATH']}"},
            stdout=subprocess.PIPE, stderr=self._log, text=True,
        )  # fmt: skip
        self.shone = b""
        self._pressed_s = float("-inf")

    def played(self) -> list[str]:
        path = self.home / "played"
        return [line.split("-")[0] for line in path.read_text().split()] if path.exists() else []

    def pressed(self) -> bool:
        """Press now and then, as people do: a press that waits in the pipe is answered later, and ends a sound."""
        if time.monotonic() - self._pressed_s > PRESS_EVERY_S:
            self._pressed_s = time.monotonic()
            self.button.write(key_event(1.0, ENTER, 1) + key_event(1.1, ENTER, 0))
        return True

    def says_something(self) -> bool:
        return bool(select.select([self.process.stdout], [], [], 0)[0])

    def shines(self, orders: bytes) -> bool:
        while select.select([self.lamp], [], [], 0)[0]:
            self.shone += os.read(self.lamp, 100)
        return orders in self.shone

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()
        self.button.close()
        for fd in (self.lamp, self._slave):
            os.close(fd)


@pytest.fixture
def port():
    with closing(Em4100Port()) as port:
        yield port


@pytest.fixture
def kiosk(tmp_path, port):
    with closing(Kiosk(tmp_path, port.path)) as kiosk:
        yield kiosk


def test_a_card_of_125_khz_is_recorded_heard_and_seen(kiosk, port):
    assert eventually((kiosk.home / "data" / "journal.db").exists)

    port.put(NUMBER)

    assert eventually(lambda: kiosk.played() == ["arrived"])
    assert eventually(lambda: kiosk.shines(b"\x21\x22\x14"))  # green alone
    assert "[arrived]" in kiosk.process.stdout.readline()
    port.take()
    assert kiosk.end() == 0
    assert kiosk.shone.endswith(b"\x21\x22\x24") or kiosk.shines(b"\x21\x22\x24")
    log = (kiosk.home / "log").read_text()
    assert NUMBER.hex() not in log.lower()
    assert "people get no answer" not in log


def test_an_agent_without_its_lamp_records_and_sounds_and_says_so_once(kiosk, port):
    assert eventually(lambda: kiosk.shines(b"\x28"))
    os.close(kiosk.lamp)
    kiosk.lamp = os.open(os.devnull, os.O_RDONLY)
    kiosk.shone = b""

    for number in range(4):
        port.put(bytes([1, 2, 3, 4, number]))
        assert eventually(lambda: len(kiosk.played()) == number + 1)  # noqa: B023 -- asked at once

    assert kiosk.end() == 0
    assert (kiosk.home / "log").read_text().count("people get no answer: lamp: ") == 1


def test_the_button_is_heard_and_one_that_breaks_ends_nothing(kiosk, port):
    assert eventually(lambda: kiosk.pressed() and kiosk.says_something())

    assert "[refused]" in kiosk.process.stdout.readline()
    kiosk.button.close()
    kiosk.button = Pipe(str(kiosk.home / "another"))
    port.put(NUMBER)
    assert eventually(lambda: kiosk.played() == ["arrived"])  # a refusal is silent
    assert kiosk.end() == 0
    assert (kiosk.home / "log").read_text().count("cannot be used") == 1
