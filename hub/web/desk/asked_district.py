"""A district that an address names: one in which somebody sees no station is as if not said, and the page says so.

A program is refused: it would take a list of nothing for a district in which nothing lacks.
"""

from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar

from fastapi import HTTPException
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
    return asked if await _is_known(desk, who, right, asked.district) else replace(asked, district="")


async def only_known_district(desk: Desk, who: Who, right: Right, district: str) -> None:
    """Let a program through that names such a district, or none.

    Raises:
        HTTPException: 422, with what is wanted.
    """
    if not await _is_known(desk, who, right, district):
        raise HTTPException(422, f"district {district!r}; wanted is the code of one with stations of whoever asks")


async def _is_known(desk: Desk, who: Who, right: Right, district: str) -> bool:
    if not district:
        return True
    of_it = select(col(Station.code)).where(col(Station.district) == district, where_may(who.grants, right))
    return await desk.read(lambda connection: connection.execute(of_it.limit(1)).first()) is not None
