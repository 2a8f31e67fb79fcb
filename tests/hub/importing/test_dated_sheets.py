"""What sheets say with dates, and what moves with the time without them: facts begin and end, and the past stays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from hub.database.history_table import ChangeRow
from hub.database.people_tables import Holding, Loss, Membership, Volunteer
from hub.database.tables import Kiosk, Station
from hub.importing.sheet_forms import FormName
from hub.importing.work import LineCount
from hub.register.reading import read_directory
from hub.register.rulebook import Rulebook
from station.hours import SHANGHAI
from station.names import StationCode
from station.token import token_of
from tests.hub.importing.desk import NOW, SITE_KEY

if TYPE_CHECKING:
    from tests.hub.importing.desk import Desk

H1, B1 = StationCode("h1"), StationCode("b1")
CARD = token_of(SITE_KEY, "iso14443a", bytes.fromhex("04000000000001"))


def book_of(desk: Desk) -> Rulebook:
    with desk.engine.connect() as connection:
        return Rulebook(read_directory(connection, SHANGHAI))


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp() * 1000)


def is_unchanged(desk: Desk) -> bool:
    before = desk.everything()
    desk.now += timedelta(days=3)
    return {(c.added, c.changed) for c in desk.import_all().counts.values()} == {(0, 0)} and desk.everything() == before


def test_a_card_that_a_sheet_moves_gets_a_second_holding_and_the_first_stays(desk: Desk) -> None:
    desk.import_all()
    desk.now += timedelta(days=1)
    first = book_of(desk).identity(CARD, ms("2026-03-05 12:00")).person
    desk.change("卡", 2, "志愿者编号", "V2")

    imported = desk.import_all()

    assert imported.counts[FormName.CARDS] == LineCount(0, 1, 1)
    moved_ms = int(desk.now.timestamp() * 1000)
    facts = sorted((row["from_ms"], row["until_ms"]) for row in desk.rows(Holding) if row["token"] == CARD)
    assert facts == [(0, moved_ms), (moved_ms, None)]
    assert book_of(desk).identity(CARD, ms("2026-03-05 12:00")).person == first
    assert is_unchanged(desk)


def test_a_card_is_somebodys_from_the_day_that_the_sheet_says(desk: Desk) -> None:
    desk.change("卡", 2, "持卡自", "2026-02-01")
    desk.import_all()

    book = book_of(desk)
    assert [book.identity(CARD, ms(f"2026-0{text}")).counted for text in ("1-31 23:59", "2-01 00:00")] == [False, True]
    assert is_unchanged(desk)


def test_a_card_is_lost_from_the_moment_that_the_sheet_says(desk: Desk) -> None:
    desk.change("卡", 2, "挂失日期", "2026-03-01 09:30")
    desk.change("卡", 2, "状态", "丢失")
    desk.import_all()

    book = book_of(desk)
    assert [book.identity(CARD, ms(f"2026-03-01 09:{m}")).counted for m in (29, 30)] == [True, False]
    assert is_unchanged(desk)
    assert len(desk.rows(Loss)) == 1


def test_minimum_and_hours_of_a_later_day_hold_from_it(desk: Desk) -> None:
    desk.import_all()
    for column, text in (("生效日期", "2026-04-01"), ("最低在岗", "2"), ("应在岗", "3"), ("服务时间", "10:00-11:00")):
        desk.change("站点", 2, column, text)
    desk.change("站点", 3, "最低在岗", "1")
    desk.change("站点", 3, "应在岗", "2")
    desk.import_all()

    rules = book_of(desk).rules(H1, date(2026, 3, 5), date(2026, 4, 1))
    days = (date(2026, 3, 31), date(2026, 4, 1))
    assert [(rules.terms_on(day).duty.minimum, rules.terms_on(day).duty.target) for day in days] == [(1, 2), (2, 3)]
    assert [len(rules.calendar.periods_on(day)) for day in days] == [2, 1]
    assert is_unchanged(desk)


def test_weeks_that_are_set_ahead_come_by_a_sheet_of_their_own_several_of_a_station(desk: Desk) -> None:
    desk.import_all()
    desk.sheets["服务时间"] = [
        ["站点编号", "生效日期", "服务时间", "节假日休息", "应在岗"],
        ["h1", "2026-05-01", "周一至周五 08:00-11:30 15:00-18:00", "是", ""],
        ["h1", "2026-10-01", "周一至周五 08:00-11:30 14:30-17:30", "", "3"],
    ]

    assert desk.import_all().counts[FormName.WEEKS] == LineCount(added=2, changed=0, unchanged=0)

    days = (date(2026, 4, 30), date(2026, 5, 6), date(2026, 10, 8))
    rules = book_of(desk).rules(H1, days[0], days[-1])
    closes = [rules.calendar.periods_on(day)[-1].closes_at.astimezone(SHANGHAI).hour for day in days]
    assert closes == [17, 18, 17]
    assert [rules.terms_on(day).duty.target for day in days] == [2, 2, 3]
    assert desk.import_all().counts[FormName.WEEKS] == LineCount(added=0, changed=0, unchanged=2)


def test_a_line_that_judges_days_that_are_over_otherwise_is_taken_and_warned_of(desk: Desk) -> None:
    desk.import_all()
    desk.sheets["服务时间"] = [
        ["站点编号", "生效日期", "服务时间"], ["h1", "2026-02-01", "24小时"], ["h1", "2026-05-01", "08:00-11:30"],
    ]  # fmt: skip
    desk.sheets["特殊日"] = [
        ["日期", "至日期", "服务时间", "原因"], ["2026-02-10", "2026-02-12", "休息", "停电"], ["2026-06-01", "", "休息", "检修"],
    ]  # fmt: skip

    said = [str(one) for one in desk.import_all().warnings]

    told = "days that are over are judged by other hours or numbers, from"
    assert [one.partition(": ")[2] for one in said] == [f"{told} 2026-02-01 on", f"{told} 2026-02-10 on"]
    assert all("line 2" in one for one in said)


def test_two_weeks_from_one_day_and_one_of_no_station_are_told_of_their_cells(desk: Desk) -> None:
    head = ["站点编号", "生效日期", "服务时间"]
    desk.sheets["服务时间"] = [
        head, ["h1", "2026-05-01", "24小时"], ["h1", "2026-05-01", "08:00-11:30"], ["nix", "", "24小时"],
    ]  # fmt: skip

    found = desk.faults()

    assert len(found) == 2
    assert "each once" in found[0]
    assert "found 'nix'; wanted is a station in these files or the database" in found[1]


def test_a_new_minimum_holds_from_today_and_yesterday_keeps_its_own(desk: Desk) -> None:
    desk.import_all()
    desk.change("站点", 2, "最低在岗", "2")
    desk.change("站点", 2, "应在岗", "2")
    desk.import_all()

    rules = book_of(desk).rules(H1, date(2026, 3, 4), date(2026, 3, 5))
    assert [rules.terms_on(date(2026, 3, day)).duty.minimum for day in (4, 5)] == [1, 2]


def test_days_before_a_city_was_entered_change_no_past_of_its_stations(desk: Desk) -> None:
    """The first import of a city was said to judge days anew on which it had no station."""
    desk.sheets["特殊日"] = [
        ["日期", "站点编号", "区县", "当天时间", "原因"],
        ["2026-02-01", "h1", "", "休息", "停电"],
        ["2026-02-03", "", "d1", "休息", "停电"],
    ]
    assert not desk.import_all().warnings

    desk.change("特殊日", 2, "原因", "停水")
    desk.change("特殊日", 3, "原因", "停水")
    assert len(desk.import_all().warnings) == 2


def test_who_leaves_gives_back_card_and_station_and_the_same_sheet_again_changes_nothing(desk: Desk) -> None:
    desk.import_all()
    desk.change("志愿者", 2, "离开日期", "2026-03-01")
    desk.import_all()

    assert {row["left_on"] for row in desk.rows(Volunteer)} == {date(2026, 3, 1), None}
    assert [row["until_ms"] for row in desk.rows(Holding) if row["token"] == CARD] == [ms("2026-03-01 00:00")]
    assert date(2026, 3, 1) in {row["until_day"] for row in desk.rows(Membership)}
    assert is_unchanged(desk)


def test_who_comes_back_and_was_trained_since_is_taken_with_one_line(desk: Desk) -> None:
    desk.import_all()
    desk.change("志愿者", 2, "离开日期", "2026-02-01")
    desk.import_all()
    desk.change("志愿者", 2, "离开日期", "")
    desk.change("志愿者", 2, "注册日期", "2026-02-20")
    desk.change("志愿者", 2, "培训日期", "2026-03-02")

    assert desk.faults() == []

    [row] = [row for row in desk.rows(Volunteer) if row["number"] == "V1"]
    assert (row["left_on"], row["trained_on"], row["registered_on"]) == (None, date(2026, 3, 2), date(2026, 2, 20))


def test_a_station_that_closes_with_its_kiosk_and_opens_again(desk: Desk) -> None:
    desk.import_all()
    desk.change("站点", 2, "关闭日期", "2026-04-01")
    desk.change("终端", 2, "停用日期", "2026-04-01")
    desk.import_all()
    assert {row["closed_on"] for row in desk.rows(Station)} == {date(2026, 4, 1), None}
    assert is_unchanged(desk)

    desk.change("站点", 2, "关闭日期", "")
    desk.change("终端", 2, "停用日期", "")
    desk.import_all()

    assert {row["closed_on"] for row in desk.rows(Station)} == {None}
    assert {row["in_service_to"] for row in desk.rows(Kiosk)} == {None}


def test_history_says_who_imported_what(desk: Desk) -> None:
    desk.import_all()
    desk.change("志愿者", 2, "星级", "3")
    desk.now = NOW + timedelta(days=1)
    desk.import_all()

    *_, last = desk.rows(ChangeRow)
    assert (last["by"], last["what"], last["before"], last["after"]) == (
        "clerk", "enter_person", '{"star":2}', '{"star":3}',
    )  # fmt: skip
    assert last["why"].startswith("import 城市.csv, ")
    told = repr(desk.rows(ChangeRow))
    assert "例乙丑" not in told
    assert "V1" not in told
