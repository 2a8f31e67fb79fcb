"""What the desk of kiosks reads, and how it gives its commands, in the reach of who asks."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.accounts.asker import Who
from hub.accounts.filtering import where_may
from hub.database.tables import Kiosk, Station
from hub.fleet.claim_codes import ClaimState
from hub.rights import Right
from hub.web.desk.desk import Desk, Meanwhile
from hub.web.desk.meanwhile import last_change, mark_of_shown, not_as_shown
from hub.web.desk.reading import Typed
from station.tidy import tidy_key

OF_KIOSKS: Final = ("enter_kiosk", "retire_kiosk", "keep_kiosk", "revoke_kiosk")


def mark_of_kiosk(kiosk: Any) -> str:
    """Of what a page shows of one as it is entered."""
    return mark_of_shown(kiosk.station, kiosk.entrance, kiosk.in_service_to, kiosk.revoked_ms)


def claim_mark(kiosk: Any, claim: ClaimState | None, serials: Iterable[int]) -> str:
    """Of what a page shows that another code makes void: the code before, and the certificates that it has."""
    return mark_of_shown(mark_of_kiosk(kiosk), claim and (claim.by, claim.made_at, claim.used_at), sorted(serials))


def unless_changed(typed: Typed, kiosk: str) -> Meanwhile:
    """What looks whether a kiosk is still entered as the form showed it that would end it."""

    def look(connection: Connection) -> dict[str, str]:
        row = connection.execute(select(Kiosk).where(col(Kiosk.id) == kiosk)).one()
        return not_as_shown(typed.form, mark_of_kiosk(row), typed.kit, last_change(connection, OF_KIOSKS, kiosk=kiosk))

    return look


class KiosksDesk:
    """What this desk reads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def stations(self, who: Who) -> dict[str, str]:
        """The stations at which somebody may enter kiosks."""
        where = where_may(who.grants, Right.KIOSKS)

        def read(connection: Connection) -> dict[str, str]:
            rows = connection.execute(select(col(Station.code), col(Station.name)).where(where))
            return dict(sorted((code, name) for code, name in rows))

        return await self._desk.read(read)

    async def kiosks(self, names: dict[str, str], asked: str = "") -> list[Any]:
        """All kiosks of these stations, those out of service too; where `asked`, those with it in a name of theirs."""
        wanted = tidy_key(asked).casefold()

        def is_asked(row: Any) -> bool:
            told = (row.id, row.station, names[row.station], row.entrance)
            return not wanted or any(wanted in tidy_key(text).casefold() for text in told)

        def read(connection: Connection) -> list[Any]:
            rows = connection.execute(select(Kiosk).order_by(col(Kiosk.station), col(Kiosk.id)))
            return [row for row in rows if row.station in names and is_asked(row)]

        return await self._desk.read(read)

    async def is_free(self, kiosk: str) -> bool:
        """Whether no kiosk has that id, nor had it."""
        found = select(col(Kiosk.id)).where(col(Kiosk.id) == kiosk)
        return await self._desk.read(lambda connection: connection.execute(found).first()) is None

    async def is_theirs(self, who: Who, kiosk: str, *, otherwise: bool) -> bool:
        """Whether a kiosk is entered at a station of theirs; `otherwise` where it is entered nowhere."""

        def read(connection: Connection) -> str | None:
            return connection.execute(select(col(Kiosk.station)).where(col(Kiosk.id) == kiosk)).scalar_one_or_none()

        station = await self._desk.read(read)
        return otherwise if station is None else station in await self.stations(who)
