"""Who came in, what they did with accounts, and whom they looked at; written, read, never edited, gone after a time."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, insert
from sqlmodel import col, select

from hub.database.account_tables import AccessRow
from hub.database.transactions import delete_some


@dataclass(frozen=True, slots=True)
class Access:
    """One line."""

    at_ms: int
    by: str
    what: str
    subject: str
    address: str


def log_access(connection: Connection, by: str, what: str, subject: str, address: str, *, now_ms: int) -> None:
    """Write a line."""
    row = {"at_ms": now_ms, "by": by, "what": what, "subject": subject, "address": address[:64]}
    connection.execute(insert(AccessRow).values(row))


def read_access(connection: Connection, last: int, whats: Collection[str] = ()) -> list[Access]:
    """The latest lines, the latest first; of some kinds alone where those are said."""
    found = select(AccessRow).where(col(AccessRow.what).in_(whats)) if whats else select(AccessRow)
    rows = connection.execute(found.order_by(col(AccessRow.number).desc()).limit(last))
    return [Access(r.at_ms, r.by, r.what, r.subject, r.address) for r in rows]


def forget_access(connection: Connection, before_ms: int, most: int) -> int:
    """Forget at most so many lines from before a moment; returns how many."""
    return delete_some(connection, AccessRow, col(AccessRow.at_ms) < before_ms, most)
