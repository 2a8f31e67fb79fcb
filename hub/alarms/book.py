"""Alarms as they are kept: what becomes of one, its history, and the messages that follow, in one transaction."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, bindparam, insert, update
from sqlmodel import col, select

from hub.alarms.routes import Routes
from hub.database.alarm_tables import AlarmRow, AlarmStep, MessageRow
from hub.database.transactions import table_of
from hub.rights import Reach
from station.alarms import Alarm, Ending, Happening, Lack, Level, Matter, What
from station.milliseconds import moment_or_none, ms_of

HELD: Final = "held: nothing of this alarm was sent"
"""Answer of a message that is sent only if the one before it was taken after all."""
CLOSED_BEFORE: Final = "closed before it was sent"
OVER_BEFORE: Final = "over before it was sent"
NOT_NEEDED: Final = frozenset({HELD, CLOSED_BEFORE, OVER_BEFORE})
"""Answers of messages that were never sent, and that nobody misses."""
MatterKey = tuple[str, Matter]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where something happens, and how it stands there."""

    code: str
    place: Reach
    matter: Matter
    on_duty: int
    minimum: int
    target: int
    why: str = ""
    """Why somebody lacks, and what to do, in a line."""
    places: tuple[Reach, ...] = ()
    """Of a group, where its stations are; whoever is over one of them is told, but its own channel of it alone."""
    knows: frozenset[str] = frozenset()
    """Channels that were told of it before by another alarm."""

    def wanted(self, lack: Lack) -> int:
        """How many there should be."""
        return {Lack.VACANT: self.minimum, Lack.SHORT: self.target, Lack.UNWATCHED: 0}[lack]


Running = dict[MatterKey, tuple[int, Alarm]]
_MESSAGE: Final = table_of(MessageRow).c
_BEFORE: Final = table_of(MessageRow).alias()
_ALARM_NOW: Final = select(_BEFORE.c.alarm).where(_BEFORE.c.number == bindparam("of_message")).scalar_subquery()
_LET_GO: Final = (
    update(table_of(MessageRow))
    .where(_MESSAGE.alarm == _ALARM_NOW, _MESSAGE.channel == bindparam("by"))
    .where(_MESSAGE.what == What.ENDED, _MESSAGE.answer == HELD)
    .values(due_ms=bindparam("now_ms"), answer="")
)
_OF_NUMBER: Final = update(table_of(AlarmRow)).where(table_of(AlarmRow).c.number == bindparam("of_number"))
_ESCALATE: Final = _OF_NUMBER.values(level=bindparam("to_level"))
_END: Final = _OF_NUMBER.values(over_ms=bindparam("now_ms"), ending=bindparam("by_ending"))
_OF_ALARM: Final = _MESSAGE.alarm == bindparam("alarm_of")
_SENT: Final = select(_MESSAGE.channel).where(_OF_ALARM, _MESSAGE.sent_ms.is_not(None))
_CHANNELS: Final = select(_MESSAGE.channel).where(_OF_ALARM).distinct()
_NAMES: Final[BindParameter[str]] = bindparam("names", expanding=True)
_TAKE_BACK: Final = (
    update(table_of(MessageRow))
    .where(_OF_ALARM, _MESSAGE.due_ms.is_not(None))
    .values(due_ms=None, answer=OVER_BEFORE)
    .returning(_MESSAGE.channel)
)
_NUMBER: Final = table_of(AlarmRow).c.number
_HELD_ALARMS: Final = (
    select(_NUMBER)
    .where(_NUMBER.in_(bindparam("numbers", expanding=True)))
    .order_by(_NUMBER)
    .with_for_update()
)  # fmt: skip
_RUNNING: Final = select(AlarmRow).where(col(AlarmRow.over_ms).is_(None))


def read_running(connection: Connection) -> Running:
    """Each alarm that is not over, by station and matter, with its number."""
    return _running(connection.execute(_RUNNING))


def read_to_change(connection: Connection, stations: Iterable[str]) -> Running:
    """Those of some stations; nobody else may change them until the transaction ends."""
    of_these = _RUNNING.where(col(AlarmRow.station).in_(list(stations)))
    return _running(connection.execute(of_these.order_by(col(AlarmRow.number)).with_for_update()))


def hold(connection: Connection, numbers: Collection[int]) -> None:
    """Let nobody else change these alarms; before their messages, as all do, so that no two wait for each other."""
    if numbers:
        connection.execute(_HELD_ALARMS, {"numbers": list(numbers)})


def _running(rows: Iterable[Row[Any]]) -> Running:
    return {(row.station, Matter(row.matter)): (row.number, alarm_of(row)) for row in rows}


def alarm_of(row: Row[Any]) -> Alarm:
    """An alarm as the rules know it."""
    return Alarm(
        lack=Lack(row.lack),
        level=Level(row.level),
        is_acknowledged=row.acknowledged_ms is not None,
        snoozed_until=moment_or_none(row.snoozed_ms),
        is_closed=row.closed_ms is not None,
    )


