"""A change as a page tells it, whether it was made or is only foreseen."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.changing.history import HistoryLine
from hub.changing.speaking import Speaking
from hub.database.tables import District


def with_districts(connection: Connection, lines: Iterable[HistoryLine]) -> list[HistoryLine]:
    """The same lines, in which districts go by name; one that only is to come keeps its code."""
    names = {one.code: one.name for one in connection.execute(select(col(District.code), col(District.name)))}

    def named(values: Mapping[str, Any]) -> dict[str, Any]:
        return {key: names.get(value, value) if key == "district" else value for key, value in values.items()}

    return [replace(line, before=named(line.before), after=named(line.after)) for line in lines]


def told_line(telling: Speaking, line: HistoryLine) -> str:
    """What, of whom, old → new."""
    said = telling.line(line.what, line.concerns, line.before, line.after, str(line.day_from or ""))
    return said.replace("  ", " · ").replace(" -> ", "\u00a0→ ")  # as a page may, which has no two blanks
