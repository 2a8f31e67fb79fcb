"""What cannot stand is refused, with what was found and what is wanted; of two facts that contradict, both are named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.register.shifts import NO_SHIFTS
from station.duty import Limits
from station.hours import Span
from tests.hub.changing.office import TODAY, Office, at
from tests.hub.cities import token_of

CARD, OTHER, STRANGE = token_of(1), token_of(2), token_of(99)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
SHUT, ROUND = ((),) * 7, ((Span(0, 1440),),) * 7
DAY_CLOSED = date(2026, 4, 1)

REFUSED: list[tuple[list[CityCommand], str]] = [
    ([asked.EnterDistrict("D-2", "东样区")], "name: found '东样区', the name of another district; wanted is a name of"),
    ([asked.NameAuthority("factory", "例")], "kind: found 'factory'; wanted is one of hospital, bank"),
    ([asked.EnterStation("S-9", "例", district="D-9", kind="bank")], "district: found 'D-9'; wanted is code of a"),
    ([asked.EnterStation("S-9", "例", district="D-1", kind="factory")], "kind: found 'factory'; wanted is one of"),
    ([asked.EnterStation("S-9", district="D-1", kind="bank")], "name: found nothing; wanted is a value"),
    ([asked.EnterStation("S-01", opened_on=TODAY)], "opened_on: found 2026-03-05, and kiosk K-01-1 in service there"),
    (
        [asked.CloseStation("S-01", DAY_CLOSED)],
        "on: found 2026-04-01, and kiosk K-01-1 in service there without an end",
    ),
    ([asked.CloseStation("S-9")], "station: found 'S-9'; wanted is a station that is entered"),
    (
        [asked.RetireKiosk("K-01-1", DAY_CLOSED), asked.CloseStation("S-01", TODAY)],
        "and kiosk K-01-1 in service there until 2026-04-01",
    ),
    (
        [asked.RetireKiosk("K-01-1"), asked.CloseStation("S-01"), asked.KeepKiosk("K-01-1")],
        "in_service_to: found no end, and station S-01 closed on 2026-03-06",
    ),
    (
        [asked.RetireKiosk("K-01-1", TODAY), asked.CloseStation("S-01", TODAY), asked.EnterKiosk("K-2", "S-01")],
        "in_service_from: found 2026-03-05, and station S-01 closed on 2026-03-05",
    ),
    ([asked.EnterKiosk("hub", "S-01")], "kiosk: found 'hub'; wanted is another name"),
    (
        [asked.EnterKiosk("K-01-1", "S-02")],
        "though its records are of 'S-01'; wanted is the same station; a kiosk that",
    ),
    (
        [asked.RetireKiosk("K-01-1", date(2019, 1, 1))],
        "in_service_to: found 2019-01-01, of kiosk K-01-1; wanted is a day after 2020-01-01",
    ),
    ([asked.RevokeKiosk("K-9")], "kiosk: found 'K-9'; wanted is a kiosk that is entered"),
    (
        [asked.RevokeKiosk("K-01-1"), asked.KeepKiosk("K-01-1")],
        "kiosk: found 'K-01-1', revoked 2026-03-05 10:00:00; wanted is a kiosk that is not revoked",
    ),
    (
        [asked.RevokeKiosk("K-01-1", at("2026-03-05 10:01"))],
        "since: found 2026-03-05 10:01:00; wanted is a moment that has come",
    ),
    (
        [asked.RevokeKiosk("K-01-1"), asked.RetireKiosk("K-01-1", DAY_CLOSED)],
        "in_service_to: found 2026-04-01, and kiosk K-01-1 revoked 2026-03-05 10:00:00; wanted is 2026-03-06 or an",
    ),
    (
        [asked.RevokeKiosk("K-01-1"), asked.EnterKiosk("K-01-1", "S-01", in_service_to=DAY_CLOSED)],
        "in_service_to: found 2026-04-01, and kiosk K-01-1 revoked 2026-03-05 10:00:00; wanted is 2026-03-06 or an",
    ),
    ([asked.RetireKiosk("K-9")], "kiosk: found 'K-9'; wanted is a kiosk that is entered"),
    ([asked.SetTerms("S-01", minimum=3)], "target: found 2, below the minimum of 3, from 2026-03-05 on; wanted is at"),
    ([asked.SetTerms("S-01", minimum=0)], "minimum: found 0; wanted is 1 or more"),
    ([asked.SetTerms("S-01", minimum=10**20)], "minimum: found 100000000000000000000; wanted is 50 or"),
    ([asked.SetTerms("S-01", target=51)], "target: found 51; wanted is 50 or fewer"),
    ([asked.SetTerms("S-01", week=SHUT)], "week: found no open day"),
    (
        [asked.SetTerms("S-01", limits=Limits(take_back=timedelta(minutes=61)))],
        "take_back: found 1:01:00; wanted is 1:00:00 or shorter",
    ),
    ([asked.SetTerms("S-01", week=((Span(0, 60), Span(30, 90)),) * 7)], "week: found hours that overlap"),
    ([asked.SetTerms("S-01", date(1999, 1, 1), ROUND)], "since: found 1999-01-01; wanted is 2000-01-01 or a later day"),
    ([asked.SetTerms("S-9", week=ROUND)], "station: found 'S-9'"),
    (
        [asked.SetTerms("S-01", date(9999, 12, 31), ROUND)],
        "since: found 9999-12-31; wanted is a date from 1970 to 2198",
    ),
    ([asked.SetSpecialDay("S-01", date(9999, 12, 31), ())], "day: found 9999-12-31; wanted is a date from 1970"),
    ([asked.SetSpecialDay("S-01", date(1990, 3, 3), ())], "day: found 1990-03-03; wanted is a day from 2000-01-01 to"),
    ([asked.SetSharedDay(date(1990, 3, 3), ())], "day: found 1990-03-03; wanted is a day from 2000-01-01 to"),
    (
        [asked.SetSpecialDay("S-01", date(2126, 3, 6), ())],
        "day: found 2126-03-06; wanted is a day from 2000-01-01 to 2028-03-05",
    ),
    ([asked.SetSharedDay(date(2126, 3, 6), ())], "day: found 2126-03-06; wanted is a day from 2000-01-01 to 2028"),
    ([asked.RetireKiosk("K-01-1", date(1, 1, 1))], "on: found 0001-01-01; wanted is a date from 1970 to 2198"),
    (
        [asked.PlanWeek("S-01", date(2036, 3, 5), NO_SHIFTS)],
        "since: found 2036-03-05; wanted is a day from 2000-01-01 to 2027-03-06",
    ),
    ([asked.SetShiftDay("S-01", date(2027, 3, 7), ())], "day: found 2027-03-07; wanted is a day from 2000-01-01 to"),
    ([asked.SetSpecialDay("S-01", TOMORROW, (Span(0, 60), Span(30, 90)))], "wanted is hours without overlap"),
    ([asked.EnterPerson("p9", "N1", "例甲")], "number: found the number of another volunteer"),
    ([asked.EnterPerson("p1", "N9", "例甲")], "number: found another number than before"),
    (
        [asked.LeavePerson("p1"), asked.EnterPerson("p1", "N1", registered_on=TOMORROW)],
        "registered_on: found 2026-03-06, and left on 2026-03-05; wanted is a day not after they left",
    ),
    ([asked.EnterPerson("p9", "N9")], "full_name: found nothing"),
    ([asked.TrainPerson("p1", TOMORROW)], "on: found 2026-03-06; wanted is a day not after today, 2026-03-05"),
    ([asked.SetMemberships("p1", frozenset({"S-9"}))], "stations: found 'S-9'; wanted is a station that is entered"),
    (
        [asked.TrainPerson("p1", YESTERDAY), asked.LeavePerson("p1", YESTERDAY - timedelta(days=1))],
        "on: found 2026-03-03, and trained on 2026-03-04; wanted is a day not before their training",
    ),
    (
        [asked.LeavePerson("p1", YESTERDAY), asked.TrainPerson("p1", TODAY)],
        "on: found 2026-03-05, and left on 2026-03-04; wanted is a day not after they left",
    ),
    ([asked.LeavePerson("p9")], "person: found 'p9'; wanted is a volunteer who is entered"),
    (
        [asked.LeavePerson("p1"), asked.LeavePerson("p1", DAY_CLOSED)],
        "found 2026-04-01, and left on 2026-03-05 already",
    ),
    (
        [
            asked.ReturnCard(CARD),
            asked.AssignCard(CARD, "p2", at("2026-05-01 08:00")),
            asked.LeavePerson("p2", TOMORROW),
        ],
        "on: found 2026-03-06, and card 00000000 theirs from 2026-05-01 08:00:00",
    ),
    (
        [asked.LeavePerson("p1"), asked.AssignCard(OTHER, "p1")],
        "person: found p1, who left on 2026-03-05; wanted is somebody who has not left",
    ),
    ([asked.LeavePerson("p1"), asked.SetMemberships("p1", frozenset({"S-01"}))], "and left on 2026-03-05; wanted is"),
    ([asked.AssignCard(STRANGE, "p1")], "card: found 00000000; wanted is a card that is entered"),
    ([asked.AssignCard(CARD, "p9")], "person: found 'p9'; wanted is a volunteer who is entered"),
    (
        [asked.AssignCard(CARD, "p2", at("2026-05-01 08:00")), asked.AssignCard(CARD, "p3")],
        "found 2026-03-05 10:00:00, and the card is p2's from 2026-05-01 08:00:00 on; wanted is a later moment",
    ),
    ([asked.ReturnCard(STRANGE)], "card: found 00000000"),
    (
        [asked.AssignCard(CARD, "p2"), asked.ReturnCard(CARD, at("2026-03-01 08:00"))],
        "at: found 2026-03-01 08:00:00, and the card is p2's from 2026-03-05 10:00:00 on; wanted is a later moment",
    ),
    (
        [asked.LoseCard(CARD), asked.LoseCard(CARD, at("2026-03-06 08:00"))],
        "since: found 2026-03-06 08:00:00, and the card is lost from 2026-03-05 10:00:00 on; wanted is a moment at which",
    ),
    (
        [
            asked.LoseCard(CARD, at("2026-03-01 08:00")),
            asked.FindCard(CARD, at("2026-03-02 08:00")),
            asked.LoseCard(CARD),
            asked.LoseCard(CARD, at("2026-03-01 12:00")),
        ],
        "since: found 2026-03-01 12:00:00, and the card is lost from 2026-03-01 08:00:00 until 2026-03-02 08:00:00",
    ),
    (
        [asked.LoseCard(CARD), asked.FindCard(CARD, at("2026-03-01 08:00"))],
        "at: found 2026-03-01 08:00:00, and the card is lost from 2026-03-05 10:00:00 on; wanted is a later moment",
    ),
    ([asked.EnterCard(STRANGE, "rfid")], "technology: found 'rfid'; wanted is one of iso14443a, em4100"),
]


@pytest.mark.parametrize(("commands", "said"), REFUSED, ids=lambda value: value[:40] if isinstance(value, str) else "")
def test_a_refusal_says_what_was_found_and_what_is_wanted(commands: list[CityCommand], said: str) -> None:
    office = Office()
    before = office.everything()

    refusals = office.refusals(*commands, why="it was so")

    assert len(refusals) == 1
    assert said in refusals[0]
    assert office.everything() == before


PAST: list[CityCommand] = [
    asked.SetTerms("S-01", YESTERDAY, minimum=2),
    asked.SetSpecialDay("S-01", YESTERDAY, ()),
    asked.RetireKiosk("K-01-1", YESTERDAY),
    asked.LoseCard(CARD, at("2026-03-04 10:00")),
    asked.AssignCard(CARD, "p2", at("2026-03-04 10:00")),
    asked.ReturnCard(CARD, at("2026-03-04 10:00")),
    asked.LeavePerson("p1", YESTERDAY),
    asked.SetMemberships("p1", frozenset(), YESTERDAY),
]


@pytest.mark.parametrize("command", PAST, ids=lambda command: type(command).__name__)
def test_a_change_of_the_past_needs_a_reason(command: CityCommand) -> None:
    office = Office()

    refusals = office.refusals(command)

    said = "no reason, though it changes what was true from 2026-03-04 on; wanted is a reason for changing the past"
    assert refusals == [f"why: found {said}"]
    assert office.refusals(command, why="it was so") == []
    assert [row["why"] for row in office.history()] == ["it was so"]


def test_one_refused_command_keeps_all_of_them_out() -> None:
    office = Office()
    before = office.everything()

    outcome = office.give(asked.LoseCard(CARD), asked.RetireKiosk("K-9"), asked.RetireKiosk("K-8"))

    assert [number for number, _ in outcome.refusals] == [1, 2]
    assert office.everything() == before
