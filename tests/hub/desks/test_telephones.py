"""Telephone numbers: entered with what they are for, sealed, shown to who may call, and every look in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.accounts.access_log import read_access
from hub.changing.history import read_history
from hub.database.personal_tables import Consent, Telephone
from hub.database.tables import Station
from hub.database.transactions import reading
from hub.rights import Grant, Reach, Role
from hub.sealing import FILE_NAME
from tests.databases import written_in
from tests.hub.desks.test_desks import rows, send

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

NUMBER = "13800001234"
CITY, CLERK = Grant(Role.CITY), Grant(Role.FEDERATION)
LEAD = Grant(Role.LEAD, Reach(station="ZG-02"))
AUTHORITY = Grant(Role.AUTHORITY, Reach(kind="bank"))


def agreed(hub: GuardedHub, person: str = "p1", number: str = NUMBER) -> None:
    with hub.ask(hub.session("sun", CLERK)) as client:
        fields = {"telephone": number, "agreed_on": "2026-03-01", "purpose": "roster"}
        assert send(client, f"/people/{person}/telephone", **fields).status_code == 303


def looks(hub: GuardedHub) -> list[tuple[str, str]]:
    with reading(hub.engine) as connection:
        lines = read_access(connection, 50)
    return [(line.by, line.subject) for line in lines if line.what == "looked_at_telephone"]


def test_a_number_is_kept_for_who_agreed_and_called_by_who_may(desks: GuardedHub) -> None:
    agreed(desks)

    with desks.ask(desks.session("zhao", LEAD)) as lead:
        page = lead.get("/people/p1").text
        assert f'href="tel:{NUMBER}"' in page
        assert lead.get("/people/p2").status_code == 404
        listed = lead.get("/people").text
    assert "138****1234" in listed
    assert NUMBER not in listed
    assert looks(desks) == [("zhao", "p1")]
    assert rows(desks, Consent)[0]["noted_by"] == "sun"


def test_nobody_is_called_who_did_not_agree(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        refused = send(client, "/people/p1/telephone", telephone=NUMBER, purpose="roster")
        assert "本人同意接听电话的日期" in refused.text
        odd = send(client, "/people/p1/telephone", telephone="12", agreed_on="2026-03-01")
        assert 'id="f-telephone"' in odd.text
        assert odd.status_code == 422
        ahead = send(client, "/people/p1/telephone", telephone=NUMBER, agreed_on="2027-01-01")
    assert ahead.status_code == 409
    assert not rows(desks, Telephone)


def test_who_agrees_no_more_is_called_no_more(desks: GuardedHub) -> None:
    agreed(desks)
    with desks.ask(desks.session("wu", CLERK)) as client:
        assert send(client, "/people/p1/consents/telephone/withdraw").status_code == 303
        page = client.get("/people/p1").text
    assert NUMBER not in page
    assert "撤回" in page
    assert not rows(desks, Telephone)
    [consent] = rows(desks, Consent)
    assert (consent["withdrawn_by"], str(consent["withdrawn_on"])) == ("wu", "2026-03-05")


def test_the_number_stands_nowhere_in_the_open(desks: GuardedHub) -> None:
    agreed(desks)
    assert NUMBER not in written_in(desks.engine)
    kept = b"".join(path.read_bytes() for path in desks.folder.iterdir() if path.is_file())

    assert NUMBER.encode() not in kept
    with reading(desks.engine) as connection:
        told = [str(line) + str(line.before) + str(line.after) for line in read_history(connection)[0]]
    assert any("set_telephone" in line for line in told)
    assert not any(NUMBER in line or "1234" in line for line in told)


def test_the_numbers_of_a_station_are_for_who_handles_it(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as city:
        fields = {"lead_telephone": NUMBER, "telephone": "0355-2000123"}
        nobody = send(city, "/city/stations/ZG-02/telephones", **fields)
        assert "同时填写负责人姓名" in nobody.text
        name = str(rows_name(desks, "ZG-02"))
        assert send(city, "/city/stations/ZG-02/enter", name=name, lead="张样例").status_code == 303
        assert send(city, "/city/stations/ZG-02/telephones", **fields).status_code == 303

    with desks.ask(desks.session("zhao", LEAD)) as lead:
        page = lead.get("/stations/ZG-02").text
        assert "/stations/ZG-02/call" in page
        assert NUMBER not in page
        piece = lead.get("/stations/ZG-02/call", headers={"HX-Request": "true"}).text
        assert f'href="tel:{NUMBER}"' in piece
        assert 'href="tel:03552000123"' in piece
        assert "<html" not in piece
        assert lead.get("/stations/ZG-05/call").status_code == 404
    assert ("zhao", "ZG-02") in looks(desks)
    with desks.ask(desks.session("sun", CLERK)) as clerk:
        assert clerk.get("/stations/ZG-02/call").status_code == 403

    with desks.ask(desks.session("wang", CITY)) as city:
        send(city, "/city/stations/ZG-02/enter", name=name, lead="李样例")
    assert [row["whose"] for row in rows(desks, Telephone)] == ["station"]


def test_who_finds_no_number_is_led_to_where_one_is_entered_or_told_who_enters_it(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as city, desks.ask(desks.session("zhao", LEAD)) as lead:
        assert '<a href="/city/stations/ZG-02#h-phones">登记电话</a>' in city.get("/stations/ZG-02/call").text
        assert 'id="h-phones"' in city.get("/city/stations/ZG-02").text
        page = lead.get("/stations/ZG-02/call").text
    assert "请管理站点资料的人登记。" in page
    assert "#h-phones" not in page


def rows_name(hub: GuardedHub, code: str) -> object:
    return rows(hub, Station, code=code)[0]["name"]


@pytest.mark.parametrize("what", ["missing", "wrong"])
def test_a_key_that_is_missing_or_wrong_is_told_and_all_else_goes_on(desks: GuardedHub, what: str) -> None:
    agreed(desks)
    key = desks.folder / FILE_NAME
    key.unlink()
    if what == "wrong":
        key.write_text("00" * 32)
        key.chmod(0o600)
    forget_key(desks)

    with desks.ask(desks.session("sun", CLERK)) as client:
        page = client.get("/people/p1")
        assert page.status_code == 200
        assert ("不存在" if what == "missing" else "不是这个数据库的") in page.text
        assert client.get("/people").status_code == 200
        more = send(client, "/people/p2/telephone", telephone=NUMBER, agreed_on="2026-03-01")
        assert more.status_code in {409, 422}
        assert "密钥" in more.text
        assert send(client, "/people/p1/consents/telephone/withdraw").status_code == 303
    assert not rows(desks, Telephone)


def forget_key(hub: GuardedHub) -> None:
    """As a hub that starts again."""
    hub.desk.telephones.safe._cipher = None


def test_a_number_is_bound_to_its_row(desks: GuardedHub) -> None:
    agreed(desks)
    with desks.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE telephone SET \"of\" = 'p2'")

    with desks.ask(desks.session("sun", CLERK)) as client:
        assert NUMBER not in client.get("/people/p2").text


def test_who_could_come_is_named_with_a_number_to_who_may_see_people_and_the_look_is_in_the_log(
    desks: GuardedHub,
) -> None:
    agreed(desks)
    with desks.ask(desks.session("sun", CLERK)) as client:
        assert send(client, "/people/p1/train", trained_on="2026-03-01").status_code == 303

    with desks.ask(desks.session("zhao", LEAD)) as lead:
        page = lead.get("/stations/ZG-02/call").text
        assert "样本1" in page
        assert f'href="tel:{NUMBER}"' in page
        piece = lead.get("/stations/ZG-02/call", headers={"HX-Request": "true"}).text
        assert "样本1" not in piece
    with desks.ask(desks.session("qian", AUTHORITY)) as authority:
        page = authority.get("/stations/ZG-02/call")
        assert page.status_code == 200
        assert "样本1" not in page.text
        assert "谁可以补位" not in page.text
    assert ("zhao", "ZG-02") in looks(desks)
