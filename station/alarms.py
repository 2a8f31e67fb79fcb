"""What an alarm is: what may lack, who is told, how long things may last, what happens to it. Pure values.

When each of it happens is `alarm_course`'s.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Lack(StrEnum):
    """What is the matter; of one station a worse one takes the place of the other."""

    SHORT = "short"
    """Fewer than the target, though the minimum is there."""
    VACANT = "vacant"
    """Fewer than the minimum."""
    UNWATCHED = "unwatched"
    """Nobody can tell: no kiosk is heard, or its reader is blind."""


class Matter(StrEnum):
    """What a course follows."""

    DUTY = "duty"
    WATCHING = "watching"


class Level(IntEnum):
    """Who is told, in the order in which they are."""

    LEAD = 1
    OVERSEER = 2
    """The county, or the authority over that kind of host."""
    CITY = 3


class Ending(StrEnum):
    """Why an alarm is over."""

    MET = "met"
    """What lacked is there."""
    CLOSING = "closing"
    """The station has closed."""
    WORSE = "worse"
    """A worse one took its place."""
    JOINED = "joined"
    """Others fell silent with it: the alarm of all of them took its place."""


@dataclass(frozen=True, slots=True)
class AlarmTerms:
    """How long things may last; all of it opening time in which it was known how the station stands."""

    vacant: timedelta = timedelta(minutes=5)
    short: timedelta = timedelta(minutes=15)
    unwatched: timedelta = timedelta(minutes=3)
    overseer: timedelta = timedelta(minutes=15)
    """After the lead was told."""
    city: timedelta = timedelta(minutes=30)
    """After the lead was told."""

    def delay(self, lack: Lack) -> timedelta:
        """How long it lasts before anybody is told."""
        return {Lack.SHORT: self.short, Lack.VACANT: self.vacant, Lack.UNWATCHED: self.unwatched}[lack]

    def between(self, lower: Level, higher: Level) -> timedelta:
        """How long the one has before the other is told."""
        after = {Level.LEAD: timedelta(0), Level.OVERSEER: self.overseer, Level.CITY: self.city}
        return max(after[higher] - after[lower], timedelta(0))


@dataclass(frozen=True, slots=True)
class Alarm:
    """One that was raised and is not over.

    Attributes:
        level: up to whom it was told.
        snoozed_until: nobody further is told before; None where nobody asked for it.
        is_closed: somebody has closed it, so that it is told no more while what it tells of lasts.
    """

    lack: Lack
    level: Level
    is_acknowledged: bool = False
    snoozed_until: datetime | None = None
    is_closed: bool = False

    def rises_at(self, now: datetime) -> bool:
        """Whether time leads to others being told."""
        is_put_off = self.snoozed_until is not None and now < self.snoozed_until
        return not (self.is_acknowledged or self.is_closed or is_put_off)


class What(StrEnum):
    """What happens to an alarm by itself."""

    RAISED = "raised"
    ESCALATED = "escalated"
    ENDED = "ended"


class Happening(NamedTuple):
    """One thing that happens.

    Attributes:
        alarm: as it is then.
        since: when what it tells of began, as far as it was seen; of a raised one.
        ending: of one that ended.
    """

    what: What
    alarm: Alarm
    since: datetime | None = None
    ending: Ending | None = None


LevelsOf = Callable[[Lack], frozenset[Level]]
"""Which levels there are to be told of it."""
