"""What people are told: short enough to be read, the action first, and how to take it back always."""

from pathlib import Path
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.signals import Signal
from edge import answers
from edge.answers import LONGEST, SHORTEST
from station.records import Action
from tests.edge.answers_page import (
    RULES,
    TWO_NEEDED,
    Shown,
    forgotten,
    on_since,
    outcome,
    outcomes,
    page,
    person,
    shown,
)

PAGE = Path(__file__).parents[2] / "docs" / "answers.md"


def width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


def test_the_page_shows_what_the_kiosk_says():
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.edge.answers_page > docs/answers.md"


@pytest.mark.parametrize("each", list(shown()), ids=lambda each: each.when)
def test_every_answer_fits_its_display(each: Shown):
    assert max(map(width, (each.lines.first, each.lines.second))) <= LONGEST
    assert max(map(width, each.lines.short)) <= SHORTEST
    assert all(each.lines.short)


@given(
    action=st.sampled_from(Action),
    who=st.builds(person, st.text("王李欧阳*芳A·★", max_size=40), st.integers(0, 5)),
    counts=st.tuples(st.integers(0, 99), st.integers(0, 99)),
    flags=st.tuples(st.booleans(), st.booleans()),
    rules_and_before=st.tuples(
        st.sampled_from([RULES, TWO_NEEDED]), st.sampled_from([None, on_since("08:00"), forgotten()])
    ),
)
def test_whoever_it_is_the_answer_fits(action, who, counts, flags, rules_and_before):
    (on, out), (took_back, untrained), (rules, before) = counts, flags, rules_and_before
    made = outcome(
        action, "10:00", before, who=who, on=on, out=out, rules=rules, took_back=took_back, tells_untrained=untrained
    )

    _, lines = answers.answer(made)

    assert max(map(width, (lines.first, lines.second))) <= LONGEST
    assert max(map(width, lines.short)) <= SHORTEST


@given(st.lists(st.text("王李欧阳*芳", max_size=12), min_size=1, max_size=30))
def test_whoever_is_asked_at_an_opening_the_answer_fits(asked):
    lines = answers.opening(asked)

    assert max(map(width, (lines.first, lines.second))) <= LONGEST
    assert max(map(width, lines.short)) <= SHORTEST


@pytest.mark.parametrize(("when", "made"), list(outcomes()))
def test_every_answer_to_a_tap_names_the_action_and_how_to_take_it_back(when, made):
    _, lines = answers.answer(made)

    assert any(word in lines.first for word in ("上岗", "离岗", "临时外出", "返岗")), when
    assert any(word in lines.second for word in ("再刷", "返岗请再刷卡")), when


def test_a_leave_that_may_become_stepping_out_says_so_at_once():
    _, lines = answers.answer(outcome(Action.LEAVE, "10:00", on_since("08:00")))

    assert "卡不拿开为临时外出" in lines.first
    assert "贴住则外出" in lines.short[0]


def test_who_makes_up_for_a_forgotten_leave_is_not_called_the_last_one():
    signal, lines = answers.answer(outcome(Action.LEAVE, "17:10", forgotten(), on=0))

    assert signal is Signal.LEFT
    assert lines.first.startswith("补记离岗 17:10")
    assert "如您刚到，请再刷一次" in lines.second
    assert "最后一位" not in lines.first + lines.second
