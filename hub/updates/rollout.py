"""Which kiosks are asked to update now: a first tenth before the rest, one of a station at a time. Pure.

The first tenth are whichever can take it first, in another order with each version, so that no kiosk that is away holds
up a city. Where one of them comes to nothing, all stops, and so it does with two of the rest: a person must look, and
offer another version, or take the kiosk out of service.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

FIRST_SHARE: Final = 10  # one of so many goes first, at least one
MOST_AT_ONCE: Final = 20  # of a city: what they fetch goes over one line
FAILURES: Final = 2


class UpdateStep(StrEnum):
    """How far one kiosk is with the version offered."""

    WAITS = "waits"
    UNDER_WAY = "under way"
    DONE = "done"
    FAILED = "failed"
    """It went back, and said so."""
    SILENT = "silent"
    """It began, and has said nothing for hours; where it does after all, that is what counts."""


LOST: Final = frozenset({UpdateStep.FAILED, UpdateStep.SILENT})


@dataclass(frozen=True, slots=True)
class KioskOnItsWay:
    """A kiosk that is to run the version.

    Attributes:
        may_now: it is there, and its station may be disturbed.
        quiet_hour: the hour of the local day that it must wait for, where its station never closes and no other kiosk
            stands in; None elsewhere.
        rests: its station is closed, and an hour away from its hours.
        is_there: it is heard.
        is_stuck: it does not get the version, for no fault of that.
    """

    id: str
    station: str
    step: UpdateStep
    may_now: bool
    quiet_hour: int | None = None
    rests: bool = False
    is_there: bool = False
    is_stuck: bool = False


def first_share(kiosks: Sequence[KioskOnItsWay]) -> int:
    """How many go before the rest."""
    return -(-len(kiosks) // FIRST_SHARE)


def is_tried(kiosks: Sequence[KioskOnItsWay]) -> bool:
    """Whether the first tenth have it."""
    return sum(each.step is UpdateStep.DONE for each in kiosks) >= first_share(kiosks)


def why_stopped(kiosks: Sequence[KioskOnItsWay], version: str) -> str:
    """Why nobody further is asked; empty where they are."""
    lost = sorted((each.step, each.id) for each in kiosks if each.step in LOST)
    if not lost or (len(lost) < FAILURES and is_tried(kiosks)):
        return ""
    ids = ", ".join(id_ for _, id_ in lost[:3])
    if lost[0][0] is UpdateStep.FAILED:
        return f"{version} failed at {ids}"
    return f"{version} was begun at {ids}, and nothing is heard of it"


def ask_now(kiosks: Sequence[KioskOnItsWay], version: str) -> list[str]:
    """Whom to ask, in the order of their turn."""
    if why_stopped(kiosks, version):
        return []
    busy = {each.station for each in kiosks if each.step is UpdateStep.UNDER_WAY}
    under_way = sum(each.step is UpdateStep.UNDER_WAY for each in kiosks)
    room = MOST_AT_ONCE - under_way
    if not is_tried(kiosks):
        room = min(room, first_share(kiosks) - sum(each.step is UpdateStep.DONE for each in kiosks) - under_way)
    asked: list[str] = []
    for each in sorted(kiosks, key=lambda each: sha256(f"{version} {each.id}".encode()).digest()):
        may = each.step is UpdateStep.WAITS and each.may_now
        if may and each.station not in busy and len(asked) < room:
            busy.add(each.station)
            asked.append(each.id)
    return asked