@dataclass(frozen=True, slots=True)
class AlarmPen:
    """Writes down what happens at one moment, in one transaction."""

    connection: Connection
    routes: Routes
    now_ms: int
    _steps: list[dict[str, Any]] = field(default_factory=list)
    _messages: list[dict[str, Any]] = field(default_factory=list)

    def finish(self) -> None:
        """Write what may go in one statement for all; after the last happening."""
        if self._steps:
            self.connection.execute(insert(AlarmStep), self._steps)
        if self._messages:
            self.connection.execute(insert(MessageRow), self._messages)

    def raise_all(self, new: Sequence[tuple[Scene, Happening]]) -> list[int]:
        """Their numbers; what is told of them is for `write_down`."""
        if not new:
            return []
        made = insert(AlarmRow).returning(col(AlarmRow.number), sort_by_parameter_order=True)
        rows = [_raised(scene, happening, self.now_ms) for scene, happening in new]
        return [number for number in self.connection.execute(made, rows).scalars() if number is not None]

    def write_down(self, scene: Scene, number: int, happening: Happening, *, at: datetime | None = None) -> None:
        """Keep one thing that happened to an alarm, now or at another moment, and what is to be told of it."""
        at_ms = self.now_ms if at is None else ms_of(at)
        alarm, places = happening.alarm, scene.places or (scene.place,)
        told = {name: None for place in places for name in self.routes.names(place, alarm.lack, alarm.level)}
        names, held = [] if scene.places and alarm.level is Level.LEAD else [*told], list[str]()
        if happening.what is What.ESCALATED:
            self.connection.execute(_ESCALATE, {"of_number": number, "to_level": alarm.level})
        if happening.what is What.ENDED:
            assert happening.ending is not None
            over = {"of_number": number, "now_ms": at_ms, "by_ending": happening.ending}
            self.connection.execute(_END, over)
            is_told = happening.ending is Ending.MET and not alarm.is_closed
            sent, waiting = self.take_back(number, self._above(number) if scene.places else None)
            names, held = (sent, waiting) if is_told else ([], [])
        self._steps.append(_step(number, happening.ending or happening.what, level=alarm.level, now_ms=at_ms))
        for name in names if happening.what is not What.RAISED else [one for one in names if one not in scene.knows]:
            self.post(scene, name, happening, number)
        for name in held:
            self.post(scene, name, happening, number, is_held=True)

    def take_back(self, alarm: int, names: Collection[str] | None = None) -> tuple[list[str], list[str]]:
        """What was not sent yet is sent no more; to whom something was, and to whom something may be on its way now.

        Args:
            alarm: its number.
            names: of these channels alone; of all where not given.
        """
        asked = {"alarm_of": alarm, "names": list(names or ())}
        back, sent = _TAKE_BACK, _SENT
        if names is not None:
            back, sent = (back.where(_MESSAGE.channel.in_(_NAMES)), sent.where(_MESSAGE.channel.in_(_NAMES)))
        on_its_way = set(self.connection.execute(back, asked).scalars())  # waits for what is just being noted as sent
        was_sent = set(self.connection.execute(sent, asked).scalars())
        return sorted(was_sent), sorted(on_its_way - was_sent)

    def _above(self, alarm: int) -> set[str]:
        """Who was told of a group as a whole: not the channels of single stations."""
        told = set(self.connection.execute(_CHANNELS, {"alarm_of": alarm}).scalars())
        return told - {one.name for one in self.routes.channels if one.reach.station}

    def post(self, scene: Scene, channel: str, happening: Happening, alarm: int, *, is_held: bool = False) -> None:
        """Let one channel be told of it; `finish` writes it."""
        row = MessageRow(
            alarm=alarm, channel=channel, what=happening.what, on_duty=scene.on_duty,
            wanted=scene.wanted(happening.alarm.lack), why=scene.why, made_ms=self.now_ms,
            due_ms=None if is_held else self.now_ms, answer=HELD if is_held else "",
        )  # fmt: skip
        self._messages.append(row.model_dump(exclude={"number"}))


def note_step(
    connection: Connection, alarm: int, what: str, *, level: int, now_ms: int, by: str = "", why: str = ""
) -> None:
    """Add to an alarm's history."""
    connection.execute(insert(AlarmStep).values(_step(alarm, what, level=level, now_ms=now_ms, by=by, why=why)))


def _step(alarm: int, what: str, *, level: int, now_ms: int, by: str = "", why: str = "") -> dict[str, Any]:
    return {"alarm": alarm, "at_ms": now_ms, "what": what, "level": level, "by": by, "why": why}


def _raised(scene: Scene, happening: Happening, now_ms: int) -> dict[str, Any]:
    assert happening.since is not None
    alarm = happening.alarm
    row = AlarmRow(
        station=scene.code, matter=scene.matter, lack=alarm.lack, level=alarm.level, since_ms=ms_of(happening.since),
        raised_ms=now_ms, on_duty=scene.on_duty, wanted=scene.wanted(alarm.lack),
    )  # fmt: skip
    return row.model_dump(exclude={"number"})


def let_go(connection: Connection, taken: Iterable[tuple[int, str, int]]) -> None:
    """Channels took messages after all: that the alarm is over is sent to them too, where that was held back.

    It is the alarm that they are of now: a message on its way goes into a group with its station, and out of it.

    Args:
        connection: to write by.
        taken: of each message its number, the channel, and when.
    """
    asked = [{"of_message": number, "by": channel, "now_ms": now_ms} for number, channel, now_ms in taken]
    if asked:
        connection.execute(_LET_GO, asked)
