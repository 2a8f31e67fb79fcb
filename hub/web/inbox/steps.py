"""What was done about things that wait: written once, read on from where it was read before."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, insert
from sqlmodel import col, select

from hub.database.inbox_table import NOTE_LENGTH, InboxStep
from hub.web.inbox.waiting import InboxAct, ToDo

StepName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class InboxDeed:
    """One thing that somebody did."""

    at_ms: int
    by: str
    act: InboxAct
    whom: str
    due_ms: int | None
    note: str


@dataclass(slots=True)
class Care:
    """What became of one thing so far.

    Attributes:
        owner: who looks after it; empty for nobody.
        closed_ms: when it was last closed.
    """

    last: InboxDeed
    owner: str = ""
    due_ms: int | None = None
    closed_ms: int | None = None

    def take(self, step: InboxDeed) -> None:
        """One more step."""
        self.last = step
        self.owner = step.whom or self.owner
        self.due_ms = self.due_ms if step.due_ms is None else step.due_ms
        if step.act is InboxAct.CLOSED:
            self.owner, self.due_ms, self.closed_ms = "", None, step.at_ms


@dataclass(slots=True)
class Steps:
    """All of it in memory: what people do in a year is some ten thousand lines."""

    _last: int = 0
    _care: dict[StepName, Care] = field(default_factory=dict, repr=False)

    def read_on(self, connection: Connection) -> None:
        """Take what was written since the last time."""
        rows = select(InboxStep).where(col(InboxStep.number) > self._last).order_by(col(InboxStep.number))
        for row in connection.execute(rows):
            step = InboxDeed(row.at_ms, row.by, InboxAct(row.act), row.whom, row.due_ms, row.note)
            self._care.setdefault((row.kind, row.subject), Care(step)).take(step)
            self._last = row.number

    def of(self, one: ToDo) -> Care | None:
        """What became of a thing; None where nothing did."""
        return self._care.get((one.kind, one.subject))


def write_step(connection: Connection, one: ToDo, step: InboxDeed) -> None:
    """Write down what somebody did."""
    row = InboxStep(
        kind=one.kind, subject=one.subject, at_ms=step.at_ms, by=step.by, act=step.act, whom=step.whom,
        due_ms=step.due_ms, note=step.note[:NOTE_LENGTH],
    )  # fmt: skip
    connection.execute(insert(InboxStep).values(row.model_dump(exclude={"number"})))
