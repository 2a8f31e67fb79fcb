"""The robots of 企业微信, 钉钉 and 飞书: what each is sent, and what its answer means.

All three answer HTTP 200 also to what they refuse: only the code in the JSON says whether it was taken. Sources: the
vendors' pages on group robots (企业微信 developer.work.weixin.qq.com/document/path/91770, 钉钉 open.dingtalk.com
"自定义机器人", 飞书 open.feishu.cn "自定义机器人使用指南").
"""

import base64
import hashlib
import hmac
import json
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from hub.alarms.channel import AlarmMessage, Receipt
from hub.alarms.posting import TIMEOUT_S, HttpReply, post
from hub.alarms.words import messages_text
from station.alarms import What
from station.milliseconds import ms_of

A_MINUTE: Final = 18  # 企业微信 and 钉钉 take 20; the window of theirs is not ours
MOST_TEXT: Final = 2048  # bytes; 企业微信 takes no more, the others do
_SAID: Final = 120
_SHORTEST_KEY: Final = 8


class RobotPost(NamedTuple):
    """What is posted, and where."""

    url: str
    body: dict[str, Any]


Calling = Callable[["Robot", str, tuple[str, ...], datetime], RobotPost]


@dataclass(frozen=True, slots=True)
class Robot:
    """One robot; a `Channel`."""

    url: str
    secret: str
    mobiles: tuple[str, ...]
    zone: ZoneInfo
    calling: Calling
    code_names: tuple[str, ...]
    """Under which names its answer has the code; 0 is taken."""
    timeout_s: float = TIMEOUT_S
    most: int = 1000
    a_minute: int = A_MINUTE

    def send(self, messages: Sequence[AlarmMessage], now: datetime) -> Receipt:
        """Deliver these as one."""
        calls = any(message.what != What.ENDED for message in messages)
        mobiles = self.mobiles if calls else ()
        call = self.calling(self, messages_text(messages, self.zone, MOST_TEXT - 16 * len(mobiles)), mobiles, now)
        body = json.dumps(call.body, ensure_ascii=False).encode()
        reply = post(call.url, body, {"Content-Type": "application/json; charset=utf-8"}, self.timeout_s)
        found = receipt_of(reply, self.code_names)
        return found._replace(text=_veiled(found.text, self.url, self.secret))


def receipt_of(reply: HttpReply, code_names: tuple[str, ...]) -> Receipt:
    """Whether it was taken: only by a code of 0 in the body."""
    if reply.trouble:
        return Receipt(is_taken=False, text=reply.trouble)
    try:
        said = json.loads(reply.body)
    except (ValueError, RecursionError):
        said = None
    code = next((said[name] for name in code_names if name in said), None) if isinstance(said, dict) else None
    if code is None:
        return Receipt(is_taken=False, text=f"HTTP {reply.status} without a code")
    words = str(said.get("errmsg") or said.get("msg") or said.get("StatusMessage") or "")[:_SAID]
    is_taken = type(code) is int and code == 0 and reply.status == HTTPStatus.OK
    if code == 0 and reply.status != HTTPStatus.OK:
        words = f"(HTTP {reply.status}) {words}"
    told = "".join(
        char if char.isprintable() else "?" for char in f"{str(code)[:_SAID]} {words}"
    )  # what no database keeps, too
    return Receipt(is_taken, told.strip())


def _veiled(text: str, url: str, secret: str) -> str:
    """Without what is secret, should a server say it back."""
    parts = urllib.parse.urlsplit(url)
    asked = [value for values in urllib.parse.parse_qs(parts.query).values() for value in values]
    for hidden in (secret, *asked, *parts.path.split("/")):
        if len(hidden) >= _SHORTEST_KEY:
            text = text.replace(hidden, "...")
    return text


def call_wecom(robot: Robot, text: str, mobiles: tuple[str, ...], _: datetime) -> RobotPost:
    """企业微信: no signature, the key in the address is all."""
    told: dict[str, Any] = {"content": text}
    if mobiles:
        told["mentioned_mobile_list"] = list(mobiles)
    return RobotPost(robot.url, {"msgtype": "text", "text": told})


def call_dingtalk(robot: Robot, text: str, mobiles: tuple[str, ...], now: datetime) -> RobotPost:
    """钉钉: signed in the address; whom it calls stands in the text too."""
    url = robot.url
    if robot.secret:
        stamp = str(ms_of(now))
        proof = _proof(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode())
        url += "&" + urllib.parse.urlencode({"timestamp": stamp, "sign": proof})
    called = "".join(f"\n@{mobile}" for mobile in mobiles)
    body = {"msgtype": "text", "text": {"content": text + called}, "at": {"atMobiles": list(mobiles), "isAtAll": False}}
    return RobotPost(url, body)


def call_feishu(robot: Robot, text: str, _: tuple[str, ...], now: datetime) -> RobotPost:
    """飞书: signed in the body, by a key of moment and secret over nothing."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if robot.secret:
        stamp = str(int(now.timestamp()))
        body |= {"timestamp": stamp, "sign": _proof(f"{stamp}\n{robot.secret}".encode(), b"")}
    return RobotPost(robot.url, body)


def _proof(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
