"""A line of the log as a terminal shows it: in Chinese, where the terminal is."""

import copy
import logging
from typing import Final

from edge.chinese_log import LEVELS, LOG, STATES
from edge.saying import here
from station.saying import as_said, said_by

FORMAT: Final = "%(levelname)s %(message)s"


class ChineseLines(logging.Formatter):
    """Tells a line by what it was logged as; what is not known stays as it is, and so does the record."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = copy.copy(record)
        told.levelname = LEVELS.get(record.levelname, record.levelname)
        if isinstance(record.msg, str) and isinstance(record.args, tuple):
            told.msg = LOG.get(record.msg, record.msg)
            told.args = tuple(map(_told, record.args))
        return super().format(told)


def _told(fact: object) -> object:
    if isinstance(fact, Exception):
        return here(as_said(said_by(fact)))
    return here(STATES.get(fact, fact)) if isinstance(fact, str) else fact
