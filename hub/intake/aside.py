"""What is kept aside, since it can be no record: counted where it comes again, and the oldest gone first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlmodel import col

from hub.database.journal_tables import Quarantine
from hub.findings import FindingKind

MOST_ASIDE: Final = 1000


@dataclass(frozen=True, slots=True)
class Aside:
    """What is kept aside, since it can be no record."""

    why: FindingKind
    topic: str
    reason: str
    found: str
    digest: str
    session: str = ""
    n: int | None = None
    seq: int | None = None


def put_aside(connection: Connection, aside: Iterable[Aside], at_ms: int) -> None:
    """Write these down, as part of the connection's transaction."""
    for one in sorted(aside, key=lambda one: one.digest):  # in one order, or two intakes might wait for each other
        again = update(Quarantine).where(col(Quarantine.digest) == one.digest)
        told = {"last_ms": at_ms, "session": one.session, "n": one.n}
        if not connection.execute(again.values(times=col(Quarantine.times) + 1, **told)).rowcount:
            row = Quarantine(
                why=one.why.value, topic=one.topic, session=one.session, n=one.n, seq=one.seq, reason=one.reason,
                found=one.found, digest=one.digest, first_ms=at_ms, last_ms=at_ms,
            )  # fmt: skip
            connection.execute(insert(Quarantine), row.model_dump(exclude={"id"}))
    newest = connection.execute(select(func.max(Quarantine.id))).scalar() or 0
    connection.execute(delete(Quarantine).where(col(Quarantine.id) <= newest - MOST_ASIDE))
