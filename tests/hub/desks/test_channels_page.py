"""通知渠道: who sees which, what is never shown, what is refused, what a try says, and what history keeps."""

from __future__ import annotations

import html
import re
import threading
from typing import TYPE_CHECKING

import pytest

from hub.accounts.access_log import read_access
from hub.alarms import posting, robots
from hub.alarms.acting import Actor
from hub.alarms.addresses import AddressError, Sort, SoundAddress, understand
from hub.alarms.book import NOT_NEEDED
from hub.alarms.tries import AT_ONCE, Tries
from hub.alarms.veiling import is_this_machine, shown_address
from hub.changing.history import read_history
from hub.database.alarm_tables import ChannelRow, MessageRow
from hub.database.transactions import reading, writing
from hub.rights import WHOLE_CITY, Grant, Reach, Role
from hub.web.system import channels
from hub.web.system.channel_words import answer_words
from simulator.robot_server import TAKEN, TOO_FAST, robot_server
from station.milliseconds import ms_of
from tests.hub.alarms.test_mailbox import mail_server
from tests.hub.desks.test_desks import CITY, LEAD, NORTH, main_of, rows, send
from tests.hub.pages.board_source import MORNING, ZONE
from tests.patience import PATIENCE_S, eventually

if TYPE_CHECKING:
    import httpx2

    from tests.hub.gate.conftest import GuardedHub

HERE = "/system/channels"
KEY = "0f1e2d3c-made-up-key"
WECOM = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
DINGTALK = f"https://oapi.dingtalk.com/robot/send?access_token={KEY}"
HOOK = "https://hooks.example.cn/made-up-path"
SEC = "SECmade-up-secret"


def entered(hub: GuardedHub, name: str, reach: Reach = WHOLE_CITY, address: str = WECOM, secret: str = "") -> None:
    with writing(hub.engine) as connection:
        told = understand(address, secret)
        Actor(connection, "root", ms_of(MORNING)).enter_channel(name, told, reach, tells_short=False)


def some(hub: GuardedHub) -> None:
    """One of each reach."""
    for name, reach in (
        ("city", WHOLE_CITY), ("north", Reach("D-1")), ("south", Reach("D-2")), ("bus", Reach(station="ZG-02")),
        ("far", Reach(station="ZG-05")), ("doctors", Reach(kind="hospital")),
    ):  # fmt: skip
        entered(hub, name, reach)


def listed(client: httpx2.Client) -> set[str]:
    return set(re.findall(rf'<a href="{HERE}/([^"]+)"', main_of(client.get(HERE))))


def tried(client: httpx2.Client, name: str) -> httpx2.Response:
    """What is shown after a try; it may be looked at again, and in the other language."""
    return client.get(send(client, f"{HERE}/{name}/test").headers["location"])


def plain(answer: httpx2.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main_of(answer))).split())


def test_each_sees_the_channels_of_their_own_part_of_the_city(desks: GuardedHub) -> None:
    some(desks)
    with desks.ask(desks.session("li", CITY)) as client:
        assert listed(client) == {"city", "north", "south", "bus", "far", "doctors"}
    with desks.ask(desks.session("wang", NORTH)) as client:
        assert listed(client) == {"north", "bus"}
        none = main_of(client.get(f"{HERE}/nowhere"))
        for name in ("city", "south", "far", "doctors"):
            assert main_of(client.get(f"{HERE}/{name}")) == none
            for act in ("test", "change", "remove"):
                assert send(client, f"{HERE}/{name}/{act}", sure="1", district="D-1").status_code == 404
    for name, grant in (("zhao", LEAD), ("sun", Grant(Role.FEDERATION)), ("zhou", Grant(Role.INSTALLER))):
        with desks.ask(desks.session(name, grant)) as client:
            assert client.get(HERE).status_code == 403
            assert send(client, f"{HERE}/bus/test").status_code == 403
    assert not rows(desks, MessageRow)
    assert len(rows(desks, ChannelRow, address=WECOM)) == 6


