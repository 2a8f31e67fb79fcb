"""The one place where somebody comes in: passwords, second factors, sessions, limits.

It answers with values; pages say them. Nothing of it holds the event loop: what it writes, it writes in
threads, each in one transaction.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine

from hub.accounts import accounts, limits, sessions
from hub.accounts.access_log import log_access
from hub.accounts.accounts import Account, Invitation
from hub.accounts.asker import NEARBY, NOBODY, Who
from hub.accounts.passwords import Passwords
from hub.accounts.roster import AccountRoster, read_roster
from hub.accounts.second_factor import is_sound_key, step_of
from hub.database.transactions import StoreTroubleError, changing, reading
from hub.rights import Role

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOK_EVERY_S: Final = 1.0
SEEN_EVERY_MS: Final = 60_000  # idleness is of hours: a write a minute tells it well enough


@dataclass(frozen=True, slots=True)
class In:
    """They are in, by a session with that key; half where the second factor is still to come."""

    key: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class NotIn:
    """They are not in. `wait_s`: how long the next try is not even looked at; 0 for what was typed is not right."""

    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody comes."""

    address: str
    browser: str


def now_ms() -> int:
    """The machine's own time, which codes and sessions go by: a demonstration's runs sixty times as fast."""
    return time.time_ns() // 1_000_000


