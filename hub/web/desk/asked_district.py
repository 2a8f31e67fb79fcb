"""A district that an address names: one in which somebody sees no station is as if not said, and the page says so."""

from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar

from sqlmodel import col, select

from hub.accounts.asker import Who
from hub.accounts.filtering import where_may
from hub.database.tables import Station
from hub.rights import Right
from hub.web.desk.desk import Desk


class AsksDistrict(Protocol):
    """What an address asks for, as a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def district(self) -> str:
        """Its code; empty for all."""


DistrictAsked = TypeVar("DistrictAsked", bound=AsksDistrict)


async def with_known_district(desk: Desk, who: Who, right: Right, asked: DistrictAsked) -> DistrictAsked:
    """The same; without the district where that is none in which they have the right."""
    if not asked.district:
        return asked
    of_it = select(col(Station.code)).where(col(Station.district) == asked.district, where_may(who.grants, right))
    found = await desk.read(lambda connection: connection.execute(of_it.limit(1)).first())
    return replace(asked, district="") if found is None else asked
