"""The country's holidays: the notice as it is published, and what a station that keeps them does on each day."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.changing import commands as asked
from hub.database.transactions import reading
from hub.findings import FindingKind, Findings
from hub.housekeeping import Housekeeping
from hub.register.days_ahead import special_reason
from hub.register.holidays import DaySort, Holiday, Holidays
from hub.register.notice import HolidayNotice, NoticeError, read_notice
from hub.register.spelling import first_change, spell_terms
from hub.register.statutory import published
from hub.register.terms import Clause, StationTerms
from station.hours import SHANGHAI, Span
from station.names import StationCode
from station.wire.codec import decode, encode
from station.wire.told import Duty
from tests.hub.changing.office import Office
from tests.hub.test_terms import held_on, station_terms

DAY = (Span(480, 690), Span(870, 1050))
WORKWEEK = (DAY,) * 5 + ((),) * 2
S_01 = StationCode("S-01")
KNOWN = Holidays.of(published()[2026].days, [2026])
NOTICE_2027 = """\
国务院办公厅关于2027年
部分节假日安排的通知

国办发明电〔2026〕9号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕前一日、周五）至11日（周四）放假调休，共7天。1月31日（星期日）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至3日（周一）放假，共3天。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作，祝人民群众度过节日假期。
国务院办公厅
2026年11月4日
"""  # invented: what is true of it is its grammar
JOINED = NOTICE_2027.replace("2027年\n部分", "2027年部分")


@pytest.mark.parametrize("year", sorted(published()))
def test_the_published_notices_are_what_chinesecalendar_knows(year: int) -> None:
    said = {one.day: one.sort for one in published()[year].days}
    first = date(year, 1, 1)

    for day in (first + timedelta(days=n) for n in range(365)):
        is_weekend = day.weekday() >= 5
        is_worked = said.get(day) is DaySort.WORK or (not is_weekend and day not in said)
        assert is_worked == chinese_calendar.is_workday(day), day
        assert (day in said and said[day] is DaySort.WORK) == (is_weekend and chinese_calendar.is_workday(day)), day


def test_a_notice_is_read_as_it_is_pasted_with_all_that_stands_about_it() -> None:
    notice = read_notice(JOINED)

    assert (notice.year, notice.number, len(notice.days)) == (
        2027,
        "国办发明电〔2026〕9号",
        3 + 7 + 7 + 4 + 3 + 3 + 1 + 1,
    )
    assert notice.days[3] == Holiday(date(2027, 1, 31), DaySort.WORK, "春节")
    assert read_notice(NOTICE_2027.replace("\n部分", "部分").replace("（", "(").replace("）", ")")) == notice


def test_a_title_that_is_broken_over_two_lines_is_a_title() -> None:
    assert read_notice(NOTICE_2027) == read_notice(JOINED)


@pytest.mark.parametrize(
    ("was", "becomes", "found"),
    [
        ("1月1日（周五）", "1月1日（周四）", "2027-01-01 is a 周五"),
        ("至3日（周日）放假，共3天", "至3日（周日）放假，共4天", "3 days"),
        ("1月31日（星期日）", "1月32日（星期日）", "a day of the calendar"),
        ("2月20日（周六）上班", "2月21日（周日）、2月20日（周六）", "wanted is a holiday as"),
        ("七、国庆节：", "另外，", "begins with the holiday's name"),
        ("关于2027年", "关于2026年", "weekdays that fit"),
        ("通知\n", "公告\n", "the notice as published"),
        ("2月20日（周六）上班", "2月10日（周三）上班", "on a Saturday or Sunday"),
        ("2月20日（周六）上班", "2月18日（周四）上班", "on a Saturday or Sunday"),
        ("2月20日（周六）上班", "2月6日（周六）上班", "2027-02-06 twice"),
        ("10月9日（周六）上班", "1月9日（周六）上班", "near their holiday"),  # a digit was lost, and the weekday fits
        ("二、春节：2月5日", "二、春节：3月5日", "春节 in its month"),
    ],
)
def test_a_notice_that_contradicts_the_calendar_or_itself_is_refused(was: str, becomes: str, found: str) -> None:
    assert was in JOINED

    with pytest.raises(NoticeError, match=found):
        read_notice(JOINED.replace(was, becomes))


@pytest.mark.parametrize(
    ("was", "pasted"),
    [
        ("部分节假日安排", "部分节假日\n安排"),
        ("至3日", "至\n3日"),
        ("1月31日（星期日）、2月20日（周六）上班", "\n1月31日（星期日）、\n2月20日（周六）上班"),
        ("共7天。9月26日（周日）、10月9日（周六）上班", "共7天。\n9月26日（周日）、10月9日（周\r\n六）\n上\n班"),
        ("七、国庆节：", "七、国庆节：\n"),
        ("七、国庆节：", "（七）国庆节: "),
        ("一、元旦：1月1日（周五）至3日", "1．元旦：１月1日（周五）～3日"),
        ("月", "⽉"),
        ("国务院办公厅关于", "来源：中国政府网\n成文日期：2026年11月04日\n国务院办公厅关于"),
    ],
)
def test_a_notice_is_the_same_however_its_lines_and_signs_are_pasted(was: str, pasted: str) -> None:
    assert was in JOINED

    assert read_notice(JOINED.replace(was, pasted)) == read_notice(JOINED)


def test_a_notice_that_moves_days_and_lost_those_of_work_is_refused() -> None:
    with pytest.raises(NoticeError, match="with 调休 the days of work too"):
        read_notice(JOINED.replace("9月26日（周日）、10月9日（周六）上班。", ""))


def test_of_what_is_too_long_nothing_is_cut_off() -> None:
    at = JOINED.index("9月26日（周日）")

    with pytest.raises(NoticeError, match="at most 20000 characters"):
        read_notice(f"{JOINED[:at]}\n{' ' * 20_000}{JOINED[at:]}")


def test_half_a_notice_is_refused() -> None:
    with pytest.raises(NoticeError, match="the whole year, with 国庆"):
        read_notice(JOINED.partition("七、")[0])


@pytest.mark.parametrize("lost", "一二三四五六七")
def test_a_line_that_was_lost_in_pasting_is_missed(lost: str) -> None:
    lines = [line for line in JOINED.splitlines() if not line.startswith(f"{lost}、")]

    with pytest.raises(NoticeError, match="the whole year, with"):
        read_notice("\n".join(lines))


@given(st.text("一元旦：1月日（周四）至3放假调休，共天。上班关于2026年部分节假日安排的通知\n、", max_size=200))
def test_whatever_is_pasted_is_a_notice_or_refused(text: str) -> None:
    with suppress(NoticeError):
        assert isinstance(read_notice("国务院办公厅关于2026年部分节假日安排的通知\n" + text), HolidayNotice)


def keeping(holidays: Holidays = KNOWN) -> StationTerms:
    return StationTerms((Clause(date(2020, 1, 1), WORKWEEK, keeps_holidays=True),), holidays=holidays)


def test_a_station_that_keeps_holidays_is_closed_on_them_and_open_on_worked_weekends() -> None:
    terms = keeping()

    assert terms.spans_on(date(2026, 10, 1)) == ()  # a Thursday
    assert terms.spans_on(date(2026, 10, 10)) == DAY  # a Saturday
    assert terms.spans_on(date(2026, 10, 8)) == DAY
    assert terms.spans_on(date(2026, 10, 17)) == ()


def test_on_a_worked_weekend_come_the_people_of_the_day_that_it_is_worked_for() -> None:
    worked = {day: (free, "一二三四五六日"[free.weekday()]) for day, free in KNOWN.moved}

    assert worked == {
        date(2026, 1, 4): (date(2026, 1, 2), "五"),
        date(2026, 2, 14): (date(2026, 2, 20), "五"),
        date(2026, 2, 28): (date(2026, 2, 23), "一"),
        date(2026, 5, 9): (date(2026, 5, 5), "二"),
        date(2026, 9, 20): (date(2026, 10, 6), "二"),
        date(2026, 10, 10): (date(2026, 10, 7), "三"),
    }
    assert [keeping().weekday_on(date(2026, 10, day)) for day in (10, 11, 12)] == [2, 6, 0]


def test_whose_day_is_not_told_is_the_first_that_is_open_and_who_keeps_no_holidays_has_the_own() -> None:
    day = date(2026, 10, 10)
    by_hand = Holidays.of([Holiday(day, DaySort.WORK, "国庆节")], [2026])
    tuesday_on = replace(
        keeping(by_hand), clauses=(Clause(date(2020, 1, 1), ((), *WORKWEEK[1:]), keeps_holidays=True),)
    )
    no_wednesday = (*WORKWEEK[:2], (), *WORKWEEK[3:])
    shut_then = replace(keeping(), clauses=(Clause(date(2020, 1, 1), no_wednesday, keeps_holidays=True),))
    everyday = replace(keeping(), clauses=(Clause(date(2020, 1, 1), (DAY,) * 7),))

    assert [one.weekday_on(day) for one in (keeping(by_hand), tuesday_on, shut_then, everyday)] == [0, 1, 0, 5]


def test_a_special_day_goes_before_a_holiday_and_who_keeps_none_is_open() -> None:
    special = replace(keeping(), special=((date(2026, 10, 1), DAY[:1]),))
    everyday = replace(keeping(), clauses=(Clause(date(2020, 1, 1), (DAY,) * 7),))

    assert special.spans_on(date(2026, 10, 1)) == DAY[:1]
    assert everyday.spans_on(date(2026, 10, 1)) == DAY


def test_what_a_kiosk_is_told_of_the_days_ahead_has_the_holidays_in_it() -> None:
    told = keeping().duty("样例站", SHANGHAI, today=date(2026, 9, 18), version=1)

    assert told.days[date(2026, 10, 1)] == ()
    assert told.days[date(2026, 9, 20)] == DAY
    assert date(2026, 10, 3) not in told.days  # a Saturday, closed as it is


def test_of_a_year_that_is_not_known_the_week_holds_and_its_days_say_so() -> None:
    terms = keeping()

    assert terms.spans_on(date(2027, 1, 1)) == DAY
    assert [terms.is_unknown(date(year, 1, 1)) for year in (2026, 2027)] == [False, True]


@given(station_terms(), st.booleans(), st.dates(date(2026, 1, 1), date(2026, 7, 1)), st.integers(0, 150))
def test_what_is_resolved_is_what_holds_on_each_day(plain: StationTerms, keeps: bool, since: date, length: int) -> None:
    clauses = tuple(replace(one, keeps_holidays=keeps) for one in plain.clauses)
    terms = replace(plain, clauses=clauses, holidays=KNOWN)
    days = [since + timedelta(days=n) for n in range(length + 1)]
    weekly, otherwise = terms.resolved(since, days[-1])

    for day in days:
        assert otherwise.get(day, weekly[day.weekday()]) == terms.spans_on(day)
        if not keeps:
            assert terms.spans_on(day) == held_on(plain, day)[0]


def test_the_ledger_is_told_from_which_day_on_other_holidays_judge_otherwise() -> None:
    before = spell_terms(keeping())
    fewer = Holidays.of([one for one in published()[2026].days if one.day != date(2026, 9, 25)], [2026])

    assert first_change(before, spell_terms(keeping(fewer))) == date(2026, 9, 25)
    everyday = replace(keeping(), clauses=(Clause(date(2020, 1, 1), (DAY,) * 7),))
    assert spell_terms(everyday) == spell_terms(replace(everyday, holidays=fewer))


def test_an_operator_enters_a_notice_and_one_more_day_and_history_tells() -> None:
    office = Office()
    notice = read_notice(JOINED)
    office.give(asked.SetTerms("S-01", week=WORKWEEK, keeps_holidays=True))

    office.give(asked.EnterHolidays(notice.year, notice.days, notice.number))
    office.give(asked.SetHoliday(date(2027, 10, 8), DaySort.OFF, "国庆节"))

    terms = office.directory().stations[S_01].terms
    assert [terms.spans_on(date(2027, 10, day)) for day in (1, 8, 9)] == [(), (), DAY]
    assert not terms.is_unknown(date(2027, 5, 1))
    entered, by_hand = office.history()[-2:]
    assert "2027-10-01 off 国庆节" in entered["after"]
    assert by_hand["after"] == '{"holidays":["2027-10-08 off 国庆节"]}'


def test_kiosks_and_board_tell_why_a_day_has_other_hours_the_station_before_all_others() -> None:
    office = Office()
    office.give(asked.SetTerms("S-01", week=WORKWEEK, keeps_holidays=True))
    office.give(asked.SetSharedDay(date(2026, 9, 28), (), "全市演练"))
    office.give(asked.SetSpecialDay("S-01", date(2026, 9, 25), (Span(540, 720),), "中秋游园"))
    office.give(asked.SetSpecialDay("S-01", date(2026, 9, 29), (), ""))
    known = office.directory().stations[S_01]

    told = decode(encode(known.duty(today=date(2026, 9, 24), version=1)), Duty).reasons

    assert {day: told.get(day, "") for day in (date(2026, 9, n) for n in range(24, 31))} == {
        date(2026, 9, 24): "", date(2026, 9, 25): "中秋游园", date(2026, 9, 26): "中秋节", date(2026, 9, 27): "中秋节",
        date(2026, 9, 28): "全市演练", date(2026, 9, 29): "", date(2026, 9, 30): "",
    }  # fmt: skip
    assert {known.closed_for(day) for day in told} == {*told.values()}
    with reading(office.engine) as connection:
        for day in (date(2026, 9, n) for n in range(24, 31)):
            assert special_reason(connection, "S-01", day) == told.get(day, ""), "the station's page says the same"
    assert told[date(2026, 10, 7)] == "国庆节"
    assert date(2026, 10, 10) not in told, "a make-up workday is open"


def test_a_station_that_keeps_no_holidays_or_is_not_there_yet_is_closed_for_none() -> None:
    everyday = replace(keeping(), clauses=(Clause(date(2020, 1, 1), (DAY,) * 7),))
    later = replace(keeping(), opened_on=date(2026, 11, 1))

    assert [one.holiday_on(date(2026, 10, 1)) for one in (keeping(), everyday, later)] == ["国庆节", "", ""]


def test_a_published_year_is_edited_day_by_day_and_nothing_else_of_it_is_lost() -> None:
    office = Office()
    office.give(asked.SetTerms("S-01", week=WORKWEEK, keeps_holidays=True))

    office.give(asked.SetHoliday(date(2026, 10, 10), None))

    terms = office.directory().stations[S_01].terms
    assert [terms.spans_on(date(2026, 10, day)) for day in (1, 10)] == [(), ()]


def test_one_day_makes_no_year_known_and_the_past_wants_a_reason() -> None:
    office = Office()

    assert office.refusals(asked.SetHoliday(date(2028, 1, 3), DaySort.OFF))[0].endswith("holidays paste")
    assert "no reason" in office.refusals(asked.SetHoliday(date(2026, 1, 5), DaySort.OFF))[0]
    assert (
        "of the December before"
        in office.refusals(asked.EnterHolidays(2027, (Holiday(date(2028, 1, 1), DaySort.OFF, "元旦"),)))[0]
    )


class _At:
    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at


def test_from_november_on_a_missing_notice_is_found_where_somebody_keeps_holidays() -> None:
    office = Office()
    day = [date(2026, 10, 31)]
    findings = Findings(_At(datetime(2026, 10, 31, tzinfo=UTC)))  # type: ignore[arg-type]
    seconds = iter(range(1, 100))
    house = Housekeeping(
        office.engine, findings, office.directory(), lambda _: None, lambda: float(next(seconds)), today=lambda: day[0]
    )

    def found() -> list[str]:
        house()
        return [one.text for one in findings.all() if one.kind is FindingKind.HOLIDAYS and one.ended_at is None]

    office.give(asked.SetTerms("S-01", week=WORKWEEK, keeps_holidays=True))
    assert found() == []
    day[0] = date(2026, 11, 1)
    assert ["2027" in text and "1 stations" in text for text in found()] == [True]
    notice = read_notice(JOINED)
    office.give(asked.EnterHolidays(notice.year, notice.days, notice.number))
    assert found() == []
