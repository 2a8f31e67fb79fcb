"""A parameter that the API does not read is refused: passed over, it would answer with the whole city."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.rights import Grant, Role

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

CITY = Grant(Role.CITY)
ROUTES = (
    "alarms", "board", "coverage", "inbox", "inbox/x/person", "shifts/lacking", "stations/ZG-02",
    "stations/ZG-02/coverage", "stations/ZG-02/shifts", "stations/ZG-02/taps",
)  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
def test_a_misspelt_parameter_is_refused_on_every_route(desks: GuardedHub, route: str) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        answer = client.get(f"/api/v1/{route}?distrct=D-1")

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("parameter 'distrct' is not known here")


def test_the_nearest_name_is_told_and_what_is_wanted(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        found = {
            query: client.get(f"/api/v1/{query}").json()["detail"]
            for query in ("coverage?form=2026-03-01", "stations/ZG-02?day=2026-03-04", "alarms?distrct=N", "board?x=1")
        }

    assert found["coverage?form=2026-03-01"] == (
        "parameter 'form' is not known here; the nearest is 'from'; wanted is one of from, to"
    )
    assert found["stations/ZG-02?day=2026-03-04"].endswith("; wanted is date")
    assert "the nearest is 'district'" in found["alarms?distrct=N"]
    assert found["board?x=1"].endswith("; wanted is none")


def test_a_parameter_given_twice_is_refused(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        answer = client.get("/api/v1/coverage?from=2026-03-01&from=2026-03-02")

    assert answer.status_code == 422
    assert answer.json()["detail"] == "parameter 'from' is given 2 times; wanted is once"


def test_who_may_not_ask_is_told_that_first(desks: GuardedHub) -> None:
    with desks.ask(desks.session("sun", Grant(Role.FEDERATION))) as client:
        assert client.get("/api/v1/alarms?distrct=N").status_code == 403


def test_a_language_may_be_asked_for(desks: GuardedHub) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        assert client.get("/api/v1/board?lang=en").status_code == 200
