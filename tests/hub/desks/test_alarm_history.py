"""提醒记录: past alarms by the page, what became of one, and the same as a sheet; each sees those of their own stations."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update
from sqlmodel import col

from hub.alarms.acting import Actor
from hub.alarms.addresses import Sort, SoundAddress
from hub.alarms.book import AlarmPen, Scene
from hub.alarms.channel import AlarmMessage
from hub.alarms.members import join, leave
from hub.alarms.routes import Routes
from hub.alarms.words import LACKS, line_of
from hub.database.alarm_tables import AlarmRow, AlarmStep, MessageRow
from hub.database.tables import Station
from hub.database.transactions import writing
from hub.presence.board_view import Cause, Reason
from hub.rights import WHOLE_CITY, Grant, Reach, Role
from hub.web.alarms import router
from hub.web.alarms.sheet import SheetClock
from hub.web.inbox.words import LACKS as WORDS_OF_PAGES
from station.alarms import Alarm, Happening, Lack, Level, Matter, What
from station.duty import DutyClass
from station.milliseconds import ms_of
from tests.hub.desks.test_desks import CITY, LEAD, NORTH, main_of
from tests.hub.desks.test_inbox import act, key_of, raised
from tests.hub.pages.board_source import MORNING, TODAY, ZONE

if TYPE_CHECKING:
    import httpx2

    from tests.hub.gate.conftest import GuardedHub


def past(hub: GuardedHub, count: int, station: str = "ZG-02", *, minutes: int = 30) -> None:
    """So many that are over, each a minute after the one before, up to this morning."""
    with writing(hub.engine) as connection:
        rows = []
        for n in range(count):
            since = ms_of(MORNING - timedelta(minutes=count - n))
            rows.append(
                {"station": station, "matter": "duty", "lack": "vacant", "level": Level.LEAD, "on_duty": 0, "wanted": 1,
                 "since_ms": since, "raised_ms": since, "over_ms": since + minutes * 60_000, "ending": "met"}
            )  # fmt: skip
        connection.execute(insert(AlarmRow), rows)


def numbers(answer: httpx2.Response) -> list[str]:
    return re.findall(r'href="/alarms/(\d+)"', main_of(answer))


def sheet(client: httpx2.Client, query: str = "") -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(f"/alarms/sheet.csv{query}").content.decode("utf-8-sig"))))


def dicts(client: httpx2.Client, query: str) -> list[dict[str, str]]:
    head, *lines = sheet(client, query)
    return [dict(zip(head, line, strict=True)) for line in lines]


def local(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(ZONE):%Y-%m-%d %H:%M}"


def test_each_sees_the_alarms_of_their_own_stations_on_page_and_sheet(desks: GuardedHub) -> None:
    raised(desks, "ZG-02", "ZG-05", "")
    for name, grant, seen in (("li", CITY, {"1", "2", "3"}), ("wang", NORTH, {"1"}), ("zhao", LEAD, {"1"})):
        with desks.ask(desks.session(name, grant)) as client:
            assert set(numbers(client.get("/alarms"))) == seen
            assert {line[0] for line in sheet(client)[1:]} == seen
            opened = {number for number in "123" if client.get(f"/alarms/{number}").status_code == 200}
            assert opened == seen
    with desks.ask(desks.session("sun", Grant(Role.FEDERATION))) as client:
        assert client.get("/alarms").status_code == client.get("/alarms/sheet.csv").status_code == 403


@pytest.mark.parametrize("query", ["", "lack=vacant", "state=unseen", "kind=bank", "station=ZG-02&district=", "page=2"])
def test_page_sheet_and_api_say_the_same(desks: GuardedHub, query: str) -> None:
    raised(desks, "ZG-05", "")
    past(desks, 60)
    with desks.ask(desks.session("li", CITY)) as client:
        page, answer = client.get(f"/alarms?lang=zh&{query}"), client.get(f"/api/v1/alarms?{query}").json()
        lines = {line["提醒编号"]: line for line in dicts(client, f"?lang=zh&{query}")}

        assert numbers(page) == [str(one["number"]) for one in answer["alarms"]]
        assert (answer["total"], answer["pages"]) == (len(lines), -(-len(lines) // 50))
        assert answer["page"] == (2 if query == "page=2" else 1)
        for one in answer["alarms"]:
            line = lines[str(one["number"])]
            assert line["编号"] == (one["station"] or "")
            assert line["起始"] == local(one["since"])
            assert line["结束"] == (local(one["over_at"]) if one["over_at"] else "")
            assert (line["应有人数"], line["在岗人数"]) == (str(one["wanted"] or ""), str(one["on_duty"]))
            assert bool(line["区县"]) == bool(one["district"])


@pytest.mark.parametrize(("name", "grant"), [("wang", NORTH), ("zhao", LEAD)])
def test_alarms_of_others_cannot_be_told_from_none_over_the_api(desks: GuardedHub, name: str, grant: Grant) -> None:
    def answers(client: httpx2.Client) -> list[bytes]:
        found = ("", "station=ZG-05", "district=D-2", "district=D-3", "station=%E7%AB%99", "lack=unwatched", "page=9")
        return [client.get(f"/api/v1/alarms?{query}").content for query in found]

    raised(desks, "ZG-02")
    with desks.ask(desks.session(name, grant)) as client:
        before = answers(client)
        raised(desks, "ZG-05", "")
        assert answers(client) == before
        assert client.get("/api/v1/alarms").json()["total"] == 1
        theirs, nobodys = (client.get(f"/api/v1/alarms?station={code}").json() for code in ("ZG-05", "ZG-99"))
        assert theirs == nobodys
    with desks.ask(desks.session("sun", Grant(Role.FEDERATION))) as client:
        assert client.get("/api/v1/alarms").status_code == 403
    with desks.ask() as nobody:
        assert nobody.get("/api/v1/alarms").status_code == 401


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("lack=nonsense", "lack"), ("state=nonsense", "state"), ("first=soon", "first"), ("page=0", "page"),
        ("from=2026-03-01", "from"), ("kind=shop", "wanted is one of"), ("first=1999-01-01", "2020 to 2099"),
        (f"first={TODAY}&last={TODAY - timedelta(days=1)}", "a last day that is not before the first"),
    ],
)  # fmt: skip
def test_what_the_api_cannot_read_is_refused_and_not_passed_over(desks: GuardedHub, query: str, said: str) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        answer = client.get(f"/api/v1/alarms?{query}")

    assert answer.status_code == 422
    assert said in answer.text


def test_why_one_was_closed_stands_in_page_sheet_and_api(desks: GuardedHub) -> None:
    raised(desks, "ZG-02", "ZG-05")
    with writing(desks.engine) as connection:
        Actor(connection, "zhao", ms_of(MORNING)).close(1, "停电，已告知单位")
    with desks.ask(desks.session("li", CITY)) as client:
        answer = {one["number"]: one["closed_why"] for one in client.get("/api/v1/alarms").json()["alarms"]}
        lines = {line["提醒编号"]: line["了结原因"] for line in dicts(client, "?lang=zh")}
        page = main_of(client.get("/alarms/1?lang=zh"))

    assert answer == {1: "停电，已告知单位", 2: None}
    assert lines == {"1": "停电，已告知单位", "2": ""}
    assert "停电，已告知单位" in page


@pytest.mark.parametrize(("on_duty", "said"), [(0, "无人在岗"), (1, "低于最低人数")])
def test_one_thing_is_called_by_one_word_everywhere(desks: GuardedHub, on_duty: int, said: str) -> None:
    raised(desks, "ZG-02")
    with writing(desks.engine) as connection:
        connection.execute(update(AlarmRow).values(on_duty=on_duty, wanted=2))
    with desks.ask(desks.session("li", CITY)) as client:
        pages = [main_of(client.get(f"/{page}?lang=zh")) for page in ("inbox", "alarms", "alarms/1")]
        lines = [line["情况"] for line in dicts(client, "?lang=zh")]

    assert [said in re.sub("<option.*?</option>", "", page) for page in pages] == [True] * 3
    assert lines == [said]
    message = AlarmMessage(
        1, "raised", Lack.VACANT, 1, "ZG-02", "站", on_duty=on_duty, wanted=2, since=MORNING, at=MORNING
    )
    assert said in line_of(message, ZONE)
    assert set(LACKS) == set(WORDS_OF_PAGES)


def test_the_api_describes_its_alarms(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        found = client.get("/openapi.json").json()

    of_alarms = found["paths"]["/api/v1/alarms"]["get"]
    assert [one["name"] for one in of_alarms["parameters"]] == [
        "first", "last", "lack", "state", "district", "kind", "station", "page",
    ]  # fmt: skip
    assert of_alarms["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/AlarmsAnswer")


def test_a_long_sheet_comes_in_pieces_each_once_and_packed_or_not(
    desks: GuardedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(router, "MOST_AT_ONCE", 3)
    past(desks, 7)
    raised(desks, "ZG-05")
    with desks.ask(desks.session("li", CITY)) as client:
        plain, packed = (
            client.get("/alarms/sheet.csv", headers={"Accept-Encoding": coding}) for coding in ("identity", "gzip")
        )
        head = client.head("/alarms/sheet.csv")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Length" not in plain.headers
    assert plain.content == packed.content
    read = list(csv.reader(io.StringIO(plain.content.decode("utf-8-sig"))))
    assert [line[0] for line in read[1:]] == [str(number) for number in range(1, 9)]
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Disposition"] == plain.headers["Content-Disposition"]


def test_what_became_of_an_alarm_is_told_in_order_and_once(desks: GuardedHub) -> None:
    raised(desks, "ZG-02")
    with writing(desks.engine) as connection:
        told = SoundAddress(Sort.WECOM, "https://robot.example/send?key=hidden", "", ())
        Actor(connection, "clerk", 0).enter_channel("east-lead", told, WHOLE_CITY, tells_short=False)
        at_ms = ms_of(MORNING)
        message = MessageRow(
            alarm=1, channel="east-lead", what="raised", on_duty=0, wanted=1, why="读卡器 08:12 起无响应",
            made_ms=at_ms, due_ms=None, tries=2, sent_ms=at_ms + 60_000, answer="0 ok",
        )  # fmt: skip
        connection.execute(insert(MessageRow).values(message.model_dump(exclude={"number"})))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        act(client, key_of(client, "alarm"), "taken")
        act(client, key_of(client, "alarm"), "closed", note="停电，已告知医院")

        page = main_of(client.get("/alarms/1?lang=zh"))
        listed = main_of(client.get(f"/alarms?lang=zh&first={TODAY}&last={TODAY}"))

    assert ["<b>尚未恢复</b>" in one and "<b>未结束</b>" not in one for one in (page, listed)] == [True, True]
    assert page.count("zhao 来处理") == page.count("zhao 了结") == page.count("停电，已告知医院") == 1
    assert page.index("开始提醒：站长") < page.index("zhao 来处理") < page.index("zhao 了结")
    assert "读卡器 08:12 起无响应" in page
    assert "east-lead" in page
    assert "已收下" in page
    assert "hidden" not in page


def test_the_inbox_says_why_and_leads_to_what_became_of_it(desks: GuardedHub) -> None:
    raised(desks, "ZG-02", "")
    row = desks.source.rows["ZG-02"]
    desks.source.rows["ZG-02"] = replace(row, reason=Reason(Cause.NOBODY_YET, MORNING - timedelta(hours=1)))
    with desks.ask(desks.session("li", CITY)) as client:
        page = main_of(client.get("/inbox?lang=zh"))

    assert set(re.findall(r'href="(/alarms/\d+)">经过', page)) == {"/alarms/1", "/alarms/2"}
    assert page.count("08:40 开放以来无人上岗") == 1


def test_of_an_alarm_of_long_ago_it_is_said_that_what_was_sent_is_kept_no_more(desks: GuardedHub) -> None:
    past(desks, 2)
    with writing(desks.engine) as connection:
        connection.execute(update(AlarmRow).where(col(AlarmRow.number) == 1).values(raised_ms=0))
    with desks.ask(desks.session("li", CITY)) as client:
        old, new = (main_of(client.get(f"/alarms/{number}?lang=zh")) for number in (1, 2))

    assert "只保留 365 天，已删除" in old
    assert "没有渠道要通知" in new


def test_what_nobody_typed_as_a_number_is_no_alarm(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        assert [client.get(f"/alarms/{number}").status_code for number in ("7", "-1", "x", "9" * 40, "²")] == [404] * 5
        assert client.get("/alarms/sheet.exe").status_code == 404


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"1", "2", "3"}),
        ("lack=unwatched", {"3"}),
        ("state=open", {"2", "3"}),
        ("state=unseen", {"1"}),
        ("station=ZG-02", {"1"}),
        ("station=%E7%AB%8B%E5%8C%BB%E9%99%A2", {"2"}),
        ("station=%25", set()),
        ("district=D-1", {"1"}),
        ("kind=bank", {"1"}),
        (f"last={TODAY - timedelta(days=1)}", set()),
        (f"first={TODAY}&last={TODAY}", {"1", "2", "3"}),
        (f"first={TODAY}&last={TODAY - timedelta(days=1)}", set()),
    ],
)
def test_only_those_that_are_asked_for(desks: GuardedHub, query: str, seen: set[str]) -> None:
    raised(desks, "ZG-02", "ZG-05", "")
    with writing(desks.engine) as connection:
        over = {"over_ms": ms_of(MORNING), "ending": "closing"}
        connection.execute(update(AlarmRow).where(col(AlarmRow.number) == 1).values(over))
        connection.execute(update(Station).where(col(Station.code) == "ZG-05").values(name="市立医院"))
    with desks.ask(desks.session("li", CITY)) as client:
        assert set(numbers(client.get(f"/alarms?{query}"))) == seen
        assert {line[0] for line in sheet(client, f"?{query}")[1:]} == seen
        is_told = "请对调" in client.get(f"/alarms?lang=zh&{query}").text
        assert is_told == (query.startswith("first=2") and not seen)


def test_many_are_turned_by_the_page_and_keep_what_was_asked(desks: GuardedHub) -> None:
    past(desks, 120)
    with desks.ask(desks.session("zhao", LEAD)) as client:
        pages = [client.get(f"/alarms?lack=vacant&page={page}") for page in ("1", "3", "99", "x")]
        found = [numbers(page) for page in pages]
        assert [(page[0], page[-1]) for page in found] == [("120", "71"), ("20", "1"), ("20", "1"), ("120", "71")]
        assert "lack=vacant&amp;page=2" in pages[0].text
        assert "历时 30 分钟" in client.get("/alarms?lang=zh").text
        assert len(sheet(client)) == 121


def test_a_sheet_has_hours_of_the_city_and_no_formula(desks: GuardedHub) -> None:
    past(desks, 1)
    with writing(desks.engine) as connection:
        connection.execute(update(Station).where(col(Station.code) == "ZG-02").values(name="=1+1"))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        line = dict(zip(*sheet(client, "?lang=zh"), strict=True))
        assert client.get("/alarms/sheet.xlsx").content[:2] == b"PK"

    assert line["名称"] == "'=1+1"
    assert line["情况"] == "无人在岗"
    assert line["起始"] == f"{(MORNING - timedelta(minutes=1)).astimezone(ZONE):%Y-%m-%d %H:%M}"
    assert (line["结束原因"], line["历时分钟"]) == ("已恢复", "30.0")


def test_more_than_a_workbook_is_made_of_is_said_and_not_made(
    desks: GuardedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(router, "MOST_IN_XLSX", 2)
    past(desks, 3)
    with desks.ask(desks.session("zhao", LEAD)) as client:
        answer = client.get("/alarms/sheet.xlsx?lang=zh")
        page = main_of(client.get("/alarms?lang=zh"))

    assert (answer.status_code, answer.text) == (422, "有 3 条；XLSX 最多 2 条：请缩小范围，或下载 CSV。")
    assert answer.text in page
    assert "sheet.xlsx" not in page


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Kathmandu", "America/New_York"])
def test_moments_of_a_sheet_are_those_of_the_clock(zone: str) -> None:
    clock, moments = ZoneInfo(zone), SheetClock(ZoneInfo(zone))
    first = datetime(2026, 3, 8, 5, 59, 59, tzinfo=UTC)  # New York puts its clocks on an hour later
    for step in range(300):
        at = first + timedelta(minutes=7, seconds=13) * step
        assert moments.told(ms_of(at)) == f"{at.astimezone(clock):%Y-%m-%d %H:%M}"
    assert moments.told(None) == ""


def together(hub: GuardedHub, *stations: str) -> None:
    """Alarm 1, of stations of one district that fell silent together."""
    with writing(hub.engine) as connection:
        pen = AlarmPen(connection, Routes(()), ms_of(MORNING))
        scene = Scene("district/D-1", Reach("D-1"), Matter.WATCHING, len(stations), 0, 0, places=(Reach("D-1"),))
        raised = Happening(What.RAISED, Alarm(Lack.UNWATCHED, Level.OVERSEER), since=MORNING)
        (number,) = pen.raise_all([(scene, raised)])
        pen.write_down(scene, number, raised)
        for code in stations:
            member = Scene(code, Reach("D-1", "bank", code), Matter.WATCHING, 0, 1, 2)
            join(pen, [member], (number, raised.alarm), {})
        leave(pen, replace(scene, code=stations[-1], places=()), number, has_closed=False)
        pen.finish()


def test_stations_that_fell_silent_together_are_one_line_that_lists_them_as_far_as_one_may_see(
    desks: GuardedHub,
) -> None:
    together(desks, "ZG-01", "ZG-02", "ZG-03")

    with desks.ask(desks.session("wang", NORTH)) as client:
        assert "3 站" in main_of(client.get("/alarms?lang=zh"))
        page = main_of(client.get("/alarms/1?lang=zh"))
        assert re.findall(r'href="/stations/([^"?]+)"', page) == ["ZG-01", "ZG-02", "ZG-03"]
        assert page.count("仍失去联系") == 2
        (one,) = client.get("/api/v1/alarms").json()["alarms"]
        assert (one["station"], one["district"], one["stations"]) == (None, "D-1", 3)
        assert [(line["编号"], line["名称"][-3:]) for line in dicts(client, "?lang=zh")] == [("", "3 站")]
        assert client.get("/api/v1/alarms?station=ZG-03").json()["total"] == 1
        (waits,) = [one for one in client.get("/api/v1/inbox?lang=zh").json() if one["kind"] == "alarm"]
        assert "2 站同时失去联系" in str(waits)
        assert "stations fell silent together" in main_of(client.get("/inbox?lang=en"))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        page = main_of(client.get("/alarms/1?lang=en"))
        assert re.findall(r'href="/stations/([^"?]+)"', page) == ["ZG-02"]
        assert [one for one in client.get("/api/v1/inbox").json() if one["kind"] == "alarm"] == []
    with desks.ask(desks.session("south", replace(NORTH, reach=Reach("D-2")))) as client:
        assert client.get("/alarms/1").status_code == 404
        assert numbers(client.get("/alarms")) == []


def test_a_silent_stations_page_leads_to_the_alarm_that_it_shares(desks: GuardedHub) -> None:
    row = desks.source.rows["ZG-02"]
    desks.source.rows["ZG-02"] = replace(row, duty_class=DutyClass.UNKNOWN)
    together(desks, "ZG-01", "ZG-02", "ZG-03")

    with desks.ask(desks.session("wang", NORTH)) as client:
        assert 'href="/alarms/1"' in main_of(client.get("/stations/ZG-02"))
        assert 'href="/alarms/1"' not in main_of(client.get("/stations/ZG-03"))


def test_an_alarm_of_which_no_channel_is_told_says_so(desks: GuardedHub) -> None:
    raised(desks, "ZG-02")
    step = {"alarm": 1, "at_ms": ms_of(MORNING), "what": "raised", "level": Level.LEAD, "by": "", "why": ""}
    with writing(desks.engine) as connection:
        connection.execute(insert(AlarmStep), [step])
    with desks.ask(desks.session("li", CITY)) as client:
        page, many = main_of(client.get("/alarms/1")), main_of(client.get("/alarms"))

    assert "没有发给任何渠道" in page
    assert "到达" not in many
