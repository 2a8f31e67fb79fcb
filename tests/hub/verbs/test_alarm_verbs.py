"""`zaigang-hub channel|alarm` as somebody at the hub's machine meets them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert

from hub.alarms.answers import said_answer
from hub.alarms.book import AlarmPen, Scene
from hub.alarms.routes import read_routes
from hub.database.alarm_tables import AlarmRow
from hub.database.transactions import writing
from hub.rights import Reach
from hub.saying import tell
from hub.web.system.channel_words import answer_words
from simulator.robot_server import robot_server
from station.alarms import Alarm, Happening, Lack, Level, Matter, What
from station.clock import read_clock
from station.milliseconds import ms_of

if TYPE_CHECKING:
    from tests.hub.importing.desk import Desk

NOW = read_clock({"ZAIGANG_CLOCK": "2026-03-06T10:00+08:00@1"}).now()
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hidden"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def raised(desk: Desk) -> int:
    """An alarm of the first station."""
    scene = Scene("S-01", Reach("D-1", "hospital", "S-01"), Matter.DUTY, 0, 1, 2)
    with writing(desk.engine) as connection:
        pen = AlarmPen(connection, read_routes(connection), ms_of(NOW))
        happening = Happening(What.RAISED, Alarm(Lack.VACANT, Level.CITY), since=NOW)
        (number,) = pen.raise_all([(scene, happening)])
        pen.write_down(scene, number, happening)
        pen.finish()
    return number


def test_a_channels_name_in_chinese_is_refused_by_a_sentence_that_says_which_letters(
    city: Desk, said: Any, typed: Any
) -> None:
    typed(WECOM + "\n")

    status, printed = said("channel", "add", "值班室")

    assert (status, "'值班室'; wanted is 1 to 32 letters a-z or A-Z" in printed) == (1, True)


def test_a_robot_is_entered_listed_and_removed_and_its_address_is_never_shown(
    city: Desk,
    said: Any,
    typed: Any,
) -> None:
    typed(WECOM + "\n")

    assert said("channel", "add", "office") == (
        0, "office (wecom) is told of the whole city\nto try it: zaigang-hub channel test office\n",
    )  # fmt: skip
    assert said("channel", "list") == (0, "office  wecom  city  the whole city: vacant, unwatched\n")
    assert said("channel", "add", "office")[1].startswith("no address was given")
    typed(WECOM)
    assert said("channel", "add", "office")[1].startswith("there is a channel office already")
    assert said("channel", "remove", "office") == (0, "office is told nothing more\n")
    assert said("channel", "list") == (0, "nobody is told yet; zaigang-hub channel add --help says how\n")
    typed(WECOM)
    assert said("channel", "add", "office")[0] == 0


def test_what_cannot_be_is_refused_and_nothing_is_kept(city: Desk, said: Any, typed: Any) -> None:
    typed(WECOM.partition("?")[0])
    status, printed = said("channel", "add", "office")
    assert (status, printed.partition(";")[0]) == (
        1, "found an address at qyapi.weixin.qq.com that is none of a robot of 企业微信",
    )  # fmt: skip

    typed(WECOM)
    status, printed = said("channel", "add", "office", "--station", "S-99")
    assert (status, printed.partition(",")[0]) == (1, "found --station 'S-99'")
    assert said("channel", "list")[1].startswith("nobody is told yet")


def test_a_channel_is_tried_and_says_what_was_answered(city: Desk, said: Any, typed: Any) -> None:
    with robot_server((500, ""), (204, "")) as server:
        typed(server.url + "/hook")
        status, printed = said("channel", "add", "hook")
        assert (status, printed.splitlines()[1][:6]) == (0, "whsec_")

        assert said("channel", "test", "hook") == (1, "hook took nothing: HTTP 500\n")
        assert said("channel", "test", "hook") == (0, "hook took it: HTTP 204\n")

    assert server.asked[0].told["type"] == "test"
    assert said("channel", "list")[1].endswith("2026-03-06 10:00: HTTP 204\n")


def test_what_a_channel_answers_is_said_in_the_terminals_language(
    city: Desk, said: Any, typed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with robot_server((200, "<html>")) as server:
        typed(f"{server.url}/cgi-bin/webhook/send?key=hidden")
        said("channel", "add", "office")
        no_robot = "对方回答 HTTP 200，但不是群机器人的回答：请核对地址\n"

        assert said("channel", "test", "office") == (1, f"office 没有收到：{no_robot}")
        assert said("channel", "list")[1].endswith(f"2026-03-06 10:00: {no_robot}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no answer within 8 s", "8 秒内没有回答"),
        ("not reached: Connection refused", "连接不上（Connection refused）"),
        ("the mail server has it", "邮件服务器已收下"),
        ("the mail server refuses: 554", "邮件服务器拒绝（554）"),
        ("45009 api freq out of limit", "45009 api freq out of limit"),
    ],
)
def test_an_answer_that_was_kept_is_said_in_chinese(text: str, told: str) -> None:
    assert tell(said_answer(text), is_chinese=True) == told
    assert tell(said_answer(text), is_chinese=False) == text


@pytest.mark.parametrize(
    ("status", "advice"), [(500, "请稍后再试"), (429, "请稍后再试"), (404, "请核对地址"), (200, "请核对地址")]
)
def test_where_a_robot_is_not_well_its_address_is_not_doubted(status: int, advice: str) -> None:
    kept = f"HTTP {status} without a code"

    assert tell(said_answer(kept), is_chinese=True).endswith(advice)
    assert answer_words(kept, str).endswith(advice)


@pytest.mark.parametrize("minutes", ["0", "-5", "1441", "99999999", "9" * 12, "½"])
def test_an_alarm_is_put_off_for_a_day_at_most(
    city: Desk, said: Any, minutes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    number = raised(city)

    with pytest.raises(SystemExit):
        said("alarm", "snooze", str(number), f"--minutes={minutes}")

    assert "wanted is a whole number from 1 to 1440" in capsys.readouterr().err
    assert "put off" not in said("alarm", "list")[1]


def test_an_alarm_that_is_put_off_past_midnight_says_the_day(city: Desk, said: Any) -> None:
    number = raised(city)

    assert said("alarm", "snooze", str(number), "--minutes", "1440")[1].endswith("before 2026-03-07 10:00\n")


@pytest.mark.parametrize("words", [("show",), ("close", "--why=x"), ("list", "--before")])
def test_a_number_that_no_database_keeps_is_refused(
    city: Desk, said: Any, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        said("alarm", *words, "9" * 30)

    assert "wanted is a whole number from 1 to" in capsys.readouterr().err


def test_an_alarm_is_listed_looked_after_put_off_and_closed(city: Desk, said: Any, typed: Any) -> None:
    typed(WECOM)
    said("channel", "add", "office")
    number = raised(city)

    listed = said("alarm", "list")[1]
    assert "vacant (0 of 1) since 2026-03-06 10:00  level city\n" in listed
    assert said("alarm", "snooze", str(number), "--minutes", "20")[1].endswith("before 10:20\n")
    assert said("alarm", "list")[1].endswith("put off to 2026-03-06 10:20\n")
    assert said("alarm", "acknowledge", str(number), "--why", "on the way")[0] == 0
    assert said("alarm", "list")[1].endswith("acknowledged 2026-03-06 10:00\n")
    assert said("alarm", "close", str(number)) == (1, "an alarm is closed with a reason; say why\n")
    told = said("alarm", "close", str(number), "--why", "ask 13800001234")
    assert told[0] == 1
    assert "13800001234" not in told[1] + said("alarm", "show", str(number))[1]
    assert said("alarm", "acknowledge", str(number), "--why", "13800001234 says so")[0] == 1
    assert said("alarm", "close", str(number), "--why", "a power cut")[0] == 0
    assert said("alarm", "close", str(number), "--why", "again") == (1, f"alarm {number} is over already\n")
    assert said("alarm", "acknowledge", "77")[1].startswith("there is no alarm 77")
    assert [line[18:] for line in said("alarm", "show", str(number))[1].splitlines()] == [
        "raised",
        "to office: raised, given up, 0 tries closed before it was sent",
        "snoozed clerk",
        "acknowledged clerk on the way",
        "closed clerk a power cut",
    ]


def test_a_year_of_alarms_is_told_a_page_at_a_time(city: Desk, said: Any) -> None:
    over = {"over_ms": ms_of(NOW), "raised_ms": ms_of(NOW), "since_ms": ms_of(NOW), "ending": "met"}
    row = {"station": "S-01", "matter": "duty", "lack": "vacant", "level": 1, "on_duty": 0, "wanted": 1}
    with writing(city.engine) as connection:
        connection.execute(insert(AlarmRow), [row | over for _ in range(120)])

    pages = [said("alarm", "list", "--all"), *(said("alarm", "list", "--before", last) for last in ("71", "21", "1"))]

    numbers = [[line.split()[0] for line in told.splitlines() if line[:1].isdigit()] for _, told in pages]
    assert [(page[0], page[-1]) for page in numbers[:3]] == [("120", "71"), ("70", "21"), ("20", "1")]
    assert "those before: zaigang-hub alarm list --before 71\n" in pages[0][1]
    assert pages[3] == (0, "no alarm before 1 is over\n")
