"""What a correction would make of a day, looked at before it is done; and the wait until it shows once it is."""

import asyncio
import time
from datetime import date
from typing import Any, Final

from hub.accounts.asker import Who
from hub.changing.corrections import Amending
from hub.changing.proposal import Outcome, preview
from hub.database.transactions import snapshot
from hub.ledger.queries import RUN, unfolded_runs
from hub.presence.board_view import BoardRow
from hub.presence.foreseen import AskedDay, foreseen
from hub.web.amending.reading import BookShelf
from hub.web.desk.desk import Desk
from hub.web.kit.frame import Kit
from hub.web.kit.words import _
from hub.web.station.drawing import drawings
from station.names import HUB_KIOSK

LONGEST_S: Final = 4.0  # a hub folds within two; who waits longer is shown the day as it is
LOOK_EVERY_S: Final = 0.05


class Foreseeing:
    """Looks ahead for one desk."""

    def __init__(self, desk: Desk, shelf: BookShelf) -> None:
        self._desk, self._shelf = desk, shelf

    async def outcome(self, who: Who, command: Amending, why: str) -> Outcome:
        """What would come of it."""
        said = {"by": who.name, "at": self._desk.clock.now(), "zone": self._desk.zone, "why": why}
        return await self._desk.read(lambda c: preview(c, [command], **said))  # type: ignore[arg-type]  # as they are named

    async def drawn(self, row: BoardRow, day: date, outcome: Outcome, kit: Kit) -> list[tuple[str, Any, Any]]:
        """The day as it is, and as it would be: titles, days and their pictures."""
        amendments = tuple(change.amendment for _command, change in outcome.changes if change.amendment is not None)
        asked = AskedDay(row, day, self._desk.clock.now())

        def look() -> Any:
            with snapshot(self._desk.engine) as connection:
                return foreseen(connection, self._shelf.book(connection), asked, amendments)

        found = await asyncio.to_thread(look)
        titled = ((kit.gettext(_("现在")), found.before), (kit.gettext(_("更正后")), found.after))
        return [(title, each, drawings(each, self._desk.zone, kit.gettext)) for title, each in titled]

    async def until_followed(self, station: str) -> None:
        """Wait until the ledger has what was just said of a station, where a hub keeps it."""
        if not self._desk.is_served:
            return
        is_own = RUN.c.kiosk == HUB_KIOSK, RUN.c.station == station
        until_s = time.monotonic() + LONGEST_S
        while await self._desk.read(lambda c: bool(unfolded_runs(c, *is_own))):
            if time.monotonic() > until_s:
                return
            await asyncio.sleep(LOOK_EVERY_S)
