"""Kills real agents with SIGKILL while people tap, and tells which beeps were lost.

`python -m tests.edge.killed 1000 --seed 7` does it a thousand times and prints the counts as JSON. Each run is
`zaigang-edge run` with its threads, reader and console, in a process that has only its modules loaded beforehand; the
reader is an emulated chip, and whoever kills strikes right after a beep, at a write of the journal, or at any moment.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random

from edge.store import open_store
from simulator.chip.cards import Ntag213
from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort
from station.records import Tap
from station.token import token_of
from tests.edge.rig import KIOSK, SITE_KEY, STATION

LANES = 4  # kiosks at once: each mostly waits for its chip
MOST_TAPS = 3  # of a run, before it is killed
LONGEST_S = 0.0015  # after a beep, or a write: committing and answering takes about half of it
ANY_MOMENT_S = 0.3  # of a run that is not yet reading, or between two looks at the plate
PATIENCE_S = 60.0
PRELOADED = ["edge.program", "devices.pn532", "tests.edge.killed"]
BEEPS = {b"[arrived]", b"[left]", b"[warning]", b"[unknown_card]"}
SETTINGS = """\
station = "{station}"
kiosk = "{kiosk}"
data_dir = "{home}/data"
site_key_file = "{home}/site.key"
allow_any_path = true
[broker]
port = 1
[[readers]]
name = "door"
url = "pn532:{path}"
"""


def run_agent(file: Path, mouth: Connection, *, beeps_first: bool) -> None:
    """Be the agent, in this process; what it says goes into the pipe."""
    os.dup2(mouth.fileno(), 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    if beeps_first:
        beep_first()
    from edge.__main__ import main

    sys.exit(main(["run", "--config", str(file)]))


def beep_first() -> None:
    """Make this process's agent what the control is: it beeps, and stores a moment later."""
    import edge.program
    from edge.journal import KioskJournal

    store = KioskJournal.append
    pause = threading.Event()

    def append(journal, draft, seen=None, **more):
        if seen is not None:
            os.write(1, b"[arrived]\n")
            pause.wait(0.5)
        return store(journal, draft, seen, **more)

    class Silent(edge.program.ConsoleAnnunciator):
        def show(self, signal, lines):
            pass

    KioskJournal.append = append
    edge.program.ConsoleAnnunciator = Silent


POLLING = threading.Lock()  # each start of a process polls all others, and a status read by two threads at once is 255


class Lane:
    """One kiosk on one data directory, started and killed again and again."""

    def __init__(self, home: Path, number: int, rng: Random, *, beeps_first: bool) -> None:
        self._number = number
        self._rng = rng
        self._beeps_first = beeps_first
        self._chip = Pn532Chip()
        self._port = PtyPort(self._chip)
        self._context = multiprocessing.get_context("forkserver")
        self._taps = 0
        self.home = home
        home.mkdir()
        (home / "site.key").touch(mode=0o600)
        (home / "site.key").write_text(SITE_KEY.hex())
        self._file = home / "edge.toml"
        self._file.write_text(SETTINGS.format(station=STATION, kiosk=KIOSK, home=home, path=self._port.path))
        self.beeps: list[bytes] = []

    def kill(self, times: int) -> None:
        """Do that so often."""
        with closing(self._port):
            for _ in range(times):
                self._kill_once()

    def _kill_once(self) -> None:
        ear, mouth = self._context.Pipe(duplex=False)
        agent = self._context.Process(
            target=run_agent, args=(self._file, mouth), kwargs={"beeps_first": self._beeps_first}
        )
        with POLLING:
            agent.start()
        mouth.close()
        with closing(ear):
            hearing = Hearing(ear)
            for _ in range(self._rng.randint(0, MOST_TAPS)):
                number = self._put_next_card()
                assert hearing.beeps_within(PATIENCE_S), f"no answer: {hearing.said!r}"
                self.beeps.append(number)
            self._strike(agent, hearing)
            with POLLING:
                agent.join(PATIENCE_S)
            assert agent.exitcode == -signal.SIGKILL, f"ended by itself: {agent.exitcode}"
            if hearing.is_promised_more():
                self.beeps.append(self._last)
        self._chip.take()
        agent.close()

    def _strike(self, agent: multiprocessing.process.BaseProcess, hearing: Hearing) -> None:
        assert agent.pid is not None
        moment = self._rng.choice(("beep", "write", "any"))
        if moment == "beep":
            _spin(self._rng.uniform(0, LONGEST_S))
        elif moment == "write":
            before = _written(self.home)
            self._put_next_card()
            until_s = time.perf_counter() + PATIENCE_S
            while _written(self.home) == before and time.perf_counter() < until_s:
                _spin(0.00005)
            _spin(self._rng.uniform(0, LONGEST_S))
        else:
            self._put_next_card()
            hearing.wait(self._rng.uniform(0, ANY_MOMENT_S))
        os.kill(agent.pid, signal.SIGKILL)

    def _put_next_card(self) -> bytes:
        """A card that nobody has, another for each tap."""
        self._taps += 1
        self._last = b"\x04" + self._number.to_bytes(2) + self._taps.to_bytes(4)
        self._chip.put(Ntag213(self._last))
        return self._last

    def stored(self) -> Counter[str]:
        """How often each card is in the journal."""
        store = open_store(self.home / "data")
        found: Counter[str] = Counter()
        for epoch, kept in store.backlog.kept().items():
            after = 0
            while records := store.backlog.read(epoch, after):
                found.update(record.token for record in records if isinstance(record, Tap))
                after = records[-1].seq
            assert after == kept.last, "the records of an epoch follow each other without a gap"
        store.close()
        return found


