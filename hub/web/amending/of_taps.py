"""What waits of taps: each that changed nothing or goes with no other, and each stint that nobody's tap ended."""

from datetime import timedelta
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection

from hub.giving_way import giving_way
from hub.ledger.review import ReviewedTap, waiting
from hub.rights import Right
from hub.web.amending.reading import spell_name
from hub.web.amending.words import DOUBT_WORDS, SETTLE, TAPS, TO_SETTLE
from hub.web.inbox.waiting import CitySeen, InboxAct, InboxLink, SeenPlace, ToDo
from station.milliseconds import moment_of, ms_of

LOOK_BACK: Final = timedelta(days=62)  # last month's hours are approved in this one
ACTS: Final = (InboxAct.TAKEN, InboxAct.CONTACTED, InboxAct.ASSIGNED)
"""It is settled by a correction alone, which has a reason."""


class ReviewSource:
    """Taps that wait for somebody's word. Nobody is named: whose it is stands on the page that it leads to."""

    kind = "tap"
    word = TAPS

    def __init__(self) -> None:
        self._made: dict[tuple[ReviewedTap, SeenPlace], ToDo] = {}

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:
        """One a tap, until somebody accepted it or put it right.

        A kiosk that was away for a month leaves thousands that wait for weeks: each is made once, however often they
        are looked at, and while they are, others have their turn.
        """
        made: dict[tuple[ReviewedTap, SeenPlace], ToDo] = {}
        for tap in waiting(connection, ms_of(seen.now - LOOK_BACK), ms_of(seen.now), giving_way):
            place = seen.place(tap.station)
            if place is not None:
                key = tap, place
                made[key] = self._made.get(key) or self._to_do(*key)
        self._made = made
        return list(made.values())

    def _to_do(self, tap: ReviewedTap, place: SeenPlace) -> ToDo:
        address = f"/stations/{quote(tap.station)}/amend/{spell_name(tap.name)}"
        return ToDo(
            kind=self.kind, subject=spell_name(tap.name), place=place.reach, station=place.name,
            since=moment_of(tap.at_ms), what=DOUBT_WORDS[tap.doubts[0]], todo=TO_SETTLE, acts=ACTS,
            seen_by=(Right.AMEND,), done_by=(Right.AMEND,), links=(InboxLink(address, SETTLE, Right.AMEND),),
        )  # fmt: skip

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Nothing: a correction settles it."""
