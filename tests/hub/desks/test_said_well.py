"""What pages keep and say: the address in the other language, a kiosk never heard, history without a raw word."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update
from sqlmodel import SQLModel, col

from hub import web
from hub.changing.laying import _UNTOLD
from hub.changing.proposal import HANDLERS, name_of_command
from hub.changing.speaking import _WORDS, Speaking
from hub.database.history_table import ChangeRow
from hub.database.tables import Station
from hub.database.transactions import writing
from hub.presence.liveness import KioskNow, KioskStatus, LastHeard
from hub.register.directory import KnownKiosk
from hub.rights import Grant, Reach, Role
from hub.verbs.calendar import _MINUTES
from hub.web.kiosks.words import status_word
from station.duty import Limits
from station.names import KioskId, StationCode
from tests.hub.desks.test_desks import CITY, main_of, rows, send
from tests.hub.desks.test_desks_in_chromium import PAGES, come_in
from tests.hub.pages.conftest import chromium, onlooker

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub
    from tests.hub.pages.onlooker import Onlooker

__all__ = ["chromium", "onlooker"]
AS_PEOPLE_SAY_THEM = {
    "CSV", "XLSX", "NFC", "USB", "Esc",  # as they say them in Chinese too
    "guard_s", "limits",  # how a setting is written in edge.toml
    "wang", "root",  # who did it
}  # fmt: skip
LAID = ("station", "kiosk", "volunteer", "card", "district", "city", "kind_authority")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/people?q=样本&only=untrained&station=ZG-02&page=1", "q=样本&only=untrained&station=ZG-02&page=1"),
        ("/city?q=银行", "q=银行"), ("/search?q=样&lang=zh", "q=样"), ("/system/history?station=ZG-02", "station=ZG-02"),
        ("/stations/ZG-02/month?month=2026-02", "month=2026-02"), ("/kiosks?done=1&lang=zh", ""),
        ("/calendar?station=ZG-02", "station=ZG-02"), ("/inbox?kind=finding", "kind=finding"),
    ],
)  # fmt: skip
def test_what_was_looked_for_is_kept_when_the_language_changes(desks: GuardedHub, path: str, kept: str) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        page = client.get(path).text
        found = re.search(r'class="language" href="([^"]*)"', page)
        assert found is not None
        link = html.unescape(found[1])

        assert str(client.build_request("GET", f"/x{link}").url.query, "utf-8") == str(
            client.build_request("GET", f"/x?{kept}{'&' if kept else ''}lang=en").url.query, "utf-8"
        )
        assert client.get(path.partition("?")[0] + link).status_code == 200


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/stations/NO", "/stations/ZG-02?date=x", "/me/nothing"])
def test_no_page_in_chinese_has_a_word_for_machines(desks: GuardedHub, path: str) -> None:
    with desks.ask(desks.session("wang", Grant(Role.CITY))) as client:
        page = client.get(path).text

    _, _, shown = page.partition("<main")
    shown = re.sub(r'(?s)<(code)\b[^>]*>.*?</\1>|<(\w+)[^>]*\blang="en"[^>]*>.*?</\2>', " ", shown.partition(">")[2])
    assert shown
    assert set(re.findall(r"[A-Za-z_]{3,}", re.sub(r"<[^>]*>", " ", shown))) <= AS_PEOPLE_SAY_THEM


@pytest.mark.parametrize("path", [*PAGES, "/nowhere"])
def test_no_blank_stands_behind_a_stop_in_chinese(desks: GuardedHub, path: str) -> None:
    with desks.ask(desks.session("wang", Grant(Role.CITY))) as client:
        page = client.get(path).text

    assert re.findall(r"[^<>]*[，。；：！？、] +[\u4e00-\u9fff][^<>]*", page.partition("<main")[2]) == []


BEHIND_A_STOP = re.compile(
    r"""[，。；：！？、]"\)(?:\.format\([^}]*\))? \}\}(?:\{%[^%]*%\})* +(?:\{%[^%]*%\})*\{\{ _\("""
)


def test_no_template_puts_a_blank_between_two_sentences() -> None:
    """English has one there and Chinese none: `gap` is what the page's language has."""
    templates = sorted(Path(web.__file__).parent.glob("*/templates/*.html"))

    assert BEHIND_A_STOP.search('{{ _("都保留。").format(id=1) }}{% if so %} {{ _("它停用。") }}{% endif %}')
    assert [one.name for one in templates if BEHIND_A_STOP.search(one.read_text(encoding="utf-8"))] == []


def test_the_way_back_and_a_stations_facts_are_called_so_in_english(desks: GuardedHub) -> None:
    """A word of the frame is another word elsewhere, and 返回 is no 返岗."""
    with desks.ask(desks.session("wang", Grant(Role.CITY))) as client:
        taps, facts = client.get("/people/p1/taps?lang=en").text, client.get("/stations/ZG-02/facts?lang=en").text
        city, chinese = client.get("/city?lang=en").text, client.get("/stations/ZG-02/facts?lang=zh").text

    assert '<a class="button" href="/people/p1">Back</a>' in taps
    assert '<a href="/stations/ZG-02/facts" aria-current="page">Facts</a>' in facts
    assert "City</a>" in facts.partition("<main")[0]
    assert "<h1>City" in city
    assert 'aria-current="page">资料</a>' in chinese.partition("<main")[2]


def test_a_kiosk_that_was_never_heard_is_not_lost() -> None:
    kiosk = KnownKiosk(KioskId("k"), StationCode("ZG-02"), "正门", date(2026, 3, 1), None)
    never = KioskNow(kiosk, KioskStatus.LOST, LastHeard())

    assert status_word(never) == "还没有收到过消息"


