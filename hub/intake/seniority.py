"""Which of two hubs at one broker goes on: the one that was started later (protocol.md, Settling 10).

Only what a hub says now proves that it lives. What the broker kept may be of one whose power failed together with the
broker's, so nobody yields to that: each hub announces itself when it comes, and a later one that lives answers.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from hub.findings import FindingKind, Findings
from hub.intake.sorting import BirthRead
from station.names import Session
from station.wire.messages import HubState

log = logging.getLogger(__name__)

SUBJECT: Final = "hub/state"
FAR_AHEAD: Final = timedelta(days=1)  # of two hubs with clocks so far apart none can be told to be the later one


class Seniority:
    """What one hub knows of others at its broker.

    Args:
        own: this hub's birth.
        findings: where another one is reported.
        now: the hub's clock.
    """

    def __init__(self, own: HubState, findings: Findings, now: Callable[[], datetime]) -> None:
        self._own = own
        self._findings = findings
        self._now = now
        self._outranked_by: Session | None = None

    @property
    def is_outranked(self) -> bool:
        """Whether a hub that was started later is there."""
        return self._outranked_by is not None

    def heed(self, reads: Iterable[BirthRead]) -> bool:
        """Hear births, or that hubs go, in the order they came.

        Returns:
            Whether this hub is to announce itself: to an earlier one, or since a will stands where its birth belongs.
        """
        is_asked = False
        for read in reads:
            is_asked |= self._hear(read)
        return is_asked and not self.is_outranked

    def _hear(self, read: BirthRead) -> bool:
        said = read.state
        if said.online and said.session == self._own.session:
            self._take_over()  # until it is answered: a later hub that lives hears this birth too
            return False
        if read.retained:
            return False
        if said.online and said.started_at - self._now() > FAR_AHEAD:
            text = "another hub at the same broker says that it starts in the future; it is not believed"
            self._findings.report(FindingKind.CLOCK, SUBJECT, text)
            return True
        if said.online and (said.started_at, said.session) > (self._own.started_at, self._own.session):
            self._yield_to(said.session)
        elif said.session == self._outranked_by:
            self._take_over()
        return True

    def _yield_to(self, session: Session) -> None:
        self._outranked_by = session
        text = "another hub was started later at the same broker; this one stores and settles no more"
        if self._findings.report(FindingKind.SECOND_HUB, SUBJECT, text):
            log.error("%s", text)

    def _take_over(self) -> None:
        if self._outranked_by is not None:
            self._outranked_by = None
            self._findings.end(FindingKind.SECOND_HUB, SUBJECT)
            log.warning("the other hub has gone; this one stores and settles again")
