"""What commands do to the past, to today and to days ahead, and what history says of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.database.people_tables import Holding, Volunteer
from hub.database.tables import SharedDay, SpecialDay
from hub.database.transactions import writing
from hub.register.directory import roster_cards
from hub.register.terms import ALWAYS
from station.duty import Limits
from station.hours import SHANGHAI, Span
from station.names import KioskId, PersonId, StationCode
from station.wire.told import Holder
from tests.hub.changing.office import NOW, TODAY, Office, at, ms
from tests.hub.cities import token_of

CARD, STRANGE = token_of(1), token_of(99)
S_01 = StationCode("S-01")


def test_a_day_of_before_all_terms_that_was_taken_once_may_be_said_again_and_taken_away() -> None:
    office, day = Office(), date(1990, 3, 3)
    with writing(office.engine) as connection:
        connection.execute(insert(SpecialDay).values(station=S_01, day=day, spans="[]", reason=""))
        connection.execute(insert(SharedDay).values(district="", kind="", day=day, spans="[]", reason=""))

    assert office.refusals(asked.SetSpecialDay(S_01, day, ()), asked.SetSharedDay(day, ()), why="a sheet") == []
    assert [row["day"] for table in (SpecialDay, SharedDay) for row in office.rows(table)] == [day, day]

    assert office.refusals(asked.SetSpecialDay(S_01, day, None), asked.SetSharedDay(day, None), why="a sheet") == []
    assert [row["day"] for table in (SpecialDay, SharedDay) for row in office.rows(table)] == []


def test_a_card_lost_today_stays_its_holders_in_the_past() -> None:
    office = Office()

    office.give(asked.LoseCard(CARD))

    book = office.book()
    assert book.identity(CARD, ms("2026-03-05 09:59")) == ("p1", True)
    assert book.identity(CARD, ms("2026-03-05 10:00")) == (CARD, False)
    assert book.cards("p1") == (CARD, "p1")


def test_a_card_that_is_found_counts_again_from_then_on() -> None:
    office = Office()
    office.give(asked.LoseCard(CARD))
    office.now += timedelta(days=2)

    office.give(asked.FindCard(CARD))

    book = office.book()
    days = ("2026-03-04 09:00", "2026-03-06 09:00", "2026-03-08 09:00")
    assert [book.identity(CARD, ms(day)).counted for day in days] == [True, False, True]


def test_a_card_that_nobody_held_is_its_holders_since_its_first_tap() -> None:
    office = Office()
    office.give(asked.EnterCard(STRANGE, "iso14443a"))
    assert office.book().spelled_card(STRANGE) == ""

    office.give(asked.AssignCard(STRANGE, "p1"))

    assert office.book().identity(STRANGE, ms("2024-01-01 08:00")) == ("p1", True)
    assert office.book().spelled_card(STRANGE) == '[[[0,null,"p1"]],[]]'


def test_a_card_that_nobody_held_is_its_holders_from_a_moment_that_is_said() -> None:
    office = Office()

    office.give(
        asked.EnterCard(STRANGE, "iso14443a"), asked.AssignCard(STRANGE, "p1", at("2026-03-01 08:00")), why="a list"
    )

    book = office.book()
    assert book.identity(STRANGE, ms("2026-03-01 07:59")) == (STRANGE, False)
    assert book.identity(STRANGE, ms("2026-03-01 08:00")) == ("p1", True)


def test_a_card_that_changes_hands_leaves_the_first_holding_where_it_is() -> None:
    office = Office()

    office.give(asked.AssignCard(CARD, "p2"))

    now_ms = ms("2026-03-05 10:00")
    assert [row for row in office.rows(Holding) if row["token"] == CARD] == [
        {"token": CARD, "from_ms": 0, "until_ms": now_ms, "person": "p1"},
        {"token": CARD, "from_ms": now_ms, "until_ms": None, "person": "p2"},
    ]
    assert office.book().cards("p1") == (CARD, "p1")
    assert office.book().persons(CARD) == {CARD, "p1", "p2"}


def test_minimum_set_ahead_holds_from_its_day_and_outlives_hours_that_say_nothing_of_it() -> None:
    office = Office()
    january, february = date(2027, 1, 1), date(2027, 2, 1)
    office.give(asked.SetTerms("S-01", february, week=((Span(600, 660),),) * 7))

    office.give(asked.SetTerms("S-01", january, minimum=2))

    rules = office.book().rules(S_01, january, february)
    minimums = [rules.terms_on(day).duty.minimum for day in (date(2026, 12, 31), january, february)]
    assert minimums == [1, 2, 2]
    assert len(rules.calendar.periods_on(february)) == 1
    assert office.book().rules(S_01, TODAY, TODAY).terms_on(TODAY).duty.minimum == 1


def test_every_limit_is_a_term() -> None:
    office = Office()
    limits = Limits(grace=timedelta(minutes=10), longest=timedelta(hours=6))

    office.give(asked.SetTerms("S-01", date(2026, 4, 1), limits=limits))

    rules = office.book().rules(S_01, TODAY, date(2026, 4, 1))
    assert [rules.terms_on(day).limits for day in (TODAY, date(2026, 4, 1))] == [Limits(), limits]


def test_round_the_clock_nobody_is_on_duty_for_more_than_six_hours_without_a_tap_unless_it_is_said() -> None:
    office = Office()
    round_the_clock, usual = ((Span(0, 1440),),) * 7, ((Span(600, 660),),) * 7
    days = [date(2026, month, 1) for month in (4, 5, 6, 7)]

    office.give(asked.SetTerms("S-01", days[0], week=round_the_clock))
    office.give(asked.SetTerms("S-01", days[1], week=usual))
    office.give(asked.SetTerms("S-01", days[2], limits=Limits(longest=timedelta(hours=8))))
    office.give(asked.SetTerms("S-01", days[3], week=round_the_clock))

    rules = office.book().rules(S_01, TODAY, days[3])
    hours = [rules.terms_on(day).limits.longest // timedelta(hours=1) for day in (TODAY, *days)]
    assert hours == [12, 6, 12, 8, 8]


def test_hours_that_were_set_ahead_keep_their_own_longest_stint() -> None:
    office = Office()
    round_the_clock, usual = ((Span(0, 1440),),) * 7, ((Span(600, 660),),) * 7
    days = [date(2026, month, 1) for month in (4, 5, 6, 7)]

    office.give(asked.SetTerms("S-01", days[1], usual))
    office.give(asked.SetTerms("S-01", days[3], round_the_clock))
    office.give(asked.SetTerms("S-01", days[2], minimum=2, target=3))
    office.give(asked.SetTerms("S-01", days[0], round_the_clock))

    rules = office.book().rules(S_01, TODAY, days[3])
    hours = [rules.terms_on(day).limits.longest // timedelta(hours=1) for day in (TODAY, *days)]
    assert hours == [12, 6, 12, 12, 6]


def test_only_from_its_day_on_do_terms_judge_otherwise() -> None:
    office = Office()
    before = office.directory().stations[S_01].terms

    office.give(asked.SetTerms("S-01", ALWAYS, week=((Span(600, 660),),) * 7), why="they never were otherwise")
    office.give(asked.SetTerms("S-01", date(2020, 1, 1), week=before.clauses[0].week), why="they were")

    assert [clause.since for clause in office.directory().stations[S_01].terms.clauses] == [ALWAYS, date(2020, 1, 1)]


def test_a_day_that_is_special_and_one_that_is_no_more() -> None:
    office = Office()
    day = date(2026, 5, 1)

    office.give(asked.SetSpecialDay("S-01", day, (), "劳动节"))
    closed = office.book().rules(S_01, day, day).calendar.periods_on(day)
    office.give(asked.SetSpecialDay("S-01", day, None))

    assert closed == ()
    assert len(office.book().rules(S_01, day, day).calendar.periods_on(day)) == 2


def test_a_station_that_closes_has_no_opening_hours_and_opens_again() -> None:
    office = Office()
    closing = date(2026, 4, 1)
    office.give(asked.RetireKiosk("K-01-1", closing), asked.CloseStation("S-01", closing))
    rules = office.book().rules(S_01, TODAY, closing)
    assert [len(rules.calendar.periods_on(day)) for day in (date(2026, 3, 31), closing, date(2026, 6, 1))] == [2, 0, 0]

    office.give(asked.ReopenStation("S-01"), asked.KeepKiosk("K-01-1"))

    assert len(office.book().rules(S_01, closing, closing).calendar.periods_on(closing)) == 2


def test_yesterday_is_judged_by_the_kiosks_of_yesterday() -> None:
    office = Office()

    office.give(asked.RetireKiosk("K-01-1", TODAY), asked.EnterKiosk("K-01-7", "S-01", "侧门"))

    book = office.book()
    assert book.kiosks_in_service(S_01, TODAY - timedelta(days=1)) == [KioskId("K-01-1")]
    assert book.kiosks_in_service(S_01, TODAY) == [KioskId("K-01-7")]


def test_a_kiosk_that_is_retired_and_a_station_that_closes_keep_the_day_that_they_served() -> None:
    office = Office()

    office.give(asked.RetireKiosk("K-01-1"), asked.CloseStation("S-01"))

    tomorrow, book = TODAY + timedelta(days=1), office.book()
    assert [book.kiosks_in_service(S_01, day) for day in (TODAY, tomorrow)] == [[KioskId("K-01-1")], []]
    open_on = [len(book.rules(S_01, day, day).calendar.periods_on(day)) for day in (TODAY, tomorrow)]
    assert open_on == [2, 0]


def test_a_kiosk_that_is_out_of_service_is_not_back_in_it_by_being_retired_again() -> None:
    office = Office()
    office.give(asked.RetireKiosk("K-01-1", TODAY))
    before = office.everything()

    office.give(asked.RetireKiosk("K-01-1"))

    assert office.everything() == before


def test_a_stolen_kiosk_is_revoked_once_and_its_station_waits_for_it_until_midnight() -> None:
    office = Office()

    office.give(asked.RevokeKiosk("K-01-1", at("2026-03-05 09:00")))
    office.give(asked.RevokeKiosk("K-01-1"))

    (kiosk,) = [kiosk for kiosk in office.directory().kiosks.values() if kiosk.is_revoked]
    assert (kiosk.id, kiosk.revoked_ms) == ("K-01-1", ms("2026-03-05 09:00"))
    assert (kiosk.in_service(TODAY), kiosk.in_service(TODAY + timedelta(days=1))) == (True, False)
    assert [line["what"] for line in office.history()] == ["revoke_kiosk"]


def test_who_leaves_keeps_the_morning_and_gives_back_cards_and_stations() -> None:
    office = Office()

    office.give(asked.LeavePerson("p1"))

    directory = office.directory()
    assert office.book().identity(CARD, ms("2026-03-05 09:00")) == ("p1", True)
    assert office.book().identity(CARD, ms("2026-03-05 11:00")) == (CARD, False)
    assert directory.holder(CARD, office.now).flags == (Holder.UNASSIGNED,)


@pytest.mark.parametrize("seen", [frozenset(), frozenset({"p1"})])
def test_the_card_of_who_has_left_is_told_for_a_year_and_not_whose_it_was(seen: frozenset[PersonId]) -> None:
    office = Office()
    office.give(asked.LeavePerson("p1", TODAY))

    def told(moment: datetime, station: StationCode = S_01) -> Holder | None:
        return roster_cards(office.directory(), station, seen, moment).get(CARD)

    assert told(office.now) == Holder(PersonId(CARD), flags=(Holder.UNASSIGNED, Holder.FORMER))
    if not seen:
        assert told(office.now, StationCode("S-02")) is None
        assert told(office.now + timedelta(days=366)) is None


def test_the_card_of_who_has_left_is_told_by_its_new_holder_alone() -> None:
    office = Office()
    office.give(asked.LeavePerson("p1", TODAY), asked.AssignCard(CARD, "p2"))
    assert roster_cards(office.directory(), S_01, frozenset(), office.now)[CARD].person == "p2"

    office.now += timedelta(hours=1)
    office.give(asked.AssignCard(CARD, "p4"))  # of another station

    assert CARD not in roster_cards(office.directory(), S_01, frozenset(), office.now)


def test_a_card_that_was_lost_stays_so_when_its_holder_leaves() -> None:
    office = Office()

    office.give(asked.LoseCard(CARD), asked.LeavePerson("p1", TODAY))

    assert Holder.REVOKED in roster_cards(office.directory(), S_01, frozenset(), office.now)[CARD].flags


def test_who_leaves_on_the_day_of_their_registration_can_be_told_of_afterwards() -> None:
    office = Office()
    office.give(asked.EnterPerson("p9", "N9", "样本人", registered_on=TODAY))
    assert office.refusals(asked.LeavePerson("p9")) == []

    assert office.refusals(asked.EnterPerson("p9", "N9", "样本人", star=1, registered_on=TODAY)) == []


def test_who_leaves_on_a_day_ahead_serves_until_then() -> None:
    office = Office()

    office.give(asked.LeavePerson("p1", date(2026, 4, 1)))

    last, gone = at("2026-03-31 23:59"), at("2026-04-01 00:00")
    told = [roster_cards(office.directory(), S_01, frozenset(), moment)[CARD].person for moment in (last, gone)]
    assert told == ["p1", CARD]


def test_who_came_back_is_given_a_card_anew() -> None:
    office = Office()
    office.give(asked.LeavePerson("p1"))
    office.now += timedelta(days=30)

    office.give(asked.ReturnPerson("p1"), asked.AssignCard(CARD, "p1"), asked.SetMemberships("p1", frozenset({"S-02"})))

    assert CARD in roster_cards(office.directory(), StationCode("S-02"), frozenset(), office.now)
    assert not office.book().identity(CARD, ms("2026-03-20 09:00")).counted


def test_who_changes_stations_belonged_to_the_first_until_then() -> None:
    office = Office()

    office.give(asked.SetMemberships("p1", frozenset({"S-02"})))

    directory = office.directory()
    yesterday = TODAY - timedelta(days=1)
    assert "p1" in directory.members(S_01, yesterday)
    assert "p1" not in directory.members(S_01, TODAY)
    assert "p1" in directory.members(StationCode("S-02"), TODAY)


def test_training_counts_from_its_day() -> None:
    office = Office()

    office.give(asked.TrainPerson("p1", date(2026, 3, 3)))

    directory = office.directory()
    flags = [directory.holder(CARD, at(f"2026-03-0{day} 12:00")).flags for day in (2, 3)]
    assert flags == [(Holder.UNTRAINED,), ()]


SAID: list[tuple[CityCommand, str, dict[str, object]]] = [
    (asked.LoseCard(CARD), "lose_card", {"token": CARD, "person": "p1", "before": "", "day_from": TODAY,
                                         "after": '{"lost":"2026-03-05 10:00:00"}'}),
    (asked.AssignCard(CARD, "p2"), "assign_card", {"token": CARD, "person": "p2", "before": '{"holder":"p1"}'}),
    (asked.LeavePerson("p1"), "leave_person", {"person": "p1", "after": '{"left_on":"2026-03-05"}'}),
    (asked.SetTerms("S-01", minimum=2), "set_terms", {"station": "S-01", "before": '{"minimum":1}',
                                                      "after": '{"minimum":2}', "day_from": TODAY}),
    (asked.RetireKiosk("K-01-1"), "retire_kiosk", {
        "station": "S-01", "kiosk": "K-01-1", "day_from": TODAY + timedelta(days=1),
        "after": '{"in_service_to":"2026-03-06"}'}),
    (asked.RevokeKiosk("K-01-1"), "revoke_kiosk", {
        "kiosk": "K-01-1", "after": '{"in_service_to":"2026-03-06","revoked":"2026-03-05 10:00:00"}'}),
    (asked.EnterStation("S-01", lead="样例甲"), "enter_station", {"before": '{"lead":"样*"}', "after": '{"lead":"样*甲"}'}),
    (asked.EnterPerson("p9", "N9", "样例乙", 3), "enter_person", {"person": "p9", "before": "",
                                                                "after": '{"full_name":"样*乙","star":3}'}),
]  # fmt: skip


@pytest.mark.parametrize(("command", "what", "said"), SAID, ids=lambda value: value if isinstance(value, str) else "")
def test_each_change_is_one_line_of_history(command: CityCommand, what: str, said: dict[str, object]) -> None:
    office = Office()

    office.give(command, why="因为")

    (line,) = office.history()
    assert (line["what"], line["by"], line["why"], line["at_ms"]) == (what, "somebody", "因为", ms("2026-03-05 10:00"))
    assert {name: line[name] for name in said} == said


def test_what_is_so_already_changes_nothing() -> None:
    office = Office()
    before = office.everything()

    outcome = office.give(
        asked.AssignCard(CARD, "p1"), asked.FindCard(CARD), asked.SetTerms("S-01", minimum=1),
        asked.SetMemberships("p1", frozenset({"S-01"})), asked.EnterKiosk("K-01-1", "S-01"),
        asked.ReturnPerson("p1"), asked.ReopenStation("S-01"), asked.EnterDistrict("D-1", "东样区"),
    )  # fmt: skip

    assert (outcome.changes, outcome.refusals) == ((), ())
    assert office.everything() == before


def test_a_change_raises_the_edition_once_a_transaction() -> None:
    office = Office()
    before = office.edition()

    office.give(asked.LoseCard(CARD), asked.RetireKiosk("K-01-1"))

    assert office.edition() == before + 1


def test_a_new_station_keeps_the_week_of_its_kind_since_always() -> None:
    office = Office()

    office.give(
        asked.EnterStation("B-1", "例银行学雷锋志愿服务点", district="D-1", kind="bank"),
        asked.SetTerms("B-1", minimum=2, target=3),
        asked.EnterPerson("p9", "N9", "样例乙"),
        asked.SetMemberships("p9", frozenset({"B-1"})),
    )

    known = office.directory().stations[StationCode("B-1")]
    assert (known.short_name, [clause.since for clause in known.terms.clauses]) == ("例银行", [ALWAYS])
    assert known.rules(since=TODAY, until=TODAY).duty.minimum == 2
    assert known.duty(today=TODAY, version=1).zone == SHANGHAI.key
    assert "p9" in office.directory().members(StationCode("B-1"), TODAY - timedelta(days=900))
    assert [row["left_on"] for row in office.rows(Volunteer)] == [None] * 7


def test_the_clock_of_a_line_is_that_of_the_change() -> None:
    office = Office(now=datetime(2027, 1, 1, tzinfo=NOW.tzinfo))

    office.give(asked.LoseCard(CARD))

    assert [row["day_from"] for row in office.history()] == [date(2027, 1, 1)]
