"""Forms of a person's page about what is held of them: telephone, what they agree to, erasing."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from hub.changing import personal
from hub.changing.commands import CityCommand
from hub.changing.erasing import erased_mark
from hub.changing.numbers import Telephones
from hub.register.telephones import ConsentMatter, Purpose, Whose
from hub.rights import Right, open_to
from hub.sealing import SealError
from hub.typed import cells
from hub.web.desk.desk import Desk
from hub.web.desk.meanwhile import changed_meanwhile, last_change, not_as_shown
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.desk.reading import Typed
from hub.web.kit.leading import lead_to
from hub.web.kit.words import _
from hub.web.people.personal import read_held
from hub.web.people.volunteers import OF_PERSON, FindPerson, ShowPerson, find_person

ELSEWHERE = _("这位志愿者还属于您范围以外的站点，只能由市里删除。")
NOT_CONFIRMED = _("请照原样填写志愿者编号，以免删错人。")
NEEDS_WHY = _("请写明是谁、为什么要求删除；不要写姓名。")
OF_TELEPHONES = ("set_telephone", "note_consent", "withdraw_consent")
NO_NUMBER = _("没有填号码，就不用填同意日期。")


@dataclass(frozen=True, slots=True)
class _Telephone:
    """What was typed of a number."""

    person: str
    number: str
    agreed_on: date | None
    purpose: Purpose

    @classmethod
    def of(cls, typed: Typed, person: str) -> "_Telephone":
        """Read the form."""
        number, agreed_on, said = (
            typed.text("telephone", cells.telephone),
            typed.day("agreed_on"),
            typed.choice("purpose", Purpose),
        )
        if agreed_on is not None and not number:
            typed.wrong.setdefault("agreed_on", typed.kit.gettext(NO_NUMBER))
        return cls(person, number, agreed_on, Purpose(said) if said in set(Purpose) else Purpose.ROSTER)

    def commands(self, connection: Connection, telephones: Telephones) -> list[CityCommand]:
        """What it asks for."""
        if not self.number:
            return [personal.WithdrawConsent(self.person, ConsentMatter.TELEPHONE)]
        sealed = telephones.seal(connection, Whose.PERSON, self.person, self.number)
        keep = personal.SetTelephone(Whose.PERSON, self.person, sealed, self.purpose)
        if self.agreed_on is None:
            return [keep]
        return [personal.NoteConsent(self.person, ConsentMatter.TELEPHONE, self.agreed_on), keep]


def add_privacy(router: APIRouter, pages: DeskPages, desk: Desk, find: FindPerson, show: ShowPerson) -> None:
    """Add the routes; before those that take any act."""
    for add in (_add_telephone, _add_consents, _add_erasing):
        add(router, pages, desk, find, show)


def _add_telephone(router: APIRouter, pages: DeskPages, desk: Desk, find: FindPerson, show: ShowPerson) -> None:
    @router.post("/{person}/telephone")
    @open_to(Right.PEOPLE)
    async def telephone(request: Request, person: str) -> Response:
        found, typed = pages.there(await find(request, person, Right.PEOPLE)), await pages.typed(request)
        may_call = await find(request, person, Right.CALL) is not None

        def meanwhile(connection: Connection) -> dict[str, str]:
            held = read_held(connection, desk.telephones, person, may_call=may_call)  # as the page showed it
            now = {"telephone": held.number.shown if held.number else "", "agreed_on": str(held.agreed_on or "")}
            return changed_meanwhile(typed.form, now, typed.kit, last_change(connection, OF_TELEPHONES, person=person))

        read, wanted = _Telephone.of(typed, person), list[CityCommand]()
        try:
            wanted = await desk.read(lambda c: read.commands(c, desk.telephones))
        except SealError as exc:
            typed.wrong.setdefault("telephone", typed.kit.told(exc.said))
        again = await desk.save(typed, wanted, meanwhile)
        return await show(request, found, again) if again else lead_to(f"/people/{person}?done=1")


def _add_consents(router: APIRouter, pages: DeskPages, desk: Desk, find: FindPerson, show: ShowPerson) -> None:
    @router.post("/{person}/consents/{matter}/{act}")
    @open_to(Right.PEOPLE)
    async def consent(request: Request, person: str, matter: str, act: str) -> Response:
        found, typed = pages.there(await find(request, person, Right.PEOPLE)), await pages.typed(request)
        if matter not in set(ConsentMatter) or act not in {"note", "withdraw"}:
            raise NotThereError
        command: CityCommand = personal.WithdrawConsent(person, ConsentMatter(matter))
        if act == "note":
            typed.needed("record_on")
            command = personal.NoteConsent(person, ConsentMatter(matter), typed.day("record_on") or desk.today)
        may_call = await find(request, person, Right.CALL) is not None

        def meanwhile(connection: Connection) -> dict[str, str]:
            held = read_held(connection, desk.telephones, person, may_call=may_call)  # as the page showed it
            return not_as_shown(typed.form, held.mark, typed.kit, last_change(connection, OF_TELEPHONES, person=person))

        again = await desk.save(typed, [command], meanwhile, fields={"agreed_on": "record_on"})
        return await show(request, found, again) if again else lead_to(f"/people/{person}?done=1")


def _add_erasing(router: APIRouter, pages: DeskPages, desk: Desk, find: FindPerson, show: ShowPerson) -> None:
    @router.post("/{person}/erase")
    @open_to(Right.PEOPLE)
    async def erase(request: Request, person: str) -> Response:
        found, typed = pages.there(await find(request, person, Right.PEOPLE)), await pages.typed(request)
        why, wrong, kit = typed.note("erase-why"), typed.wrong, typed.kit
        if typed.form.text("confirm-number").casefold() != found.number.casefold():
            wrong["confirm-number"] = kit.gettext(NOT_CONFIRMED)
        if not why:
            wrong.setdefault("erase-why", kit.gettext(NEEDS_WHY))
        if found.elsewhere:
            wrong[""] = kit.gettext(ELSEWHERE)

        def meanwhile(connection: Connection) -> dict[str, str]:
            now = find_person(connection, typed.who.grants, Right.PEOPLE, person)
            last = last_change(connection, OF_PERSON, person=person)
            return not_as_shown(typed.form, now.mark, kit, last) if now else {}

        command = personal.ErasePerson(person, erased_mark(desk.key(), found.number))
        fields = {"person": "confirm-number", "why": "erase-why"}
        again = await desk.save(typed, [command], meanwhile, fields=fields, why=why)
        return await show(request, found, again) if again else lead_to(f"/people/{person}?done=1")
