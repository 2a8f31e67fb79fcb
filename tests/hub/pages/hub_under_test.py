"""The pages of a fake board behind the hub's own server on a free loopback port, in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Any, Self

import uvloop

from hub.accounts.reception import Reception
from hub.certificates.cabinet import Cabinet
from hub.changing.numbers import Telephones
from hub.config import HttpConfig, HubConfig, OidcConfig
from hub.fleet.claim_codes import ClaimBook
from hub.sealing import Safe
from hub.web.api.upkeep import upkeep_routes
from hub.web.desk.desk import Desk
from hub.web.http_server import Server, listen
from hub.web.kiosks.claim_api import claim_routes
from hub.web.live.broadcast import Broadcast
from hub.web.site import make_site
from station.clock import Clock, boottime_s
from tests.hub.pages.board_source import MORNING, ZONE, FakeBoardSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from fastapi import FastAPI
    from sqlalchemy import Engine

    from hub.presence.liveness import KioskNow

START_WITHIN_S = 60


class _Server(Server):
    """Ends at once when told to, a fifth of a second sooner than uvicorn's: a thousand tests wait for it."""

    def __init__(self, app: FastAPI, config: HttpConfig) -> None:
        super().__init__(app, config)
        self.up = threading.Event()
        self.is_to_end = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.is_to_end.wait()

    async def shutdown(self, sockets: Any = None) -> None:
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for one in (*self.servers, *sockets):
            one.close()


class HubUnderTest:
    """`folder` is the data directory of a hub that has a database; `config` may name a certificate."""

    def __init__(
        self,
        source: FakeBoardSource,
        port: int = 0,
        *,
        engine: Engine | None = None,
        folder: Path | None = None,
        config: HttpConfig | None = None,
        began_at: datetime = MORNING,
    ) -> None:
        self.source = source
        self._config = config or HttpConfig(host="127.0.0.1", port=port)
        self.kiosks: list[KioskNow] = []
        assert (engine is None) == (folder is None)
        self._engine, self.folder, self._began_at = engine, folder, began_at
        self.oidc: OidcConfig | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, name="hub under test", daemon=True)
        self._ready = threading.Event()
        self._thread.start()
        assert self._ready.wait(START_WITHIN_S)
        assert self._server.up.wait(START_WITHIN_S)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self.broadcast.close)
        self._loop.call_soon_threadsafe(self._server.is_to_end.set)
        self._thread.join(START_WITHIN_S)
        assert not self._thread.is_alive()

    def call(self, function: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Call something on the hub's event loop and return its answer."""

        async def on_loop() -> Any:
            return function(*args, **more)

        return asyncio.run_coroutine_threadsafe(on_loop(), self._loop).result(START_WITHIN_S)

    def change(self, code: str, **changes: Any) -> None:
        self.call(self.source.change, code, **changes)

    def _run(self) -> None:
        self._loop = uvloop.new_event_loop()  # as in service
        self._loop.run_until_complete(self._serve())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())  # they may have the database open
        self._loop.close()

    async def _serve(self) -> None:
        self.broadcast = Broadcast(self.source)
        self.reception = Reception(self._engine, is_local=True) if self._engine is not None else None
        desk = self._desk(self._engine, self.folder) if self._engine and self.folder else None
        more = [claim_routes(desk.claims, desk.engine)] if desk is not None and desk.claims is not None else []
        more.append(upkeep_routes(self.source, self.source.findings, lambda: self.kiosks))
        self.cabinet = Cabinet(self.folder) if self.folder else None
        site = make_site(
            self.source, self.broadcast, ZONE, self.source.findings, reception=self.reception, desk=desk,
            kiosks=lambda: self.kiosks, more=more, cabinet=self.cabinet, oidc=self.oidc,
        )  # fmt: skip
        self._server = _Server(site, self._config)
        self._ready.set()
        with contextlib.closing(listen(self._config)) as listener:
            await self._server.serve(sockets=[listener])
        begun = asyncio.all_tasks() - {asyncio.current_task()}
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
        if self.reception is not None:
            self.reception.close()

    def _desk(self, engine: Engine, folder: Path) -> Desk:
        clock = Clock(began_at=self._began_at, anchor_s=boottime_s())
        claims = ClaimBook(HubConfig(data_dir=folder), clock)
        self.desk = Desk(engine, clock, ZONE, lambda: bytes(32), Telephones(Safe(folder)), 8, claims=claims)
        return self.desk
