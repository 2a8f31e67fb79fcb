"""Lines that a visitor types."""

import pytest

from simulator.acts import Gesture
from simulator.city import invent
from simulator.saying import page_here
from simulator.visitor import Visitor
from station.clock import Clock


@pytest.fixture
def said():
    return []


@pytest.fixture
def visitor(said):
    return Visitor(invent(1), Clock(), said.append, lambda: "http://127.0.0.1:1/invitations/k")


def test_put_taps_with_the_spare_card(visitor):
    act = visitor.act(["put"])

    assert (act.card, act.gesture, act.kiosk) == (visitor.card, Gesture.TOUCH, "hospital-01-a")
    assert act.person.startswith("v")


def test_a_number_chooses_the_card(visitor):
    ordinary = invent(1).volunteers[3]
    number = ordinary.cards[0].number.hex()

    assert visitor.act(["hold", number]).person == ordinary.person
    assert visitor.act(["put", "04EEEE00ABCDEF"]).person == "visitor"
    assert visitor.act(["put", "ntag213", "04EEEE00ABCDEF"]).card.chip == "ntag213"
    assert visitor.act(["put", "phone"]).card.chip == "phone"


def test_a_card_need_not_be_taken_away(visitor, said):
    assert visitor.act(["take"]) is None
    assert "by itself" in said[0]


@pytest.mark.parametrize("line", ["", "dance", "put zz", "put 0102", "hold 01 02", "put ntag213"])
def test_what_cannot_be_done_gets_help(visitor, said, line):
    assert visitor.act(line.split()) is None
    assert "put NUMBER" in said[0]


def test_desk_gives_a_link_to_an_account(visitor, said):
    assert visitor.act(["desk"]) is None
    assert said[0].endswith("http://127.0.0.1:1/invitations/k")


@pytest.mark.parametrize(("locale", "lang"), [("zh_CN.UTF-8", "zh"), ("C.UTF-8", "en")])
def test_a_page_opens_in_the_language_of_the_terminal_that_leads_to_it(monkeypatch, locale, lang):
    monkeypatch.setenv("LC_ALL", locale)

    assert page_here("http://127.0.0.1:1/") == f"http://127.0.0.1:1/?lang={lang}"
