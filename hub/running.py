"""The core and its threads: each of the hub's parts is given one, begun in order and ended in the other.

The link reads and writes the broker, the intake stores and settles, the owner folds and keeps the ledger, others keep
alarms, days and backups. They meet only at queues and at `feed`, which hands over to the event loop.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import Engine

from hub.accounts.reception import now_ms
from hub.alarms.keeper import LOOK_EVERY_S, Keeper
from hub.alarms.postman import Postman
from hub.backing_up import BackingUp
from hub.certificates.cabinet import Cabinet
from hub.clearing import Clearing
from hub.config import HubConfig
from hub.core import HubCore
from hub.database.checkpoints import Checkpoints
from hub.database.dialect import dialect_of
from hub.database.transactions import StoreTroubleError
from hub.findings import FindingKind
from hub.health import has_died
from hub.intake.gathering import SignsOfLife, Stored
from hub.intake.pump import Pump
from hub.ledger.owner import Owner
from hub.link.connection import HubLink
from hub.memory import SpareMemory, trim
from hub.presence.feed import Feed
from hub.register.directory import Directory
from hub.repeating import Repeating
from hub.site_key import KeyMark
from hub.updates.giving import Giving
from hub.web.kit.row_words import reason_line
from station.clock import Clock
from station.milliseconds import ms_of

log = logging.getLogger(__name__)

HANGS_AFTER_S: Final = 15.0  # a batch takes a tenth of a second; a locked database is told of after five
TROUBLES: Final = (FindingKind.DATABASE, FindingKind.BROKER, FindingKind.SECOND_HUB)
"""What keeps the hub from its work, and makes /healthz say so."""


class RunningHub:
    """The core and its threads."""

    def __init__(
        self, config: HubConfig, clock: Clock, engine: Engine, who_else: Callable[[], str | None] = lambda: None
    ) -> None:
        self._engine = engine
        self._who_else = who_else
        self._tidy_memory = SpareMemory(lambda: self.core.counts.records, trim)
        self.core = core = HubCore(
            engine, clock, config.city_zone, key=KeyMark(config.data_dir),
            hear=self._hear, hand_on=self._hand_on, learnt=self._learn,
            beside=self._look_beside, cabinet=Cabinet(config.data_dir),
        )  # fmt: skip
        self._giving = Giving(
            engine, clock, config.data_dir, lambda: core.directory, findings=core.findings, seconds=time.monotonic
        )
        if core.origin.is_put_back:
            log.warning("this database was put back from a backup; what kiosks still keep comes again by itself")
        for text in dialect_of(engine).weaknesses(engine):
            core.findings.report(FindingKind.DATABASE, "durability", text)
            log.error("%s", text)
        core.begin()
        self._feed = Feed(asyncio.get_running_loop(), clock, core.city)
        self._checkpoints = Checkpoints(engine)
        self._backing_up = BackingUp(
            config=config.backup, engine=engine, origin=core.origin, findings=core.findings, clock=clock,
            hold=core.claims.hold,
        )  # fmt: skip
        clearing = Clearing(engine, config.keep, now_ms, lambda: ms_of(clock.now()))
        self._owner = Owner(
            core.ledger, core.findings, self._feed.show, lambda: self._feed.call(core.city.recall_ledger)
        )
        self.pump = Pump(core.taking, core.findings, core.counts)
        self.link = HubLink(
            config=config.broker,
            birth=core.birth,
            take=self.pump.put,
            has_room=lambda: self.pump.has_room,
            greet=lambda: self._feed.call(core.city.telling.tell_all),
            findings=core.findings,
        )
        core.answer_by(self.link)
        self._postman = Postman(engine, clock, config.city_zone, core.findings)
        self._keeper = Keeper(
            engine, clock, is_linked=self.link.connected.is_set, wake=self._postman.wake,
            say=lambda row, now: reason_line(row, now, config.city_zone, str), attempt=self._postman.attempt,
        )  # fmt: skip
        self._repeating = (
            Repeating("hub alarms", self._keep_alarms, "alarms cannot be kept"),
            Repeating("hub coverage", core.coverage.round, "coverage cannot be kept"),
            Repeating("hub clearing", clearing.work, "what is kept too long cannot be taken away"),
        )
        self._started_s = time.monotonic()

    def start(self) -> None:
        """Begin all work."""
        self._feed.start()
        self._checkpoints.start()
        self._owner.start()
        self.pump.start()
        self.link.start()
        self._backing_up.start()
        self._postman.start()
        for one in self._repeating:
            one.start()

    def stop(self) -> None:
        """End all work, in an order that loses nothing that was settled."""
        for one in reversed(self._repeating):
            one.stop()
        with contextlib.suppress(StoreTroubleError):  # some seconds count less
            self._keeper.note_looked()
        self._backing_up.stop()
        self._postman.stop()
        self._feed.close()
        self.pump.stop()
        self._owner.stop()
        self.link.stop()
        self._checkpoints.stop()
        with contextlib.suppress(StoreTroubleError):
            self.core.housekeeping.write_findings()

    def troubles(self) -> list[str]:
        """Why the hub does not do its work."""
        parts = (
            self.pump, self.link, self._owner, self._checkpoints, self._backing_up, self._postman, *self._repeating,
        )  # fmt: skip
        threads = (part.thread for part in parts)
        ended = [
            f"the thread {thread.name!r} has ended; see the log, start the hub again"
            for thread in threads
            if has_died(thread)
        ]
        uncommitted_s = self.pump.uncommitted_s
        if uncommitted_s > HANGS_AFTER_S:
            ended.append(f"what came {uncommitted_s:.0f} s ago is not stored yet; does the disk hang?")
        found = self.core.findings.all()
        return ended + [finding.text for finding in found if finding.kind in TROUBLES and finding.ended_at is None]

    def figures(self) -> dict[str, float]:
        """Name and number of each metric."""
        counts = self.core.counts
        return {
            "journal_messages_total": counts.journals,
            "state_messages_total": counts.states,
            "records_stored_total": counts.records,
            "batches_total": counts.batches,
            "records_repeated_total": counts.repeated,
            "messages_unreadable_total": counts.unreadable,
            "messages_unknown_total": counts.unknown,
            "messages_unsettled_total": counts.unsettled,
            "messages_dropped_total": counts.dropped,
            "ledger_runs_behind": self._owner.behind,
            "oldest_uncommitted_seconds": self.pump.uncommitted_s,
            "broker_connected": float(self.link.connected.is_set()),
            "uptime_seconds": time.monotonic() - self._started_s,
        }

    def _keep_alarms(self) -> float:
        self._feed.call(lambda: self._keeper.look(self.core.city.board.view().rows))  # for the next round
        self._keeper.work()
        return LOOK_EVERY_S

    def _hear(self, heard: SignsOfLife) -> None:
        self._feed.hear(heard)

    def _look_beside(self) -> None:
        self._tidy_memory()
        self._giving.step()
        holder = self._who_else()
        if holder is None:
            self.core.findings.end(FindingKind.SECOND_HUB, "database")
            return
        text = f"{holder} has taken the database while its server was away from this hub; stop one of them"
        if self.core.findings.report(FindingKind.SECOND_HUB, "database", text):
            log.error("%s", text)

    def _hand_on(self, stored: list[Stored]) -> None:
        self._checkpoints.want()
        self._owner.take(stored)

    def _learn(self, directory: Directory) -> None:
        self._owner.learn(directory)
        self._feed.call(self.core.city.learn, directory)
