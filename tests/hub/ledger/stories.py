"""What kiosks wrote in a few days, made from a seed: restarts, clocks that were wrong, people at two stations."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from station.names import Epoch, KioskId, Seq, StationCode, Token
from station.records import (
    Action,
    AnyRecord,
    ClockSet,
    ClockState,
    Note,
    Pulse,
    ReaderChange,
    ReaderState,
    Started,
    Tap,
    Unreadable,
)
from tests.hub.cities import token_of

BEGAN = datetime(2026, 3, 4, 16, tzinfo=UTC)  # midnight of a Thursday where the stations are
MINUTE = timedelta(minutes=1)
BAD_START = datetime(1970, 1, 1, tzinfo=UTC)
PEOPLE = (1, 2, 4, 99)  # two of S-01, one of S-02, and a card that nobody knows


@dataclass
class Written:
    """One record and the run that it stands in; `sent_after` is how long it waited at the kiosk."""

    kiosk: KioskId
    epoch: Epoch
    station: StationCode
    record: AnyRecord | Unreadable
    made_at: datetime
    sent_after: timedelta = timedelta(0)


@dataclass
class KioskStory:
    """One kiosk's journal, written record by record at true times."""

    kiosk: KioskId
    station: StationCode
    random: Random
    written: list[Written] = field(default_factory=list)
    now: datetime = BEGAN
    epoch: Epoch | None = None
    boot: str = ""
    booted_at: datetime = BEGAN
    seq: int = 0
    state: ClockState = ClockState.SYNCED
    off: timedelta = timedelta(0)

    def start(self, *, boots: bool, state: ClockState = ClockState.SYNCED) -> None:
        """The agent begins; in a boot of its own, or in that of the run before."""
        before, alive_at, alive_mono = self.epoch, self._at(), self._mono()
        number = len({one.epoch for one in self.written}) + 1
        self.epoch, self.seq = Epoch(f"{self.random.getrandbits(48):012x}{number:04x}"), 0
        if boots:
            self.boot, self.booted_at, self.state = f"{self.kiosk}-{number}", self.now - MINUTE, state
            self.off = timedelta(0) if state is ClockState.SYNCED else self._wrong(state)
        fields = {} if before is None else {
            "before": before, "clean": True, "last_alive_at": alive_at, "last_alive_mono_ms": alive_mono,
        }  # fmt: skip
        self.write(Started, version="0", **fields)
        self.write(ReaderChange, reader="door", state=ReaderState.UP)

    def _wrong(self, state: ClockState) -> timedelta:
        if state is ClockState.UNSET:
            return BAD_START - self.booted_at
        return timedelta(seconds=self.random.randint(-5000, 5000))

    def sync(self) -> None:
        """The clock is set."""
        offset_ms = -self.off // timedelta(milliseconds=1)
        self.state, self.off = ClockState.SYNCED, timedelta(0)
        self.write(ClockSet, offset_ms=offset_ms)

    def tap(self, person: int, action: Action) -> None:
        """A person taps."""
        self.write(Tap, token=Token(token_of(person)), card_kind="ntag213", reader="door", action=action)

    def step_out(self, person: int) -> None:
        """A person leaves, and turns that into stepping out."""
        self.tap(person, Action.LEAVE)
        self.write(
            Tap, token=Token(token_of(person)), card_kind="ntag213", reader="door", action=Action.STEP_OUT,
            of=Seq(self.seq),
        )  # fmt: skip

    def write(self, kind: type[AnyRecord], **fields: object) -> None:
        """One more record."""
        self.seq += 1
        stamp = {
            "seq": Seq(self.seq),
            "at": self._at(),
            "clock": self.state,
            "boot": self.boot,
            "mono_ms": self._mono(),
        }
        self._add(kind(**stamp, **fields))

    def pulse(self, times: int) -> None:
        """So many times five minutes pass."""
        for _ in range(times):
            self.now += 5 * MINUTE
            self.write(Pulse)

    def spoil(self) -> None:
        """A record that fails its checks."""
        self.seq += 1
        self._add(Unreadable(Seq(self.seq), "{}", "no kind"))

    def _add(self, record: AnyRecord | Unreadable) -> None:
        assert self.epoch is not None
        self.written.append(Written(self.kiosk, self.epoch, self.station, record, self.now))

    def _at(self) -> datetime:
        at = self.now + self.off
        return at.replace(microsecond=at.microsecond // 1000 * 1000)

    def _mono(self) -> int:
        return (self.now - self.booted_at) // timedelta(milliseconds=1)


def some_days(random: Random, kiosk: str, station: str, *, steps: int) -> list[Written]:
    """A journal of everything that can happen, in any sequence."""
    story = KioskStory(KioskId(kiosk), StationCode(station), random, now=BEGAN + random.randint(0, 900) * MINUTE)
    story.start(boots=True, state=random.choice([*ClockState]))
    for _ in range(steps):
        story.now += timedelta(seconds=random.choice((1, 40, 200, 900, 4000, 20_000, 50_000)))
        _happen(story, random)
    return story.written


def _happen(story: KioskStory, random: Random) -> None:
    states = [*ClockState]
    happenings: dict[str, Callable[[], None]] = {
        "tap": lambda: story.tap(random.choice(PEOPLE), random.choice((Action.ARRIVE, Action.LEAVE, Action.RETURN))),
        "out": lambda: story.step_out(random.choice(PEOPLE)),
        "pulse": lambda: story.pulse(3),
        "start": lambda: story.start(boots=False),
        "boot": lambda: story.start(boots=True, state=random.choice(states)),
        "sync": story.sync,
        "reader": lambda: story.write(ReaderChange, reader="door", state=random.choice([*ReaderState])),
        "note": lambda: story.write(Note, text="lid open"),
        "bad": story.spoil,
    }
    happenings[random.choices([*happenings], (9, 1, 4, 1, 1, 1, 1, 1, 1))[0]]()


def a_working_day(kiosk: str = "K-01-1", station: str = "S-01") -> KioskStory:
    """A kiosk that starts at 07:00 with its clock right."""
    story = KioskStory(KioskId(kiosk), StationCode(station), Random(1), now=BEGAN + 7 * 60 * MINUTE)
    story.start(boots=True)
    return story
