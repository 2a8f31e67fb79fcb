"""Coming in by the word of the city's identity service, for accounts that somebody bound to it before.

It stands for the password: a second factor is still asked for where the role wants one. No account is made here.
The service is waited for in threads of their own, of which there are few: it may be away, and the hub goes on.
"""

import asyncio
import base64
import hashlib
import hmac
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Final, TypeVar

from sqlalchemy import Connection

from hub.accounts import accounts, limits, passkeys, sessions
from hub.accounts.access_log import log_access
from hub.accounts.accounts import Account
from hub.accounts.asker import Who
from hub.accounts.issuer import Issuer, IssuerAwayError, IssuerError, SentAway
from hub.accounts.proving import Proof, prove
from hub.accounts.reception import Caller, In, NotIn, Reception
from hub.accounts.secrets import new_random_key, proof_of

log = logging.getLogger(__name__)
T = TypeVar("T")

THREADS: Final = 4
WAITING_AT_MOST: Final = 16  # beyond, a browser is told at once that the service does not answer


class Bound(StrEnum):
    """What came of binding an account."""

    BOUND = "bound"
    TAKEN = "taken"
    """They are another account's that is in use."""
    UNPROVEN = "unproven"
    """Nobody proved who they are here, or there."""


class Stranger(StrEnum):
    """Whom the service vouches for, and yet they are not in."""

    UNBOUND = "unbound"
    ENDED = "ended"


