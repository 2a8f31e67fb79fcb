"""The messages between kiosk and hub, each a frozen value; `codec` turns them into bytes and back.

Times are aware UTC. A message names its session where more than one connection could have sent it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from station.duty import DutyClass
from station.hours import Period
from station.names import Epoch, KioskId, Seq, Session
from station.records import AnyRecord, ClockState, Milliseconds, ReaderState, Unreadable
from station.stints import End, Standing
from station.wire.told import Duty, Roster

VERSION: Final = 1
MAX_MESSAGE_BYTES: Final = 128 * 1024
MAX_JOURNAL_BYTES: Final = 64 * 1024
MAX_RECORDS: Final = 200
MAX_EPOCHS: Final = 250  # named in one state
QUESTION: Final = "doctor"  # the reason in a state that only asks for an answer


@dataclass(frozen=True, slots=True)
class Journal:
    """Some records of one epoch, from `first` on without a gap.

    Attributes:
        session: of the connection that sends.
        n: rises with every `Journal` and `State` of the session.
        kept_from: the lowest seq of the epoch that the kiosk still holds.
        records: 1 to `MAX_RECORDS`; the i-th has seq `first + i`.
    """

    session: Session
    n: int
    epoch: Epoch
    first: Seq
    kept_from: Seq
    records: tuple[AnyRecord | Unreadable, ...]


@dataclass(frozen=True, slots=True)
class Through:
    """How far an epoch is stored for good; 0 is not at all.

    Attributes:
        backed: how far the hub's newest backup holds it.
        aged: how far the hub has held it for so long that a kiosk need keep it no more.
    """

    through: int
    backed: int = 0
    aged: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What the hub has stored for good, in answer to everything up to `n` of that session.

    Attributes:
        key: the fingerprint of the hub's site key; empty where it tells none.
    """

    session: Session
    n: int
    epochs: dict[Epoch, Through]
    at: datetime
    key: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The seqs of an epoch that a kiosk still holds: `kept_from` to `last`; last < kept_from is none."""

    kept_from: Seq
    last: int


@dataclass(frozen=True, slots=True)
class KioskFigures:
    """What an operator should know of a kiosk's machine; None where the machine does not tell.

    Attributes:
        disk_free_mb: where its records lie.
        temperature_c: of its processor.
        under_voltage: its power was too weak at some moment since it was switched on.
        certificate_ends_at: that of its identity at the broker.
        config: the version of the settings that it holds; 0 for those with which it was set up.
    """

    disk_free_mb: int | None = None
    temperature_c: int | None = None
    under_voltage: bool | None = None
    certificate_ends_at: datetime | None = None
    config: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """A kiosk's birth, health and will.

    Attributes:
        online: false in a will, and at an orderly end.
        epochs: the running one and each older one with records not settled in this session; at most `MAX_EPOCHS`.
        reader: the worst state of its readers.
        queued: records not settled.
        reason: why the reader does not see, or why the kiosk goes; for a person.
        source: where its time comes from: `FROM_HUB`, or empty for its own clock.
        key: the fingerprint of its site key.
        next_key: that of the one that is to come; empty where it has none.
        figures: how its machine is.
    """

    online: bool
    session: Session
    n: int
    version: str
    epochs: dict[Epoch, Kept]
    reader: ReaderState
    clock: ClockState
    boot: str
    mono_ms: Milliseconds
    queued: int
    at: datetime
    reason: str = ""
    source: str = ""
    key: str = ""
    next_key: str = ""
    figures: KioskFigures = field(default_factory=KioskFigures)

    @property
    def is_question(self) -> bool:
        """Nobody's life and nobody's end: `zaigang-edge doctor` asks whether the hub answers this kiosk."""
        return not self.online and self.reason == QUESTION

    def __post_init__(self) -> None:
        if len(self.epochs) > MAX_EPOCHS:
            raise ValueError(f"epochs: {len(self.epochs)} of them; at most {MAX_EPOCHS} are wanted")


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One person's latest stint at a station, for everybody seen there today.

    Attributes:
        state: on duty, stepped out, or off.
        since: when the stint began.
        ended_at: when it ended, `mark` how, `period` which one it belongs to.
        counts_from: from when it covers its period.
        counted: whether the person counts (an unassigned or revoked card does not).
    """

    state: Standing
    since: datetime
    out_since: datetime | None = None
    ended_at: datetime | None = None
    mark: End | None = None
    period: Period | None = None
    counts_from: datetime | None = None
    claimed: bool = False
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is where at one station, as far as the hub knows; never a name.

    Attributes:
        people: by opaque id, or by token while a card is unassigned.
        folded: per kiosk and epoch, the seq up to which its records are in this presence.
    """

    as_of: datetime
    on_duty: int
    stepped_out: int
    unknown_cards: int
    duty_class: DutyClass
    people: dict[str, PersonSeen]
    folded: dict[KioskId, dict[Epoch, int]]


@dataclass(frozen=True, slots=True)
class HubState:
    """The hub's birth and will; `started_at` tells a later start from an earlier one."""

    online: bool
    session: Session
    version: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Command:
    """Something a kiosk is asked to do once.

    Attributes:
        id: a name that no other command has; nothing is done by one that is no name.
        name: what is to be done.
    """

    id: str
    expires_at: datetime
    name: str
    args: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a command.

    Attributes:
        ok: it was done, or is under way; else nothing was changed.
        text: what a person should know, above all why not.
        more: it is under way, and another reply follows.
        found: what was asked for, by name.
    """

    id: str
    ok: bool
    text: str = ""
    more: bool = False
    found: dict[str, str] = field(default_factory=dict)


Message = Journal | Settled | State | Presence | Duty | Roster | HubState | Command | Reply
