"""A day of a station as it is asked for, answered in words, drawn, and taken along."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.exporting.harmless import harmless
from hub.presence.board_view import Bar, Mark, StationDay, WhyNot
from hub.web.kit.language import Language, translations
from hub.web.kit.picture import LabelRows, Rect, Stroke, Text, width_of, wrapped
from hub.web.station.asked_day import DayFault, asked_day
from hub.web.station.drawing import drawings
from hub.web.station.pages import MOST_BARS
from hub.web.station.words import MARK_SIGNS, MARK_WORDS, WHY_WORDS
from station.coverage import Band
from station.duty import DutyClass
from tests.hub.pages.board_source import MORNING, TODAY, ZONE, city, past_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hub.pages.hub_under_test import HubUnderTest

ZH = translations(Language.ZH).gettext
PAST = "/stations/ZG-02?date=2026-03-04"


@pytest.fixture
def client(hub: HubUnderTest) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=hub.address, trust_env=False, timeout=60) as client:
        yield client


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (None, TODAY),
        ("", TODAY),
        ("2026-03-05", TODAY),
        ("0001-01-01", date.min),
        ("2026-03-06", DayFault.TO_COME),
        ("9999-12-31", DayFault.TO_COME),
        ("soon", DayFault.NO_DATE),
        ("2026-02-30", DayFault.NO_DATE),
        ("20260304", DayFault.NO_DATE),
        ("2026-W10-3", DayFault.NO_DATE),
        ("２０２６-03-04", DayFault.NO_DATE),
        ("2026-03-04T00:00", DayFault.NO_DATE),
    ],
)
def test_a_day_is_a_date_up_to_today(text: str | None, day: date | DayFault) -> None:
    assert asked_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("soon", 422, "请按 2026-03-04 的写法填写日期。"),
        ("9999-12-31", 404, "这一天还没有到。"),
        ("2026-03-01", 200, "没有记录"),
        ("0001-01-01", 200, "没有记录"),
    ],
)
def test_a_day_that_there_is_not_is_told_in_words(client: httpx2.Client, asked: str, status: int, said: str) -> None:
    answer = client.get("/stations/ZG-02", params={"date": asked})

    assert answer.status_code == status
    assert said in answer.text
    assert '<svg class="drawn' not in answer.text
    assert 'data-class="unknown"' not in answer.text


@pytest.mark.parametrize(("asked", "status"), [("9999-12-31", 404), ("soon", 422), ("0001-01-01", 200)])
def test_a_program_is_told_the_same(client: httpx2.Client, asked: str, status: int) -> None:
    answer = client.get("/api/v1/stations/ZG-02", params={"date": asked})

    assert answer.status_code == status
    if status == 200:
        assert (answer.json()["is_recorded"], answer.json()["first_day"]) == (False, "2026-03-02")


def test_a_past_day_has_the_numbers_of_the_api(client: httpx2.Client) -> None:
    told = client.get("/api/v1/stations/ZG-02?date=2026-03-04").json()
    page = client.get(PAST).text

    assert told["date"] == "2026-03-04"
    assert len(told["stints"]) == page.count('<b class="letter">') == 8
    assert told["stints"][1]["marks"] == ["assumed", "uncertain"]
    assert told["kiosks"] == ["zg-02-a", "zg-02-b"]
    assert "zg-02-a · zg-02-b" in page


def test_a_day_round_the_clock_goes_from_midnight_to_midnight(client: httpx2.Client) -> None:
    page = client.get(PAST).text

    assert "00:00–24:00" in page
    assert "3月3日周二 22:00" in page
    assert "<td>24:00</td>" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_word_for_machines_is_shown(client: httpx2.Client, lang: str) -> None:
    page = client.get(f"{PAST}&lang={lang}").text
    shown = re.sub(r"<[^>]*>", " ", page)

    assert not re.search(r"\b(leave|off_hours|lost_card|unregistered|None|null)\b", shown)
    if lang == "en":
        assert re.findall(
            "[\u4e00-\u9fff]+", shown.replace("工农银行北湖支行学雷锋志愿服务点", "").replace("北湖区", "")
        ) == [
            "云州市",
            "中文",
        ]


@pytest.mark.parametrize("minute", [1, 20, 59])
def test_the_line_that_says_now_goes_through_no_label(minute: int) -> None:
    now = morning(9) + timedelta(minutes=minute)
    bands = (Band(DutyClass.MET, morning(8), morning(9)), Band(DutyClass.VACANT, morning(9), now))
    day = replace(one_bar(), as_of=now, bands=bands)

    for drawn in drawings(day, ZONE, ZH):
        (line,) = (shape for shape in drawn.shapes if isinstance(shape, Stroke) and shape.look == "now")
        (label,) = (shape for shape in drawn.shapes if isinstance(shape, Text) and shape.words == f"{minute} 分钟")
        assert label.x + width_of(label.words, drawn.size) < line.x1


@pytest.mark.parametrize("mark", Mark)
def test_every_mark_is_drawn_at_its_bar_and_said_below_it(mark: Mark) -> None:
    assert mark in MARK_WORDS
    day = one_bar(marks=(mark,))

    for drawn in drawings(day, ZONE, ZH):
        words = [shape.words for shape in drawn.shapes if isinstance(shape, Text)]
        assert MARK_SIGNS[mark] in words
        assert any(ZH(MARK_WORDS[mark]) in said for said in words)


@pytest.mark.parametrize("why", WhyNot)
def test_what_does_not_count_is_drawn_empty_and_says_why(why: WhyNot) -> None:
    for drawn in drawings(one_bar(why_not=why), ZONE, ZH):
        looks = [shape.look for shape in drawn.shapes if isinstance(shape, Rect)]
        words = "".join(shape.words for shape in drawn.shapes if isinstance(shape, Text))
        assert "not" in looks
        assert "on" not in looks
        assert f"不计入：{ZH(WHY_WORDS[why])}" in words


def test_what_is_assumed_is_drawn_otherwise_from_there_on() -> None:
    (wide, _) = drawings(one_bar(assumed_from=morning(9)), ZONE, ZH)

    bars = [shape for shape in wide.shapes if isinstance(shape, Rect) and shape.look.startswith("on")]
    assert [(bar.look, bar.fill) for bar in bars] == [("on", ""), ("on assumed", "p-assumed")]
    assert bars[0].x + bars[0].width == pytest.approx(bars[1].x, abs=0.2)


def test_a_day_of_ever_so_many_cards_is_a_page_that_can_be_read(
    hub: HubUnderTest, client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = past_day(city()[1], TODAY, MORNING)
    strangers = tuple(
        Bar(f"甲{number}", "未登记卡", MORNING - timedelta(hours=1), MORNING, (), (), WhyNot.UNREGISTERED)
        for number in range(20_000)
    )
    many = replace(day, bars=(*day.bars, *strangers))

    async def station_day(*_: object) -> StationDay:
        return many

    monkeypatch.setattr(hub.source, "station_day", station_day)
    page = client.get("/stations/ZG-02?lang=zh").text
    sheet = client.get("/stations/ZG-02/day.csv?lang=zh").text

    assert len(page) < 300_000
    assert "共 20" in page
    assert page.count('<b class="letter">') == MOST_BARS
    assert sum("志愿者" in line for line in page.splitlines() if '<b class="letter">' in line) == sum(
        bar.role == "志愿者" for bar in day.bars
    )
    assert len(sheet.splitlines()) == 1 + len(many.bars)


def test_stints_are_saved_as_a_table(client: httpx2.Client) -> None:
    answer = client.get("/stations/ZG-02/day.csv?date=2026-03-04")

    lines = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''ZG-02%202026-03-04.csv"
    assert lines[0] == ["岗位", "上岗", "离岗", "外出", "备注", "计入"]
    assert lines[3][0] == "丙 未登记的卡"
    assert len(lines) == 9
    assert client.get("/stations/ZG-02/day.csv?date=soon").status_code == 404


def test_no_cell_is_a_formula() -> None:
    assert harmless("=1+1") == "'=1+1"
    assert harmless("+ 重复刷卡").startswith("'")
    assert harmless("08:00") == "08:00"


def test_a_page_left_open_over_midnight_is_loaded_anew(client: httpx2.Client) -> None:
    assert client.get("/stations/ZG-02/day?shown=2026-03-04").headers["hx-refresh"] == "true"
    assert "hx-refresh" not in client.get("/stations/ZG-02/day?shown=2026-03-05").headers


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(1, 200)), max_size=30))
def test_no_label_covers_another(labels: list[tuple[float, float]]) -> None:
    lines = LabelRows(gap=5)
    placed: list[tuple[int, float, float]] = []

    for left, width in sorted(labels):
        line = lines.place(left, left + width)
        assert all(right + 5 <= left for other, _, right in placed if other == line)
        placed.append((line, left, left + width))


@given(st.lists(st.text("甲乙丙 abcdef", min_size=1, max_size=40), max_size=6), st.integers(30, 400))
def test_wrapped_words_are_all_there_and_no_line_is_wider_than_a_word_needs(phrases: list[str], most: int) -> None:
    lines = wrapped(tuple(phrases), " · ", most, 10)

    assert "".join("".join(lines).split()).replace("·", "") == "".join("".join(phrases).split())
    widest = max((width_of(word, 10) for phrase in phrases for word in re.findall(r"[a-f]+|[^a-f]", phrase)), default=0)
    assert all(width_of(line, 10) <= max(most, widest) + 1e-6 for line in lines)


def morning(hour: int) -> datetime:
    return datetime(2026, 3, 4, hour, tzinfo=ZONE).astimezone(UTC)


def one_bar(
    *, marks: tuple[Mark, ...] = (), why_not: WhyNot | None = None, assumed_from: datetime | None = None
) -> StationDay:
    bar = Bar("甲", "志愿者", morning(8), morning(11), marks, (), why_not, assumed_from)
    day = past_day(city()[0], TODAY - timedelta(days=1), MORNING)
    return StationDay(day.row, day.date, ((morning(8), morning(12)),), (bar,), (), (), MORNING)
