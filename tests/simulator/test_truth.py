"""Days written by hand from the rules, each with the figures that a station must show at given times."""

from datetime import datetime, timedelta

import pytest

from simulator.opening import ZONE, opening_of
from simulator.truth import Truth

STATIONS = {"clinic": opening_of("hospital"), "library": opening_of("culture"), "bank": opening_of("bank")}

# A day is a line of doings "HH:MM[:SS] who [what] [place]" and a line of figures "HH:MM[:SS] class on out"; the place
# is the clinic (8:00-11:30, 14:30-17:30) unless said otherwise; `hold` is a touch that stays on the reader.
DAYS = {
    "nobody came": ("", "07:59 closed 0 0, 08:00 vacant 0 0, 11:29:59 vacant 0 0, 11:30 closed 0 0, 14:30 vacant 0 0"),
    "two meet the target, one the minimum": (
        "07:45 ann, 08:20 bob",
        "07:50 closed 1 0, 08:00 minimum 1 0, 08:20 met 2 0",
    ),
    "an hour early belongs to the opening, a minute more does not": (
        "07:00 ann, 06:59 bob library",
        "07:30 closed 1 0, 07:30 closed 0 0 library, 08:00 minimum 1 0 library",
    ),
    "a leave in the grace ends it, until then it still counts": (
        "08:00 ann, 11:50 ann",
        "11:49 closed 1 0, 11:50 closed 0 0",
    ),
    "nobody left: taken to have left when the grace is over": (
        "08:00 ann",
        "12:00 closed 1 0, 12:00:01 closed 0 0, 14:30 vacant 0 0",
    ),
    "one who forgot comes again in the afternoon": (
        "08:00 ann, 14:25 ann",
        "14:25 closed 1 0, 14:30 minimum 1 0, 18:00:01 closed 0 0",
    ),
    "one who forgot and leaves late over lunch is gone": ("08:00 ann, 12:40 ann", "12:41 closed 0 0, 14:30 vacant 0 0"),
    "one who stayed through and leaves in the evening was not seen": (
        "08:00 ann, 17:10 ann",
        "15:00 vacant 0 0, 17:11 vacant 0 0",
    ),
    "before the last half hour it is an arrival": ("08:00 ann, 16:59 ann", "17:00 minimum 1 0"),
    "one of two out still meets, two out do not": (
        "08:00 ann, 08:00 bob, 08:00 cy, 09:00 ann hold, 09:01 bob hold",
        "09:00 met 2 1, 09:01 met 1 2",
    ),
    "the only one out leaves it vacant": ("08:00 ann, 09:00 ann hold", "09:01 vacant 0 1, 09:15 vacant 0 1"),
    "back in time counts as ever": ("08:00 ann, 09:00 ann hold, 09:15 ann", "09:16 minimum 1 0"),
    "past the budget they have gone": ("08:00 ann, 09:00 ann hold", "09:15:01 vacant 0 0"),
    "back too late is an arrival": (
        "08:00 ann, 09:00 ann hold, 09:20 ann, 11:40 ann",
        "09:21 minimum 1 0, 11:41 closed 0 0",
    ),
    "the budget decides over closing too": (
        "08:00 ann, 11:25 ann hold, 11:38 ann, 11:45 ann",
        "11:31 closed 0 1, 11:39 closed 1 0, 11:46 closed 0 0",
    ),
    "holding on at an arrival means nothing": ("08:00 ann hold", "08:01 minimum 1 0"),
    "moving on ends it at the first station": (
        "08:00 ann, 09:00 ann library",
        "08:30 minimum 1 0, 09:01 vacant 0 0, 09:01 minimum 1 0 library",
    ),
    "case 3 does not reach back over an arrival elsewhere": (
        "08:00 ann, 14:30 ann library, 17:05 ann library, 17:10 ann",
        "17:06 vacant 0 0 library, 17:11 minimum 1 0",
    ),
    "far from any opening it covers nothing until it opens": (
        "12:30 ann",
        "12:31 closed 0 0, 14:30 minimum 1 0, 18:00:01 closed 0 0",
    ),
    "long before the opening it covers nothing, and has ended then": (
        "12:29 ann",
        "14:29 closed 0 0, 14:31 vacant 0 0",
    ),
    "off hours end by themselves after four hours": ("18:30 ann", "19:00 closed 0 0, 22:30 closed 0 0"),
    "an arrival right after one's own leave takes it back": (
        "08:00 ann, 09:00 ann, 09:02 ann",
        "09:01 vacant 0 0, 09:03 minimum 1 0",
    ),
    "told to have left, who really came taps again": ("08:00 ann, 17:05 ann, 17:06 ann", "17:07 minimum 1 0"),
    "a bank keeps other hours": (
        "08:10 ann bank, 14:20 bob bank",
        "08:59 closed 1 0 bank, 09:00 minimum 1 0 bank, 16:59 minimum 1 0 bank, 17:00 closed 1 0 bank",
    ),
    "a card that nobody is entered for counts nowhere": ("08:00 stranger", "08:01 vacant 0 0"),
}


