"""Where somebody begins: the page of their role; of several roles, that of the widest. Pure."""

from typing import Final
from urllib.parse import quote

from hub.accounts.asker import Who
from hub.rights import Role

BOARD: Final = "/"
_HOMES: Final = {
    Role.CITY: BOARD, Role.COUNTY: BOARD, Role.AUTHORITY: "/coverage", Role.FEDERATION: "/people", Role.LEAD: "",
    Role.INSTALLER: "/kiosks", Role.VOLUNTEER: "/me",
}  # fmt: skip
"""The widest first; a lead's is the station, or of several the board of them."""


def home_of(who: Who) -> str:
    """The address; the board for who has no role of their own."""
    held = {grant.role for grant in who.grants}
    role = next((role for role in _HOMES if role in held), None)
    if role is None:
        return BOARD
    stations = {grant.reach.station for grant in who.grants if grant.role is Role.LEAD}
    own = f"/stations/{quote(next(iter(stations)))}" if len(stations) == 1 and "" not in stations else BOARD
    return _HOMES[role] or own
