"""Sentences that can be told in another language than the one they were written in.

What stands in somebody's way is said in English where it is found, and told in the language of who reads it: each
room has its sentences' other form in its `chinese`, and its own `saying` that tells them. A sentence with facts in it
is made by `say`, which keeps them apart; one without is plain text. Of one thing it may have another form than of
several: `{n} {n:row|rows}`.
"""

import os
import re
from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any, Final

Sentences = Mapping[str, str]
_FORMS: Final = re.compile(r"{(\w+):([^{}|]*)\|([^{}|]*)}")


class Said(str):
    """A sentence in English that knows its facts."""

    __slots__ = ("facts", "template")
    template: str
    facts: Mapping[str, Any]


def say(template: str, /, **facts: Any) -> Said:
    """The sentence with its facts; one of them may be a sentence, several of them, or an error that holds one."""
    known = {name: _held(fact) for name, fact in facts.items()}
    said = Said(_filled(template, {name: _listed(fact, ", ") for name, fact in known.items()}))
    said.template, said.facts = template, known
    return said


def as_said(text: str) -> Said:
    """A sentence that may be plain text as one that is not."""
    return text if isinstance(text, Said) else say(text.replace("{", "{{").replace("}", "}}"))


def said_by(exc: BaseException) -> str:
    """What an error says, with its facts where it knows them: `str` would lose them."""
    return exc.args[0] if exc.args and isinstance(exc.args[0], str) and not isinstance(exc, OSError) else str(exc)


def tell(text: str, sentences: Sentences, *, is_chinese: bool) -> str:
    """In English, or in Chinese as far as it has been translated."""
    if not is_chinese:
        return str(text)
    if not isinstance(text, Said):
        return sentences.get(text, text)
    facts = {name: _listed(_told(fact, sentences), "，") for name, fact in text.facts.items()}
    return _filled(sentences.get(text.template, text.template), facts)


def teller(sentences: Sentences) -> Callable[[str], str]:
    """What tells in the terminal's language, whichever that is when something is to be told."""
    return lambda text: tell(text, sentences, is_chinese=is_chinese(os.environ))


def of_system(exc: OSError) -> Said:
    """What the system answered, with the file that was asked for, in words for a person."""
    why = as_said(exc.strerror or str(exc) or type(exc).__name__)
    file = exc.filename2 or exc.filename
    return say("{why}", why=why) if file is None else say("{file}: {why}", file=file, why=why)


def is_chinese(environ: Mapping[str, str]) -> bool:
    """Whether the terminal's locale is."""
    names = (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), "").lower().startswith("zh")


def printable(text: str) -> str:
    """Somebody's text, fit for a terminal: what would steer it is spelled out."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _filled(template: str, facts: Mapping[str, Any]) -> str:
    chosen = _FORMS.sub(lambda pair: pair[2] if str(facts[pair[1]]) == "1" else pair[3], template)
    return Formatter().vformat(chosen, (), facts)


def _held(fact: Any) -> Any:
    if isinstance(fact, OSError):
        return of_system(fact)
    return as_said(said_by(fact)) if isinstance(fact, Exception) else fact


def _told(fact: Any, sentences: Sentences) -> Any:
    if isinstance(fact, Said):
        return tell(fact, sentences, is_chinese=True)
    return [_told(each, sentences) for each in fact] if _is_several(fact) else fact


def _listed(fact: Any, comma: str) -> Any:
    return comma.join(map(str, fact)) if _is_several(fact) else fact


def _is_several(fact: Any) -> bool:
    return type(fact) in {list, tuple}  # one thing may be a tuple with names, an address for one
