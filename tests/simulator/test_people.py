"""The invented city and the days of its people."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from simulator.acts import Act, Beeped, Gesture, Intention
from simulator.city import SMALLEST, invent
from simulator.opening import KINDS, ZONE
from simulator.people import begin_at, plan_day
from simulator.truth import Truth

THURSDAY = date(2026, 3, 5)
SATURDAY = date(2026, 3, 7)


def days(count=40, stations=SMALLEST):
    for seed in range(count):
        city = invent(seed, stations)
        yield city, plan_day(city, THURSDAY)


def test_the_same_seed_gives_the_same_city_and_the_same_day():
    first, second, other = invent(7), invent(7), invent(8)

    assert first == second != other
    assert plan_day(first, THURSDAY) == plan_day(second, THURSDAY) != plan_day(other, THURSDAY)


def test_a_city_has_every_kind_of_host_and_no_card_twice():
    city = invent(3, 30)
    cards = [card.number for volunteer in city.volunteers for card in volunteer.cards]

    assert {station.kind for station in city.stations} == set(KINDS)
    assert len({station.code for station in city.stations}) == len({station.name for station in city.stations}) == 30
    assert len(cards) == len(set(cards))
    assert len(city.stations[0].kiosks) == 1
    assert any(len(station.kiosks) == 2 for station in city.stations)
    assert any(len(volunteer.cards) == 2 for volunteer in city.volunteers)


def test_too_small_a_city_is_refused():
    with pytest.raises(ValueError, match="at least 11"):
        invent(1, 10)


def test_all_habits_occur_and_most_days_are_ordinary():
    acts = [act for _, plan in days() for act in plan]
    gestures = Counter(act.gesture for act in acts)
    arrivals = [act for act in acts if act.intention is Intention.ARRIVE]
    outs = sum(act.intention is Intention.STEP_OUT for act in acts)
    overruns = sum(act.intention is Intention.RETURN and act.expects == (Beeped.ARRIVED,) for act in acts)
    leaves = sum(act.intention is Intention.LEAVE for act in acts)

    assert gestures[Gesture.TOUCH] > 0.7 * len(acts)
    assert 0.03 < gestures[Gesture.DOUBLE] / len(acts) < 0.12
    assert 0.1 < overruns / outs < 0.3
    assert 0.7 * len(arrivals) < leaves < len(arrivals)
    assert any(act.gesture is Gesture.HOLD for act in arrivals)
    assert any(act.expects == (Beeped.REFUSED,) for act in acts)
    assert any(act.expects == (Beeped.UNKNOWN_CARD,) for act in acts)


def said_by(truth: Truth, act: Act) -> list[Beeped]:
    """What the rules say to it."""
    said = [truth.touch(act.person, act.station, act.at)]
    if act.gesture is Gesture.HOLD:
        said.append(truth.hold_on(act.person))
    return [answer for answer in said if answer]


def expected_of(act: Act) -> list[Beeped]:
    """What the person waits for; that it is recorded already, the rules do not say."""
    return [answer for answer in act.expects if answer is not Beeped.ALREADY_RECORDED]


def test_what_people_expect_is_what_the_rules_say():
    for city, plan in days():
        truth = Truth({s.code: s.opening for s in city.stations}, [v.person for v in city.volunteers])
        for act in plan:
            if act.expects != (Beeped.REFUSED,):
                assert said_by(truth, act) == expected_of(act), (city.seed, act)


@pytest.mark.parametrize("start", ["07:50", "11:10", "14:20", "17:10"])
def test_who_would_be_there_already_arrives_at_the_start_and_expects_what_the_rules_say(start):
    began_at = datetime.fromisoformat(f"2026-03-05T{start}").replace(tzinfo=ZONE)
    for city, plan in days():
        truth = Truth({s.code: s.opening for s in city.stations}, [v.person for v in city.volunteers])
        joined = begin_at(plan, city, began_at)

        assert all(act.at >= began_at for act in joined)
        for act in joined:
            if act.expects != (Beeped.REFUSED,):
                assert said_by(truth, act) == expected_of(act), (city.seed, act)


def test_nobody_needs_the_reader_twice_within_the_guard_at_sixty_times_the_speed():
    for _, plan in days(10):
        last = {}
        for act in plan:
            if act.person in last:
                assert act.at - last[act.person] >= timedelta(minutes=8), act
            last[act.person] = act.at


def test_offices_and_banks_rest_on_saturday():
    acts = plan_day(invent(5), SATURDAY)

    kinds = {act.station.split("-")[0] for act in acts}

    assert "hospital" in kinds
    assert not kinds & {"bank", "government", "community"}


def test_spare_volunteers_never_come_by_themselves():
    for city, plan in days(5):
        spare = {volunteer.person for volunteer in city.volunteers if volunteer.spare}

        assert spare
        assert not spare & {act.person for act in plan}
