"""Kills `zaigang-hub serve` with SIGKILL at random moments while kiosks pour, and tells what of the settled it lost.

`python -m tests.hub.whole.killed 500 --seed 7` does it so often and prints the counts as JSON. One thread: each life of
the hub is a fork of this process, the broker another one. Kiosks go by `settled` alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import paho.mqtt.client as mqtt

import hub.serving  # noqa: F401 -- loaded before the forks, or each life would begin with a second of imports
from hub.__main__ import main as zaigang_hub
from hub.config import DATABASE_FILE
from hub.database.backup import PATTERN
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from hub.intake.store import Store
from station.names import Epoch, KioskId, Session
from station.wire import topics
from station.wire.codec import decode
from station.wire.messages import Kept, Settled
from tests.edge.brokers import BrokerProcess, free_port
from tests.hub.cities import make_city, token_of
from tests.hub.intake.messages import journal, state, tap

KIOSKS = 8
MOST_RECORDS = 30  # of a journal message
MOST_ANSWERS = 40  # of a life, before it is killed
LONGEST_S = 0.004  # after the last of them: a batch takes about as long
TRIES = 5
ANOTHER_EPOCH = 0.05  # how often an agent starts anew once all is settled
PATIENCE_S = 60.0
BACKUPS = "backups"
NOBODY, NOTHING = Session(""), Epoch("")


@dataclass
class PlayedKiosk:
    """One kiosk without a disk: its records are made of their names."""

    id: KioskId
    rng: Random
    session: Session = NOBODY
    n: int = 0
    obeyed: int = 0
    epoch: Epoch = NOTHING
    has_ended: bool = False
    settled: dict[Epoch, int] = field(default_factory=dict)
    backed: dict[Epoch, int] = field(default_factory=dict)
    sent: dict[Epoch, int] = field(default_factory=dict)

    def begin(self) -> Any:
        """A new session: say what is kept."""
        self.session, self.n, self.obeyed = Session(self.rng.randbytes(8).hex()), 1, 0
        if not self.epoch or self.rng.random() < ANOTHER_EPOCH:
            self.epoch = Epoch(self.rng.randbytes(8).hex())
        return self._state()

    def answer(self, told: Settled) -> Any:
        """What is said after a `settled`; None where it is not obeyed."""
        if told.session != self.session or told.n < max(self.obeyed, self.n):
            return None
        self.obeyed = told.n
        if self.has_ended and not self.unsettled:
            return None
        self.n += 1
        epoch = next(iter(self.unsettled), self.epoch)
        first = self.settled.get(epoch, 0) + 1
        last = first + self.rng.randrange(MOST_RECORDS)
        if self.has_ended or epoch != self.epoch:
            last = min(self.sent[epoch], last)
        self.sent[epoch] = max(self.sent.get(epoch, 0), last)
        records = (tap(seq, person=person_of(self.id, epoch, seq)) for seq in range(first, last + 1))
        return journal(*records, n=self.n, epoch=epoch, session=self.session, kiosk=self.id)

    def hear(self, told: Settled) -> None:
        """Remember what the hub promises, whether it rises or falls."""
        for epoch, named in told.epochs.items():
            self.settled[epoch], self.backed[epoch] = named.through, named.backed

    @property
    def unsettled(self) -> list[Epoch]:
        """What is to be sent, oldest first."""
        return [epoch for epoch, last in self.sent.items() if self.settled.get(epoch, 0) < last]

    def _state(self) -> Any:
        kept = {epoch: Kept(1, last) for epoch, last in self.sent.items()}
        return state(n=self.n, epochs=kept or {self.epoch: Kept(1, 0)}, session=self.session, kiosk=self.id)


def person_of(kiosk: KioskId, epoch: Epoch, seq: int) -> int:
    """Somebody else for each name."""
    return int(kiosk.rpartition("-")[2]) << 100 | int(epoch, 16) << 36 | seq


class Field:
    """All kiosks behind one client, on this thread."""

    def __init__(self, port: int, rng: Random) -> None:
        self.answers = 0
        self.kiosks = {
            kiosk.id: kiosk for kiosk in (PlayedKiosk(KioskId(f"K-01-{k}"), rng) for k in range(1, KIOSKS + 1))
        }
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", port)
        self._client.subscribe([("zaigang/v1/+/+/settled", 1), (topics.HUB_STATE, 1)])

    def pass_until(self, is_so: Any) -> None:
        """Let messages come and go."""
        deadline_s = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < deadline_s, "the hub answers no more"
            self._client.loop(0.02)

    def come_to_an_end(self) -> None:
        """Let nobody tap any more."""
        for kiosk in self.kiosks.values():
            kiosk.has_ended = True

    def drain(self) -> None:
        """Hear what the hub said before it died."""
        quiet = 0
        while quiet < 3:
            before = self.answers
            self._client.loop(0.01)
            quiet = quiet + 1 if self.answers == before else 0

    def close(self) -> None:
        self._client.disconnect()

    def _on_message(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        if message.topic == topics.HUB_STATE:
            if json.loads(message.payload)["online"]:
                for kiosk in self.kiosks.values():
                    self._say(kiosk.begin())
            return
        kiosk = self.kiosks[topics.read_address(message.topic).kiosk]
        told = decode(message.payload, Settled)
        if told.session == kiosk.session:
            self.answers += 1
            kiosk.hear(told)
            self._say(kiosk.answer(told))

    def _say(self, delivery: Any) -> None:
        if delivery is not None:
            self._client.publish(delivery.topic, delivery.payload, qos=1)


def settle_first() -> None:
    """The control: let each batch be written only when the next one comes, so that it is settled before."""
    write, waiting = Store.write, []

    def write_later(self: Store, batch: Any, at_ms: int) -> list[Any]:
        if waiting:
            write(self, *waiting.pop())
        waiting.append((batch, at_ms))
        return []

    Store.write = write_later


@dataclass
class Life:
    """The hub's place: one data directory, and a process that serves it, once alive after the other."""

    home: Path
    broker_port: int
    settles_first: bool
    child: int = 0

    def begin(self) -> None:
        self.child = os.fork()
        if self.child:
            return
        try:
            self._serve()
        finally:
            os._exit(1)

    def is_over(self) -> bool:
        """Whether the hub ended by itself."""
        return os.waitpid(self.child, os.WNOHANG)[0] == self.child

    def end(self, by: signal.Signals) -> None:
        os.kill(self.child, by)
        os.waitpid(self.child, 0)

    def _serve(self) -> None:
        os.environ.update(
            ZAIGANG_HUB_DATA_DIR=str(self.home), ZAIGANG_HUB_BROKER__PORT=str(self.broker_port),
            ZAIGANG_HUB_HTTP__PORT=str(free_port()), ZAIGANG_HUB_BACKUP__DIRECTORY=str(self.home.parent / BACKUPS),
            ZAIGANG_HUB_BACKUP__EVERY_H="0.0001", ZAIGANG_HUB_BACKUP__KEEP="3",
        )  # fmt: skip
        with Path(f"{self.home}.log").open("a") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        if self.settles_first:
            settle_first()
        zaigang_hub(["serve"])


