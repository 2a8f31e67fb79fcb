"""Which kiosks are heard: online, stale, lost or blind, as protocol.md, Liveness, has it.

Pure: what was heard goes in with its moment, a status comes out for any moment. A kiosk's will counts only where
it is of the session last heard, for a will can come long after the next birth.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from hub.register.directory import KnownKiosk
from station.names import KioskId, Session
from station.records import ReaderState
from station.wire.messages import KioskFigures, State

STALE_AFTER: Final = timedelta(seconds=75)  # two heartbeats and a half
LOST_AFTER: Final = timedelta(minutes=3)


class KioskStatus(StrEnum):
    """How a kiosk stands."""

    ONLINE = "online"
    STALE = "stale"
    LOST = "lost"
    BLIND = "blind"


@dataclass(slots=True)
class LastHeard:
    """The last of one kiosk.

    Attributes:
        at: when it was last heard; None if never.
        gone_at: when its current session's will came; None while it has not.
        reader: as it last said; None if it never did.
        blind_at: since when its reader does not see; None where it does, or nobody heard when that began.
        reason: why its reader does not see, or why it went, in its own words.
        figures: how its machine is.
    """

    at: datetime | None = None
    session: Session | None = None
    gone_at: datetime | None = None
    reader: ReaderState | None = None
    clock: str = ""
    version: str = ""
    queued: int = 0
    reason: str = ""
    blind_at: datetime | None = None
    figures: KioskFigures = field(default_factory=KioskFigures)

    @property
    def is_blind(self) -> bool:
        """Whether its reader would see no card, by what it last said."""
        return self.reader not in {ReaderState.UP, None}


class KioskNow(NamedTuple):
    """One kiosk in service, as it stands now."""

    kiosk: KnownKiosk
    status: KioskStatus
    heard: LastHeard


class Liveness:
    """All kiosks in service.

    Args:
        started_at: when this hub started; for three minutes nobody is lost but who was before.
    """

    def __init__(self, started_at: datetime) -> None:
        self._started_at = started_at
        self._heard: dict[KioskId, LastHeard] = {}
        self._recalled_at: datetime | None = None

    def recall(self, kiosk: KioskId, heard: LastHeard) -> None:
        """What an earlier run of the hub heard."""
        self._heard[kiosk] = heard
        if heard.at is not None:  # then that run still lived
            self._recalled_at = max(heard.at, self._recalled_at or heard.at)

    def set_back(self, now: datetime) -> None:
        """The hub's clock was set back: whatever seems to lie ahead of it happened by now."""
        self._started_at = min(self._started_at, now)
        for heard in self._heard.values():
            if heard.at is not None:
                heard.at = min(heard.at, now)

    def hear_journal(self, kiosk: KioskId, session: Session, at: datetime) -> bool:
        """A journal message came; True where the kiosk may stand otherwise now."""
        heard = self._heard.setdefault(kiosk, LastHeard())
        was_live = heard.at is not None and heard.gone_at is None and at - heard.at <= STALE_AFTER
        heard.at = at
        if heard.session != session:
            heard.session, heard.gone_at, heard.reason = session, None, ""
        return not was_live

    def hear_state(self, kiosk: KioskId, state: State, at: datetime, *, retained: bool = False) -> None:
        """A state came; one that the broker kept proves no life, but a will among them tells of a loss."""
        if state.is_question:
            return
        heard = self._heard.setdefault(kiosk, LastHeard())
        if not state.online:
            if heard.session in {state.session, None}:
                heard.session, heard.reason = state.session, state.reason
                heard.gone_at = heard.gone_at or at  # the broker tells it again to a hub that starts
            return
        if retained and heard.at is not None:
            return
        heard.session, heard.gone_at = state.session, None
        if state.reader is ReaderState.UP:
            heard.blind_at = None
        elif heard.reader in {ReaderState.UP, None}:
            heard.blind_at = at
        heard.reader, heard.clock = state.reader, state.clock.value
        heard.version, heard.queued, heard.reason = state.version, state.queued, state.reason
        heard.figures = state.figures
        if not retained:
            heard.at = at

    def heard(self, kiosk: KioskId) -> LastHeard:
        """The last of that kiosk."""
        return self._heard.get(kiosk) or LastHeard()

    def status(self, kiosk: KioskId, at: datetime) -> KioskStatus:
        """How that kiosk stands at a moment."""
        heard = self.heard(kiosk)
        if heard.gone_at is not None or heard.at is None or at - heard.at > LOST_AFTER:
            is_lost = at - self._started_at > LOST_AFTER or self._was_lost(heard)
            return KioskStatus.LOST if is_lost else KioskStatus.STALE
        if at - heard.at > STALE_AFTER:
            return KioskStatus.STALE
        return KioskStatus.BLIND if heard.is_blind else KioskStatus.ONLINE

    def _was_lost(self, heard: LastHeard) -> bool:
        """Whether an earlier run of the hub had lost it, so that a restart is no news of it."""
        known_at = self._recalled_at
        if known_at is None or heard.at is None:
            return known_at is not None
        was_gone = heard.gone_at is not None and heard.gone_at <= known_at
        return was_gone or known_at - heard.at > LOST_AFTER

    def now(self, kiosk: KnownKiosk, at: datetime) -> KioskNow:
        """All that is known of it."""
        return KioskNow(kiosk, self.status(kiosk.id, at), self.heard(kiosk.id))

    def watches(self, kiosk: KioskId, at: datetime) -> bool:
        """Whether its reader would see a card now, as far as the hub knows.

        Not one that has been silent for too long to be counted on, though just after a hub's start it is not lost.
        """
        heard = self.heard(kiosk)
        is_counted_on = heard.gone_at is None and heard.at is not None and at - heard.at <= LOST_AFTER
        return is_counted_on and heard.reader is ReaderState.UP

    def next_change(self, kiosks: Iterable[KioskId], at: datetime) -> datetime | None:
        """When time alone next changes how one of them stands."""
        moments = []
        for kiosk in kiosks:
            heard_at = self.heard(kiosk).at
            moments.append(self._started_at + LOST_AFTER)
            if heard_at is not None:
                moments += [heard_at + STALE_AFTER, heard_at + LOST_AFTER]
        return min((moment for moment in moments if moment >= at), default=None)
