"""Sheets by the browser: looked at, confirmed, refused in words; what is too large does not even get read."""

from __future__ import annotations

import html
import re
import time
from time import monotonic
from typing import TYPE_CHECKING

import httpx2
import pytest

from hub.accounts.access_log import read_access
from hub.changing.draft import GROUPED_BY
from hub.database.people_tables import Volunteer
from hub.database.tables import Station
from hub.database.transactions import reading, table_of
from hub.importing.foreseen import MOST_TOLD
from hub.rights import Grant, Role
from hub.web.importing.undo import TABLE_WORDS
from hub.web.importing.upload import WaitingRoom
from tests.hub.desks.test_desks import rows, send

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hub.gate.conftest import GuardedHub

CITY, CLERK = Grant(Role.CITY), Grant(Role.FEDERATION)
PEOPLE = "志愿者编号,姓名,站点编号\n" + "".join(f"V{n:04},样本人{n},ZG-0{n % 9 + 1}\n" for n in range(3000))
STATIONS = "站点编号,站点名称,区县,类别\nZG-50,北湖区体育馆学雷锋志愿服务点,北湖区,医院\n"


def upload(client: httpx2.Client, content: str | bytes, name: str = "志愿者.csv") -> httpx2.Response:
    sent = content.encode() if isinstance(content, str) else content
    return client.post(
        "/city/import", files={"files": (name, sent)}, headers={"Sec-Fetch-Site": "same-origin"}
    )  # fmt: skip


def confirm(client: httpx2.Client, looked: httpx2.Response) -> httpx2.Response:
    """Say yes to what a page shows; to nothing, where it asks for none."""
    named = re.search(r'name="look" value="([^"]+)"', looked.text)
    sent = {"look": named[1]} if named else {}
    return client.post("/city/import/confirm", data=sent, headers={"Sec-Fetch-Site": "same-origin"})


