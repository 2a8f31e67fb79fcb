"""Who is asked to update when: properties for any city, and the cases that people ask about."""

from hypothesis import given
from hypothesis import strategies as st

from hub.updates.rollout import MOST_AT_ONCE, KioskOnItsWay, UpdateStep, ask_now, first_tenth, why_stopped

VERSION = "1.2.0"
CITIES = st.lists(
    st.builds(KioskOnItsWay, st.uuids().map(str), st.sampled_from("ABCDE"), st.sampled_from(UpdateStep), st.booleans()),
    max_size=40,
)


@given(CITIES)
def test_never_two_kiosks_of_a_station_at_once_and_none_that_may_not(city):
    asked = {each.id: each for each in city if each.id in ask_now(city, VERSION)}

    at_work = [each.station for each in city if each.step is UpdateStep.UNDER_WAY or each.id in asked]
    before = [each.station for each in city if each.step is UpdateStep.UNDER_WAY]
    assert len(at_work) - len(before) == len(set(at_work)) - len(set(before))
    assert all(each.may_now and each.step is UpdateStep.WAITS for each in asked.values())
    assert not asked or len(at_work) <= MOST_AT_ONCE


@given(CITIES)
def test_nobody_after_the_first_tenth_before_all_of_it_is_done(city):
    first = first_tenth(city, VERSION)
    if any(each.id in first and each.step is not UpdateStep.DONE for each in city):
        assert set(ask_now(city, VERSION)) <= first
    assert len(first) == -(-len(city) // 10)


@given(CITIES)
def test_after_failures_nobody_is_asked(city):
    failed = sum(each.step is UpdateStep.FAILED for each in city)
    first = first_tenth(city, VERSION)
    if failed >= 2 or any(each.step is UpdateStep.FAILED and each.id in first for each in city):
        assert why_stopped(city, VERSION)
        assert ask_now(city, VERSION) == []


def test_a_city_comes_to_its_end():
    city = {
        f"k{number}": KioskOnItsWay(f"k{number}", f"s{number // 2}", UpdateStep.WAITS, True) for number in range(60)
    }
    rounds = 0
    while any(each.step is not UpdateStep.DONE for each in city.values()):
        asked = ask_now(list(city.values()), VERSION)
        assert asked
        for id_ in asked:
            city[id_] = KioskOnItsWay(id_, city[id_].station, UpdateStep.DONE, True)
        rounds += 1
    assert rounds <= 6
