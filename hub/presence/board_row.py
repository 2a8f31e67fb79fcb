"""One station's row: its class now, and the figures beside it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from hub.presence.board_view import BoardRow
from hub.presence.liveness import KioskStatus, Liveness
from hub.presence.recent import Present
from hub.register.directory import KnownKiosk, KnownStation
from station.duty import DutyClass, StationRules, class_of
from station.hours import HORIZON
from station.names import KioskId

_HEARD = frozenset({KioskStatus.ONLINE, KioskStatus.BLIND})
SOON = timedelta(minutes=30)  # before an opening: long enough to call somebody, short enough to know who is late
INSTANT = timedelta(milliseconds=1)  # what a moment includes is over one instant later


class StationWatch(NamedTuple):
    """Who would see a card at a station now.

    Attributes:
        kiosks: in service.
        heard: of these, those heard lately.
        watching: of these, those whose reader would see a card.
        lost: of these, those not heard any more.
        blind: of these, those not lost whose reader sees no card, by what they last said.
    """

    kiosks: int
    heard: int
    watching: int
    lost: int
    blind: int = 0

    @property
    def sees_shortfalls(self) -> bool:
        """Whether nobody on duty would mean that nobody is there."""
        return self.watching > 0 and not self.lost

    @property
    def is_whole(self) -> bool:
        """Whether none of them is lost or blind."""
        return not self.lost and not self.blind


def watch_at(kiosks: tuple[KioskId, ...], liveness: Liveness, at: datetime) -> StationWatch:
    """How a station's kiosks stand."""
    statuses = [liveness.status(kiosk, at) for kiosk in kiosks]
    return StationWatch(
        kiosks=len(kiosks),
        heard=sum(status in _HEARD for status in statuses),
        watching=sum(liveness.watches(kiosk, at) for kiosk in kiosks),
        lost=statuses.count(KioskStatus.LOST),
        blind=sum(
            status is not KioskStatus.LOST and liveness.heard(kiosk).is_blind
            for kiosk, status in zip(kiosks, statuses, strict=True)
        ),
    )


@dataclass(slots=True)
class StandingStation:
    """One station and how it stands.

    Attributes:
        kiosks: those in service today.
        due_at: when it is looked at again, at the latest; None if never.
        awaited_until: the end of the shift whose people are awaited; None where nobody has looked.
    """

    known: KnownStation
    rules: StationRules
    kiosks: tuple[KnownKiosk, ...]
    row: BoardRow | None = None
    due_at: datetime | None = None
    awaited_until: datetime | None = None
    _is_open: bool = False
    _change_at: datetime | None = None
    _read_at: datetime | None = None

    @property
    def kiosk_ids(self) -> tuple[KioskId, ...]:
        """The ids of its kiosks in service."""
        return tuple(kiosk.id for kiosk in self.kiosks)

    def hours_at(self, at: datetime) -> tuple[bool, datetime | None]:
        """Whether it is open, and when that changes next; the calendar is asked only when it has something new."""
        is_known = self._read_at is not None and self._read_at <= at
        if not is_known or (self._change_at is not None and at >= self._change_at) or self._is_stale(at):
            calendar = self.rules.calendar
            self._is_open, self._change_at, self._read_at = calendar.is_open(at), calendar.next_change(at), at
        return self._is_open, self._change_at

    def opened_at(self, at: datetime) -> datetime | None:
        """When the period began that runs then, longer ago than anybody looks where it is open round the clock.

        Asked only of a station in trouble.
        """
        around = self.rules.calendar.stretches(at - timedelta(days=1), at + INSTANT)
        return max((period.opens_at for period in around if period.contains(at)), default=None)

    def closed_at(self, at: datetime) -> datetime | None:
        """When it closed, perhaps on an earlier day; None where it has not been open within the calendar's horizon."""
        around = self.rules.calendar.stretches(at - HORIZON, at)
        return max((period.closes_at for period in around if period.closes_at <= at), default=None)

    def _is_stale(self, at: datetime) -> bool:
        """A station that does not open within the calendar's horizon is asked again each day."""
        return self._change_at is None and self._read_at is not None and at - self._read_at > timedelta(days=1)


def duty_class_of(place: StandingStation, present: Present, watch: StationWatch, at: datetime) -> DutyClass:
    """The class on the live board."""
    is_open, _ = place.hours_at(at)
    on, out = present.counted
    return class_of(place.rules.terms_at(at).duty, on, out, is_open=is_open, watched=watch.sees_shortfalls)


def board_row_of(
    place: StandingStation, present: Present, watch: StationWatch, since: datetime | None, at: datetime
) -> BoardRow:
    """The station as the board shows it."""
    duty_class = duty_class_of(place, present, watch, at)
    is_open, change_at = place.hours_at(at)
    known, duty = place.known, place.rules.terms_at(at).duty
    return BoardRow(
        code=known.code,
        name=known.name,
        district=known.district,
        kind=known.kind,
        duty_class=duty_class,
        on_duty=present.counted.on_duty,
        stepped_out=present.counted.stepped_out,
        unknown_cards=present.unknown_cards,
        minimum=duty.minimum,
        target=duty.target,
        since=since,
        next_change_at=change_at,
        is_open=is_open,
        partial=duty_class is DutyClass.VACANT and watch.watching < watch.kiosks,
        kiosks=watch.kiosks,
        kiosks_heard=watch.heard,
        lead=known.lead,
        short_name=known.short_name,
        district_code=known.district_code,
        closed_for="" if is_open else known.closed_for(place.rules.calendar.local_day(at)),
        opens_soon=not is_open and change_at is not None and change_at - at <= SOON,
    )
