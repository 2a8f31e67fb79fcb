"""The running hub: the one place where its parts are put together, started in order and ended in the other.

`core` is the hub; here it gets threads and sockets, and nothing else. The link reads and writes the broker, the intake
stores and settles, the owner folds and keeps the ledger, the event loop shows, tells and serves pages, and one keeps
the database's log short. They meet only at queues and at `feed`.
"""

import asyncio
import contextlib
import gc
import logging
import time
from collections.abc import Callable
from functools import partial

from fastapi import FastAPI
from sqlalchemy import Engine

from hub.accounts.reception import Reception, now_ms
from hub.alarms.keeper import Keeper
from hub.alarms.postman import Postman
from hub.backing_up import BackingUp
from hub.certificates.cabinet import Cabinet
from hub.changing.numbers import Telephones
from hub.clearing import Clearing
from hub.config import HubConfig
from hub.core import HubCore
from hub.database.backup import newest_of
from hub.database.checkpoints import Checkpoints
from hub.database.dialect import dialect_of, place_of
from hub.database.engine import open_engine
from hub.database.origin import knows_anything
from hub.database.schema import prepare_schema
from hub.database.sole_hub import sole_hub
from hub.database.transactions import StoreTroubleError, reading
from hub.errors import HubError
from hub.findings import FindingKind
from hub.fleet.claim_codes import ClaimBook
from hub.health import has_died, health_routes
from hub.intake.gathering import SignsOfLife, Stored
from hub.intake.pump import Pump
from hub.intake.rows import ms_of
from hub.ledger.owner import Owner
from hub.link.connection import HubLink
from hub.memory import SpareMemory, trim
from hub.presence.feed import Feed
from hub.register.directory import Directory
from hub.saying import here, say
from hub.sealing import Safe
from hub.site_key import KeyMark, read_or_make_site_key, read_other_keys
from hub.updates.giving import Giving
from hub.updates.serving import update_routes
from hub.updates.shelf import UpdateShelf
from hub.verbs.user import address_of
from hub.version import hub_version
from hub.web.api.upkeep import upkeep_routes
from hub.web.desk.desk import Desk
from hub.web.http_server import Server, listen
from hub.web.kiosks.claim_api import claim_routes
from hub.web.kit.row_words import reason_line
from hub.web.live.broadcast import Broadcast
from hub.web.site import make_site
from station.clock import Clock

log = logging.getLogger(__name__)

OPEN = (
    "nobody has an account, so whoever sits at this machine sees the board, and nobody changes anything; "
    "`zaigang-hub user invite NAME --role city` makes the first one"
)
HANGS_AFTER_S = 15.0  # a batch takes a tenth of a second; a locked database is told of after five
TROUBLES = (FindingKind.DATABASE, FindingKind.BROKER, FindingKind.SECOND_HUB)
"""What keeps the hub from its work, and makes /healthz say so."""


async def serve(
    config: HubConfig, clock: Clock, stopping: asyncio.Event, ready: Callable[[str], None], *, is_new: bool = False
) -> None:
    """Run a hub until `stopping` is set.

    Args:
        config: its settings.
        clock: whose now it is.
        stopping: ends it.
        ready: told the pages' address once they are served.
        is_new: an empty database is meant to be one, though backups lie there.

    Raises:
        ConfigError: a setting cannot stand.
        HubError: it cannot run here: a port or the database is taken, or is none of ours.
    """
    zone = config.city_zone
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(contextlib.closing(listen(config.http)))
        engine = open_engine(config.database_url)
        stack.callback(engine.dispose)
        dialect_of(engine).make_place(engine.url)
        who_else = stack.enter_context(sole_hub(engine))
        prepare_schema(engine)
        _refuse_empty(engine, config, is_new=is_new)
        if config.broker.embedded:
            from hub.link.broker import embedded_broker  # noqa: PLC0415 -- 2 MB that a hub in service does not need

            stack.enter_context(embedded_broker(config.broker.port))
        hub = _Running(config, clock, engine, who_else)
        broadcast = Broadcast(hub.core.city.board)
        reception = Reception(engine, is_local=config.http.is_local)
        stack.callback(reception.close)
        desk = Desk(
            engine, clock, zone, partial(read_or_make_site_key, config.data_dir), Telephones(Safe(config.data_dir)),
            config.backup.kept_days, config.data_dir / "waiting-imports", ClaimBook(config, clock),
            is_served=True, other_keys=partial(read_other_keys, config.data_dir), access_days=config.keep.access_days,
        )  # fmt: skip
        server = Server(_web(hub, broadcast, config, reception, desk), config.http)
        gc.collect()
        gc.freeze()  # what is here now stays
        stack.callback(hub.stop)
        hub.start()
        serving = asyncio.create_task(server.serve(sockets=[listener]), name="http")
        ready(address_of(config.http))
        if reception.is_open:
            log.warning("%s", here(OPEN))
        with reading(engine) as connection:
            trouble = desk.telephones.trouble(connection)
        if trouble is not None:
            log.error("telephone numbers cannot be read, all else goes on: %s", trouble)
        await asyncio.wait(
            {serving, asyncio.create_task(stopping.wait(), name="until stopped")}, return_when=asyncio.FIRST_COMPLETED
        )
        server.should_exit = True
        broadcast.close()
        await serving


