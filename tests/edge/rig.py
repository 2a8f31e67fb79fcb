"""A kiosk on the bench: its time moves when a test says so, and what it says is kept."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from devices.card import ISO14443A, Card
from devices.signals import Lines, Signal
from edge.config import BrokerConfig, EdgeConfig, ReaderConfig
from edge.journal_schema import connect
from edge.kiosk import KioskCore
from edge.seams import Seams
from station.clock import Clock
from station.duty import DutyRule
from station.hours import Span
from station.names import KioskId, PersonId, StationCode, Token
from station.records import ReaderState
from station.token import token_of
from station.wire.told import Duty, Holder, Roster

STATION = StationCode("SQ01")
KIOSK = KioskId("sq01-a")
SITE_KEY = bytes(range(32))
THURSDAY = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai
TWO_PERIODS = (Span(8 * 60, 11 * 60 + 30), Span(14 * 60 + 30, 17 * 60 + 30))
DOOR = "door"


class Hands:
    """A clock's hands: real seconds since boot, and how far the wall clock is off."""

    def __init__(self, at: datetime = THURSDAY, boot_s: float = 1000.0) -> None:
        self.boot_s = boot_s
        self.began_at = at - timedelta(seconds=boot_s)
        self.off = timedelta()
        self.synced = True

    def pass_s(self, seconds: float) -> None:
        self.boot_s += seconds

    def go_to(self, hhmm: str) -> None:
        """Move on to that time of the Thursday, in Shanghai."""
        hour, minute = map(int, hhmm.split(":"))
        at = datetime(2026, 3, 5, hour, minute, tzinfo=UTC) - timedelta(hours=8)
        self.pass_s((at - self.now()).total_seconds())

    def now(self) -> datetime:
        return self.began_at + timedelta(seconds=self.boot_s) + self.off

    def clock(self) -> Clock:
        return HandClock(boot_s=lambda: self.boot_s, hands=self)


@dataclass(frozen=True)
class HandClock(Clock):
    hands: Hands | None = None

    def now(self) -> datetime:
        assert self.hands is not None
        return self.hands.now()

    def mono_s(self) -> float:
        return self.boot_s()


@dataclass
class Beeps:
    """What the kiosk said, in order."""

    said: list[tuple[Signal, tuple[str, str]]] = field(default_factory=list)

    def show(self, signal: Signal, lines: Lines) -> None:
        self.said.append((signal, (lines.first, lines.second)))

    def close(self) -> None:
        pass

    @property
    def signals(self) -> list[Signal]:
        return [signal for signal, _ in self.said]


def card(number: int, kind="classic") -> Card:
    """Somebody's invented card."""
    return Card(ISO14443A, bytes.fromhex(f"B00000{number:02X}"), kind)


def token(number: int) -> Token:
    return token_of(SITE_KEY, ISO14443A, card(number).number)


PHONE = Card(ISO14443A, bytes.fromhex("08AABBCC"), "type4")


def roster(people: dict[int, str], *, version: int = 1, names: dict[int, str] | None = None) -> Roster:
    """Cards by their number, and whose they are."""
    cards = {
        token(number): Holder(PersonId(person), (names or {}).get(number, "")) for number, person in people.items()
    }
    return Roster(version, 1, 1, cards)


def duty(minimum: int = 1, target: int = 2, version: int = 1) -> Duty:
    return Duty(version, "示例站", (TWO_PERIODS,) * 7, DutyRule(minimum, target))


class Bench:
    """One kiosk that can be switched off and on again."""

    def __init__(self, path: Path, hands: Hands | None = None, seed: int = 1) -> None:
        self.hands = hands or Hands()
        self.beeps = Beeps()
        self.path = path
        self.boot = "boot-1"
        self.random = Random(seed)
        self.broker = BrokerConfig()
        self.connect = connect
        self.kiosk = self.switch_on()

    def switch_on(self) -> KioskCore:
        config = EdgeConfig(
            station=STATION,
            kiosk=KIOSK,
            data_dir=self.path,
            site_key_file=self.path / "site.key",
            readers=(ReaderConfig(DOOR, "scripted:"),),
            broker=self.broker,
        )
        self.seams = Seams(
            clock=self.hands.clock(),
            boot=self.boot,
            is_synced=lambda: self.hands.synced,
            entropy=self.random.randbytes,
            connect=self.connect,
        )
        self.kiosk = KioskCore(config, site_key=SITE_KEY, annunciator=self.beeps, seams=self.seams, version="9.9")
        self.kiosk.reader_is(DOOR, ReaderState.UP)
        return self.kiosk

    def restart(self, *, reboot: bool = False, clean: bool = True) -> None:
        if clean:
            self.kiosk.close()
        else:
            self.kiosk.store.close()
        if reboot:
            self.boot = f"boot-{self.random.randint(2, 10**6)}"
            self.hands.began_at += timedelta(seconds=self.hands.boot_s)
            self.hands.boot_s = 0.0
        self.switch_on()

    def touch(self, held: Card, for_s: float = 0.3) -> Signal | None:
        """Hold a card there for so long, take it away, and tell the last thing that was said; a warned leave is one."""
        said = len(self.beeps.said)
        until_s = self.hands.boot_s + for_s
        while self.hands.boot_s < until_s:
            self.kiosk.look(DOOR, held)
            self.hands.pass_s(0.1)
        for _ in range(4):
            self.kiosk.look(DOOR, None)
            self.hands.pass_s(0.1)
        last = self.beeps.said[-1][0] if len(self.beeps.said) > said else None
        return Signal.LEFT if last is Signal.WARNING else last

    def tell(self, *messages) -> None:
        for message in messages:
            self.kiosk.notice(message)
        self.kiosk.tend()

    def records(self):
        """Everything in the journal, epoch by epoch."""
        backlog = self.kiosk.store.backlog
        return [record for epoch in backlog.kept() for record in backlog.read(epoch, 0, 10**6)]

    def close(self) -> None:
        self.kiosk.close()
