"""A parameter that the API does not read is refused: passed over, it would answer with the whole city."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.rights import Grant, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.mark.parametrize("path", ["/api/v1/coverage", "/api/v1/stations/{code}/coverage"])
def test_the_description_says_of_every_figure_of_coverage_what_it_is_with_unit_example_and_errors(
    desks: GuardedHub, path: str
) -> None:
    with desks.ask(desks.session("li", CITY)) as client:
        told = client.get("/openapi.json").json()
        route, schemas = told["paths"][path]["get"], told["components"]["schemas"]

        def behind(schema: object) -> Iterator[str]:
            """The names of all that an answer is made of."""
            parts = (
                schema.items() if isinstance(schema, dict) else enumerate(schema if isinstance(schema, list) else ())
            )
            for key, part in parts:
                if key == "$ref":
                    name = part.rpartition("/")[2]
                    yield from (name, *behind(schemas[name]))
                yield from behind(part)

        asked = {one["name"]: (one["description"], one["schema"]["examples"]) for one in route["parameters"]}
        assert {"from", "to"} <= asked.keys()
        assert all(words and examples for words, examples in asked.values())
        answers = {name: schemas[name] for name in behind(route["responses"]["200"]) if "properties" in schemas[name]}
        assert len(answers) >= 3
        unsaid = [
            f"{name}.{field}" for name, answer in answers.items()
            for field, said in answer["properties"].items() if not said.get("description")
        ]  # fmt: skip
        assert not unsaid
        assert all("seconds" in said["description"] for said in answers["SecondsAnswer"]["properties"].values())
        assert all(said["examples"] for said in answers["SecondsAnswer"]["properties"].values())
        assert {"401", "403", "422"} <= route["responses"].keys()
        for asking in ("from=2026-13-40", "from=2026-03-02&to=2026-03-01", "x=1"):
            answer = client.get(f"{path.format(code='ZG-02')}?{asking}")
            assert (answer.status_code, type(answer.json()["detail"])) == (422, str)
