"""What is wanted of a kiosk's settings, typed on its page; the kiosk tries them, and takes them back by itself."""

from typing import Final

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from hub.asking.configuring import SettingsError, read_file, read_wanted, spell_settings, want
from hub.rights import Right, open_to
from hub.web.desk.desk import Desk
from hub.web.desk.meanwhile import LastChange, MeanwhileError, said_of
from hub.web.desk.page import NotThereError
from hub.web.kiosks.asking import KioskPage
from hub.web.kit.leading import lead_to
from hub.web.kit.words import _
from station.names import KioskId
from station.remote_settings import SettingsTable

FIELD: Final = "settings"
WRONG: Final = _("不能这样设置：{why}。写法同终端的 edge.toml，如 limits.guard_s = 8.0。")


def add_settings_form(router: APIRouter, page: KioskPage, desk: Desk) -> None:
    """Add the route."""

    @router.post("/{kiosk}/config")
    @open_to(Right.KIOSKS)
    async def config(request: Request, kiosk: str) -> Response:
        row = await page.theirs(request, kiosk)
        if row.revoked_ms is not None:
            raise NotThereError
        typed = await page.pages.typed(request)
        now, was = desk.clock.now(), typed.form.text("was")

        def write(connection: Connection, table: SettingsTable) -> None:
            wanted = read_wanted(connection, KioskId(kiosk))
            if str(wanted.version) != was:
                last = LastChange(wanted.by, wanted.at_ms)
                raise MeanwhileError({FIELD: said_of(spell_settings(wanted.table), typed.kit, last)})
            want(connection, KioskId(kiosk), table, by=typed.who.name, now=now)

        try:
            table = read_file(typed.form.secret(FIELD).replace("\r\n", "\n"))
            await desk.write(lambda connection: write(connection, table))
        except SettingsError as exc:
            typed.wrong[FIELD] = typed.kit.gettext(WRONG).format(why=exc)
            return await page.show(request, kiosk, form=typed.again())
        except MeanwhileError as exc:
            return await page.show(request, kiosk, form=typed.again(exc.wrong))
        return lead_to(f"/kiosks/{kiosk}?done=1")
