"""The hub's side of settling: what came is stored, then, and only then, answered (protocol.md, Settling).

No thread and no socket: deliveries go in, a batch goes to the store, answers come out. Whose they are and what
they say is `sorting`'s work; who is heard is `liveness`', who is there `presence`'s.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from hub.database.transactions import StoreTroubleError
from hub.findings import FindingKind, Findings
from hub.intake.aside import Aside
from hub.intake.backed import Backed
from hub.intake.claims import Claims
from hub.intake.clocks import KioskClocks
from hub.intake.gathering import Answer, Gathered, Named, Outcome, Stored
from hub.intake.reading import JournalMessage
from hub.intake.rows import UNREADABLE, moment_of, ms_of, rows_of
from hub.intake.runs import KnownRun
from hub.intake.sorting import Counts, Delivery, JournalRead, Place, Read, Sorter, StateRead
from hub.intake.store import Store
from station.clock import Clock
from station.names import Epoch, KioskId, Session
from station.strict import spell_moment
from station.wire import topics
from station.wire.messages import State

SEEN_EVERY_MS: Final = timedelta(seconds=60) // timedelta(milliseconds=1)  # for a kiosk that has not changed
MOST_RUNS: Final = 20_000  # kept in memory; beyond, all are read anew when they are needed


class Intake:
    """Gathers, stores and answers. All calls come from one thread."""

    def __init__(
        self,
        sorter: Sorter,
        store: Store,
        findings: Findings,
        counts: Counts,
        clock: Clock,
        *,
        claims: Claims | None = None,
    ) -> None:
        self._sorter = sorter
        self._store = store
        self._findings = findings
        self._counts = counts
        self._clock = clock
        self._runs: dict[tuple[KioskId, Epoch], KnownRun | None] = {}  # None: nothing of it is stored
        self._seen: dict[KioskId, tuple[int, tuple[object, ...]]] = {}
        self._claims = claims or Claims(store, 0, Backed(findings))
        self._clocks = KioskClocks(findings)

    def gather(self, deliveries: Iterable[Delivery]) -> Gathered:
        """Read what came. Each message is turned into rows at once: read, it is twenty times as large."""
        return self.gather_read(map(self._sorter.read, deliveries))

    def take_apart(self, delivery: Delivery) -> list[JournalRead]:
        """The records of a journal message one by one; none of any other message."""
        read = self._sorter.read(delivery)
        return read.taken_apart(delivery.payload) if isinstance(read, JournalRead) else []

    def gather_read(self, messages: Iterable[Read | None]) -> Gathered:
        """As `gather`, of what has been read."""
        if len(self._runs) > MOST_RUNS:
            self._runs.clear()
        gathered = Gathered(ms_of(self._clock.now()))
        for read in messages:
            try:
                if isinstance(read, JournalRead):
                    gathered.heard.journals[read.place.kiosk, read.place.station] = read.message.session
                    self._gather_journal(read.place, read.message, gathered)
                elif isinstance(read, StateRead):
                    gathered.heard.states.append(read)
                    self._gather_state(read, gathered)
                elif isinstance(read, Aside):
                    gathered.batch.aside.append(read)
                elif read is not None:
                    gathered.births.append(read)
            except StoreTroubleError as exc:
                gathered.trouble = exc
        return gathered

    def settle(self, gathered: Gathered) -> Outcome:
        """Store a batch, then say so.

        Raises:
            StoreTroubleError: nothing of it is stored, and nobody is told anything.
        """
        batch = gathered.batch
        try:
            if gathered.trouble is not None:
                raise gathered.trouble
            if batch:
                for row in self._store.write(batch, gathered.now_ms):
                    self._report_conflict(batch.runs[row.run], row.seq)
        except StoreTroubleError:
            self._forget(gathered)
            raise
        self._counts.batches += 1
        self._counts.records += len(batch.rows)
        self._counts.repeated += len(batch.again)
        for run_id in batch.regapped:
            self._report_gaps(batch.runs[run_id])
        at = spell_moment(moment_of(gathered.now_ms))
        return Outcome(
            [(topic, _settled(session, answer, at)) for (topic, session), answer in gathered.answers.items()],
            [Stored(batch.runs[run], rows, batch.runs[run].through) for run, rows in gathered.fresh.items()],
        )

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

    def _gather_journal(self, place: Place, message: JournalMessage, gathered: Gathered) -> None:
        run, batch = self._run(place, message.epoch) or self._begin_run(place, message.epoch), gathered.batch
        batch.runs[run.id] = run
        first, last = message.first, message.last
        if run.kept_from != message.kept_from or first < run.kept_from:
            run.kept_from = message.kept_from
            batch.regapped.add(run.id)
        fresh: list[tuple[Any, ...]] = rows_of(message, run.id, gathered.now_ms + self._clocks.behind_ms)
        if not run.lacks_all(first, last):
            batch.again += [row for row in fresh if run.holds(row[1])]
            fresh = [row for row in fresh if not run.holds(row[1])]
        if fresh:
            run.add(first, last)
            run.last_at_ms = max(run.last_at_ms, fresh[-1][3])
            batch.rows += fresh
            gathered.fresh.setdefault(run.id, []).extend(fresh)
            self._report_unreadable(place, fresh)
        topic = topics.settled(place.station, place.kiosk)
        gathered.answers.name(topic, message.session, message.n).runs[run.epoch] = Named(run, message.kept_from)

    def _gather_state(self, read: StateRead, gathered: Gathered) -> None:
        place, state = read.place, read.state
        self._note_seen(place, state, gathered)
        if not state.online:  # a will, or a goodbye: nobody is there to be told
            return
        answer = gathered.answers.name(topics.settled(place.station, place.kiosk), state.session, state.n)
        is_confirmed = self._clocks.agree(place, state, gathered.now_ms, is_old=read.retained)
        for epoch, kept in state.epochs.items():
            run = self._run(place, epoch)
            answer.runs[epoch] = Named(run, kept.kept_from)
            if run is None:
                continue
            self._claims.renew(run, kept.kept_from, gathered.now_ms, is_confirmed=is_confirmed)
            if run.kept_from != kept.kept_from:
                run.kept_from = kept.kept_from
                gathered.batch.runs[run.id] = run
                gathered.batch.regapped.add(run.id)

    def _note_seen(self, place: Place, state: State, gathered: Gathered) -> None:
        shown = (state.online, state.session, state.reader, state.clock, state.version)
        written_ms, before = self._seen.get(place.kiosk, (0, ()))
        if shown == before and gathered.now_ms - written_ms < SEEN_EVERY_MS:
            return
        self._seen[place.kiosk] = (gathered.now_ms, shown)
        gathered.batch.seen.append(
            {
                "kiosk": place.kiosk,
                "heard_ms": gathered.now_ms,
                "online": state.online,
                "session": state.session,
                "reader": state.reader.value,
                "clock": state.clock.value,
                "version": state.version,
                "queued": state.queued,
            }
        )

    def _run(self, place: Place, epoch: Epoch) -> KnownRun | None:
        name = place.kiosk, epoch
        if name not in self._runs:
            self._runs[name] = self._store.find_run(*name)
        return self._runs[name]

    def _begin_run(self, place: Place, epoch: Epoch) -> KnownRun:
        run = self._runs[place.kiosk, epoch] = self._store.new_run(place.kiosk, epoch, place.station)
        return run

    def _forget(self, gathered: Gathered) -> None:
        """Take nothing as stored that is not: what the database has is read again."""
        for run in gathered.batch.runs.values():
            self._runs.pop((run.kiosk, run.epoch), None)
        for row in gathered.batch.seen:
            self._seen.pop(row["kiosk"], None)
        self._counts.unsettled += len(gathered.answers)

    def _report_unreadable(self, place: Place, rows: list[tuple[Any, ...]]) -> None:
        bad = sum(row[2] == UNREADABLE for row in rows)
        if bad:
            text = "a record that fails its checks; it is kept aside under its name"
            self._findings.report(FindingKind.UNREADABLE, place.kiosk, text, station=place.station, times=bad)

    def _report_conflict(self, run: KnownRun, seq: int) -> None:
        text = "a record came again with other content; both are kept"
        self._findings.report(FindingKind.CONFLICT, f"{run.kiosk} {run.epoch} {seq}", text, station=run.station)

    def _report_gaps(self, run: KnownRun) -> None:
        subject, gaps = f"{run.kiosk} {run.epoch}", run.gaps()
        if not gaps:
            self._findings.end(FindingKind.GAP, subject)
            return
        missing = ", ".join(f"{gap.first} to {gap.last}" for gap in gaps[:5])
        text = f"records {missing} are missing, and the kiosk no longer holds them"
        self._findings.report(FindingKind.GAP, subject, text, station=run.station)


def _settled(session: Session, answer: Answer, at: str) -> bytes:
    """A `Settled` as the codec would spell it, at a tenth of the cost; a test holds them together."""
    epochs = ",".join(named.spelled(epoch) for epoch, named in answer.runs.items())
    return f'{{"v":1,"session":"{session}","n":{answer.n},"epochs":{{{epochs}}},"at":"{at}"}}'.encode()
