"""What waits about people: cards that nobody is entered for, and who was not trained. Nobody's name is in it."""

from collections import defaultdict
from datetime import UTC, date, timedelta
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, false, func
from sqlmodel import col, select

from hub.changing.effects import short_token
from hub.database.ledger_tables import StintRow
from hub.database.people_tables import Holding, Membership, Volunteer
from hub.register.reading import read_edition
from hub.rights import Right
from hub.web.inbox import words
from hub.web.inbox.waiting import CitySeen, InboxAct, InboxLink, ToDo
from station.hours import midnight_of
from station.milliseconds import moment_of, ms_of

LOOK_BACK: Final = timedelta(days=30)


class CardSource:
    """Cards that tapped lately and are nobody's: who is this?"""

    kind = "card"
    word = words.CARDS

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:
        """One a card and station."""
        held = select(Holding.token).where(col(Holding.until_ms).is_(None))
        where = (
            col(StintRow.counted).is_(false()),  # as the partial index says it
            col(StintRow.began_ms) >= ms_of(seen.now - LOOK_BACK),
            col(StintRow.person).not_in(held),
        )
        first, last = func.min(StintRow.tapped_ms).label("first_ms"), func.max(StintRow.tapped_ms).label("last_ms")
        query = select(col(StintRow.person), col(StintRow.station)).add_columns(first, last, func.count().label("n"))
        found = []
        for row in connection.execute(query.where(*where).group_by(col(StintRow.person), col(StintRow.station))):
            place = seen.place(row.station)
            if place is None:
                continue
            found.append(
                ToDo(
                    kind=self.kind, subject=f"{row.person} {row.station}", place=place.reach, station=place.name,
                    since=moment_of(row.first_ms), what=words.NEW_CARD, todo=words.WHOSE_CARD,
                    said={"card": short_token(row.person), "n": str(row.n)},
                    seen_by=(Right.FOLLOW_UP, Right.PEOPLE), done_by=(Right.HANDLE, Right.PEOPLE),
                )
            )  # fmt: skip
        return found

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Nothing: whose it is, is said on a page of its own."""


class TrainingSource:
    """How many of a station's people were not trained. Read anew only where the city has changed."""

    kind = "training"
    word = words.TRAINING

    def __init__(self) -> None:
        self._edition = -1
        self._counted: dict[str, tuple[int, date | None]] = {}

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:
        """One a station."""
        edition = read_edition(connection)
        if edition != self._edition:
            self._counted, self._edition = _untrained(connection), edition
        found = []
        for code, (count, since) in self._counted.items():
            place = seen.place(code)
            if place is None:
                continue
            at = None if since is None else midnight_of(since, UTC)
            found.append(
                ToDo(
                    kind=self.kind, subject=code, place=place.reach, station=place.name, since=at, what=words.UNTRAINED,
                    todo=words.TRAIN, said={"n": str(count)},
                    seen_by=(Right.NAMES,), done_by=(Right.HANDLE, Right.PEOPLE),
                    links=(InboxLink(f"/people?only=untrained&station={quote(code)}", words.SEE_PEOPLE, Right.NAMES),),
                )
            )  # fmt: skip
        return found

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Nothing: the day of a training is entered with the person."""


def _untrained(connection: Connection) -> dict[str, tuple[int, date | None]]:
    """By station how many, and since when the first of them is on the register."""
    rows = connection.execute(
        select(col(Membership.station), col(Volunteer.registered_on))
        .join(Volunteer, col(Volunteer.person) == col(Membership.person))
        .where(
            col(Membership.until_day).is_(None), col(Volunteer.trained_on).is_(None), col(Volunteer.left_on).is_(None)
        )
    )
    days: dict[str, list[date | None]] = defaultdict(list)
    for station, registered_on in rows:
        days[station].append(registered_on)
    return {station: (len(all_), min((day for day in all_ if day), default=None)) for station, all_ in days.items()}
