"""What an operator pastes for a channel: which sort it is, by its host, and whether it can be one at all.

AddressError    it cannot; the text says what was found and is wanted, and never what is secret of it
"""

import re
import urllib.parse
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from hub.alarms.channel import Channel
from hub.alarms.mailbox import Mailbox
from hub.alarms.robots import Robot, call_dingtalk, call_feishu, call_wecom
from hub.alarms.web_hook import WebHook, key_of, new_secret
from hub.errors import HubError
from hub.saying import say


class AddressError(HubError):
    """What was given cannot be a channel; the text says why, and what would.

    Attributes:
        said: that text.
        field: in what of it: `address`, `secret` or `mobiles`.
    """

    def __init__(self, said: str, field: str = "address") -> None:
        super().__init__(said)
        self.said, self.field = said, field


class Sort(StrEnum):
    """What a channel is."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEB_HOOK = "web_hook"
    MAIL = "mail"


class _Vendor(NamedTuple):
    sort: Sort
    name: str
    path: re.Pattern[str]
    key: str
    wanted: str
    schemes: tuple[str, ...] = ("https",)


_FEISHU: Final = re.compile(r"/open-apis/bot/v2/hook/[A-Za-z0-9-]+")
_VENDORS: Final = {
    "qyapi.weixin.qq.com": _Vendor(
        Sort.WECOM, "企业微信", re.compile("/cgi-bin/webhook/send"), "key",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=...",
    ),
    "oapi.dingtalk.com": _Vendor(
        Sort.DINGTALK, "钉钉", re.compile("/robot/send"), "access_token",
        "https://oapi.dingtalk.com/robot/send?access_token=...",
    ),
    "open.feishu.cn": _Vendor(Sort.FEISHU, "飞书", _FEISHU, "", "https://open.feishu.cn/open-apis/bot/v2/hook/..."),
    "open.larksuite.com": _Vendor(
        Sort.FEISHU, "Lark", _FEISHU, "", "https://open.larksuite.com/open-apis/bot/v2/hook/..."
    ),
}  # fmt: skip
_NO_URL: Final = "found no URL with a host; wanted is the address as the robot's page shows it"
_MOBILE: Final = re.compile(r"(\+\d{1,3}-)?\d{5,15}")


class SoundAddress(NamedTuple):
    """An address that can stand.

    Attributes:
        made_secret: whether the secret was made here, so that the operator must be told.
    """

    sort: Sort
    address: str
    secret: str
    mobiles: tuple[str, ...]
    made_secret: bool = False


def understand(address: str, secret: str = "", mobiles: tuple[str, ...] = ()) -> SoundAddress:
    """What the operator gave.

    Raises:
        AddressError: it cannot be a channel.
    """
    try:
        parts = urllib.parse.urlsplit(address)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError as exc:
        raise AddressError(say(_NO_URL)) from exc
    if not host or any(sign.isspace() for sign in address):
        raise AddressError(say(_NO_URL))
    for mobile in mobiles:
        if not _MOBILE.fullmatch(mobile):
            said = "found a mobile number of {count} {count:sign|signs}; wanted is 5 to 15 digits, as 13800000000"
            raise AddressError(say(said, count=len(mobile)), "mobiles")
    vendor = _VENDORS.get(host) or _own_house(parts)
    if vendor is not None:
        return _of_vendor(vendor, parts, secret, mobiles)
    if mobiles:
        said = "found a mobile number for {host}; wanted is none: only the robots of 企业微信 and 钉钉 call by number"
        raise AddressError(say(said, host=host), "mobiles")
    if parts.scheme in {"smtp", "smtps"}:
        return _of_mail(parts, secret)
    return _of_hook(parts, secret)


def _own_house(parts: urllib.parse.SplitResult) -> _Vendor | None:
    """Whose robot it is where a city runs the vendor's server itself (政务微信, 专有钉钉): known by its path.

    As a web hook it would be one whose every refusal is taken for a yes.
    """
    asked, is_web = urllib.parse.parse_qs(parts.query), parts.scheme in {"http", "https"}
    return next(
        (
            one._replace(schemes=("http", "https"))
            for one in _VENDORS.values()
            if is_web and one.path.fullmatch(parts.path) and (not one.key or one.key in asked)
        ),
        None,
    )


def _of_vendor(vendor: _Vendor, parts: urllib.parse.SplitResult, secret: str, mobiles: tuple[str, ...]) -> SoundAddress:
    key = urllib.parse.parse_qs(parts.query).get(vendor.key, [""])[0]
    is_whole = parts.scheme in vendor.schemes and vendor.path.fullmatch(parts.path) and (key or not vendor.key)
    if not is_whole or parts.username or parts.fragment:
        said = (
            "found an address at {host} that is none of a robot of {vendor}; wanted is the whole of one like {wanted}"
        )
        raise AddressError(say(said, host=parts.hostname, vendor=vendor.name, wanted=vendor.wanted))
    if vendor.sort is Sort.WECOM and secret:
        raise AddressError(say("found a secret; wanted is none: a robot of 企业微信 has all in its address"), "secret")
    if vendor.sort is Sort.DINGTALK and secret and not secret.startswith("SEC"):
        raise AddressError(
            say("found a secret that begins otherwise; wanted is that of 钉钉, 安全设置, 加签: it begins with SEC"),
            "secret",
        )
    if vendor.sort is Sort.FEISHU and mobiles:
        raise AddressError(
            say("found a mobile number; wanted is none: a robot of 飞书 cannot call by number"), "mobiles"
        )
    return SoundAddress(vendor.sort, urllib.parse.urlunsplit(parts), secret, mobiles)


def _of_hook(parts: urllib.parse.SplitResult, secret: str) -> SoundAddress:
    if parts.scheme not in {"http", "https"} or parts.username or parts.fragment:
        said = (
            "found {scheme}://{host} with a user or a #, or of another kind; wanted is the address of a robot of "
            "企业微信, 钉钉 or 飞书, a web hook's (https://...), or a mailbox's (smtp://HOST:25?from=...&to=...)"
        )
        raise AddressError(say(said, scheme=parts.scheme, host=parts.hostname))
    if secret and key_of(secret) is None:
        said = "found a secret of {count} {count:sign|signs}; wanted is whsec_ and base64 of 24 to 64 bytes, or none"
        raise AddressError(say(said, count=len(secret)), "secret")
    return SoundAddress(
        Sort.WEB_HOOK, urllib.parse.urlunsplit(parts), secret or new_secret(), (), made_secret=not secret
    )


def _of_mail(parts: urllib.parse.SplitResult, secret: str) -> SoundAddress:
    asked = urllib.parse.parse_qs(parts.query)
    ends = [asked.get(name, [""])[0] for name in ("from", "to")]
    if not all(re.fullmatch(r"[^@\s,<>]+@[^@\s,<>]+", end) for end in ends):
        raise AddressError(
            say(
                "found no sender, or no addressee; wanted is smtps://USER@HOST:465?from=hub@example.cn&to=office@example.cn"
            )
        )
    if parts.password:
        raise AddressError(say("found a password in the address; wanted is it as the secret"))
    if secret and not parts.username:
        raise AddressError(
            say("found a password without a user; wanted is smtps://USER@HOST:465?from=...&to=..."), "secret"
        )
    return SoundAddress(Sort.MAIL, urllib.parse.urlunsplit(parts), secret, ())


def channel_of(told: SoundAddress, zone: ZoneInfo) -> Channel:
    """The door itself."""
    address, secret, mobiles = told.address, told.secret, told.mobiles
    match told.sort:
        case Sort.WECOM:
            return Robot(address, secret, mobiles, zone, call_wecom, ("errcode",))
        case Sort.DINGTALK:
            return Robot(address, secret, mobiles, zone, call_dingtalk, ("errcode",))
        case Sort.FEISHU:
            return Robot(address, secret, mobiles, zone, call_feishu, ("code", "StatusCode"))
        case Sort.WEB_HOOK:
            return WebHook(address, secret)
        case Sort.MAIL:
            return Mailbox(address, secret, zone)
