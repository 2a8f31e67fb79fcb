"""What of stations an alarm is of: one of them, those that fell silent together, the whole city; and who is over it."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from hub.alarms.book import MatterKey, Scene
from hub.alarms.places import CITY
from hub.alarms.routes import Routes
from hub.presence.board_view import BoardRow
from hub.rights import WHOLE_CITY, Reach
from station.alarms import Lack, Level, LevelsOf, Matter
from station.duty import DutyClass

_NOWHERE: Final = Reach("-", "-", "-")  # within no reach but the whole city's


def scene_of(row: BoardRow, matter: Matter) -> Scene:
    """One station."""
    place = Reach(row.district_code, row.kind, row.code)
    return Scene(row.code, place, matter, row.on_duty, row.minimum, row.target)


def scene_of_city(rows: Sequence[BoardRow]) -> Scene:
    """The whole city, of whose stations most are silent."""
    silent = sum(row.is_silent for row in rows)
    return Scene(CITY, _NOWHERE, Matter.WATCHING, silent, 0, 0)


def scene_of_group(name: str, silent: int, rows: Sequence[BoardRow]) -> Scene:
    """Stations that fell silent together."""
    places = dict.fromkeys(Reach(row.district_code, row.kind, row.code) for row in rows)
    return Scene(name, _NOWHERE, Matter.WATCHING, silent, 0, 0, places=tuple(places) or (_NOWHERE,))


def scene_of_gone(key: MatterKey) -> Scene:
    """A station that is shown no more."""
    return Scene(key[0], WHOLE_CITY, key[1], 0, 0, 0)


def class_of_city(rows: Sequence[BoardRow], *, is_outage: bool) -> DutyClass:
    """What holds of the city: nobody can tell how it stands in an outage."""
    if is_outage:
        return DutyClass.UNKNOWN
    return DutyClass.MET if any(row.is_open for row in rows) else DutyClass.CLOSED


def reach_of(scene: Scene, routes: Routes) -> LevelsOf:
    """Which levels there are to be told: of a group, from the lowest on at which somebody is over each station."""
    if not scene.places:
        return partial(routes.levels, scene.place)

    def reach(lack: Lack) -> frozenset[Level]:
        found = [levels for place in scene.places if (levels := routes.levels(place, lack))]
        lowest = max(map(min, found), default=Level.LEAD)
        return frozenset(level for level in Level if level >= lowest and any(level in levels for levels in found))

    return reach