def test_a_county_enters_and_moves_channels_within_its_district_alone(desks: GuardedHub) -> None:
    entered(desks, "north", Reach("D-1"))
    with desks.ask(desks.session("wang", NORTH)) as client:
        for fields in ({}, {"district": "D-2"}, {"station": "ZG-05"}, {"station": "ZG-99"}, {"kind": "hospital"}):
            answer = send(client, HERE, name="mine", address=WECOM, **fields)
            assert answer.status_code == 422
            assert re.search(r'id="f-(district|station)"[^>]*aria-invalid="true"', answer.text)
            assert send(client, f"{HERE}/north/change", **fields).status_code == 422
        others, nobodys = (
            main_of(send(client, HERE, name="mine", address=WECOM, station=s)) for s in ("ZG-05", "ZG-99")
        )
        assert others.replace("ZG-05", "") == nobodys.replace("ZG-99", "")

        assert send(client, HERE, name="mine", address=WECOM, station="ZG-02").status_code == 303
        assert send(client, f"{HERE}/mine/change", district="D-1", short="1").status_code == 303
    [row] = rows(desks, ChannelRow, name="mine")
    assert (row["district"], row["station"], row["tells_short"], row["by"]) == ("D-1", "", True, "wang")


def test_no_address_and_no_secret_stands_in_any_page_or_record(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        pages = [
            send(client, HERE, name="ding", address=DINGTALK, secret=SEC, mobiles="13800000000"),
            client.get(HERE), client.get(f"{HERE}/ding"),
            send(client, HERE, name="ding", address=WECOM),
            send(client, HERE, name="other", address=WECOM, secret=SEC),
            send(client, f"{HERE}/ding/change", address=WECOM, secret=SEC),
            send(client, f"{HERE}/ding/change", address=WECOM, district="D-1"),
            client.get("/system/history"), client.get("/system/access"),
        ]  # fmt: skip
        assert [page.status_code for page in pages] == [303, 200, 200, 409, 422, 422, 303, 200, 200]
        assert "oapi.dingtalk.com/…" in pages[1].text
        assert "13800000000" not in pages[1].text + pages[2].text
    with reading(desks.engine) as connection:
        told = repr([read_history(connection)[0], [(one.before, one.after) for one in read_history(connection)[0]]])
    for hidden in (KEY, SEC):
        assert not [n for n, page in enumerate(pages) if hidden in page.text]
        assert hidden not in told


def test_what_is_no_address_is_refused_beside_its_field_and_the_rest_is_kept(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        for field, address, more in (
            ("address", WECOM.partition("?")[0], {}), ("address", "example", {}), ("address", "", {}),
            ("address", "http://127.0.0.1:8080/hook", {}), ("secret", DINGTALK, {"secret": "nonsense"}),
            ("mobiles", WECOM, {"mobiles": "someone"}),
        ):  # fmt: skip
            answer = send(client, HERE, name="east", address=address, district="D-1", short="1", **more)
            assert answer.status_code == 422
            assert re.findall(r'id="f-(\w+)"[^>]*aria-invalid="true"', answer.text) == [field]
            assert re.search(r'id="f-name"[^>]*value="east"', answer.text)
            assert re.search(r'<option value="D-1" selected>北湖区<', answer.text)
            assert re.search(r'name="short" value="1" checked', answer.text)
            assert "nonsense" not in answer.text
        said = plain(send(client, HERE, name="east", address=WECOM.partition("?")[0]))
        assert (
            "不是企业微信机器人的地址；应形如 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=...，请完整复制"
            in said
        )
        english = client.post(
            f"{HERE}?lang=en", data={"name": "-", "address": "x"}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert "wanted is the address as the robot's page shows it" in plain(english)
        assert "beginning with a letter or digit" in plain(english)
        assert send(client, HERE, name="13800000000", address=WECOM).status_code == 422
    assert not rows(desks, ChannelRow)


def test_a_web_hooks_secret_is_shown_once(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        made = send(client, HERE, name="hook", address=HOOK)
        [row] = rows(desks, ChannelRow, name="hook")

        assert str(row["secret"]) in html.unescape(made.text)
        assert str(row["secret"]) not in html.unescape(client.get(f"{HERE}/hook").text)
        assert "made-up-path" not in made.text


def test_a_try_says_what_was_answered_and_keeps_it(desks: GuardedHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.alarms.tries.REST_S", 0.0)
    echo = f'{{"errcode":93000,"errmsg":"invalid {KEY}"}}'
    with robot_server((200, TAKEN), (200, TOO_FAST), (200, echo), (500, "")) as robot:
        entered(desks, "wecom", Reach("D-1"), f"{robot.url}/cgi-bin/webhook/send?key={KEY}")
        with desks.ask(desks.session("wang", NORTH)) as client:
            said = [tried(client, "wecom") for _ in range(4)]
            told = plain(client.get(HERE))

    assert "试发：已送达，对方的回答：0 ok" in plain(said[0])
    assert "没有送达，对方的回答：45009 api freq out of limit · 发得太快" in plain(said[1])
    assert "93000 invalid ... · 机器人已被移除" in plain(said[2])
    assert "对方的回答：HTTP 500，暂时不能收：请稍后再试" in plain(said[3])
    assert not [page for page in said if KEY in page.text]
    assert "测试消息" in robot.asked[0].told["text"]["content"]
    assert "93000 invalid ..." in told
    assert [row["answer"] for row in rows(desks, MessageRow, channel="wecom")][:2] == [
        "0 ok",
        "45009 api freq out of limit",
    ]
    with reading(desks.engine) as connection:
        looks = [(one.by, one.subject) for one in read_access(connection, 9) if one.what == "tried_channel"]
    assert looks == [("wang", "wecom")] * 4


def test_a_try_of_a_mailbox_says_what_to_do(desks: GuardedHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "PATIENCE_S", 1.0)
    with (
        mail_server() as (taking, mails),
        mail_server(rcpt=b"550 5.1.1 office@example.cn") as (refusing, _),
        mail_server(hello=None) as (hanging, _),
        desks.ask(desks.session("li", CITY)) as client,
    ):
        said = {}
        for name, port in (("takes", taking), ("refuses", refusing), ("hangs", hanging)):
            entered(desks, name, address=f"smtp://127.0.0.1:{port}?from=hub@example.cn&to=office@example.cn")
            said[name] = plain(tried(client, name))

    assert "试发：已送达，对方的回答：邮件服务器已收下" in said["takes"]
    assert "没有送达，对方的回答：邮件服务器不收这个收件人（550）：请核对地址里的 to=" in said["refuses"]
    assert "没有送达，对方的回答：1 秒内没有回答" in said["hangs"]
    assert len(mails) == 1
    assert "office@example.cn" not in "".join(said.values())


def test_each_refusal_of_a_robot_leads_on() -> None:
    for said in ("45009 x", "310000 sign not match", "9499 Bad Request", "9499 too many request", "19021 x", "93000 x"):
        assert answer_words(said, str).startswith(f"{said} · "), said


def test_one_that_was_tried_just_now_is_not_tried_again(desks: GuardedHub) -> None:
    with robot_server() as robot:
        entered(desks, "wecom", address=f"{robot.url}/cgi-bin/webhook/send?key={KEY}")
        with desks.ask(desks.session("li", CITY)) as client:
            said = [send(client, f"{HERE}/wecom/test").status_code for _ in range(3)]

    assert said == [303, 429, 429]
    assert len(robot.asked) == 1


def test_a_robot_that_hangs_is_said(desks: GuardedHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "PATIENCE_S", 1.0)
    with robot_server(None) as robot, desks.ask(desks.session("li", CITY)) as client:
        entered(desks, "slow", address=f"{robot.url}/cgi-bin/webhook/send?key={KEY}")

        answer = tried(client, "slow")

    assert "1 秒内没有回答" in plain(answer)
    assert [row["answer"] for row in rows(desks, MessageRow)] == ["no answer within 1 s"]


def test_robots_that_hang_hold_nobody_up(desks: GuardedHub, monkeypatch: pytest.MonkeyPatch) -> None:
    long_s = 2 * PATIENCE_S  # they hang until they are let go, however slow the machine
    monkeypatch.setattr(channels, "PATIENCE_S", long_s)
    monkeypatch.setattr(robots, "post", lambda url, body, headers, _timeout_s: posting.post(url, body, headers, long_s))
    names = [f"slow{n}" for n in range(AT_ONCE + 1)]
    answers: dict[str, httpx2.Response] = {}
    with robot_server(None) as robot, desks.ask(desks.session("li", CITY)) as client:
        for name in names:
            entered(desks, name, address=f"{robot.url}/cgi-bin/webhook/send?key={KEY}-{name}")

        def try_it(name: str) -> None:
            answers[name] = tried(client, name)

        threads = [threading.Thread(target=try_it, args=(name,)) for name in names[:AT_ONCE]]
        for thread in threads:
            thread.start()
        assert eventually(lambda: len(robot.asked) == AT_ONCE)
        for _ in range(3):  # while all of them hang
            assert client.get(HERE).status_code == 200
        assert send(client, f"{HERE}/{names[-1]}/test").status_code == 429
        assert not answers
        robot.let_go.set()
        for thread in threads:
            thread.join()

    assert answers.keys() == set(names[:AT_ONCE])
    assert len(rows(desks, MessageRow)) == AT_ONCE


def test_what_fails_within_a_try_is_an_answer_and_frees_its_place() -> None:
    broken = SoundAddress(Sort.MAIL, "smtp://mail.example.cn", "", ())
    tries = Tries(iter(range(0, 1000, 100)).__next__)

    for _ in range(AT_ONCE + 1):
        started = tries.begin(broken, ZONE, MORNING)
        assert started is not None
        assert started.result(PATIENCE_S).text == "the hub failed over it: KeyError"


def test_a_channel_is_removed_by_a_tick_and_history_tells_all_of_it(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        send(client, HERE, name="office", address=WECOM, station="ZG-02")
        send(client, f"{HERE}/office/change", address=DINGTALK, secret=SEC, station="ZG-02")
        assert send(client, f"{HERE}/office/remove").status_code == 422
        assert "删除请先打勾" in client.post(
            f"{HERE}/office/remove", headers={"Sec-Fetch-Site": "same-origin"}
        ).text  # fmt: skip
        assert send(client, f"{HERE}/office/remove", sure="1").headers["location"] == f"{HERE}?done=1"
        assert listed(client) == set()
        told = plain(client.get("/system/history"))
        english = plain(client.get("/system/history?lang=en"))
    [row] = rows(desks, ChannelRow)
    assert (row["address"], row["secret"]) == ("", "")
    assert "li 录入通知渠道 · 渠道 office，站点 ZG-02 · 方式：企业微信" in told
    assert "修改通知渠道 · 渠道 office，站点 ZG-02 · 方式：企业微信 → 钉钉；地址：已保存 → 已更换" in told
    assert "li 删除通知渠道 · 渠道 office，站点 ZG-02 · 方式：钉钉 → 无" in told
    assert "alarm channel removed · channel office" in english


def test_the_second_of_two_who_change_a_channel_is_shown_what_changed(desks: GuardedHub) -> None:
    entered(desks, "office")
    with desks.ask(desks.session("li", CITY)) as client:
        send(client, f"{HERE}/office/change", district="D-1")
        late = send(client, f"{HERE}/office/change", district="D-2", was__district="")
        assert late.status_code == 409
        assert "D-1" in plain(late)
        assert send(client, f"{HERE}/office/change", district="D-2", was__district="D-1").status_code == 303


def test_the_second_of_two_who_change_a_channels_address_is_told(desks: GuardedHub) -> None:
    """An address is never shown, so a form carries which one it knew of; who leaves it alone is held up by nobody."""
    entered(desks, "office")
    entered(desks, "offices")  # and its like is another

    def knew() -> str:
        found = re.search('name="was-address" value="([^"]*)"', client.get(f"{HERE}/office").text)
        assert found is not None
        return found[1]

    with desks.ask(desks.session("li", CITY)) as client, desks.ask(desks.session("wu", CITY)) as other:
        mine = knew()
        send(other, f"{HERE}/offices/change", address=DINGTALK, secret=SEC)
        send(other, f"{HERE}/office/change", district="D-1")
        assert knew() == mine
        assert send(other, f"{HERE}/office/change", address=DINGTALK, secret=SEC, district="D-1").status_code == 303

        late = client.post(
            f"{HERE}/office/change", data={"address": WECOM, "district": "D-1", "was-address": mine},
            headers={"Sec-Fetch-Site": "same-origin"},
        )  # fmt: skip
        assert late.status_code == 409
        assert "wu 在 2026-03-05" in plain(late)
        assert "已换了地址（现为 oapi.dingtalk.com" in plain(late)
        assert [row["sort"] for row in rows(desks, ChannelRow) if row["name"] == "office"] == ["dingtalk"]
        blank = {"address": "", "district": "D-2", "was-address": mine}
        kept = client.post(f"{HERE}/office/change", data=blank, headers={"Sec-Fetch-Site": "same-origin"})
        again = {"address": WECOM, "district": "D-2", "was-address": knew()}
        meant = client.post(f"{HERE}/office/change", data=again, headers={"Sec-Fetch-Site": "same-origin"})
        assert (kept.status_code, meant.status_code) == (303, 303)


def test_what_an_earlier_channel_of_the_name_answered_is_not_shown(desks: GuardedHub) -> None:
    entered(desks, "office")
    with writing(desks.engine) as connection:
        connection.execute(
            MessageRow.__table__.insert().values(  # type: ignore[attr-defined]
                channel="office", what="test", on_duty=0, wanted=0, made_ms=1, due_ms=None, tried_ms=1, answer="of old"
            )
        )
    with desks.ask(desks.session("li", CITY)) as client:
        assert "of old" not in client.get(f"{HERE}/office").text


@pytest.mark.parametrize("act", ["", "/office/test", "/office/change", "/office/remove"])
def test_no_other_site_does_anything_to_a_channel(desks: GuardedHub, act: str) -> None:
    entered(desks, "office")
    fields = {"name": "evil", "address": HOOK, "sure": "1", "district": "D-1"}
    with desks.ask(desks.session("li", CITY)) as client:
        assert client.post(HERE + act, data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert [(row["name"], row["address"], row["district"]) for row in rows(desks, ChannelRow)] == [
        ("office", WECOM, "")
    ]
    assert not rows(desks, MessageRow)


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("http://127.0.0.1/x", True), ("http://127.1/x", True), ("http://2130706433/x", True), ("http://[::1]/x", True),
        ("http://[::ffff:127.0.0.1]/x", True), ("http://localhost./x", True), ("http://169.254.169.254/x", True),
        ("smtp://localhost:25?from=a@b&to=c@d", True), ("http://0.0.0.0/x", True),
        ("http://10.1.2.3/x", False), (HOOK, False), (WECOM, False),
    ],
)  # fmt: skip
def test_the_hubs_own_machine_is_known(address: str, own: bool) -> None:
    assert is_this_machine(understand(address)) is own


def test_an_address_is_shown_by_its_host_alone() -> None:
    shown = [
        shown_address(understand(one))
        for one in (WECOM, DINGTALK, HOOK, "smtps://user@mail.example.cn:465?from=hub@example.cn&to=office@example.cn")
    ]

    assert shown == [
        "qyapi.weixin.qq.com/…", "oapi.dingtalk.com/…", "hooks.example.cn/…", "mail.example.cn:465 → o…@example.cn",
    ]  # fmt: skip


def test_every_fault_of_an_address_names_a_field_of_the_form() -> None:
    for address, secret, mobiles in ((WECOM, "x", ()), (DINGTALK, "", ("x",)), (HOOK, "x", ()), ("smtp://h", "", ())):
        with pytest.raises(AddressError) as found:
            understand(address, secret, mobiles)
        assert found.value.field in {"address", "secret", "mobiles"}


def test_an_answer_is_told_in_words() -> None:
    told = [
        answer_words(text, str)
        for text in (
            "no answer within 8 s",
            "not reached: Connection refused",
            "HTTP 204",
            "310000 sign not match",
            "7 x",
            "the channel was removed",
        )
    ]

    assert told == [
        "8 秒内没有回答", "连接不上（Connection refused）", "HTTP 204",
        "310000 sign not match · 不符合机器人的安全设置：请核对密钥、关键词“在岗”和允许的 IP", "7 x", "渠道已删除",
    ]  # fmt: skip
    assert [text for text in NOT_NEEDED if not answer_words(text, str).endswith("不必再发")] == []