def test_a_clerk_looks_at_3000_people_and_then_confirms(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        looked = upload(client, PEOPLE)
        assert looked.status_code == 200
        assert "新增 3000" in looked.text
        assert len(rows(desks, Volunteer)) == 2

        done = confirm(client, looked)
        assert "已导入" in done.text
        assert len(rows(desks, Volunteer)) == 3002
        again = confirm(client, looked)
        assert again.status_code == 409
        assert "没有等待确认的文件" in again.text


def test_what_a_tab_shows_is_what_its_button_imports(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        first = upload(client, STATIONS, "站点.csv")
        second = upload(client, "志愿者编号,姓名,站点编号\nV1,样本人,ZG-01\n")

        done = confirm(client, first)
        assert "站点.csv" in done.text
        assert {"ZG-50"} <= {row["code"] for row in rows(desks, Station)}
        assert len(rows(desks, Volunteer)) == 2

        assert "已导入" in confirm(client, second).text
        assert len(rows(desks, Volunteer)) == 3


def test_the_preview_says_by_name_what_becomes_what(desks: GuardedHub) -> None:
    people = "志愿者编号,姓名,所属站点\nN1,李样,ZG-02 ZG-03\nN2,样本2,ZG-05\nN8,新样本,ZG-02\n"
    stations = "站点编号,站点名称,最低在岗,负责人,区县\nZG-02,市第一人民医院志愿服务点,2,张样,南山区\n"
    with desks.ask(desks.session("wang", CITY)) as client:
        told = {
            name: listed(upload(client, sheet, name)) for name, sheet in (("人.csv", people), ("站点.csv", stations))
        }
        english = listed(client.post(
            "/city/import?lang=en", files={"files": ("人.csv", people.encode())}, headers={"Sec-Fetch-Site": "same-origin"}
        ))  # fmt: skip
        assert not rows(desks, Volunteer, number="N8")

    assert any("N1" in line and "样本1\u00a0→ 李样" in line for line in told["人.csv"])
    assert any("N1 李样" in line and "ZG-02\u00a0→ ZG-02、ZG-03" in line for line in told["人.csv"])
    assert not any("N2" in line for line in told["人.csv"])
    assert any("N8 新样本" in line for line in told["人.csv"])
    assert "N8" not in told["人.csv"][0]  # what is new stands below what becomes otherwise
    assert any("ZG-02" in line and "→ 2" in line for line in told["站点.csv"])
    assert any("张样" in line for line in told["站点.csv"])
    assert any("区县：北湖区\u00a0→ 南山区" in line for line in told["站点.csv"])
    assert any("N1" in line and "样本1\u00a0→ 李样" in line for line in english)


def listed(answer: httpx2.Response) -> list[str]:
    part = answer.text.partition('id="h-changes"')[2].partition("</section>")[0]
    return [html.unescape(line) for line in re.findall("<li>(.*?)</li>", part)]


def test_a_preview_of_much_says_how_much_more_there_is(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        looked = upload(client, PEOPLE)

    assert len(listed(looked)) == MOST_TOLD
    assert re.search(r"还有 \d{4} 条", looked.text)


def test_who_confirms_is_shown_anew_what_somebody_has_changed_since_the_look(desks: GuardedHub) -> None:
    sheet = "志愿者编号,姓名\nN1,李样\n"
    with desks.ask(desks.session("wang", CITY)) as one, desks.ask(desks.session("wu", CITY)) as other:
        mine = upload(one, sheet)
        assert send(other, "/people/p1/enter", full_name="王样").status_code == 303

        late = confirm(one, mine)

        assert late.status_code == 409
        assert "会覆盖的和刚才显示的不同" in late.text
        assert any("王样\u00a0→ 李样" in line for line in listed(late))
        assert rows(desks, Volunteer, number="N1")[0]["full_name"] == "王样"
        assert confirm(one, late).status_code == 200
        assert rows(desks, Volunteer, number="N1")[0]["full_name"] == "李样"


def test_what_others_change_elsewhere_holds_no_import_up(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as one, desks.ask(desks.session("wu", CITY)) as other:
        mine = upload(one, "志愿者编号,姓名\nN1,李样\n")
        send(other, "/people/p2/enter", full_name="王样")

        assert confirm(one, mine).status_code == 200


def test_of_many_looks_the_latest_wait(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        looks = [upload(client, f"志愿者编号,姓名,站点编号\nV{n},样本人,ZG-01\n") for n in range(4)]

        assert [confirm(client, look).status_code for look in looks] == [409, 200, 200, 200]


def test_what_is_wrong_is_told_by_line_and_nothing_is_kept(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        looked = upload(client, "志愿者编号,姓名,站点编号\nV1,样本人,ZG-77\n")
        assert looked.status_code == 422
        assert "ZG-77" in looked.text
        assert "确认导入" not in looked.text
        assert confirm(client, looked).status_code == 409


def test_a_clerk_of_people_imports_no_stations(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        looked = upload(client, STATIONS, "站点.csv")
        assert looked.status_code == 422
        assert "您只能导入志愿者和卡" in looked.text
        assert confirm(client, looked).status_code == 409
        assert not rows(desks, Station, code="ZG-50")
    with desks.ask(desks.session("wang", CITY)) as client:
        assert "新增 1" in upload(client, STATIONS, "站点.csv").text


def test_nobody_confirms_what_another_looked_at(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as one, desks.ask(desks.session("wu", CLERK)) as other:
        looked = upload(one, PEOPLE)
        assert confirm(other, looked).status_code == 409
        assert len(rows(desks, Volunteer)) == 2


@pytest.mark.parametrize("name", ["../../evil.csv", "C:\\evil.csv", "..", "a\x00b.csv"])
def test_a_files_name_leads_nowhere(desks: GuardedHub, name: str) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        answer = upload(client, "志愿者编号,姓名,站点编号\nV1,样本人,ZG-01\n", name)
        assert answer.status_code in {200, 400, 422}
        assert "evil" not in answer.text or "/evil" not in answer.text.replace("</", "")


def test_a_file_that_is_too_large_is_refused_within_a_second(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        assert any(_seconds_until_refused(client) < 5 for _ in range(3))  # half of one where nothing else is done


def _seconds_until_refused(client: httpx2.Client) -> float:
    began_s = time.monotonic()
    refused = upload(client, b"x" * (33 * 1024 * 1024))
    assert refused.status_code == 413
    assert "一次最多 8 个，合计不超过 32 MB" in refused.text
    return time.monotonic() - began_s


def test_bytes_that_are_no_sheet_are_told_so(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        for content in (b"", b"PK\x03\x04 and no zip", bytes(range(256)) * 20, b"<html>"):
            assert upload(client, content, "x.xlsx").status_code == 422
        plain = client.post("/city/import", content=b"x", headers={"Sec-Fetch-Site": "same-origin"})
        assert plain.status_code == 400


def test_what_is_exported_by_the_browser_changes_nothing_when_it_comes_back(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        sent = client.get("/city/export.xlsx")
        assert sent.headers["content-disposition"].startswith("attachment")
        assert sent.headers["cache-control"] == "no-store"
        looked = upload(client, sent.content, "资料.xlsx")
        assert looked.status_code == 200, looked.text
        assert "新增 0" in looked.text
        assert not re.search("(新增|修改) [1-9]", looked.text)
        assert upload(client, client.get("/city/import/template.xlsx").content, "模板.xlsx").status_code in {200, 422}
    with reading(desks.engine) as connection:
        [line] = [line for line in read_access(connection, 9) if line.what == "exported"]
    assert (line.by, "volunteers 2" in line.subject) == ("wang", True)


def test_a_name_that_is_nearly_right_is_suggested(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        looked = upload(client, STATIONS.replace("北湖区,", "北湖,"), "站点.csv")
    assert "是否应为 北湖区" in looked.text or "北湖区" in looked.text.partition("fault")[2]


@pytest.mark.parametrize(("role", "status"), [(Role.LEAD, 403), (Role.AUTHORITY, 403), (Role.INSTALLER, 403)])
def test_who_changes_nobody_exports_nobody(desks: GuardedHub, role: Role, status: int) -> None:
    with desks.ask(desks.session("zhao", Grant(role))) as client:
        assert client.get("/city/export.xlsx").status_code == status
        assert client.get("/city/import/template.xlsx").status_code == status


def seen(client: httpx2.Client, number: int) -> str:
    """The mark of what the page says that an undoing would do."""
    return "".join(re.findall(r'name="seen" value="(\w+)"', client.get(f"/city/import/{number}/undo").text))


def undo(client: httpx2.Client, number: int, mark: str | None = None) -> httpx2.Response:
    """As a browser does it: by the form on the page that shows what it would do."""
    mark = seen(client, number) if mark is None else mark
    return send(client, f"/city/import/{number}/undo", seen=mark)


def test_a_clerk_undoes_3000_people_but_for_the_one_who_was_trained_since(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        confirm(client, upload(client, PEOPLE))
        assert "整批撤销" in client.get("/city/import").text
        [somebody] = [str(row["person"]) for row in rows(desks, Volunteer) if row["number"] == "V0007"]
        send(client, f"/people/{somebody}/train", trained_on="2026-03-01")

        undone = undo(client, 1)

        assert undone.status_code == 200
        assert "志愿者 V0007" in undone.text
        assert "V0008" not in undone.text
        assert len(rows(desks, Volunteer)) == 3
        assert "sun 已撤销" in client.get("/city/import").text
        assert undo(client, 1).status_code == 409
        assert undo(client, 9).status_code == 404


def test_nothing_is_undone_before_it_was_shown_how_much(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as client:
        confirm(client, upload(client, PEOPLE))
        asked = client.get("/city/import/1/undo")
        assert asked.status_code == 200
        assert len(re.findall("<td>删去 3000</td><td>改回 0</td>", asked.text)) == 2  # people, and their stations
        assert "志愿者的所属站点" in asked.text  # no station goes
        assert "没有恢复" not in asked.text

        for mark in ("", "0" * 32):
            refused = undo(client, 1, mark)
            assert refused.status_code == 409
            assert "删去 3000" in refused.text
        assert len(rows(desks, Volunteer)) == 3002
        assert "已撤销" in undo(client, 1).text
        assert len(rows(desks, Volunteer)) == 2
        assert client.get("/city/import/1/undo").status_code == 409
        assert client.get("/city/import/9/undo").status_code == 404


def test_of_two_who_look_at_once_the_second_undoes_nothing_that_they_were_not_shown(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", CLERK)) as one, desks.ask(desks.session("wu", CLERK)) as other:
        confirm(one, upload(one, PEOPLE))
        mark = seen(one, 1)
        [somebody] = [str(row["person"]) for row in rows(desks, Volunteer) if row["number"] == "V0007"]
        send(other, f"/people/{somebody}/train", trained_on="2026-03-01")

        again = undo(one, 1, mark)

        assert again.status_code == 409
        assert "刚刚有人改了资料" in again.text
        assert "志愿者 V0007" in again.text
        assert "删去 2999" in again.text
        assert len(rows(desks, Volunteer)) == 3002
        mark = seen(one, 1)
        assert "已撤销" in undo(other, 1).text
        late = undo(one, 1, mark)
        assert late.status_code == 409
        assert "wu 已撤销" in late.text
        assert len(rows(desks, Volunteer)) == 3


def test_what_may_be_undone_has_a_word() -> None:
    assert set(TABLE_WORDS) == {table_of(model).name for model in GROUPED_BY}


def test_a_clerk_of_people_undoes_no_stations(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as city:
        confirm(city, upload(city, STATIONS, "站点.csv"))
    with desks.ask(desks.session("sun", CLERK)) as client:
        assert "整批撤销" not in client.get("/city/import").text
        assert client.get("/city/import/1/undo").status_code == 404
        assert undo(client, 1).status_code == 404


def test_files_that_a_killed_hub_left_are_thrown_away_at_the_next_start(tmp_path: Path) -> None:
    killed = WaitingRoom(tmp_path / "waiting")
    [left] = killed.keep("session", [("志愿者.csv", b"x")]).paths
    assert left.read_bytes() == b"x"

    another = WaitingRoom(tmp_path / "waiting")

    assert another is not killed
    assert list((tmp_path / "waiting").iterdir()) == []


def test_nothing_is_taken_that_was_not_looked_at_to_the_end(tmp_path: Path) -> None:
    room = WaitingRoom(tmp_path / "waiting")
    waiting = room.keep("session", [("志愿者.csv", b"x")])

    assert room.take("session", waiting.key) is None
    waiting.is_offered = True
    assert room.take("another", waiting.key) is None
    assert room.take("session", waiting.key) is waiting
    assert room.take("session", waiting.key) is None


def test_files_that_nobody_says_yes_to_are_thrown_away_when_they_waited_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = WaitingRoom(tmp_path / "waiting")
    room.keep("session", [("志愿者.csv", b"x")])

    room.forget_old()
    assert len(list((tmp_path / "waiting").iterdir())) == 1
    monkeypatch.setattr("hub.web.importing.upload.THROWN_AWAY_S", 0.0)
    room.forget_old()

    assert list((tmp_path / "waiting").iterdir()) == []


def test_a_look_sees_to_it_that_its_files_do_not_stay(desks: GuardedHub, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    monkeypatch.setattr("hub.web.importing.upload.WaitingRoom.forget_old", lambda _room: asked.append(monotonic()))
    monkeypatch.setattr("hub.web.importing.router.THROWN_AWAY_S", -1.0)

    with desks.ask(desks.session("wang", CITY)) as city:
        upload(city, STATIONS, "站点.csv")
        city.get("/city/import")

    assert asked
