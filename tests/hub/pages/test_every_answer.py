"""What holds for every address: HEAD, packing, headers, and a page for each wrong address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from hub.web.kit.responses import takes_gzip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hub.pages.hub_under_test import HubUnderTest

ADDRESSES = ("/", "/stations/ZG-02", "/inbox", "/api/v1/board", "/live", "/nowhere", "/docs")


@pytest.fixture
def client(hub: HubUnderTest) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=hub.address, trust_env=False, timeout=60) as client:
        yield client


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_the_body(client: httpx2.Client, address: str) -> None:
    with client.stream("GET", address) as got:
        head = client.head(address)

        assert head.status_code == got.status_code
        assert head.headers["content-type"] == got.headers["content-type"]
        assert head.content == b""


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_type_is_guessed_and_nothing_is_kept_that_does_not_say_so(client: httpx2.Client, address: str) -> None:
    headers = client.head(address).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("GZIP", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("gzip;q=much", False),
        ("xgzip", False),
    ],
)
def test_only_who_takes_gzip_gets_it(accepted: str, *, takes: bool) -> None:
    assert takes_gzip(accepted) is takes


@pytest.mark.parametrize("address", ["/nowhere", "/stations/ZG-02/nothing", "/stations", "/finding?lang=zh"])
def test_a_wrong_address_is_a_page_that_says_what_to_do(client: httpx2.Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
    assert "请核对地址，或从全部站点中查找。" in answer.text
    assert "detail" not in answer.text
    assert "没有" not in client.get("/nowhere?lang=en").text


def test_what_cannot_be_done_with_an_address_is_a_page_too(client: httpx2.Client) -> None:
    answer = client.post("/")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert "这样打不开" in answer.text


def test_a_program_that_asks_wrongly_gets_json(client: httpx2.Client) -> None:
    answer = client.get("/api/v1/nowhere")

    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


def test_a_page_that_fails_says_so_in_words(hub: HubUnderTest, client: httpx2.Client) -> None:
    hub.source.rows["ZG-02"] = None  # type: ignore[assignment]  # what no page can show

    answer = client.get("/stations/ZG-02/day")

    assert answer.status_code == 500
    assert "中心出错了" in answer.text
