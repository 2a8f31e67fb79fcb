"""One station's picture of a day: opening periods, stints as bars, classes as bands. Nobody's name is in it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from hub.presence.board_row import Place
from hub.presence.board_view import Bar, Mark, StationDay, WhyNot
from hub.presence.presences import Here, Presences
from station.coverage import Coverage, Interval, coverage
from station.names import KioskId
from station.stints import End, Stint

STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
VOLUNTEER: Final = "志愿者"
UNKNOWN_CARD: Final = "未登记卡"


def interval_of(day: date, place: Place) -> Interval:
    """That local day, from midnight to midnight."""
    midnight = datetime.combine(day, time(), place.rules.calendar.zone)
    following = datetime.combine(day + timedelta(days=1), time(), place.rules.calendar.zone)
    return Interval(midnight.astimezone(UTC), following.astimezone(UTC))


def coverage_of(
    place: Place,
    presences: Presences,
    watched: Mapping[KioskId, Sequence[Interval]],
    day: date,
    now: datetime,
    *,
    is_live: bool = False,
) -> Coverage:
    """The classes of that day, up to now.

    What nobody watched is known only as far as taps prove it; the live board takes people to be there as long as
    nothing says otherwise.
    """
    stints = (here.stint for here in presences.stints(place.known.code, now) if here.person.counted)
    periods = place.rules.calendar.periods_on(day)
    return coverage(periods, stints, place.rules, interval_of(day, place), watched, now=now, is_live=is_live)


def picture_of(
    place: Place,
    presences: Presences,
    watched: Mapping[KioskId, Sequence[Interval]],
    day: date,
    now: datetime,
    *,
    findings: tuple[str, ...],
) -> StationDay:
    """The whole picture."""
    assert place.row is not None
    whole = interval_of(day, place)
    stints = [here for here in presences.stints(place.known.code, now) if whole.holds(here.stint.began_at)]
    return StationDay(
        row=place.row,
        date=day,
        periods=tuple((period.opens_at, period.closes_at) for period in place.rules.calendar.periods_on(day)),
        bars=_bars(stints),
        bands=coverage_of(place, presences, watched, day, now).bands,
        findings=findings,
        as_of=now,
    )


def _bars(stints: Iterable[Here]) -> tuple[Bar, ...]:
    """One a stint, in order of arrival; a person keeps the letter of the day."""
    letters: dict[str, str] = {}
    found = []
    for here in sorted(stints, key=lambda here: here.stint.began_at):
        letter = letters.setdefault(here.person.key, _letter(len(letters)))
        stint = here.stint
        open_out = () if stint.out_since is None else ((stint.out_since, None),)
        role = VOLUNTEER if here.person.counted else UNKNOWN_CARD
        outs = (*stint.outs, *open_out)
        found.append(
            Bar(
                letter,
                role,
                stint.began_at,
                stint.ended_at,
                marks_of(stint),
                outs,
                _why_not(here),
                _assumed_from(stint),
            )
        )
    return tuple(found)


def marks_of(stint: Stint) -> tuple[Mark, ...]:
    """How a stint ended where that was not by a tap in time, and why it is to be reviewed."""
    found = {mark for mark in Mark if stint.end is not None and mark.value == stint.end.value}
    found |= {Mark.CLAIMED} if stint.claimed else set()
    found |= {Mark.OFF_HOURS} if stint.counts_from is None else set()
    found |= {Mark.UNCERTAIN} if stint.uncertain else set()
    found |= {Mark.UNMATCHED} if stint.unmatched else set()
    return tuple(mark for mark in Mark if mark in found)


def _why_not(here: Here) -> WhyNot | None:
    if not here.person.counted:
        return WhyNot.UNREGISTERED
    if here.stint.claimed:
        return WhyNot.CLAIMED
    return WhyNot.OFF_HOURS if here.stint.counts_from is None else None


def _assumed_from(stint: Stint) -> datetime | None:
    is_assumed = stint.end is End.ASSUMED and stint.ended_at is not None and stint.proven_until < stint.ended_at
    return stint.proven_until if is_assumed else None


def _letter(index: int) -> str:
    turn, place = divmod(index, len(STEMS))
    return STEMS[place] + (str(turn + 1) if turn else "")
