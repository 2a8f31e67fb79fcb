"""What to do where the hub fails over one record, person or station: leave that one out, and go on with the others.

Who leaves out says so as a finding, and logs it the first time. Without it (`plainly`) what fails is raised.
"""

import logging
from collections.abc import Callable
from typing import Final, ParamSpec, Protocol, TypeVar

from hub.findings import FindingKind, Findings

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

SUBJECT: Final = "board"
TEXT: Final = "something is left out of the board, or of what kiosks are told; see the hub's log"


class Attempt(Protocol):
    """Does something."""

    def __call__(self, what: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> T | None:
        """What comes of it; None where it was left out."""


def plainly(what: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> T:
    """Do it; what it raises is the caller's."""
    return what(*args, **more)


class LeavingOut:
    """Supervises.

    Args:
        findings: told what fails.
        subject: what it is a part of.
        text: what is left out then.
    """

    def __init__(self, findings: Findings, subject: str = SUBJECT, text: str = TEXT) -> None:
        self._findings = findings
        self._subject, self._text = subject, text
        self._failed: set[str] = set()

    def __call__(self, what: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> T | None:
        """What comes of it; None where the hub fails over it."""
        try:
            return what(*args, **more)
        except Exception:  # whatever it is: the others are to be shown, and told, all the same
            self._findings.report(FindingKind.FAULT, self._subject, self._text)
            if what.__qualname__ not in self._failed:
                self._failed.add(what.__qualname__)
                log.exception("the hub fails in %s", what.__qualname__)
            return None
