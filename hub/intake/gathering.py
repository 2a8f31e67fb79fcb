"""What one batch comes to before it is stored: what was said, who was heard, what is kept aside."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hub.intake.aside import Aside
from hub.intake.rows import RecordRow
from hub.intake.runs import KnownRun, RunKey
from hub.intake.sorting import BirthRead, ReplyRead, StateRead, TopicOwner
from station.names import KioskId, Session, StationCode
from station.wire.messages import State


class Stored(NamedTuple):
    """Records of one run that have just been stored, and how far the run is stored with them."""

    run: KnownRun
    rows: list[RecordRow]
    through: int


@dataclass(slots=True)
class SignsOfLife:
    """Whoever gave a sign of life.

    Attributes:
        journals: the session that last sent records, by kiosk.
        states: in the order they came.
    """

    journals: dict[tuple[KioskId, StationCode], Session] = field(default_factory=dict)
    states: list[StateRead] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.journals or self.states)


class Sent(NamedTuple):
    """Records that a kiosk sent.

    Attributes:
        name: of their run.
        rows: as they will be stored, but for the run's number where the run is not known yet.
        kept_from: the lowest seq that the kiosk holds.
    """

    place: TopicOwner
    session: Session
    n: int
    name: RunKey
    kept_from: int
    rows: list[RecordRow]


class Asked(NamedTuple):
    """A kiosk that is there named its runs, and is to be told how far they are stored.

    Attributes:
        is_confirmed: its clock agrees with the hub's.
    """

    place: TopicOwner
    state: State
    is_confirmed: bool


@dataclass(slots=True)
class Gathered:
    """A batch that has been read and not yet stored.

    Attributes:
        now_ms: when it was gathered.
        said: what is to be answered, in the order it came.
        seen: rows of `KioskSeen`.
        aside: messages that are no records.
        births: what was said on the hub's own topic.
        replies: what kiosks say of commands.
    """

    now_ms: int
    said: list[Sent | Asked] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    heard: SignsOfLife = field(default_factory=SignsOfLife)
    births: list[BirthRead] = field(default_factory=list)
    replies: list[ReplyRead] = field(default_factory=list)

    def names(self) -> dict[RunKey, StationCode | None]:
        """The runs that are named; with their stations where there are records to be stored."""
        named: dict[RunKey, StationCode | None] = {}
        for one in self.said:
            if isinstance(one, Sent):
                named[one.name] = one.place.station
            else:
                for epoch in one.state.epochs:
                    named.setdefault((one.place.kiosk, epoch), None)
        return named

    @property
    def changes_anything(self) -> bool:
        """Whether there is something to be stored, as far as can be seen before any run is looked at."""
        return bool(self.seen or self.aside) or any(isinstance(one, Sent) for one in self.said)

    @property
    def unanswered(self) -> int:
        """How many answers it will come to, one a session."""
        return len({(one.place, one.session if isinstance(one, Sent) else one.state.session) for one in self.said})


@dataclass(slots=True)
class BatchOutcome:
    """What came of a batch: what to publish, and what is known now."""

    answers: list[tuple[str, bytes]]
    stored: list[Stored]
