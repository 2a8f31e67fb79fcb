"""Whoever would end or take away what somebody has changed since is told, once; what they were not shown stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from hub.database.alarm_tables import ChannelRow
from hub.database.transactions import table_of, writing
from tests.hub.desks.test_desks import CITY, send
from tests.hub.desks.test_telephones import agreed
from tests.hub.desks.test_two_who_edit import PAGES, SAME, carried, forms_of

if TYPE_CHECKING:
    import httpx2

    from tests.hub.gate.conftest import GuardedHub

CHANNEL = {
    "name": "office", "sort": "web_hook", "address": "https://hook.example", "district": "", "kind": "", "station": "",
    "by": "root", "made_ms": 0,
}  # fmt: skip
BY_NAME = re.compile(r"/cards/\w+/lost$|/grants/withdraw$|/doors/\w+/shut$|^/me/")
"""What names all that it takes away, which nobody else changes: a card, one right, a link, one's own."""
OTHER_DOOR = {"kiosk": "zg-02-a", "station": "ZG-02", "entrance": "侧门"}
WITH_QIN = {"name": "qin", "role": "lead", "station": "ZG-05"}


class Ending(NamedTuple):
    """A form of a page that ends something, and what somebody else does to it meanwhile."""

    page: str
    action: str
    typed: dict[str, str]
    theirs: str
    fields: dict[str, str]
    who: str = "wu 在 2026-03-05"


ENDINGS = [
    Ending("/system/channels/office", "/remove", {"sure": "1"}, "/system/channels/office/change", {"district": "D-2"}),
    Ending("/system", "QIN/end", {}, "/system/users", WITH_QIN, "已不是您看到的那样"),
    Ending("/kiosks", "zg-02-a/retire", {"on": "2026-03-06"}, "/kiosks", OTHER_DOOR),
    Ending("/kiosks/zg-02-a", "/revoke", {"sure": "1"}, "/kiosks", OTHER_DOOR),
    Ending("/kiosks/zg-02-a", "/replace", {"new": "zg-02-b"}, "/kiosks", OTHER_DOOR),
    Ending("/people/p1", "/leave", {}, "/people/p1/stations", {"stations": "ZG-02 ZG-04"}),
    Ending("/people/p1", "/leave", {}, "/people/p1/cards/" + "a1" * 16 + "/lost", {}),
    Ending("/people/p2", "/erase", {"confirm-number": "N2", "erase-why": "来信"}, "/people/p2/enter", {"full_name": "样本二"}),
    Ending("/people/p1", "/withdraw", {}, "/people/p1/telephone", {"telephone": "13900005678", "agreed_on": "2026-02-02"}),
    Ending("/city/stations/ZG-04", "/close", {}, "/city/stations/ZG-04/terms", {"minimum": "2", "target": "3"}),
]  # fmt: skip


def peopled(hub: GuardedHub, client: httpx2.Client) -> str:
    """With something of every sort to be taken away; returns the id of an account."""
    agreed(hub)
    with writing(hub.engine) as connection:
        connection.execute(table_of(ChannelRow).insert(), [CHANNEL])
    assert send(client, "/people/p2/leave", left_on="2026-03-01", why="来信").status_code == 303
    assert send(client, "/system/users", name="qin", role="lead", station="ZG-02").status_code == 200
    assert hub.reception is not None
    [qin] = [one.id for one in hub.reception.roster.accounts.values() if one.name == "qin"]
    return qin


@pytest.mark.parametrize("asked", ENDINGS, ids=[f"{one.action} after {one.theirs}" for one in ENDINGS])
def test_the_second_is_told_before_anything_ends_that_the_first_has_changed(desks: GuardedHub, asked: Ending) -> None:
    with desks.ask(desks.session("wang", CITY)) as one, desks.ask(desks.session("wu", CITY)) as other:
        qin = peopled(desks, other)
        action = asked.action.replace("QIN", qin)
        mine = carried(one.get(asked.page), action, **asked.typed)
        path = path_of(one.get(asked.page), action)
        if asked.theirs:
            answer = other.post(asked.theirs, data=asked.fields, headers=SAME)
            assert answer.status_code in {200, 303}

        late = one.post(path, data=mine, headers=SAME)

        assert late.status_code == 409
        assert asked.who in late.text
        assert "请再提交一次" in late.text
        assert path_of(one.get(asked.page), action) == path  # it is still there to be ended
        again = one.post(path, data=carried(late, action, **asked.typed), headers=SAME)
        assert again.status_code in {200, 303}  # 200: it is done, and no broker is there to be told


def path_of(page: httpx2.Response, action: str) -> str:
    [found] = {one for one in re.findall(r'action="([^"]+)"', page.text) if one.endswith(action)}
    return found


@pytest.mark.parametrize("asked", ENDINGS[:6], ids=[one.action for one in ENDINGS[:6]])
def test_what_nobody_has_changed_since_ends_at_once(desks: GuardedHub, asked: Ending) -> None:
    with desks.ask(desks.session("wang", CITY)) as one:
        action = asked.action.replace("QIN", peopled(desks, one))
        page = one.get(asked.page)
        answer = one.post(path_of(page, action), data=carried(page, action, **asked.typed), headers=SAME)
    assert answer.status_code in {200, 303}


def test_every_form_that_ends_something_knows_what_it_showed(desks: GuardedHub) -> None:
    pages = {*PAGES, *(one.page for one in ENDINGS), "/people/p1", "/calendar?station=ZG-02"}
    with desks.ask(desks.session("wang", CITY)) as client:
        peopled(desks, client)
        found = {(page, one.action): one for page in sorted(pages) for one in forms_of(client, page) if one.is_grave}

    assert len(found) > 9
    lacking = [
        where
        for where, one in found.items()
        if not {"was", "seen"} & one.values.keys() and not BY_NAME.search(where[1])
    ]
    assert lacking == []
