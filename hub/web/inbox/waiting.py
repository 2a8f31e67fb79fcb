"""Something that waits for somebody, as a value, and the port by which a room brings its own.

A room that has something to be done implements `InboxSource` and is named in `make_site`; list, count, filter, acts,
notes and the API are the inbox's work. A source reads and decides; it knows nobody's grants.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from sqlalchemy import Connection

from hub.presence.board_view import BoardRow
from hub.presence.liveness import KioskNow
from hub.rights import WHOLE_CITY, Reach, Right


class InboxAct(StrEnum):
    """What somebody does about something that waits; the names are kept, so they do not change."""

    CONTACTED = "contacted"
    """They spoke to who is there."""
    ASSIGNED = "assigned"
    """Somebody else looks after it."""
    TAKEN = "taken"
    """They look after it themselves."""
    SNOOZED = "snoozed"
    """It can wait for half an hour."""
    CLOSED = "closed"
    """It is done with."""


NOWHERE: Final = Reach("-", "-", "-")
"""Within no reach but the whole city's: of a station that is not there any more."""
USUAL: Final = (InboxAct.TAKEN, InboxAct.CONTACTED, InboxAct.ASSIGNED, InboxAct.CLOSED)
"""What can be done about anything."""


class InboxLink(NamedTuple):
    """Where what is asked for is done, and what somebody must be allowed to for it; a word in Chinese."""

    address: str
    word: str
    right: Right


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One thing that waits.

    Attributes:
        kind: of its source.
        subject: which of its kind; the same while it is the same thing.
        place: where: a station with district and kind; the whole city for what is of no station.
        station: its name; empty for none.
        since: when it began; None where nobody knows.
        what: a few words in Chinese that the catalogues know, with places for `said`.
        todo: the same, what to do about it.
        detail: what a machine says of it, in English.
        due: by when, where the matter itself says so.
        anew_at: when closed, it is back where this is later; None where it never comes back.
        seen_by: whoever has one of these rights there sees it.
        done_by: whoever has one of these acts upon it.
        has_owner: somebody looks after it already, as its source knows.
    """

    kind: str
    subject: str = field(repr=False)
    place: Reach = WHOLE_CITY
    station: str = ""
    since: datetime | None
    what: str
    todo: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""
    due: datetime | None = None
    anew_at: datetime | None = None
    seen_by: tuple[Right, ...] = (Right.FOLLOW_UP,)
    done_by: tuple[Right, ...] = (Right.HANDLE,)
    acts: tuple[InboxAct, ...] = USUAL
    links: tuple[InboxLink, ...] = ()
    has_owner: bool = False

    @property
    def code(self) -> str:
        """Of the station that one can look at; empty for none."""
        return "" if self.place == NOWHERE else self.place.station

    @property
    def key(self) -> str:
        """By which pages and programs name it; tells nothing of it."""
        return hashlib.sha256(f"{self.kind}\n{self.subject}".encode()).hexdigest()[:20]


class SeenPlace(NamedTuple):
    """A station as grants speak of it, and its name."""

    reach: Reach
    name: str


@dataclass(frozen=True, slots=True)
class CitySeen:
    """How the city stands when sources are asked.

    Attributes:
        rows: the board's, by code.
        kiosks: those in service.
    """

    now: datetime
    rows: Mapping[str, BoardRow]
    kiosks: tuple[KioskNow, ...]

    def place(self, code: str) -> SeenPlace | None:
        """A station; None where there is none."""
        row = self.rows.get(code)
        return None if row is None else SeenPlace(Reach(row.district_code, row.kind, row.code), row.name)


class InboxSource(Protocol):
    """Brings what waits of one kind."""

    kind: str
    word: str
    """What the kind is called, in Chinese."""

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:
        """All of it, whoever's; on a thread, within one reading transaction."""

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Do what the act means to the thing itself; that it was done is written down anyway.

        Raises:
            ActError: it is over.
        """
