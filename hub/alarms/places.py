"""How an alarm says of what it tells: of a station by its code, of stations of one district, of the city."""

from typing import Final

CITY: Final = ""
"""In the place of a station's code: the alarm is the city's own."""
OF_DISTRICT: Final = "district/"
"""How it begins for stations of one district that fell silent together; no code of a station has its last letter."""


def is_group(place: str) -> bool:
    """Whether it is of several stations that fell silent together."""
    return place.startswith(OF_DISTRICT)


def district_of(place: str) -> str:
    """The district's code, of a group's."""
    return place.removeprefix(OF_DISTRICT).partition(":")[0]
