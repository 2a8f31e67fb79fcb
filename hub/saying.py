"""Sentences that can be told in another language than the one they were written in.

What stands in somebody's way is said in English where it is found, and told in the language of who reads it:
`hub.chinese` has each sentence's other form. A sentence with facts in it is made by `say`, which keeps them apart; one
without is plain text.
"""

from collections.abc import Mapping
from string import Formatter
from typing import Any

from hub.chinese import SENTENCES


class Said(str):
    """A sentence in English that knows its facts."""

    __slots__ = ("facts", "template")
    template: str
    facts: Mapping[str, Any]


def say(template: str, /, **facts: Any) -> Said:
    """The sentence with its facts; one of them may be a sentence, or several of them, itself."""
    said = Said(Formatter().vformat(template, (), {name: _listed(fact, ", ") for name, fact in facts.items()}))
    said.template, said.facts = template, facts
    return said


def as_said(text: str) -> Said:
    """A sentence that may be plain text as one that is not."""
    return text if isinstance(text, Said) else say(text.replace("{", "{{").replace("}", "}}"))


def tell(text: str, *, is_chinese: bool) -> str:
    """In English, or in Chinese as far as it has been translated."""
    if not is_chinese:
        return str(text)
    if not isinstance(text, Said):
        return SENTENCES.get(text, text)
    facts = {name: _listed(_told(fact), "，") for name, fact in text.facts.items()}
    return SENTENCES.get(text.template, text.template).format(**facts)


def of_system(exc: OSError) -> Said:
    """What the system answered, with the file that was asked for, in words for a person."""
    why = as_said(exc.strerror or str(exc) or type(exc).__name__)
    file = exc.filename2 or exc.filename
    return say("{why}", why=why) if file is None else say("{file}: {why}", file=file, why=why)


def is_chinese(environ: Mapping[str, str]) -> bool:
    """Whether the terminal's locale is."""
    names = (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), "").lower().startswith("zh")


def _told(fact: Any) -> Any:
    if isinstance(fact, Said):
        return tell(fact, is_chinese=True)
    return [_told(each) for each in fact] if isinstance(fact, (list, tuple)) else fact


def _listed(fact: Any, comma: str) -> Any:
    return comma.join(map(str, fact)) if isinstance(fact, (list, tuple)) else fact


def printable(text: str) -> str:
    """Somebody's text, fit for a terminal: what would steer it is spelled out."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
