"""The running hub: the one place where its parts are put together, started in order and ended in the other.

Five threads work: the link reads and writes the broker, the intake stores and settles, the event loop keeps presence
and board and serves the pages, the keeper follows with the ledger, and one keeps the database's log short. They meet
only at a bounded queue and at `feed`.
"""

import asyncio
import contextlib
import gc
import logging
import secrets
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from sqlalchemy import Engine

from hub.backing_up import BackingUp
from hub.config import HubConfig
from hub.database.checkpoints import Checkpoints
from hub.database.dialect import dialect_of
from hub.database.engine import open_engine
from hub.database.origin import recall_origin
from hub.database.schema import prepare_schema
from hub.database.sole_hub import sole_hub
from hub.database.transactions import StoreTroubleError, snapshot
from hub.finding_log import read_findings
from hub.findings import OF_A_RUN, FindingKind, Findings
from hub.health import has_died, health_routes
from hub.housekeeping import Housekeeping
from hub.intake.backed import Backed
from hub.intake.claims import Claims
from hub.intake.gathering import Stored
from hub.intake.pump import Pump
from hub.intake.rows import ms_of
from hub.intake.settling import Intake
from hub.intake.sorting import Counts, Sorter
from hub.intake.store import Store
from hub.ledger.keeper import Keeper
from hub.ledger.ledger import Ledger
from hub.link.connection import Link
from hub.memory import SpareMemory, trim
from hub.presence.city import City
from hub.presence.feed import Feed
from hub.register.directory import Directory
from hub.register.reading import read_directory
from hub.web.http_server import Server, listen
from hub.web.live.broadcast import Broadcast
from hub.web.site import make_site
from station.clock import Clock
from station.names import Session, StationCode
from station.wire.messages import HubState

log = logging.getLogger(__name__)

TROUBLES = (FindingKind.DATABASE, FindingKind.BROKER, FindingKind.SECOND_HUB)
"""What keeps the hub from its work, and makes /healthz say so."""


