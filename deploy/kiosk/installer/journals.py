"""Whether two versions may follow each other on one journal: what a trial leaves must be open to the one that is back.

A journal that an agent has brought to a form of its own is closed to the one before it, and that one records nothing
any more. So a form is taken up in two steps: a version that opens it, and later one that makes it
(`edge.journal_schema`); who would skip the first is refused here, before anything of it is at work.
"""

import subprocess
from pathlib import Path
from typing import Final, NamedTuple

_QUESTION: Final = "from edge import journal_schema as s; print(s.VERSION, getattr(s, 'OPENS', s.VERSION))"


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


def forms_of(slot: Path) -> JournalForms | None:
    """What a version says itself; None where it says nothing: a program that does not even begin."""
    question = (str(slot / "venv/bin/python3"), "-P", "-c", _QUESTION)
    try:
        said = subprocess.run(question, capture_output=True, text=True, check=True).stdout.split()
        return JournalForms(*map(int, said))
    except (OSError, subprocess.SubprocessError, ValueError, TypeError):
        return None
