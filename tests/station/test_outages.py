"""Silent stations put together: each in exactly one alarm, whatever the order; a group is four, and lasts to the last two."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from station.outages import FEWEST, JOINS, STRAGGLERS, WINDOW, Silence, group_name, grouped, scope_of

NINE = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
EAST = "district/130402"


def at(minute: float) -> datetime:
    return NINE + timedelta(minutes=minute)


def silent(*minutes: float, told: bool = False, group: str = "", first: int = 1) -> dict[str, Silence]:
    return {
        f"S-{n:02}": Silence(EAST, at(minute), group, is_told=told) for n, minute in enumerate(minutes, start=first)
    }


def test_four_whose_silence_began_within_ten_minutes_are_one() -> None:
    assert grouped(silent(0, 3, 6, 10), {}).groups == {EAST: frozenset({"S-01", "S-02", "S-03", "S-04"})}
    assert grouped(silent(0, 0, 0), {}).groups == {}
    assert grouped(silent(0, 3, 6, 10.1), {}).groups == {}


def test_who_was_told_of_before_goes_with_the_new_ones_and_forms_nothing_by_itself() -> None:
    assert grouped(silent(0, 1, 2, told=True) | silent(5, first=4), {}).groups.keys() == {EAST}
    assert grouped(silent(0, 1, 2, 3, told=True), {}).groups == {}


def test_districts_stay_apart() -> None:
    west = {f"W-{n}": Silence("district/130403", at(0)) for n in range(3)}

    assert grouped(silent(0, 0, 0) | west, {}).groups == {}


def test_late_ones_join_for_twenty_minutes_and_then_are_another_matter() -> None:
    running = {EAST: at(0)}
    members = silent(0, 0, 0, 0, group=EAST)

    assert "S-09" in grouped(members | silent(20, first=9), running).groups[EAST]
    assert "S-09" not in grouped(members | silent(20.1, first=9), running).groups[EAST]
    four = grouped(members | silent(30, 31, 32, 33, first=9), running)
    assert four.groups.keys() == {EAST, group_name(EAST, 2)}


def test_three_are_still_a_group_and_two_have_each_their_own_again() -> None:
    assert grouped(silent(0, 0, 0, group=EAST), {EAST: at(0)}).over == frozenset()
    assert grouped(silent(0, 0, group=EAST), {EAST: at(0)}) == ({}, frozenset({EAST}))
    assert grouped({}, {EAST: at(0)}).over == {EAST}


SILENCES = st.dictionaries(
    st.integers(1, 30).map(lambda n: f"S-{n:02}"),
    st.builds(
        Silence,
        scope=st.sampled_from([EAST, "district/130403"]),
        since=st.integers(0, 60).map(at),
        group=st.sampled_from(["", "", EAST, group_name(EAST, 2)]),
        is_told=st.booleans(),
    ).map(lambda one: one._replace(group="" if one.is_told or one.scope != EAST else one.group)),
    max_size=30,
)


@given(SILENCES, st.randoms(use_true_random=False))
def test_the_order_changes_nothing_and_each_is_in_at_most_one(silences: dict[str, Silence], order: Random) -> None:
    running = {EAST: at(0), group_name(EAST, 2): at(30)}
    shuffled = [*silences.items()]
    order.shuffle(shuffled)

    found = grouped(silences, running)

    assert grouped(dict(shuffled), dict(reversed(running.items()))) == found
    everybody = [code for members in found.groups.values() for code in members]
    assert len(everybody) == len(set(everybody))
    assert set(everybody) <= silences.keys()
    for name, members in found.groups.items():
        assert len(members) > STRAGGLERS
        assert {silences[code].scope for code in members} == {scope_of(name)}


@given(SILENCES)
def test_nobody_is_lost_and_a_second_look_changes_nothing(silences: dict[str, Silence]) -> None:
    """Who is in no group after a look has an alarm of its own, as the keeper raises it then."""
    since = {EAST: at(0), group_name(EAST, 2): at(30)}
    found = grouped(silences, since)
    of = {code: name for name, members in found.groups.items() for code in members}
    new = {name: min(silences[code].since for code in members) for name, members in found.groups.items()}
    later = {code: one._replace(group=of.get(code, ""), is_told=code not in of) for code, one in silences.items()}

    again = grouped(later, {name: since.get(name, new[name]) for name in found.groups})

    assert again == (found.groups, frozenset())
    for code, one in silences.items():
        if one.group and one.group not in found.over:
            assert of[code] == one.group


def test_the_limits_are_what_the_rules_say() -> None:
    assert (FEWEST, STRAGGLERS) == (4, 2)
    assert (timedelta(minutes=10), timedelta(minutes=20)) == (WINDOW, JOINS)
    assert scope_of(group_name(EAST, 3)) == EAST