def _refuse_empty(engine: Engine, config: HubConfig, *, is_new: bool) -> None:
    """An empty hub beside backups has lost its database: it would back up nothing, and prune what is good."""
    if knows_anything(engine):
        return
    newest = newest_of(config.backup.directory) if config.backup.directory is not None else None
    if newest is None or is_new:
        log.warning("%s", here("nothing is entered yet: enter the city with `zaigang-hub import`, see docs/import.md"))
        return
    raise EmptyError(
        say(
            "the database {place} is empty, and a backup of it lies at {newest}: put that back "
            "(hub/README.md, Backups), or serve --new where an empty hub is meant",
            place=place_of(engine),
            newest=newest,
        )
    )


class EmptyError(HubError):
    """The database is empty where it should not be; the text says what to do."""


class _Running:
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
        self._clearing = Clearing(engine, config.keep, now_ms, lambda: ms_of(clock.now()))
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
            engine, clock, ask=lambda: self._feed.call(self._look), is_linked=self.link.connected.is_set,
            wake=self._postman.wake, say=lambda row, now: reason_line(row, now, config.city_zone, str),
            attempt=self._postman.attempt,
        )  # fmt: skip
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
        self._keeper.start()
        self.core.coverage.start()
        self._clearing.start()

    def stop(self) -> None:
        """End all work, in an order that loses nothing that was settled."""
        self._clearing.stop()
        self._backing_up.stop()
        self.core.coverage.stop()
        self._keeper.stop()
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
            self.pump, self.link, self._owner, self._checkpoints, self._backing_up, self._keeper, self._postman,
            self.core.coverage, self._clearing,
        )  # fmt: skip
        threads = (part.thread for part in parts)
        ended = [
            f"the thread {thread.name!r} has ended; see the log, start the hub again"
            for thread in threads
            if has_died(thread)
        ]
        if self.pump.busy_s > HANGS_AFTER_S:
            ended.append(f"a batch has not been stored for {self.pump.busy_s:.0f} s; does the disk hang?")
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
            "intake_busy_seconds": self.pump.busy_s,
            "broker_connected": float(self.link.connected.is_set()),
            "uptime_seconds": time.monotonic() - self._started_s,
        }

    def _look(self) -> None:
        self._keeper.look(self.core.city.board.view().rows)

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


def _web(hub: _Running, broadcast: Broadcast, config: HubConfig, reception: Reception, desk: Desk) -> FastAPI:
    def troubles() -> list[str]:
        return hub.troubles() + broadcast.troubles()

    core = hub.core
    more = [health_routes(hub.figures, troubles), upkeep_routes(core.city.board, core.findings, core.city.kiosks)]
    more.append(update_routes(UpdateShelf(config.data_dir)))
    if desk.claims is not None:
        more.append(claim_routes(desk.claims, desk.engine))
    return make_site(
        core.city.board, broadcast, desk.zone, core.findings, version=hub_version(), more=more, reception=reception,
        names=config.http.names, desk=desk, kiosks=core.city.kiosks, cabinet=Cabinet(config.data_dir), oidc=config.oidc,
    )  # fmt: skip