def test_history_tells_whose_card_it_is_and_of_an_import_in_words(desks: GuardedHub) -> None:
    with writing(desks.engine) as connection:
        connection.execute(update(ChangeRow).where(col(ChangeRow.what) == "assign_card").values(why="import 卡.csv"))
    with desks.ask(desks.session("li", CITY)) as client:
        page = html.unescape(re.sub(r"<[^>]*>", " ", client.get("/system/history?lang=zh").text))
        english = client.get("/system/history?lang=en").text

    assert "发卡 · 志愿者 N1 样*1，卡" in page
    assert "持卡人：无\u00a0→ N1 样*1" in page
    assert not re.search(r"\bp[12]\b", page)
    assert "->" not in page
    assert "导入 卡.csv" in page
    assert "import 卡.csv" in english


def test_history_has_a_word_for_all_that_it_tells() -> None:
    columns = {name for table in LAID for name in SQLModel.metadata.tables[table].c.keys()}  # noqa: SIM118 -- a collection

    told = {name_of_command.__globals__["_WORD"].sub("_", each.__name__).lower() for each in HANDLERS} | columns
    assert sorted(told - _UNTOLD - {"revoked_ms"} - _WORDS.keys()) == []


def test_limits_are_told_in_words() -> None:
    line = Speaking(is_chinese=True).line("set_terms", {}, {"limits": "{}"}, {"limits": '{"budget": 1200}'}, "")

    assert line.endswith("时限：无 -> 每次外出 20 分钟")


def test_each_figure_of_a_station_can_be_set_at_the_terminal_and_is_told_in_words() -> None:
    figures = Limits.__dataclass_fields__.keys()

    assert sorted(_MINUTES.keys() ^ figures) == []
    assert sorted(figures - _WORDS.keys()) == []


def test_the_frame_speaks_of_coverage_in_english_and_the_class_of_met(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        page = client.get("/coverage?lang=en").text
        assert re.search(r'<a href="/coverage"[^>]*>Coverage</a>', page)
        assert re.search(r"<h1>Coverage <small>\d+", page)
        assert ">Met<" in page
        many = len(rows(desks, Station))
        assert re.search(rf"<h1>达标 <small>{many} 个站点", client.get("/coverage?lang=zh").text)


@pytest.mark.browser
def test_an_installer_reads_on_a_phone_what_each_figure_of_a_kiosk_is(desks: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, desks, Grant(Role.INSTALLER))
    onlooker.set_up(390, 844)
    onlooker.open(f"{desks.address}/kiosks?lang=zh")

    heads = """return [...document.querySelectorAll('.tables tbody tr:first-child td')].map(
        cell => getComputedStyle(cell, '::before').content.replaceAll('"', '').trim())"""
    onlooker.wait(lambda: {"站点", "信号", "操作"} <= {str(one).strip() for one in onlooker.run(heads)})


HOURS_SAID = (
    "/city", "/city/stations/ZG-02", "/calendar?station=ZG-02", "/stations/ZG-02/facts", "/stations/ZG-02/month",
    "/stations/ZG-02/shifts", "/stations/ZG-02/shifts/week", "/stations/ZG-02/shifts/day", "/stations/ZG-02/closing",
    "/stations/ZG-02", "/", "/shifts?days=7", "/system/history", "/inbox",
)  # fmt: skip


@pytest.mark.parametrize("page", HOURS_SAID)
def test_an_english_page_says_weekdays_and_hours_in_english(desks: GuardedHub, page: str) -> None:
    with desks.ask(desks.session("li", Grant(Role.CITY))) as client:
        send(client, "/city/stations/ZG-02/terms", hours="周一至周五 08:00-11:30", minimum="1", target="2")
        send(client, "/city/stations/ZG-02/special", **{"day": "2026-03-10", "day-hours": "", "reason": "x"})
        answer = client.get(f"{page}{'&' if '?' in page else '?'}lang=en")

    assert answer.status_code == 200
    assert re.findall("周[一二三四五六日]|星期.|休息|停开|次日|全天", main_of(answer)) == []


def test_that_no_number_is_kept_is_one_sentence_with_who_can_enter_one(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wu", Grant(Role.LEAD, Reach(station="ZG-02")))) as client:
        zh, en = (client.get(f"/stations/ZG-02/call?lang={language}").text for language in ("zh", "en"))

    assert "没有登记电话，请管理站点资料的人登记。" in zh
    assert "No number is kept; whoever keeps the stations’ facts can enter one." in html.unescape(en)


@pytest.mark.parametrize("path", ["/kiosks", "/stations/ZG-02/facts"])
def test_a_table_is_called_by_many_and_its_column_by_one(desks: GuardedHub, path: str) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        page = main_of(client.get(f"{path}?lang=en"))

    assert re.search(r'<h2 id="h-kiosks">Kiosks <small>', page)
    assert '<th scope="col">Kiosk</th>' in page
    assert '<th scope="col">Stations</th>' not in page


def test_past_alarms_are_called_by_many(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        assert '<h2 id="h-alarms">Alarms <small>0' in client.get("/alarms?lang=en").text


@pytest.mark.browser
def test_a_form_by_itself_stands_in_a_card_no_wider_than_what_is_in_it(desks: GuardedHub, onlooker: Onlooker) -> None:
    come_in(onlooker, desks, CITY)
    onlooker.set_up(1366, 768)
    widths = {}
    for path in ("/people/new", "/kiosks/zg-02-a", "/system/channels", "/stations/ZG-02/closing"):
        onlooker.open(f"{desks.address}{path}?lang=en")
        widths[path] = onlooker.run(
            "return Math.max(...[...document.querySelectorAll('.card:has(> form.stacked)')].map(e => e.offsetWidth))"
        )

    assert {path: width for path, width in widths.items() if not 400 < width < 700} == {}
