"""The hub's side of settling: what came is stored, then, and only then, answered (protocol.md, Settling).

No thread and no socket: deliveries go in, a batch goes to the store, answers come out. Whose they are and what
they say is `sorting`'s work; who is heard is `liveness`', who is there `presence`'s.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import chain
from typing import Final

from hub.database.transactions import StoreTroubleError
from hub.findings import FindingKind, Findings
from hub.intake.aside import Aside
from hub.intake.backed import Backed
from hub.intake.claims import Claims
from hub.intake.clocks import KioskClocks
from hub.intake.fitness import KioskFitness
from hub.intake.gathering import Asked, BatchOutcome, Gathered, Sent, Stored
from hub.intake.reading import JournalMessage
from hub.intake.rows import UNREADABLE, RecordRow, rows_of
from hub.intake.runs import KnownRun, RunKey
from hub.intake.site_keys import KioskKeys
from hub.intake.sorting import Counts, Delivery, JournalRead, Read, ReplyRead, Sorter, StateRead, TopicOwner
from hub.intake.store import Store
from hub.intake.storing import Batch, BegunElsewhereError
from hub.intake.tally import SeqOfRun, Settlement, Tally, tally
from station.clock import Clock
from station.milliseconds import moment_of, ms_of
from station.names import KioskId, Session
from station.strict import spell_moment
from station.wire.messages import State

SEEN_EVERY_MS: Final = timedelta(seconds=60) // timedelta(milliseconds=1)  # for a kiosk that has not changed
MOST_KEPT: Final = 20_000  # of runs in memory: beyond, all are read anew when they are needed


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
        key: Callable[[], str] = lambda: "",
    ) -> None:
        self._sorter = sorter
        self._store = store
        self._findings = findings
        self._counts = counts
        self._clock = clock
        self._runs: dict[RunKey, KnownRun] = {}  # as they were last confirmed, or written
        self._unsure: set[SeqOfRun] = set()
        self._seen: dict[KioskId, tuple[int, tuple[object, ...]]] = {}
        self._claims = claims or Claims(store, 0, Backed(findings))
        self._clocks = KioskClocks(findings)
        self._keys = KioskKeys(findings, key)
        self._fitness = KioskFitness(findings)

    def gather(self, deliveries: Iterable[Delivery]) -> Gathered:
        """Read what came. Each message is turned into rows at once: read, it is twenty times as large."""
        return self.gather_read(map(self._sorter.read, deliveries))

    def take_apart(self, delivery: Delivery) -> list[JournalRead]:
        """The records of a journal message one by one; none of any other message."""
        read = self._sorter.read(delivery)
        return read.taken_apart(delivery.payload) if isinstance(read, JournalRead) else []

    def gather_read(self, messages: Iterable[Read | None]) -> Gathered:
        """As `gather`, of what has been read."""
        gathered = Gathered(ms_of(self._clock.now()))
        for read in messages:
            if isinstance(read, JournalRead):
                gathered.heard.journals[read.place.kiosk, read.place.station] = read.message.session
                self._gather_journal(read.place, read.message, gathered)
            elif isinstance(read, StateRead):
                gathered.heard.states.append(read)
                self._gather_state(read, gathered)
            elif isinstance(read, Aside):
                gathered.aside.append(read)
            elif isinstance(read, ReplyRead):
                gathered.replies.append(read)
            elif read is not None:
                gathered.births.append(read)
        return gathered

    def settle(self, gathered: Gathered) -> BatchOutcome:
        """Store a batch, then say so.

        Raises:
            StoreTroubleError: nothing of it is stored as far as is known, and nobody is told anything.
        """
        for remembered in (self._runs, self._unsure):
            if len(remembered) > MOST_KEPT:
                remembered.clear()
        try:
            made = self._look(gathered) or self._store_all(gathered)
        except StoreTroubleError:
            self._forget(gathered)
            raise
        batch = made.batch
        self._counts.batches += 1
        self._counts.records += len(batch.rows)
        self._counts.repeated += len(batch.again)
        for run_id in batch.regapped:
            self._report_gaps(batch.runs[run_id])
        for run_id, rows in made.fresh.items():
            self._report_unreadable(batch.runs[run_id], rows)
        for wanted in made.claims:
            self._claims.renew(*wanted[:2], gathered.now_ms, is_confirmed=wanted.is_confirmed)
        at, key = spell_moment(moment_of(gathered.now_ms)), self._keys.own
        return BatchOutcome(
            [(topic, _settled(session, answer, at, key)) for (topic, session), answer in made.answers.items()],
            [Stored(batch.runs[run], rows, batch.runs[run].through) for run, rows in made.fresh.items()],
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

    def _look(self, gathered: Gathered) -> Tally | None:
        """What is to be told where nothing is to be stored; None where something is."""
        if gathered.changes_anything:
            return None
        if not gathered.said:
            return Tally(Batch())
        with self._store.looking() as looking:
            looking.confirm(gathered.names(), self._runs)
        made = tally(gathered, self._runs, ())
        if not made.batch:
            return made
        for run in made.batch.runs.values():
            del self._runs[run.kiosk, run.epoch]
        return None

    def _store_all(self, gathered: Gathered) -> Tally:
        while True:
            try:
                return self._store_once(gathered)
            except BegunElsewhereError:  # it is there now
                continue

    def _store_once(self, gathered: Gathered) -> Tally:
        names, made = gathered.names(), None
        try:
            with self._store.storing() as storing:
                storing.confirm(names, self._runs)
                new = {name: station for name, station in names.items() if station and name not in self._runs}
                storing.begin(new, self._runs)
                tallied = tally(gathered, self._runs, self._unsure)
                conflicts = storing.write(tallied.batch, gathered.now_ms)
                made = tallied
        except StoreTroubleError:
            if made is not None:  # the commit's answer is lost: it may be on the disk all the same
                self._unsure.update(_records_of(made.batch))
            raise
        if self._unsure:
            self._unsure.difference_update(_records_of(made.batch))
        for row in conflicts:
            self._report_conflict(made.batch.runs[row.run], row.seq)
        return made

    def _gather_journal(self, place: TopicOwner, message: JournalMessage, gathered: Gathered) -> None:
        name = place.kiosk, message.epoch
        run = self._runs.get(name)
        rows = rows_of(message, run.id if run else 0, gathered.now_ms + self._clocks.behind_ms)
        gathered.said.append(Sent(place, message.session, message.n, name, message.kept_from, rows))

    def _gather_state(self, read: StateRead, gathered: Gathered) -> None:
        place, state = read.place, read.state
        if state.is_question and not read.retained:
            gathered.said.append(Asked(place, state, is_confirmed=False))
            return
        if not (read.retained and state.online):  # what the broker kept proves no life
            self._note_seen(place, state, gathered)
        if not state.online:  # a will, or a goodbye: nobody is there to be told
            return
        self._keys.compare(place, state)
        self._fitness.look(place, state, moment_of(gathered.now_ms))
        is_confirmed = self._clocks.agree(place, state, gathered.now_ms, is_old=read.retained)
        gathered.said.append(Asked(place, state, is_confirmed))

    def _note_seen(self, place: TopicOwner, state: State, gathered: Gathered) -> None:
        shown = (state.online, state.session, state.reader, state.clock, state.version, state.key, state.next_key)
        written_ms, before = self._seen.get(place.kiosk, (0, ()))
        if shown == before and gathered.now_ms - written_ms < SEEN_EVERY_MS:
            return
        self._seen[place.kiosk] = (gathered.now_ms, shown)
        gathered.seen.append(
            {
                "kiosk": place.kiosk,
                "heard_ms": gathered.now_ms,
                "online": state.online,
                "session": state.session,
                "reader": state.reader.value,
                "clock": state.clock.value,
                "version": state.version,
                "queued": state.queued,
                "key_mark": state.key[:16],
                "next_mark": state.next_key[:16],
            }
        )

    def _forget(self, gathered: Gathered) -> None:
        """Take nothing as stored that is not: what the database has is read again."""
        for name in gathered.names():
            self._runs.pop(name, None)
        for row in gathered.seen:
            self._seen.pop(row["kiosk"], None)
        self._counts.unsettled += gathered.unanswered

    def _report_unreadable(self, run: KnownRun, rows: list[RecordRow]) -> None:
        bad = sum(row.kind == UNREADABLE for row in rows)
        if bad:
            text = "a record that fails its checks; it is kept aside under its name"
            self._findings.report(FindingKind.UNREADABLE, run.kiosk, text, station=run.station, times=bad)

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


def _records_of(batch: Batch) -> Iterator[SeqOfRun]:
    for row in chain(batch.rows, batch.again):
        run = batch.runs[row.run]
        yield (run.kiosk, run.epoch), row.seq


def _settled(session: Session, answer: Settlement, at: str, key: str) -> bytes:
    """A `Settled` as the codec would spell it, at a tenth of the cost; a test holds them together."""
    epochs = ",".join(named.spelled(epoch) for epoch, named in answer.runs.items())
    more = f',"key":"{key}"' if key else ""
    return f'{{"v":1,"session":"{session}","n":{answer.n},"epochs":{{{epochs}}},"at":"{at}"{more}}}'.encode()
