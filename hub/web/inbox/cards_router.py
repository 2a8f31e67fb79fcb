"""这是谁: the page on which somebody says whose a new card is."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.asker import Who
from hub.presence.board_view import BoardSource
from hub.rights import Right, open_to
from hub.web.desk.desk import Desk, Meanwhile
from hub.web.desk.page import DeskPages
from hub.web.gate.gate import who_asks
from hub.web.inbox.cards import is_somebodys, may_be, say_whose
from hub.web.inbox.inbox import Inbox
from hub.web.inbox.of_people import CardSource
from hub.web.inbox.waiting import ToDo
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.leading import lead_to
from hub.web.kit.words import _

NOT_YOURS = _("没有这个人，或不在您的范围内。")
GIVEN = _("这张卡刚刚已登记给别人，没有任何更改。")


def cards_routes(kits: Kits, source: BoardSource, inbox: Inbox, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/inbox/{key}/person", include_in_schema=False)
    pages = DeskPages(kits, source, "/inbox")

    async def show(request: Request, one: ToDo, form: Form | None = None) -> Response:
        who, typed = who_asks(request), request.query_params.get("q", "")
        people = await desk.read(lambda connection: may_be(connection, who, one, typed))
        taken = urlencode({"q": typed})
        return pages.answer(request, "inbox/person.html", form=form, taken=taken, one=one, people=people, asked=typed)

    @router.get("")
    @open_to(Right.PEOPLE)
    async def ask(request: Request, key: str) -> Response:
        return await show(request, pages.there(await find_waiting_card(inbox, who_asks(request), key)))

    @router.post("")
    @open_to(Right.PEOPLE)
    async def say(request: Request, key: str) -> Response:
        one, typed = pages.there(await find_waiting_card(inbox, who_asks(request), key)), await pages.typed(request)
        person = typed.form.text("person")
        wanted = await desk.read(lambda connection: say_whose(connection, typed.who, one, person))
        if wanted is None:
            return await show(request, one, typed.again({"": typed.kit.gettext(NOT_YOURS)}))
        if again := await desk.save(typed, wanted, given_meanwhile(one, typed.kit)):
            return await show(request, one, again)
        await inbox.look(0.0)
        return lead_to("/inbox?done=1")

    return router


def given_meanwhile(one: ToDo, kit: Kit) -> Meanwhile:
    """What looks whether somebody else has said whose it is."""
    return lambda connection: {"": kit.gettext(GIVEN)} if is_somebodys(connection, one) else {}


async def find_waiting_card(inbox: Inbox, who: Who, key: str) -> ToDo | None:
    """A card that waits, and that somebody may give to people; None where there is none, or not for them."""
    await inbox.look()
    entry = inbox.find(who, key)
    is_card = entry is not None and entry.one.kind == CardSource.kind
    return entry.one if entry and is_card and who.may(Right.PEOPLE, entry.one.place) else None
