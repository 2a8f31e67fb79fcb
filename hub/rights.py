"""Who may do what, and where. Pure: every route, list, stream and count asks the same two functions.

A grant is a role and a reach: the whole city, a district, a kind of host, a station. Nobody may do anything that no
grant of theirs says. Every route declares one right; a test walks all routes and refuses one without.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


class Right(StrEnum):
    """What somebody must be allowed to."""

    ANYBODY = "anybody"
    """Whoever reaches the port: signing in, and what the sign-in page loads."""
    LINK = "link"
    """Whoever has the link: the address itself is the key, and the route looks after it."""
    LOCAL = "local"
    """Programs of this machine, or who operates the hub."""
    SIGNED_IN = "signed_in"
    """One's own page and password."""
    OBSERVE = "observe"
    """See how stations stand: classes, counts, days; no person."""
    INBOX = "inbox"
    """See what waits for oneself; which things those are, each thing says by a right of its own."""
    FOLLOW_UP = "follow_up"
    """See what waits to be done at stations."""
    HANDLE = "handle"
    """Say what is done about it: an act that stands under one's name."""
    NAMES = "names"
    """See the people of stations by name."""
    CALL = "call"
    """See the telephone numbers of people who agreed to be called."""
    REPORT_CARDS = "report_cards"
    """Report somebody's card lost, or found, and give them one by holding it to a kiosk."""
    AMEND = "amend"
    """Correct taps of stations: take one out, put one in, move one, accept one."""
    PEOPLE = "people"
    """Enter people, let them leave, give them cards."""
    CLOSE = "close"
    """Close stations for a day or some hours that are still to come."""
    SHIFTS = "shifts"
    """Say who of a station's people is expected on duty when."""
    PLACES = "places"
    """Change stations and the terms by which they are judged."""
    KIOSKS = "kiosks"
    """Enter kiosks and take them out of service."""
    IMPORT = "import"
    """Take in whole sheets."""
    HISTORY = "history"
    """See who changed what."""
    USERS = "users"
    """Invite users and end them, make screens' links and programs' keys, say by which channels alarms go out."""
    ACCESS_LOG = "access_log"
    """See who looked at whom."""


class Role(StrEnum):
    """What somebody is, as far as the hub is concerned."""

    CITY = "city"
    """市文明办."""
    COUNTY = "county"
    """县区文明办."""
    AUTHORITY = "authority"
    """业务主管单位."""
    FEDERATION = "federation"
    """志愿服务联合会."""
    LEAD = "lead"
    """站长."""
    INSTALLER = "installer"
    """安装员."""
    VOLUNTEER = "volunteer"
    """志愿者."""
    SCREEN = "screen"
    """A board on a wall."""
    PROGRAM = "program"
    """Another program, by a key."""
    NEARBY = "nearby"
    """Whoever sits at the machine of a hub that has no account yet."""


_OWN: Final = frozenset({Right.SIGNED_IN})
_WATCH: Final = frozenset({Right.OBSERVE})
_COUNTY: Final = _OWN | {
    Right.OBSERVE, Right.INBOX, Right.FOLLOW_UP, Right.HANDLE, Right.NAMES, Right.CALL, Right.REPORT_CARDS, Right.AMEND,
    Right.PEOPLE, Right.CLOSE, Right.SHIFTS, Right.PLACES, Right.KIOSKS, Right.HISTORY, Right.USERS,
}  # fmt: skip
RIGHTS: Final = {
    Role.CITY: _COUNTY | {Right.IMPORT, Right.ACCESS_LOG, Right.LOCAL},
    Role.COUNTY: _COUNTY,
    Role.AUTHORITY: _OWN | {Right.OBSERVE, Right.INBOX, Right.FOLLOW_UP, Right.HANDLE},
    Role.FEDERATION: _OWN | {
        Right.OBSERVE, Right.INBOX, Right.NAMES, Right.CALL, Right.REPORT_CARDS, Right.AMEND,
        Right.PEOPLE, Right.SHIFTS, Right.IMPORT,
    },
    Role.LEAD: _OWN | {
        Right.OBSERVE, Right.INBOX, Right.FOLLOW_UP, Right.HANDLE, Right.NAMES, Right.CALL, Right.REPORT_CARDS,
        Right.AMEND, Right.CLOSE, Right.SHIFTS,
    },
    Role.INSTALLER: _OWN | {Right.OBSERVE, Right.INBOX, Right.KIOSKS},
    Role.VOLUNTEER: _OWN,
    Role.SCREEN: _WATCH,
    Role.PROGRAM: _WATCH | {Right.INBOX, Right.FOLLOW_UP},
    Role.NEARBY: _WATCH | {Right.INBOX, Right.FOLLOW_UP, Right.LOCAL},
}  # fmt: skip
NEEDS_NO_GRANT: Final = frozenset({Right.ANYBODY, Right.LINK})
OF_ACCOUNTS: Final = frozenset(Role) - {Role.SCREEN, Role.PROGRAM, Role.NEARBY}
NEEDS_SECOND_FACTOR: Final = frozenset({Role.CITY, Role.FEDERATION})


@dataclass(frozen=True, slots=True)
class Reach:
    """Of which stations something is granted; what is empty limits nothing."""

    district: str = ""
    """Its code."""
    kind: str = ""
    station: str = ""

    def holds(self, thing: "Reach") -> bool:
        """Whether a thing lies in it: a station with all three said, or a part of the city as a whole."""
        return (
            (not self.district or self.district == thing.district)
            and (not self.kind or self.kind == thing.kind)
            and (not self.station or self.station == thing.station)
        )


WHOLE_CITY: Final = Reach()


@dataclass(frozen=True, slots=True)
class Grant:
    """One role, and where it holds."""

    role: Role
    reach: Reach = WHOLE_CITY


def may(grants: Iterable[Grant], right: Right, thing: Reach = WHOLE_CITY) -> bool:
    """Whether somebody may do it to a thing; by itself, to the city as a whole."""
    return right in NEEDS_NO_GRANT or any(reach.holds(thing) for reach in reaches(grants, right))


def reaches(grants: Iterable[Grant], right: Right) -> frozenset[Reach]:
    """Where somebody may do it; nothing where nowhere."""
    return frozenset(grant.reach for grant in grants if right in RIGHTS[grant.role])


def may_grant(grants: Iterable[Grant], role: Role, thing: Reach) -> bool:
    """Whether somebody may give a role over a thing to others: only what they may do there themselves."""
    held = tuple(grants)
    return may(held, Right.USERS, thing) and all(may(held, right, thing) for right in RIGHTS[role] - _OWN)


def open_to(right: Right) -> Callable[[Endpoint], Endpoint]:
    """Declare what a route's function asks for; stands below the router's own decorator."""

    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__["right"] = right
        return endpoint

    return declare


def right_of(endpoint: object) -> Right | None:
    """Return what a route's function asks for; None where nobody said."""
    right = getattr(endpoint, "right", None)
    return right if isinstance(right, Right) else None
