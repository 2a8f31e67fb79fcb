"""Sessions, and doors without a person: screens' links and programs' keys. All within the caller's transaction."""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, insert, update
from sqlmodel import col, select

from hub.accounts.accounts import note_accounts_changed
from hub.accounts.secrets import new_random_key, proof_of
from hub.database.account_tables import DoorRow, SessionRow
from hub.database.transactions import delete_some
from hub.rights import Grant, Reach, Role

IDLE_MS: Final = 12 * 3_600_000
LONGEST_MS: Final = 7 * 24 * 3_600_000
HALF_WAY_MS: Final = 10 * 60_000
"""How long the second factor is waited for."""


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """One browser that somebody signed in with."""

    proof: str = field(repr=False)
    account: str
    made_ms: int
    seen_ms: int
    is_whole: bool
    browser: str
    address: str

    def is_good(self, now_ms: int) -> bool:
        """Whether it still lets in."""
        idle_ms, age_ms = now_ms - self.seen_ms, now_ms - self.made_ms
        return age_ms < HALF_WAY_MS if not self.is_whole else idle_ms < IDLE_MS and age_ms < LONGEST_MS


@dataclass(frozen=True, slots=True)
class Door:
    """A way in that is no person's."""

    proof: str = field(repr=False)
    name: str
    grant: Grant
    by: str
    made_ms: int
    until_ms: int | None

    def is_good(self, now_ms: int) -> bool:
        """Whether it still lets in."""
        return self.until_ms is None or now_ms < self.until_ms


def begin_session(
    connection: Connection, account: str, *, is_whole: bool, browser: str, address: str, now_ms: int
) -> str:
    """Return the key of a new session; those that are over are forgotten."""
    connection.execute(delete(SessionRow).where(_is_over(now_ms)))
    key = new_random_key()
    row = SessionRow(
        proof=proof_of(key), account=account, made_ms=now_ms, seen_ms=now_ms, is_whole=is_whole,
        browser=browser[:200], address=address[:64],
    )  # fmt: skip
    connection.execute(insert(SessionRow).values(row.model_dump()))
    note_accounts_changed(connection)
    return key


def end_session(connection: Connection, proof: str, account: str) -> bool:
    """End a session of an account's own; False where there is none any more."""
    where = (col(SessionRow.proof) == proof) & (col(SessionRow.account) == account)
    found = connection.execute(delete(SessionRow).where(where)).rowcount
    note_accounts_changed(connection)
    return bool(found)


def forget_sessions(connection: Connection, now_ms: int, most: int) -> int:
    """Forget at most so many sessions that let nobody in any more, with browser and address; returns how many."""
    return delete_some(connection, SessionRow, _is_over(now_ms), most)


def is_there(connection: Connection, proof: str) -> bool:
    """Whether a session was not ended, and is whole."""
    where = (col(SessionRow.proof) == proof) & col(SessionRow.is_whole)
    return connection.execute(select(col(SessionRow.proof)).where(where)).first() is not None


def note_seen(connection: Connection, proof: str, now_ms: int) -> None:
    """Note that a session was used; nobody may do otherwise for it."""
    connection.execute(update(SessionRow).where(col(SessionRow.proof) == proof).values(seen_ms=now_ms))


def read_sessions(connection: Connection) -> list[BrowserSession]:
    """All of them, the latest first."""
    rows = connection.execute(select(SessionRow).order_by(col(SessionRow.made_ms).desc()))
    return [BrowserSession(r.proof, r.account, r.made_ms, r.seen_ms, r.is_whole, r.browser, r.address) for r in rows]


def open_door(
    connection: Connection, name: str, grant: Grant, *, by: str, now_ms: int, until_ms: int | None = None
) -> str:
    """Return the key of a new link or key."""
    key = new_random_key()
    row = DoorRow(
        proof=proof_of(key), name=name, role=grant.role, by=by, made_ms=now_ms, until_ms=until_ms,
        district=grant.reach.district, kind=grant.reach.kind, station=grant.reach.station,
    )  # fmt: skip
    connection.execute(insert(DoorRow).values(row.model_dump()))
    note_accounts_changed(connection)
    return key


def shut_door(connection: Connection, proof: str, now_ms: int) -> None:
    """Let a link or key let nobody in any more."""
    connection.execute(update(DoorRow).where(col(DoorRow.proof) == proof).values(until_ms=now_ms))
    note_accounts_changed(connection)


def read_doors(connection: Connection) -> list[Door]:
    """All of them, the latest first."""
    rows = connection.execute(select(DoorRow).order_by(col(DoorRow.made_ms).desc()))
    return [
        Door(r.proof, r.name, Grant(Role(r.role), Reach(r.district, r.kind, r.station)), r.by, r.made_ms, r.until_ms)
        for r in rows
    ]


def forget_doors(connection: Connection, before_ms: int, most: int) -> int:
    """Forget at most so many links and keys that were shut, or ran out, before a moment; returns how many."""
    return delete_some(connection, DoorRow, col(DoorRow.until_ms) < before_ms, most)


def _is_over(now_ms: int) -> ColumnElement[bool]:
    is_left_half = col(SessionRow.is_whole).is_(False) & (col(SessionRow.made_ms) <= now_ms - HALF_WAY_MS)
    is_old = col(SessionRow.made_ms) <= now_ms - LONGEST_MS
    return is_old | (col(SessionRow.seen_ms) <= now_ms - IDLE_MS) | is_left_half
