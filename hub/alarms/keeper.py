"""Looks at the board once a second, and keeps each station's alarms: raised, escalated, ended.

The event loop hands the rows over by `look` and waits for nothing; all else is done on a thread of its own. What
people do to alarms stands in the database, and is read there each time; so does what counts towards the next step, so
that a restart repeats nothing and lets nobody wait anew.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Engine

from hub.alarms.book import MatterKey, Running, Scene, read_running
from hub.alarms.courses import CourseKeeping, read_courses
from hub.alarms.gathering import Gathering, Glance, gather
from hub.alarms.members import read_group_members
from hub.alarms.places import CITY, is_group
from hub.alarms.routes import Routes, read_routes
from hub.alarms.scenes import class_of_city, reach_of, scene_of, scene_of_city, scene_of_gone, scene_of_group
from hub.alarms.writing_down import AlarmWriting, KnownAlarm, Step, changes_of_members
from hub.database.transactions import reading
from hub.presence.board_view import BoardRow
from hub.presence.leaving_out import Attempt, plainly
from station.alarm_course import MatterCourse, advance, begun_anew, handled, joined, next_at, together
from station.alarms import Alarm, AlarmTerms, Matter
from station.clock import Clock
from station.duty import DutyClass

LOOK_EVERY_S: Final = 1.0
MOST_AT_ONCE: Final = 16  # alarms in one transaction, some 12 ms: what kiosks send waits for no longer
FEWEST: Final = 4  # open stations of which half are silent: of fewer, each has an alarm of its own
_FINE: Final = frozenset({DutyClass.MET, DutyClass.CLOSED})


class _Rest(NamedTuple):
    """What a matter was looked at by, and when it must be again though all of that is the same."""

    row: BoardRow | frozenset[str]
    known: KnownAlarm
    since: datetime
    until: datetime | None
    group: str = ""

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
        self._clock = clock
        self._is_linked = is_linked
        self._wake = wake
        self._terms = terms or AlarmTerms()
        self._rows: tuple[BoardRow, ...] = ()
        self._courses: dict[MatterKey, MatterCourse] = {}
        self._resting: dict[MatterKey, _Rest] = {}
        self._courses_kept = CourseKeeping(engine)
        self._has_resumed = False
        self._over: dict[MatterKey, datetime] = {}
        self._city_due: datetime | None = None
        self._routes: Routes | None = None
        self._attempt = attempt
        self._writing = AlarmWriting(engine, say, attempt)

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
            running, routes, groups = read_running(connection), read_routes(connection), read_group_members(connection)
        if not self._has_resumed:
            self._resume(running, now)
        if routes != self._routes:  # whom there is to be told decides when
            self._resting.clear()
        self._routes = routes
        looked = Glance(rows, dict(running), groups, self._courses, self._over, now, self._terms)
        is_outage = self._is_outage(rows)
        gathering = gather(looked, is_outage=is_outage)
        self._let_go({row.code for row in rows} | gathering.members().keys())
        steps = self._groups(looked, gathering, running, routes, is_outage=is_outage)
        steps |= self._steps(looked, gathering, running, routes, is_outage=is_outage)
        self._go_on({key: step.course for key, step in steps.items() if not step.happened})
        eventful = [(key, step) for key, step in steps.items() if step.happened]
        begun = [one for one in eventful if is_group(one[0][0]) and one[0][0] not in gathering.over]
        self._keep_some(begun, routes, now)
        for some in changes_of_members(looked, gathering, MOST_AT_ONCE):
            self._writing.keep_members(some, looked, gathering, routes)
            self._wake()
        self._keep_some([one for one in eventful if one not in begun], routes, now)
        self._courses_kept.keep(self._courses, {row.code: row.next_change_at for row in rows if row.is_open}, now)

    def _keep_some(self, eventful: Sequence[tuple[MatterKey, Step]], routes: Routes, now: datetime) -> None:
        for first in range(0, len(eventful), MOST_AT_ONCE):
            self._keep(eventful[first : first + MOST_AT_ONCE], routes, now)

    def _resume(self, running: dict[MatterKey, tuple[int, Alarm]], now: datetime) -> None:
        """Go on where an earlier life of the hub ended."""
        with reading(self._engine) as connection:
            left = read_courses(connection, {key: alarm for key, (_, alarm) in running.items()}, now)
        self._courses_kept.know(left)
        self._courses = {key: one.course for key, one in left.items()}
        self._over = {key: one.closed_at for key, one in left.items() if one.closed_at is not None}
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

    def _groups(
        self, looked: Glance, gathering: Gathering, running: Running, routes: Routes, *, is_outage: bool
    ) -> dict[MatterKey, Step]:
        """What comes of those who fell silent together, each group as one."""
        steps, rows, now = {}, {row.code: row for row in looked.rows}, looked.now
        for name, members in gathering.members().items():
            key = name, Matter.WATCHING
            known = running.pop(key, None)
            if is_outage:
                self._forget(key)
                continue
            rest = self._resting.get(key)
            if rest and rest.row == members and rest.known == known and rest.lasts(now):
                continue
            if known is None:
                self._courses[key] = together(gathering.since[name], now)
            last = {code for code, of in looked.groups.members.items() if known and of == known[0] and code in rows}
            silent = len(members or last - gathering.leaving.keys())
            scene = scene_of_group(name, silent, [rows[code] for code in sorted(members or last)])
            step = self._step(scene, gathering.over.get(name, DutyClass.UNKNOWN), known, routes, now)
            if step is not None:
                closed = [self._over.get((code, Matter.WATCHING)) for code in last]
                ended = [at for at in closed if at is not None and name in gathering.over]
                steps[key] = step._replace(closed_at=max(ended) if ended and len(ended) == len(closed) else None)
            self._resting[key] = _Rest(members, known, now, self._due(step, routes, now))
        return steps

    def _steps(
        self, looked: Glance, gathering: Gathering, running: Running, routes: Routes, *, is_outage: bool
    ) -> dict[MatterKey, Step]:
        steps, rows, now = {}, looked.rows, looked.now
        for row in rows:
            for matter in Matter:
                key = row.code, matter
                known = running.pop(key, None)
                is_silent = matter is Matter.WATCHING and row.is_silent
                group = gathering.of.get(row.code, "") if is_silent else ""
                if is_outage and is_silent and not group and key not in self._over:
                    self._forget(key)  # the city's own alarm stands for it, and its delay begins anew
                    if known is not None:  # it is over once the station closes, also while no hub runs
                        self._courses[key] = begun_anew(matter, known[1], now)
                    continue
                rest = self._resting.get(key)
                if rest and rest.row is row and rest.known == known and rest.group == group and rest.lasts(now):
                    continue
                is_over = key in self._over
                if group:
                    steps[key] = self._joined(scene_of(row, matter), known, now)
                    until = now if steps[key].happened else None
                    self._resting[key] = _Rest(row, known, now, until, group)
                    continue
                shown = row.as_watched() if matter is Matter.WATCHING else row
                step = self._attempt(self._step, scene_of(row, matter), shown.duty_class, known, routes, now)
                if step is not None:
                    steps[key] = step._replace(former=looked.groups.members.get(row.code, 0) if is_silent else 0)
                self._resting[key] = _Rest(row, known, now, now if is_over else self._due(step, routes, now))
        city = scene_of_city(rows)
        ofs = [(city, class_of_city(rows, is_outage=is_outage), running.pop((CITY, city.matter), None))]
        ofs += [(scene_of_gone(key), DutyClass.CLOSED, known) for key, known in running.items()]
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
        return next_at(step.course, reach_of(step.scene, routes), self._terms)

    def _step(
        self, scene: Scene, duty_class: DutyClass, known: KnownAlarm, routes: Routes, now: datetime
    ) -> Step | None:
        """One matter, looked at now; None where there is nothing to follow."""
        key = scene.code, scene.matter
        course = self._courses.get(key)
        closed_at = self._over.get(key)
        if closed_at is not None:  # while no hub ran; it may be open again
            duty_class = DutyClass.CLOSED
        if course is None and known is None and duty_class in _FINE:
            self._over.pop(key, None)
            return None
        course = handled(course or MatterCourse(scene.matter), known[1] if known else None, now)
        course, happened = advance(course, duty_class, now, reach_of(scene, routes), self._terms)
        return Step(scene, course, happened, known, closed_at=closed_at)

    def _joined(self, scene: Scene, known: KnownAlarm, now: datetime) -> Step:
        """One station's silence, of which its group's alarm tells."""
        course = self._courses.get((scene.code, scene.matter)) or MatterCourse(scene.matter)
        course, happened = joined(handled(course, known[1] if known else None, now), now)
        return Step(scene, course, happened, known)

    def _let_go(self, there: set[str]) -> None:
        """Wait for nothing of a group that is over, or of a station that the city has no more."""
        for key in [key for key in self._resting if key[0] not in there]:
            del self._resting[key]

    def _forget(self, key: MatterKey) -> None:
        self._courses.pop(key, None)
        self._resting.pop(key, None)

    def _keep(self, steps: Sequence[tuple[MatterKey, Step]], routes: Routes, now: datetime) -> None:
        self._go_on(self._writing.keep(steps, self._rows, routes, now))
        self._wake()

    def _go_on(self, courses: Mapping[MatterKey, MatterCourse]) -> None:
        """These are so, and kept where anything happened: that a station closed unseen is heeded by now."""
        self._courses |= courses
        for key in courses:
            self._over.pop(key, None)

    def _is_outage(self, rows: Sequence[BoardRow]) -> bool:
        open_ = [row for row in rows if row.is_open]
        silent = sum(row.is_silent for row in open_)
        return bool(open_) and (not self._is_linked() or (len(open_) >= FEWEST and 2 * silent >= len(open_)))
