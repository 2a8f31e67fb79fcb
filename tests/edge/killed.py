"""Kills a kiosk with SIGKILL at random moments while people tap, and tells which beeps it lost.

`python -m tests.edge.killed 1000 --seed 7` does it a thousand times and prints the counts as JSON. A process of its own,
with one thread: each run of the kiosk is a fork of it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from devices.card import ISO14443A, Card
from edge.config import EdgeConfig, ReaderConfig
from edge.kiosk import Kiosk
from edge.seams import Seams
from edge.store import open_store
from station.clock import Clock
from station.records import ReaderState, Tap
from station.token import token_of
from tests.edge.rig import DOOR, KIOSK, SITE_KEY, STATION

if TYPE_CHECKING:
    from devices.signals import Signal

NUMBER_BYTES = 7
MOST_TAPS = 12  # of a run, before it is killed
LONGEST_S = 0.0015  # after the last of them: a tap takes about a third of it
PIPE_BYTES = 64  # at once; a beep is one number


class Buzzer:
    """Beeps into a pipe: what went in is heard, whatever happens to this process next."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self.number = b""

    def show(self, said: Signal, lines: tuple[str, str]) -> None:
        if said.promises_record:
            self.beep()

    def beep(self) -> None:
        os.write(self._pipe, self.number)

    def close(self) -> None:
        pass


def run_kiosk(home: Path, pipe: int, run: int, *, beeps_first: bool) -> None:
    """Tap one card after the other until somebody kills this process."""
    buzzer, deaf = Buzzer(pipe), Buzzer(os.open(os.devnull, os.O_WRONLY))
    config = EdgeConfig(STATION, KIOSK, home, home / "site.key", (ReaderConfig(DOOR, "scripted:"),))
    seams = Seams(clock=Clock(), boot="one-boot", is_synced=lambda: True)
    kiosk = Kiosk(config, site_key=SITE_KEY, annunciator=deaf if beeps_first else buzzer, seams=seams)
    kiosk.reader_is(DOOR, ReaderState.UP)
    tap = 0
    while True:
        tap += 1
        buzzer.number = number_of(run, tap)
        if beeps_first:
            buzzer.beep()
        kiosk.look(DOOR, Card(ISO14443A, buzzer.number, "type2"))
        kiosk.tend()


def number_of(run: int, tap: int) -> bytes:
    """A card that nobody has, another for each tap."""
    return b"\x04" + run.to_bytes(4) + tap.to_bytes(2)


def kill_once(home: Path, run: int, rng: Random, *, beeps_first: bool) -> list[bytes]:
    """Start the kiosk, kill it at some moment; tells what was heard until it was dead."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            run_kiosk(home, mouth, run, beeps_first=beeps_first)
        finally:
            os._exit(1)
    os.close(mouth)
    heard, wanted = b"", rng.randint(0, MOST_TAPS)
    while len(heard) < wanted * NUMBER_BYTES and (more := os.read(ear, NUMBER_BYTES)):
        heard += more
    until_s = time.perf_counter() + rng.uniform(0, LONGEST_S)
    while time.perf_counter() < until_s:
        pass
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the kiosk ended before it was killed"
    while more := os.read(ear, PIPE_BYTES):
        heard += more
    os.close(ear)
    return [heard[at : at + NUMBER_BYTES] for at in range(0, len(heard), NUMBER_BYTES)]


def kill_often(home: Path, times: int, rng: Random, *, beeps_first: bool = False) -> dict[str, int]:
    """Kill one kiosk many times, on one data directory, and count its beeps and what became of them."""
    heard = [number for run in range(times) for number in kill_once(home, run, rng, beeps_first=beeps_first)]
    store = open_store(home)
    stored: Counter[str] = Counter()
    for epoch, kept in store.backlog.kept().items():
        records = store.backlog.read(epoch, 0, kept.last)
        stored.update(record.token for record in records if isinstance(record, Tap))
    store.close()
    beeps = [token_of(SITE_KEY, ISO14443A, number) for number in heard]
    return {
        "kills": times,
        "beeps": len(beeps),
        "lost": sum(stored[token] == 0 for token in beeps),
        "doubled": sum(stored[token] > 1 for token in beeps),
        "silent": stored.total() - sum(stored[token] for token in set(beeps)),
        "set_aside": len(list(home.glob("journal-broken-*"))),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, epilog="example: python -m tests.edge.killed 1000 --seed 7")
    parser.add_argument("times", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--beeps-first", action="store_true", help="the control: it beeps before it commits")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found = kill_often(Path(home) / "data", args.times, Random(args.seed), beeps_first=args.beeps_first)
    sys.stdout.write(json.dumps({"seed": args.seed, **found}) + "\n")
    return 0 if found["lost"] == found["doubled"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
