"""Which kiosks are asked to update now: a first tenth before the rest, one of a station at a time, at rest only. Pure.

A failure among the first tenth stops all of it, and so do two of the rest: a person must look, and offer another
version.
"""

from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class KioskOnItsWay:
    """A kiosk that is to run the version; `may_now`: it is there, and its station is at rest."""

    id: str
    station: str
    step: UpdateStep
    may_now: bool


def first_tenth(kiosks: Iterable[KioskOnItsWay], version: str) -> frozenset[str]:
    """Who goes first: others with each version, so that it is not always the same station's bad luck."""
    ids = sorted((each.id for each in kiosks), key=lambda id_: sha256(f"{version} {id_}".encode()).digest())
    return frozenset(ids[: -(-len(ids) // FIRST_SHARE)])


def why_stopped(kiosks: Sequence[KioskOnItsWay], version: str) -> str:
    """Why nobody further is asked; empty where they are."""
    first = first_tenth(kiosks, version)
    failed = sorted(each.id for each in kiosks if each.step is UpdateStep.FAILED)
    early = [id_ for id_ in failed if id_ in first]
    if early or len(failed) >= FAILURES:
        return f"{version} failed at {', '.join((early or failed)[:3])}"
    return ""


def ask_now(kiosks: Sequence[KioskOnItsWay], version: str) -> list[str]:
    """Whom to ask, in the order of their turn."""
    if why_stopped(kiosks, version):
        return []
    first = first_tenth(kiosks, version)
    is_tried = all(each.step is UpdateStep.DONE for each in kiosks if each.id in first)
    busy = {each.station for each in kiosks if each.step is UpdateStep.UNDER_WAY}
    room = MOST_AT_ONCE - sum(each.step is UpdateStep.UNDER_WAY for each in kiosks)
    asked: list[str] = []
    for each in sorted(kiosks, key=lambda each: (each.id not in first, each.id)):
        may = each.step is UpdateStep.WAITS and each.may_now and (is_tried or each.id in first)
        if may and each.station not in busy and len(asked) < room:
            busy.add(each.station)
            asked.append(each.id)
    return asked
