"""Writes a kiosk's records into a file that somebody carries to the hub: those that are not settled, in its own hand.

The agent may be at work: a copy of its journal is read. What was settled is as the hub said it last; `everything` takes
that too, for a hub that was put back from an old backup. What the hub has already, it counts once.
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
from edge.identities import Identities
from edge.journal import KioskJournal
from edge.journal_schema import sync_directory, translated
from edge.packing import pack
from edge.settled_file import read_settled
from edge.signing import Signer
from station.carried import SUFFIX, write_carried
from station.names import Epoch, Seq, Session
from station.wire.messages import MAX_RECORDS, Journal


class Exported(NamedTuple):
    """What was written."""

    path: Path
    records: int


def export(config: EdgeConfig, folder: Path, *, everything: bool = False) -> Exported:
    """Write the file, whole or not at all.

    Raises:
        KeyFileError: this kiosk has no key to sign by.
        JournalError: the journal cannot be read.
        OSError: the file cannot be written there.
    """
    signer = Signer(Identities(config.broker, config.kiosk, config.data_dir).best())
    settled = {} if everything else read_settled(config.data_dir)
    with TemporaryDirectory(prefix="zaigang-export-") as scratch:
        copy = Path(scratch, JOURNAL)
        _copy(config.data_dir / JOURNAL, copy)
        with closing(KioskJournal(copy)) as journal, closing(Backlog(journal)) as backlog:
            wanted = [
                (epoch, Seq(kept.kept_from), max(kept.kept_from - 1, settled.get(epoch, 0)), kept.last)
                for epoch, kept in backlog.kept().items()
            ]
            count = sum(last - after for _, _, after, last in wanted if last > after)
            messages = list(_messages(backlog, wanted))
    content = write_carried(config.station, config.kiosk, messages, signer.certificate, signer.sign)
    path = folder / f"{config.kiosk}-{token_hex(4)}{SUFFIX}"
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    sync_directory(folder)
    return Exported(path, count)


def _messages(backlog: Backlog, wanted: list[tuple[Epoch, Seq, int, int]]) -> Iterator[bytes]:
    session, n = Session(token_hex(8)), 0
    for epoch, kept_from, start, _ in wanted:
        after = start
        while texts := backlog.texts(epoch, after, MAX_RECORDS):
            n, first = n + 1, Seq(after + 1)
            payload, after = pack(Journal(session, n, epoch, first, kept_from, ()), texts)
            yield payload


def _copy(path: Path, copy: Path) -> None:
    """A moment of the journal, whoever writes to it."""
    with (
        translated(),
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
