"""The numbers of a station and its lead, entered by whoever may change the station."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from hub.changing import personal
from hub.changing.commands import CityCommand
from hub.register.telephones import Whose
from hub.rights import Right, open_to
from hub.sealing import SealError
from hub.typed import cells
from hub.web.calling.router import station_numbers
from hub.web.city.stations import ShownStation
from hub.web.desk.desk import Desk
from hub.web.desk.meanwhile import changed_meanwhile, last_change
from hub.web.desk.page import DeskPages
from hub.web.desk.reading import Typed
from hub.web.kit.forms import Form
from hub.web.kit.leading import lead_to

FindStation = Callable[[Request, str], Awaitable[ShownStation]]
ShowStation = Callable[[Request, ShownStation, Form | None], Awaitable[Response]]

FIELDS = {Whose.LEAD: "lead_telephone", Whose.STATION: "telephone"}


def shown_numbers(connection: Connection, desk: Desk, code: str) -> dict[str, str]:
    """By the form's fields; one that cannot be read is not there."""
    numbers = station_numbers(connection, desk, code, may_call=True)
    return {FIELDS[number.whose]: number.shown for number in numbers if number.call}


def telephone_commands(connection: Connection, desk: Desk, code: str, typed: Typed) -> list[CityCommand]:
    """What the form asks for.

    Raises:
        SealError: there is no key, or not that of the numbers that are there.
    """
    wanted: list[CityCommand] = []
    for whose, field in FIELDS.items():
        number = typed.text(field, cells.telephone)
        sealed = desk.telephones.seal(connection, whose, code, number) if number else None
        wanted.append(personal.SetTelephone(whose, code, sealed))
    return wanted


def add_telephones(router: APIRouter, pages: DeskPages, desk: Desk, find: FindStation, show: ShowStation) -> None:
    """Add the form's route; before those that take any act."""

    @router.post("/stations/{code}/telephones")
    @open_to(Right.PLACES)
    async def telephones(request: Request, code: str) -> Response:
        found, typed, wanted = await find(request, code), await pages.typed(request), list[CityCommand]()

        def meanwhile(connection: Connection) -> dict[str, str]:
            now = dict.fromkeys(FIELDS.values(), "") | shown_numbers(connection, desk, code)
            return changed_meanwhile(
                typed.form, now, typed.kit, last_change(connection, ["set_telephone"], station=code)
            )

        try:
            wanted = await desk.read(lambda c: telephone_commands(c, desk, code, typed))
        except SealError as exc:
            typed.wrong["telephone"] = typed.kit.told(exc.said)
        again = await desk.save(typed, wanted, meanwhile)
        return await show(request, found, again) if again else lead_to(f"/city/stations/{code}?done=1")
