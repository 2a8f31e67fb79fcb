"""What a batch changes, reckoned over its runs as they are stored: pure, within the transaction that stores it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.intake.gathering import Asked, Gathered, Sent
from hub.intake.rows import RecordRow
from hub.intake.runs import NO_CLAIM, KnownRun, RunKey
from hub.intake.storing import Batch
from station.names import Epoch, Session
from station.wire import topics

SeqOfRun = tuple[RunKey, int]


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
class Settlement:
    """What one session is to be told: everything up to `n` is dealt with, and these runs are stored so far."""

    n: int
    runs: dict[Epoch, Named] = field(default_factory=dict)


class Answers(dict[tuple[str, Session], Settlement]):
    """By topic and session."""

    def name(self, topic: str, session: Session, n: int) -> Settlement:
        """The answer to that session, to everything up to `n`."""
        answer = self.get((topic, session))
        if answer is None:
            answer = self[topic, session] = Settlement(n)
        elif n > answer.n:
            answer.n = n
        return answer


class KeptRun(NamedTuple):
    """A run of which a kiosk keeps something, and may be told what it can forget."""

    run: KnownRun
    kept_from: int
    is_confirmed: bool


@dataclass(slots=True)
class Tally:
    """What is to be stored, and who is to be told what.

    Attributes:
        fresh: the rows of each run that were never handed on.
        claims: in the order they were asked for.
    """

    batch: Batch
    answers: Answers = field(default_factory=Answers)
    fresh: dict[int, list[RecordRow]] = field(default_factory=dict)
    claims: list[KeptRun] = field(default_factory=list)


def tally(gathered: Gathered, runs: dict[RunKey, KnownRun], unsure: Collection[SeqOfRun]) -> Tally:
    """Reckon; the runs are changed to what they will hold.

    Args:
        gathered: the batch.
        runs: all that it sends records of, and those of the others that are stored.
        unsure: records of which nobody knows whether they were stored when they came before; nobody was told of them.
    """
    made = Tally(Batch(seen=list(gathered.seen), aside=list(gathered.aside)))
    for one in gathered.said:
        if isinstance(one, Sent):
            _take_records(made, one, runs[one.name], unsure)
        else:
            _take_question(made, one, runs)
    return made


def _take_records(made: Tally, sent: Sent, run: KnownRun, unsure: Collection[SeqOfRun]) -> None:
    batch, fresh = made.batch, sent.rows
    batch.runs[run.id] = run
    first, last = fresh[0].seq, fresh[-1].seq
    if run.kept_from != sent.kept_from or first < run.kept_from:
        run.kept_from = sent.kept_from
        batch.regapped.add(run.id)
    if fresh[0].run != run.id:
        fresh = [row._replace(run=run.id) for row in fresh]
    if not run.lacks_all(first, last):
        again = [row for row in fresh if run.holds(row.seq)]
        fresh = [row for row in fresh if not run.holds(row.seq)]
        batch.again += again
        if unsure:
            handed_on = {row.seq for row in made.fresh.get(run.id, ())}  # the same may come twice in one batch
            untold = [row for row in again if (sent.name, row.seq) in unsure and row.seq not in handed_on]
            if untold:
                made.fresh.setdefault(run.id, []).extend(untold)
    if fresh:
        run.add(first, last)
        run.last_at_ms = max(run.last_at_ms, fresh[-1].at_ms)
        batch.rows += fresh
        made.fresh.setdefault(run.id, []).extend(fresh)
    topic = topics.settled(sent.place.station, sent.place.kiosk)
    made.answers.name(topic, sent.session, sent.n).runs[run.epoch] = Named(run, sent.kept_from)


def _take_question(made: Tally, asked: Asked, runs: dict[RunKey, KnownRun]) -> None:
    place, state = asked.place, asked.state
    answer = made.answers.name(topics.settled(place.station, place.kiosk), state.session, state.n)
    for epoch, kept in state.epochs.items():
        run = runs.get((place.kiosk, epoch))
        answer.runs[epoch] = Named(run, kept.kept_from)
        if run is None:
            continue
        made.claims.append(KeptRun(run, kept.kept_from, asked.is_confirmed))
        if run.kept_from != kept.kept_from:
            run.kept_from = kept.kept_from
            made.batch.runs[run.id] = run
            made.batch.regapped.add(run.id)
