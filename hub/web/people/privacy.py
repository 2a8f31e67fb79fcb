"""Forms of a person's page about what is held of them: telephone, what they agree to, erasing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from hub.changing import personal
from hub.changing.erasing import mark_of
from hub.importing import cells
from hub.register.telephones import ConsentMatter, Purpose, Whose
from hub.rights import Right, open_to
from hub.saying import tell
from hub.sealing import SealError
from hub.web.desk.meanwhile import changed_meanwhile, last_change, not_as_shown
from hub.web.desk.reading import Typed
from hub.web.gate.gate import who_asks
from hub.web.kit.forms import Form, read_form
from hub.web.kit.language import Language
from hub.web.kit.words import _
from hub.web.people.personal import read_held
from hub.web.people.volunteers import OF_PERSON, find_person
from hub.web.signing_in.cookies import lead_to

if TYPE_CHECKING:
    from datetime import date

    from fastapi import APIRouter
    from sqlalchemy import Connection

    from hub.changing.commands import CityCommand
    from hub.changing.numbers import Telephones
    from hub.web.desk.desk import Desk
    from hub.web.desk.page import DeskPages
    from hub.web.people.volunteers import Find, Show

ELSEWHERE = _("这位志愿者还属于您范围以外的站点，只能由市里删除。")
NOT_CONFIRMED = _("请照原样填写志愿者编号，以免删错人。")
NEEDS_WHY = _("请写明是谁、为什么要求删除；不要写姓名。")
OF_TELEPHONES = ("set_telephone", "note_consent", "withdraw_consent")
NO_NUMBER = _("没有填号码，就不用填同意日期。")


@dataclass(frozen=True, slots=True)
class _Telephone:
    """What was typed of a number."""

    typed: Typed
    person: str
    number: str
    agreed_on: date | None

    def faults(self) -> dict[str, str]:
        """What cannot be."""
        is_odd = self.agreed_on is not None and not self.number
        return {"agreed_on": self.typed.kit.gettext(NO_NUMBER)} if is_odd else {}

    def commands(self, connection: Connection, telephones: Telephones) -> list[CityCommand]:
        """What it asks for."""
        if not self.number:
            return [personal.WithdrawConsent(self.person, ConsentMatter.TELEPHONE)]
        said = self.typed.form.text("purpose")
        purpose = Purpose(said) if said in set(Purpose) else Purpose.ROSTER
        sealed = telephones.seal(connection, Whose.PERSON, self.person, self.number)
        keep = personal.SetTelephone(Whose.PERSON, self.person, sealed, purpose)
        if self.agreed_on is None:
            return [keep]
        return [personal.NoteConsent(self.person, ConsentMatter.TELEPHONE, self.agreed_on), keep]


def add_privacy(router: APIRouter, pages: DeskPages, desk: Desk, find: Find, show: Show) -> None:
    """Add the routes; before those that take any act."""
    for add in (_add_telephone, _add_consents, _add_erasing):
        add(router, pages, desk, find, show)


def _add_telephone(router: APIRouter, pages: DeskPages, desk: Desk, find: Find, show: Show) -> None:
    @router.post("/{person}/telephone")
    @open_to(Right.PEOPLE)
    async def telephone(request: Request, person: str) -> Response:
        found, form, kit = await find(request, person, Right.PEOPLE), await read_form(request), pages.kit(request)
        if found is None:
            return pages.missing(request)
        typed, who = Typed(form, kit, {}), who_asks(request)
        may_call = await find(request, person, Right.CALL) is not None

        def meanwhile(connection: Connection) -> dict[str, str]:
            held = read_held(connection, desk.telephones, person, may_call=may_call)  # as the page showed it
            now = {"telephone": held.number.shown if held.number else "", "agreed_on": str(held.agreed_on or "")}
            return changed_meanwhile(form, now, kit, last_change(connection, OF_TELEPHONES, person=person))

        read = _Telephone(typed, person, typed.text("telephone", cells.telephone), typed.day("agreed_on"))
        wrong = typed.wrong or read.faults()
        if not wrong:
            try:
                wanted = await desk.read(lambda c: read.commands(c, desk.telephones))
            except SealError as exc:
                wrong = {"telephone": tell(exc.said, is_chinese=kit.language is Language.ZH)}
            else:
                wrong = await desk.change_by_form(who, wanted, meanwhile, kit=kit)
        if wrong:
            return await show(request, found, Form(form.typed, wrong), 409 if not typed.wrong else 422)
        return lead_to(f"/people/{person}?done=1")


def _add_consents(router: APIRouter, pages: DeskPages, desk: Desk, find: Find, show: Show) -> None:
    @router.post("/{person}/consents/{matter}/{act}")
    @open_to(Right.PEOPLE)
    async def consent(request: Request, person: str, matter: str, act: str) -> Response:
        found, form, kit = await find(request, person, Right.PEOPLE), await read_form(request), pages.kit(request)
        if found is None or matter not in set(ConsentMatter) or act not in {"note", "withdraw"}:
            return pages.missing(request)
        typed = Typed(form, kit, {})
        command: CityCommand = personal.WithdrawConsent(person, ConsentMatter(matter))
        if act == "note":
            typed.needed("record_on")
            command = personal.NoteConsent(person, ConsentMatter(matter), typed.day("record_on") or desk.today)
        may_call = await find(request, person, Right.CALL) is not None

        def meanwhile(connection: Connection) -> dict[str, str]:
            held = read_held(connection, desk.telephones, person, may_call=may_call)  # as the page showed it
            return not_as_shown(form, held.mark, kit, last_change(connection, OF_TELEPHONES, person=person))

        wrong, fields = typed.wrong, {"agreed_on": "record_on"}
        if not wrong:
            wrong = await desk.change_by_form(who_asks(request), [command], meanwhile, kit=kit, fields=fields)
        if wrong:
            return await show(request, found, Form(form.typed, wrong), 409 if "" in wrong else 422)
        return lead_to(f"/people/{person}?done=1")


def _add_erasing(router: APIRouter, pages: DeskPages, desk: Desk, find: Find, show: Show) -> None:
    @router.post("/{person}/erase")
    @open_to(Right.PEOPLE)
    async def erase(request: Request, person: str) -> Response:
        found, form, kit = await find(request, person, Right.PEOPLE), await read_form(request), pages.kit(request)
        if found is None:
            return pages.missing(request)
        typed = Typed(form, kit, {})
        why, wrong = typed.note("erase-why"), typed.wrong
        if form.text("confirm-number").casefold() != found.number.casefold():
            wrong["confirm-number"] = kit.gettext(NOT_CONFIRMED)
        if not why:
            wrong.setdefault("erase-why", kit.gettext(NEEDS_WHY))
        if found.elsewhere:
            wrong[""] = kit.gettext(ELSEWHERE)
        status, who = 422, who_asks(request)

        def meanwhile(connection: Connection) -> dict[str, str]:
            now = find_person(connection, who.grants, Right.PEOPLE, person)
            last = last_change(connection, OF_PERSON, person=person)
            return not_as_shown(form, now.mark, kit, last) if now else {}

        if not wrong:
            command = personal.ErasePerson(person, mark_of(desk.key(), found.number))
            fields = {"person": "confirm-number", "why": "erase-why"}
            wrong = await desk.change_by_form(who, [command], meanwhile, kit=kit, fields=fields, why=why)
            status = 409 if "" in wrong else 422
        if wrong:
            return await show(request, found, Form(form.typed, wrong), status)
        return lead_to(f"/people/{person}?done=1")
