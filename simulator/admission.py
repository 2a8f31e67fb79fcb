"""How the demonstration comes in once its hub has accounts, and how a visitor gets one to try the desks with.

Without accounts the board is open to this machine, and nobody changes anything; with the first one it is shut to all
who have none. Then whoever compares the board signs in as an account of the demonstration's own.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlmodel import select

from hub.accounts import accounts, sessions
from hub.accounts.reception import now_ms
from hub.database.engine import opened_engine
from hub.database.tables import District
from hub.database.transactions import writing
from hub.rights import Grant, Reach, Role
from hub.web.gate.gate import COOKIE

WATCHER: Final = "demo"
VISITOR: Final = "visitor"


class Admission:
    """To one hub on SQLite; may be asked from any thread."""

    def __init__(self, database: Path) -> None:
        self._database, self._lock = database, threading.Lock()
        self._key = ""
        self.has_visitor = False
        """Whether somebody was let in who may change the city, from here or by `zaigang-hub user invite`."""

    def headers(self) -> dict[str, str]:
        """What goes with a request."""
        return {"Cookie": f"{COOKIE}={self._key}"} if self._key else {}

    def come_in(self) -> None:
        """The board was shut: from now on, as an account of its own."""
        with self._lock:
            self._key, self.has_visitor = self._within(_watch), True

    def invite(self) -> str:
        """Return the path of a link by which a visitor becomes the county office of every district."""
        with self._lock:
            self._key, self.has_visitor = self._key or self._within(_watch), True
            return f"invitations/{self._within(_invite)}"

    def _within(self, work: Callable[[Connection], str]) -> str:
        address = f"sqlite:///{self._database}"
        with opened_engine(address, busy_timeout_s=30.0) as engine, writing(engine) as connection:
            return work(connection)


def _watch(connection: Connection) -> str:
    now = now_ms()
    accounts.invite(connection, WATCHER, [Grant(Role.CITY)], by=WATCHER, now_ms=now)
    account = accounts.account_named(connection, WATCHER, now)
    assert account is not None
    return sessions.begin_session(connection, account.id, is_whole=True, browser="", address="", now_ms=now)


def _invite(connection: Connection) -> str:
    """The city office would need a second factor, which is too much for a look around."""
    codes = connection.execute(select(District.code)).scalars()
    grants = [Grant(Role.COUNTY, Reach(district=code)) for code in codes]
    return accounts.invite(connection, VISITOR, grants, by=WATCHER, now_ms=now_ms(), anew=True)
