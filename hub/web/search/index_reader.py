"""The index read from the tables, anew where the city has changed; names that stayed are not spelled again."""

import threading
from urllib.parse import quote

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.database.people_tables import Membership, Volunteer
from hub.database.tables import District, Station
from hub.register.reading import read_edition
from hub.rights import Reach
from hub.web.search.index import SearchIndex, Sought, sought


class IndexReader:
    """Keeps the last reading; any thread may ask."""

    def __init__(self) -> None:
        self._index = SearchIndex(-1, [], [])
        self._known: dict[tuple[str, ...], Sought] = {}
        self._reading = threading.Lock()

    def read(self, connection: Connection) -> SearchIndex:
        """The city as it is now."""
        if read_edition(connection) == self._index.edition:
            return self._index
        with self._reading:
            edition = read_edition(connection)
            if edition != self._index.edition:
                known, self._known = self._known, {}
                stations, places = self._stations(connection, known)
                self._index = SearchIndex(edition, stations, self._people(connection, places, known))
            return self._index

    def _stations(
        self, connection: Connection, known: dict[tuple[str, ...], Sought]
    ) -> tuple[list[Sought], dict[str, Reach]]:
        names = [col(getattr(Station, name)) for name in ("code", "name", "short_name", "district", "kind")]
        rows = connection.execute(select(*names, col(District.name).label("of")).join(District)).all()  # type: ignore[call-overload]  # more columns than it has overloads
        places = {row.code: Reach(row.district, row.kind, row.code) for row in rows}
        found = []
        for row in rows:
            said = (f"/stations/{quote(row.code)}", row.code, row.of, row.name, row.short_name)
            found.append(self._keep(known, said, (places[row.code],)))
        return found, places

    def _people(
        self, connection: Connection, places: dict[str, Reach], known: dict[tuple[str, ...], Sought]
    ) -> list[Sought]:
        belongs: dict[str, list[Reach]] = {}
        still = select(col(Membership.person), col(Membership.station)).where(col(Membership.until_day).is_(None))
        for person, station in connection.execute(still):
            belongs.setdefault(person, []).append(places[station])
        rows = connection.execute(
            select(col(Volunteer.person), col(Volunteer.number), col(Volunteer.full_name)).where(
                col(Volunteer.left_on).is_(None), col(Volunteer.full_name) != ""
            )
        )
        return [
            self._keep(known, (f"/people/{person}", number, "", name), tuple(belongs.get(person, ())))
            for person, number, name in rows
        ]

    def _keep(self, known: dict[tuple[str, ...], Sought], said: tuple[str, ...], places: tuple[Reach, ...]) -> Sought:
        """One that is as it was, or made anew: address, number, detail, names."""
        before = known.get(said)
        address, number, detail, *names = said
        made = before if before and before.places == places else sought(address, names, number, detail, places)
        self._known[said] = made
        return made
