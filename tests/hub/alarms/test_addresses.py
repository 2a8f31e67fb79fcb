"""What an operator pastes: taken as the vendor gives it, or refused with what is wanted."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.alarms.addresses import AddressError, Sort, understand

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=aa11"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/1234-abcd"
MAIL = "smtps://hub@mail.example.cn:465?from=hub@example.cn&to=office@example.cn"


@pytest.mark.parametrize(
    ("address", "secret", "mobiles", "sort"),
    [
        (WECOM, "", ("13800000000",), Sort.WECOM),
        (DINGTALK, "SECabc", ("+86-13800000000",), Sort.DINGTALK),
        (FEISHU, "abc", (), Sort.FEISHU),
        (WECOM.replace("qyapi.weixin.qq.com", "wework.example.gov.cn:8443"), "", ("13800000000",), Sort.WECOM),
        (DINGTALK.replace("https://oapi.dingtalk.com", "http://ding.example.gov.cn"), "SECabc", (), Sort.DINGTALK),
        (FEISHU.replace("open.feishu.cn", "feishu.example.cn"), "abc", (), Sort.FEISHU),
        ("https://hooks.example.cn/zaigang?x=1", "", (), Sort.WEB_HOOK),
        ("https://hooks.example.cn/robot/send?key=1", "", (), Sort.WEB_HOOK),
        (MAIL, "pass", (), Sort.MAIL),
    ],
)
def test_what_a_vendor_gives_is_taken_as_it_is(address: str, secret: str, mobiles: tuple[str, ...], sort: Sort) -> None:
    told = understand(address, secret, mobiles)

    assert (told.sort, told.address, told.mobiles) == (sort, address, mobiles)
    assert told.made_secret == (sort is Sort.WEB_HOOK)


@pytest.mark.parametrize(
    ("address", "secret", "mobiles", "said"),
    [
        (WECOM.partition("?")[0], "", (), "like https://qyapi.weixin.qq.com/cgi-bin/webhook/send\\?key=\\.\\.\\."),
        (WECOM.replace("https", "http"), "", (), "found an address at qyapi.weixin.qq.com that is none"),
        (WECOM.replace("/send", ""), "", (), "found an address at qyapi.weixin.qq.com that is none"),
        (WECOM, "secret", (), "found a secret; wanted is none"),
        (DINGTALK, "secret", (), "begins with SEC"),
        (DINGTALK, "", ("someone",), "of 7 signs; wanted is 5 to 15 digits"),
        (FEISHU, "", ("13800000000",), "飞书"),
        ("https://hooks.example.cn/", "short", (), "whsec_"),
        ("https://hooks.example.cn/", "", ("13800000000",), "found a mobile number for hooks.example.cn"),
        ("ftp://example.cn/", "", (), "found ftp://example.cn .*; wanted is"),
        ("example", "", (), "no URL"),
        ("https://[", "", (), "no URL"),
        ("smtp://mail.example.cn", "", (), "found no sender"),
        (MAIL.replace("hub@mail", "hub:pass@mail"), "", (), "found a password in the address"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_wanted(
    address: str, secret: str, mobiles: tuple[str, ...], said: str
) -> None:
    with pytest.raises(AddressError, match=said):
        understand(address, secret, mobiles)


@given(st.text(), st.text())
def test_any_text_is_a_channel_or_a_sentence(address: str, secret: str) -> None:
    with contextlib.suppress(AddressError):
        understand(address, secret)
