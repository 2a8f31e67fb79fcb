"""Passkeys and the challenges that ask for them, as they are kept. All within the caller's transaction.

A challenge is bound to one browser's key, good once and for minutes; of a passkey only what proves it is here.
"""

import secrets
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, delete, func, insert, update
from sqlmodel import col, select

from hub.accounts.accounts import note_accounts_changed
from hub.accounts.ceremony import CHALLENGE_BYTES, TIMEOUT_MS, MadePasskey
from hub.accounts.limits import network_of
from hub.accounts.secrets import proof_of
from hub.database.account_tables import PasskeyChallenge, PasskeyRow, SessionRow
from hub.database.transactions import delete_some, upsert

MOST: Final = 10
"""Of one account."""
OUT_AT_ONCE: Final = 50
"""Challenges of one address that wait for an answer: an office's, and no more of one who only asks."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of an account."""

    id: str
    account: str
    name: str
    credential: str = field(repr=False)
    public_key: str = field(repr=False)
    uses: int
    made_ms: int
    used_ms: int | None


def read_passkeys(connection: Connection, account: str) -> list[Passkey]:
    """An account's, the oldest first."""
    rows = connection.execute(select(PasskeyRow).where(col(PasskeyRow.account) == account))
    found = [Passkey(r.id, r.account, r.name, r.credential, r.public_key, r.uses, r.made_ms, r.used_ms) for r in rows]
    return sorted(found, key=lambda one: (one.made_ms, one.id))


def count_passkeys(connection: Connection) -> dict[str, int]:
    """How many each account has that has any."""
    rows = connection.execute(select(col(PasskeyRow.account), func.count()).group_by(col(PasskeyRow.account)))
    return {account: number for account, number in rows}  # noqa: C416 -- rows, not pairs


def passkey_of(connection: Connection, credential: str) -> Passkey | None:
    """The passkey that calls itself so."""
    account = select(col(PasskeyRow.account)).where(col(PasskeyRow.id) == proof_of(credential))
    found = connection.execute(account).scalar_one_or_none()
    return next((one for one in read_passkeys(connection, found or "") if one.credential == credential), None)


def add_passkey(connection: Connection, account: str, name: str, made: MadePasskey, now_ms: int) -> bool:
    """Let an account have a passkey; False where it is somebody's already, or the account has enough."""
    has = count_passkeys(connection).get(account, 0)
    if has >= MOST or passkey_of(connection, made.credential) is not None:
        return False
    row = PasskeyRow(
        id=proof_of(made.credential), account=account, name=name, credential=made.credential,
        public_key=made.public_key, uses=made.uses, made_ms=now_ms,
    )  # fmt: skip
    connection.execute(insert(PasskeyRow).values(row.model_dump()))
    return True


def note_used(connection: Connection, passkey: Passkey, uses: int, now_ms: int) -> bool:
    """Note that a passkey was shown; False where it counted no further: there are two of it, one being a copy."""
    if max(uses, passkey.uses) > 0 and uses <= passkey.uses:
        return False
    where = col(PasskeyRow.id) == passkey.id
    connection.execute(update(PasskeyRow).where(where).values(uses=uses, used_ms=now_ms))
    return True


def remove_passkey(connection: Connection, account: str, id_: str, *, but: str = "") -> bool:
    """Take a passkey from an account; what was open by it ends, and all else but one session. False: there is none."""
    where = (col(PasskeyRow.id) == id_) & (col(PasskeyRow.account) == account)
    if not connection.execute(delete(PasskeyRow).where(where)).rowcount:
        return False
    others = (col(SessionRow.account) == account) & (col(SessionRow.proof) != but)
    connection.execute(delete(SessionRow).where(others))
    note_accounts_changed(connection)
    return True


def new_challenge(connection: Connection, bound: str, address: str, now_ms: int) -> str:
    """Return a challenge for a browser; the one before is good no more.

    Args:
        connection: in a transaction that holds the write lock.
        bound: the proof of the browser's key.
        address: from where it asks.
        now_ms: now.
    """
    line = proof_of(f"passkey {network_of(address)}")
    connection.execute(delete(PasskeyChallenge).where(col(PasskeyChallenge.until_ms) <= now_ms))
    out = select(col(PasskeyChallenge.bound)).where(col(PasskeyChallenge.line) == line)
    latest = out.order_by(col(PasskeyChallenge.until_ms).desc()).limit(OUT_AT_ONCE - 1)
    kept = list(connection.execute(latest).scalars())
    if len(kept) == OUT_AT_ONCE - 1:
        more = (col(PasskeyChallenge.line) == line) & col(PasskeyChallenge.bound).not_in(kept)
        connection.execute(delete(PasskeyChallenge).where(more))
    challenge = secrets.token_urlsafe(CHALLENGE_BYTES)
    row = {"bound": bound, "challenge": challenge, "line": line, "until_ms": now_ms + TIMEOUT_MS}
    upsert(connection, PasskeyChallenge, [row])
    return challenge


def use_challenge(connection: Connection, bound: str, now_ms: int) -> str:
    """Return a browser's challenge, which is good no more; empty where it has none that is."""
    row = connection.execute(select(PasskeyChallenge).where(col(PasskeyChallenge.bound) == bound)).one_or_none()
    used = connection.execute(delete(PasskeyChallenge).where(col(PasskeyChallenge.bound) == bound)).rowcount
    return row.challenge if row is not None and used and row.until_ms > now_ms else ""


def forget_challenges(connection: Connection, now_ms: int, most: int) -> int:
    """Forget at most so many challenges that are good no more; returns how many."""
    return delete_some(connection, PasskeyChallenge, col(PasskeyChallenge.until_ms) <= now_ms, most)
