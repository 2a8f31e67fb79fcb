"""Deeds of 志愿者 and of one's own page: people, their cards, what is held of them, and what they ask for."""

from typing import Final

from hub.web.api.answers import Answer
from hub.web.deeds.deed import FormDeed, FormShown, flag, maybe, text, was

PERSON: Final = "/people/{person}/{act}"
WHY: Final = maybe("why; needed where it changes what is past; without a name")


class Link(Answer):
    """A link that is good once; it is told here and nowhere else."""

    link: str


class CardProgressAnswer(Answer):
    """How far giving a card by tapping has come."""

    is_open: bool
    given: str
    wrong: str


def _tell_address(shown: FormShown) -> Answer:
    return Link(link=shown["address"])


def _tell_progress(shown: FormShown) -> Answer:
    one = shown["progress"]
    return CardProgressAnswer(is_open=one.is_open, given=one.given, wrong=one.wrong)


OF_PEOPLE: Final = (
    FormDeed(
        "/people/new", "Enter a volunteer.",
        {
            "number": text("their number in the register"), "full_name": text("as it is written"),
            "stations": text("codes or short names, with blanks between"), "trained_on": maybe("a day, as 2026-03-04"),
            "again": maybe("what was told where somebody of that number was erased, to enter them all the same"),
        },
    ),
    FormDeed(
        PERSON, "Change somebody's name.", {"full_name": text("as it is written")} | was("full_name"), act="enter"
    ),
    FormDeed(
        PERSON, "Say to which stations somebody belongs.",
        {"stations": text("all of them: codes or short names, with blanks between")} | was("stations"), act="stations",
    ),
    FormDeed(
        PERSON, "Say when somebody was trained.",
        {"trained_on": text("a day, as 2026-03-04; empty for not at all")} | was("trained_on"), act="train",
    ),
    FormDeed(
        PERSON, "Give somebody a card that is entered.", {"token": text("by which the card is known")}, act="card"
    ),
    FormDeed(
        PERSON, "Let somebody leave: their cards and stations end, what was stays.",
        {"left_on": maybe("from which day on; now where it is left out"), "why": WHY}, act="leave",
    ),
    FormDeed(PERSON, "Let somebody who has left come back.", {"why": WHY}, act="return"),
    FormDeed("/people/{person}/cards/{token}/{act}", "Report a card lost.", act="lost"),
    FormDeed("/people/{person}/cards/{token}/{act}", "Say that a card was found again.", act="found"),
    FormDeed(
        "/people/{person}/new-card", "Have a kiosk read the next card for somebody, within a minute.",
        {"kiosk": text("the kiosk's id"), "lose": flag("whether the cards that they have are lost")},
    ),
    FormDeed(
        "/people/{person}/new-card/{command}", "How far that has come.", answer=CardProgressAnswer,
        tells=_tell_progress, method="GET",
    ),
    FormDeed(
        "/people/{person}/telephone", "Keep the number of somebody who agreed; an empty one takes it away.",
        {
            "telephone": text("the number"), "agreed_on": maybe("the day on which they agreed"),
            "purpose": maybe("duty or roster"),
        } | was("telephone", "agreed_on"),
    ),
    FormDeed(
        "/people/{person}/consents/{matter}/{act}", "Note what somebody agreed to.",
        {"record_on": text("the day on which they did")}, act="note",
    ),
    FormDeed("/people/{person}/consents/{matter}/{act}", "Note that somebody agrees no more.", act="withdraw"),
    FormDeed(
        "/people/{person}/sign-in-link", "Make a link by which a volunteer chooses a password.", answer=Link,
        tells=_tell_address,
    ),
    FormDeed(
        "/me/taps", "Ask for a correction of one's own taps.",
        {
            "station": text("its code"), "day": text("of which day"), "said": text("what was true"),
        },
    ),
    FormDeed(
        "/stations/{code}/requests/{number}", "Answer what a volunteer asked for; a correction is an amendment.",
        {"answer": text("what became of it; they see it")},
    ),
)  # fmt: skip
