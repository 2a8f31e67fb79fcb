"""月历: the notice pasted, looked at and entered; by whom."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from hub.database.tables import HolidayRow, SharedDay, SpecialDay, TermsRow
from hub.register.days_ahead import PlannedDay, WhyHours
from hub.rights import Grant, Reach, Role
from hub.web.calendar.drawing import four_weeks
from hub.web.desk.desk import Desk
from hub.web.kit.language import Language, translations
from hub.web.kit.picture import Rect, Text, width_of
from station.hours import Span
from tests.hub.desks.test_desks import CITY, NORTH, rows, send
from tests.hub.test_holidays import JOINED

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub


def test_the_city_office_looks_at_a_notice_and_enters_it(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        looked = send(client, "/calendar/holidays/look", notice=JOINED)
        assert "2027 年：读出 29 天" in looked.text
        assert rows(desks, HolidayRow) == []

        answer = send(client, "/calendar/holidays/enter", notice=JOINED)

        assert answer.headers["location"] == "/calendar/holidays?done=1"
        assert len(rows(desks, HolidayRow)) == 29
        assert "2027 年" in client.get("/calendar/holidays").text


def test_a_slip_is_told_beside_the_field_and_what_was_pasted_is_kept(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        answer = send(client, "/calendar/holidays/enter", notice=JOINED.replace("1月1日（周五）", "1月1日（周四）"))

        assert answer.status_code == 422
        assert "而 2027-01-01 是 周五" in answer.text.replace("是周", "是 周")
        assert "国办发明电〔2026〕9号" in answer.text
        assert rows(desks, HolidayRow) == []


def test_one_day_is_changed_by_hand(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        send(client, "/calendar/holidays/day", day="2026-10-08", sort="off", name="国庆节")
        past = send(client, "/calendar/holidays/day", day="2026-01-05", sort="off", name="元旦")

        assert [row["sort"] for row in rows(desks, HolidayRow, name="国庆节")][-1:] == ["work"]
        assert len(rows(desks, HolidayRow)) == 40
        assert (past.status_code, "更改过去的理由" in past.text) == (409, True)


def test_a_county_office_sees_holidays_and_changes_none(desks: GuardedHub) -> None:
    for grant in (NORTH, Grant(Role.COUNTY, Reach("D-2"))):
        with desks.ask(desks.session("li", grant)) as client:
            assert "元旦" in client.get("/calendar/holidays").text
            assert send(client, "/calendar/holidays/enter", notice=JOINED).status_code == 404
    assert rows(desks, HolidayRow) == []


def test_a_city_day_is_tried_shown_and_then_said(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        said = {"what": "days", "first": "2026-03-09", "last": "2026-03-10", "hours": "", "reason": "演练"}
        looked = send(client, "/calendar/look", **said)
        assert (looked.status_code, rows(desks, SharedDay)) == (200, [])
        assert f"{len(desks.source.rows)} 个站点会有变化" in looked.text
        assert "2026-03-10" in looked.text

        assert send(client, "/calendar/save", **said).headers["location"] == "/calendar?done=1"
        assert [str(row["day"]) for row in rows(desks, SharedDay)] == ["2026-03-09", "2026-03-10"]
        assert "演练" in client.get("/calendar").text

        gone = {"what": "usual", "first": "2026-03-09", "last": "2026-03-10", "station": "", "district": "", "kind": ""}
        send(client, "/calendar/save", **gone)
        assert rows(desks, SharedDay) == []


def test_a_county_office_says_days_of_its_district_and_of_no_other(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        said = {"what": "days", "first": "2026-03-09", "hours": "", "reason": "检修"}
        for more in ({}, {"district": "D-2"}, {"kind": "bank"}, {"station": "ZG-02"}):
            answer = send(client, "/calendar/save", **said, **more)
            is_theirs = more.get("station") == "ZG-02" and "ZG-02" in client.get("/calendar").text
            assert answer.status_code == (303 if is_theirs else 422)
        assert send(client, "/calendar/save", **said, district="D-1").status_code == 303
        assert {row["district"] for row in rows(desks, SharedDay)} == {"D-1"}


def test_a_stations_week_is_drawn_as_it_would_be(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        week = {"what": "week", "station": "ZG-04", "hours": "周一至周五 09:00-10:00", "holidays": "keep", "first": ""}
        looked = send(client, "/calendar/look", **week)
        assert looked.text.count('<svg class="drawn') == 2
        assert "09:00-10:00" in looked.text
        assert not any("540" in str(row["week"]) for row in rows(desks, TermsRow, station="ZG-04"))

        send(client, "/calendar/save", **week)
        assert any(
            "540" in str(row["week"]) and row["keeps_holidays"] for row in rows(desks, TermsRow, station="ZG-04")
        )
        empty = send(client, "/calendar/look", **(week | {"hours": "休息"}))
        assert (empty.status_code, "至少一个开放日" in empty.text) == (409, True)


def test_one_station_is_asked_for_in_english_as_one(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        assert '<label for="f-station">Station</label>' in client.get("/calendar?lang=en").text


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("why", WhyHours)
def test_why_a_day_is_otherwise_stands_within_its_field(why: WhyHours, language: Language) -> None:
    day = PlannedDay(date(2026, 3, 28), (Span(480, 690),), why)

    for drawn in four_weeks([day], translations(language).gettext):
        field, *bars = (shape for shape in drawn.shapes if isinstance(shape, Rect))
        said = [shape for shape in drawn.shapes if isinstance(shape, Text)][7:]
        assert max(text.x + width_of(text.words, drawn.size) for text in said) <= field.x + field.width
        assert max(text.y for text in said) < bars[0].y


def test_a_change_that_changes_nothing_says_so_and_offers_no_saving(desks: GuardedHub) -> None:
    asked = [
        {"what": "week", "station": "ZG-04", "hours": ""},
        {"what": "usual", "station": "ZG-04", "first": "2026-03-09", "last": "2026-03-09"},
        {"what": "usual", "station": "ZG-04", "first": "2026-03-09", "last": ""},
        {"what": "usual", "station": "", "district": "", "kind": "", "first": "2026-03-09", "last": "2026-03-09"},
    ]
    with desks.ask(desks.session("wang", CITY)) as client:
        for one in asked:
            looked = send(client, "/calendar/look", **one)

            assert (looked.status_code, "与现在一样。" in looked.text) == (200, True), one
            assert "/calendar/save" not in looked.text


@pytest.mark.parametrize("reason", ["=1+1", "长" * 101, "请打 13800000000"])
def test_a_reason_that_no_sheet_takes_back_is_refused(desks: GuardedHub, reason: str) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        day = {"station": "ZG-04", "first": "2026-03-09", "hours": "", "reason": reason}

        assert send(client, "/calendar/save", what="days", **day).status_code == 422
        special = {"day": "2026-03-09", "day-hours": "", "reason": reason}
        assert send(client, "/city/stations/ZG-04/special", **special).status_code == 422


def test_taking_days_back_without_days_is_refused_and_never_called_saved(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        for first, last in (("", ""), ("2026-03-09", "2026-03-01"), ("2026-03-09", "2036-03-09"), ("x", "")):
            answer = send(client, "/calendar/save", what="usual", station="ZG-04", first=first, last=last)

            assert answer.status_code == 422, (first, last)


def test_a_days_hours_with_a_weekday_are_refused_and_never_close_it(desks: GuardedHub) -> None:
    day = {"first": "2026-03-07", "reason": "加班"}
    with desks.ask(desks.session("wang", CITY)) as client:
        for hours in ("周六 09:00-12:00", "每天 09:00-12:00", "22:00-次日02:00"):
            answers = [
                send(client, "/calendar/save", what="days", station="ZG-04", hours=hours, **day),
                send(
                    client, "/city/stations/ZG-04/special", **{"day": "2026-03-07", "day-hours": hours, "reason": "x"}
                ),
            ]

            assert [answer.status_code for answer in answers] == [422, 422], hours
            assert all("一天的时间，不写星期" in answer.text for answer in answers)
    assert rows(desks, SpecialDay) == []


def test_a_stations_week_is_told_in_ones_language_with_those_set_ahead(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        for hours, first in (("周一至周五 09:00-10:00", ""), ("每天 13:00-14:00", "2027-03-01")):
            send(client, "/calendar/save", what="week", station="ZG-04", hours=hours, first=first)

        pages = {language: client.get(f"/calendar?station=ZG-04&lang={language}").text for language in ("zh", "en")}
        assert 'value="周一至周五 09:00-10:00"' in pages["zh"]
        assert 'value="Mon-Fri 09:00-10:00"' in pages["en"]
        assert "2027-03-01起 周一至周日 13:00-14:00" in pages["zh"]
        assert "Mon-Sun 13:00-14:00" in pages["en"]


def test_of_one_station_only_the_special_days_that_it_has_are_listed(desks: GuardedHub) -> None:
    kind = desks.source.rows["ZG-04"].kind
    said = {"what": "days", "first": "2026-03-09", "hours": ""}
    with desks.ask(desks.session("wang", CITY)) as client:
        for reason, whose in (
            ("全市", {}), ("同类", {"kind": kind}), ("本站", {"station": "ZG-04"}), ("别站", {"station": "ZG-02"}),
            ("别处", {"district": next(one for one in ("D-1", "D-2") if one != desks.source.rows["ZG-04"].district_code)}),
        ):  # fmt: skip
            assert send(client, "/calendar/save", **said, reason=reason, **whose).status_code == 303

        listed = client.get("/calendar?station=ZG-04").text.partition('id="h-special"')[2]
        assert [word in listed for word in ("全市", "同类", "本站", "别站", "别处")] == [True] * 3 + [False] * 2
        everything = client.get("/calendar").text.partition('id="h-special"')[2]
        assert all(word in everything for word in ("全市", "同类", "本站", "别站", "别处"))


def test_a_week_from_a_day_in_many_years_is_said_to_change_something(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        week = {"what": "week", "station": "ZG-04", "hours": "09:00-10:00", "first": "2036-03-02"}
        looked = send(client, "/calendar/look", **week)

        assert "1 个站点会有变化" in looked.text
        assert "1 个站点从 2036-03-02 起改变" in looked.text


def test_a_year_whose_notice_is_missing_stands_above_the_holidays(
    desks: GuardedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        assert "还没有录入" not in client.get("/calendar/holidays").text
        monkeypatch.setattr(Desk, "today", property(lambda _: date(2026, 11, 2)))

        assert "2027 年的节假日安排还没有录入" in client.get("/calendar/holidays").text
        send(client, "/calendar/holidays/enter", notice=JOINED)
        assert "还没有录入" not in client.get("/calendar/holidays").text


LAST_YEARS = """国务院办公厅关于2025年部分节假日安排的通知
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（周二）至2月4日（周二）放假调休，共8天。1月26日（周日）、2月15日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
"""  # one day is otherwise than it was


def input_of(page: str, form: str, name: str) -> str:
    """That field of the last form that does so much, with what is said beside it."""
    forms = [one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'name="what" value="{form}"' in one]
    fields = re.findall(r'<span class="field">(?:(?!<span class="field">).)*', forms[-1], re.DOTALL)
    return next(one for one in fields if f'name="{name}"' in one)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("hours", {"hours": "22:00-06:00"}),
        ("hours", {"hours": "休息"}),
        ("first", {"hours": "每天 09:00-10:00", "first": "1999-01-01", "why": "补录"}),
        ("why", {"hours": "每天 09:00-10:00", "first": "2026-03-01"}),
    ],
)
def test_what_is_wrong_with_a_week_stands_in_its_own_form(desks: GuardedHub, field: str, typed: dict[str, str]) -> None:
    """It stood beside the field of the form for single days, which had been left alone."""
    with desks.ask(desks.session("wang", CITY)) as client:
        page = send(client, "/calendar/save", what="week", station="ZG-04", **typed).text

    for name in ("first", "hours", "why"):
        assert ("aria-invalid" in input_of(page, "week", name)) is (name == field)
        assert "aria-invalid" not in input_of(page, "days", name)
        assert typed.get(name, "") in input_of(page, "week", name)
        assert not typed.get(name) or typed[name] not in input_of(page, "days", name)


def test_days_that_began_in_the_past_are_taken_back_with_a_reason_on_the_page(desks: GuardedHub) -> None:
    stretch = {"station": "ZG-04", "first": "2026-03-02", "last": "2026-03-10"}
    with desks.ask(desks.session("wang", CITY)) as client:
        send(client, "/calendar/save", what="days", hours="", reason="停电", why="补录", **stretch)
        refused = send(client, "/calendar/save", what="usual", **stretch)
        assert refused.status_code == 409
        assert "aria-invalid" in input_of(refused.text, "usual", "why")

        assert send(client, "/calendar/save", what="usual", why="来电了", **stretch).status_code == 303
        assert rows(desks, SpecialDay, station="ZG-04") == []


@pytest.mark.parametrize("act", ["look", "save"])
@pytest.mark.parametrize("why", ["请问 13800001234", "长" * 201])
def test_a_reason_that_cannot_be_kept_is_told_where_days_are_taken_back(desks: GuardedHub, act: str, why: str) -> None:
    """It was refused, and the page said nothing."""
    stretch = {"station": "ZG-04", "first": "2026-03-02", "last": "2026-03-10"}
    with desks.ask(desks.session("wang", CITY)) as client:
        send(client, "/calendar/save", what="days", hours="", reason="停电", why="补录", **stretch)
        seen = send(client, "/calendar/look", what="usual", **stretch)
        was = re.findall(r'name="was" value="([^"]*)"', seen.text)[-1]
        refused = send(client, f"/calendar/{act}", what="usual", was=was, why=why, **stretch)

        assert refused.status_code == 422
        assert 'class="wrong"' in input_of(refused.text, "usual", "why")
        was = re.findall(r'name="was" value="([^"]*)"', refused.text)[-1]
        assert send(client, "/calendar/save", what="usual", was=was, why="来电了", **stretch).status_code == 303


def test_a_notice_that_wants_a_reason_is_still_there_to_be_entered_with_it(desks: GuardedHub) -> None:
    """The reason was asked for in the form of one day, and the notice had to be looked at anew."""
    with desks.ask(desks.session("wang", CITY)) as client:
        page = send(client, "/calendar/holidays/enter", notice=LAST_YEARS).text
        forms = {
            act: re.search(rf'action="/calendar/holidays/{act}".*?</form>', page, re.DOTALL) for act in ("enter", "day")
        }

        said = {act: form is not None and "aria-invalid" in form[0] for act, form in forms.items()}
        assert said == {"enter": True, "day": False}
        assert send(client, "/calendar/holidays/enter", notice=LAST_YEARS, why="更正").status_code == 303
