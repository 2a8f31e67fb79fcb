"""Findings in the database, so that a hub that starts again still knows them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlmodel import col

from hub.database.journal_tables import FindingRow
from hub.database.transactions import reading, upsert, writing
from hub.findings import Finding, FindingKind
from station.milliseconds import moment_of, moment_or_none, ms_of
from station.names import StationCode


def read_findings(engine: Engine) -> list[Finding]:
    """All that is written down.

    Raises:
        StoreTroubleError: they cannot be read.
    """
    with reading(engine) as connection:
        return [_finding(row) for row in connection.execute(select(FindingRow))]


def write_findings(engine: Engine, findings: Iterable[Finding]) -> None:
    """Write these down as they are now.

    Raises:
        StoreTroubleError: none is written.
    """
    rows = [_columns(finding) for finding in findings]
    if rows:
        with writing(engine) as connection:
            upsert(connection, FindingRow, rows)


def forget_findings(engine: Engine, gone: Iterable[tuple[FindingKind, str]]) -> None:
    """Take these away.

    Raises:
        StoreTroubleError: none is; whoever starts again finds them old.
    """
    names = list(gone)
    if names:
        with writing(engine) as connection:
            for kind, subject in names:
                same = (col(FindingRow.kind) == kind.value, col(FindingRow.subject) == subject)
                connection.execute(delete(FindingRow).where(*same))


def _finding(row: Any) -> Finding:
    return Finding(
        kind=FindingKind(row.kind),
        subject=row.subject,
        text=row.text,
        station=StationCode(row.station),
        times=row.times,
        first_at=moment_of(row.first_ms),
        last_at=moment_of(row.last_ms),
        ended_at=moment_or_none(row.ended_ms),
    )


def _columns(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "subject": finding.subject,
        "station": finding.station,
        "text": finding.text,
        "times": finding.times,
        "first_ms": ms_of(finding.first_at),
        "last_ms": ms_of(finding.last_at),
        "ended_ms": None if finding.ended_at is None else ms_of(finding.ended_at),
    }