class IssuerDoor:
    """Belongs to one event loop."""

    def __init__(self, reception: Reception, issuer: Issuer) -> None:
        self._reception = reception
        self._issuer = issuer
        self._now = reception.now
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="identity service")
        self._waiting = 0

    async def ask(self, back: str, visitor: Caller) -> tuple[str, str]:
        """Return a key for a browser that wants in, and where it is to go.

        Raises:
            IssuerAwayError: the service does not answer.
        """
        key = new_random_key()
        nonce = await self._reception.write(
            lambda connection: passkeys.new_challenge(connection, _bound(key), visitor.address, self._now()),
            looks=False,
        )
        return key, await self._wait_for(lambda: self._issuer.address(_asking(back, key, nonce)))

    async def come(
        self, back: str, key: str, said: tuple[str, str, str], visitor: Caller, before: Who
    ) -> In | NotIn | Stranger:
        """Let somebody in who comes back from the service.

        Args:
            back: where they were told to come back to.
            key: of the browser that was sent there.
            said: the state, the code and the issuer (RFC 9207; empty where it was not said) that came with it.
            visitor: from where.
            before: as whom they were in until now: that session ends.

        Raises:
            IssuerAwayError: the service does not answer.
        """
        limited = _limited(key)
        wait_s = await self._reception.begin_try(limited, visitor)
        if wait_s:
            return NotIn(wait_s)
        subject = await self._vouched(back, key, _bound(key), said, visitor)

        def take(connection: Connection) -> In | NotIn | Stranger:
            account = accounts.account_with_subject(connection, subject, self._now())
            if account is None or account.ended_ms is not None:
                name = account.name if account else ""
                log_access(connection, name, "issuer_failed", "", visitor.address, now_ms=self._now())
                if not subject:
                    return NotIn()
                return Stranger.UNBOUND if account is None else Stranger.ENDED
            limits.forgive(connection, limited, visitor.address)
            if before.account:
                sessions.end_session(connection, before.proof, before.account)
            is_whole = not account.needs_second_factor
            return self._reception.begin(connection, account, visitor, is_whole=is_whole, by="signed_in_by_issuer")

        return await self._reception.write(take)

    async def begin_binding(self, who: Who, proof: Proof, visitor: Caller) -> str | NotIn:
        """Let somebody bind their own account within minutes, who proves anew who they are.

        Raises:
            BusyError: too many sign in at once.
        """

        def wish(connection: Connection, _: Account) -> str:
            return passkeys.new_challenge(connection, _wish(who), visitor.address, self._now())

        return await prove(self._reception, who, proof, visitor, wish)

    async def ask_to_bind(self, back: str, who: Who, visitor: Caller) -> tuple[str, str] | None:
        """Return a key for the browser of who began to bind, and where it is to go; None for who did not.

        Raises:
            IssuerAwayError: the service does not answer.
        """
        key = new_random_key()

        def begin(connection: Connection) -> str:
            if not passkeys.use_challenge(connection, _wish(who), self._now()):
                return ""
            return passkeys.new_challenge(connection, _binding(who, key), visitor.address, self._now())

        nonce = await self._reception.write(begin, looks=False)
        if not nonce:
            return None
        return key, await self._wait_for(lambda: self._issuer.address(_asking(back, key, nonce), anew=True))

    def is_binding(self, key: str, state: str) -> bool:
        """Whether a browser that comes back was sent with that key."""
        return bool(key) and hmac.compare_digest(state.encode(), _derived("state", key).encode())

    async def bind(self, back: str, key: str, said: tuple[str, str, str], visitor: Caller, who: Who) -> Bound:
        """Bind the account of who comes back from the service to whom it vouches for; other sessions of theirs end.

        Args as `come` has them.

        Raises:
            IssuerAwayError: the service does not answer.
        """
        limited = _limited(key)
        if await self._reception.begin_try(limited, visitor):
            return Bound.UNPROVEN
        subject = await self._vouched(back, key, _binding(who, key), said, visitor)

        def take(connection: Connection) -> Bound:
            limits.forgive(connection, limited, visitor.address)
            if not subject or not sessions.is_there(connection, who.proof):
                log_access(connection, who.name, "issuer_failed", "", visitor.address, now_ms=self._now())
                return Bound.UNPROVEN
            if not accounts.bind_subject(connection, who.account, subject, but=who.proof):
                return Bound.TAKEN
            log_access(connection, who.name, "bound", who.name, visitor.address, now_ms=self._now())
            return Bound.BOUND

        return await self._reception.write(take)

    async def unbind(self, who: Who, proof: Proof, visitor: Caller) -> bool | NotIn:
        """Let somebody in by the service no more, who proves anew who they are; other sessions of theirs end.

        Raises:
            BusyError: too many sign in at once.
        """

        def take(connection: Connection, account: Account) -> bool:
            log_access(connection, who.name, "unbound", who.name, visitor.address, now_ms=self._now())
            return accounts.bind_subject(connection, account.id, "", but=who.proof)

        return await prove(self._reception, who, proof, visitor, take)

    async def _vouched(self, back: str, key: str, bound: str, said: tuple[str, str, str], visitor: Caller) -> str:
        """What is kept of whom the service vouches for to that browser; empty for nobody."""
        nonce = await self._reception.write(
            lambda connection: passkeys.use_challenge(connection, bound, self._now()), looks=False
        )
        try:
            return await self._subject(_asking(back, key, nonce), said)
        except IssuerAwayError:  # it is nobody's guess
            await self._reception.write(lambda one: limits.forgive(one, _limited(key), visitor.address), looks=False)
            raise

    async def _subject(self, asking: SentAway, said: tuple[str, str, str]) -> str:
        """What is kept of whom the service vouches for; empty for nobody."""
        state, code, said_by = said
        if not asking.nonce or not code or not hmac.compare_digest(state.encode(), asking.state.encode()):
            return ""
        now_s = self._now() // 1000
        try:
            found = await self._wait_for(lambda: self._issuer.subject(asking, code, said_by, now_s))
        except IssuerAwayError:
            raise
        except IssuerError as exc:
            log.info("an identity was refused: %s", exc)
            return ""
        return accounts.subject_of(self._issuer.name, found)

    async def _wait_for(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING_AT_MOST:
            raise IssuerAwayError(f"{self._waiting} browsers wait for it already")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except IssuerAwayError as exc:
            log.warning("the identity service could not be asked: %s", exc)
            raise
        finally:
            self._waiting -= 1


def _asking(back: str, key: str, nonce: str) -> SentAway:
    """State and verifier follow from the browser's key, which nobody else has; the nonce is the hub's, good once."""
    return SentAway(back, _derived("state", key), nonce, _derived("verifier", key))


def _derived(what: str, key: str) -> str:
    digest = hashlib.sha256(f"issuer {what} {key}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _bound(key: str) -> str:
    return proof_of(f"issuer {key}")


def _limited(key: str) -> str:
    return f"issuer {_bound(key)}"


def _wish(who: Who) -> str:
    return proof_of(f"issuer wish {who.proof}")


def _binding(who: Who, key: str) -> str:
    """Of one browser's key and one session: nobody binds another's account by a code of theirs."""
    return proof_of(f"issuer binding {who.proof} {key}")
