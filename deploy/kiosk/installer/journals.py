"""Whether two versions may follow each other on one journal: what a trial leaves must be open to the one that is back.

A journal that an agent has brought to a form of its own is closed to the one before it, and that one records nothing
any more. So a form is taken up in two steps: a version that opens it, and later one that makes it
(`edge.journal_schema`); who would skip the first is refused here, before anything of it is at work. A step down
by hand leaves the form that it found, so the file itself is asked too; it is read, and never opened as a database: what
root made beside it would be closed to the agent.
"""

import os
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

_QUESTION: Final = "from edge import journal_schema as s; print(s.VERSION, getattr(s, 'OPENS', s.VERSION))"

_FORM_AT: Final = 60  # `user_version` in a database's first page: sqlite.org/fileformat2.html, 1.3
_WAL_HEADER: Final = 32  # the same, 4.1: page size at 8, salts at 16; of a frame, page at 0, salts at 8
_FRAME_HEADER: Final = 24
_MOST_FRAMES: Final = 100_000  # of a log that an agent tends: some thousand


class JournalForms(NamedTuple):
    """Which form of a journal a version makes, and the latest that it opens."""

    makes: int
    opens: int


def why_not_after(slot: Path, was: Path) -> str:
    """Why that version must not follow this one; empty where it may, or where its trial will tell."""
    new, old = forms_of(slot), forms_of(was)
    if new is None or old is None:
        return ""
    if new.makes > old.opens:
        return f"{was.name} could not go back to the journal of {slot.name}; a version between them comes first"
    if old.makes > new.opens:
        return f"{slot.name} cannot open the journal of {was.name}, and would record nothing"
    return ""


def why_not_on(journal: Path, slot: Path) -> str:
    """Why that version must not find this file; empty where it may, or where nothing is known of one of them."""
    forms, made = forms_of(slot), form_of(journal)
    if forms is None or made <= forms.opens:
        return ""
    return f"{slot.name} cannot open this kiosk's journal, which a later version made, and would record nothing"


def form_of(journal: Path) -> int:
    """Which form a journal has, also where that is in the log beside it alone; 0 where there is none."""
    made = 0
    with suppress(OSError):
        made = _number(_part(journal, _FORM_AT, 4))
    with suppress(OSError):
        made = max(made, _form_in_log(journal.with_name(f"{journal.name}-wal")))
    return made


def _form_in_log(log: Path) -> int:
    header, at, made = _part(log, 0, _WAL_HEADER), _WAL_HEADER, 0
    page = _number(header[8:12])
    for _ in range(_MOST_FRAMES):
        frame = _part(log, at, _FRAME_HEADER)
        if len(frame) < _FRAME_HEADER:
            break
        if _number(frame[:4]) == 1 and frame[8:16] == header[16:24]:  # others are of before the log began anew
            made = max(made, _number(_part(log, at + _FRAME_HEADER + _FORM_AT, 4)))
        at += _FRAME_HEADER + page
    return made


def _part(path: Path, at: int, most: int) -> bytes:
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # the agent's directory: no link, no pipe
    try:
        return os.pread(fd, most, at)
    finally:
        os.close(fd)


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def forms_of(slot: Path) -> JournalForms | None:
    """What a version says itself; None where it says nothing: a program that does not even begin."""
    question = (str(slot / "venv/bin/python3"), "-P", "-c", _QUESTION)
    try:
        said = subprocess.run(question, capture_output=True, text=True, check=True).stdout.split()
        return JournalForms(*map(int, said))
    except (OSError, subprocess.SubprocessError, ValueError, TypeError):
        return None
