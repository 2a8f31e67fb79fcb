"""志愿者: a list, one person with their forms, and entering a new one. A lead may report a card lost, and no more."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.access_log import log_access
from hub.accounts.asker import Who
from hub.accounts.reception import Reception
from hub.changing import commands as asked
from hub.changing import personal
from hub.changing.commands import CityCommand
from hub.changing.erasing import erased_mark
from hub.database.tables import Station
from hub.presence.board_view import BoardSource
from hub.rights import WHOLE_CITY, Reach, Right, open_to
from hub.typed import cells
from hub.web.desk.desk import Desk
from hub.web.desk.meanwhile import LastChange, changed_meanwhile, last_change, not_as_shown
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.desk.reading import Typed
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.leading import lead_to
from hub.web.kit.paging import page_of
from hub.web.kit.words import _
from hub.web.people.personal import (
    MATTER_WORDS,
    PURPOSE_WORDS,
    erased_with,
    masked_numbers,
    read_held,
)
from hub.web.people.privacy import add_privacy
from hub.web.people.station_words import stations_in, with_codes
from hub.web.people.volunteers import (
    NOBODYS,
    OF_PERSON,
    FindPerson,
    ShownVolunteer,
    ShowPerson,
    find_person,
    free_cards,
    holder_mark,
    list_people,
    may_give_card,
)

PersonAct = Callable[[Typed, ShownVolunteer], list[CityCommand]]

ELSEWHERE = _("这位志愿者还属于您范围以外的站点，只能由市里办理离开；您可以先让其离开您的站点。")
NO_CARD = _("没有这张卡，或不在您的范围内。")
NOT_YOURS = _("有的站点不存在，或不在您的范围内：{codes}。")
COMES_AGAIN = _("用这个编号的人已于 {day} 删除个人信息。本人同意重新登记的，请再提交一次。")
ONLY = (("", _("全部")), ("untrained", _("未培训")), ("no_card", _("没有卡")))


def people_routes(kits: Kits, source: BoardSource, reception: Reception, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/people", include_in_schema=False)
    pages = DeskPages(kits, source, "/people")
    _add_list(router, pages, desk)
    _add_person(router, pages, reception, desk)
    return router


def _add_list(router: APIRouter, pages: DeskPages, desk: Desk) -> None:
    @router.get("")
    @open_to(Right.NAMES)
    async def people(request: Request) -> Response:
        who, words, only = who_asks(request), request.query_params.get("q", ""), request.query_params.get("only", "")
        station = request.query_params.get("station", "")
        found = await desk.read(
            lambda connection: list_people(connection, who.grants, asked=words, only=only, station=station)
        )
        shown = page_of(found, request.query_params.get("page"))
        numbers = await desk.read(lambda c: masked_numbers(c, desk.telephones, [one.person for one in shown.rows]))
        known = only if only in dict(ONLY) else ""
        taken = urlencode({"q": words, "station": station, "only": known})
        return pages.answer(
            request, "people/people.html", taken=taken,
            people=shown, asked=words, numbers=numbers,
            only=only, station=station, may_enter=who.may_somewhere(Right.PEOPLE), choices=ONLY,
            may_import=who.may_somewhere(Right.IMPORT),
        )  # fmt: skip

    @router.get("/new")
    @open_to(Right.PEOPLE)
    async def new(request: Request) -> Response:
        return pages.answer(request, "people/new.html")

    @router.post("/new")
    @open_to(Right.PEOPLE)
    async def enter(request: Request) -> Response:
        typed, person = await _with_codes(desk, await pages.typed(request)), f"p{secrets.token_hex(6)}"
        who, kit, wrong = typed.who, typed.kit, typed.wrong
        number, stations = typed.needed("number", cells.volunteer_number), _codes(typed)
        name, trained = typed.needed("full_name", cells.person_name), typed.day("trained_on")
        wrong |= await _foreign(desk, who, stations, kit)
        if not stations and not who.may(Right.PEOPLE, WHOLE_CITY):
            wrong.setdefault("stations", kit.gettext(_("请填写。")))
        mark = erased_mark(desk.key(), number)
        erased = await desk.read(lambda connection: erased_with(connection, mark)) if number else None
        if erased is not None and typed.form.text("again") != mark[:8]:
            wrong.setdefault("number", kit.gettext(COMES_AGAIN).format(day=erased.erased_on))
            typed = replace(typed, form=Form(typed.form.typed | {"again": mark[:8]}))
        wanted: list[CityCommand] = [
            personal.AllowNumber(mark),
            asked.EnterPerson(person, number, full_name=name, registered_on=desk.today),
            asked.SetMemberships(person, stations),
        ]
        if trained is not None:
            wanted.append(asked.TrainPerson(person, trained))
        again = await desk.save(typed, wanted, fields={"on": "trained_on"})
        if again:
            return pages.answer(request, "people/new.html", form=again)
        return lead_to(f"/people/{person}?done=1")


def _add_person(router: APIRouter, pages: DeskPages, reception: Reception, desk: Desk) -> None:
    async def find(request: Request, person: str, right: Right) -> ShownVolunteer | None:
        who = who_asks(request)
        return await desk.read(lambda connection: find_person(connection, who.grants, right, person))

    async def show(request: Request, found: ShownVolunteer, form: Form | None = None) -> Response:
        """Show somebody, and log it: also beside a refusal."""
        who, address, now = who_asks(request), visitor_of(request).address, reception.now()

        may_call = await find(request, found.person, Right.CALL) is not None
        held = await desk.read(lambda c: read_held(c, desk.telephones, found.person, may_call=may_call))

        def note(connection: Connection) -> None:
            log_access(connection, who.name, "looked_at_person", found.person, address, now_ms=now)
            if held.number is not None and held.number.call:
                log_access(connection, who.name, "looked_at_telephone", found.person, address, now_ms=now)

        await reception.write(note, looks=False)
        kit = pages.kit(request)
        may_change = await find(request, found.person, Right.PEOPLE) is not None
        free = await desk.read(free_cards) if may_change else []
        return pages.answer(
            request, "people/person.html", person=found, form=form, free=free, nobodys=NOBODYS, today=desk.today,
            may_change=may_change, may_report=who.may_somewhere(Right.REPORT_CARDS),
            held=held, kept_days=desk.kept_days, matters=MATTER_WORDS, purposes=PURPOSE_WORDS,
            purpose_choices=[(one.value, kit.gettext(word)) for one, word in PURPOSE_WORDS.items()],
            may_amend=await find(request, found.person, Right.AMEND) is not None,
        )  # fmt: skip

    @router.get("/{person}")
    @open_to(Right.NAMES)
    async def look(request: Request, person: str) -> Response:
        return await show(request, pages.there(await find(request, person, Right.NAMES)))

    add_privacy(router, pages, desk, find, show)
    _add_forms(router, pages, desk, find, show)


def _add_forms(router: APIRouter, pages: DeskPages, desk: Desk, find: FindPerson, show: ShowPerson) -> None:
    @router.post("/{person}/cards/{token}/{act}")
    @open_to(Right.REPORT_CARDS)
    async def report(request: Request, person: str, token: str, act: str) -> Response:
        found = pages.there(await find(request, person, Right.REPORT_CARDS))
        if act not in {"lost", "found"} or token not in {card.token for card in found.cards}:
            raise NotThereError
        command: CityCommand = asked.LoseCard(token) if act == "lost" else asked.FindCard(token)
        again = await desk.save(await pages.typed(request), [command])
        return await show(request, found, again) if again else lead_to(f"/people/{person}?done=1")

    @router.post("/{person}/{act}")
    @open_to(Right.PEOPLE)
    async def change(request: Request, person: str, act: str) -> Response:
        found, typed = pages.there(await find(request, person, Right.PEOPLE)), await pages.typed(request)
        if act not in ACTS:
            raise NotThereError
        typed = await _with_codes(desk, typed)
        wanted, why = ACTS[act](typed, found), typed.note("why")
        beyond = {} if typed.wrong else await _beyond(desk, act, typed, found)
        if beyond:
            return await show(request, found, typed.again(beyond))

        def meanwhile(connection: Connection) -> dict[str, str]:
            now = find_person(connection, typed.who.grants, Right.PEOPLE, person)
            last = last_change(connection, OF_FORMS.get(act, ()), person=person)
            if act == "card":
                token = typed.text("token")
                held, last = holder_mark(connection, token), last_change(connection, OF_CARDS, token=token)
                return not_as_shown(typed.form, held, typed.kit, last)
            return _otherwise(act, typed, now, last) if now else {}

        again = await desk.save(typed, wanted, meanwhile, fields=FIELDS.get(act), why=why)
        return await show(request, found, again) if again else lead_to(f"/people/{person}?done=1")


def _otherwise(act: str, typed: Typed, now: ShownVolunteer, last: LastChange | None) -> dict[str, str]:
    """Say what of somebody is no more as the form showed it."""
    if act in {"leave", "return"}:
        return not_as_shown(typed.form, now.mark, typed.kit, last)
    return changed_meanwhile(typed.form, _now(now), typed.kit, last)


async def _beyond(desk: Desk, act: str, typed: Typed, found: ShownVolunteer) -> dict[str, str]:
    """Say what of a change concerns stations, people or cards that are not somebody's own."""
    gettext, who = typed.kit.gettext, typed.who
    if act == "stations":
        return await _foreign(desk, who, _codes(typed) ^ frozenset(found.stations), typed.kit)
    if act == "leave" and found.elsewhere:
        return {"left_on": gettext(ELSEWHERE)}
    if act == "card" and not await desk.read(lambda c: may_give_card(c, who.grants, typed.text("token"))):
        return {"token": gettext(NO_CARD)}
    return {}


