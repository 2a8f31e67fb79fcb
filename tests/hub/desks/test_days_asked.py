"""A day that somebody asks for is read alike everywhere: pages pass over what is none or say so, the API refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.rights import Grant, Role

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

CITY = Grant(Role.CITY)
NO_DAYS = ("soon", "2026-02-30", "20260304", "2026-W10-3", "2026-03-04T00:00", "1")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("stations/ZG-02", "date"), ("stations/ZG-02/taps", "date"), ("stations/ZG-02/coverage", "from"),
        ("stations/ZG-02/coverage", "to"), ("coverage", "from"), ("coverage", "to"), ("alarms", "first"), ("alarms", "last"),
    ],
)  # fmt: skip
def test_the_api_refuses_what_is_no_day_in_one_sentence(desks: GuardedHub, address: str, name: str) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        answers = {found: client.get(f"/api/v1/{address}", params={name: found}) for found in NO_DAYS}

    for found, answer in answers.items():
        assert answer.status_code == 422
        assert answer.json() == {"detail": f"parameter {name!r}: {found!r}; wanted is a day, as 2026-03-04"}


def test_a_day_that_is_not_said_is_told_in_one_sentence_too(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        answer = client.get("/api/v1/stations/ZG-02/taps")

    assert (answer.status_code, answer.json()) == (422, {"detail": "parameter 'date': Field required"})


@pytest.mark.parametrize(
    "address",
    [
        "/stations/ZG-02?date=", "/stations/ZG-02/day.csv?date=", "/stations/ZG-02/amend?date=", "/stations/ZG-02/month?month=",
        "/stations/ZG-02/shifts?date=", "/stations/ZG-02/shifts/day?date=", "/stations/ZG-02/shifts/week?from=",
        "/coverage?date=", "/coverage/stations/ZG-02?date=", "/alarms?first=", "/alarms?last=",
    ],
)  # fmt: skip
def test_no_page_fails_over_a_day(desks: GuardedHub, address: str) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        for found in (*NO_DAYS, "0001-01-01", "9999-12-31"):
            assert client.get(f"{address}{found}").status_code in {200, 404, 422}


def test_a_day_without_dashes_is_as_if_not_said(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        told = client.get("/coverage/stations/ZG-02?span=day&date=20260218").text

    assert "2026-02-18" not in told
    assert "2026-03-05" in told


def test_a_past_day_is_headed_by_its_year(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        for address in ("/stations/ZG-02?date=2026-03-04", "/stations/ZG-02/amend?date=2026-03-04"):
            assert "2026年3月4日周三" in client.get(address).text
            assert "Wed, Mar 4, 2026" in client.get(f"{address}&lang=en").text
        assert "1年1月1日" in client.get("/stations/ZG-02?date=0001-01-01").text
