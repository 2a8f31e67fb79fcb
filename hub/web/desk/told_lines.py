"""A change as a page tells it, whether it was made or is only foreseen."""

from hub.changing.history import HistoryLine
from hub.changing.speaking import Speaking


def told_line(telling: Speaking, line: HistoryLine) -> str:
    """What, of whom, old → new."""
    said = telling.line(line.what, line.concerns, line.before, line.after, str(line.day_from or ""))
    return said.replace("  ", " · ").replace(" -> ", "\u00a0→ ")  # as a page may, which has no two blanks
