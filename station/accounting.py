"""A station's day in figures: how long each class held, the gaps with their evidence, recorded time against five hours.

The classes are `coverage`'s alone; here is added what rests on assumption, the union and the sum of the people's time,
and the verdict. Pure: of the same stints and watching the same day comes out, whenever it is asked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final, NamedTuple

from station.coverage import SHORTEST_GAP, Band, Coverage, Interval, Shift, shift_of
from station.duty import DutyClass
from station.names import KioskId
from station.stints import End, Stint

FIVE_HOURS: Final = timedelta(hours=5)  # recorded time a day, Pu'er notice 附件2 二.4
TOLERANCE: Final = timedelta(minutes=10)  # a bank opens exactly five hours; nobody taps to the second
_NOTHING: Final = timedelta(0)
_LACKING: Final = frozenset({DutyClass.VACANT, DutyClass.UNKNOWN})
_COVERED: Final = frozenset({DutyClass.MET, DutyClass.MINIMUM})
_BY_TAP: Final = frozenset({End.LEAVE, End.LATE})


class DayVerdict(StrEnum):
    """What the day is by the five hours."""

    KEPT = "kept"
    SUPPLEMENTED = "supplemented"
    """Kept with what was entered or confirmed afterwards."""
    UNPROVEN = "unproven"
    """Time of which nothing is known could make it up."""
    SHORT = "short"
    CLOSED = "closed"
    RUNNING = "running"
    """It is not over yet, and has not come to it."""


class ServedStint(NamedTuple):
    """A stint of somebody who counts, ended as `now` finds it.

    Attributes:
        is_supplement: entered or confirmed by a person afterwards.
        confirmed_until: until when it was accepted, whatever the taps prove; None: nobody has.
    """

    stint: Stint
    is_supplement: bool = False
    confirmed_until: datetime | None = None


class GapEvidence(NamedTuple):
    """A gap of a minute or longer, and what it rests on.

    Attributes:
        before: the last tap at the station that day before it, and the first after.
        watched: for how long each kiosk in service did.
    """

    duty_class: DutyClass
    began_at: datetime
    ended_at: datetime
    partial: bool
    before: datetime | None
    after: datetime | None
    watched: dict[KioskId, timedelta]


@dataclass(frozen=True, slots=True)
class DayAccount:
    """One station's day.

    Attributes:
        opened: how long it was open, so far.
        lasting: by class; without `closed` they add up to `opened`.
        partial: of the vacant, while not all kiosks watched.
        assumed: of the covered, after the last tap of everybody who is counted.
        union: with at least one there, time out and returned included.
        person: of all people together.
        supplemented: as `union`, with what was entered or confirmed afterwards.
        short_by: what is missing to five hours, or to the day's opening.
    """

    opened: timedelta
    lasting: dict[DutyClass, timedelta]
    partial: timedelta
    assumed: timedelta
    union: timedelta
    person: timedelta
    supplemented: timedelta
    verdict: DayVerdict
    short_by: timedelta
    gaps: tuple[GapEvidence, ...]


def day_account(
    found: Coverage, served: Sequence[ServedStint], taps: Iterable[datetime], now: datetime, *, is_over: bool
) -> DayAccount:
    """The day's figures.

    Args:
        found: its classes.
        served: the stints that may overlap it.
        taps: when anybody who counts tapped there that day.
        now: as of when the stints are told.
        is_over: nothing of it lies ahead.
    """
    opened = [Interval(band.began_at, band.ended_at) for band in found.bands if band.duty_class is not DutyClass.CLOSED]
    watched = united(one for spans in found.watched.values() for one in spans)
    there: list[list[Interval]] = []
    sure: list[Interval] = []
    more: list[Interval] = []
    for one in served:
        shift = shift_of(one.stint, now)
        theirs = common(united([*_present(shift, watched), *_returned(one.stint)]), opened)
        if one.is_supplement:
            more += theirs
        elif theirs:
            there.append(theirs)
        sure += [Interval(on.since, min(on.until, shift.proven_until)) for on in shift.on]
        more += _accepted(one)
    union = united(one for theirs in there for one in theirs)
    covered = [Interval(band.began_at, band.ended_at) for band in found.bands if band.duty_class in _COVERED]
    lasting = found.lasting
    figures = length(opened), length(union), length(common(united([*union, *more]), opened))
    verdict, short_by = judged(*figures, lasting[DutyClass.UNKNOWN], is_over=is_over)
    return DayAccount(
        opened=figures[0],
        lasting=lasting,
        partial=found.partial,
        assumed=length(covered) - length(common(covered, united(sure))),
        union=figures[1],
        person=sum((length(theirs) for theirs in there), _NOTHING),
        supplemented=figures[2],
        verdict=verdict,
        short_by=short_by,
        gaps=tuple(_evidence(found, sorted(taps))),
    )


def judged(
    opened: timedelta, union: timedelta, supplemented: timedelta, unknown: timedelta, *, is_over: bool
) -> tuple[DayVerdict, timedelta]:
    """The five-hour verdict, and what is missing (D6), against five hours or the day's opening."""
    wanted = min(FIVE_HOURS, opened)
    enough = wanted - TOLERANCE
    short_by = max(_NOTHING, wanted - max(union, supplemented))
    if opened == _NOTHING:
        return (DayVerdict.CLOSED if is_over else DayVerdict.RUNNING), _NOTHING
    if union >= enough and (is_over or union >= FIVE_HOURS - TOLERANCE):
        return DayVerdict.KEPT, _NOTHING
    if supplemented >= enough and (is_over or supplemented >= FIVE_HOURS - TOLERANCE):
        return DayVerdict.SUPPLEMENTED, _NOTHING
    if not is_over:
        return DayVerdict.RUNNING, _NOTHING
    return (DayVerdict.UNPROVEN if max(union, supplemented) + unknown >= enough else DayVerdict.SHORT), short_by


