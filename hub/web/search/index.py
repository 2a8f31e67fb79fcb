"""Everything that can be found, in memory, and for each set of grants what of it they may see.

What is not somebody's is not looked at: so nothing of it shows, not by a count, and not by the time it takes.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.accounts.asker import Who
from hub.rights import WHOLE_CITY, Reach, Right
from hub.web.search.spelling import SIGN, spellings, typed_as
from station.tidy import tidy_key

MOST_SHOWN: Final = 8
LONGEST: Final = 40
MOST_SCOPES: Final = 128
"""Of which it is remembered what they may see."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One station or person.

    Attributes:
        name: as it is shown.
        number: a code, or a volunteer's number.
        places: where; one of them is enough to see it.
        plain: what is found wherever it stands: names and number, in small letters.
        spelled: what is found from a syllable on.
    """

    address: str
    name: str = field(repr=False)
    number: str = field(repr=False)
    detail: str
    places: tuple[Reach, ...]
    plain: str = field(repr=False)
    spelled: str = field(repr=False)


def sought(address: str, names: Sequence[str], number: str, detail: str, places: Iterable[Reach]) -> Sought:
    """Make one; the first of its names is shown."""
    kept = [name for name in dict.fromkeys(names) if name]
    plain = SIGN.join([number, *kept]).casefold()
    return Sought(address, kept[0], number, detail, tuple(places), plain, "".join(map(spellings, kept)))


@dataclass(slots=True)
class SearchIndex:
    """One reading of the city.

    Attributes:
        edition: of the city.
    """

    edition: int
    stations: list[Sought]
    people: list[Sought]
    _seen: dict[tuple[Right, frozenset[Reach]], list[Sought]] = field(default_factory=dict, repr=False)

    def find(self, who: Who, typed: str) -> tuple[list[Sought], list[Sought]]:
        """The stations and the people that somebody looks for, the likeliest first."""
        text = tidy_key(typed[:LONGEST]).casefold()
        spelled = SIGN + typed_as(text)
        if len(spelled) == len(SIGN):
            return [], []
        found = (
            self._matching(self._of(who, right, all_), text, spelled)
            for right, all_ in ((Right.OBSERVE, self.stations), (Right.NAMES, self.people))
        )
        stations, people = found
        return stations, people

    def _of(self, who: Who, right: Right, all_: list[Sought]) -> list[Sought]:
        """Those of which somebody may see anything."""
        reaches = who.reaches(right)
        if WHOLE_CITY in reaches or not reaches:
            return all_ if reaches else []
        key = right, reaches
        if key not in self._seen:
            if len(self._seen) >= MOST_SCOPES:
                self._seen.clear()
            self._seen[key] = [one for one in all_ if any(reach.holds(it) for it in one.places for reach in reaches)]
        return self._seen[key]

    def _matching(self, among: list[Sought], text: str, spelled: str) -> list[Sought]:
        found = (one for one in among if text in one.plain or spelled in one.spelled)
        return heapq.nsmallest(MOST_SHOWN, found, key=lambda one: _rank(one, text, spelled))


def _rank(one: Sought, text: str, spelled: str) -> tuple[int, str, str]:
    if text in one.plain.split(SIGN):
        return 0, one.name, one.number
    if one.plain.startswith(text) or f"{SIGN}{text}" in one.plain:
        return 1, one.name, one.number
    return 2 if one.spelled.startswith(spelled) else 3, one.name, one.number
