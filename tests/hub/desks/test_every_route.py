"""Every address of the hub by every role, at home and abroad: what is refused, and that no answer tells of another's.

`routes.txt` is the table: method, address, right. A new address is entered there, or a test is red; what then holds for
it follows from its right. What each shows is its own tests' affair.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZipFile, is_zipfile

import pytest
from fastapi import APIRouter
from sqlalchemy import insert
from starlette.routing import Route

from hub.database.alarm_tables import AlarmRow, ChannelRow
from hub.database.transactions import table_of, writing
from hub.fleet.claim_codes import ClaimBook
from hub.health import health_routes
from hub.rights import NEEDS_NO_GRANT, OF_ACCOUNTS, RIGHTS, Grant, Reach, Right, Role, open_to, right_of
from hub.updates.serving import update_routes
from hub.updates.shelf import UpdateShelf
from hub.web.api.upkeep import upkeep_routes
from hub.web.kiosks.claim_api import claim_routes
from hub.web.site import make_site
from station.milliseconds import ms_of
from tests.hub.desks.coverage_days import a_day, a_gap, put
from tests.hub.pages.board_source import MORNING, ZONE
from tests.hub.pages.test_rights import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    import httpx2
    from fastapi import FastAPI

    from tests.hub.gate.conftest import GuardedHub

TABLE = Path(__file__).with_name("routes.txt")
SAME = {"Sec-Fetch-Site": "same-origin"}
YESTERDAY = (MORNING.astimezone(ZONE)).date().replace(day=4)
HOME = {
    Role.CITY: Reach(), Role.COUNTY: Reach("D-1"), Role.AUTHORITY: Reach("D-1", "bank"), Role.FEDERATION: Reach("D-1"),
    Role.LEAD: Reach(station="ZG-02"), Role.INSTALLER: Reach("D-1"), Role.VOLUNTEER: Reach(),
}  # fmt: skip
"""Of whom each is; that of the federation is a part of the city here, which nobody is given, and holds all the same."""
WHERE = {
    "code": ("ZG-02", "ZG-05"), "person": ("p1", "p2"), "kiosk": ("zg-02-a", "zg-05-a"),
    "number": ("1", "2"), "name": ("northern", "southern"), "day": ("2026-03-06",) * 2, "form": ("csv",) * 2,
    "table": ("stations",) * 2,
}  # fmt: skip
"""What stands in an address: at home, and abroad; what is not here is nobody's."""
TELLING = re.compile(r"ZG-0[5-9]|ZG-1\d|zg-05-a|样本2|市图书馆|southern")
"""What only somebody of another district may be told; so is the whole city's own."""


class Entry(NamedTuple):
    """A line of the table."""

    method: str
    path: str
    right: Right


def entries_of(site: FastAPI) -> set[Entry]:
    found = set()
    for route in walk(site.routes):
        assert isinstance(route, Route)
        right = right_of(route.endpoint)
        assert right is not None, route.path
        found |= {Entry(method, route.path, right) for method in route.methods or () if method != "HEAD"}
    return found


def read_table() -> list[Entry]:
    lines = (line.split() for line in TABLE.read_text(encoding="utf-8").splitlines())
    return [Entry(method, path, Right(right)) for method, path, right in lines]


def whole_site(desks: GuardedHub, *more: APIRouter) -> FastAPI:
    """As `hub.app` puts it together."""
    desk = desks.desk
    assert isinstance(desk.claims, ClaimBook)
    own = [
        health_routes(dict, list), upkeep_routes(desks.source, desks.source.findings, list),
        update_routes(UpdateShelf(desk.claims.config.data_dir)), claim_routes(desk.claims, desk.engine),
    ]  # fmt: skip
    return make_site(
        desks.source, desks.broadcast, ZONE, desks.source.findings, more=[*own, *more], reception=desks.reception,
        desk=desk, oidc=desks.oidc,
    )  # fmt: skip


def test_every_address_stands_in_the_table(desks: GuardedHub) -> None:
    found = entries_of(whole_site(desks))

    missing = {" ".join(one) for one in found - set(read_table())}
    gone = {" ".join(one) for one in set(read_table()) - found if "/issuer" not in one.path}
    assert (missing, gone) == (set(), set()), f"tests/hub/desks/{TABLE.name} is to have every address, and no more"
    assert len(read_table()) == len(set(read_table()))


def test_an_address_that_is_not_in_the_table_is_seen(desks: GuardedHub) -> None:
    router = APIRouter()

    @router.get("/new/{code}")
    @open_to(Right.OBSERVE)
    async def forgotten(code: str) -> str:
        return code

    assert entries_of(whole_site(desks, router)) - set(read_table()) == {Entry("GET", "/new/{code}", Right.OBSERVE)}


def spelled(path: str, *, abroad: bool) -> str:
    """An address with something in each place of it."""
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: WHERE.get(found[1], ("none",) * 2)[abroad], path)


def status(client: httpx2.Client, entry: Entry, path: str) -> int:
    """What a request is answered; a stream is left at once."""
    with client.stream(entry.method, path, headers=SAME) as answer:
        return answer.status_code


