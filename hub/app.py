"""A hub that serves: its database, for itself alone, its parts at work, its pages at a socket; and the end of them all.

`core` is the hub, `running` gives it threads.
"""

import asyncio
import contextlib
import gc
import logging
from collections.abc import Callable
from functools import partial

from fastapi import FastAPI
from sqlalchemy import Engine

from hub.accounts.reception import Reception
from hub.certificates.cabinet import Cabinet
from hub.changing.numbers import Telephones
from hub.config import HubConfig
from hub.database.backup import newest_of
from hub.database.dialect import dialect_of, place_of
from hub.database.engine import open_engine
from hub.database.origin import knows_anything
from hub.database.schema import prepare_schema
from hub.database.sole_hub import sole_hub
from hub.database.transactions import reading
from hub.errors import HubError
from hub.fleet.claim_codes import ClaimBook
from hub.health import health_routes
from hub.running import RunningHub
from hub.saying import here, say
from hub.sealing import Safe
from hub.site_key import read_or_make_site_key, read_other_keys
from hub.updates.serving import update_routes
from hub.updates.shelf import UpdateShelf
from hub.version import hub_version
from hub.web.api.upkeep import upkeep_routes
from hub.web.desk.desk import Desk
from hub.web.http_server import Server, listen
from hub.web.kiosks.claim_api import claim_routes
from hub.web.live.broadcast import Broadcast
from hub.web.site import make_site
from station.clock import Clock

log = logging.getLogger(__name__)

OPEN = (
    "nobody has an account, so whoever sits at this machine sees the board, and nobody changes anything; "
    "`zaigang-hub user invite NAME --role city` makes the first one"
)


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
        hub = RunningHub(config, clock, engine, who_else)
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
        ready(config.http.address)
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


def _web(hub: RunningHub, broadcast: Broadcast, config: HubConfig, reception: Reception, desk: Desk) -> FastAPI:
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
