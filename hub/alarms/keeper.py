"""Looks at the board once a second, and keeps each station's alarms: raised, escalated, ended.

The event loop hands the rows over by `look` and waits for nothing; all else is done on a thread of its own. What
people do to alarms stands in the database, and is read there each time; so does what counts towards the next step, so
that a restart repeats nothing and lets nobody wait anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Engine

from hub.alarms.book import CITY, AlarmPen, MatterKey, Scene, read_running, read_to_change
from hub.alarms.courses import CourseKeeping, read_courses
from hub.alarms.routes import Routes, read_routes
from hub.database.transactions import reading, writing
from hub.intake.rows import ms_of
from hub.presence.board_view import BoardRow
from hub.presence.leaving_out import Attempt, plainly
from hub.rights import WHOLE_CITY, Reach
from station.alarms import Alarm, AlarmTerms, Happening, Matter, MatterCourse, What, advance, handled, next_at
from station.clock import Clock
from station.duty import DutyClass

LOOK_EVERY_S: Final = 1.0
MOST_AT_ONCE: Final = 16  # alarms in one transaction, some 12 ms: what kiosks send waits for no longer
FEWEST: Final = 4  # open stations of which half are silent: of fewer, each has an alarm of its own
_NOWHERE: Final = Reach("-", "-", "-")  # within no reach but the whole city's
_FINE: Final = frozenset({DutyClass.MET, DutyClass.CLOSED})


_Known = tuple[int, Alarm] | None


class Step(NamedTuple):
    """What comes of one look at one matter; `known` is its alarm as it was found."""

    scene: Scene
    course: MatterCourse
    happened: tuple[Happening, ...]
    known: _Known


class _Rest(NamedTuple):
    """What a matter was looked at by, and when it must be again though all of that is the same."""

    row: BoardRow
    known: _Known
    since: datetime
    until: datetime | None

    def lasts(self, now: datetime) -> bool:
        """Whether it need not be looked at yet; once the clock was put back, it must."""
        return self.until is None or self.since <= now < self.until


class Keeper:
    """All alarms of the city.

    Args:
        engine: the database.
        clock: whose now it is.
        is_linked: whether the hub itself has its broker.
        wake: told when there is something to be sent.
        terms: other delays than the usual ones.
        say: says in a line why a station lacks somebody, and what to do.
        attempt: supervises what is done for one station, so that it stands in no other's way.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        *,
        is_linked: Callable[[], bool] = lambda: True,
        wake: Callable[[], None] = lambda: None,
        terms: AlarmTerms | None = None,
        say: Callable[[BoardRow, datetime], str] = lambda _row, _now: "",
        attempt: Attempt = plainly,
    ) -> None:
        self._engine = engine
        self._say = say
        self._clock = clock
        self._is_linked = is_linked
        self._wake = wake
        self._terms = terms or AlarmTerms()
        self._rows: tuple[BoardRow, ...] = ()
        self._courses: dict[MatterKey, MatterCourse] = {}
        self._resting: dict[MatterKey, _Rest] = {}
        self._courses_kept = CourseKeeping(engine)
        self._has_resumed = False
        self._over: set[MatterKey] = set()
        self._city_due: datetime | None = None
        self._routes: Routes | None = None
        self._attempt = attempt

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
        if not self._has_resumed:
            self._resume(running, now)
        if routes != self._routes:  # whom there is to be told decides when
            self._resting.clear()
        self._routes = routes
        steps = self._steps(rows, running, routes, now)
        self._courses |= {key: step.course for key, step in steps.items() if not step.happened}
        eventful = [(key, step) for key, step in steps.items() if step.happened]
        for first in range(0, len(eventful), MOST_AT_ONCE):
            self._keep(eventful[first : first + MOST_AT_ONCE], routes, now)
        self._courses_kept.keep(self._courses, {row.code: row.next_change_at for row in rows if row.is_open}, now)

    def _resume(self, running: dict[MatterKey, tuple[int, Alarm]], now: datetime) -> None:
        """Go on where an earlier life of the hub ended."""
        with reading(self._engine) as connection:
            left = read_courses(connection, {key: alarm for key, (_, alarm) in running.items()}, now)
        self._courses_kept.know(left)
        self._courses = {key: one.course for key, one in left.items()}
        self._over = {key for key, one in left.items() if one.is_over}
        self._has_resumed = True

    def note_looked(self) -> None:
        """Keep that the hub has looked up to now.

        Raises:
            StoreTroubleError: that is not kept.
        """
        self._courses_kept.note_looked(self._clock.now())

    def next_due(self) -> datetime | None:
        """When time alone makes something happen next, if no row changes; None: never. For who lets time pass."""
        due = [self._city_due, *(rest.until for rest in self._resting.values())]
        return min((at for at in due if at is not None), default=None)

    def _steps(
        self, rows: Sequence[BoardRow], running: dict[MatterKey, tuple[int, Alarm]], routes: Routes, now: datetime
    ) -> dict[MatterKey, Step]:
        is_outage = self._is_outage(rows)
        steps = {}
        for row in rows:
            for matter in Matter:
                key = row.code, matter
                known = running.pop(key, None)
                if is_outage and matter is Matter.WATCHING and row.duty_class is DutyClass.UNKNOWN:
                    self._forget(key)  # the city's own alarm stands for it, and its delay begins anew
                    continue
                rest = self._resting.get(key)
                if rest and rest.row is row and rest.known == known and rest.lasts(now):
                    continue
                is_over = key in self._over
                step = self._attempt(self._step, _scene(row, matter), row.duty_class, known, routes, now)
                if step is not None:
                    steps[key] = step
                self._resting[key] = _Rest(row, known, now, now if is_over else self._due(step, routes, now))
        city = _city(rows)
        ofs = [(city, _class_of_city(rows, is_outage=is_outage), running.pop((CITY, city.matter), None))]
        ofs += [(_gone(key), DutyClass.CLOSED, known) for key, known in running.items()]
        for scene, duty_class, known in ofs:
            step = self._step(scene, duty_class, known, routes, now)
            if step is not None:
                steps[scene.code, scene.matter] = step
        self._city_due = self._due(steps.get((CITY, city.matter)), routes, now)
        return steps

    def _due(self, step: Step | None, routes: Routes, now: datetime) -> datetime | None:
        """When that must be looked at again though nothing changes."""
        if step is None or step.happened:
            return None if step is None else now
        return next_at(step.course, partial(routes.levels, step.scene.place), self._terms)

    def _step(self, scene: Scene, duty_class: DutyClass, known: _Known, routes: Routes, now: datetime) -> Step | None:
        """One matter, looked at now; None where there is nothing to follow."""
        key = scene.code, scene.matter
        course = self._courses.get(key)
        if key in self._over:  # the station has closed and opened again while no hub ran
            self._over.discard(key)
            duty_class = DutyClass.CLOSED
        if course is None and known is None and duty_class in _FINE:
            return None
        course = handled(course or MatterCourse(scene.matter), known[1] if known else None, now)
        course, happened = advance(course, duty_class, now, partial(routes.levels, scene.place), self._terms)
        return Step(scene, course, happened, known)

    def _forget(self, key: MatterKey) -> None:
        self._courses.pop(key, None)
        self._resting.pop(key, None)

    def _keep(self, steps: Sequence[tuple[MatterKey, Step]], routes: Routes, now: datetime) -> None:
        """Write down what happened, but for what somebody has changed meanwhile: that is looked at anew."""
        rows = {row.code: row for row in self._rows}
        with writing(self._engine) as connection:
            running = read_to_change(connection, {step.scene.code for _, step in steps})
            pen = AlarmPen(connection, routes, ms_of(now))
            to_keep = [(key, step, self._why(step, rows, now)) for key, step in steps if running.get(key) == step.known]
            first = [(scene, step.happened[0]) for _, step, scene in to_keep if step.known is None]
            numbers = iter(pen.raise_all(first))
            for _, step, scene in to_keep:
                number = step.known[0] if step.known else next(numbers)
                for i, happening in enumerate(step.happened):
                    is_another = happening.what is What.RAISED and (i > 0 or step.known is not None)
                    if is_another:  # the one before it is over now, and there is never more than one
                        (number,) = pen.raise_all([(scene, happening)])
                    pen.write_down(scene, number, happening)
            pen.finish()
        kept = {key: step.course for key, step, _ in to_keep}
        self._courses |= kept
        self._wake()

    def _why(self, step: Step, rows: Mapping[str, BoardRow], now: datetime) -> Scene:
        row = rows.get(step.scene.code)
        return step.scene if row is None else replace(step.scene, why=self._attempt(self._say, row, now) or "")

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
