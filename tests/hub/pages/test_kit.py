"""What pages are put together from, by itself."""

from __future__ import annotations

import httpx2
import pytest

from hub.findings import FindingKind, Findings
from hub.web.kit.paging import page_of
from station.clock import Clock, boottime_s
from tests.hub.pages.board_source import MORNING, FakeBoardSource
from tests.hub.pages.hub_under_test import HubUnderTest


@pytest.mark.parametrize(
    ("asked", "number"),
    [(None, 1), ("1", 1), ("3", 3), ("4", 3), ("0", 1), ("-1", 1), ("two", 1), ("²", 1), ("9" * 5000, 1)],
)
def test_a_page_of_a_list_is_the_nearest_there_is(asked: str | None, number: int) -> None:
    shown = page_of(list(range(25)), asked, most=10)

    assert (shown.number, shown.pages, shown.total) == (number, 3, 25)
    assert list(shown.rows) == list(range(25))[(number - 1) * 10 : number * 10]


def test_a_list_of_nothing_is_one_page() -> None:
    assert page_of([], "7").pages == 1


def test_what_is_over_comes_in_pages() -> None:
    source = FakeBoardSource()
    source.findings = Findings(Clock(began_at=MORNING, anchor_s=boottime_s()))
    for i in range(120):
        source.findings.report(FindingKind.UNKNOWN_KIOSK, f"zg-{i:03}", "a kiosk that is not entered speaks")
        source.findings.end(FindingKind.UNKNOWN_KIOSK, f"zg-{i:03}")
    with HubUnderTest(source) as hub, httpx2.Client(base_url=hub.address, trust_env=False, timeout=60) as client:
        first, last = client.get("/inbox/over").text, client.get("/inbox/over?page=3").text

    assert first.count("zg-") == 50
    assert 'href="?page=2"' in first
    assert last.count("zg-") == 20
    assert "第 3 页，共 3 页" in last


def test_the_tabs_words_can_be_asked_for_alone() -> None:
    with (
        HubUnderTest(FakeBoardSource()) as hub,
        httpx2.Client(base_url=hub.address, trust_env=False, timeout=60) as client,
    ):
        assert client.get("/title").text == "(2 无人) 云州市"
        assert client.get("/title?district=南山区&lang=en").text == "云州市 · On duty"
