"""When somebody is told that a station lacks somebody, who, and when it is over. Pure.

One `MatterCourse` follows one matter at one station; `advance` takes the class that holds now and says what happens.
Only time that was seen to pass counts, in whatever life of the hub: so nothing is told of the past, and nothing twice.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from station.alarms import Alarm, AlarmTerms, Ending, Happening, Lack, Level, LevelsOf, Matter, What
from station.duty import DutyClass

_NONE: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class MatterCourse:
    """How one matter stands at one station; a fresh one knows only which alarm is open.

    Attributes:
        seen: the class at the last look, and when that was.
        mild: how long something has lacked.
        severe: how long the worse thing has.
        waited: how long the last one told has had.
    """

    matter: Matter
    alarm: Alarm | None = None
    seen: tuple[DutyClass, datetime] | None = None
    mild: timedelta = field(default=_NONE)
    severe: timedelta = field(default=_NONE)
    waited: timedelta = field(default=_NONE)


def advance(
    course: MatterCourse, duty_class: DutyClass, now: datetime, reach: LevelsOf, terms: AlarmTerms | None = None
) -> tuple[MatterCourse, tuple[Happening, ...]]:
    """Let time pass up to now, at which this class holds.

    Args:
        course: as the last look left it.
        duty_class: as it is now, and was since just after the last look at the earliest.
        now: no earlier than the last look.
        reach: which levels there are to be told.
        terms: other delays than the usual ones.

    Returns:
        The course from now on, and what happens, in order.
    """
    terms = terms or AlarmTerms()
    course = _counted(course, duty_class, now)
    course, ended = _ended(course, duty_class)
    course, raised = _raised(course, now, reach, terms)
    if raised:
        return course, (*ended, *raised)
    course, escalated = _escalated(course, duty_class, now, reach, terms)
    return course, (*ended, *escalated)


def handled(course: MatterCourse, alarm: Alarm | None, now: datetime) -> MatterCourse:
    """The course once somebody has done something about its alarm; what was waited before that still counts."""
    if alarm == course.alarm:
        return course
    if course.seen is not None:
        course = _counted(course, course.seen[0], now)
    return replace(course, alarm=alarm)


def resumed(course: MatterCourse, looked_at: datetime) -> MatterCourse:
    """A course as it goes on after nobody looked since then: what counted up to that moment counts still."""
    if course.seen is not None:
        course = _counted(course, course.seen[0], max(looked_at, course.seen[1]))
    return replace(course, seen=None)


def joined(course: MatterCourse, now: datetime) -> tuple[MatterCourse, tuple[Happening, ...]]:
    """Let time pass up to now, at which the alarm of a group stands for a station of which nobody can tell."""
    course = _counted(course, DutyClass.UNKNOWN, now)
    if course.alarm is None:
        return course, ()
    over = Happening(What.ENDED, course.alarm, ending=Ending.JOINED)
    return replace(course, alarm=None, waited=_NONE), (over,)


def begun_anew(matter: Matter, alarm: Alarm, now: datetime) -> MatterCourse:
    """The course of an alarm while another one stands for it: it is kept, and nothing counts towards what is next."""
    return MatterCourse(matter, alarm, (DutyClass.MET, now))


def silent_since(course: MatterCourse, now: datetime, terms: AlarmTerms | None = None) -> datetime | None:
    """From when on nobody can tell, where that has lasted so long that it is to be told; else None."""
    if course.seen is None or lack_of(course.matter, course.seen[0]) is not Lack.UNWATCHED:
        return None
    lasted = course.severe + max(now - course.seen[1], _NONE)
    return now - lasted if lasted >= (terms or AlarmTerms()).unwatched else None


def together(since: datetime, now: datetime) -> MatterCourse:
    """The course of stations that fell silent together, which is to be told of now."""
    lasted = now - since
    return MatterCourse(Matter.WATCHING, seen=(DutyClass.UNKNOWN, now), mild=lasted, severe=lasted)


def is_pending(course: MatterCourse) -> bool:
    """Whether anything counts towards a next step, or is open."""
    lasts = course.seen is not None and lack_of(course.matter, course.seen[0]) is not None
    return lasts or course.alarm is not None or any((course.mild, course.severe, course.waited))


def next_at(course: MatterCourse, reach: LevelsOf, terms: AlarmTerms | None = None) -> datetime | None:
    """When time alone makes something happen next, if the class stays as at the last look; None: never."""
    terms = terms or AlarmTerms()
    if course.seen is None:
        return None
    duty_class, at = course.seen
    lack = lack_of(course.matter, duty_class)
    if lack is None:
        return None
    return min((*_raises_at(course, lack, at, terms), *_escalates_at(course, at, reach, terms)), default=None)


def lack_of(matter: Matter, duty_class: DutyClass) -> Lack | None:
    """What lacks by that class; None where nothing does, and where nobody can tell."""
    if matter is Matter.WATCHING:
        return Lack.UNWATCHED if duty_class is DutyClass.UNKNOWN else None
    return {DutyClass.VACANT: Lack.VACANT, DutyClass.MINIMUM: Lack.SHORT}.get(duty_class)


def _is_fine(matter: Matter, duty_class: DutyClass) -> bool:
    is_held = matter is Matter.DUTY and duty_class is DutyClass.UNKNOWN  # it may be as before
    return lack_of(matter, duty_class) is None and not is_held


def _counted(course: MatterCourse, duty_class: DutyClass, now: datetime) -> MatterCourse:
    """Count what the last class lasted; what is over by now begins anew."""
    mild, severe, waited = course.mild, course.severe, course.waited
    if course.seen is not None:
        was, at = course.seen
        lack = lack_of(course.matter, was)
        passed = max(now - at, _NONE)  # somebody may set the clock
        if lack is not None:
            mild += passed
            severe = severe + passed if lack is not Lack.SHORT else _NONE
            if course.alarm is not None and course.alarm.rises_at(now):
                waited += max(now - max(at, course.alarm.snoozed_until or at), _NONE)
    if _is_fine(course.matter, duty_class):
        mild = severe = _NONE
    elif duty_class is DutyClass.MINIMUM:
        severe = _NONE
    return replace(course, seen=(duty_class, now), mild=mild, severe=severe, waited=waited)


def _ended(course: MatterCourse, duty_class: DutyClass) -> tuple[MatterCourse, tuple[Happening, ...]]:
    alarm = course.alarm
    is_better = duty_class is DutyClass.MINIMUM and alarm is not None and alarm.lack is Lack.VACANT
    if alarm is None or not (is_better or _is_fine(course.matter, duty_class)):
        return course, ()
    ending = Ending.CLOSING if duty_class is DutyClass.CLOSED else Ending.MET
    return replace(course, alarm=None, mild=_NONE, severe=_NONE, waited=_NONE), (
        Happening(What.ENDED, alarm, ending=ending),
    )


def _raised(
    course: MatterCourse, now: datetime, reach: LevelsOf, terms: AlarmTerms
) -> tuple[MatterCourse, tuple[Happening, ...]]:
    lack, lasted = _due(course, terms)
    before = course.alarm
    if lack is None or (before is not None and not (before.lack is Lack.SHORT and lack is Lack.VACANT)):
        return course, ()
    worse = () if before is None else (Happening(What.ENDED, before, ending=Ending.WORSE),)
    alarm = Alarm(lack, min(reach(lack), default=Level.LEAD))
    raised = Happening(What.RAISED, alarm, since=now - lasted)
    return replace(course, alarm=alarm, waited=_NONE), (*worse, raised)


def _due(course: MatterCourse, terms: AlarmTerms) -> tuple[Lack | None, timedelta]:
    assert course.seen is not None
    lack = lack_of(course.matter, course.seen[0])
    if lack is None:
        return None, _NONE
    if lack is not Lack.SHORT and course.severe >= terms.delay(lack):
        return lack, course.severe
    if course.matter is Matter.DUTY and course.mild >= terms.short:
        return Lack.SHORT, course.mild
    return None, _NONE


def _escalated(
    course: MatterCourse, duty_class: DutyClass, now: datetime, reach: LevelsOf, terms: AlarmTerms
) -> tuple[MatterCourse, tuple[Happening, ...]]:
    alarm = course.alarm
    if alarm is None or lack_of(course.matter, duty_class) is None or not alarm.rises_at(now):
        return course, ()
    above = min((level for level in reach(alarm.lack) if level > alarm.level), default=None)
    if above is None or course.waited < terms.between(alarm.level, above):
        return course, ()
    alarm = replace(alarm, level=above)
    return replace(course, alarm=alarm, waited=_NONE), (Happening(What.ESCALATED, alarm),)


def _raises_at(course: MatterCourse, lack: Lack, at: datetime, terms: AlarmTerms) -> list[datetime]:
    alarm, moments = course.alarm, []
    if lack is not Lack.SHORT and (alarm is None or (alarm.lack is Lack.SHORT and lack is Lack.VACANT)):
        moments.append(at + terms.delay(lack) - course.severe)
    if alarm is None and course.matter is Matter.DUTY:
        moments.append(at + terms.short - course.mild)
    return moments


def _escalates_at(course: MatterCourse, at: datetime, reach: LevelsOf, terms: AlarmTerms) -> list[datetime]:
    alarm = course.alarm
    if alarm is None or alarm.is_acknowledged or alarm.is_closed:
        return []
    above = min((level for level in reach(alarm.lack) if level > alarm.level), default=None)
    if above is None:
        return []
    return [max(at, alarm.snoozed_until or at) + terms.between(alarm.level, above) - course.waited]
