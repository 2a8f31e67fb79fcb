"""10,000 guesses at one name from 100 addresses, in twenty minutes of the clock: who waits, and what it costs the hub."""

import asyncio
import time
from pathlib import Path

from sqlalchemy import func, select

from hub.accounts import accounts, limits
from hub.accounts.reception import Caller, In, NotIn, Reception
from hub.database.account_tables import TryRow
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from hub.database.transactions import reading, table_of, writing
from hub.rights import Grant, Reach, Role
from tests.bench.figure import Figure
from tests.bench.served import resident_mb

GUESSES, ADDRESSES, EVERY_MS = 10_000, 100, 120
START_MS = 1_772_000_000_000
PASSWORD = "four unrelated words"
HOME = Caller("192.0.2.7", "Firefox/130")


class _Attack:
    """One reception whose clock goes by the guesses."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(f"sqlite:///{folder / 'guesses.db'}")
        prepare_schema(self.engine)
        self.now = START_MS

    async def run(self) -> list[Figure]:
        """Let the owner in from home once, guess at their name from elsewhere, and let them in again."""
        reception = Reception(self.engine, is_local=False, now=lambda: self.now)
        try:
            await self._enter(reception)
            before_mb, began_s, hashed = resident_mb(_own_pid()), time.perf_counter(), 0
            for n in range(GUESSES):
                self.now += EVERY_MS
                answer = await reception.sign_in("li", f"guess {n}", Caller(f"198.51.100.{n % ADDRESSES}", ""))
                assert isinstance(answer, NotIn)
                hashed += not answer.wait_s
            lasted_s, grown_mb = time.perf_counter() - began_s, resident_mb(_own_pid()) - before_mb
            with reading(self.engine) as connection:
                abroad_s = limits.waiting_s(connection, "li", "203.0.113.9", self.now)
                home_s = limits.waiting_s(connection, "li", HOME.address, self.now)
                rows = connection.execute(select(func.count()).select_from(table_of(TryRow))).scalar_one()
            assert home_s == 0, "the owner waits at home"
            assert isinstance(await reception.sign_in("li", PASSWORD, HOME), In)
        finally:
            reception.close()
            self.engine.dispose()
        name = f"{GUESSES:,} guesses from {ADDRESSES} addresses"
        return [
            Figure(f"{name}: looked at", hashed, 60, "tries", 1, at_most=True),
            Figure(f"{name}: each", lasted_s * 1000 / GUESSES, 22, "ms", 1, at_most=True),
            Figure(f"{name}: memory", max(0.0, grown_mb), 38, "MB", 1, at_most=True),
            Figure(f"{name}: kept of them", rows, ADDRESSES + 2, "rows", 1, at_most=True),
            Figure(f"{name}: the owner elsewhere waits", abroad_s, 60, "s", 1, at_most=True),
        ]

    async def _enter(self, reception: Reception) -> None:
        with writing(self.engine) as connection:
            lead = Grant(Role.LEAD, Reach(station="S-01"))
            key = accounts.invite(connection, "li", [lead], by="root", now_ms=self.now)
            found = accounts.invitation_of(connection, key, self.now)
        assert found is not None
        assert await reception.accept(found, PASSWORD, HOME) is not None


def measure(folder: Path) -> list[Figure]:
    """The figures; a hash takes 22 ms and 19 MB, and there are two at a time."""
    return asyncio.run(_Attack(folder).run())


def _own_pid() -> int:
    return int(Path("/proc/self").readlink().name)
