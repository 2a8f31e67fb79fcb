"""Writes down what happened to alarms, and who is in a group: each call one transaction.

What is to happen is the keeper's to say; what somebody has changed meanwhile is left as it is, to be looked at anew.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine

from hub.alarms.book import AlarmPen, MatterKey, Scene, hold, read_to_change
from hub.alarms.gathering import Gathering, Glance, has_closed
from hub.alarms.members import end_all, join, lead_names, leave, move, read_groups
from hub.alarms.places import is_group
from hub.alarms.routes import Routes
from hub.alarms.scenes import scene_of, scene_of_gone
from hub.database.transactions import writing
from hub.presence.board_view import BoardRow
from hub.presence.leaving_out import Attempt
from station.alarm_course import MatterCourse
from station.alarms import Alarm, Happening, Matter, What
from station.milliseconds import ms_of

KnownAlarm = tuple[int, Alarm] | None
MemberChange = tuple[str, bool]
"""A station, and whether it is in a group from now on."""


class Step(NamedTuple):
    """What comes of one look at one matter; `known` is its alarm as it was found, `former` its group's till now.

    `closed_at` is when the station closed, where no hub ran then.
    """

    scene: Scene
    course: MatterCourse
    happened: tuple[Happening, ...]
    known: KnownAlarm
    former: int = 0
    closed_at: datetime | None = None


class AlarmWriting:
    """Writes for the keeper.

    Args:
        engine: the database.
        say: says in a line why a station lacks somebody, and what to do.
        attempt: supervises what is done for one station, so that it stands in no other's way.
    """

    def __init__(self, engine: Engine, say: Callable[[BoardRow, datetime], str], attempt: Attempt) -> None:
        self._engine = engine
        self._say = say
        self._attempt = attempt

    def keep(
        self, steps: Sequence[tuple[MatterKey, Step]], board: Sequence[BoardRow], routes: Routes, now: datetime
    ) -> dict[MatterKey, MatterCourse]:
        """Write down what happened, but for what somebody has changed meanwhile.

        Returns:
            The courses of what is written down.
        """
        rows = {row.code: row for row in board}
        with writing(self._engine) as connection:
            known = {step.known[0] for _, step in steps if step.known}
            hold(connection, known | {step.former for _, step in steps if step.former})
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
        return {key: step.course for key, step, _ in to_keep}

    def keep_members(self, some: Sequence[MemberChange], looked: Glance, gathering: Gathering, routes: Routes) -> None:
        """Write down who leaves a group and who is in one from now on."""
        rows, now_ms = {row.code: row for row in looked.rows}, ms_of(looked.now)
        with writing(self._engine) as connection:
            hold(connection, _alarms_of(some, looked, gathering))
            pen = AlarmPen(connection, routes, now_ms)
            for code in (code for code, joins in some if not joins):
                row = rows.get(code)
                scene = scene_of_gone((code, Matter.WATCHING)) if row is None else scene_of(row, Matter.WATCHING)
                leave(pen, scene, looked.groups.members[code], has_closed=has_closed(gathering.leaving[code]))
            joining = [code for code, joins in some if joins]
            groups = read_groups(connection, {gathering.of[code] for code in joining})
            for name, group in groups.items():
                ones = [rows[code] for code in joining if gathering.of[code] == name]
                whys = [self._said(row, Matter.WATCHING, looked.now) for row in ones]
                scenes = [replace(scene_of(row, Matter.WATCHING), why=why) for row, why in zip(ones, whys, strict=True)]
                join(pen, scenes, group, looked.running)
            pen.finish()

    def _said(self, row: BoardRow, matter: Matter, now: datetime) -> str:
        """Why that is so; of silence, also where the class would have another reason."""
        return self._attempt(self._say, row.as_watched() if matter is Matter.WATCHING else row, now) or ""

    def _why(self, step: Step, rows: Mapping[str, BoardRow], now: datetime) -> Scene:
        row = rows.get(step.scene.code)
        return step.scene if row is None else replace(step.scene, why=self._said(row, step.scene.matter, now))


def changes_of_members(looked: Glance, gathering: Gathering, most: int) -> Iterator[list[MemberChange]]:
    """Who leaves a group and who joins one, at most so many at once."""
    new = sorted(code for code in gathering.of if code not in looked.groups.members)
    news = [(code, False) for code in sorted(gathering.leaving)] + [(code, True) for code in new]
    for first in range(0, len(news), most):
        yield news[first : first + most]


def _alarms_of(some: Sequence[MemberChange], looked: Glance, gathering: Gathering) -> set[int]:
    """Whose messages are changed: the groups that are left, those that are joined, and what was each one's own.

    A group that is new has a number above all others, and is held last.
    """
    left = {looked.groups.members[code] for code, joins in some if not joins}
    places = {place for code, joins in some if joins for place in (code, gathering.of[code])}
    known = (looked.running.get((place, Matter.WATCHING)) for place in places)
    return left | {one[0] for one in known if one is not None}


def _is_over(step: Step) -> bool:
    return is_group(step.scene.code) and step.happened[-1].what is What.ENDED