class Hearing:
    """What one agent says, until it is dead."""

    def __init__(self, ear: Connection) -> None:
        self._ear = ear
        self._heard = 0
        self.said = b""

    def beeps_within(self, patience_s: float) -> bool:
        """Wait for one more beep."""
        until_s = time.perf_counter() + patience_s
        while self._beeps() == self._heard:
            if not self.wait(until_s - time.perf_counter()) or not self._take():
                return False
        self._heard += 1
        return True

    def is_promised_more(self) -> bool:
        """Once it is dead: whether it beeped for the last card too."""
        while self._take():
            pass
        assert self._beeps() <= self._heard + 1, self.said
        return self._beeps() > self._heard

    def wait(self, for_s: float) -> bool:
        """Wait until it says something; false where it did not."""
        return bool(wait([self._ear], max(0.0, for_s)))

    def _take(self) -> bytes:
        more = os.read(self._ear.fileno(), 4096)
        self.said += more
        return more

    def _beeps(self) -> int:
        return sum(line.partition(b" ")[0] in BEEPS for line in self.said.split(b"\n")[:-1])


def _written(home: Path) -> int:
    """Changes whenever something is added to the journal's log."""
    try:
        return (home / "data" / "journal.db-wal").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _spin(for_s: float) -> None:
    until_s = time.perf_counter() + for_s
    while time.perf_counter() < until_s:
        pass


def kill_often(home: Path, times: int, seed: int, *, beeps_first: bool = False) -> dict[str, int]:
    """Kill some kiosks many times in all, and count their beeps and what became of them."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
    lanes = [Lane(home / str(n), n, Random(f"{seed} {n}"), beeps_first=beeps_first) for n in range(LANES)]
    shares = [times // LANES + (n < times % LANES) for n in range(LANES)]
    with ThreadPoolExecutor(LANES, thread_name_prefix="lane") as pool:
        list(pool.map(Lane.kill, lanes, shares))
    stored: Counter[str] = Counter()
    for lane in lanes:
        stored += lane.stored()
    beeps = [token_of(SITE_KEY, "iso14443a", number) for lane in lanes for number in lane.beeps]
    return {
        "kills": times,
        "beeps": len(beeps),
        "lost": sum(stored[token] == 0 for token in beeps),
        "doubled": sum(stored[token] > 1 for token in beeps),
        "silent": stored.total() - sum(stored[token] for token in set(beeps)),
        "set_aside": len(list(home.glob("*/data/journal-broken-*"))),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, epilog="example: python -m tests.edge.killed 1000 --seed 7")
    parser.add_argument("times", type=int, help="how often")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--beeps-first", action="store_true", help="the control: it beeps before it commits")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found = kill_often(Path(home), args.times, args.seed, beeps_first=args.beeps_first)
    sys.stdout.write(json.dumps({"seed": args.seed, **found}) + "\n")
    return 0 if found["lost"] == found["doubled"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