async def _foreign(desk: Desk, who: Who, codes: frozenset[str], kit: Kit) -> dict[str, str]:
    """Say which stations are not there, or not somebody's to fill: the same words for both."""

    def read(connection: Connection) -> set[str]:
        rows = connection.execute(select(col(Station.code), col(Station.district), col(Station.kind)))
        return {code for code, district, kind in rows if who.may(Right.PEOPLE, Reach(district, kind, code))}

    strange = codes - await desk.read(read)
    said = kit.gettext(NOT_YOURS).format(codes=", ".join(sorted(strange)))
    return {"stations": said} if strange else {}


async def _with_codes(desk: Desk, typed: Typed) -> Typed:
    return replace(typed, form=await desk.read(lambda connection: with_codes(connection, typed.who, typed.form)))


def _codes(typed: Typed) -> frozenset[str]:
    return stations_in(typed.text("stations"))


def _now(person: ShownVolunteer) -> dict[str, str]:
    trained = "" if person.trained_on is None else str(person.trained_on)
    return {"full_name": person.full_name, "stations": " ".join(person.stations), "trained_on": trained}


def _enter(typed: Typed, person: ShownVolunteer) -> list[CityCommand]:
    return [asked.EnterPerson(person.person, person.number, full_name=typed.needed("full_name", cells.person_name))]


