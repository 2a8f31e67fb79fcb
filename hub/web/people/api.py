"""Erasing somebody, for programs: the same command, rights and words of error as the page."""

from datetime import date

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field
from starlette.requests import Request

from hub.changing import personal
from hub.changing.erasing import erased_mark
from hub.rights import Right, open_to
from hub.web.api.asked import AskedBody, OwnWords
from hub.web.api.refusals import told_refusals
from hub.web.desk.desk import Desk
from hub.web.gate.gate import who_asks
from hub.web.people.volunteers import find_person


class Why(AskedBody):
    """Who asked for it, and why; without a name."""

    why: OwnWords = Field(min_length=1, max_length=200)


class Erased(BaseModel):
    """Whose name, number and telephone are gone, and since when."""

    person: str
    erased_on: date


def people_api(desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/v1/people", tags=["people"])

    @router.post("/{person}/erase", responses={404: {}, 409: {}})
    @open_to(Right.PEOPLE)
    async def erase(request: Request, person: str, why: Why) -> Erased:
        """Take name, number and telephone of somebody who has left away for good; what they served stays."""
        who = who_asks(request)
        found = await desk.read(lambda connection: find_person(connection, who.grants, Right.PEOPLE, person))
        if found is None:
            raise HTTPException(404, "there is no such person, or not for you")
        if found.elsewhere:
            raise HTTPException(409, "they belong to stations beyond yours too")
        command = personal.ErasePerson(person, erased_mark(desk.key(), found.number))
        outcome = await desk.change(who, [command], why.why)
        if outcome.refusals:
            raise HTTPException(409, told_refusals(request, outcome))
        return Erased(person=person, erased_on=found.erased_on or desk.today)

    return router