def live_until(life: Life, field_: Field, is_so: Callable[[], bool]) -> None:
    """Let a hub serve until something is so; another one, should somebody have taken its port just before it did."""
    for _ in range(TRIES):
        life.begin()
        field_.pass_until(lambda: is_so() or life.is_over())
        if is_so():
            return
    raise AssertionError("the hub does not start:\n" + Path(f"{life.home}.log").read_text())


Name = tuple[str, str, int]


def stored_in(database: Path) -> list[tuple[Name, str]]:
    """The name and the token of every record."""
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA quick_check(1)").fetchone() == ("ok",), database
        rows = opened.execute("SELECT kiosk, epoch, seq, token FROM record JOIN run ON run.id = run").fetchall()
    return [((kiosk, epoch, seq), token) for kiosk, epoch, seq, token in rows]


def lacking(promised: dict[KioskId, dict[Epoch, int]], stored: list[tuple[Name, str]]) -> int:
    """How many of the records that are promised up to some seq are not there."""
    names = {name for name, _ in stored}
    return sum(
        (kiosk, epoch, seq) not in names
        for kiosk, epochs in promised.items() for epoch, last in epochs.items() for seq in range(1, last + 1)
    )  # fmt: skip


def broken_promises(home: Path, kiosks: dict[KioskId, PlayedKiosk]) -> tuple[int, int]:
    """How many settled records the files lack, and the newest backup of the backed; how many are twice or otherwise there."""
    with tempfile.TemporaryDirectory() as folder:  # a copy: whoever opens the files also mends them
        for path in home.glob(f"{DATABASE_FILE}*"):
            shutil.copy(path, folder)
        stored = stored_in(Path(folder) / DATABASE_FILE)
    missing = lacking({kiosk.id: kiosk.settled for kiosk in kiosks.values()}, stored)
    backups = [stored_in(path) for path in sorted((home.parent / BACKUPS).glob(PATTERN))]
    missing += lacking({kiosk.id: kiosk.backed for kiosk in kiosks.values()}, backups[-1] if backups else [])
    wrong = sum(token != token_of(person_of(KioskId(name[0]), Epoch(name[1]), name[2])) for name, token in stored)
    return missing, wrong + len(stored) - len({token for _, token in stored})


