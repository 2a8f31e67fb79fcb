"""Looks at the board once a second, and keeps each station's alarms: raised, escalated, ended.

The event loop hands the rows over by `look` and waits for nothing; all else is done on a thread of its own. What
people do to alarms stands in the database, and is read there each time; so does what counts towards the next step, so
that a restart repeats nothing and lets nobody wait anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Engine

from hub.alarms.book import AlarmPen, MatterKey, Running, Scene, read_running, read_to_change
from hub.alarms.courses import CourseKeeping, read_courses
from hub.alarms.gathering import Gathering, Glance, gather
from hub.alarms.members import end_all, join, lead_names, leave, move, read_groups, read_members
from hub.alarms.places import CITY, is_group
from hub.alarms.routes import Routes, read_routes
from hub.alarms.scenes import class_of_city, reach_of, scene_of, scene_of_city, scene_of_gone, scene_of_group
from hub.database.transactions import reading, writing
from hub.presence.board_view import BoardRow
from hub.presence.leaving_out import Attempt, plainly
from station.alarms import (
    Alarm,
    AlarmTerms,
    Happening,
    Matter,
    MatterCourse,
    What,
    advance,
    handled,
    joined,
    next_at,
    together,
)
from station.clock import Clock
from station.duty import DutyClass
from station.milliseconds import ms_of

LOOK_EVERY_S: Final = 1.0
MOST_AT_ONCE: Final = 16  # alarms in one transaction, some 12 ms: what kiosks send waits for no longer
FEWEST: Final = 4  # open stations of which half are silent: of fewer, each has an alarm of its own
_FINE: Final = frozenset({DutyClass.MET, DutyClass.CLOSED})


_Known = tuple[int, Alarm] | None


class Step(NamedTuple):
    """What comes of one look at one matter; `known` is its alarm as it was found, `former` its group's till now.

    `closed_at` is when the station closed, where no hub ran then.
    """

    scene: Scene
    course: MatterCourse
    happened: tuple[Happening, ...]
    known: _Known
    former: int = 0
    closed_at: datetime | None = None


class _Rest(NamedTuple):
    """What a matter was looked at by, and when it must be again though all of that is the same."""

    row: BoardRow | frozenset[str]
    known: _Known
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
        self._over: dict[MatterKey, datetime] = {}
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
            running, routes, groups = read_running(connection), read_routes(connection), read_members(connection)
        if not self._has_resumed:
            self._resume(running, now)
        if routes != self._routes:  # whom there is to be told decides when
            self._resting.clear()
        self._routes = routes
        looked = Glance(rows, dict(running), groups, self._courses, self._over, now, self._terms)
        is_outage = self._is_outage(rows)
        gathering = gather(looked, is_outage=is_outage)
        steps = self._groups(looked, gathering, running, routes, is_outage=is_outage)
        steps |= self._steps(looked, gathering, running, routes, is_outage=is_outage)
        self._courses |= {key: step.course for key, step in steps.items() if not step.happened}
        eventful = [(key, step) for key, step in steps.items() if step.happened]
        begun = [one for one in eventful if is_group(one[0][0]) and one[0][0] not in gathering.over]
        self._keep_some(begun, routes, now)
        self._keep_members(looked, gathering, routes)
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
                steps[key] = step
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
                if is_outage and is_silent and not group:
                    self._forget(key)  # the city's own alarm stands for it, and its delay begins anew
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

    def _step(self, scene: Scene, duty_class: DutyClass, known: _Known, routes: Routes, now: datetime) -> Step | None:
        """One matter, looked at now; None where there is nothing to follow."""
        key = scene.code, scene.matter
        course = self._courses.get(key)
        closed_at = self._over.pop(key, None)
        if closed_at is not None:  # while no hub ran; it may be open again
            duty_class = DutyClass.CLOSED
        if course is None and known is None and duty_class in _FINE:
            return None
        course = handled(course or MatterCourse(scene.matter), known[1] if known else None, now)
        course, happened = advance(course, duty_class, now, reach_of(scene, routes), self._terms)
        return Step(scene, course, happened, known, closed_at=closed_at)

    def _joined(self, scene: Scene, known: _Known, now: datetime) -> Step:
        """One station's silence, of which its group's alarm tells."""
        course = self._courses.get((scene.code, scene.matter)) or MatterCourse(scene.matter)
        course, happened = joined(handled(course, known[1] if known else None, now), now)
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
                if step.former and step.happened[0].what is What.RAISED:  # its own channel knows
                    told = move(connection, step.former, number, lead_names(routes, scene))
                    scene = replace(scene, knows=frozenset(told))  # noqa: PLW2901
                for i, happening in enumerate(step.happened):
                    is_another = happening.what is What.RAISED and (i > 0 or step.known is not None)
                    if is_another:  # the one before it is over now, and there is never more than one
                        (number,) = pen.raise_all([(scene, happening)])
                    pen.write_down(scene, number, happening, at=step.closed_at)
            pen.finish()
            end_all(connection, [step.known[0] for _, step, _ in to_keep if step.known and _is_over(step)], ms_of(now))
        kept = {key: step.course for key, step, _ in to_keep}
        self._courses |= kept
        self._wake()

    def _keep_members(self, looked: Glance, gathering: Gathering, routes: Routes) -> None:
        """Write down who leaves a group and who is in one from now on; no more of them at once than of alarms."""
        rows, now_ms = {row.code: row for row in looked.rows}, ms_of(looked.now)
        new = sorted(code for code in gathering.of if code not in looked.groups.members)
        news = [(code, False) for code in sorted(gathering.leaving)] + [(code, True) for code in new]
        for first in range(0, len(news), MOST_AT_ONCE):
            some = news[first : first + MOST_AT_ONCE]
            with writing(self._engine) as connection:
                pen = AlarmPen(connection, routes, now_ms)
                for code in (code for code, joins in some if not joins):
                    row = rows.get(code)
                    scene = scene_of_gone((code, Matter.WATCHING)) if row is None else scene_of(row, Matter.WATCHING)
                    is_back = row is not None and row.duty_class is not DutyClass.CLOSED
                    leave(pen, scene, looked.groups.members[code], is_told=is_back)
                joining = [code for code, joins in some if joins]
                groups = read_groups(connection, {gathering.of[code] for code in joining})
                for name, group in groups.items():
                    ones = [rows[code] for code in joining if gathering.of[code] == name]
                    whys = [self._said(row, Matter.WATCHING, looked.now) for row in ones]
                    scenes = [
                        replace(scene_of(row, Matter.WATCHING), why=why) for row, why in zip(ones, whys, strict=True)
                    ]
                    join(pen, scenes, group, looked.running)
                pen.finish()
            self._wake()

    def _said(self, row: BoardRow, matter: Matter, now: datetime) -> str:
        """Why that is so; of silence, also where the class would have another reason."""
        return self._attempt(self._say, row.as_watched() if matter is Matter.WATCHING else row, now) or ""

    def _why(self, step: Step, rows: Mapping[str, BoardRow], now: datetime) -> Scene:
        row = rows.get(step.scene.code)
        return step.scene if row is None else replace(step.scene, why=self._said(row, step.scene.matter, now))

    def _is_outage(self, rows: Sequence[BoardRow]) -> bool:
        open_ = [row for row in rows if row.is_open]
        silent = sum(row.is_silent for row in open_)
        return bool(open_) and (not self._is_linked() or (len(open_) >= FEWEST and 2 * silent >= len(open_)))


def _is_over(step: Step) -> bool:
    return is_group(step.scene.code) and step.happened[-1].what is What.ENDED