def moment(text):
    return datetime.fromisoformat(f"2026-03-05T{text}").replace(tzinfo=ZONE)


def lines(text):
    return [line.split() for line in text.split(",") if line.strip()]


def tell(truth, words):
    at, who, *rest = words
    place = next((word for word in rest if word in STATIONS), "clinic")
    said = [truth.touch(who, place, moment(at))]
    if "hold" in rest:
        said.append(truth.hold_on(who))
    return said


@pytest.mark.parametrize("day", DAYS)
def test_the_figures_of_a_day_follow_from_its_taps(day):
    doings, figures = DAYS[day]
    truth = Truth(STATIONS, ["ann", "bob", "cy"])
    by_time = sorted([*((line, True) for line in lines(doings)), *((line, False) for line in lines(figures))], key=key)

    for line, is_doing in by_time:
        if is_doing:
            tell(truth, line)
            continue
        at, duty_class, on_duty, stepped_out, *place = line
        seen = truth.figures(*(place or ["clinic"]), moment(at))

        assert seen == (duty_class, int(on_duty), int(stepped_out)), f"{day}, at {at}"


def key(line):
    words, is_doing = line
    return moment(words[0]), not is_doing


@pytest.mark.parametrize(
    ("doings", "answers"),
    [
        ("08:00 ann, 11:31 ann", "arrived left"),
        ("08:00 ann, 09:00 ann hold, 09:10 ann", "arrived left stepped_out returned"),
        ("08:00 ann, 09:00 ann hold, 09:20 ann", "arrived left stepped_out arrived"),
        ("08:00 ann hold", "arrived None"),
        ("08:00 ann, 12:40 ann hold", "arrived left None"),
        ("08:00 ann, 12:59 ann", "arrived left"),
        ("08:00 ann, 13:00 ann", "arrived arrived"),
        ("08:00 ann, 13:20 ann", "arrived arrived"),
        ("08:00 ann, 13:30 ann", "arrived arrived"),
        ("08:00 ann, 17:00 ann, 18:10 ann", "arrived left arrived"),
        ("08:00 ann, 18:30 ann", "arrived left"),
        ("08:00 stranger, 09:00 stranger", "unknown_card unknown_card"),
    ],
)
def test_the_answers_follow_from_the_rules(doings, answers):
    truth = Truth(STATIONS, ["ann"])

    said = [answer for line in lines(doings) for answer in tell(truth, line)]

    assert [answer and answer.value for answer in said] == [
        None if word == "None" else word for word in answers.split()
    ]


def test_a_change_by_time_alone_is_not_steady():
    truth = Truth(STATIONS, ["ann"])
    truth.touch("ann", "clinic", moment("08:00"))

    assert truth.is_steady("clinic", moment("11:45"), timedelta(seconds=20))
    assert not truth.is_steady("clinic", moment("12:00:10"), timedelta(seconds=20))
    assert not truth.is_steady("clinic", moment("11:29:50"), timedelta(seconds=20))


def test_where_somebody_is_follows_their_taps():
    truth = Truth(STATIONS, ["ann"])

    truth.touch("ann", "clinic", moment("08:00"))

    assert truth.where("ann", moment("11:59")) == "clinic"
    assert truth.where("ann", moment("12:01")) is None
    assert truth.where("bob", moment("08:01")) is None
