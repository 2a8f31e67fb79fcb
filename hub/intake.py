"""The hub's side of settling: what was read is stored, then, and only then, answered (protocol.md, Settling).

No I/O of its own and no thread: what `sorting` read goes in, a batch goes to the store, answers come out. Who is
heard is `liveness`' work, who is there `presence`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, NamedTuple

from hub.findings import FindingKind, Findings
from hub.rows import UNREADABLE, JournalMessage, ms_of, rows_of
from hub.runs import KnownRun
from hub.sorting import Counts, Place, Sorted
from hub.store import Batch, Store
from hub.transactions import StoreTroubleError
from station.clock import Clock
from station.names import Epoch, KioskId, Session
from station.strict import spell_moment
from station.wire import topics
from station.wire.messages import State

SEEN_EVERY: Final = timedelta(seconds=60)  # how often an unchanged kiosk is written down
MOST_RUNS: Final = 20_000  # kept in memory; beyond, all are read anew when they are needed


class Stored(NamedTuple):
    """Records of one run that have just been stored, in order of seq."""

    run: KnownRun
    rows: list[tuple[Any, ...]]


@dataclass(slots=True)
class Outcome:
    """What came of a batch: what to publish, and what is known now."""

    answers: list[tuple[str, bytes]] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)


@dataclass(slots=True)
class _Answer:
    """What one session is to be told."""

    n: int
    runs: dict[Epoch, KnownRun | None] = field(default_factory=dict)


class _Answers(dict[tuple[str, Session], _Answer]):
    """By topic and session."""

    def name(self, topic: str, session: Session, n: int) -> _Answer:
        """The answer to that session, to everything up to `n`."""
        answer = self.get((topic, session))
        if answer is None:
            answer = self[topic, session] = _Answer(n)
        elif n > answer.n:
            answer.n = n
        return answer


class Intake:
    """The hub's side of settling. All calls come from one thread."""

    def __init__(self, store: Store, findings: Findings, counts: Counts, clock: Clock) -> None:
        self._store = store
        self._counts = counts
        self._findings = findings
        self._clock = clock
        self._runs: dict[tuple[KioskId, Epoch], KnownRun] = {}
        self._seen: dict[KioskId, tuple[int, tuple[object, ...]]] = {}

    def settle(self, found: Sorted) -> Outcome:
        """Store what came, then say so.

        Raises:
            StoreTroubleError: nothing of it is stored, and nobody is told anything.
        """
        now = self._clock.now()
        now_ms = ms_of(now)
        if len(self._runs) > MOST_RUNS:
            self._runs.clear()
        batch, outcome = Batch(aside=found.aside), Outcome()
        answers = _Answers()
        try:
            for place, message in found.journals:
                run = self._take_journal(place, message, batch, outcome, now_ms)
                answer = answers.name(topics.settled(place.station, place.kiosk), message.session, message.n)
                answer.runs[run.epoch] = run
            for place, state, _ in found.states:
                self._take_state(place, state, batch, answers, now_ms)
            if batch:
                conflicts = self._store.write(batch, now_ms)
                for row in conflicts:
                    run = batch.runs[row.run]
                    self._findings.report(
                        FindingKind.CONFLICT,
                        f"{run.kiosk} {run.epoch} {row.seq}",
                        "a record came again with other content; both are kept",
                        station=run.station,
                    )
        except StoreTroubleError:
            self._forget(batch, found)
            raise
        self._counts.batches += 1
        self._counts.records += len(batch.rows)
        self._counts.repeated += len(batch.again)
        self._report_gaps(batch)
        at = spell_moment(now)
        outcome.answers = [(topic, _settled(session, answer, at)) for (topic, session), answer in answers.items()]
        return outcome

    def forget(self) -> None:
        """Take nothing as stored: what the database has is read again."""
        self._runs.clear()
        self._seen.clear()

    def probe(self) -> None:
        """Find out whether storing works.

        Raises:
            StoreTroubleError: it does not.
        """
        self._store.probe()

    def _take_journal(
        self, place: Place, message: JournalMessage, batch: Batch, outcome: Outcome, now_ms: int
    ) -> KnownRun:
        run = self._run(place, message.epoch) or self._begin_run(place, message.epoch)
        first, last = message.first, message.last
        rows = rows_of(message, run.id, now_ms)
        batch.runs[run.id] = run
        if run.kept_from != message.kept_from or first < run.kept_from:
            run.kept_from = message.kept_from
            batch.regapped.add(run.id)
        if run.lacks_all(first, last):
            fresh: list[tuple[Any, ...]] = rows
        else:
            fresh = [row for row in rows if not run.holds(row[1])]
            batch.again += [row for row in rows if run.holds(row[1])]
        if fresh:
            run.add(first, last)
            run.last_at_ms = max(run.last_at_ms, fresh[-1][3])
            batch.rows += fresh
            outcome.stored.append(Stored(run, fresh))
            self._report_unreadable(place, fresh)
        return run

    def _take_state(self, place: Place, state: State, batch: Batch, answers: _Answers, now_ms: int) -> None:
        self._note_seen(place, state, batch, now_ms)
        if not state.online:  # a will, or a goodbye: nobody is there to be told
            return
        answer = answers.name(topics.settled(place.station, place.kiosk), state.session, state.n)
        for epoch, kept in state.epochs.items():
            run = self._run(place, epoch)
            if run is not None and run.kept_from != kept.kept_from:
                run.kept_from = kept.kept_from
                batch.runs[run.id] = run
                batch.regapped.add(run.id)
            answer.runs[epoch] = run

    def _note_seen(self, place: Place, state: State, batch: Batch, now_ms: int) -> None:
        shown = (state.online, state.session, state.reader, state.clock, state.version)
        written_ms, before = self._seen.get(place.kiosk, (0, ()))
        if shown == before and now_ms - written_ms < SEEN_EVERY // timedelta(milliseconds=1):
            return
        self._seen[place.kiosk] = (now_ms, shown)
        batch.seen.append(
            {
                "kiosk": place.kiosk,
                "heard_ms": now_ms,
                "online": state.online,
                "session": state.session,
                "reader": state.reader.value,
                "clock": state.clock.value,
                "version": state.version,
                "queued": state.queued,
            }
        )

    def _run(self, place: Place, epoch: Epoch) -> KnownRun | None:
        run = self._runs.get((place.kiosk, epoch))
        if run is None:
            run = self._store.find_run(place.kiosk, epoch)
            if run is not None:
                self._runs[place.kiosk, epoch] = run
        return run

    def _begin_run(self, place: Place, epoch: Epoch) -> KnownRun:
        run = self._runs[place.kiosk, epoch] = self._store.new_run(place.kiosk, epoch, place.station)
        return run

    def _forget(self, batch: Batch, found: Sorted) -> None:
        """Take nothing as stored that is not: what the database has is read again."""
        for run in batch.runs.values():
            self._runs.pop((run.kiosk, run.epoch), None)
        for row in batch.seen:
            self._seen.pop(row["kiosk"], None)
        self._counts.unsettled += len(found.journals)

    def _report_unreadable(self, place: Place, rows: Sequence[tuple[Any, ...]]) -> None:
        bad = sum(row[2] == UNREADABLE for row in rows)
        if bad:
            self._findings.report(
                FindingKind.UNREADABLE,
                place.kiosk,
                "a record that fails its checks; it is kept aside under its name",
                station=place.station,
                times=bad,
            )

    def _report_gaps(self, batch: Batch) -> None:
        for run_id in batch.regapped:
            run = batch.runs[run_id]
            subject, gaps = f"{run.kiosk} {run.epoch}", run.gaps()
            if gaps:
                text = ", ".join(f"{gap.first} to {gap.last}" for gap in gaps[:5])
                self._findings.report(
                    FindingKind.GAP,
                    subject,
                    f"records {text} are missing, and the kiosk no longer holds them",
                    station=run.station,
                )
            else:
                self._findings.end(FindingKind.GAP, subject)


def _settled(session: Session, answer: _Answer, at: str) -> bytes:
    """A `Settled` as the codec would spell it, at a tenth of the cost; a test holds them together."""
    epochs = ",".join(f'"{epoch}":{{"through":{run.through if run else 0}}}' for epoch, run in answer.runs.items())
    return f'{{"v":1,"session":"{session}","n":{answer.n},"epochs":{{{epochs}}},"at":"{at}"}}'.encode()