def kill_often(folder: Path, times: int, rng: Random, *, settles_first: bool = False) -> dict[str, int]:
    """Kill one hub many times, on one data directory, and look after each death what it had promised."""
    home = folder / "data"
    home.mkdir()
    (folder / BACKUPS).mkdir()
    engine = open_engine(f"sqlite:///{home / DATABASE_FILE}")
    prepare_schema(engine)
    make_city(engine, kiosks_each=KIOSKS)
    engine.dispose()
    broker = BrokerProcess("embedded", folder)
    field_ = Field(broker.port, rng)
    lost = doubled = 0
    life = Life(home, broker.port, settles_first)
    try:
        for _ in range(times):
            wanted = field_.answers + rng.randint(1, MOST_ANSWERS)
            live_until(life, field_, lambda wanted=wanted: field_.answers >= wanted)
            until_s = time.perf_counter() + rng.uniform(0, LONGEST_S)
            while time.perf_counter() < until_s:
                pass
            life.end(signal.SIGKILL)
            field_.drain()
            missing, twice = broken_promises(home, field_.kiosks)
            lost, doubled = lost + missing, doubled + twice
        life.settles_first = False
        field_.come_to_an_end()
        live_until(life, field_, lambda: not any(kiosk.unsettled for kiosk in field_.kiosks.values()))
        life.end(signal.SIGTERM)
        missing, twice = broken_promises(home, field_.kiosks)
        lost, doubled = lost + missing, doubled + twice
    finally:
        field_.close()
        broker.kill()
    settled = sum(sum(kiosk.settled.values()) for kiosk in field_.kiosks.values())
    sent = sum(sum(kiosk.sent.values()) for kiosk in field_.kiosks.values())
    backed = sum(sum(kiosk.backed.values()) for kiosk in field_.kiosks.values())
    return {"kills": times, "sent": sent, "settled": settled, "backed": backed, "lost": lost, "doubled": doubled}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: python -m tests.hub.whole.killed 500 --seed 7"
    )
    parser.add_argument("times", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--settles-first", action="store_true", help="the control: it settles before it commits")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = kill_often(Path(folder), args.times, Random(args.seed), settles_first=args.settles_first)
    sys.stdout.write(json.dumps({"seed": args.seed, **found}) + "\n")
    return 0 if found["lost"] == found["doubled"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
