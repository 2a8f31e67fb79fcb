"""People who do something about an alarm that they were told of: acknowledge it, put it off, or close it.

They do it a while later, and only while a hub runs, by what its pages and its command line do it by. An alarm may be
over by then, and the database may take nothing.
"""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any, Final

from sqlalchemy import Engine
from sqlmodel import col, select

from hub.alarms.acting import ActError, Actor
from hub.alarms.channel import AlarmMessage
from hub.database.alarm_tables import AlarmRow
from hub.database.transactions import writing
from simulator.world.timeline import Timeline
from station.alarms import What
from station.milliseconds import ms_of

SOONEST_S, LATEST_S = 30.0, 1500.0
PUT_OFF_S: Final = (120, 2400)
DEEDS: Final = ("acknowledged", "put off", "closed")
_CALLS: Final = frozenset({What.RAISED, What.ESCALATED})


class Handling:
    """Whoever is told.

    Args:
        share: of the messages about which something is done.
        go: does it where a hub runs, by its database.

    Attributes:
        done: what was done, as the evidence has it.
    """

    def __init__(
        self, timeline: Timeline, seed: int, share: float, go: Callable[[Callable[[Engine], None]], None]
    ) -> None:
        self._timeline, self._share, self._go = timeline, share, go
        self._rng = Random(f"{seed} handling")
        self.done: list[dict[str, Any]] = []

    def hear(self, message: AlarmMessage) -> None:
        """Somebody is told."""
        if message.what in _CALLS and self._rng.random() < self._share:
            do = partial(self._do, message.alarm, self._rng.choice(DEEDS), self._rng.randint(*PUT_OFF_S))
            self._timeline.call_in(self._rng.uniform(SOONEST_S, LATEST_S), partial(self._go, do))

    def _do(self, number: int, deed: str, put_off_s: int, engine: Engine) -> None:
        now_ms = ms_of(self._timeline.now)
        until_ms = now_ms + put_off_s * 1000
        try:
            with writing(engine) as connection:
                actor = Actor(connection, "world", now_ms)
                match deed:
                    case "acknowledged":
                        actor.acknowledge(number)
                    case "put off":
                        actor.snooze(number, until_ms)
                    case _:
                        actor.close(number, "seen to")
                found = connection.execute(select(AlarmRow).where(col(AlarmRow.number) == number)).one()
        except ActError:  # it is over
            return
        self.done.append(
            {"at_ms": now_ms, "station": found.station, "lack": found.lack, "deed": deed, "until_ms": until_ms}
        )
