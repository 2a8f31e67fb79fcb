"""What the agent logs, kept on the disk within bounds, and the command `collect` that sends it to the hub.

Nothing personal is logged in the first place; what looks like a card's number or token is masked once more on its way
out. The log is for the agent's own user alone, and small: a card in a kiosk wears with every write.
"""

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from edge.commands import Doer, Order

NAME: Final = "collect"
FILE: Final = "agent.log"
HALF_BYTES: Final = 24 * 1024  # of this file and the one before it; some weeks of a calm kiosk
MOST_BYTES: Final = 48 * 1024  # of what is sent
# Hex without a break, or in pairs apart by blanks or colons; a time of day has but three pairs.
_NUMBERS: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8,}|[0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2}){3,}|[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){3,})"
    r"(?![0-9A-Za-z])"
)


def keep_log(data_dir: Path) -> Callable[[], None]:
    """Keep what is logged in the data directory from now on; gives what ends it. Without a disk, nothing is kept."""
    with suppress(OSError):
        handler = RotatingFileHandler(data_dir / FILE, maxBytes=HALF_BYTES, backupCount=1, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        handler.handleError = _pass_over  # type: ignore[method-assign]  # a full disk must not fill the journal too
        logging.getLogger().addHandler(handler)

        def end() -> None:
            logging.getLogger().removeHandler(handler)
            handler.close()

        return end
    return lambda: None


def read_log(data_dir: Path) -> str:
    """The latest of it, masked."""
    text = ""
    for name in (f"{FILE}.1", FILE):
        with suppress(OSError):
            text += (data_dir / name).read_text(encoding="utf-8", errors="replace")
    masked = _NUMBERS.sub(_masked, text.replace("\0", ""))
    return masked.encode()[-MOST_BYTES:].decode(errors="ignore")


class Collect(Doer):
    """Sends it."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def begin(self, order: Order) -> None:
        """As it is now."""
        log = read_log(self._data_dir)
        order.done(f"{len(log.splitlines())} lines", log=log)


def _masked(found: re.Match[str]) -> str:
    return f"<{len(found[0])} digits>"


def _pass_over(record: logging.LogRecord) -> None:
    del record
