"""Two intakes on one database, each message given to either at random, one of them killed now and then.

`python -m tests.hub.whole.shared_out 1000 --seed 7` does it for so many kiosks on a PostgreSQL of its own, and prints
the counts as JSON; how far it is, now and then, before. After so many seconds what is on its way is settled, and that
is all: `answered` says how much it came to. Kiosks go by `settled` alone, and by the rule of protocol.md, Settling 2: one of their own session
that answers no less than the last. Two answers to messages that were on their way at once may cross, and are not held
against each other. Each intake is a fork of this process, which holds no connection meanwhile.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from queue import SimpleQueue
from random import Random
from threading import Thread
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hub.database.engine import open_engine
from hub.database.journal_tables import GapRow, Quarantine
from hub.database.schema import prepare_schema
from hub.database.transactions import StoreTroubleError, table_of
from hub.findings import Findings
from hub.intake.settling import Intake
from hub.intake.sorting import Counts, Delivery, Sorter
from hub.intake.store import Store
from hub.intake.storing import RECORD, RUN
from station.clock import Clock
from station.names import Epoch, KioskId, Session
from station.wire.codec import decode
from station.wire.messages import Kept, Settled
from station.wire.topics import read_address
from tests.databases import file_url, postgres_server
from tests.hub.intake.messages import journal, known_kiosk, state, tap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

MOST_TOGETHER = 400  # messages a batch
PATIENCE_S = 60.0
TOLD_EVERY_S = 10.0
BURST = 5  # records a message, at most
NEW_RUN = 0.02  # of the messages are the first of another run
ROUNDS = 20  # answers to a kiosk, at most, until what it has left is settled
QUESTION = 0.2  # of the messages are states, beside the records that are on their way


@dataclass
class PlayedKiosk:
    """A kiosk's side: what it made, and what it was told."""

    id: KioskId
    number: int
    epoch: int = 1
    made: dict[int, int] = field(default_factory=lambda: {1: 0})
    settled: dict[int, int] = field(default_factory=lambda: {1: 0})
    n: int = 0
    obeyed: int = 0
    in_flight: dict[int, int] = field(default_factory=dict)
    """The intake that each unanswered `n` was given to."""
    told_before: dict[int, dict[int, int]] = field(default_factory=dict)
    """What had been settled when each `n` was sent: no answer to that may say less."""
    fallen: int = 0

    def person(self, epoch: int, seq: int) -> int:
        """Whose tap that is; no two records have the same."""
        return (self.number << 64) | (epoch << 32) | seq

    def records(self, rng: Random, *, only_the_rest: bool) -> Delivery:
        """What is not settled, oldest run first, and something new with it."""
        if not only_the_rest and rng.random() < NEW_RUN:
            self.epoch += 1
            self.made[self.epoch] = self.settled[self.epoch] = 0
        epoch = min((each for each in self.made if self.settled[each] < self.made[each]), default=self.epoch)
        first = self.settled[epoch] + 1
        if epoch == self.epoch and not only_the_rest:
            self.made[epoch] = max(self.made[epoch], self.settled[epoch] + rng.randint(1, BURST))
        last = min(self.made[epoch], first + BURST - 1)
        taps = [tap(seq, person=self.person(epoch, seq)) for seq in range(first, last + 1)]
        self.n += 1
        return journal(*taps, n=self.n, epoch=_epoch(epoch), kiosk=self.id, session=self.session)

    def question(self) -> Delivery:
        """Its state, all runs named."""
        self.n += 1
        kept = {_epoch(epoch): Kept(1, last) for epoch, last in self.made.items() if last}
        return state(n=self.n, epochs=kept, kiosk=self.id, session=self.session)

    @property
    def session(self) -> Session:
        return Session(f"{self.number:016x}")

    def obey(self, told: Settled) -> None:
        """Take an answer, unless it is old."""
        for n in [n for n in self.in_flight if n <= told.n]:
            del self.in_flight[n]
        if told.session != self.session or told.n < self.obeyed:
            return
        self.obeyed = told.n
        floor = self.told_before[told.n]
        self.told_before = {n: before for n, before in self.told_before.items() if n >= told.n}
        for name, through in told.epochs.items():
            epoch = int(name, 16)
            self.fallen += through.through < floor.get(epoch, 0)
            self.settled[epoch] = through.through


