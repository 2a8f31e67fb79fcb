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


def test_a_card_that_was_entered_under_a_later_key_keeps_its_name_when_an_old_kiosk_comes_back():
    """A kiosk from an image of long ago says the name under the city's first key, which nobody has entered."""
    said = [SaidName("c", "b", "K-1"), SaidName("c", "a", "K-old"), SaidName("b", "a", "K-old")]

    names = names_of(said, entered={"b"})

    assert names.firsts == {"c": "b", "a": "b"}
    assert (names.first("b"), names.doubted) == ("b", frozenset())


def test_a_name_that_nobody_entered_puts_no_card_in_doubt():
    names = names_of([SaidName("n", "a", "K-1"), SaidName("n", "junk", "K-2")], entered={"a"})

    assert names.firsts == {"n": "a", "junk": "a"}
    assert not names.doubted


def test_where_two_cards_that_were_entered_are_said_to_be_one_it_is_neither():
    names = names_of([SaidName("n", "a", "K-1"), SaidName("n", "b", "K-2")], entered={"a", "b"})

    assert (names.firsts, names.doubted) == ({}, {"n"})


def test_an_old_name_of_two_cards_is_neither():
    names = names_of([SaidName("b", "a", "K-1"), SaidName("c", "a", "K-2")], entered={"b", "c"})

    assert (names.firsts, names.doubted) == ({}, {"a"})


@given(sayings, st.sets(st.sampled_from("abcdef")))
def test_whatever_is_said_a_card_that_was_entered_is_called_as_it_was(said, entered):
    names = names_of(said, entered)

    assert all(names.first(name) == name for name in entered)
    assert not names.doubted & entered
    assert not names.firsts.keys() & names.doubted
