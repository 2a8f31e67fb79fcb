"""What to do where the ledger cannot be kept: wait out a database in trouble, leave out the one that fails, go on."""

import logging
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import IntegrityError

from hub.database.transactions import StoreTroubleError
from hub.findings import FindingKind, Findings
from hub.ledger.ledger import Ledger

log = logging.getLogger(__name__)

SUBJECT: Final = "ledger"


class Supervision:
    """Supervises one ledger; from one thread.

    Args:
        ledger: whose work it is.
        findings: where it is reported that something is left out.
        ask_anew: told that what was shown may not be so: whoever was shown it reads the ledger again.

    Attributes:
        is_in_trouble: the database could not be used when it was last tried.
    """

    def __init__(self, ledger: Ledger, findings: Findings, ask_anew: Callable[[], None]) -> None:
        self._ledger = ledger
        self._findings = findings
        self._ask_anew = ask_anew
        self.is_in_trouble = False

    def attempt(self, work: Callable[[], None]) -> bool:
        """Do one piece of work; false where it failed."""
        try:
            work()
        except StoreTroubleError as exc:
            if isinstance(exc.__cause__, IntegrityError):  # the rows' own fault, and not told whole: they hold tokens
                self._pass_over(str(exc))
            elif not self.is_in_trouble:
                self.is_in_trouble = True
                log.warning("the ledger waits, for the database cannot be used: %s", exc)
            return False
        except Exception:  # a supervisor: one kiosk's or person's fault must not end the ledger of all
            log.exception("the ledger cannot be kept")
            self._pass_over("see above")
            return False
        self.is_in_trouble = False
        return True

    def _pass_over(self, reason: str) -> None:
        left_out = self._ledger.pass_over()
        self._ask_anew()
        if left_out is not None:
            log.error("the ledger goes on without %s: %s", left_out, reason)
            self._findings.report(FindingKind.FAULT, SUBJECT, "records that cannot be folded; see the hub's log")
