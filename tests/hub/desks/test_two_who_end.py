"""Whoever would end or take away what somebody has changed since is told, once; what they were not shown stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.alarm_tables import ChannelRow
from hub.database.transactions import table_of, writing
from hub.site_key import read_or_make_site_key
from tests.hub.desks.test_desks import CITY, send
from tests.hub.desks.test_telephones import agreed
from tests.hub.desks.test_two_who_edit import PAGES, SAME, carried, forms_of
from tests.hub.pages.board_source import MORNING, ZONE

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


FREE = "b2" * 16


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
    Ending("/kiosks/zg-02-a", "/claim", {"again": "1"}, "/kiosks/zg-02-a/claim", {"again": "1"}),
    Ending("/kiosks/zg-02-a", "/claim", {}, "/kiosks/zg-02-a/claim", {}),
    Ending("/system", "QIN/anew", {}, "/system/users", WITH_QIN, "已不是您看到的那样"),
    Ending("/people/p2", "/return", {}, "/people/p2/enter", {"full_name": "样本二"}),
    Ending("/city/stations/ZG-03", "/reopen", {}, "/city/stations/ZG-03/terms", {"minimum": "2", "target": "3"}),
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
    others = [
        asked.EnterCard(FREE, "iso14443a"), asked.EnterPerson("p3", "N3", full_name="样本3"),
        asked.SetMemberships("p3", frozenset({"ZG-02"})),
    ]  # fmt: skip
    with writing(hub.engine) as connection:
        assert not apply(connection, others, by="root", at=MORNING, zone=ZONE).refusals
    assert send(client, "/city/stations/ZG-03/close", on="2026-03-09").status_code == 303
    with_ca(hub)
    assert send(client, "/people/p2/leave", left_on="2026-03-01", why="来信").status_code == 303
    assert send(client, "/system/users", name="qin", role="lead", station="ZG-02").status_code == 200
    assert hub.reception is not None
    [qin] = [one.id for one in hub.reception.roster.accounts.values() if one.name == "qin"]
    return qin


def with_ca(hub: GuardedHub) -> None:
    """Kiosks are set up, and one of them has been."""
    assert hub.desk.claims is not None
    cabinet = hub.desk.claims.cabinet
    cabinet.make("site", MORNING)
    cabinet.issue_broker(["hub.example"], MORNING)
    read_or_make_site_key(hub.desk.claims.config.data_dir)


@pytest.mark.parametrize("ending", ENDINGS, ids=[f"{one.action} after {one.theirs}" for one in ENDINGS])
def test_the_second_is_told_before_anything_ends_that_the_first_has_changed(desks: GuardedHub, ending: Ending) -> None:
    with desks.ask(desks.session("wang", CITY)) as one, desks.ask(desks.session("wu", CITY)) as other:
        qin = peopled(desks, other)
        action = ending.action.replace("QIN", qin)
        mine = carried(one.get(ending.page), action, **ending.typed)
        path = path_of(one.get(ending.page), action)
        if ending.theirs:
            answer = other.post(ending.theirs, data=ending.fields, headers=SAME)
            assert answer.status_code in {200, 303}

        late = one.post(path, data=mine, headers=SAME)

        assert late.status_code == 409
        assert ending.who in late.text
        assert "请再提交一次" in late.text
        assert path_of(one.get(ending.page), action) == path  # it is still there to be ended
        again = one.post(path, data=carried(late, action, **ending.typed), headers=SAME)
        assert again.status_code in {200, 303}  # 200: it is done, and no broker is there to be told


def path_of(page: httpx2.Response, action: str) -> str:
    [found] = {one for one in re.findall(r'action="([^"]+)"', page.text) if one.endswith(action)}
    return found


@pytest.mark.parametrize("ending", ENDINGS[:6], ids=[one.action for one in ENDINGS[:6]])
def test_what_nobody_has_changed_since_ends_at_once(desks: GuardedHub, ending: Ending) -> None:
    with desks.ask(desks.session("wang", CITY)) as one:
        action = ending.action.replace("QIN", peopled(desks, one))
        page = one.get(ending.page)
        answer = one.post(path_of(page, action), data=carried(page, action, **ending.typed), headers=SAME)
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


def test_a_card_that_somebody_else_has_given_away_since_is_not_taken_from_them(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as one, desks.ask(desks.session("wu", CITY)) as other:
        peopled(desks, other)
        mine = carried(one.get("/people/p1"), "/people/p1/card", token=FREE)
        assert send(other, "/people/p3/card", token=FREE).status_code == 303

        late = one.post("/people/p1/card", data=mine, headers=SAME)

        assert late.status_code == 409
        assert "wu 在 2026-03-05" in late.text
        assert f"/people/p3/cards/{FREE}/lost" in one.get("/people/p3").text


HARMLESS = {
    r"/people/new|/kiosks|/system/(users|doors|channels)|/city/import": "enters what was not there; of two, one is refused",
    r".*/cards/\w+/(lost|found)|.*/grants/withdraw|.*/doors/\w+/shut|/me/.*": "names all that it changes",
    r"/kiosks/[\w-]+/ask/\w+|/people/\w+/(new-card|sign-in-link)": "asks something, once however often",
    r"/system/channels/\w+/test|/calendar/(holidays/)?look": "changes nothing of the city",
    r"/stations/[\w-]+/closing": "takes hours from what is open then, and looks at that as it writes",
}
"""Forms that carry nothing of what their page showed, and why nobody's work is lost by them."""
MORE = (
    "/calendar?station=ZG-02", "/calendar/holidays", "/kiosks/zg-02-a", "/stations/ZG-02/closing", "/people/p2",
    "/people/p1/new-card", "/system/channels", "/system/channels/office", "/city/stations/ZG-03",
    "/stations/ZG-02/shifts/week", "/stations/ZG-02/shifts/day?date=2026-03-10",
)  # fmt: skip


def test_every_form_carries_what_it_showed_or_there_is_a_reason(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        peopled(desks, client)
        found = [(page, one) for page in sorted({*PAGES, *MORE}) for one in forms_of(client, page)]

    lacking = [
        (page, one.action) for page, one in found
        if not any(name in {"was", "seen"} or name.startswith("was-") for name in one.values)
        and not any(re.fullmatch(rule, one.action or page) for rule in HARMLESS)
    ]  # fmt: skip
    assert len(found) > 40
    assert lacking == []
