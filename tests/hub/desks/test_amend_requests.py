"""我要更正: a volunteer asks from their own page, the lead finds it in the inbox, and the answer comes back."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from hub.changing import commands as asked
from hub.database.account_tables import AccountRow
from hub.database.amend_table import AmendRequest
from hub.database.journal_tables import Run
from hub.database.ledger_tables import StintRow
from hub.database.transactions import table_of, writing
from hub.register.shifts import NO_SHIFTS, shifts_of
from hub.rights import Grant, Reach, Role
from station.milliseconds import ms_of
from tests.hub.desks.test_amending_page import DAY, FEDERATION, at, fold, forgot
from tests.hub.desks.test_desks import LEAD, main_of, rows, send
from tests.hub.desks.test_shifts_page import give
from tests.hub.pages.board_source import MORNING
from tests.hub.running import until

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

__all__ = ["forgot"]
VOLUNTEER = Grant(Role.VOLUNTEER)


def invited(hub: GuardedHub, person: str = "p1") -> str:
    with hub.ask(hub.session("wu", FEDERATION)) as client:
        return main_of(send(client, f"/people/{person}/sign-in-link"))


def test_a_volunteer_asks_and_the_lead_answers(forgot: GuardedHub) -> None:
    assert "/invitations/" in invited(forgot)
    with forgot.ask(forgot.session("n1", VOLUNTEER)) as client:
        mine = main_of(client.get("/me/taps"))
        assert "没有刷离岗" in mine
        assert "ZG-02" in mine
        answer = send(client, "/me/taps", station="ZG-02", day=DAY, said="10:40 离岗，忘了刷")
        assert answer.headers["location"] == "/me/taps?done=1"
        assert "等待答复" in main_of(client.get("/me/taps"))

    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        until(lambda: "/stations/ZG-02/requests/1" in client.get("/inbox").text)
        inbox = main_of(client.get("/inbox"))
        found = re.search(r"/stations/ZG-02/requests/1", inbox)
        assert found is not None
        assert "忘了刷" not in inbox
        page = main_of(client.get(found[0]))
        assert "10:40 离岗，忘了刷" in page
        assert "样本1" in page
        assert send(client, found[0], answer="").status_code == 422
        send(client, found[0], answer="已补记离岗")

    (row,) = rows(forgot, AmendRequest)
    assert (row["settled_by"], row["person"]) == ("zhao", "p1")
    with forgot.ask(forgot.session("n1", VOLUNTEER)) as client:
        assert "已补记离岗" in main_of(client.get("/me/taps"))


def test_a_request_is_put_right_and_answered_in_three_clicks(forgot: GuardedHub) -> None:
    invited(forgot)
    with forgot.ask(forgot.session("n1", VOLUNTEER)) as client:
        send(client, "/me/taps", station="ZG-02", day=DAY, said="10：40离岗，忘了刷")
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        here = "/stations/ZG-02/requests/1"
        page = main_of(client.get(here))
        assert re.search(r'<option value="leave" selected>', page)
        assert 'value="10:40"' in page
        assert "08:05" in page
        odd = send(client, here, what="void zg-05-a/abababababababab/2", time="", why="忘记刷卡")
        assert odd.status_code == 422
        fields = {"what": "leave", "time": "10:40", "why": "忘记刷卡", "reply": "已更正"}
        assert send(client, here, **{**fields, "time": "25:00"}).status_code == 422
        foreseen = send(client, here, **fields)
        assert foreseen.text.count('<svg class="drawn') >= 2
        assert "确认更正，并答复本人" in foreseen.text
        assert not rows(forgot, Run, kiosk="hub")

        done = send(client, here, **fields, sure="1")

        assert done.headers["location"] == "/inbox?done=1"
        assert here not in client.get("/inbox").text
        assert send(client, here, **fields, sure="1").status_code == 404
    fold(forgot)
    (stint,) = rows(forgot, StintRow)
    assert (stint["ended_ms"], stint["end"]) == (ms_of(at("10:40")), "leave")
    (row,) = rows(forgot, AmendRequest)
    assert (row["settled_by"], row["answer"]) == ("zhao", "已更正")


def test_nobody_answers_what_they_asked_for_themselves(forgot: GuardedHub) -> None:
    """A volunteer who became the lead of their own station, by one account."""
    invited(forgot)
    with forgot.ask(forgot.session("n1", VOLUNTEER)) as client:
        send(client, "/me/taps", station="ZG-02", day=DAY, said="10:40 离岗，忘了刷")
    here = "/stations/ZG-02/requests/1"
    fields = {"what": "leave", "time": "10:40", "why": "忘记刷卡", "reply": "已更正"}
    with forgot.ask(forgot.session("n1", LEAD)) as client:
        assert "这是您自己提出的更正，请由别人处理。" in client.get(here).text
        for typed in (fields, fields | {"sure": "1"}, {"answer": "已补记离岗"}):
            refused = send(client, here, **typed)
            assert refused.status_code == 403
            assert "这是您自己提出的更正，请由别人处理。" in refused.text
    assert not rows(forgot, Run, kiosk="hub")
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        assert "您自己提出" not in client.get(here).text
        assert send(client, here, **fields, sure="1").status_code == 303


@pytest.mark.parametrize("name", ["样本1", "n1"])
def test_nobody_answers_themselves_by_a_second_account_that_has_their_name_or_number(
    forgot: GuardedHub, name: str
) -> None:
    """Nobody linked it with the volunteer: it is known by how it is called."""
    with writing(forgot.engine) as connection:
        asked_for = {
            "station": "ZG-02",
            "day": date.fromisoformat(DAY),
            "person": "p1",
            "said": "10:40 离岗",
            "made_ms": 0,
        }
        connection.execute(insert(table_of(AmendRequest)), [{**asked_for, "settled_by": "", "answer": ""}])
    here = "/stations/ZG-02/requests/1"
    with forgot.ask(forgot.session(name, LEAD)) as client:
        assert "这是您自己提出的更正，请由别人处理。" in client.get(here).text
        assert send(client, here, answer="已补记离岗").status_code == 403
    with forgot.ask(forgot.session("样本2", LEAD)) as client:
        assert send(client, here, answer="已补记离岗").status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"said": ""}, "请写明当天实际情况"),
        ({"day": "2020-01-01"}, "最近两个月"),
        ({"day": "2099-01-01"}, "最近两个月"),
        ({"station": "NONE"}, "请选择站点"),
    ],
)
def test_what_cannot_be_asked_is_said_and_kept(forgot: GuardedHub, typed: dict[str, str], said: str) -> None:
    invited(forgot)
    with forgot.ask(forgot.session("n1", VOLUNTEER)) as client:
        answer = send(client, "/me/taps", **{"station": "ZG-02", "day": DAY, "said": "忘了", **typed})

        assert answer.status_code == 422
        assert said in answer.text
    assert not rows(forgot, AmendRequest)


def test_a_station_that_is_none_of_theirs_is_answered_as_one_that_is_not_there(forgot: GuardedHub) -> None:
    invited(forgot)
    with forgot.ask(forgot.session("n1", VOLUNTEER)) as client:
        foreign, nowhere = (send(client, "/me/taps", station=code, day=DAY, said="忘了") for code in ("ZG-05", "ZG-99"))

    assert (foreign.status_code, main_of(foreign)) == (nowhere.status_code, main_of(nowhere))
    assert foreign.status_code == 422
    assert not rows(forgot, AmendRequest)


def test_a_volunteer_sees_when_they_are_expected_and_nobody_else(forgot: GuardedHub) -> None:
    invited(forgot)
    give(forgot, asked.EnterPerson("p3", "N3", full_name="样本3"), asked.SetMemberships("p3", frozenset({"ZG-02"})))
    day = shifts_of([(540, 690, ["p1"]), (870, 1020, ["p3"])])
    give(forgot, asked.PlanWeek("ZG-02", MORNING.date(), (*NO_SHIFTS[:4], day, (), ())))
    with forgot.ask(forgot.session("n1", VOLUNTEER)) as client:
        page = main_of(client.get("/me"))
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        assert "我的值班" not in client.get("/me").text

    shifts = page.partition('id="h-shifts"')[2].partition("</table>")[0]
    assert re.findall(r"<td>(\d\d:\d\d–\d\d:\d\d)</td>", shifts) == ["09:00–11:30"] * 2
    assert "3月6日" in shifts
    assert "样本3" not in page


def test_an_office_has_no_taps_of_its_own_and_asks_nothing(forgot: GuardedHub) -> None:
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        assert "不是志愿者本人的" in client.get("/me/taps").text
        assert send(client, "/me/taps", station="ZG-02", day=DAY, said="忘了").status_code == 200
    assert not rows(forgot, AmendRequest)


def test_a_number_that_no_request_has_is_not_there(forgot: GuardedHub) -> None:
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        for number in (0, 7, -(10**20), 10**20):
            assert client.get(f"/stations/ZG-02/requests/{number}").status_code == 404


def test_nobody_else_reads_a_request(forgot: GuardedHub) -> None:
    invited(forgot)
    with forgot.ask(forgot.session("n1", VOLUNTEER)) as client:
        send(client, "/me/taps", station="ZG-02", day=DAY, said="忘了")
        assert client.get("/stations/ZG-02/requests/1").status_code == 403
    with forgot.ask(forgot.session("qian", Grant(Role.LEAD, Reach(station="ZG-05")))) as client:
        assert client.get("/stations/ZG-02/requests/1").status_code == 404
        assert client.get("/stations/ZG-05/requests/1").status_code == 404


def test_no_link_takes_over_an_account_that_is_called_like_a_number(forgot: GuardedHub) -> None:
    forgot.session("n2", LEAD)

    assert "已经是别人的登录名" in invited(forgot, "p2")

    assert [row["person"] for row in rows(forgot, AccountRow, name="n2")] == [""]


def test_no_link_takes_over_an_account_that_may_do_more_than_its_volunteer(forgot: GuardedHub) -> None:
    """Else whoever enters people in one district would get at what was granted to one of them elsewhere."""
    invited(forgot)
    forgot.session("n1", Grant(Role.COUNTY, Reach("D-2")))

    assert "/invitations/" not in invited(forgot)
