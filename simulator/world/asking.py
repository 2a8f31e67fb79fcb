"""Somebody at the hub who asks kiosks for this and that over the wire, while people come: no tap may suffer by it."""

import json
from datetime import timedelta
from functools import partial
from random import Random
from typing import Final

from hub.asking.asked import CommandOutcome, ask, read_asked
from hub.asking.configuring import want
from hub.asking.kinds import COLLECT, IDENTIFY, RESTART, CommandKind
from hub.database.transactions import StoreTroubleError, reading, writing
from simulator.world.centre import Centre
from simulator.world.timeline import Timeline
from station.names import KioskId

LOOKS: Final = 60  # of the hub for what is due, after each question
EVERY_S: Final = 11.0  # a little more than the hub waits before it asks again
NOBODY: Final = CommandKind("dance", timedelta(minutes=5))
KINDS: Final = (IDENTIFY, RESTART, COLLECT, NOBODY)
WANTED: Final = ({"has_clock_chip": False}, {"limits": {"guard_s": 5.0}})


class AskingAround:
    """What is asked, and of whom.

    Attributes:
        asked: the ids of all commands.
    """

    def __init__(self, centre: Centre, timeline: Timeline, seed: int) -> None:
        self._centre, self._timeline, self._rng = centre, timeline, Random(f"{seed} asking")
        self.asked: list[str] = []

    def ask(self, kiosk: str) -> None:
        """Ask something of that kiosk, and let the hub see to it for a while."""
        try:
            with writing(self._centre.engine) as connection:
                if self._rng.random() < 1 / (len(KINDS) + 1):
                    table = json.loads(json.dumps(self._rng.choice(WANTED)))
                    _, id_ = want(connection, KioskId(kiosk), table, by="world", now=self._timeline.now)
                else:
                    kind = self._rng.choice(KINDS)
                    id_ = ask(connection, KioskId(kiosk), kind, by="world", now=self._timeline.now)
        except StoreTroubleError:
            return
        self.asked.append(id_)
        for number in range(LOOKS):
            self._timeline.call_in(EVERY_S * number, partial(self._see_to, id_))

    def outcomes(self) -> list[CommandOutcome]:
        """What came of all of them, as the hub's database has it now; one that was put back knows nothing of some."""
        with reading(self._centre.engine) as connection:
            found = [read_asked(connection, id_) for id_ in self.asked]
        return [asked.outcome for asked in found if asked is not None]

    def _see_to(self, id_: str) -> None:
        if self._centre.hub is not None:
            try:
                with reading(self._centre.engine) as connection:
                    asked = read_asked(connection, id_)
            except StoreTroubleError:
                return
            if asked is not None and not asked.has_ended:
                self._centre.hub.look_round()