def _stations(typed: Typed, person: ShownVolunteer) -> list[CityCommand]:
    return [asked.SetMemberships(person.person, _codes(typed) | person.elsewhere)]


def _train(typed: Typed, person: ShownVolunteer) -> list[CityCommand]:
    return [asked.TrainPerson(person.person, typed.day("trained_on"))]


def _card(typed: Typed, person: ShownVolunteer) -> list[CityCommand]:
    return [asked.AssignCard(typed.needed("token"), person.person)]


def _leave(typed: Typed, person: ShownVolunteer) -> list[CityCommand]:
    return [asked.LeavePerson(person.person, typed.day("left_on"))]


def _return(_typed: Typed, person: ShownVolunteer) -> list[CityCommand]:
    return [asked.ReturnPerson(person.person)]


ACTS: dict[str, PersonAct] = {
    "enter": _enter, "stations": _stations, "train": _train, "card": _card, "leave": _leave, "return": _return,
}  # fmt: skip
OF_FORMS = {
    "enter": ("enter_person",),
    "stations": ("set_memberships",),
    "train": ("train_person",),
    "leave": OF_PERSON,
    "return": OF_PERSON,
}
OF_CARDS = ("assign_card", "return_card", "enter_card")
FIELDS = {"train": {"on": "trained_on"}, "leave": {"on": "left_on"}}
