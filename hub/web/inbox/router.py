"""待办: the page, the part of it that changes, its count, and what is done in place."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hub.findings import Findings
from hub.presence.board_view import BoardSource
from hub.rights import Right, open_to
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import findings_for, scope_for
from hub.web.inbox import words
from hub.web.inbox.acting import AT_ALL, Acting
from hub.web.inbox.finding_words import FINDING_WORDS, OF_HUB
from hub.web.inbox.inbox import Inbox, InboxFold
from hub.web.inbox.waiting import InboxAct
from hub.web.kit.forms import Form, read_form
from hub.web.kit.frame import Kits
from hub.web.kit.leading import lead_to
from hub.web.kit.paging import page_of
from hub.web.kit.passed_over import passed_over
from hub.web.kit.responses import language_of, page_answer
from hub.web.live.broadcast import Broadcast
from hub.web.live.event_stream import EventStream
from hub.web.live.face import Nudge

FIELDS = ("note", "whom", "due")


class _Page:
    """What the page shows."""

    def __init__(self, kits: Kits, source: BoardSource, inbox: Inbox, acting: Acting | None) -> None:
        self._kits = kits
        self._source = source
        self.inbox = inbox
        self.acting = acting
        for kit in kits.values():
            kit.add_filters(filled=lambda text, said, kit=kit: kit.gettext(text).format(**said) if text else "")

    async def parts(self, request: Request, form: Form | None = None, opened: str = "") -> dict[str, Any]:
        """What stands in the part that changes."""
        await self.inbox.look()
        who, asked, view = who_asks(request), request.query_params, self._source.view()
        every = self.inbox.entries(who)
        districts = {row.district_code: row.district for row in view.rows if row.district_code}
        kind = asked.get("kind", "") if asked.get("kind", "") in self.inbox.sources else ""
        seen = {entry.one.place.district for entry in every}
        district = asked.get("district", "") if asked.get("district", "") in seen & {*districts} else ""
        lines = self.inbox.entries(who, kind, district) if kind or district else self.inbox.folded(every)
        query = urlencode({name: one for name, one in (("kind", kind), ("district", district)) if one})
        shown = page_of(lines, request.query_params.get("page"))
        here = [line for line in shown.rows if not isinstance(line, InboxFold)]
        acted = {entry.one.key for entry in here if self.acting and self.inbox.may_act(who, entry.one)}
        return {
            "lines": shown, "acted": acted, "who": who, "kind": kind, "query": query,
            "districts": districts, "district": district, "form": form or Form(), "opened": opened,
            "counts": {name: sum(entry.one.kind == name for entry in every) for name in self.inbox.sources},
            "kind_words": {name: source.word for name, source in self.inbox.sources.items()},
            "acts": words.ACT_WORDS, "steps": words.STEP_WORDS, "now": view.as_of,
            "standing": {row.code: row for row in view.rows},
            "colleagues": self._colleagues(here, acted), "total": self.inbox.count(who), "act": InboxAct,
        }  # fmt: skip

    async def answer(self, request: Request, form: Form | None = None, opened: str = "", status: int = 200) -> Response:
        """Answer with the page."""
        kit, view = self._kits[language_of(request)], self._source.view()
        parts = await self.parts(request, form, opened)
        html = kit.page(
            "inbox/inbox.html", view.as_of, rate=view.rate, city=view.city, here="/inbox",
            number=parts["lines"].number, passed_over=passed_over(request, parts["query"]),
            done=request.query_params.get("done", ""), **parts,
        )  # fmt: skip
        return page_answer(request, html, status)

    def piece(self, request: Request, parts: dict[str, Any]) -> Response:
        """Answer with the part that changes."""
        return page_answer(request, self._kits[language_of(request)].piece("inbox/list.html", **parts))

    def _colleagues(self, here: list[Any], acted: set[str]) -> list[str]:
        """Whom what is shown can be given to."""
        if self.acting is None:
            return []
        things = {(entry.one.place, entry.one.done_by): entry.one for entry in here if entry.one.key in acted}
        return sorted({name for one in things.values() for name in self.acting.colleagues(one)})


def inbox_routes(
    kits: Kits, source: BoardSource, broadcast: Broadcast, findings: Findings, *, inbox: Inbox, acting: Acting | None
) -> APIRouter:
    """Return the routes; without `acting` all of them only read."""
    router, here = APIRouter(prefix="/inbox", include_in_schema=False), _Page(kits, source, inbox, acting)
    pages = DeskPages(kits, source, "/inbox")

    @router.get("")
    @open_to(Right.INBOX)
    async def page(request: Request) -> Response:
        return await here.answer(request)

    @router.get("/list")
    @open_to(Right.INBOX)
    async def changing_part(request: Request) -> Response:
        return here.piece(request, await here.parts(request))

    @router.get("/over")
    @open_to(Right.INBOX)
    async def over(request: Request) -> Response:
        view, who = source.view(), who_asks(request)
        names = {row.code: row.name for row in view.rows}
        ended = [one for one in findings_for(who, view, findings.all()) if one.ended_at is not None]
        shown = page_of([(one, names.get(one.station, one.station)) for one in ended], request.query_params.get("page"))
        return pages.answer(
            request, "inbox/over.html", ended=shown, words=FINDING_WORDS, of_hub=OF_HUB,
            has_alarms=who.may_somewhere(Right.FOLLOW_UP),
        )  # fmt: skip

    @router.get("/count")
    @open_to(Right.INBOX)
    async def count(request: Request) -> Response:
        await inbox.look(inbox.counted_every_s)
        return PlainTextResponse(str(inbox.count(who_asks(request))))

    @router.get("/live")
    @open_to(Right.INBOX)
    async def live(request: Request) -> Response:
        nudge = Nudge("inbox", with_rows=False)
        return EventStream(broadcast, scope_for(who_asks(request)), "inbox", lambda: nudge)

    if acting is not None:
        _add_acts(router, pages, here, acting)
    return router


def _add_acts(router: APIRouter, pages: DeskPages, here: _Page, acting: Acting) -> None:
    @router.post("/{key}/{act}")
    @open_to(Right.SIGNED_IN)
    async def do(request: Request, key: str, act: str) -> Response:
        who, form = who_asks(request), await read_form(request)
        await here.inbox.look()
        entry = here.inbox.find(who, key)
        if entry is None or act not in set(entry.one.acts) or not here.inbox.may_act(who, entry.one):
            raise NotThereError
        typed = {name: form.typed.get(f"{name}-{key}", "") for name in FIELDS}
        wrong = await acting.do(who, entry.one, InboxAct(act), typed, pages.kit(request).gettext)
        if wrong:
            named = {name if name == AT_ALL else f"{name}-{key}": said for name, said in wrong.items()}
            status = 409 if AT_ALL in wrong else 422
            return await here.answer(request, Form(form.typed, named), key, status)
        return lead_to("/inbox?done=1")
