"""Somebody who is in proves anew who they are, before what a stolen session must not be enough for. Both factors."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection

from hub.accounts import accounts, limits, sessions
from hub.accounts.access_log import log_access
from hub.accounts.accounts import Account
from hub.accounts.asker import Who
from hub.accounts.reception import Caller, NotIn, Reception
from hub.accounts.second_factor import step_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody typed: their password, and the code of their second factor, which is looked at if they have one."""

    password: str = field(repr=False)
    code: str = field(repr=False)


async def prove(
    reception: Reception, who: Who, proof: Proof, visitor: Caller, then: Callable[[Connection, Account], T]
) -> T | NotIn:
    """Do something for who proves anew who they are, in the transaction that finds it so.

    Args:
        reception: where they are in.
        who: signed in.
        proof: what they typed.
        visitor: from where.
        then: what is done.

    Raises:
        BusyError: too many sign in at once.
    """
    limited = f"password {who.account}"
    wait_s = await reception.begin_try(limited, visitor)
    if wait_s:
        return NotIn(wait_s)
    account = await reception.read(lambda connection: accounts.account_of(connection, who.account, reception.now()))
    if account is None or not await reception.passwords.fits(account.password, proof.password):
        return NotIn()
    known = account.password

    def look(connection: Connection) -> T | NotIn:
        """Look again: the session ends with a lost telephone, and the password may be another by now."""
        found = accounts.account_of(connection, who.account, reception.now())
        if found is None or found.password != known or not sessions.is_there(connection, who.proof):
            return NotIn()
        if found.second_key:
            step = step_of(found.second_key, proof.code, reception.now(), after=found.second_used)
            if step is None:
                log_access(connection, found.name, "code_failed", "", visitor.address, now_ms=reception.now())
                return NotIn()
            accounts.set_second_factor(connection, found.id, found.second_key, step)
        limits.forgive(connection, limited, visitor.address)
        return then(connection, found)

    return await reception.write(look)
