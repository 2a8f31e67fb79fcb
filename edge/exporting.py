"""Writes a kiosk's records into a file that somebody carries to the hub: all that it keeps, whatever was settled.

The agent may be at work: a copy of its journal is read. What the hub has already, it counts once.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import NamedTuple

from edge.backlog import Backlog
from edge.config import EdgeConfig
from edge.data_dir import JOURNAL
from edge.journal import KioskJournal
from edge.journal_schema import sync_directory, translated
from edge.packing import pack
from station.carried import SUFFIX, write_carried
from station.names import Seq, Session
from station.wire.messages import MAX_RECORDS, Journal


class Exported(NamedTuple):
    """What was written."""

    path: Path
    records: int


def export(config: EdgeConfig, site_key: bytes, folder: Path) -> Exported:
    """Write the file, whole or not at all.

    Raises:
        JournalError: the journal cannot be read.
        OSError: the file cannot be written there.
    """
    with TemporaryDirectory(prefix="zaigang-export-") as scratch:
        copy = Path(scratch, JOURNAL)
        _copy(config.data_dir / JOURNAL, copy)
        with closing(KioskJournal(copy)) as journal, closing(Backlog(journal)) as backlog:
            count = sum(kept.last + 1 - kept.kept_from for kept in backlog.kept().values())
            content = write_carried(site_key, config.station, config.kiosk, list(_messages(backlog)))
    path = folder / f"{config.kiosk}-{token_hex(4)}{SUFFIX}"
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    sync_directory(folder)
    return Exported(path, count)


def _messages(backlog: Backlog) -> Iterator[bytes]:
    session, n = Session(token_hex(8)), 0
    for epoch, kept in backlog.kept().items():
        after = kept.kept_from - 1
        while texts := backlog.texts(epoch, after, MAX_RECORDS):
            n, first = n + 1, Seq(after + 1)
            payload, after = pack(Journal(session, n, epoch, first, Seq(kept.kept_from), ()), texts)
            yield payload


def _copy(path: Path, copy: Path) -> None:
    """A moment of the journal, whoever writes to it."""
    with (
        translated(),
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
