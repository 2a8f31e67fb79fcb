"""When somebody is told, and that nobody is told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from station.alarm_course import MatterCourse, advance, handled, next_at
from station.alarms import Alarm, AlarmTerms, Ending, Happening, Lack, Level, Matter, What
from station.duty import DutyClass

START = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
TERMS = AlarmTerms()
MET, MINIMUM, VACANT, UNKNOWN, CLOSED = DutyClass
ALL = frozenset(Level)
Story = list[tuple[int, DutyClass]]
stories = st.lists(st.tuples(st.integers(0, 600), st.sampled_from(list(DutyClass))), max_size=60)
"""Looks: seconds since the one before, and the class then."""
matters = st.sampled_from(list(Matter))
levels = st.frozensets(st.sampled_from(list(Level)))


def told(
    story: Story, course: MatterCourse | None = None, reach: frozenset[Level] = ALL
) -> tuple[MatterCourse, list[tuple[datetime, DutyClass, Happening]]]:
    course, at, said = course or MatterCourse(Matter.DUTY), START, []
    for seconds, duty_class in story:
        at += timedelta(seconds=seconds)
        course, happened = advance(course, duty_class, at, lambda _: reach)
        said += [(at, duty_class, one) for one in happened]
    return course, said


def shapes(said: list[tuple[datetime, DutyClass, Happening]]) -> list[tuple[float, str, str, int]]:
    return [((at - START).total_seconds() / 60, one.what, one.alarm.lack, one.alarm.level) for at, _, one in said]


def minutes(*parts: tuple[int, DutyClass]) -> Story:
    """One look a minute: so many minutes of each."""
    return [(60, duty_class) for count, duty_class in parts for _ in range(count)]


def test_nobody_there_is_told_after_five_minutes_and_rises_to_the_city() -> None:
    _, said = told(minutes((50, VACANT)))

    assert shapes(said) == [
        (6, "raised", "vacant", 1), (21, "escalated", "vacant", 2), (36, "escalated", "vacant", 3),
    ]  # fmt: skip
    assert said[0][2].since == START + timedelta(minutes=1)


def test_too_few_are_told_after_a_quarter_of_an_hour_and_nobody_at_all_takes_its_place() -> None:
    _, said = told(minutes((16, MINIMUM), (6, VACANT), (2, MINIMUM), (1, MET)))

    assert shapes(said) == [
        (16, "raised", "short", 1), (22, "ended", "short", 1), (22, "raised", "vacant", 1), (23, "ended", "vacant", 1),
    ]  # fmt: skip
    assert [one.ending for _, _, one in said if one.ending] == [Ending.WORSE, Ending.MET]


def test_what_nobody_can_tell_holds_what_was_counted() -> None:
    _, said = told(minutes((4, VACANT), (30, UNKNOWN), (3, VACANT)))

    assert [line[0] for line in shapes(said)] == [36]


def test_a_kiosk_that_is_not_heard_has_an_alarm_of_its_own() -> None:
    _, said = told(minutes((4, UNKNOWN), (1, VACANT)), MatterCourse(Matter.WATCHING))

    assert shapes(said) == [(4, "raised", "unwatched", 1), (5, "ended", "unwatched", 1)]


def test_a_level_that_nobody_is_of_is_passed_over() -> None:
    _, said = told(minutes((40, VACANT)), reach=frozenset({Level.CITY}))

    assert shapes(said) == [(6, "raised", "vacant", 3)]


def test_an_alarm_that_is_put_off_rises_afterwards() -> None:
    course, _ = told(minutes((6, VACANT)))
    assert course.alarm is not None
    put_off = replace(course, alarm=replace(course.alarm, snoozed_until=START + timedelta(minutes=20)))

    said, at = [], START + timedelta(minutes=6)
    for _ in range(40):
        at += timedelta(minutes=1)
        put_off, happened = advance(put_off, VACANT, at, lambda _: ALL)
        said += [((at - START).total_seconds() / 60, one.alarm.level) for one in happened]

    assert said == [(35, 2)]


@given(stories, matters, levels)
def test_an_alarm_is_raised_only_while_open_and_over_by_the_end_of_what_it_tells(
    story: Story, matter: Matter, reach: frozenset[Level]
) -> None:
    is_open = False
    course, said = told(story, MatterCourse(matter), reach)

    for _, duty_class, one in said:
        if one.what is What.RAISED:
            assert not is_open
            assert duty_class not in {CLOSED, MET}
        is_open = one.what is not What.ENDED
    assert is_open == (course.alarm is not None)
    if story and story[-1][1] in {MET, CLOSED}:
        assert course.alarm is None


@given(stories, matters, st.data())
def test_looking_more_often_tells_the_same_of_when_it_began(story: Story, matter: Matter, data: st.DataObject) -> None:
    often: Story = []
    was = None
    for seconds, duty_class in story:
        cut = data.draw(st.integers(0, seconds))
        often += [] if was is None else [(cut, was)]
        often.append((seconds - cut if was is not None else seconds, duty_class))
        was = duty_class

    seldom_course, _ = told(story, MatterCourse(matter))
    often_course, _ = told(often, MatterCourse(matter))

    assert (seldom_course.severe, seldom_course.seen) == (often_course.severe, often_course.seen)


@given(stories, stories, matters)
def test_a_restart_tells_nothing_again(before: Story, after: Story, matter: Matter) -> None:
    course, _ = told(before, MatterCourse(matter))
    if course.alarm is None:
        return

    _, said = told(after, MatterCourse(matter, alarm=course.alarm))

    if said and said[0][2].what is What.RAISED:
        raise AssertionError("raised while one was open")
    for _, _, one in said:
        if one.what is What.ENDED:
            break
        assert one.what is What.ESCALATED
        assert one.alarm.level > course.alarm.level


@given(stories, st.sampled_from([Lack.VACANT, Lack.SHORT]), st.booleans())
def test_an_alarm_somebody_looks_after_rises_no_more(story: Story, lack: Lack, is_closed: bool) -> None:
    alarm = Alarm(lack, Level.LEAD, is_acknowledged=not is_closed, is_closed=is_closed)

    _, said = told(story, MatterCourse(Matter.DUTY, alarm=alarm))

    for _, _, one in said:
        if one.what is not What.ESCALATED:
            break
        raise AssertionError("told further")


@given(stories)
def test_nothing_is_raised_before_its_delay(story: Story) -> None:
    _, said = told(story)

    for at, _, one in said:
        if one.what is What.RAISED:
            assert one.since is not None
            assert at - one.since >= TERMS.delay(one.alarm.lack)


GRID = timedelta(seconds=30)
Deed = tuple[int, DutyClass, str]
deeds = st.lists(
    st.tuples(st.integers(1, 80), st.sampled_from(list(DutyClass)), st.sampled_from(["", "", "", "ack", "snooze"])),
    max_size=12,
)
"""For how many looks of the grid a class holds, and what somebody does at its beginning."""


def looked_after(alarm: Alarm | None, deed: str, now: datetime) -> Alarm | None:
    if alarm is None or not deed:
        return alarm
    if deed == "ack":
        return replace(alarm, is_acknowledged=True)
    return replace(alarm, snoozed_until=now + timedelta(minutes=10))


def followed(
    story: list[Deed], matter: Matter, reach: frozenset[Level], *, always: bool
) -> list[tuple[datetime, What, Alarm, datetime | None]]:
    """What happens, looked at on each point of the grid, or only where something is otherwise or due."""
    course, at, said, due = MatterCourse(matter), START, [], None
    for count, duty_class, deed in story:
        for index in range(count):
            at += GRID
            before = course.alarm
            if index == 0:
                course = handled(course, looked_after(course.alarm, deed, at), at)
            if not (always or index == 0 or course.alarm != before or (due is not None and due <= at)):
                continue
            course, happened = advance(course, duty_class, at, lambda _: reach)
            due = next_at(course, lambda _: reach)
            said += [(at, one.what, one.alarm, one.since) for one in happened]
    return said


@given(deeds, matters, levels)
def test_looking_only_where_something_is_due_tells_the_same(
    story: list[Deed], matter: Matter, reach: frozenset[Level]
) -> None:
    assert followed(story, matter, reach, always=False) == followed(story, matter, reach, always=True)


def test_what_was_waited_before_somebody_puts_it_off_counts_afterwards() -> None:
    course, _ = told(minutes((6, VACANT)))
    at = START + timedelta(minutes=16)

    put_off = handled(course, looked_after(course.alarm, "snooze", at), at)

    put_off, _ = advance(put_off, VACANT, at, lambda _: ALL)
    assert next_at(put_off, lambda _: ALL) == at + timedelta(minutes=10 + 5)