@pytest.fixture
def city(desks: GuardedHub) -> GuardedHub:
    """With something of two districts in every list."""
    raised_ms = ms_of(MORNING)
    alarm = {
        "matter": "duty", "lack": "vacant", "level": 1, "since_ms": raised_ms, "raised_ms": raised_ms,
        "on_duty": 0, "wanted": 1,
    }  # fmt: skip
    channel = {"sort": "mail", "kind": "", "station": "", "by": "root", "made_ms": 0}
    with writing(desks.engine) as connection:
        for number, station in ((1, "ZG-02"), (2, "ZG-05")):
            connection.execute(insert(table_of(AlarmRow)), [{**alarm, "number": number, "station": station}])
        for name, district in (("northern", "D-1"), ("southern", "D-2")):
            row = {**channel, "name": name, "district": district, "address": f"{name}@mail.example"}
            connection.execute(insert(table_of(ChannelRow)), [row])
    days = [a_day(station, YESTERDAY, 2.0, "short") for station in ("ZG-02", "ZG-05")]
    put(desks.engine, days, [a_gap(station, YESTERDAY, "09:00", "11:00") for station in ("ZG-02", "ZG-05")])
    return desks


def test_nobody_gets_in_without_a_right(city: GuardedHub) -> None:
    """Each address by each role, and by who is nobody."""
    wrong = []
    city.invite("li", Grant(Role.CITY))  # until there is one, whoever sits there is let in
    assert city.reception is not None
    city.await_(city.reception.look(at_once=True))
    with city.ask() as nobody:
        for entry in read_table():
            if entry.right in NEEDS_NO_GRANT or entry.right is Right.LOCAL or "/issuer" in entry.path:
                continue
            got = status(nobody, entry, spelled(entry.path, abroad=False))
            if got not in {303, 401}:
                wrong.append((got, "nobody", *entry))
    for role in sorted(OF_ACCOUNTS):
        with city.ask(city.session(f"a {role}", Grant(role, HOME[role]))) as client:
            for entry in read_table():
                if entry.right in NEEDS_NO_GRANT or entry.right in RIGHTS[role] | {Right.LOCAL}:
                    continue
                got = status(client, entry, spelled(entry.path, abroad=False))
                if got != 403 and not (entry.path == "/" and got == 303):  # led home
                    wrong.append((got, role, *entry))

    assert wrong == []


def test_who_has_the_right_elsewhere_is_told_that_there_is_nothing(city: GuardedHub) -> None:
    wrong, asked = [], 0
    for role in (Role.COUNTY, Role.AUTHORITY, Role.FEDERATION, Role.LEAD, Role.INSTALLER):
        with city.ask(city.session(f"a {role}", Grant(role, HOME[role]))) as client:
            for entry in abroad(role):
                asked += 1
                got = status(client, entry, spelled(entry.path, abroad=True))
                if got != 404 and not (
                    got == 422 and entry.path.startswith("/api/")
                ):  # what was sent is looked at first
                    wrong.append((got, role, *entry))

    assert wrong == []
    assert asked > 100


def abroad(role: Role) -> Iterable[Entry]:
    """What names a station, person, kiosk, alarm or channel, and asks for a right that a role has somewhere."""
    for entry in read_table():
        names = set(re.findall(r"\{(\w+)", entry.path))
        is_one = names & {"code", "person", "kiosk"} or entry.path.startswith(("/alarms/{", "/system/channels/{"))
        if is_one and entry.right in RIGHTS[role] and entry.right not in {Right.SIGNED_IN, Right.LOCAL}:
            yield entry


def texts_of(answer: httpx2.Response) -> str:
    if not is_zipfile(io.BytesIO(answer.content)):
        return answer.text
    with ZipFile(io.BytesIO(answer.content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def told(client: httpx2.Client, role: Role, *, of_all: bool) -> dict[str, set[str]]:
    """What of another district each page, list, sheet and stream tells somebody who opens it."""
    found = {}
    for entry in read_table():
        if entry.method != "GET" or entry.right not in RIGHTS[role]:
            continue
        path = spelled(entry.path, abroad=of_all)
        if path.endswith("/live"):
            with client.stream("GET", path) as stream:
                text = (
                    next(line for line in stream.iter_lines() if line.startswith("data:")) if stream.is_success else ""
                )
        else:
            text = texts_of(client.get(path, params={"q": "样本"} if path == "/search" else {}))
        found[path] = set(TELLING.findall(text))
    return found


@pytest.mark.parametrize("role", [Role.COUNTY, Role.AUTHORITY, Role.FEDERATION, Role.LEAD, Role.INSTALLER])
def test_no_answer_tells_of_another_district(city: GuardedHub, role: Role) -> None:
    with city.ask(city.session("one", Grant(role, HOME[role]))) as client:
        tells = {path: said for path, said in told(client, role, of_all=False).items() if said}

    assert tells == {}


def test_the_whole_citys_office_is_told_of_it(city: GuardedHub) -> None:
    """Else the test above would be green because nothing is looked at."""
    with city.ask(city.session("one", Grant(Role.CITY))) as client:
        tells = {path for path, said in told(client, Role.CITY, of_all=True).items() if said}

    assert tells >= {
        "/", "/live", "/inbox", "/kiosks", "/people", "/city", "/coverage", "/alarms", "/system/history",
        "/system/channels", "/search", "/city/export.xlsx", "/api/v1/board", "/api/v1/inbox", "/coverage/sheets/stations.csv",
        "/api/v1/live", "/api/v1/findings", "/stations/ZG-05", "/people/p2", "/kiosks/zg-05-a", "/alarms/2", "/system/channels/southern",
    }  # fmt: skip
