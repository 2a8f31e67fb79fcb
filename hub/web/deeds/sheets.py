"""Deeds of 导入: files looked at, taken over, taken back."""

from typing import Any, Final

from hub.web.api.answers import Answer
from hub.web.deeds.deed import FormDeed, FormShown, maybe, text


class SheetCount(Answer):
    """What becomes of the lines of one kind of sheet."""

    sheet: str
    added: int
    changed: int
    unchanged: int


class LookedAnswer(Answer):
    """What files change, or changed."""

    look: str
    """By which they are confirmed, within a quarter of an hour; empty once they are."""
    counts: list[SheetCount]
    changes: list[str]
    """What would be changed, by name and old → new."""
    changes_more: int
    warnings: list[str]
    more: int
    """How many warnings are not told."""


class UndoneAnswer(Answer):
    """What went back."""

    rows: int
    left: list[str]
    """What stayed as it is, for somebody changed it since or something hangs on it."""


def _tell_looked(shown: FormShown) -> Answer:
    looked = shown["looked"]
    counts = [
        SheetCount(sheet=one.form, added=one.added, changed=one.changed, unchanged=one.unchanged)
        for one in looked.counts
    ]
    return LookedAnswer(
        look=looked.key,
        counts=counts,
        changes=list(looked.changes),
        changes_more=looked.changes_more,
        warnings=list(looked.warnings),
        more=looked.more,
    )


def _blame_files(shown: FormShown) -> dict[str, Any]:
    looked = shown.get("looked")
    return {"files": list(looked.faults)} if looked is not None and looked.faults else {}


def _tell_undone(shown: FormShown) -> Answer:
    undone = shown["undone"]
    return UndoneAnswer(rows=undone.rows, left=[f"{kind} {name}" for kind, name in undone.left])


OF_SHEETS: Final = (
    FormDeed(
        "/city/import", "Look at files: what they would change, and what is wrong in them.", answer=LookedAnswer,
        tells=_tell_looked, blames=_blame_files, has_files=True,
    ),
    FormDeed(
        "/city/import/confirm", "Take files over that were looked at.",
        {"look": text("the key of that look")}, answer=LookedAnswer, tells=_tell_looked, blames=_blame_files,
    ),
    FormDeed(
        "/city/import/{number}/undo", "Take an import back as a whole.",
        {"seen": maybe("the mark of what was shown of it")}, answer=UndoneAnswer, tells=_tell_undone,
    ),
)  # fmt: skip
