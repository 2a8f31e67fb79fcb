"""What the board says at each moment."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session as Tables

from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.journal_tables import KioskSeen
from hub.database.transactions import writing
from hub.errors import UnknownStationError
from hub.presence.board_view import Cause, Mark, Reason, WhyNot
from hub.web.api.answers import StationDayAnswer
from station.hours import SHANGHAI, Span
from station.milliseconds import ms_of
from station.names import StationCode
from station.records import Action, ReaderState
from tests.hub.board.town import OTHER, STATION, TODAY, Town, at, classes

DAY = timedelta(days=1)


@pytest.fixture
def town() -> Town:
    made = Town()
    made.heard()
    return made


def test_a_closed_station_is_closed_and_says_when_it_opens(town: Town):
    row = town.row()

    assert (row.duty_class, row.is_open, row.next_change_at) == ("closed", False, at("08:00"))


def test_a_station_that_opens_with_nobody_there_is_vacant_from_the_opening_on(town: Town):
    town.go("07:59:30")
    town.heard()
    town.rows.clear()

    town.go("08:00:10")

    assert [(row.code, row.duty_class, row.since) for row in town.rows] == [
        (code, "vacant", at("08:00")) for code in (STATION, OTHER)
    ]


def test_half_an_hour_before_the_opening_the_board_tells_who_is_there(town: Town):
    town.go("07:29:59")
    assert [row for row in town.rows if row.opens_soon] == []

    town.go("07:30")
    town.heard()
    town.tap(1, "07:30")
    town.tap(77, "07:30")

    assert (town.row().duty_class, town.row().opens_soon, town.row().on_duty) == ("closed", True, 1)
    town.go("08:00")
    assert (town.row().opens_soon, town.row().on_duty) == (False, 1)


def test_early_arrivals_count_from_the_opening(town: Town):
    town.go("07:59:30")
    town.heard()
    town.tap(1, "07:45")
    town.tap(2, "07:50")

    town.go("08:00")

    row = town.row()
    assert (row.duty_class, row.on_duty, row.since) == ("met", 2, at("08:00"))


@pytest.mark.parametrize(
    ("acts", "duty_class", "on_duty", "stepped_out"),
    [
        ([], "vacant", 0, 0),
        ([(1, Action.ARRIVE)], "minimum", 1, 0),
        ([(1, Action.ARRIVE), (2, Action.ARRIVE)], "met", 2, 0),
        ([(1, Action.ARRIVE), (2, Action.ARRIVE), (1, Action.LEAVE)], "minimum", 1, 0),
        ([(1, Action.ARRIVE), (2, Action.ARRIVE), (1, Action.LEAVE), (1, Action.STEP_OUT)], "met", 1, 1),
        ([(1, Action.ARRIVE), (1, Action.LEAVE), (1, Action.STEP_OUT)], "vacant", 0, 1),
        ([(77, Action.ARRIVE), (78, Action.ARRIVE)], "vacant", 0, 0),
    ],
)
def test_the_class_is_made_of_who_is_there(town: Town, acts, duty_class: str, on_duty: int, stepped_out: int):
    town.go("08:10")
    town.heard()
    left = None

    for minute, (person, action) in enumerate(acts):
        seq = town.tap(person, f"08:{minute:02}", action, of=left if action is Action.STEP_OUT else None)
        left = seq if action is Action.LEAVE else left

    row = town.row()
    assert (row.duty_class, row.on_duty, row.stepped_out) == (duty_class, on_duty, stepped_out)


def test_unknown_cards_are_shown_and_do_not_count(town: Town):
    town.go("08:30")
    town.heard()

    town.tap(77, "08:20")

    assert (town.row().unknown_cards, town.row().on_duty) == (1, 0)


def test_since_is_when_the_class_began_not_when_it_was_told(town: Town):
    town.go("09:00")
    town.heard()
    town.tap(1, "08:10")
    town.tap(2, "08:20")

    assert (town.row().duty_class, town.row().since) == ("met", at("08:20"))


def test_a_shortfall_began_when_records_that_come_late_say_so(town: Town):
    town.go("09:00")
    town.heard()  # its line is back before what it has kept
    assert (town.row().duty_class, town.row().since) == ("vacant", at("09:00"))

    town.watched("07:30", "09:00")

    assert (town.row().duty_class, town.row().since) == ("vacant", at("08:00"))
    assert town.rows[-1].since == at("08:00")


def test_a_closed_station_is_so_since_it_closed_over_midnight_and_a_restart(town: Town):
    assert town.row().since == at("17:30") - DAY

    town.pass_time("17:40")
    town.heard()
    assert (town.row().duty_class, town.row().since) == ("closed", at("17:30"))
    town.go_to(at("02:26") + DAY)
    town.heard()
    assert (town.row().duty_class, town.row().since) == ("closed", at("17:30"))
    town.start()
    town.heard()

    assert (town.row().duty_class, town.row().since) == ("closed", at("17:30"))


def test_midnight_begins_no_new_class_at_a_station_that_never_closes():
    town = Town(now_text="20:00", week=((Span(0, 1440),),) * 7)
    town.heard()
    town.tap(1, "20:00")
    town.pass_time("22:00")
    town.tap(1, "22:00", Action.LEAVE)
    town.heard()
    for now in ("24:05", "48:05"):
        town.pass_time(now)
        town.watched("20:00" if now == "24:05" else "24:05", now)
        town.heard()
        assert (town.row().duty_class, town.row().since) == ("vacant", at("22:00"))
        if now == "24:05":
            town.start()
            town.heard()
            assert (town.row().duty_class, town.row().since) == ("vacant", at("22:00"))


def test_more_people_do_not_move_since(town: Town):
    town.go("08:30")
    town.heard()
    town.tap(1, "08:29:30")
    town.tap(2, "08:29:40")

    town.tap(3, "08:29:50")

    assert (town.row().on_duty, town.row().since) == (3, at("08:29:40"))


def test_a_stepping_out_past_its_budget_is_over_by_time_alone(town: Town):
    town.go("08:30")
    town.heard()
    town.tap(1, "08:29:00")
    town.tap(2, "08:29:10")
    left = town.tap(2, "08:29:30", Action.LEAVE)
    town.tap(2, "08:29:32", Action.STEP_OUT, of=left)
    town.go("08:44:30")
    town.heard()
    before = town.row().duty_class

    town.go("08:44:31")

    assert (before, town.row().duty_class, town.row().stepped_out) == ("met", "minimum", 0)


def test_who_forgot_to_leave_is_gone_after_the_grace(town: Town):
    town.go("11:29")
    town.tap(1, "08:00")
    town.go("11:59")
    assert town.row().on_duty == 1

    town.go("12:00:01")

    assert town.row().on_duty == 0


def test_a_shortfall_is_unknown_while_a_kiosk_is_lost():
    town = Town(("K-1", "K-2"))
    town.go("08:30")
    town.heard()
    both = town.row()
    town.go("08:32")
    town.heard("K-1", "K-9")

    town.go("08:33:01")

    assert (both.duty_class, both.partial) == ("vacant", False)
    assert (town.row().duty_class, town.row().kiosks, town.row().kiosks_heard) == ("unknown", 2, 1)


def met_with_two_kiosks() -> Town:
    town = Town(("K-1", "K-2"))
    town.go("08:30")
    town.heard()
    town.tap(1, "08:30")
    town.tap(2, "08:30")
    assert (town.row().duty_class, town.row().unseen, town.row().is_silent) == ("met", None, False)
    return town


def test_a_kiosk_that_is_lost_is_told_while_enough_are_recorded_and_another_watches():
    town = met_with_two_kiosks()
    town.go("08:32")
    town.heard("K-1", "K-9")

    town.go("08:33:01")

    assert (town.row().duty_class, town.row().reason) == ("met", None)
    assert town.row().unseen == Reason(Cause.SILENT, at("08:30"), 1, "K-2")
    town.heard("K-2")
    assert town.row().unseen is None


def test_a_kiosk_that_is_not_set_up_yet_is_no_silent_one_beside_one_that_watches():
    town = Town(("K-1", "K-2"))
    town.go("08:30")
    town.heard("K-1", "K-9")
    town.tap(1, "08:30")
    town.tap(2, "08:30")

    assert (town.row().duty_class, town.row().unseen, town.row().is_silent) == ("met", None, False)
    town.go("08:34")
    assert town.row().unseen == Reason(Cause.SILENT, at("08:30"), 1, "K-1")
    town.heard("K-1", "K-9")
    town.tap(1, "08:34", Action.LEAVE)
    town.tap(2, "08:34", Action.LEAVE)
    assert (town.row().duty_class, town.row().unseen) == ("unknown", Reason(Cause.NEVER_HEARD, None, 1, "K-2"))


def test_a_hub_that_starts_again_does_not_take_a_lost_kiosk_for_one_that_is_back():
    town = met_with_two_kiosks()
    with Tables(town.engine) as tables:
        for kiosk, text in (("K-1", "08:34"), ("K-2", "08:30")):
            tables.add(
                KioskSeen(
                    kiosk=kiosk, heard_ms=ms_of(at(text)), online=True, session="0" * 16, reader="up", clock="synced",
                    version="1", queued=0,
                )
            )  # fmt: skip
        tables.commit()
    town.go("08:36")

    town.start()

    assert (town.row().duty_class, town.row().unseen) == ("met", Reason(Cause.SILENT, at("08:30"), 1, "K-2"))
    town.heard("K-2")
    assert town.row().unseen is None


def test_a_blind_reader_stays_so_while_its_kiosk_is_not_heard_for_a_while():
    town = met_with_two_kiosks()
    town.heard("K-2", reader=ReaderState.BLIND)
    seen_at = []

    for text in ("08:31", "08:32", "08:33", "08:34"):
        town.go(text)
        town.heard("K-1", "K-9")
        seen_at.append(town.row().is_silent)

    assert seen_at == [True] * 4


def test_with_some_readers_blind_a_shortfall_is_vacant_in_part():
    town = Town(("K-1", "K-2"))
    town.go("08:30")
    town.heard()

    town.heard("K-2", reader=ReaderState.BLIND)

    assert (town.row().duty_class, town.row().partial) == ("vacant", True)


def test_with_all_readers_blind_a_shortfall_is_unknown():
    town = Town(("K-1", "K-2"))
    town.go("08:30")

    town.heard("K-1", "K-2", reader=ReaderState.BLIND)

    assert town.row().duty_class == "unknown"


def test_people_who_are_there_are_there_even_where_nobody_watches(town: Town):
    town.go("08:30")
    town.tap(1, "08:29")

    town.heard("K-1", reader=ReaderState.BLIND)

    assert town.row().duty_class == "minimum"


def test_whoever_arrives_elsewhere_is_gone_here(town: Town):
    town.go("08:30")
    town.heard()
    town.tap(1, "08:20")

    town.tap(1, "08:29", kiosk="K-9")

    assert (town.row().on_duty, town.row(OTHER).on_duty) == (0, 1)


def test_a_tap_that_comes_late_is_put_in_its_place(town: Town):
    town.go("09:00")
    town.heard()
    town.tap(1, "08:10")
    town.tap(1, "08:50", kiosk="K-9")

    town.tap(1, "08:30", Action.LEAVE)

    day = town.day(STATION)
    assert [(bar.began_at, bar.ended_at, bar.marks) for bar in day.bars] == [(at("08:10"), at("08:30"), ())]


def test_only_rows_that_changed_are_told(town: Town):
    town.go("08:30")
    town.heard()
    town.rows.clear()

    town.tap(1, "08:29")
    town.board.refresh([STATION, OTHER], at("08:29"))

    assert [(row.code, row.duty_class) for row in town.rows] == [(STATION, "minimum")]


def test_nobody_is_told_after_unsubscribing(town: Town):
    told: list[object] = []
    town.board.subscribe(told.extend)()

    town.go("08:00")

    assert told == []


def test_an_unknown_station_has_no_day(town: Town):
    with pytest.raises(UnknownStationError):
        town.day(StationCode("S-99"))


def test_a_day_is_covered_by_its_bands_without_gap(town: Town):
    town.go("09:00")
    town.heard()
    town.tap(1, "08:10")
    left = town.tap(1, "08:40", Action.LEAVE)
    town.tap(1, "08:40:02", Action.STEP_OUT, of=left)
    town.tap(1, "08:50", Action.RETURN)
    town.tap(2, "08:30")
    town.watched("07:30", "09:00")

    bands = town.day(STATION).bands

    assert [(band.duty_class, band.began_at, band.ended_at) for band in bands] == [
        ("closed", at("00:00"), at("08:00")),
        ("vacant", at("08:00"), at("08:10")),
        ("minimum", at("08:10"), at("08:30")),
        ("met", at("08:30"), at("09:00")),
    ]


def test_a_time_that_nobody_watched_is_unknown_and_not_vacant(town: Town):
    town.go("09:00")
    town.heard()
    town.tap(1, "08:40")
    town.watched("08:20", "09:00")

    bands = town.day(STATION).bands

    assert [(band.duty_class, band.began_at) for band in bands] == [
        ("closed", at("00:00")),
        ("unknown", at("08:00")),
        ("vacant", at("08:20")),
        ("minimum", at("08:40")),
    ]


def test_a_bar_says_why_it_counts_for_nothing_and_why_it_is_looked_at_again(town: Town):
    town.go("07:00")
    town.heard()
    town.tap(1, "02:10")
    town.tap(77, "06:58")

    early, stranger = town.day(STATION).bars

    assert (early.marks, early.why_not) == ((Mark.ASSUMED, Mark.OFF_HOURS), WhyNot.OFF_HOURS)
    assert stranger.why_not is WhyNot.UNREGISTERED


def test_what_nobody_tapped_out_of_rests_on_assumption_after_the_last_tap(town: Town):
    town.go("12:30")
    town.tap(1, "08:10")

    (bar,) = town.day(STATION).bars

    assert bar.marks == (Mark.ASSUMED,)
    assert (bar.assumed_from, bar.ended_at) == (at("08:10"), at("11:30"))


@pytest.mark.parametrize("day", [date.min, date(2020, 1, 1), date.max])
def test_a_day_of_which_nothing_is_remembered_is_not_recorded(town: Town, day: date):
    found = town.day(STATION, day)

    assert (found.date, found.is_recorded, found.bands) == (day, False, ())


def test_a_person_keeps_the_letter_of_the_day(town: Town):
    town.go("09:30")
    town.tap(1, "08:10")
    town.tap(2, "08:20")
    town.tap(1, "08:30", Action.LEAVE)
    town.tap(1, "09:00")
    town.tap(77, "09:10")

    bars = town.day(STATION).bars

    assert [(bar.letter, bar.role) for bar in bars] == [
        ("甲", "志愿者"), ("乙", "志愿者"), ("甲", "志愿者"), ("丙", "未登记卡"),
    ]  # fmt: skip


def test_time_passing_keeps_one_entry_a_station_in_the_heap(town: Town):
    for minute in range(10, 59):
        town.go(f"08:{minute}")
        town.heard()
        town.tap(1, f"08:{minute}", Action.ARRIVE if minute % 2 else Action.LEAVE)

    assert len(town.board._due) <= 8


def test_a_whole_day_needs_nobody_to_look(town: Town):
    town.go("08:10")
    town.heard()
    town.tap(1, "08:00")
    town.rows.clear()
    for hour in range(9, 24):
        town.go(f"{hour:02}:00")
        town.heard("K-1")

    assert classes(row for row in town.rows if row.code == STATION)[-1] == "closed"
    assert town.row().on_duty == 0


def test_a_closed_station_says_why_to_the_public_on_that_day_alone(town: Town):
    wanted = [
        asked.SetSpecialDay(STATION, TODAY, (), "停电检修"),
        asked.SetSharedDay(TODAY, (Span(540, 600),), "全市演练"),
    ]
    with writing(town.engine) as connection:
        assert not apply(connection, wanted, by="x", at=at("07:00"), zone=SHANGHAI, why="x").refusals
    town.start()

    assert [row.closed_for for row in town.core.city.board.view().rows] == ["停电检修", "全市演练"]
    town.go("09:30")
    assert [row.closed_for for row in town.core.city.board.view().rows] == ["停电检修", ""]


def test_a_past_day_says_why_its_hours_were_others(town: Town):
    yesterday = TODAY - timedelta(days=1)
    wanted = [asked.SetSpecialDay(STATION, yesterday, (), "停电检修")]
    with writing(town.engine) as connection:
        assert not apply(connection, wanted, by="x", at=at("07:00"), zone=SHANGHAI, why="x").refusals
    town.start()

    told = [StationDayAnswer.of(town.day(STATION, day)) for day in (yesterday, TODAY, None)]

    assert [one.closed_for for one in told] == ["停电检修", "", ""]
