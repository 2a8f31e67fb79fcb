"""A line of history in which people are called otherwise than by their opaque ids."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hub.changing.history import HistoryLine

CalledBy = Callable[[str], str]
"""How a text is told: somebody's name in the place of their id, any other as it is."""


def renamed(line: HistoryLine, called: CalledBy) -> HistoryLine:
    """The same line, with each text of it as it is to be told."""
    concerns, before, after = (_named(each, called) for each in (line.concerns, line.before, line.after))
    return replace(line, concerns=concerns, before=before, after=after)


def texts_of(value: Any) -> set[str]:
    """All texts of it."""
    if isinstance(value, Mapping):
        return texts_of(list(value.values()))
    if isinstance(value, list):
        return set().union(*map(texts_of, value))
    return {value} if isinstance(value, str) else set()


def _named(value: Any, called: CalledBy) -> Any:
    if isinstance(value, Mapping):
        return {key: _named(each, called) for key, each in value.items()}
    if isinstance(value, list):
        return [_named(each, called) for each in value]
    return called(value) if isinstance(value, str) else value
