"""设备: a list as it stands now, and the forms to enter and to retire; one kiosk's page is `asking`'s."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.reception import Reception
from hub.certificates.cabinet import Cabinet
from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.presence.board_view import BoardSource
from hub.presence.liveness import KioskNow
from hub.rights import Right, open_to
from hub.typed import cells
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.gate.gate import who_asks
from hub.web.kiosks import words
from hub.web.kiosks.asking import KioskPage, add_kiosk_routes
from hub.web.kiosks.claim_sheet import add_claim_sheet
from hub.web.kiosks.ending import KioskEnding, add_ending
from hub.web.kiosks.reading import KiosksDesk, mark_of_kiosk, unless_changed
from hub.web.kiosks.settings_form import add_settings_form
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kits
from hub.web.kit.leading import lead_to
from hub.web.kit.paging import page_of
from hub.web.kit.words import _

NOT_YOURS = _("没有这个站点，或不在您的范围内。")


def kiosks_routes(
    kits: Kits,
    source: BoardSource,
    reception: Reception,
    desk: Desk,
    kiosks: Callable[[], list[KioskNow]],
    *,
    cabinet: Cabinet | None = None,
) -> APIRouter:
    """Return the routes.

    Args:
        kits: the frames.
        source: the station's time.
        reception: by whose clock it is noted who took a log away.
        desk: where they are entered.
        kiosks: all in service, as they stand now.
        cabinet: the site's CA, where there may be one.
    """
    router, here = APIRouter(prefix="/kiosks", include_in_schema=False), KiosksDesk(desk)
    pages = DeskPages(kits, source, "/kiosks")

    async def show(request: Request, form: Form) -> Response:
        names, words_asked = await here.stations(who_asks(request)), request.query_params.get("q", "")
        shown = page_of(await here.kiosks(names, words_asked), request.query_params.get("page"))
        return pages.answer(
            request, "kiosks/kiosks.html", taken=urlencode({"q": words_asked, "kiosk": form.text("kiosk")}),
            form=form, kiosks=shown, names=names, asked=words_asked,
            now={one.kiosk.id: one for one in kiosks()}, status_word=words.status_word,
            mark=mark_of_kiosk,
            reader_words=words.READER_WORDS, reader_wrong=words.READER_WRONG, clock_words=words.CLOCK_WORDS,
        )  # fmt: skip

    @router.get("")
    @open_to(Right.KIOSKS)
    async def page(request: Request) -> Response:
        return await show(request, Form({"kiosk": request.query_params.get("kiosk", "")}))

    @router.post("")
    @open_to(Right.KIOSKS)
    async def enter(request: Request) -> Response:
        typed = await pages.typed(request)
        who, kit = typed.who, typed.kit
        kiosk, station = typed.needed("kiosk", cells.code), typed.needed("station")
        if station and station not in await here.stations(who):
            typed.wrong["station"] = kit.gettext(NOT_YOURS)
        if not await here.is_theirs(who, kiosk, otherwise=True):
            typed.wrong["kiosk"] = kit.gettext(_("这个编号已在别处使用，请核对。"))
        again = await desk.save(typed, [asked.EnterKiosk(kiosk, station, typed.note("entrance"))])
        return await show(request, again) if again else lead_to(_to_see(kiosk))

    one = KioskPage(pages, here, desk, reception, kiosks, cabinet=cabinet)
    add_claim_sheet(router, one, desk)
    add_settings_form(router, one, desk)
    add_ending(router, KioskEnding(one, desk))

    @router.post("/{kiosk}/{act}")
    @open_to(Right.KIOSKS)
    async def act(request: Request, kiosk: str, act: str) -> Response:
        typed = await pages.typed(request)
        if act not in {"retire", "keep"} or not await here.is_theirs(typed.who, kiosk, otherwise=False):
            raise NotThereError
        command: CityCommand = asked.RetireKiosk(kiosk, typed.day("on")) if act == "retire" else asked.KeepKiosk(kiosk)
        again = await desk.save(typed, [command], unless_changed(typed, kiosk))
        return await show(request, again) if again else lead_to(_to_see(kiosk))

    add_kiosk_routes(router, one)
    return router


def _to_see(kiosk: str) -> str:
    """Where the kiosk that was just changed is seen, though the list is long."""
    return f"/kiosks?done=1&q={quote(kiosk)}"
