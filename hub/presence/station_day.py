"""One station's picture of a day: opening periods, stints as bars, classes as bands. Nobody's name is in it.

Made the same way of what is remembered of today, and of what the ledger has of any day. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from hub.ledger.past import Marked
from hub.ledger.stint_rows import LedgerStint
from hub.presence.board_view import Bar, BoardRow, Mark, StationDay, WhyNot
from hub.presence.recent import Recent
from hub.presence.recent_watching import Watching
from hub.register.rulebook import Rulebook
from station.coverage import Coverage, Interval, coverage, whole_of
from station.duty import StationRules
from station.milliseconds import moment_of
from station.names import KioskId, StationCode
from station.stints import End, Stint, stint_at

STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
VOLUNTEER: Final = "志愿者"
UNKNOWN_CARD: Final = "未登记卡"

Watched = Mapping[KioskId, Sequence[tuple[datetime, datetime]]]


class DayKnown(NamedTuple):
    """What is known of a station's day.

    Attributes:
        day: the local one.
        stints: those that may overlap it, whoever's.
        watched: when each kiosk that was in service watched.
        marked: the taps that want a review.
        first_day: the local day of the station's first record; None where there is none.
        now: as far as it is known.
    """

    day: date
    stints: Sequence[LedgerStint]
    watched: Watched
    marked: Sequence[Marked]
    first_day: date | None
    now: datetime


def known_today(
    station: StationCode,
    recent: Recent,
    watching: Watching,
    *,
    heard: Mapping[KioskId, bool],
    rules: StationRules,
    now: datetime,
    days_ago: int = 0,
) -> DayKnown:
    """Today, or a day shortly before it, as it is remembered.

    Args:
        station: whose day.
        recent: who was where lately.
        watching: when kiosks watched lately.
        heard: the kiosks in service, and whether each is heard: then it has watched since its last record.
        rules: the station's.
        now: the moment.
        days_ago: 0 is today.
    """
    watched: Watched = {kiosk: watching.watched_by(kiosk, now, is_heard=is_heard) for kiosk, is_heard in heard.items()}
    today = rules.calendar.local_day(now)
    return DayKnown(today - timedelta(days=days_ago), list(recent.stints(station)), watched, (), today, now)


def coverage_of(known: DayKnown, rules: StationRules, *, is_live: bool = False) -> Coverage:
    """The classes of that day, as far as it is known.

    What nobody watched is known only as far as taps prove it; the live board takes people to be there as long as
    nothing says otherwise.
    """
    stints = (one.told for one in known.stints if one.counted and one.stint.began_at <= known.now)
    periods = rules.calendar.periods_on(known.day)
    whole = whole_of(known.day, rules.calendar.zone)
    return coverage(periods, stints, rules, whole, known.watched, now=known.now, is_live=is_live)


def picture_of(
    known: DayKnown, row: BoardRow, rules: StationRules, book: Rulebook, findings: tuple[str, ...]
) -> StationDay:
    """The whole picture."""
    whole = whole_of(known.day, rules.calendar.zone)
    is_recorded = known.first_day is not None and known.first_day <= known.day and whole.since <= known.now
    periods = rules.calendar.periods_on(known.day)
    if not is_recorded:
        return StationDay(
            row, known.day, (), (), (), findings, known.now, is_recorded=False, first_day=known.first_day,
            kiosks=tuple(known.watched),
        )  # fmt: skip
    return StationDay(
        row=row,
        date=known.day,
        periods=tuple((period.opens_at, period.closes_at) for period in periods),
        bars=_bars(known, whole, rules, book),
        bands=coverage_of(known, rules).bands,
        findings=findings,
        as_of=known.now,
        first_day=known.first_day,
        kiosks=tuple(known.watched),
    )


def _bars(known: DayKnown, whole: Interval, rules: StationRules, book: Rulebook) -> tuple[Bar, ...]:
    """One a stint, in order of arrival; a person keeps the letter of the day."""
    letters: dict[str, str] = {}
    found = []
    for one in sorted(known.stints, key=lambda one: (one.stint.began_at, one.run, one.seq)):
        stint = stint_at(one.told, known.now, rules)
        if stint.began_at >= whole.until or stint.began_at > known.now or (stint.ended_at or known.now) < whole.since:
            continue
        letter = letters.setdefault(one.person, _letter(len(letters)))
        open_out = () if stint.out_since is None else ((stint.out_since, None),)
        role = VOLUNTEER if one.counted else UNKNOWN_CARD
        marks = {*marks_of(stint), *_tapped_again(one, stint, known, book)}
        found.append(
            Bar(
                letter,
                role,
                stint.began_at,
                stint.ended_at,
                tuple(mark for mark in Mark if mark in marks),
                (*stint.outs, *open_out),
                _why_not(one, stint, book),
                _assumed_from(stint),
            )
        )
    return tuple(found)


def _tapped_again(one: LedgerStint, stint: Stint, known: DayKnown, book: Rulebook) -> Iterable[Mark]:
    """Whether that person tapped within the stint and nothing was to be changed."""
    until = stint.ended_at or known.now
    for tap in known.marked:
        if (
            tap.mark == Mark.AGAIN
            and stint.began_at <= moment_of(tap.at_ms) <= until
            and book.identity(tap.token, tap.at_ms).person == one.person
        ):
            yield Mark.AGAIN


def marks_of(stint: Stint) -> tuple[Mark, ...]:
    """How a stint ended where that was not by a tap in time, and why it is to be reviewed."""
    found = {mark for mark in Mark if stint.end is not None and mark.value == stint.end.value}
    found |= {Mark.CLAIMED} if stint.claimed else set()
    found |= {Mark.OFF_HOURS} if stint.is_off_hours and not stint.claimed else set()
    found |= {Mark.UNCERTAIN} if stint.uncertain else set()
    found |= {Mark.UNMATCHED} if stint.unmatched else set()
    return tuple(mark for mark in Mark if mark in found)


def _why_not(one: LedgerStint, stint: Stint, book: Rulebook) -> WhyNot | None:
    if not one.counted:
        return WhyNot.LOST_CARD if book.is_lost(one.person, one.tapped_ms) else WhyNot.UNREGISTERED
    if stint.claimed:
        return WhyNot.CLAIMED
    if stint.unproven:
        return WhyNot.UNPROVEN
    return WhyNot.OFF_HOURS if stint.is_off_hours else None


def _assumed_from(stint: Stint) -> datetime | None:
    is_assumed = stint.end is End.ASSUMED and stint.ended_at is not None and stint.proven_until < stint.ended_at
    return stint.proven_until if is_assumed else None


def _letter(index: int) -> str:
    turn, place = divmod(index, len(STEMS))
    return STEMS[place] + (str(turn + 1) if turn else "")
