"""A hub with accounts, over a database of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import httpx2
import pytest

from hub.accounts import accounts, sessions
from hub.accounts.reception import now_ms
from hub.database.transactions import writing
from hub.rights import Grant
from hub.web.gate.gate import COOKIE
from tests.hub.pages.board_source import FakeBoardSource, city
from tests.hub.pages.hub_under_test import HubUnderTest

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

T = TypeVar("T")
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without it each client reads all authorities of the world
CODES = {"北湖区": "D-1", "南山区": "D-2", "云溪县": "D-3"}


class GuardedHub(HubUnderTest):
    """Knows how to let somebody in without a password, and how they ask."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        rows = [replace(row, district_code=CODES[row.district]) for row in city()]
        super().__init__(FakeBoardSource(rows), engine=engine, folder=folder)
        self.engine, self.folder = engine, folder

    def invite(self, name: str, *grants: Grant) -> str:
        with writing(self.engine) as connection:
            return accounts.invite(connection, name, grants, by="root", now_ms=now_ms())

    def session(self, name: str, *grants: Grant) -> str:
        """The key of a session of somebody who has that."""
        self.invite(name, *grants)
        with writing(self.engine) as connection:
            account = accounts.account_named(connection, name, now_ms())
            assert account is not None
            key = sessions.begin_session(connection, account.id, is_whole=True, browser="", address="", now_ms=now_ms())
        assert self.reception is not None
        self.await_(self.reception.look(at_once=True))
        return key

    def await_(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the hub's event loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def ask(self, key: str = "") -> httpx2.Client:
        """A browser with that session, or none."""
        headers = {"Accept": "text/html", **({"Cookie": f"{COOKIE}={key}"} if key else {})}
        return httpx2.Client(base_url=self.address, trust_env=False, timeout=60, headers=headers, verify=NO_TLS)


@pytest.fixture
def guarded(engine: Engine, tmp_path: Path) -> Iterator[GuardedHub]:
    with GuardedHub(engine, tmp_path) as running:
        yield running
