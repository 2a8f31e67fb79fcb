"""What waits, for programs and for who writes their own pages: the same things, rights and words as on the page."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import Field
from starlette.requests import Request

from hub.accounts.asker import Who
from hub.rights import Right, open_to
from hub.web.api.answers import Answer, ErrorAnswer, WrongAnswer
from hub.web.api.asked import AskedBody
from hub.web.gate.gate import who_asks
from hub.web.inbox.acting import AT_ALL, Acting
from hub.web.inbox.inbox import Inbox, InboxEntry
from hub.web.inbox.waiting import InboxAct
from hub.web.kit.frame import Kits
from hub.web.kit.responses import language_of
from hub.web.kit.words import Gettext


class StepAnswer(Answer):
    """The last that somebody did about it."""

    act: InboxAct
    by: str
    note: str


class WaitingAnswer(Answer):
    """One thing that waits for who asks."""

    key: Annotated[str, Field(description="by which it is acted upon; tells nothing of it")]
    kind: str
    what: str
    todo: str
    station: Annotated[str, Field(description="its code; empty for what is of no station")]
    since: datetime | None
    owner: Annotated[str, Field(description="who looks after it; empty for nobody")]
    due: datetime | None
    acts: Annotated[list[InboxAct], Field(description="what whoever asks may do about it")]
    last: StepAnswer | None


class ActNote(AskedBody):
    """What is said with an act."""

    note: Annotated[str, Field(description="needed to close something")] = ""
    whom: Annotated[str, Field(description="to assign something: a user's name")] = ""
    due: Annotated[str, Field(description="to assign something: the day by which, as 2026-03-04")] = ""


def inbox_api_routes(kits: Kits, inbox: Inbox, acting: Acting | None) -> APIRouter:
    """Return the routes; without `acting` they only read."""
    router = APIRouter(prefix="/api/v1/inbox", tags=["inbox"])

    @router.get("")
    @open_to(Right.INBOX)
    async def waiting(request: Request) -> list[WaitingAnswer]:
        """All that waits, the most pressing first."""
        await inbox.look()
        who, gettext = who_asks(request), kits[language_of(request)].gettext
        return [_answer(inbox, who, entry, gettext) for entry in inbox.entries(who)]

    if acting is not None:
        _add_act(router, kits, inbox, acting)
    return router


def _add_act(router: APIRouter, kits: Kits, inbox: Inbox, acting: Acting) -> None:
    @router.post(
        "/{key}/{act}", status_code=204,
        responses={404: {"model": ErrorAnswer}, 409: {"model": WrongAnswer}, 422: {"model": WrongAnswer}},
    )  # fmt: skip
    @open_to(Right.SIGNED_IN)
    async def do(request: Request, key: str, act: InboxAct, said: ActNote) -> None:
        """Do something about one of them, in the name of who is signed in."""
        await inbox.look()
        who, gettext = who_asks(request), kits[language_of(request)].gettext
        entry = inbox.find(who, key)
        if entry is None or act not in entry.one.acts or not inbox.may_act(who, entry.one):
            raise HTTPException(404, "nothing with that key waits for whoever is signed in")
        wrong = await acting.do(who, entry.one, act, said.model_dump(), gettext)
        if wrong:
            raise HTTPException(409 if AT_ALL in wrong else 422, wrong)


def _answer(inbox: Inbox, who: Who, entry: InboxEntry, gettext: Gettext) -> WaitingAnswer:
    one, care = entry.one, entry.care
    return WaitingAnswer(
        key=one.key, kind=one.kind, what=gettext(one.what).format(**one.said),
        todo=gettext(one.todo).format(**one.said) if one.todo else "", station=one.code,
        since=one.since, owner=entry.owner, due=entry.due, acts=list(one.acts) if inbox.may_act(who, one) else [],
        last=StepAnswer(act=care.last.act, by=care.last.by, note=care.last.note) if care else None,
    )  # fmt: skip
