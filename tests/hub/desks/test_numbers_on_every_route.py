"""No page, list, sheet, stream, answer of the API or export gives a telephone number to who may not call it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hub.rights import OF_ACCOUNTS, RIGHTS, Grant, Right, Role
from tests.hub.desks.test_desks import send
from tests.hub.desks.test_every_route import HOME, read_table, spelled, texts_of
from tests.hub.desks.test_telephones import CITY, agreed

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

OF_PEOPLE = {"13800001234": "home", "13800005678": "abroad"}
OF_STATIONS = {"13900001111": "home", "13900002222": "abroad"}
NUMBERS = re.compile("|".join([*OF_PEOPLE, *OF_STATIONS]))


def told(hub: GuardedHub, role: Role) -> dict[str, set[str]]:
    """By number where it stands, of all addresses that are no streams."""
    found: dict[str, set[str]] = {}
    with hub.ask(hub.session("one", Grant(role, HOME[role]))) as client:
        for entry in read_table():
            if entry.method != "GET" or entry.path.endswith("/live"):
                continue
            for path in {spelled(entry.path, abroad=abroad) for abroad in (False, True)}:
                for number in NUMBERS.findall(texts_of(client.get(path, params={"q": "138"}))):
                    found.setdefault(number, set()).add(path)
    return found


@pytest.mark.parametrize("role", sorted(OF_ACCOUNTS))
def test_a_number_is_given_to_who_may_call_it_and_to_nobody_else(desks: GuardedHub, role: Role) -> None:
    for person, number in zip(("p1", "p2"), OF_PEOPLE, strict=True):
        agreed(desks, person, number)
    with desks.ask(desks.session("wang", CITY)) as client:
        for code, number in zip(("ZG-02", "ZG-05"), OF_STATIONS, strict=True):
            send(client, f"/city/stations/{code}/enter", name=code, lead="张样")
            assert send(client, f"/city/stations/{code}/telephones", lead_telephone=number).status_code == 303

    found = told(desks, role)

    everywhere = role is Role.CITY
    wanted = {
        number
        for right, numbers in ((Right.CALL, OF_PEOPLE), (Right.HANDLE, OF_STATIONS))
        for number, place in numbers.items()
        if right in RIGHTS[role] and (place == "home" or everywhere)
    }
    assert found.keys() == wanted, found
