"""What a reach holds: of a station also where it lies."""

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.database.tables import District, Station
from hub.rights import Reach


class Places:
    """The districts and stations of the city, as codes."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(select(col(Station.code), col(Station.district), col(Station.kind)))
        self._stations = {code: Reach(district, kind, code) for code, district, kind in rows}
        self._districts = set(connection.execute(select(col(District.code))).scalars())

    def thing(self, reach: Reach) -> Reach | None:
        """A reach with all that follows from it; None where it names what is not there."""
        if reach.district and reach.district not in self._districts:
            return None
        return self._stations.get(reach.station) if reach.station else reach
