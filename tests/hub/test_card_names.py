"""Which tokens are one card: chains lead to the first name, what contradicts itself leads nowhere."""

from hypothesis import given
from hypothesis import strategies as st

from hub.database.card_names import HUB, SaidName
from hub.register.card_names import names_of

sayings = st.lists(st.builds(SaidName, *[st.sampled_from("abcdef")] * 2, st.sampled_from(["K-1", "K-2", HUB])))


def test_a_name_of_a_name_leads_to_the_first():
    names = names_of([SaidName("c", "b", "K-1"), SaidName("b", "a", "K-2"), SaidName("c", "a", "K-2")])

    assert names.firsts == {"b": "a", "c": "a"}
    assert names.first("x") == "x"


def test_where_two_cards_are_said_to_be_one_it_is_neither():
    names = names_of([SaidName("n", "a", "K-1"), SaidName("n", "b", "K-2")])

    assert (names.firsts, names.doubted) == ({}, {"n"})


def test_what_the_hub_reckoned_itself_counts_before_kiosks():
    names = names_of([SaidName("n", "a", "K-1"), SaidName("n", "b", HUB)])

    assert names.firsts == {"n": "b"}


@given(sayings)
def test_whatever_is_said_a_name_leads_to_one_that_leads_no_further_or_nowhere(said):
    names = names_of(said)

    assert names.firsts.keys() | names.doubted == {name.token for name in said}
    assert not names.firsts.keys() & names.doubted
    assert not {*names.firsts.values()} & {name.token for name in said}
