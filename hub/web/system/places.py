"""What a reach holds: of a station also where it lies; and which district or station somebody means."""

from collections import defaultdict

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.accounts.asker import Who
from hub.database.tables import District, Station
from hub.register.kinds import KINDS
from hub.rights import Reach, Right


class Places:
    """The districts and stations of the city."""

    def __init__(self, connection: Connection) -> None:
        self._stations: dict[str, Reach] = {}
        self._named = defaultdict[str, set[str]](set)
        for code, district, kind in connection.execute(
            select(col(Station.code), col(Station.district), col(Station.kind))
        ):
            self._stations[code] = Reach(district, kind, code)
        for code, *names in connection.execute(
            select(col(Station.code), col(Station.name), col(Station.short_name)).order_by(col(Station.code))
        ):
            for name in names:
                self._named[name].add(code)
        rows = connection.execute(select(col(District.code), col(District.name)).order_by(col(District.code)))
        self._districts = {row.code: row.name for row in rows}

    def thing(self, reach: Reach) -> Reach | None:
        """A reach with all that follows from it; None where it names what is not there."""
        if (reach.district and reach.district not in self._districts) or (reach.kind and reach.kind not in KINDS):
            return None
        return self._stations.get(reach.station) if reach.station else reach

    def lacking(self, reach: Reach) -> str:
        """Which of its parts names what is not there, where `thing` finds none."""
        if reach.station:
            return "station"
        return "district" if reach.district and reach.district not in self._districts else "kind"

    def station(self, who: Who, said: str) -> str:
        """The code of a station of theirs that is called so; what was said where there is none, or more than one."""
        theirs = {code for code in self._named.get(said, ()) if who.may(Right.USERS, self._stations[code])}
        return theirs.pop() if said not in self._stations and len(theirs) == 1 else said

    def districts(self, who: Who) -> list[tuple[str, str]]:
        """The districts that somebody may choose, and none of them."""
        theirs = [(code, name) for code, name in self._districts.items() if who.may(Right.USERS, Reach(code))]
        return [("", "—"), *theirs]
