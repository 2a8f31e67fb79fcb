"""Passwords: argon2id, off the event loop, two at a time; and which ones are too weak.

A name that nobody has costs the same time as one with a wrong password.
"""

import asyncio
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from importlib.resources import files
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")

AT_ONCE: Final = 2  # 19 MiB and 22 ms each; the board's viewers need the rest of the machine
WAITING: Final = 40  # more than so many wait for seconds: they are told to come again
SHORTEST: Final = 10
LONGEST: Final = 128
_DIFFERENT: Final = 5
_AROUND: Final = string.digits + string.punctuation + string.whitespace
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's second choice
_NOBODYS: Final = "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2hpamtsbW5vcA$2p8PoRFaEUqrBXGa2+Ltc4cyeA3xKJMzdiYtKYzsMMo"
_COMMON: Final = (
    "password",
    "passw0rd",
    "qwerty",
    "12345678",
    "87654321",
    "abcdefg",
    "iloveyou",
    "admin",
    "zaigang",
    "welcome",
)


class BusyError(Exception):
    """Too many sign in at once; the same may be tried again in a moment."""


class Weakness(StrEnum):
    """Why a password would not do."""

    SHORT = "short"
    LONG = "long"
    OWN_NAME = "own_name"
    COMMON = "common"


def weakness_of(password: str, name: str) -> Weakness | None:
    """Why a password is too weak for that account; None where it will do."""
    low = password.casefold()
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    if name and name.casefold() in low:
        return Weakness.OWN_NAME
    if len(set(low)) < _DIFFERENT or any(common in low for common in _COMMON) or _is_common(low):
        return Weakness.COMMON
    return None


def _is_common(low: str) -> bool:
    """Whether it is one that many have, digits and signs around it or not. Read each time: seldom, and 40 KB."""
    bare = low.strip(_AROUND)
    with files("hub.accounts").joinpath("common_passwords.txt").open(encoding="utf-8") as lines:
        return any(line.rstrip("\n") in {low, bare} for line in lines)


class Passwords:
    """Makes hashes and checks them, in threads of its own."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        return await self._run(_HASHER.hash, password)

    async def fits(self, kept: str, password: str) -> bool:
        """Whether it is the one of which that is kept; with nothing kept never, after the same time.

        Raises:
            BusyError: too many ask at once.
        """
        return await self._run(_fits, kept or _NOBODYS, password) and bool(kept)

    def close(self) -> None:
        """End its threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[..., T], *given: str) -> T:
        if self._waiting >= WAITING:
            raise BusyError
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)
        finally:
            self._waiting -= 1


def _fits(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
