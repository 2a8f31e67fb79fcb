"""Looks at the board once a second, and keeps each station's alarms: raised, escalated, ended.

The event loop hands the rows over by `look` and waits for nothing; all else is done on a thread of its own. What
people do to alarms stands in the database, and is read there each time; what counts towards the next step is forgotten
with the process, so that after a restart each delay begins again and nothing is told twice.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Engine

from hub.alarms.book import CITY, MatterKey, Pen, Scene, read_running
from hub.alarms.routes import Routes, read_routes
from hub.database.transactions import StoreTroubleError, reading, writing
from hub.intake.rows import ms_of
from hub.presence.board_view import BoardRow
from hub.rights import WHOLE_CITY, Reach
from station.alarms import Alarm, AlarmTerms, Happening, Matter, MatterCourse, advance
from station.clock import Clock
from station.duty import DutyClass

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0
FAREWELL_S: Final = 10.0
MOST_AT_ONCE: Final = 50  # alarms in one transaction, about 0.1 s: what kiosks send waits for no longer
FEWEST: Final = 4  # open stations of which half are silent: of fewer, each has an alarm of its own
_NOWHERE: Final = Reach("-", "-", "-")  # within no reach but the whole city's
_FINE: Final = frozenset({DutyClass.MET, DutyClass.CLOSED})


class _Step(NamedTuple):
    scene: Scene
    course: MatterCourse
    happened: tuple[Happening, ...]
    known: tuple[int, Alarm] | None


class Keeper:
    """All alarms of the city.

    Args:
        engine: the database.
        clock: whose now it is.
        ask: makes the event loop hand the rows over.
        is_linked: whether the hub itself has its broker.
        wake: told when there is something to be sent.
        terms: other delays than the usual ones.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        *,
        ask: Callable[[], None] = lambda: None,
        is_linked: Callable[[], bool] = lambda: True,
        wake: Callable[[], None] = lambda: None,
        terms: AlarmTerms | None = None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._ask = ask
        self._is_linked = is_linked
        self._wake = wake
        self._terms = terms or AlarmTerms()
        self._rows: tuple[BoardRow, ...] = ()
        self._courses: dict[MatterKey, MatterCourse] = {}
        self._is_in_trouble = False
        self._stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name="hub alarms", daemon=True)
        """For who looks whether it lives."""

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        if self.thread.is_alive():
            self.thread.join(FAREWELL_S)

    def look(self, rows: tuple[BoardRow, ...]) -> None:
        """Take the board as it is; the event loop's."""
        self._rows = rows

    def work(self) -> None:
        """Let time pass up to now.

        Raises:
            StoreTroubleError: nothing of it is kept; it is done the next time.
        """
        rows = self._rows
        if not rows:
            return
        now = self._clock.now()
        with reading(self._engine) as connection:
            running, routes = read_running(connection), read_routes(connection)
        steps = self._steps(rows, running, routes, now)
        eventful = [(key, step) for key, step in steps.items() if step.happened]
        for first in range(0, len(eventful), MOST_AT_ONCE):
            self._keep(eventful[first : first + MOST_AT_ONCE], routes, now)
        self._courses |= {key: step.course for key, step in steps.items() if not step.happened}

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            self._ask()
            try:
                self.work()
            except StoreTroubleError as exc:
                if not self._is_in_trouble:
                    log.error("alarms cannot be kept: %s; it is tried again", exc)  # noqa: TRY400 -- no trace
                self._is_in_trouble = True
            else:
                self._is_in_trouble = False

    def _steps(
        self, rows: Sequence[BoardRow], running: dict[MatterKey, tuple[int, Alarm]], routes: Routes, now: datetime
    ) -> dict[MatterKey, _Step]:
        classes = {row.code: row.duty_class for row in rows}
        is_outage = self._is_outage(rows)
        looked = [(_scene(row, matter), classes[row.code]) for row in rows for matter in Matter]
        looked.append((_city(rows), _class_of_city(rows, is_outage=is_outage)))
        looked += [(_gone(key), DutyClass.CLOSED) for key in running if key[0] not in classes and key[0] != CITY]
        steps = {}
        for scene, duty_class in looked:
            key = scene.code, scene.matter
            course, known = self._courses.get(key), running.get(key)
            if course is None and known is None and duty_class in _FINE:
                continue
            if is_outage and scene.matter is Matter.WATCHING and scene.code != CITY and duty_class is DutyClass.UNKNOWN:
                self._courses.pop(key, None)  # the city's own alarm stands for it, and its delay begins anew
                continue
            course = replace(course or MatterCourse(scene.matter), alarm=known[1] if known else None)
            course, happened = advance(course, duty_class, now, partial(routes.levels, scene.place), self._terms)
            steps[key] = _Step(scene, course, happened, known)
        return steps

    def _keep(self, steps: Sequence[tuple[MatterKey, _Step]], routes: Routes, now: datetime) -> None:
        """Write down what happened, but for what somebody has changed meanwhile: that is looked at anew."""
        kept = {}
        with writing(self._engine) as connection:
            running = read_running(connection, to_change=True)
            pen = Pen(connection, routes, ms_of(now))
            for key, step in steps:
                if running.get(key) != step.known:
                    continue
                number = step.known[0] if step.known else None
                for happening in step.happened:
                    number = pen.write_down(step.scene, number, happening)
                kept[key] = step.course
        self._courses |= kept
        self._wake()

    def _is_outage(self, rows: Sequence[BoardRow]) -> bool:
        open_ = [row for row in rows if row.is_open]
        silent = sum(row.duty_class is DutyClass.UNKNOWN for row in open_)
        return bool(open_) and (not self._is_linked() or (len(open_) >= FEWEST and 2 * silent >= len(open_)))


def _scene(row: BoardRow, matter: Matter) -> Scene:
    place = Reach(row.district_code, row.kind, row.code)
    return Scene(row.code, place, matter, row.on_duty, row.minimum, row.target)


def _city(rows: Sequence[BoardRow]) -> Scene:
    silent = sum(row.duty_class is DutyClass.UNKNOWN for row in rows)
    return Scene(CITY, _NOWHERE, Matter.WATCHING, silent, 0, 0)


def _gone(key: MatterKey) -> Scene:
    return Scene(key[0], WHOLE_CITY, key[1], 0, 0, 0)


def _class_of_city(rows: Sequence[BoardRow], *, is_outage: bool) -> DutyClass:
    if is_outage:
        return DutyClass.UNKNOWN
    return DutyClass.MET if any(row.is_open for row in rows) else DutyClass.CLOSED
