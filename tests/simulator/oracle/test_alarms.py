"""What was told of four stations, written by hand: what is due passes, and each way to tell too much or too little."""

from copy import deepcopy

import pytest

from simulator.oracle.judge import judge

MINUTE = 60_000
NINE = 1_772_672_400_000  # 2026-03-05T09:00+08:00


def at(minute):
    return NINE + round(minute * MINUTE)


def told(minute, channel, what="raised", lack="vacant", station="s"):
    return {
        "at_ms": at(minute), "made_ms": at(minute), "channel": channel, "what": what, "lack": lack, "station": station,
    }  # fmt: skip


def steps(*changes):
    return [(at(minute), shown) for minute, shown in changes]


def channel(name, level, *stations):
    return {"name": name, "level": level, "stations": stations}


SOUND = {
    "alarms": {
        "until_ms": at(300),
        "channels": [channel("lead", 1, "s"), channel("county", 2, "s", "t"), channel("city", 3, "s", "t", "u", "v")],
        "classes": {
            "s": steps(
                (-60, "closed"), (0, "vacant"), (24, "met"), (30, "vacant"), (33, "unknown"), (35, "vacant"),
                (40, "minimum"), (60, "met"), (100, "unknown"), (104, "met"), (200, "unknown"), (220, "met"),
                (230, "vacant"), (240, "closed"),
            ),
            "t": steps((-60, "closed"), (0, "met"), (200, "unknown"), (220, "met"), (240, "closed")),
            "u": steps((-60, "closed"), (0, "met"), (240, "closed")),
            "v": steps((-60, "closed"), (0, "met"), (240, "closed")),
        },
        "hub": [{"since_ms": at(-60), "state": "up"}],
        "closings": {station: [at(-60), at(240)] for station in "stuv"},
        "doubts": [],
        "done": [],
        "told": [
            told(5, "lead"), told(20, "county", "escalated"), told(24, "lead", "ended"), told(24, "county", "ended"),
            told(37, "lead"), told(40, "lead", "ended"),
            told(55, "lead", lack="short"), told(60, "lead", "ended", lack="short"),
            told(103, "lead", lack="unwatched"), told(104, "lead", "ended", lack="unwatched"),
            told(203, "city", lack="unwatched", station=""), told(220, "city", "ended", lack="unwatched", station=""),
            told(235, "lead"),
        ],
    }
}  # fmt: skip


@pytest.fixture
def world():
    return deepcopy(SOUND)


def broken(world):
    return [rule.partition("Z: ")[2] for rule in judge(world)]


def test_what_is_told_in_time_and_once_passes(world):
    assert judge(world) == []


@pytest.mark.parametrize("index", range(len(SOUND["alarms"]["told"])))
def test_whatever_is_not_told_is_missed(world, index):
    missing = world["alarms"]["told"].pop(index)

    assert broken(world) == [f"{missing['what']} {missing['lack']} was not told to {missing['channel']}"]


@pytest.mark.parametrize("index", range(len(SOUND["alarms"]["told"])))
def test_whatever_is_told_twice_is_once_too_often(world, index):
    again = world["alarms"]["told"][index]
    world["alarms"]["told"].append(again)

    assert broken(world) == [f"{again['what']} {again['lack']} was told to {again['channel']} for nothing"]


def test_what_is_told_late_is_missed_and_told_for_nothing(world):
    world["alarms"]["told"][0]["made_ms"] += MINUTE

    assert broken(world) == ["raised vacant was not told to lead", "raised vacant was told to lead for nothing"]


def test_what_nobody_saw_lasting_is_told_for_nothing(world):
    """A late record shows that the station was vacant in the morning, once it is not any more."""
    world["alarms"]["told"].append(told(110, "lead"))

    assert broken(world) == ["raised vacant was told to lead for nothing"]


def test_after_a_restore_nobody_knows_what_is_told_again(world):
    world["alarms"]["hub"] += [{"since_ms": at(10), "state": "down"}, {"since_ms": at(11), "state": "up"}]
    world["alarms"]["classes"]["s"][2:2] = steps((10, "dark"), (11, "vacant"))
    for station in "tuv":
        world["alarms"]["classes"][station][2:2] = steps((10, "dark"), (11, "met"))
    world["alarms"]["doubts"] = [at(10.5)]
    world["alarms"]["told"].append(told(16, "lead"))

    assert judge(world) == []


def test_what_was_due_before_a_restore_is_missed_all_the_same(world):
    world["alarms"]["doubts"] = [at(10.5)]
    world["alarms"]["told"] = world["alarms"]["told"][4:]  # of the first spell, to its end at 24, nothing

    assert broken(world) == ["raised vacant was not told to lead"]


def test_a_restart_adds_nothing_to_what_is_counted_and_takes_nothing_from_it(world):
    world["alarms"]["hub"] += [{"since_ms": at(3), "state": "down"}, {"since_ms": at(4), "state": "up"}]
    world["alarms"]["classes"]["s"][2:2] = steps((3, "dark"), (4, "unknown"), (4.5, "vacant"))
    for station in "tuv":
        world["alarms"]["classes"][station][2:2] = steps((3, "dark"), (4, "met"))
    for one in world["alarms"]["told"][:2]:
        one["made_ms"] += 1.5 * MINUTE
        one["at_ms"] += 1.5 * MINUTE

    assert judge(world) == []