def _epoch(number: int) -> Epoch:
    return Epoch(f"{number:016x}")


class Worker:
    """One intake in a process of its own, one life after the other."""

    def __init__(self, url: str, kiosks: list[KioskId]) -> None:
        self._url, self._kiosks = url, kiosks
        self.begin()

    def begin(self) -> None:
        self.line, theirs = multiprocessing.Pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.line.close()
                _serve(self._url, self._kiosks, theirs)
            finally:
                os._exit(0)
        theirs.close()

    def kill(self) -> Iterator[list[tuple[str, bytes]]]:
        """Kill it in the middle of whatever it does; what it had said before."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        try:
            while True:
                yield self.line.recv()
        except (EOFError, OSError):
            self.line.close()

    def end(self) -> None:
        for _ in self.kill():
            pass


def _serve(url: str, kiosks: list[KioskId], line: Connection) -> None:
    """Take what comes together, as a hub does; answer, and say so where nothing is stored."""
    engine = open_engine(url)
    findings, counts, clock = Findings(Clock()), Counts(), Clock()
    sorter = Sorter(findings, counts)
    sorter.know(known_kiosk(kiosk) for kiosk in kiosks)
    intake = Intake(sorter, Store(engine), findings, counts, clock)
    came: SimpleQueue[Delivery] = SimpleQueue()
    Thread(target=_read, args=(line, came), daemon=True).start()
    while True:
        deliveries = [came.get()]
        while not came.empty() and len(deliveries) < MOST_TOGETHER:
            deliveries.append(came.get())
        try:
            line.send(intake.settle(intake.gather(deliveries)).answers)
        except StoreTroubleError as exc:
            sys.stderr.write(f"{exc}\n")
            line.send([])


def _read(line: Connection, came: SimpleQueue[Delivery]) -> None:
    """Let nobody wait: both ends might be full. Ends the process with whoever gives it work."""
    try:
        while True:
            came.put(line.recv())
    except (EOFError, OSError):
        os._exit(0)


class SharedOut:
    """Kiosks, and two intakes that get their messages."""

    def __init__(self, url: str, kiosks: int, rng: Random) -> None:
        self.played = [PlayedKiosk(KioskId(f"K-{number}"), number) for number in range(1, kiosks + 1)]
        self._by_id = {kiosk.id: kiosk for kiosk in self.played}
        self._rng = rng
        self.workers = [Worker(url, list(self._by_id)) for _ in range(2)]
        self.answered = self.unanswered = self.refused = self.killed = 0
        self._begun_s, self._told_s = time.monotonic(), 0.0

    def send(self, *, only_the_rest: bool) -> None:
        """Let every kiosk that waits for nothing send."""
        for kiosk in self.played:
            if kiosk.in_flight or (only_the_rest and kiosk.settled == kiosk.made):
                continue
            self._give(kiosk, kiosk.records(self._rng, only_the_rest=only_the_rest))
            if self._rng.random() < QUESTION:
                self._give(kiosk, kiosk.question())

    def listen(self) -> None:
        """Wait for answers."""
        heard = wait([worker.line for worker in self.workers], timeout=PATIENCE_S)
        assert heard, "neither intake says anything"
        for number, worker in enumerate(self.workers):
            if worker.line in heard:
                answers = worker.line.recv()
                self._take(answers)
                if not answers:  # it could not store
                    self.refused += 1
                    self._let_go(number)

    def kill_one(self) -> None:
        """Kill either, and let another begin in its place."""
        number = self._rng.randrange(len(self.workers))
        for answers in self.workers[number].kill():
            self._take(answers)
        self._let_go(number)
        self.workers[number].begin()
        self.killed += 1

    def tell(self) -> None:
        """Say how far it is, where nobody was told of late."""
        if self.seconds - self._told_s < TOLD_EVERY_S:
            return
        self._told_s = self.seconds
        behind = sum(kiosk.settled != kiosk.made for kiosk in self.played)
        said = f"{self.answered} answered, {self.unanswered} not, {self.refused} batches refused, {self.killed} killed"
        sys.stderr.write(f"{self.seconds:.0f} s: {said}; {behind} kiosks have something to be settled\n")

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._begun_s

    def _give(self, kiosk: PlayedKiosk, delivery: Delivery) -> None:
        number = self._rng.randrange(len(self.workers))
        kiosk.in_flight[kiosk.n] = number
        kiosk.told_before[kiosk.n] = dict(kiosk.settled)
        self.workers[number].line.send(delivery)

    def _take(self, answers: list[tuple[str, bytes]]) -> None:
        for topic, payload in answers:
            self.answered += 1
            self._by_id[read_address(topic).kiosk].obey(decode(payload, Settled))

    def _let_go(self, number: int) -> None:
        for kiosk in self.played:
            for n in [n for n, who in kiosk.in_flight.items() if who == number]:
                self.unanswered += 1
                del kiosk.in_flight[n]


def share_out(
    url: str, kiosks: int, messages: int, kills: int, rng: Random, *, seconds: float = math.inf
) -> dict[str, int]:
    """Let kiosks send until so many messages were answered, or so long; then until all is settled. The counts."""
    field_ = SharedOut(url, kiosks, rng)
    killing = sorted(rng.sample(range(messages), kills))
    while (is_more := field_.answered < messages and field_.seconds < seconds) or any(
        kiosk.settled != kiosk.made for kiosk in field_.played
    ):
        assert field_.answered < messages * 3 + kiosks * ROUNDS, "what is stored is not called settled"
        field_.send(only_the_rest=not is_more)
        field_.listen()
        field_.tell()
        if killing and is_more and field_.answered >= killing[0]:
            killing.pop(0)
            field_.kill_one()
    took_s = round(field_.seconds)
    for worker in field_.workers:
        worker.end()
    engine = open_engine(url)
    found = _judged(engine, field_.played)
    engine.dispose()
    counts = {"answered": field_.answered, "unanswered": field_.unanswered, "refused": field_.refused}
    return {"kiosks": kiosks, "kills": field_.killed, "seconds": took_s} | counts | found


def _judged(engine: Engine, played: list[PlayedKiosk]) -> dict[str, int]:
    """What is stored, against what was made."""
    rows = select(RUN.c.kiosk, RUN.c.epoch, RECORD.c.seq, RECORD.c.token).join(RUN, RUN.c.id == RECORD.c.run)
    with engine.connect() as connection:
        stored = {(kiosk, int(epoch, 16), seq): int(token, 16) for kiosk, epoch, seq, token in connection.execute(rows)}
        count = connection.execute(select(func.count()).select_from(RECORD)).scalar_one()
        aside = sum(
            connection.execute(select(func.count()).select_from(table_of(model))).scalar_one()
            for model in (GapRow, Quarantine)
        )
    made = {
        (kiosk.id, epoch, seq): kiosk.person(epoch, seq)
        for kiosk in played for epoch, last in kiosk.made.items() for seq in range(1, last + 1)
    }  # fmt: skip
    return {
        "stored": len(stored),
        "lost": sum(stored.get(name) != person for name, person in made.items()),
        "doubled": count - len(stored) + len(stored.keys() - made.keys()),
        "aside": aside,
        "fallen": sum(kiosk.fallen for kiosk in played),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: python -m tests.hub.whole.shared_out 1000 --seed 7"
    )
    parser.add_argument("kiosks", type=int, help="how many")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=240.0, help="after so long only what is on its way is settled")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead")
    args = parser.parse_args()
    if args.kills > args.messages:
        parser.error(
            f"found --kills {args.kills} and --messages {args.messages}; wanted are no more kills than messages"
        )
    asked = args.kiosks, args.messages, args.kills, Random(args.seed)
    if args.sqlite:
        with tempfile.TemporaryDirectory() as folder:
            found = share_out(_with_tables(file_url(Path(folder))), *asked, seconds=args.seconds)
    else:
        with postgres_server() as server:
            found = share_out(_with_tables(server.url(server.make())), *asked, seconds=args.seconds)
    sys.stdout.write(json.dumps({"seed": args.seed, **found}) + "\n")
    return 0 if not any(found[what] for what in ("lost", "doubled", "aside", "fallen")) else 1


def _with_tables(url: str) -> str:
    engine = open_engine(url)
    prepare_schema(engine)
    engine.dispose()
    return url


if __name__ == "__main__":
    sys.exit(main())
