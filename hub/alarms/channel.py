"""What a message is, and the door through which it leaves.

A message tells a station's short name, counts and the reason, and nothing of any person; only a station's own channel
is told who could come, by masked name. What a channel answers is a value:
that it refuses, hangs or is gone is expected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from station.alarms import Lack, What

TEST = "test"
"""What a message tells that somebody asked for, to try a channel."""


@dataclass(frozen=True, slots=True)
class AlarmMessage:
    """One thing to be told.

    Attributes:
        number: names it for ever.
        what: a `What`, or `TEST`.
        alarm: the alarm's number; 0 for none.
        station: the short name; empty for the city.
        district: the name of the station's; empty where it has none.
        on_duty: how many were there; of the city's own alarm, and a group's, at how many stations nobody can tell.
        wanted: how many are wanted.
        since: when what it tells of began.
        at: when it was written.
        why: why somebody lacks, and what to do, in a line.
        could_come: who could come, by masked name; only for the station's own channel.
        is_group: whether it is of stations of one district that fell silent together: `on_duty` is how many still are.
        is_plain: whether it is told by no more than where, for the hub fails over the rest of it.
    """

    number: int
    what: What | str
    lack: Lack
    alarm: int = 0
    code: str = ""
    station: str = ""
    district: str = ""
    on_duty: int = 0
    wanted: int = 0
    since: datetime | None = None
    at: datetime | None = None
    why: str = ""
    could_come: tuple[str, ...] = ()
    is_plain: bool = False
    is_group: bool = False


class Receipt(NamedTuple):
    """What came of sending; the text is never an address or a secret."""

    is_taken: bool
    text: str


class Channel(Protocol):
    """One robot, hook or mailbox. Blocks, up to half a minute; may be called from any one thread."""

    @property
    def most(self) -> int:
        """How many messages it takes as one."""

    @property
    def a_minute(self) -> int:
        """How often it may be called in a minute."""

    def send(self, messages: Sequence[AlarmMessage], now: datetime) -> Receipt:
        """Deliver these as one; a refusal is an answer, and so is silence."""