def deed(minute, what, until=0, lack="vacant"):
    return {"at_ms": at(minute), "station": "s", "lack": lack, "deed": what, "until_ms": at(until)}


COUNTY = [told(20, "county", "escalated"), told(24, "county", "ended")]
PUT_OFF = [told(22, "county", "escalated"), told(24, "county", "ended")]
LEAD_HEARS = told(24, "lead", "ended")


@pytest.mark.parametrize(
    ("done", "gone", "new"),
    [
        ([deed(10, "acknowledged")], COUNTY, []),
        ([deed(10, "closed")], [*COUNTY, LEAD_HEARS], []),
        ([deed(10, "put off", until=12)], COUNTY, PUT_OFF),
        ([deed(10, "put off", until=50)], COUNTY, []),
        ([deed(7, "put off", until=50), deed(10, "put off", until=12)], COUNTY, []),  # due at 25, over at 24
    ],
)
def test_what_people_do_keeps_others_from_being_told(world, done, gone, new):
    world["alarms"]["done"] = done
    for one in gone:
        world["alarms"]["told"].remove(one)
    world["alarms"]["told"] += new

    assert judge(world) == []
    world["alarms"]["done"] = []
    assert judge(world)


def test_a_closed_shortfall_that_becomes_a_vacancy_is_told(world):
    world["alarms"]["classes"] = dict.fromkeys("stuv", steps((-60, "closed")))
    world["alarms"]["classes"]["s"] = steps((-60, "closed"), (0, "minimum"), (20, "vacant"), (30, "closed"))
    world["alarms"]["told"] = [told(15, "lead", lack="short"), told(25, "lead")]

    world["alarms"]["done"] = [deed(17, "closed", lack="short")]

    assert judge(world) == []


FIVE = "abcde"
SHARED = {
    "alarms": {
        "until_ms": at(120),
        "channels": [
            *(channel(f"lead {code}", 1, code) for code in FIVE),
            channel("county", 2, *FIVE), channel("city", 3, *FIVE, *"mnopqrstuvw"),
        ],
        "scopes": dict.fromkeys(FIVE, "district/1") | dict.fromkeys("mnopqrstuvw", "district/2"),
        "classes": {
            "a": steps((-60, "closed"), (-30, "met"), (0, "unknown"), (40, "vacant"), (60, "met")),
            "b": steps((-60, "closed"), (-30, "met"), (0, "unknown"), (40, "met")),
            "c": steps((-60, "closed"), (-30, "met"), (1, "unknown"), (40, "met")),
            "d": steps((-60, "closed"), (-30, "met"), (2, "unknown"), (80, "met")),
            "e": steps((-60, "closed"), (-30, "met"), (3, "unknown"), (30, "met")),
            **{code: steps((-60, "closed"), (-30, "met")) for code in "mnopqrstuvw"},
        },
        "hub": [{"since_ms": at(-60), "state": "up"}],
        "closings": dict.fromkeys("abcdemnopqrstuvw", ()),
        "doubts": [],
        "done": [],
        "told": [],
    }
}  # fmt: skip
SILENT = {"a": (3, 40), "b": (3, 40), "c": (4, 40), "d": (5, 80), "e": (6, 30)}
"""Each one's own lead is told of it from then to then."""


def of_group(minute, name, what):
    return told(minute, name, what, "unwatched", "district/1")


def test_stations_that_fall_silent_together_are_told_upwards_as_one_and_the_last_one_by_itself():
    """One from minute 5 on, with the fourth of them; over at 40, with `d` alone left, which rises 15 min later."""
    world = deepcopy(SHARED)
    of_leads = [
        one
        for code, (since, until) in SILENT.items()
        for one in (
            told(since, f"lead {code}", lack="unwatched", station=code),
            told(until, f"lead {code}", "ended", "unwatched", code),
        )
    ]
    world["alarms"]["told"] = [
        *of_leads, told(45, "lead a", station="a"), told(60, "lead a", "ended", station="a"),
        of_group(20, "county", "escalated"), of_group(35, "city", "escalated"),
        of_group(40, "county", "ended"), of_group(40, "city", "ended"),
        told(55, "county", "escalated", "unwatched", "d"), told(70, "city", "escalated", "unwatched", "d"),
        told(80, "county", "ended", "unwatched", "d"), told(80, "city", "ended", "unwatched", "d"),
    ]  # fmt: skip

    assert broken(world) == []
    for index in range(len(world["alarms"]["told"])):  # the vacant one among them, and who is left
        less = deepcopy(world)
        missing = less["alarms"]["told"].pop(index)
        assert broken(less) == [f"{missing['what']} {missing['lack']} was not told to {missing['channel']}"]


def test_a_station_in_a_group_that_is_told_upwards_by_itself_as_well_is_once_too_often():
    world = deepcopy(SHARED)
    world["alarms"]["told"] = [told(18, "county", "escalated", "unwatched", "a")]

    assert "escalated unwatched was told to county for nothing" in broken(world)
