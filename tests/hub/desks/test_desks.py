"""What is done at the desks: by whom, over what, and what stands beside the field where it cannot be."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.routing import Route

from hub.accounts import accounts
from hub.accounts.access_log import read_access
from hub.accounts.refused_log import MOST
from hub.certificates.cabinet import Cabinet
from hub.changing import commands as asked
from hub.changing.history import read_history
from hub.changing.proposal import apply
from hub.database.claim_table import KioskClaim
from hub.database.command_table import KioskCommand
from hub.database.people_tables import Holding, Loss, Membership, Volunteer
from hub.database.tables import Kiosk, SpecialDay, Station, TermsRow
from hub.database.transactions import reading, table_of, writing
from hub.fleet.commissioned import LETTER
from hub.rights import OF_ACCOUNTS, RIGHTS, Grant, Reach, Role, right_of
from hub.site_key import read_or_make_site_key
from hub.web.desk.desk import Desk
from hub.web.kit.paging import MOST_SHOWN
from hub.web.site import make_site
from station.clock import Clock
from tests.hub.desks.conftest import TOKEN
from tests.hub.fleet.test_commissioned import NOW, letter
from tests.hub.pages.board_source import MORNING, ZONE
from tests.hub.pages.test_rights import undeclared, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from sqlmodel import SQLModel

    from hub.changing.commands import CityCommand
    from tests.hub.gate.conftest import GuardedHub

CITY = Grant(Role.CITY)
NORTH = Grant(Role.COUNTY, Reach("D-1"))
TOMORROW = (MORNING.astimezone(ZONE) + timedelta(days=1)).date()
LEAD = Grant(Role.LEAD, Reach(station="ZG-02"))


def send(client: httpx2.Client, path: str, **fields: str) -> httpx2.Response:
    typed = {name.replace("__", "-"): value for name, value in fields.items()}
    return client.post(path, data=typed, headers={"Sec-Fetch-Site": "same-origin"})


def rows(hub: GuardedHub, model: type[SQLModel], **wanted: str) -> list[dict[str, object]]:
    with reading(hub.engine) as connection:
        in_order = table_of(model).select().order_by(*table_of(model).primary_key)  # else as it lies there
        found = connection.execute(in_order).mappings().all()
    return [dict(row) for row in found if all(row[name] == value for name, value in wanted.items())]


def main_of(answer: httpx2.Response) -> str:
    """What a page says, without the moment at which it does."""
    return answer.text.partition("<main")[2].partition("</main>")[0]


def test_a_county_office_closes_a_station_for_a_day(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        assert "长途汽车站" in client.get("/city").text
        assert "市图书馆" not in client.get("/city").text
        answer = send(client, "/city/stations/ZG-04/special", day="2026-03-06", day__hours="", reason="检修")

        assert answer.headers["location"] == "/city/stations/ZG-04?done=1"
        assert [row["spans"] for row in rows(desks, SpecialDay, station="ZG-04")] == ["[]"]
        assert "检修" in client.get("/city/stations/ZG-04?done=1").text
        with reading(desks.engine) as connection:
            [*_, line] = read_history(connection)[0]
        assert (line.by, line.what) == ("li", "set_special_day")
        send(client, "/city/stations/ZG-04/usual", usual__day="2026-03-06")
        assert not rows(desks, SpecialDay)


@pytest.mark.parametrize("act", ["special", "enter", "terms", "close", "reopen", "usual"])
def test_no_station_of_another_district_is_changed_or_even_told_of(desks: GuardedHub, act: str) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        answers = [
            send(client, f"/city/stations/{code}/{act}", name="x", day="2026-03-06") for code in ("ZG-05", "ZG-99")
        ]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert main_of(answers[0]) == main_of(answers[1])
        assert rows(desks, Station, code="ZG-05")[0]["name"] != "x"


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_is_kept(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        answer = send(client, "/city/stations/ZG-04/terms", hours="25:00-26:00", minimum="3", target="many")

        assert answer.status_code == 422
        assert 'value="25:00-26:00"' in answer.text
        assert re.search(r'id="f-hours"[^>]*aria-invalid="true"', answer.text)
        assert re.search(r'id="f-target"[^>]*aria-invalid="true"', answer.text)
        low = send(client, "/city/stations/ZG-04/terms", hours="", minimum="3", target="2")
        assert low.status_code == 409
        assert "aria-invalid" in low.text
        assert {row["minimum"] for row in rows(desks, TermsRow, station="ZG-04")} == {1}
        past = send(client, "/city/stations/ZG-04/terms", minimum="2", target="2", since="2026-03-01")
        assert re.search(r'id="f-why-terms"[^>]*aria-invalid="true"', past.text)
        told = send(
            client, "/city/stations/ZG-04/terms", minimum="2", target="2", since="2026-03-01", why__terms="漏报"
        )
        assert told.status_code == 303


def test_the_second_of_two_who_edit_the_same_is_shown_what_changed(desks: GuardedHub) -> None:
    was = {"was-short_name": "长途汽车站", "was-lead": ""}
    with desks.ask(desks.session("li", NORTH)) as first, desks.ask(desks.session("wu", NORTH)) as second:
        page = first.get("/city/stations/ZG-04").text
        was["was-short_name"] = re.search(r'name="was-short_name" value="([^"]*)"', page).group(1)  # type: ignore[union-attr]
        fields = {"name": rows(desks, Station, code="ZG-04")[0]["name"], "short_name": was["was-short_name"]}
        first.post("/city/stations/ZG-04/enter", data={**fields, **was, "lead": "张样"})

        late = second.post("/city/stations/ZG-04/enter", data={**fields, **was, "lead": "李样"})

        assert late.status_code == 409
        assert "张样" in late.text
        assert 'value="李样"' in late.text
        assert rows(desks, Station, code="ZG-04")[0]["lead"] == "张样"
        again = second.post("/city/stations/ZG-04/enter", data={**fields, "was-lead": "张样", "lead": "李样"})
        assert again.status_code == 303
        assert rows(desks, Station, code="ZG-04")[0]["lead"] == "李样"


def test_a_lead_reports_a_card_lost_at_their_own_station_and_no_other(desks: GuardedHub) -> None:
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert "样本1" in client.get("/people").text
        assert "样本2" not in client.get("/people").text
        assert "<td>工农银行北湖支行</td>" in client.get("/people").text  # not its code
        assert "<h1>Volunteers</h1>" in client.get("/people?lang=en").text
        assert client.get("/people/p2").status_code == 404
        page = client.get("/people/p1").text
        assert f"/people/p1/cards/{TOKEN}/lost" in page
        assert "/people/p1/leave" not in page

        assert send(client, f"/people/p1/cards/{TOKEN}/lost").status_code == 303
        assert rows(desks, Loss, token=TOKEN)
        assert send(client, f"/people/p2/cards/{TOKEN}/found").status_code == 404
        assert send(client, "/people/p1/leave").status_code == 403
        assert send(client, f"/people/p1/cards/{TOKEN}/found").status_code == 303
    with reading(desks.engine) as connection:
        looks = [(line.by, line.subject) for line in read_access(connection, 9) if line.what == "looked_at_person"]
    assert looks == [("zhao", "p1")]


def test_a_volunteer_is_entered_moved_and_leaves(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        wrong = send(client, "/people/new", full_name="样本3", number="N1", stations="ZG-05 ZG-77")
        assert wrong.status_code == 422
        assert "ZG-05, ZG-77" in wrong.text
        twice = send(client, "/people/new", full_name="样本3", number="N1", stations="ZG-02")
        assert re.search(r'id="f-number"[^>]*aria-invalid="true"', twice.text)
        made = send(client, "/people/new", full_name="样本3", number="N3", stations="ZG-02", trained_on="2026-03-01")
        assert made.status_code == 303
        [person] = [row["person"] for row in rows(desks, Volunteer) if row["number"] == "N3"]
        assert isinstance(person, str)

        assert send(client, f"/people/{person}/stations", stations="ZG-02 ZG-05").status_code == 409
        assert send(client, f"/people/{person}/stations", stations="ZG-01").status_code == 303
        assert {row["station"] for row in rows(desks, Membership, person=person) if not row["until_day"]} == {"ZG-01"}
        assert send(client, f"/people/{person}/leave", left_on="").status_code == 303
        assert client.get(f"/people/{person}").status_code == 404


def test_a_station_is_named_as_people_call_it(desks: GuardedHub) -> None:
    (known,) = [row for row in rows(desks, Station) if row["code"] == "ZG-02"]
    (elsewhere,) = [row for row in rows(desks, Station) if row["code"] == "ZG-05"]
    with desks.ask(desks.session("li", NORTH)) as client:
        made = send(client, "/people/new", full_name="样本四", number="N4", stations=f"{known['short_name']}、ZG-01")
        other = send(client, "/people/new", full_name="样本五", number="N5", stations=f"{elsewhere['short_name']}")

    person = made.headers["location"].removeprefix("/people/").removesuffix("?done=1")
    assert {row["station"] for row in rows(desks, Membership, person=person)} == {"ZG-01", "ZG-02"}
    assert other.status_code == 422
    assert "ZG-05" not in other.text


def test_somebody_elses_person_is_not_brought_into_ones_own_station(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        assert send(client, "/people/p2/stations", stations="ZG-02 ZG-05").status_code == 404
        assert {row["station"] for row in rows(desks, Membership, person="p2")} == {"ZG-05"}


def test_a_card_of_nobodys_is_given(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        send(client, "/people/p1/leave")
        assert "a1a1a1a1" in client.get("/people/p2").text
        assert send(client, "/people/p2/card", token=TOKEN).status_code == 303
    assert [row["person"] for row in rows(desks, Holding, token=TOKEN) if row["until_ms"] is None] == ["p2"]


def test_an_installer_enters_and_retires_kiosks_of_their_stations(desks: GuardedHub) -> None:
    grant = Grant(Role.INSTALLER, Reach("D-1"))
    with desks.ask(desks.session("sun", grant)) as client:
        assert 'value="zg-99-a"' in client.get("/kiosks?kiosk=zg-99-a").text
        assert "zg-05-a" not in client.get("/kiosks").text
        assert send(client, "/kiosks", kiosk="zg-99-a", station="ZG-05").status_code == 422
        assert send(client, "/kiosks", kiosk="zg-05-a", station="ZG-01").status_code == 422
        assert send(client, "/kiosks", kiosk="zg-99-a", station="ZG-01", entrance="东门").status_code == 303
        assert rows(desks, Kiosk, id="zg-99-a")[0]["station"] == "ZG-01"
        assert send(client, "/kiosks/zg-99-a/retire", on="2026-03-05").status_code == 409  # it served that day
        assert send(client, "/kiosks/zg-99-a/retire").status_code == 303
        assert rows(desks, Kiosk, id="zg-99-a")[0]["in_service_to"] == date(2026, 3, 6)
        assert send(client, "/kiosks/zg-05-a/retire").status_code == 404


def test_an_installer_asks_a_kiosk_of_theirs_to_show_itself_and_sees_what_came_of_it(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", Grant(Role.INSTALLER, Reach("D-1")))) as client:
        assert "/kiosks/zg-02-a" in client.get("/kiosks").text
        assert send(client, "/kiosks/zg-02-a/ask/identify").headers["location"] == "/kiosks/zg-02-a?done=1"
        (asked,) = rows(desks, KioskCommand)
        assert (asked["kiosk"], asked["name"], asked["by"], asked["outcome"]) == ("zg-02-a", "identify", "sun", "")
        page = client.get("/kiosks/zg-02-a?done=1").text
        assert "还没有回答" in page
        assert "闪灯响铃找终端" in page


def test_an_installer_makes_a_code_for_a_kiosk_of_theirs_and_the_sheet_is_shown_once(desks: GuardedHub) -> None:
    cabinet = Cabinet(desks.desk.claims.config.data_dir)  # type: ignore[union-attr]  # it has some
    with desks.ask(desks.session("sun", Grant(Role.INSTALLER, Reach("D-1")))) as client:
        none = send(client, "/kiosks/zg-02-a/claim")
        cabinet.make("site", MORNING)
        cabinet.issue_broker(["hub.example"], MORNING)
        read_or_make_site_key(desks.desk.claims.config.data_dir)  # type: ignore[union-attr]
        sheet = send(client, "/kiosks/zg-02-a/claim")
        page = client.get("/kiosks/zg-02-a").text

        assert (none.status_code, 'role="alert"' in none.text) == (409, True)
        assert sheet.headers["cache-control"] == "no-store"
        line = r"sudo sh install --kiosk zg-02-a --claim (\d{8}) --hub hub\.example --ca [0-9a-f-]{39}"
        found = re.search(line, main_of(sheet))
        assert found is not None
        (made,) = rows(desks, KioskClaim)
        assert (made["kiosk"], made["by"], found[1] in page) == ("zg-02-a", "sun", False)
        assert "等待认领，认领码由 sun 生成" in page
        assert [send(client, f"/kiosks/{one}/claim").status_code for one in ("zg-05-a", "none")] == [404, 404]
        cabinet.issue_kiosk("zg-02-a", MORNING)
        page = client.get("/kiosks/zg-02-a").text
        assert ("等待认领" in page, "sun 生成的认领码不能用了" in page) == (False, True)
        refused = send(client, "/kiosks/zg-02-a/claim")
        assert (refused.status_code, "已有证书" in refused.text, 'name="again"' in refused.text) == (409, True, True)
        sheet = send(client, "/kiosks/zg-02-a/claim", again="1")
        assert (sheet.status_code, re.search(line, main_of(sheet)) is not None) == (200, True)
        assert "原来的证书已作废" in sheet.text  # there is no broker that could know it
        assert not cabinet.good_identities("zg-02-a")
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert send(client, "/kiosks/zg-02-a/claim").status_code == 403


def test_a_stolen_kiosk_is_revoked_on_its_page_by_who_is_sure(desks: GuardedHub) -> None:
    cabinet = Cabinet(desks.desk.claims.config.data_dir)  # type: ignore[union-attr]  # it has some
    cabinet.make("site", MORNING)
    cabinet.issue_broker(["hub.example"], MORNING)
    identity = cabinet.issue_kiosk("zg-02-a", MORNING)
    with desks.ask(desks.session("sun", Grant(Role.INSTALLER, Reach("D-1")))) as client:
        unsure = send(client, "/kiosks/zg-02-a/revoke")
        before = rows(desks, Kiosk, id="zg-02-a")[0]["revoked_ms"]
        done = send(client, "/kiosks/zg-02-a/revoke", sure="1")
        page = main_of(client.get("/kiosks/zg-02-a"))

        assert (unsure.status_code, "请先打勾" in unsure.text, before) == (422, True, None)
        assert "消息服务器还不知道" in done.text  # there is none that could
        assert rows(desks, Kiosk, id="zg-02-a")[0]["revoked_ms"] is not None
        assert not cabinet.good_identities("zg-02-a")
        assert cabinet.identities("zg-02-a") == [identity.certificate]
        assert ("已吊销" in page, "/zg-02-a/revoke" in page, "/zg-02-a/claim" in page) == (True, False, False)
        assert send(client, "/kiosks/zg-05-a/revoke", sure="1").status_code == 404
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert send(client, "/kiosks/zg-02-a/revoke", sure="1").status_code == 403


def test_another_device_takes_a_kiosks_place_on_its_page_under_an_id_of_its_own(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", Grant(Role.INSTALLER, Reach("D-1")))) as client:
        refused = [send(client, "/kiosks/zg-02-a/replace", new=new) for new in ("", "zg-02-a", "zg-05-a", "两 个")]
        assert [(each.status_code, 'id="w-new"' in each.text) for each in refused] == [(422, True)] * 4
        assert rows(desks, Kiosk, id="zg-02-a")[0]["in_service_to"] is None

        done = send(client, "/kiosks/zg-02-a/replace", new="zg-02-x")
        again = send(client, "/kiosks/zg-02-x/replace", new="zg-02-y", stolen="1")

        assert done.headers["location"] == "/kiosks/zg-02-x?done=entered"
        assert "生成认领码" in client.get("/kiosks/zg-02-x?done=entered").text
        assert "消息服务器还不知道" in again.text
        (old,), (stolen,), (new,) = (rows(desks, Kiosk, id=f"zg-02-{each}") for each in "axy")
        assert (old["in_service_to"], old["revoked_ms"], stolen["revoked_ms"] is None) == (TOMORROW, None, False)
        assert (new["station"], new["entrance"], new["in_service_to"]) == ("ZG-02", old["entrance"], None)
        assert send(client, "/kiosks/zg-05-a/replace", new="zg-05-x").status_code == 404


def test_the_newest_log_of_a_kiosk_is_a_file_for_who_may_enter_kiosks_there(desks: GuardedHub) -> None:
    def put(id_: str, asked_ms: int, found: str) -> None:
        row = {
            "id": id_, "kiosk": "zg-02-a", "name": "collect", "args": "{}", "by": "li", "asked_ms": asked_ms,
            "expires_ms": asked_ms, "answered_ms": asked_ms, "outcome": "done", "said": "2 lines", "found": found,
        }  # fmt: skip
        with writing(desks.engine) as connection:
            connection.execute(table_of(KioskCommand).insert(), [row])

    with desks.ask(desks.session("sun", Grant(Role.INSTALLER, Reach("D-1")))) as client:
        assert client.get("/kiosks/zg-02-a/log").status_code == 404
        put("a" * 16, 0, "")
        put("b" * 16, 1000, json.dumps({"log": "one\n<two>\n"}))
        answer = client.get("/kiosks/zg-02-a/log")
        assert (answer.text, answer.headers["content-type"]) == ("one\n<two>\n", "text/plain; charset=utf-8")
        assert answer.headers["content-disposition"].endswith('.log"')
        page = client.get("/kiosks/zg-02-a").text
        assert (page.count("下载日志"), page.count("2 行")) == (1, 2)
        assert "2 lines" in client.get("/kiosks/zg-02-a?lang=en").text
    with desks.ask(desks.session("qian", Grant(Role.INSTALLER, Reach("D-2")))) as client:
        assert client.get("/kiosks/zg-02-a/log").status_code == 404
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert client.get("/kiosks/zg-02-a/log").status_code in {403, 404}


def test_a_kiosks_page_tells_of_its_commissioning_and_gives_the_record_to_who_may_see_the_kiosk(
    desks: GuardedHub,
) -> None:
    assert desks.cabinet is not None
    desks.cabinet.make("a city", NOW)
    content = letter(desks.cabinet, "zg-02-a", kiosk="zg-02-a", station="ZG-02")
    row = {
        "id": "c" * 16, "kiosk": "zg-02-a", "name": "commission", "args": "{}", "by": "li", "asked_ms": 0,
        "expires_ms": 0, "answered_ms": 0, "outcome": "done", "said": "",
        "found": json.dumps({LETTER: content.decode()}),
    }  # fmt: skip
    with desks.ask(desks.session("sun", Grant(Role.INSTALLER, Reach("D-1")))) as client:
        assert client.get("/kiosks/zg-02-a/commissioned").status_code == 404
        with writing(desks.engine) as connection:
            connection.execute(table_of(KioskCommand).insert(), [row])

        assert "下载记录" in client.get("/kiosks/zg-02-a").text
        assert "终端投用记录" in client.get("/kiosks/zg-02-a/commissioned").text
    with desks.ask(desks.session("qian", Grant(Role.INSTALLER, Reach("D-2")))) as client:
        assert client.get("/kiosks/zg-02-a/commissioned").status_code == 404


def test_settings_are_wanted_on_a_kiosks_page_and_what_cannot_be_is_said_beside_the_field(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", Grant(Role.INSTALLER, Reach("D-1")))) as client:
        for typed, why in (("limits.guard_s 8", "no settings in TOML"), ('kiosk = "x"', "says who a kiosk is")):
            refused = send(client, "/kiosks/zg-02-a/config", was="0", settings=typed)
            assert (refused.status_code, why in unescape(refused.text)) == (422, True)
            assert typed in unescape(refused.text)
        assert not rows(desks, KioskCommand)

        led = send(client, "/kiosks/zg-02-a/config", was="0", settings="limits.guard_s = 8.0\r\n")

        assert led.headers["location"] == "/kiosks/zg-02-a?done=1"
        (asked,) = rows(desks, KioskCommand)
        assert (asked["name"], json.loads(asked["args"])["settings"]) == ("config", '{"limits": {"guard_s": 8.0}}')
        assert "limits.guard_s = 8.0\n</textarea>" in client.get("/kiosks/zg-02-a").text
        assert send(client, "/kiosks/zg-02-a/config", was="0", settings="").status_code == 409
        assert send(client, "/kiosks/zg-05-a/config", was="0", settings="").status_code == 404


def test_nothing_is_asked_of_a_kiosk_elsewhere_of_none_nor_what_no_button_asks(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", Grant(Role.INSTALLER, Reach("D-1")))) as client:
        paths = ("zg-05-a/ask/identify", "zg-77-a/ask/identify", "zg-02-a/ask/dance", "zg-02-a/ask/Identify")
        assert [send(client, f"/kiosks/{path}").status_code for path in paths] == [404] * 4
        assert main_of(client.get("/kiosks/zg-05-a")) == main_of(client.get("/kiosks/zg-77-a"))
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert send(client, "/kiosks/zg-02-a/ask/identify").status_code in {403, 404}
        assert client.get("/kiosks/zg-02-a").status_code in {403, 404}
    assert not rows(desks, KioskCommand)


def test_a_stations_page_leads_to_closing_it_for_who_may(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        page = client.get("/stations/ZG-04").text
        assert 'href="/city/stations/ZG-04"' in page
        assert 'class="frame"' in page
        assert 'class="frame"' in client.get("/stations/ZG-99").text
    with desks.ask(desks.session("zhao", LEAD)) as client:
        assert "/city/stations/" not in client.get("/stations/ZG-02").text


def test_a_county_office_invites_a_lead_of_its_own_and_nobody_above(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", NORTH)) as client:
        assert send(client, "/system/users", name="zhao", role="city").status_code == 422
        assert send(client, "/system/users", name="zhao", role="anything").status_code == 422
        assert send(client, "/system/users", name="zhao", role="lead", station="ZG-05").status_code == 422
        assert send(client, "/system/users", name="zhao", role="lead").status_code == 422
        made = send(client, "/system/users", name="Zhao", role="lead", station="ZG-02")
        link = re.search(r"/invitations/[\w-]{43}", made.text)
        assert link is not None
        assert client.get(link[0]).status_code == 200
        assert "zhao" in client.get("/system").text
        assert link[0] not in client.get("/system").text


def test_nobody_takes_over_an_account_above_their_own(desks: GuardedHub) -> None:
    desks.session("wang", CITY)
    with desks.ask(desks.session("li", NORTH)) as client:
        assert "wang" not in client.get("/system").text
        assert desks.reception is not None
        [wang] = [one.id for one in desks.reception.roster.accounts.values() if one.name == "wang"]
        for act in ("end", "again", "anew"):
            assert send(client, f"/system/users/{wang}/{act}").status_code == 404
        assert send(client, "/system/users", name="wang", role="lead", station="ZG-02").status_code == 422


def test_nobody_takes_over_an_account_that_became_more_while_they_pressed(desks: GuardedHub) -> None:
    """The city's office invites the same person, between a county's looking and its writing."""
    desks.invite("zhao", LEAD)
    assert desks.reception is not None
    [zhao] = [one.id for one in desks.await_(seen(desks)).values() if one.name == "zhao"]
    with desks.ask(desks.session("li", NORTH)) as client:
        for path, typed in (
            ("/system/users", {"name": "wang", "role": "lead", "station": "ZG-02"}),
            (f"/system/users/{zhao}/again", {}),
            (f"/system/users/{zhao}/anew", {}),
            (f"/system/users/{zhao}/end", {}),
        ):
            with pytest.MonkeyPatch.context() as patch:
                before_writing(desks, patch, lambda: (desks.invite("wang", CITY), desks.invite("zhao", CITY)))
                refused = send(client, path, **typed)
            assert refused.status_code in {404, 422}
            assert not re.search(r"/invitations/[\w-]{43}", refused.text)


async def seen(desks: GuardedHub) -> dict[str, accounts.Account]:
    assert desks.reception is not None
    await desks.reception.look(at_once=True)
    return desks.reception.roster.accounts


def before_writing(desks: GuardedHub, patch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    reception = desks.reception
    assert reception is not None
    plain = reception.write

    async def write(work: Callable[[Connection], object], *, looks: bool = True) -> object:
        if looks:
            await asyncio.to_thread(act)
        return await plain(work, looks=looks)

    patch.setattr(reception, "write", write)


def test_one_role_is_taken_back_and_what_was_open_by_it_ends(desks: GuardedHub) -> None:
    second = Grant(Role.LEAD, Reach(station="ZG-01"))
    key = desks.session("zhao", LEAD, second)
    assert desks.reception is not None
    [zhao] = [one.id for one in desks.reception.roster.accounts.values() if one.name == "zhao"]
    fields = {"role": "lead", "station": "ZG-02"}
    path = f"/system/users/{zhao}/grants/withdraw"
    with desks.ask(key) as lead, desks.ask(desks.session("li", NORTH)) as client:
        assert send(lead, path, **fields).status_code == 403
        assert client.get("/system").text.count(path) == 2
        with lead.stream("GET", "/live") as stream:
            lines = stream.iter_lines()
            next(lines)
            assert send(client, path, role="lead", station="ZG-05").status_code == 404
            assert send(client, path, **fields).status_code == 303
            assert "event: ended" in list(lines)
        assert lead.get("/stations/ZG-02").status_code == 404
        assert lead.get("/stations/ZG-01").status_code == 200  # the session goes on with what is left
        assert path not in client.get("/system").text  # the last one ends with the account
        assert send(client, path, role="lead", station="ZG-01").status_code == 404
        with desks.ask(desks.session("wang", Grant(Role.COUNTY, Reach("D-2")))) as other:
            assert send(other, path, role="lead", station="ZG-01").status_code == 404
    with reading(desks.engine) as connection:
        assert "zhao lead ZG-02" in [line.subject for line in read_access(connection, 9) if line.what == "withdrew"]


def test_a_screens_link_shows_its_board_and_goes_dark_when_it_is_revoked(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", NORTH)) as client, desks.ask() as wall:
        assert send(client, "/system/doors", door__name="大厅", what="screen").status_code == 422  # not the whole city
        made = send(client, "/system/doors", door__name="大厅", what="screen", door__district="D-1")
        path = re.search(r"/wall/[\w-]{43}", made.text)
        assert path is not None
        page = wall.get(path[0])
        assert page.status_code == 200
        assert "ZG-04" in page.text
        assert "ZG-05" not in page.text
        assert "吴*" not in page.text  # whom to call; a wall names nobody
        assert "吴*" in client.get("/").text
        assert wall.get("/").status_code == 303
        with wall.stream("GET", f"{path[0]}/live") as stream:
            lines = stream.iter_lines()
            assert "吴*" not in next(line for line in lines if "ZG-04" in line)
            [door] = re.findall(r"/system/doors/(\w+)/shut", client.get("/system").text)
            assert send(client, f"/system/doors/{door}/shut").status_code == 303
            assert "event: ended" in list(lines)
        assert wall.get(path[0]).status_code == 404


def test_whom_to_call_is_for_who_follows_up(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", Grant(Role.INSTALLER))) as client:
        for path in ("/", "/stations/ZG-04", "/stations/ZG-04/day"):
            assert "长途汽车站" in client.get(path).text or path.endswith("day")
            assert "吴*" not in client.get(path).text


def test_a_programs_key_reads_its_reach_and_opens_no_page(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", NORTH)) as client, desks.ask() as program:
        made = send(client, "/system/doors", door__name="大屏程序", what="program", door__district="D-1")
        key = re.search(r'class="link"[^>]*>([\w-]{43})<', made.text)
        assert key is not None
        bearer = {"Authorization": f"Bearer {key[1]}"}
        found = program.get("/api/v1/board", headers=bearer).json()["stations"]
        assert {one["code"] for one in found} == {"ZG-01", "ZG-02", "ZG-03", "ZG-04"}
        assert program.get("/people", headers=bearer).status_code in {303, 401, 403}
        assert program.get("/api/v1/board", headers={"Authorization": "Bearer no"}).status_code == 401


def test_history_and_the_log_of_access_are_for_who_may(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        assert "样*" in client.get("/system/history").text
        log = client.get("/system/access")
        assert (log.status_code, "记录保留 365 天" in log.text) == (200, True)
    with desks.ask(desks.session("li", NORTH)) as client:
        page = client.get("/system/history").text
        assert "ZG-02" in page
        assert "ZG-05" not in page
        assert client.get("/system/access").status_code == 403


def test_every_route_of_the_whole_site_declares_a_right(desks: GuardedHub) -> None:
    desk = Desk(desks.engine, Clock(began_at=MORNING, anchor_s=0.0), ZONE)
    site = make_site(desks.source, desks.broadcast, ZONE, desks.source.findings, reception=desks.reception, desk=desk)

    routes = list(walk(site.routes))
    acts = {
        route.path: right_of(route.endpoint)
        for route in routes
        if isinstance(route, Route) and not {"GET", "HEAD"} & (route.methods or {"GET"})
    }

    assert undeclared(site) == []
    assert len(routes) > 45
    assert len(acts) > 20
    for role in (Role.NEARBY, Role.PROGRAM, Role.SCREEN):  # no name stands under what they would do
        assert [path for path, right in acts.items() if right in RIGHTS[role]] == []


NAV = re.compile(r"<nav.*?</nav>", re.DOTALL)
OPENS = {
    "/": set(OF_ACCOUNTS) - {Role.VOLUNTEER},
    "/inbox": set(OF_ACCOUNTS) - {Role.VOLUNTEER},
    "/inbox/over": set(OF_ACCOUNTS) - {Role.VOLUNTEER},
    "/alarms": {Role.CITY, Role.COUNTY, Role.AUTHORITY, Role.LEAD},
    "/coverage": set(OF_ACCOUNTS) - {Role.VOLUNTEER},
    "/shifts": set(OF_ACCOUNTS) - {Role.VOLUNTEER},
    "/people": {Role.CITY, Role.COUNTY, Role.FEDERATION, Role.LEAD},
    "/people/new": {Role.CITY, Role.COUNTY, Role.FEDERATION},
    "/city": {Role.CITY, Role.COUNTY},
    "/calendar": {Role.CITY, Role.COUNTY},
    "/calendar/holidays": {Role.CITY, Role.COUNTY},
    "/kiosks": {Role.CITY, Role.COUNTY, Role.INSTALLER},
    "/system": {Role.CITY, Role.COUNTY},
    "/system/channels": {Role.CITY, Role.COUNTY},
    "/system/history": {Role.CITY, Role.COUNTY},
    "/system/access": {Role.CITY},
    "/me": set(OF_ACCOUNTS),
}


@pytest.mark.parametrize("role", sorted(OF_ACCOUNTS))
def test_each_role_opens_its_pages_and_is_led_to_no_other(desks: GuardedHub, role: Role) -> None:
    with desks.ask(desks.session("one", Grant(role, Reach("D-1") if role is not Role.CITY else Reach()))) as client:
        opened = {path for path in OPENS if client.get(path).status_code == 200}
        assert opened == {path for path, roles in OPENS.items() if role in roles}
        for path in opened:  # under each word stand the pages beside it
            links = re.findall(r'href="([^"]+)"', "".join(NAV.findall(client.get(path).text)))
            assert "/me" in links
            assert {link.partition("?")[0] for link in links} <= opened
    with reading(desks.engine) as connection:
        refused = [line.subject for line in read_access(connection, 99) if line.what == "refused"]
    were_refused = len(OPENS) - len(opened) - (role is Role.VOLUNTEER)  # led home from / they were not
    assert min(MOST, were_refused) <= len(refused) <= were_refused  # so many a minute, and one may have ended meanwhile


def test_a_filtered_list_is_turned_over_with_its_filter(desks: GuardedHub) -> None:
    many: list[CityCommand] = []
    for n in range(MOST_SHOWN + 10):
        many += [
            asked.EnterPerson(f"m{n}", f"M{n}", full_name="多者"),
            asked.SetMemberships(f"m{n}", frozenset({"ZG-02"})),
        ]
    with writing(desks.engine) as connection:
        assert not apply(connection, many, by="root", at=MORNING, zone=ZONE).refusals

    with desks.ask(desks.session("chen", CITY)) as client:
        first = client.get("/people?q=多者&only=untrained").text
        (address,) = re.findall(r'rel="next" href="([^"]+)"', first)
        second = client.get(f"/people{unescape(address)}").text

    assert first.count("多者</a>") == MOST_SHOWN
    assert second.count("多者</a>") == 10
