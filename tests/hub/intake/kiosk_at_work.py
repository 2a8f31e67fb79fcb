"""A kiosk with the agent's real journal, retention and uplink, on the hub bench's clock; the line carries everything."""

from datetime import timedelta
from pathlib import Path
from random import Random

from edge.backlog import Backlog
from edge.commands import Commands
from edge.health import Health
from edge.journal import KioskJournal
from edge.outgoing import Outgoing, UplinkParts
from edge.retention import Retention
from edge.timekeeping import Stamp
from edge.uplink import Uplink
from hub.intake.sorting import Delivery
from station.names import Epoch, Seq, Session, Token
from station.records import Action, AnyRecord, ClockState, Pulse, ReaderState, Tap
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import KIOSK, STATION

DAY_S = 86_400.0
BEAT_S = 31.0
BOOT = "boot-1"


class KioskAtWork:
    """One kiosk and its one hub."""

    def __init__(self, folder: Path, hub: Bench, seed: int = 1) -> None:
        folder.mkdir()
        self.hub = hub
        self.rng = Random(seed)
        self.sent: list[Delivery] = []
        self.journal = KioskJournal(folder / "journal.db")
        self.backlog = Backlog(self.journal)
        self.retention = Retention(self.journal)
        self.journal.make_room = self.retention.make_room
        self.uplink = Uplink(
            UplinkParts(
                station=STATION, kiosk=KIOSK, version="1", source=self.backlog, health=self._health,
                settle=self.retention.settle, begin_session=self.retention.begin_session, told=lambda _: None, hear_time=lambda _at, _asked_s: None,
                commands=Commands(), real_s=lambda seconds: seconds, rng=self.rng,
            )
        )  # fmt: skip
        self.begin_run()
        self.connect()

    def begin_run(self) -> None:
        """Start the agent anew."""
        self.epoch = Epoch(self.rng.randbytes(8).hex())
        self.journal.begin(self.epoch, BOOT, self._pulse)

    def connect(self) -> None:
        self.uplink.close()
        self.uplink.open(Session(self.rng.randbytes(8).hex()), self.now_s)

    @property
    def now_s(self) -> float:
        return self.hub.hand.reading_s

    def tap(self, count: int = 1) -> None:
        for _ in range(count):
            self.journal.append(self._tap)

    def talk(self, beats: int = 3) -> None:
        """Let both say what is due, for so many heartbeats."""
        for _ in range(beats):
            while said := self.uplink.send(self.now_s):
                for message in said:
                    self._carry(message)
            self.hub.hand.reading_s += BEAT_S

    def live(self, days: int, *, taps: int = 1) -> None:
        """Tap and talk each day, and forget what may be forgotten."""
        for _ in range(days):
            self.hub.hand.reading_s += DAY_S - 3 * BEAT_S
            self.tap(taps)
            self.talk()
            self.retention.forget_old()

    def names(self) -> set[tuple[str, int]]:
        """All that is kept here."""
        return {
            (epoch, seq) for epoch, kept in self.journal.kept().items() for seq in range(kept.kept_from, kept.last + 1)
        }

    def lacking(self) -> set[tuple[str, int]]:
        """What is kept here and not stored at the hub."""
        return self.names() - set(self.hub.seqs())

    def close(self) -> None:
        self.backlog.close()
        self.journal.close()

    def _carry(self, message: Outgoing) -> None:
        delivery = Delivery(message.topic, message.payload)
        self.sent.append(delivery)
        for topic, payload in self.hub.take(delivery).answers:
            self.uplink.take(topic, payload, self.now_s)

    def _health(self) -> Health:
        return Health(self._stamp(), ReaderState.UP, "")

    def _stamp(self) -> Stamp:
        now = self.hub.hand.clock().now()
        return Stamp(
            now - timedelta(microseconds=now.microsecond % 1000), ClockState.SYNCED, BOOT, int(self.now_s * 1000)
        )

    def _pulse(self, seq: Seq) -> AnyRecord:
        stamp = self._stamp()
        return Pulse(seq=seq, at=stamp.at, clock=stamp.clock, boot=BOOT, mono_ms=stamp.mono_ms)

    def _tap(self, seq: Seq) -> AnyRecord:
        stamp = self._stamp()
        return Tap(
            seq=seq, at=stamp.at, clock=stamp.clock, boot=BOOT, mono_ms=stamp.mono_ms,
            token=Token(f"{int(self.epoch, 16):020x}{seq:012x}"), card_kind="ntag213", reader="door", action=Action.ARRIVE,
        )  # fmt: skip