def tapped_at(stint: Stint) -> Iterator[datetime]:
    """When the person tapped there, as far as the stint tells."""
    if not stint.claimed:
        yield stint.began_at
    for since, until in stint.outs:
        yield since
        if stint.ended_at is None or until <= stint.ended_at:
            yield until
    if stint.seen_at is not None:
        yield stint.seen_at
    if stint.ended_at is not None and (stint.end in _BY_TAP or stint.claimed):
        yield stint.ended_at


def _present(shift: Shift, watched: Sequence[Interval]) -> Iterator[Interval]:
    """On duty: up to the last tap whoever watched, then where somebody did."""
    for on in shift.on:
        yield Interval(on.since, min(on.until, shift.proven_until))
        yield from common([Interval(max(on.since, shift.proven_until), on.until)], watched)


def _returned(stint: Stint) -> Iterator[Interval]:
    """Out within the budget and back: any tap at this station ends an absence as returned."""
    if stint.counts_from is not None and not stint.claimed and not stint.unproven:
        for since, until in stint.outs:
            if stint.ended_at is None or until <= stint.ended_at:
                yield Interval(max(since, stint.counts_from), until)


def _accepted(one: ServedStint) -> Iterator[Interval]:
    """What a person entered without evidence, or accepted: recorded time, whatever the taps prove."""
    if one.stint.ended_at is None:
        return
    until = one.confirmed_until
    if until is None and one.is_supplement:
        until = one.stint.ended_at
    if until is not None and one.stint.began_at < until:
        yield Interval(one.stint.began_at, until)


def _evidence(found: Coverage, taps: Sequence[datetime]) -> Iterator[GapEvidence]:
    """One class from its beginning to its end is one gap, however many kiosks watched meanwhile."""
    for (duty_class, _), together in groupby(_numbered(found.bands), key=lambda one: one[0]):
        bands = [band for _, band in together]
        whole = Interval(bands[0].began_at, bands[-1].ended_at)
        if duty_class not in _LACKING or whole.until - whole.since < SHORTEST_GAP:
            continue
        yield GapEvidence(
            duty_class,
            *whole,
            partial=any(band.partial for band in bands),
            before=next((at for at in reversed(taps) if at <= whole.since), None),
            after=next((at for at in taps if at >= whole.until), None),
            watched={kiosk: length(common(list(spans), [whole])) for kiosk, spans in found.watched.items()},
        )


def _numbered(bands: Iterable[Band]) -> Iterator[tuple[tuple[DutyClass, int], Band]]:
    """Each band with its class, and a number that rises where that does not go on."""
    number, before = 0, None
    for band in bands:
        number += before is None or before.duty_class is not band.duty_class or before.ended_at != band.began_at
        before = band
        yield (band.duty_class, number), band


def united(intervals: Iterable[Interval]) -> list[Interval]:
    """What they hold together, in order, none touching the next."""
    found: list[Interval] = []
    for one in sorted(one for one in intervals if one.since < one.until):
        if found and one.since <= found[-1].until:
            found[-1] = Interval(found[-1].since, max(found[-1].until, one.until))
        else:
            found.append(one)
    return found


def common(some: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """What both hold; each in order and without overlap."""
    found, place = [], 0
    for one in some:
        while place < len(others) and others[place].until <= one.since:
            place += 1
        for other in others[place:]:
            if other.since >= one.until:
                break
            both = Interval(max(one.since, other.since), min(one.until, other.until))
            if both.since < both.until:
                found.append(both)
    return found


def length(intervals: Iterable[Interval]) -> timedelta:
    """How long they are together."""
    return sum((one.until - one.since for one in intervals), _NOTHING)
