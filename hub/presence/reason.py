"""Why a station lacks somebody, or why nobody can tell: the one thing to be said of it. Pure.

What is told stays the same while nothing happens, however time passes; the words are the pages'.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from hub.presence.board_view import Cause, Reason
from hub.presence.liveness import KioskNow, KioskStatus
from station.duty import DutyClass
from station.stints import End, Stint

LONG_OPEN: Final = timedelta(hours=24)
TOGETHER: Final = timedelta(minutes=5)  # who left so shortly before the last one left with them
_CAUSES: Final = {
    End.LEAVE: Cause.LEFT, End.LATE: Cause.LEFT, End.OVERRUN: Cause.OVERRUN, End.MOVED: Cause.MOVED,
    End.ASSUMED: Cause.ASSUMED,
}  # fmt: skip


def reason_of(
    duty_class: DutyClass, unseen: Reason | None, away: Iterable[Stint], opened_at: datetime | None, now: datetime
) -> Reason | None:
    """Say why the class is what it is.

    Args:
        duty_class: as it is now.
        unseen: why not all of the station is watched; None where it is.
        away: stints there of people who count, that have ended or are stepped out of.
        opened_at: when the running period began; None where none does.
        now: the moment that is told of.

    Returns:
        None where nothing lacks, and where nothing is known.
    """
    if duty_class is DutyClass.UNKNOWN:
        return unseen
    if duty_class in {DutyClass.VACANT, DutyClass.MINIMUM} and opened_at is not None:
        return _departed(away, opened_at) or (_nobody_since(opened_at, now) if duty_class is DutyClass.VACANT else None)
    return None


def _nobody_since(opened_at: datetime, now: datetime) -> Reason:
    """Round the clock there is no opening to name, and who was there long ago is not among those who went."""
    return Reason(Cause.NOBODY_YET, opened_at if now - opened_at < LONG_OPEN else None)


def without_new(kiosks: Sequence[KioskNow]) -> Sequence[KioskNow]:
    """Those that were ever heard, where there are some: one that is not set up yet takes nothing from who is seen."""
    return [one for one in kiosks if one.heard.at or one.heard.gone_at] or kiosks


def unseen_of(kiosks: Sequence[KioskNow]) -> Reason | None:
    """Say which kiosks of a station would see no card; None where none is known not to."""
    if not kiosks:
        return Reason(Cause.NO_KIOSK)
    silent = [one for one in kiosks if one.status is KioskStatus.LOST]
    if silent:
        at = [one.heard.gone_at or one.heard.at for one in silent]
        heard = [moment for moment in at if moment is not None]
        kiosk = silent[0].kiosk.id
        if not heard:
            return Reason(Cause.NEVER_HEARD, count=len(silent), kiosk=kiosk)
        return Reason(Cause.SILENT, min(heard), len(silent), kiosk)
    blind = [one for one in kiosks if one.heard.is_blind]
    if blind:
        since = [one.heard.blind_at for one in blind if one.heard.blind_at is not None]
        return Reason(Cause.BLIND, min(since, default=None), len(blind), blind[0].kiosk.id)
    return None  # the hub has only begun to listen


def _departed(away: Iterable[Stint], opened_at: datetime) -> Reason | None:
    """Who went last since the opening, and who went with them."""
    went = sorted((at, cause) for at, cause in map(_went, away) if at is not None and at > opened_at)
    if not went:
        return None
    last_at, cause = went[-1]
    with_them = [at for at, how in went if how is cause and last_at - at <= TOGETHER]
    return Reason(cause, last_at, len(with_them))


def _went(one: Stint) -> tuple[datetime | None, Cause]:
    """When they went, and how."""
    if one.ended_at is None:
        return one.out_since, Cause.OUT
    return one.ended_at, _CAUSES[one.end or End.LEAVE]
