"""Who is asked to update when: properties for any city, and the cases that people ask about."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hub.updates.rollout import LOST, MOST_AT_ONCE, KioskOnItsWay, UpdateStep, ask_now, first_share, why_stopped

VERSION = "1.2.0"
CITIES = st.lists(
    st.builds(KioskOnItsWay, st.uuids().map(str), st.sampled_from("ABCDE"), st.sampled_from(UpdateStep), st.booleans()),
    max_size=40,
)


def count(city, *steps):
    return sum(each.step in steps for each in city)


def city_of(number, step=UpdateStep.WAITS, may_now=True):
    return [KioskOnItsWay(f"k{n}", f"s{n // 2}", step, may_now) for n in range(number)]


@given(CITIES)
def test_never_two_kiosks_of_a_station_at_once_and_none_that_may_not(city):
    asked = {each.id: each for each in city if each.id in ask_now(city, VERSION)}

    at_work = [each.station for each in city if each.step is UpdateStep.UNDER_WAY or each.id in asked]
    before = [each.station for each in city if each.step is UpdateStep.UNDER_WAY]
    assert len(at_work) - len(before) == len(set(at_work)) - len(set(before))
    assert all(each.may_now and each.step is UpdateStep.WAITS for each in asked.values())
    assert not asked or len(at_work) <= MOST_AT_ONCE


@given(CITIES)
def test_no_more_than_a_first_tenth_are_at_it_before_so_many_have_it(city):
    asked = ask_now(city, VERSION)

    if count(city, UpdateStep.DONE) < first_share(city):
        assert not asked or count(city, UpdateStep.DONE, UpdateStep.UNDER_WAY) + len(asked) <= first_share(city)


@given(CITIES)
def test_after_failures_nobody_is_asked(city):
    lost = count(city, *LOST)
    if lost >= 2 or (lost and count(city, UpdateStep.DONE) < first_share(city)):
        assert why_stopped(city, VERSION)
        assert ask_now(city, VERSION) == []
    else:
        assert not why_stopped(city, VERSION)


def test_a_city_comes_to_its_end():
    city = {each.id: each for each in city_of(60)}
    rounds = 0
    while any(each.step is not UpdateStep.DONE for each in city.values()):
        asked = ask_now(list(city.values()), VERSION)
        assert asked
        for id_ in asked:
            city[id_] = replace(city[id_], step=UpdateStep.DONE)
        rounds += 1
    assert rounds <= 6


def test_kiosks_that_are_away_hold_up_nobody_who_is_there():
    city = [replace(each, may_now=each.id in {"k3", "k8"}) for each in city_of(20)]

    assert sorted(ask_now(city, VERSION)) == ["k3", "k8"]


def test_a_kiosk_that_began_and_fell_silent_hands_over_to_the_other_of_its_station_once_the_version_is_tried():
    tried = city_of(10, UpdateStep.DONE)
    station = [KioskOnItsWay("a", "X", UpdateStep.SILENT, False), KioskOnItsWay("b", "X", UpdateStep.WAITS, True)]

    assert ask_now([*tried, *station], VERSION) == ["b"]


def test_one_of_the_first_that_fell_silent_stops_all_and_it_is_said_which():
    city = [KioskOnItsWay("dead", "X", UpdateStep.SILENT, False), *city_of(30)]

    assert why_stopped(city, VERSION) == "1.2.0 was begun at dead, and nothing is heard of it"
    assert ask_now(city, VERSION) == []
