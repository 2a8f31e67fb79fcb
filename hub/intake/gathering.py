"""What one batch comes to: what is to be stored, who was heard, and who is to be told what."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hub.database.transactions import StoreTroubleError
from hub.intake.runs import NO_CLAIM, KnownRun
from hub.intake.sorting import BirthRead, StateRead
from hub.intake.store import Batch
from station.names import Epoch, KioskId, Session, StationCode


class Stored(NamedTuple):
    """Records of one run that have just been stored, and how far the run is stored with them."""

    run: KnownRun
    rows: list[tuple[Any, ...]]
    through: int


@dataclass(slots=True)
class Heard:
    """Whoever gave a sign of life.

    Attributes:
        journals: the session that last sent records, by kiosk.
        states: in the order they came.
    """

    journals: dict[tuple[KioskId, StationCode], Session] = field(default_factory=dict)
    states: list[StateRead] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.journals or self.states)


class Named(NamedTuple):
    """A run as one session named it: two cards made from one image may each keep another part of it.

    Attributes:
        run: None where nothing is known of it.
        kept_from: the lowest seq that is kept there.
    """

    run: KnownRun | None
    kept_from: int

    def spelled(self, epoch: Epoch) -> str:
        """What is said of it, as JSON has it in a `Settled`."""
        if self.run is None:
            return f'"{epoch}":{{"through":0}}'
        claim = self.run.claim if self.run.claim.first <= self.kept_from else NO_CLAIM
        through, more = self.run.through_from(self.kept_from), ""
        for name, claimed in (("backed", claim.backed), ("aged", claim.aged)):
            if self.kept_from <= min(claimed, through):
                more += f',"{name}":{min(claimed, through)}'
        return f'"{epoch}":{{"through":{through}{more}}}'


@dataclass(slots=True)
class Answer:
    """What one session is to be told: everything up to `n` is dealt with, and these runs are stored so far."""

    n: int
    runs: dict[Epoch, Named] = field(default_factory=dict)


class Answers(dict[tuple[str, Session], Answer]):
    """By topic and session."""

    def name(self, topic: str, session: Session, n: int) -> Answer:
        """The answer to that session, to everything up to `n`."""
        answer = self.get((topic, session))
        if answer is None:
            answer = self[topic, session] = Answer(n)
        elif n > answer.n:
            answer.n = n
        return answer


@dataclass(slots=True)
class Gathered:
    """A batch that has been read and not yet stored.

    Attributes:
        now_ms: when it was gathered.
        fresh: the new rows of each run.
        births: what was said on the hub's own topic.
        trouble: why it cannot be stored, known already.
    """

    now_ms: int
    batch: Batch = field(default_factory=Batch)
    answers: Answers = field(default_factory=Answers)
    fresh: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)
    heard: Heard = field(default_factory=Heard)
    births: list[BirthRead] = field(default_factory=list)
    trouble: StoreTroubleError | None = None


@dataclass(slots=True)
class Outcome:
    """What came of a batch: what to publish, and what is known now."""

    answers: list[tuple[str, bytes]]
    stored: list[Stored]
