"""Two who send in one moment: both were looked at before either is written, and the second is told that it came too late."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from hub.database.amend_table import AmendRequest
from hub.database.history_table import ChangeRow
from hub.database.people_tables import Holding
from hub.web.desk.desk import Desk
from tests.hub.desks.test_amend_requests import VOLUNTEER, invited
from tests.hub.desks.test_amending_page import DAY, forgot
from tests.hub.desks.test_desks import LEAD, NORTH, rows, send
from tests.hub.desks.test_inbox import API, STRANGER, key_of, tapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx2

    from tests.hub.gate.conftest import GuardedHub

__all__ = ["forgot"]
SAME = {"Sec-Fetch-Site": "same-origin"}
HERE = "/stations/ZG-02/requests/1"
PUT_RIGHT = {"what": "leave", "time": "10:40", "why": "忘记刷卡", "sure": "1"}


@contextmanager
def in_one_moment() -> Iterator[None]:
    """Nobody writes before the other has come to it as well."""
    write, both = Desk.write, asyncio.Barrier(2)

    async def together(desk: Desk, work: Callable[[Any], Any]) -> Any:
        await asyncio.wait_for(both.wait(), 30)
        return await write(desk, work)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Desk, "write", together)
        yield


def at_once(*both: Callable[[], httpx2.Response]) -> list[httpx2.Response]:
    """What each is answered, who was first first."""
    with in_one_moment(), ThreadPoolExecutor(len(both)) as pool:
        return sorted(pool.map(lambda one: one(), both), key=lambda answer: answer.status_code)


@pytest.mark.parametrize("as_program", [False, True])
def test_a_new_card_is_given_to_the_one_who_is_named_first(desks: GuardedHub, as_program: bool) -> None:
    tapped(desks, STRANGER, "ZG-02")
    with desks.ask(desks.session("wang", NORTH)) as one, desks.ask(desks.session("wu", NORTH)) as other:
        for name in ("3", "4"):
            send(one, "/people/new", full_name=f"样本{name}", number=f"N{name}", stations="ZG-02")
        key = key_of(one, "card")
        people = [found["person"] for found in one.get(f"{API}/{key}/person").json() if found["number"] in {"N3", "N4"}]

        def say(client: httpx2.Client, person: str) -> httpx2.Response:
            if as_program:
                return client.post(f"{API}/{key}/person", json={"person": person}, headers=SAME)
            return send(client, f"/inbox/{key}/person", person=person)

        done, late = at_once(lambda: say(one, people[0]), lambda: say(other, people[1]))

    assert (done.status_code, late.status_code) == (204 if as_program else 303, 409)
    assert "这张卡刚刚已登记给别人，没有任何更改。" in late.text
    (held,) = rows(desks, Holding, token=STRANGER)
    assert (held["from_ms"], held["until_ms"]) == (0, None)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"answer": "已补记离岗"}, {"answer": "请联系站长"}),
        ({**PUT_RIGHT, "reply": "已更正"}, {**PUT_RIGHT, "time": "10:50", "reply": "已更正"}),
        ({"answer": "已补记离岗"}, {**PUT_RIGHT, "reply": "已更正"}),
    ],
)
def test_of_two_answers_to_one_request_the_second_is_not_called_done(
    forgot: GuardedHub, first: dict[str, str], second: dict[str, str]
) -> None:
    invited(forgot)
    with forgot.ask(forgot.session("n1", VOLUNTEER)) as client:
        send(client, "/me/taps", station="ZG-02", day=DAY, said="10:40 离岗，忘了刷")
    with forgot.ask(forgot.session("zhao", LEAD)) as one, forgot.ask(forgot.session("qian", LEAD)) as other:
        answers = at_once(lambda: send(one, HERE, **first), lambda: send(other, HERE, **second))

    assert [answer.status_code for answer in answers] == [303, 404]
    (row,) = rows(forgot, AmendRequest)
    assert row["answer"] in {first.get("answer", first.get("reply")), second.get("answer", second.get("reply"))}
    assert len(rows(forgot, ChangeRow, what="add_tap")) <= 1
