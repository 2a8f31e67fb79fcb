"""What the robots are sent, and that only their own yes is taken for one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import urllib.parse
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.alarms.addresses import Sort, SoundAddress, channel_of
from hub.alarms.channel import TEST, AlarmMessage
from hub.alarms.robots import Robot
from hub.alarms.web_hook import WebHook, key_of, new_secret
from hub.alarms.words import messages_text
from simulator.robot_server import TOO_FAST, robot_server
from station.alarms import Lack, What

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 5, 1, 12, tzinfo=UTC)
VACANT = AlarmMessage(
    7, What.RAISED, Lack.VACANT, alarm=3, code="S-01", station="城东", on_duty=0, wanted=1, since=NOW, at=NOW
)  # fmt: skip
SAID = "【在岗】城东：09:12 起无人在岗，在岗 0 人，最低 1 人"


def robot(sort: Sort, url: str, secret: str = "", mobiles: tuple[str, ...] = ()) -> Robot:
    made = channel_of(SoundAddress(sort, url, secret, mobiles), ZONE)
    assert isinstance(made, Robot)
    return replace(made, timeout_s=0.3)


def test_wecom_is_told_whom_to_call() -> None:
    with robot_server() as server:
        answer = robot(Sort.WECOM, server.url + "/send?key=k", mobiles=("13800000000",)).send([VACANT], NOW)

    assert answer == (True, "0 ok")
    assert server.asked[0].path == "/send?key=k"
    assert server.asked[0].told == {
        "msgtype": "text", "text": {"content": SAID, "mentioned_mobile_list": ["13800000000"]},
    }  # fmt: skip


def test_dingtalk_is_signed_in_the_address_and_calls_in_the_text() -> None:
    with robot_server() as server:
        channel = robot(Sort.DINGTALK, server.url + "/robot/send?access_token=t", "SECx", ("13800000000",))
        answer = channel.send([VACANT], NOW)

    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(server.asked[0].path).query)
    stamp = str(int(NOW.timestamp() * 1000))
    proof = base64.b64encode(hmac.new(b"SECx", f"{stamp}\nSECx".encode(), hashlib.sha256).digest()).decode()
    assert answer.is_taken
    assert asked == {"access_token": ["t"], "timestamp": [stamp], "sign": [proof]}
    assert server.asked[0].told["text"]["content"] == SAID + "\n@13800000000"
    assert server.asked[0].told["at"] == {"atMobiles": ["13800000000"], "isAtAll": False}


def test_feishu_is_signed_in_the_body() -> None:
    with robot_server((200, '{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}')) as server:
        answer = robot(Sort.FEISHU, server.url, "s3").send([VACANT], NOW)

    told = server.asked[0].told
    stamp = str(int(NOW.timestamp()))
    proof = base64.b64encode(hmac.new(f"{stamp}\ns3".encode(), b"", hashlib.sha256).digest()).decode()
    assert answer.is_taken
    assert told == {"timestamp": stamp, "sign": proof, "msg_type": "text", "content": {"text": SAID}}


@pytest.mark.parametrize(
    ("sort", "reply", "said"),
    [
        (Sort.WECOM, (200, TOO_FAST), "45009 api freq out of limit"),
        (Sort.WECOM, (500, "oops"), "HTTP 500 without a code"),
        (Sort.WECOM, (500, '{"errcode":0,"errmsg":"ok"}'), "0 (HTTP 500) ok"),
        (Sort.WECOM, (200, "<html>"), "HTTP 200 without a code"),
        (Sort.WECOM, (200, "[0]"), "HTTP 200 without a code"),
        (Sort.WECOM, (200, "{}"), "HTTP 200 without a code"),
        (Sort.WECOM, (200, '{"errcode":false}'), "False"),
        (Sort.WECOM, (200, "[" * 60_000), "HTTP 200 without a code"),
        (Sort.WECOM, (200, '{"errcode":' + "[" * 900 + "]" * 900 + "}"), "[" * 120),
        (Sort.WECOM, (200, '{"errcode":1e999,"errmsg":{"errcode":0}}'), "inf {'errcode': 0}"),
        (Sort.WECOM, (302, ""), "HTTP 302 without a code"),
        (Sort.WECOM, None, "no answer within 0.3 s"),
        (Sort.WECOM, "cut", "HTTP 200 without a code"),
        (Sort.DINGTALK, (200, '{"errcode":310000,"errmsg":"sign not match"}'), "310000 sign not match"),
        (Sort.FEISHU, (200, '{"code":9499,"msg":"Bad Request","data":{}}'), "9499 Bad Request"),
        (Sort.FEISHU, (200, '{"StatusCode":0,"code":19021,"msg":"sign match fail"}'), "19021 sign match fail"),
    ],
)
def test_a_refusal_is_one_whatever_http_says(sort: Sort, reply: tuple[int, str] | str | None, said: str) -> None:
    with robot_server(reply) as server:
        answer = robot(sort, server.url + "/?key=hidden").send([VACANT], NOW)
        server.let_go.set()

    assert answer == (False, said)
    assert len(server.asked) == 1


def test_a_robot_that_is_not_there_is_an_answer_without_its_address() -> None:
    with robot_server() as server:
        url = server.url

    answer = robot(Sort.WECOM, url + "/?key=hidden").send([VACANT], NOW)

    assert answer == (False, "not reached: Connection refused")


def test_nobody_is_called_for_what_is_over() -> None:
    with robot_server() as server:
        robot(Sort.WECOM, server.url, mobiles=("13800000000",)).send([VACANT_OVER], NOW)

    assert server.asked[0].told["text"] == {"content": "【在岗】城东：已恢复，在岗 1 人"}


VACANT_OVER = replace(VACANT, what=What.ENDED, on_duty=1)


def test_a_web_hook_is_signed_as_the_standard_says_and_the_same_id_again() -> None:
    secret = new_secret()
    with robot_server((500, ""), (204, "")) as server:
        answers = [WebHook(server.url, secret).send([VACANT], NOW) for _ in range(2)]

    first, again = server.asked
    key = key_of(secret)
    assert key is not None
    signed = f"msg_7.{int(NOW.timestamp())}.".encode() + first.body
    proof = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert answers == [(False, "HTTP 500"), (True, "HTTP 204")]
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == "msg_7"
    assert first.headers["webhook-signature"] == f"v1,{proof}"
    assert first.told["type"] == "alarm.raised"
    assert first.told["data"]["short_name"] == "城东"


def test_many_are_one_text_worst_first_and_no_longer_than_a_robot_takes() -> None:
    many = [replace(VACANT, number=n, station=f"第{n}站", lack=Lack.SHORT, wanted=2) for n in range(400)]

    text = messages_text([*many, replace(VACANT, number=999)], ZONE, 2048)

    assert text.startswith("【在岗】401 条提醒\n城东：09:12 起无人在岗")
    assert len(text.encode()) <= 2048
    assert text.endswith(" 条，请看在岗页面")
    assert messages_text([AlarmMessage(1, TEST, Lack.VACANT)], ZONE, 2048) == "【在岗】测试消息：此渠道可以送达"


def test_many_of_one_district_that_lack_the_same_are_one_line() -> None:
    east = [replace(VACANT, number=n, station=f"东{n}", district="东湖区") for n in range(1, 14)]
    later = replace(east[3], since=NOW + timedelta(minutes=2))
    west = [replace(VACANT, number=20 + n, station=f"西{n}", district="西岭区") for n in range(3)]
    risen = [replace(one, number=40 + one.number, what=What.ESCALATED) for one in east[:4]]
    fewer = replace(VACANT, number=60, station="东99", district="东湖区", on_duty=1, wanted=2)
    over = [replace(one, number=70 + one.number, what=What.ENDED, on_duty=1) for one in east[:5]]

    text = messages_text([*over, *risen, *east[:3], later, *east[4:], *west, fewer], ZONE, 2048)

    assert text.splitlines() == [
        "【在岗】26 条提醒",
        "东湖区 13 站 09:12 至 09:14 起无人在岗：东1、东2、东3、东4、东5、东6、东7、东8、东9、东10、东11、东12 等",
        "西0：09:12 起无人在岗，在岗 0 人，最低 1 人",
        "西1：09:12 起无人在岗，在岗 0 人，最低 1 人",
        "西2：09:12 起无人在岗，在岗 0 人，最低 1 人",
        "东湖区 4 站 09:12 起无人在岗：东1、东2、东3、东4（仍未处理）",
        "东99：09:12 起低于最低人数，在岗 1 人，最低 2 人",
        "东湖区 5 站已恢复：东1、东2、东3、东4、东5",
    ]


def test_a_line_of_many_says_why_where_that_is_the_same_of_all_and_counts_as_many() -> None:
    east = [replace(VACANT, number=n, station=f"东{n}", district="东湖区", why="开门后无人到岗") for n in range(4)]

    assert (
        messages_text(east, ZONE, 2048).splitlines()[1]
        == "东湖区 4 站 09:12 起无人在岗：东0、东1、东2、东3；开门后无人到岗"
    )
    assert messages_text([*east, VACANT], ZONE, 150).splitlines()[-1] == "另有 1 条，请看在岗页面"
    assert messages_text([*east, VACANT], ZONE, 60) == "【在岗】5 条提醒\n5 条提醒，请看在岗页面"