class Reception:
    """Belongs to one event loop.

    Args:
        engine: the database.
        is_local: only this machine reaches the hub, so it may be open until there is an account.
        now: milliseconds since 1970.
    """

    def __init__(self, engine: Engine, *, is_local: bool, now: Callable[[], int] = now_ms) -> None:
        self._engine = engine
        self._is_local = is_local
        self.now = now
        self.passwords = Passwords()
        self._looked_s = 0.0
        self._is_blind = False
        self._looking = asyncio.Lock()
        self._trying = asyncio.Lock()
        with reading(engine) as connection:
            self.roster = read_roster(connection, AccountRoster(), now())

    @property
    def is_open(self) -> bool:
        """Whether whoever sits at this machine is let in as they are."""
        return self._is_local and not self.roster.has_accounts

    def close(self) -> None:
        """End its threads."""
        self.passwords.close()

    async def look(self, *, at_once: bool = False) -> None:
        """See who may come in now, where that was seen longer than a moment ago."""
        async with self._looking:
            if not at_once and time.monotonic() - self._looked_s < LOOK_EVERY_S:
                return
            try:
                self.roster = await asyncio.to_thread(self._read)
                self._is_blind = False
            except StoreTroubleError as exc:
                if not self._is_blind:
                    log.warning("who may come in could not be read, and is as before until it can: %s", exc)
                self._is_blind = True
            self._looked_s = time.monotonic()

    def who(self, key: str) -> Who:
        """Whose session has that key, and what they may."""
        session = self.roster.session_of(key, self.now()) if key else None
        who = self.roster.who(session)
        return NEARBY if who is NOBODY and self.is_open else who

    def is_still(self, who: Who) -> bool:
        """Whether somebody who was let in would be let in alike now."""
        if who.account:
            session = self.roster.sessions.get(who.proof)
            return session is not None and session.is_good(self.now()) and self.roster.who(session) == who
        if who.proof:
            door = self.roster.doors.get(who.proof)
            return door is not None and door.is_good(self.now())
        return who is NOBODY or self.is_open

    def behind(self, key: str, role: Role) -> Who:
        """What a link's or a program's key opens."""
        return self.roster.behind(key, role, self.now())

    async def note_seen(self, who: Who) -> None:
        """Note that a session is in use."""
        session, now = self.roster.sessions.get(who.proof), self.now()
        if session is None or now - session.seen_ms < SEEN_EVERY_MS:
            return
        self.roster.sessions[who.proof] = replace(session, seen_ms=now)
        try:
            await self.write(lambda connection: sessions.note_seen(connection, who.proof, now), looks=False)
        except StoreTroubleError:  # it is noted with the next request
            log.debug("a session's use could not be noted", exc_info=True)

    async def sign_in(self, name: str, password: str, visitor: Caller) -> In | NotIn:
        """Let somebody in by name and password.

        Raises:
            BusyError: too many sign in at once.
            StoreTroubleError: the database is away.
        """
        tidied = accounts.tidy_name(name)
        wait_s = await self.begin_try(tidied, visitor)
        if wait_s:
            return NotIn(wait_s)
        account = await self.read(lambda connection: accounts.account_named(connection, tidied, self.now()))
        if not await self.passwords.fits(account.password if account else "", password) or account is None:
            await self.note(account.name if account else "", "sign_in_failed", "", visitor)
            return NotIn()
        proven = account

        def take(connection: Connection) -> In | NotIn:
            """Look again: looking at a password takes long enough for it to be changed, as by who fears a thief."""
            found = accounts.account_of(connection, proven.id, self.now())
            if found is None or found.password != proven.password:
                return NotIn()
            limits.forgive(connection, tidied, visitor.address)
            return self.begin(connection, found, visitor, is_whole=not found.needs_second_factor)

        return await self.write(take)

    async def second_factor(self, who: Who, code: str, visitor: Caller, enrolled: str = "") -> In | NotIn:
        """Let somebody in wholly, by the code of their second factor.

        Args:
            who: half in.
            code: as it was typed.
            visitor: from where.
            enrolled: the key of a second factor that is to be theirs from now on; empty where they have one.
        """
        limited = f"code {who.account}"
        wait_s = await self.begin_try(limited, visitor)
        if wait_s:
            return NotIn(wait_s)

        def take(connection: Connection) -> In | NotIn:
            """Look and note in one transaction: two who send one code at once are not both let in by it."""
            account = accounts.account_of(connection, who.account, self.now())
            if account is None or (enrolled and (account.second_key or not is_sound_key(enrolled))):
                return NotIn()
            key = account.second_key or enrolled
            step = step_of(key, code, self.now(), after=account.second_used)
            if step is None:
                log_access(connection, account.name, "code_failed", "", visitor.address, now_ms=self.now())
                return NotIn()
            if not sessions.end_session(connection, who.proof, who.account):
                return NotIn()  # it was ended meanwhile, as of a lost telephone
            limits.forgive(connection, limited, visitor.address)
            accounts.set_second_factor(connection, account.id, key, step)
            return self.begin(connection, account, visitor, is_whole=True)

        return await self.write(take)

    async def accept(self, invitation: Invitation, password: str, visitor: Caller) -> In | None:
        """Let somebody choose a password by an invitation, and let them in; None where it was just used by another.

        Raises:
            BusyError: too many sign in at once.
        """
        hashed = await self.passwords.hash(password)

        def take(connection: Connection) -> In | None:
            if not accounts.accept(connection, invitation, hashed, self.now()):
                return None
            account = accounts.account_of(connection, invitation.account.id, self.now())
            if account is None:
                return None
            log_access(connection, account.name, "accepted", "", visitor.address, now_ms=self.now())
            return self.begin(connection, account, visitor, is_whole=not account.needs_second_factor)

        return await self.write(take)

    async def change_password(self, who: Who, old: str, new: str, visitor: Caller) -> In | NotIn:
        """Let somebody have another password; their other sessions end."""
        limited = f"password {who.account}"
        wait_s = await self.begin_try(limited, visitor)
        if wait_s:
            return NotIn(wait_s)
        account = await self.read(lambda connection: accounts.account_of(connection, who.account, self.now()))
        if account is None or not await self.passwords.fits(account.password, old):
            return NotIn()
        hashed, proven = await self.passwords.hash(new), account

        def change(connection: Connection) -> In | NotIn:
            found = accounts.account_of(connection, proven.id, self.now())
            if found is None or found.password != proven.password or not sessions.is_there(connection, who.proof):
                return NotIn()  # it was changed, or the session ended, meanwhile
            limits.forgive(connection, limited, visitor.address)
            accounts.set_password(connection, found.id, hashed)
            log_access(connection, found.name, "password_changed", "", visitor.address, now_ms=self.now())
            return self.begin(connection, found, visitor, is_whole=True)

        return await self.write(change)

    async def sign_out(self, proof: str, account: str) -> None:
        """End a session of an account's own."""
        await self.write(lambda connection: sessions.end_session(connection, proof, account))

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Read something, in a thread."""

        def run() -> T:
            with reading(self._engine) as connection:
                return work(connection)

        return await asyncio.to_thread(run)

    async def write(self, work: Callable[[Connection], T], *, looks: bool = True) -> T:
        """Write something in one transaction, in a thread; who may come in is seen anew, unless it cannot matter."""

        def run() -> T:
            with changing(self._engine) as connection:
                return work(connection)

        answer = await asyncio.to_thread(run)
        if looks:
            await self.look(at_once=True)
        return answer

    def begin(
        self, connection: Connection, account: Account, visitor: Caller, *, is_whole: bool, by: str = "signed_in"
    ) -> In:
        """Let somebody in by a new key, always: one from before this moment is worth nothing more.

        In the transaction that found the account to be as it is: what ends it or takes from it ends this session too.
        """
        if is_whole:
            names = (account.name, f"code {account.id}")
            limits.note_known(connection, names, visitor.address, self.now())
            log_access(connection, account.name, by, "", visitor.address, now_ms=self.now())
        key = sessions.begin_session(
            connection, account.id, is_whole=is_whole, browser=visitor.browser, address=visitor.address,
            now_ms=self.now(),
        )  # fmt: skip
        return In(key, is_whole)

    async def begin_try(self, name: str, visitor: Caller) -> float:
        """Count a try as failed before it is looked at, one after the other: a thousand at once are not one."""

        def begin(connection: Connection) -> float:
            wait_s = limits.waiting_s(connection, name, visitor.address, self.now())
            if not wait_s:
                limits.count_failure(connection, name, visitor.address, self.now())
            return wait_s

        async with self._trying:
            return await self.write(begin, looks=False)

    async def note(self, by: str, what: str, subject: str, visitor: Caller) -> None:
        """Note in the log of access what somebody did."""
        await self.write(
            lambda connection: log_access(connection, by, what, subject, visitor.address, now_ms=self.now()),
            looks=False,
        )

    def _read(self) -> AccountRoster:
        with reading(self._engine) as connection:
            return read_roster(connection, self.roster, self.now())