async def serve(config: HubConfig, clock: Clock, stopping: asyncio.Event, ready: Callable[[str], None]) -> None:
    """Run a hub until `stopping` is set.

    Args:
        config: its settings.
        clock: whose now it is.
        stopping: ends it.
        ready: told the pages' address once they are served.

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
        stack.enter_context(sole_hub(engine))
        prepare_schema(engine)
        if config.broker.embedded:
            from hub.link.broker import embedded_broker  # noqa: PLC0415 -- 2 MB that a hub in service does not need

            stack.enter_context(embedded_broker(config.broker.port))
        with snapshot(engine) as connection:
            directory = read_directory(connection, zone)
        findings = Findings(clock, read_findings(engine))
        findings.end_all(OF_A_RUN)
        city = City(directory, zone, clock, findings)
        city.recall(engine)
        hub = _Running(config, clock, engine, findings, city)
        stack.callback(hub.stop)
        broadcast = Broadcast(city.board)
        server = Server(_web(hub, broadcast, zone))
        gc.collect()
        gc.freeze()  # what is here now stays
        hub.start()
        serving = asyncio.create_task(server.serve(sockets=[listener]), name="http")
        ready(f"http://{config.http.host}:{config.http.port}/")
        await asyncio.wait(
            {serving, asyncio.create_task(stopping.wait(), name="until stopped")}, return_when=asyncio.FIRST_COMPLETED
        )
        server.should_exit = True
        broadcast.close()
        await serving


class _Running:
    """The threads and what they share."""

    def __init__(self, config: HubConfig, clock: Clock, engine: Engine, findings: Findings, city: City) -> None:
        self.city = city
        self.findings = findings
        self.counts = Counts()
        self._engine = engine
        birth = HubState(True, Session(secrets.token_hex(8)), _version(), clock.now())  # noqa: FBT003 -- the message's order
        self._feed = Feed(
            loop=asyncio.get_running_loop(),
            clock=clock,
            presences=city.presences,
            liveness=city.liveness,
            board=city.board,
            telling=city.telling,
            begin_day=city.begin_day,
            attempt=city.attempt,
        )
        self._housekeeping = Housekeeping(engine, findings, city.directory, self._learn)
        origin = recall_origin(engine, ms_of(clock.now()))
        if origin.is_put_back:
            log.warning("this database was put back from a backup; what kiosks still keep comes again by itself")
        self._checkpoints = Checkpoints(engine)
        store = Store(engine)
        claims = Claims(store, origin.since_ms, Backed(findings))
        self._backing_up = BackingUp(
            config=config.backup, engine=engine, origin=origin, findings=findings, clock=clock, hold=claims.hold
        )  # fmt: skip
        self._tidy_memory = SpareMemory(lambda: self.counts.records, trim)
        self._keeper = Keeper(Ledger(engine, city.directory), findings)
        sorter = Sorter(findings, self.counts)
        sorter.know(city.directory.kiosks.values())
        self.pump = Pump(
            sorter=sorter,
            intake=Intake(sorter, store, findings, self.counts, clock, claims=claims),
            findings=findings,
            counts=self.counts,
            hear=self._feed.hear,
            hand_on=self._hand_on,
            keep_house=self._keep_house,
            birth=birth,
        )
        self.link = Link(
            config=config.broker,
            birth=birth,
            take=self.pump.put,
            has_room=lambda: self.pump.has_room,
            greet=lambda: self._feed.call(city.telling.tell_all),
            findings=findings,
        )
        self.pump.answer_by(self.link)
        city.telling.publish_by(self.link.publish)
        city.board.subscribe(lambda rows: city.telling.touch(StationCode(row.code) for row in rows))
        self._started_s = time.monotonic()

    def start(self) -> None:
        """Begin all work."""
        self._feed.start()
        self._checkpoints.start()
        self._keeper.start()
        self.pump.start()
        self.link.start()
        self._backing_up.start()

    def stop(self) -> None:
        """End all work, in an order that loses nothing that was settled."""
        self._backing_up.stop()
        self._feed.close()
        self.pump.stop()
        self._keeper.stop()
        self.link.stop()
        self._checkpoints.stop()
        with contextlib.suppress(StoreTroubleError):
            self._housekeeping.write_findings()

    def troubles(self) -> list[str]:
        """Why the hub does not do its work."""
        threads = (part.thread for part in (self.pump, self.link, self._keeper, self._checkpoints, self._backing_up))
        ended = [
            f"the thread {thread.name!r} has ended; see the log, start the hub again"
            for thread in threads
            if has_died(thread)
        ]
        found = self.findings.all()
        return ended + [finding.text for finding in found if finding.kind in TROUBLES and finding.ended_at is None]

    def figures(self) -> dict[str, float]:
        """Name and number of each metric."""
        counts = self.counts
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
            "records_behind": self._feed.behind,
            "ledger_runs_behind": self._keeper.behind,
            "broker_connected": float(self.link.connected.is_set()),
            "uptime_seconds": time.monotonic() - self._started_s,
        }

    def _hand_on(self, stored: list[Stored]) -> None:
        self._checkpoints.want()
        self._keeper.take(stored)
        self._feed.hand_on(stored)

    def _keep_house(self) -> None:
        self._housekeeping()
        self._tidy_memory()

    def _learn(self, directory: Directory) -> None:
        self.pump.know(directory.kiosks.values())
        self._keeper.learn(directory)
        self._feed.call(self.city.learn, directory)


def _web(hub: _Running, broadcast: Broadcast, zone: ZoneInfo) -> FastAPI:
    def troubles() -> list[str]:
        return hub.troubles() + broadcast.troubles()

    health = health_routes(hub.findings, hub.city.kiosks, hub.figures, troubles)
    return make_site(hub.city.board, broadcast, zone, hub.findings, version=_version(), more=[health])


def _version() -> str:
    try:
        return version("zaigang")
    except PackageNotFoundError:  # run from a tree that is not installed
        return "0"
