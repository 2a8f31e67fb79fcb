"""What an operator should look into, as a page tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.findings import FindingKind
from hub.web.findings.words import FINDING_WORDS

if TYPE_CHECKING:
    from tests.hub.pages.hub_under_test import HubUnderTest
    from tests.hub.pages.onlooker import Onlooker


def test_every_kind_of_finding_has_words_and_something_to_do() -> None:
    assert FINDING_WORDS.keys() == {*FindingKind}


@pytest.mark.browser
def test_a_finding_says_what_it_is_whose_it_is_and_what_to_do(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    onlooker.find(".filters > a").send_keys("\n")

    onlooker.wait(lambda: onlooker.chrome.current_url.endswith("/findings"))
    told = " ".join(onlooker.text("#found").split())
    assert "记录缺失 市图书馆学雷锋志愿服务点" in told
    assert "若能找到终端的旧存储卡" in told
    assert "3月5日周四 09:40" in told
    assert "未登记的终端" in told
    assert "7 次" in told
    assert "数据库不能写入" in onlooker.text("#found table")


@pytest.mark.browser
def test_what_is_found_and_what_is_over_comes_to_the_open_page(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(f"{hub.address}/findings?lang=en")
    findings = hub.source.findings

    findings.report(FindingKind.BROKER, "broker", "the broker does not answer")
    onlooker.wait(lambda: "The broker cannot be reached" in onlooker.text("#found section"))
    for finding in findings.all():
        findings.end(finding.kind, finding.subject)

    onlooker.wait(lambda: onlooker.text("#found section").strip().endswith("Nothing to look into"))
    assert "The broker cannot be reached" in onlooker.text("#found table")


@pytest.mark.browser
def test_the_board_counts_what_waits_and_says_nothing_where_nothing_does(hub: HubUnderTest, onlooker: Onlooker) -> None:
    onlooker.open(hub.address)
    findings = hub.source.findings
    assert onlooker.text(".filters > a") == "待查事项 2"

    findings.report(FindingKind.BROKER, "broker", "the broker does not answer")
    onlooker.wait(lambda: onlooker.text(".filters > a") == "待查事项 3")
    for finding in findings.all():
        findings.end(finding.kind, finding.subject)

    onlooker.wait(lambda: onlooker.text(".filters > a") == "待查事项")
    assert onlooker.complaints() == []
