"""The records of a kiosk's journal: what can be in one line of it.

A record is named by (kiosk, epoch, seq); the journal holds kiosk and epoch, the record its seq. Kinds that
this version does not know are kept as `Foreign`; what fails its checks becomes `Unreadable` under its seq.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from station.names import Epoch, Seq, Token

MAX_MS: Final = 100 * 366 * 86_400_000  # a hundred years: sums with any moment that is taken are moments too
Milliseconds = Annotated[int, f"at most {MAX_MS} either way"]


FROM_HUB: Final = "hub"  # where a kiosk's time comes from, if it has no other


class ClockState(StrEnum):
    """How far a record's `at` can be trusted."""

    SYNCED = "synced"
    ESTIMATED = "estimated"
    UNSET = "unset"


class Action(StrEnum):
    """What a person who tapped was told; a fact that no fold turns round."""

    ARRIVE = "arrive"
    LEAVE = "leave"
    STEP_OUT = "step_out"
    RETURN = "return"


class ReaderState(StrEnum):
    """Whether a reader sees cards."""

    UP = "up"
    DOWN = "down"
    BLIND = "blind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has.

    Attributes:
        seq: 1, 2, 3 ... within the epoch.
        at: UTC, to the millisecond, by the kiosk's clock.
        clock: how far `at` can be trusted.
        boot: the id of the boot that `mono_ms` counts from.
        mono_ms: milliseconds since that boot.
    """

    KIND: ClassVar[str] = ""
    seq: Seq
    at: datetime
    clock: ClockState
    boot: str
    mono_ms: Milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap(Record):
    """A person tapped, and what they were told.

    Attributes:
        of: the seq of the leave that `step_out` turns round.
        next_token: the same card's under the site key that is to come, where the kiosk has it.
    """

    KIND: ClassVar[str] = "tap"
    token: Token
    card_kind: str
    reader: str
    action: Action
    of: Seq | None = None
    next_token: Token | None = None

    def __post_init__(self) -> None:
        if (self.of is None) == (self.action is Action.STEP_OUT):
            raise ValueError(
                f"a tap {self.action} with of {self.of}: step_out needs the seq of its leave, no other has one"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Record):
    """The agent began; what it knows of the run before."""

    KIND: ClassVar[str] = "started"
    version: str
    before: Epoch | None = None
    clean: bool | None = None
    last_alive_at: datetime | None = None
    last_alive_mono_ms: Milliseconds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderChange(Record):
    """A reader came or went."""

    KIND: ClassVar[str] = "reader"
    reader: str
    state: ReaderState
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSet(Record):
    """The clock was set: `at` is the true time, `offset_ms` how far the clock was moved, forward positive.

    Attributes:
        source: who said so: `FROM_HUB`, or empty for a time service.
        bound_ms: how far `at` may be off, where that is known.
    """

    KIND: ClassVar[str] = "clock"
    offset_ms: Milliseconds
    source: str = ""
    bound_ms: Milliseconds = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Record):
    """Anything an operator should know; `of` the seq it is about."""

    KIND: ClassVar[str] = "note"
    text: str
    of: Seq | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse(Record):
    """Still watching."""

    KIND: ClassVar[str] = "pulse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign(Record):
    """A kind that this version does not know, kept whole."""

    kind: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What stood in a record's place and failed its checks."""

    seq: Seq
    found: str
    reason: str


KNOWN: dict[str, type[Record]] = {kind.KIND: kind for kind in (Tap, Started, ReaderChange, ClockSet, Note, Pulse)}
AnyRecord = Tap | Started | ReaderChange | ClockSet | Note | Pulse | Foreign
