"""Whose a new card is, for programs: who it may be, and saying it; the page's own rules, rights and words."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import Field
from starlette.requests import Request

from hub.rights import Right, open_to
from hub.web.api.answers import Answer, ErrorAnswer, WrongAnswer
from hub.web.api.asked import AskedBody
from hub.web.desk.desk import Desk, refused
from hub.web.desk.meanwhile import MeanwhileError
from hub.web.gate.gate import who_asks
from hub.web.inbox.cards import may_be, say_whose
from hub.web.inbox.cards_router import NOT_YOURS, find_waiting_card, given_meanwhile
from hub.web.inbox.inbox import Inbox
from hub.web.inbox.waiting import ToDo
from hub.web.kit.frame import Kits
from hub.web.kit.responses import language_of

MOST_TEXT = 40


class MayBeAnswer(Answer):
    """Somebody without a card, whom who asks may see by name."""

    person: str
    number: str
    full_name: str


class CardHolderAsked(AskedBody):
    """Whose it is."""

    person: Annotated[str, Field(max_length=32)]


def cards_api(kits: Kits, inbox: Inbox, desk: Desk) -> APIRouter:
    """Return the routes; before those that take any act."""
    router = APIRouter(prefix="/api/v1/inbox/{key}/person", tags=["inbox"])

    async def require(request: Request, key: str) -> ToDo:
        one = await find_waiting_card(inbox, who_asks(request), key)
        if one is None:
            raise HTTPException(404, "no card with that key waits for whoever is signed in")
        return one

    @router.get("", responses={404: {"model": ErrorAnswer}})
    @open_to(Right.PEOPLE)
    async def may_be_theirs(
        request: Request, key: str, asked: Annotated[str, Query(alias="q", max_length=MOST_TEXT)] = ""
    ) -> list[MayBeAnswer]:
        """Whose it may be: who is looked for by name or number, else the station's own people without a card."""
        one, who = await require(request, key), who_asks(request)
        found = await desk.read(lambda connection: may_be(connection, who, one, asked))
        return [MayBeAnswer(person=each.person, number=each.number, full_name=each.full_name) for each in found]

    @router.post(
        "", status_code=204,
        responses={404: {"model": ErrorAnswer}, 409: {"model": WrongAnswer}, 422: {"model": WrongAnswer}},
    )  # fmt: skip
    @open_to(Right.PEOPLE)
    async def say(request: Request, key: str, said: CardHolderAsked) -> None:
        """Say whose it is: all its taps so far are theirs."""
        one, who, kit = await require(request, key), who_asks(request), kits[language_of(request)]
        wanted = await desk.read(lambda connection: say_whose(connection, who, one, said.person))
        if wanted is None:
            raise HTTPException(422, {"person": kit.gettext(NOT_YOURS)})
        try:
            outcome = await desk.change(who, wanted, unless=given_meanwhile(one, kit))
        except MeanwhileError as exc:
            raise HTTPException(409, exc.wrong) from exc
        if wrong := refused(outcome, {}, kit):
            raise HTTPException(409, wrong)
        await inbox.look(0.0)

    return router
