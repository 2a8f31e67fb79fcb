"""Who came in, what they did with accounts, and whom they looked at; written, read, never edited."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert
from sqlmodel import col, select

from hub.database.account_tables import AccessRow


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


def read_access(connection: Connection, last: int) -> list[Access]:
    """The latest lines, the latest first."""
    rows = connection.execute(select(AccessRow).order_by(col(AccessRow.number).desc()).limit(last))
    return [Access(r.at_ms, r.by, r.what, r.subject, r.address) for r in rows]
