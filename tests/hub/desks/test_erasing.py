"""Somebody is erased: name, number and telephone are nowhere any more, and what they served stays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from hub.accounts.access_log import log_access
from hub.accounts.accounts import account_named
from hub.accounts.ceremony import MadePasskey
from hub.accounts.passkeys import add_passkey
from hub.alarms.book import note_step
from hub.changing.history import read_history
from hub.database.alarm_tables import AlarmRow
from hub.database.inbox_table import InboxStep
from hub.database.people_tables import CardRow, Holding, Volunteer
from hub.database.personal_tables import Consent, ErasedNumber, Telephone
from hub.database.transactions import reading, table_of, writing
from hub.rights import Grant, Reach, Role
from tests.databases import written_in
from tests.hub.desks.test_amending_page import DAY, forgot
from tests.hub.desks.test_desks import LEAD, rows, send
from tests.hub.desks.test_telephones import agreed
from tests.hub.running import until

if TYPE_CHECKING:
    import httpx2

    from tests.hub.gate.conftest import GuardedHub

__all__ = ["forgot"]
CLERK = Grant(Role.FEDERATION)
NAME = "样本独一无二"
ALARM = {
    "number": 1, "station": "ZG-02", "matter": "duty", "lack": "vacant", "level": 1, "since_ms": 1, "raised_ms": 1,
    "on_duty": 0, "wanted": 1, "ending": "",
}  # fmt: skip


def erase(client: httpx2.Client, address: str = "/people/p1", **fields: str) -> httpx2.Response:
    return send(client, f"{address}/erase", **{"confirm__number": "N1", "erase__why": f"本人来信，{NAME}"} | fields)


def test_a_volunteer_is_erased_and_nothing_of_them_is_left_but_the_opaque_id(desks: GuardedHub) -> None:
    agreed(desks)
    with desks.ask(desks.session("sun", CLERK)) as client:
        send(client, "/people/p1/enter", full_name=NAME)
        page = client.get("/people/p1").text
        assert "先办离开，再删除" in page
        assert "最多再保存 8 天" in page
        assert erase(client).status_code == 409
        send(client, "/people/p1/leave")
        assert 'aria-invalid="true"' in erase(client, confirm__number="N2").text
        assert 'aria-invalid="true"' in erase(client, erase__why="").text
        assert rows(desks, Volunteer, person="p1")[0]["full_name"] == NAME

        assert erase(client).status_code == 303
        after = client.get("/people/p1").text
        assert "已删除个人信息" in after
        assert NAME not in after
        assert "p1" not in client.get("/people").text
        assert client.get("/people?q=N1").text.count("<tr") == 2  # head, and that there is nobody

        assert [row["person"] for row in rows(desks, Holding)] == ["p1"]
        assert not rows(desks, Telephone)
        assert all(row["withdrawn_by"] == "sun" for row in rows(desks, Consent))
        with reading(desks.engine) as connection:
            lines = [line for line in read_history(connection, person="p1")[0] if line.what == "erase_person"]
        assert [(line.by, line.why) for line in lines] == [("sun", "本人来信，…")]
        assert send(client, "/people/p1/return").status_code == 409
        assert send(client, "/people/p1/enter", full_name="另一人").status_code == 409
    assert NAME not in written_in(desks.engine)
    kept = b"".join(path.read_bytes() for path in desks.folder.iterdir() if path.is_file())
    assert NAME.encode() not in kept


def test_a_number_that_was_erased_comes_again_only_when_asked_twice(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        send(client, "/people/p1/leave")
        erase(client)
        fields = {"full_name": "样本归来", "number": "N1", "stations": "ZG-02"}

        asked = send(client, "/people/new", **fields)
        assert asked.status_code == 422
        assert "2026-03-05 删除个人信息" in asked.text
        again = asked.text.partition('name="again" value="')[2].partition('"')[0]
        assert send(client, "/people/new", **fields, again=again).status_code == 303

    assert not rows(desks, ErasedNumber)
    assert len({row["person"] for row in rows(desks, Volunteer)}) == 3


def test_a_lead_and_another_county_erase_nobody(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        send(client, "/people/p1/leave")
    for name, grant in (("zhao", Grant(Role.LEAD, Reach(station="ZG-02"))), ("li", Grant(Role.COUNTY, Reach("D-2")))):
        with desks.ask(desks.session(name, grant)) as client:
            assert erase(client).status_code in {403, 404}
            headers = {"Sec-Fetch-Site": "same-origin"}
            asked = client.post("/api/v1/people/p1/erase", json={"why": "asked for it"}, headers=headers)
            assert asked.status_code in {403, 404}
    assert rows(desks, Volunteer, person="p1")[0]["full_name"]
    assert rows(desks, CardRow)


def test_a_program_that_is_signed_in_erases_by_the_same_rules(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        headers = {"Sec-Fetch-Site": "same-origin"}
        early = client.post("/api/v1/people/p1/erase", json={"why": "asked for it"}, headers=headers)
        assert early.status_code == 409
        assert early.json()["detail"] == [
            {"field": "person", "found": "p1, who has not left", "wanted": "somebody who has left"}
        ]
        send(client, "/people/p1/leave")
        assert client.post("/api/v1/people/p1/erase", json={"why": ""}, headers=headers).status_code == 422
        done = client.post("/api/v1/people/p1/erase", json={"why": "asked for it"}, headers=headers)
        assert done.status_code == 200
        assert done.json() == {"person": "p1", "erased_on": "2026-03-05"}
    assert rows(desks, Volunteer, person="p1")[0]["full_name"] == ""


def test_nothing_is_left_where_others_and_they_themselves_wrote(forgot: GuardedHub) -> None:
    number = "QQ77WW"
    with forgot.ask(forgot.session("sun", CLERK)) as clerk, forgot.ask(forgot.session("zhao", LEAD)) as lead:
        person = send(clerk, "/people/new", full_name=NAME, number=number, stations="ZG-02").headers["location"]
        address = person.partition("?")[0]
        with writing(forgot.engine) as connection:  # of whom no tap is added to a day before
            connection.execute(update(table_of(Volunteer)).values(registered_on=date.fromisoformat(DAY)))
        assert "/invitations/" in send(clerk, f"{address}/sign-in-link").text
        assert send(lead, f"{address}/new-card", kiosk="zg-02-a").status_code == 303
        fields = {"what": "arrive", "number": number, "time": "10:00", "why": "忘记刷卡", "sure": "1"}
        words = {"more": f"{NAME}说", "evidence": f"{NAME}签到", "asked_by": NAME}
        assert send(lead, f"/stations/ZG-02/amend/add?date={DAY}", **fields, **words).status_code == 303
        with forgot.ask(forgot.session(number.lower(), Grant(Role.VOLUNTEER))) as own:
            assert send(own, "/me/taps", station="ZG-02", day=DAY, said=f"我是{NAME}").status_code == 303
            assert send(lead, "/stations/ZG-02/requests/1", answer=f"{NAME}，已补").status_code == 303
            with writing(forgot.engine) as connection:
                connection.execute(insert(table_of(AlarmRow)).values(ALARM))
                note_step(connection, 1, "closed", level=1, now_ms=1, by="zhao", why=f"{NAME}在，忘了刷卡")
                log_access(connection, "root", "withdrew", f"{number.lower()} lead ZG-05", "", now_ms=1)
                account = account_named(connection, number.lower(), 1)
                assert account is not None
                assert add_passkey(connection, account.id, f"{NAME}的手机", MadePasskey("c", "k", 0), 1)
            send(clerk, f"{address}/leave")
            assert erase(clerk, address, confirm__number=number).status_code == 303
            until(lambda: own.get("/me/taps").status_code != 200)

    forgot.engine.dispose()
    lines = written_in(forgot.engine)
    for word in (NAME, number, number.lower(), "样*二"):
        assert [line for line in lines.splitlines() if word in line] == []
    assert "签到" in lines


def test_nothing_of_who_led_as_well_is_left_in_what_they_did(forgot: GuardedHub) -> None:
    """Who serves and leads has one account, called by their number: it stands beside all that they did."""
    number, name = "QQ77WW", "qq77ww"
    with forgot.ask(forgot.session("sun", CLERK)) as clerk:
        address = send(clerk, "/people/new", full_name=NAME, number=number, stations="ZG-02").headers["location"]
        address = address.partition("?")[0]
        assert "/invitations/" in send(clerk, f"{address}/sign-in-link").text
        with forgot.ask(forgot.session(name, Grant(Role.VOLUNTEER), Grant(Role.COUNTY, Reach("D-1")))) as own:
            fields = {"what": "arrive", "number": "N1", "time": "10:00", "why": "忘记刷卡", "sure": "1"}
            with writing(forgot.engine) as connection:
                connection.execute(update(table_of(Volunteer)).values(registered_on=date.fromisoformat(DAY)))
            deeds = [
                send(own, "/stations/ZG-02/closing", day="2026-03-10", reason="停电"),
                send(own, "/kiosks/zg-02-a/ask/identify"),
                send(own, f"/stations/ZG-02/amend/add?date={DAY}", **fields),
                send(own, "/people/p1/consents/record/note", record_on="2026-03-01"),
                send(own, "/people/p1/consents/record/withdraw"),
                send(own, "/system/doors", **{"what": "screen", "door-name": "大厅", "door-district": "D-1"}),
                send(own, "/system/users", name="qin", role="lead", station="ZG-02"),
            ]
            assert [one.status_code for one in deeds] == [303] * 5 + [200] * 2
            with writing(forgot.engine) as connection:
                connection.execute(insert(table_of(AlarmRow)).values(ALARM))
                note_step(connection, 1, "closed", level=1, now_ms=1, by=name, why=f"{name} 在")
                step = {"kind": "card", "subject": "x", "act": "assigned", "by": name, "whom": name, "at_ms": 1}
                connection.execute(insert(table_of(InboxStep)).values(step))
            send(clerk, f"{address}/leave")
            assert erase(clerk, address, confirm__number=number).status_code == 303

    forgot.engine.dispose()
    lines = written_in(forgot.engine)
    for word in (NAME, number, name):
        assert [line for line in lines.splitlines() if word in line] == []
    assert lines.count(f"erased-{address.rpartition('/')[2]}") > 8
