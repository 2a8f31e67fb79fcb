"""What somebody asked for and was refused, for want of a right, in the log of access (ASVS 16.3.2).

What is kept of a request is its route, as the code spells it, the right, and what the database calls a thing that is
there and not theirs (`refused_things`): nothing that was sent, so no number or name of anybody. Who asks on and on is
told so once a minute, and fills no disk.
"""

import logging
from typing import Final

from hub.accounts.access_log import log_access
from hub.accounts.asker import Who
from hub.accounts.reception import Reception
from hub.database.transactions import StoreTroubleError
from hub.rights import Right

log = logging.getLogger(__name__)

MOST: Final = 5
"""So many lines a minute an account, screen or program gets; one more says that there was more."""
MINUTE_MS: Final = 60_000


class RefusedLog:
    """Belongs to one event loop.

    Args:
        reception: whose log is written, and by whose clock.
    """

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._minute = 0
        self._said: dict[str, int] = {}
        """By account or key, within the minute."""

    async def note(self, who: Who, asked: str, right: Right | None, address: str, thing: str = "") -> None:
        """Note that somebody who is known was refused; of others there is nothing to tell.

        Args:
            who: asked.
            asked: the method and the route, without what was in its place.
            right: that the route wants.
            address: from where.
            thing: that is not theirs, as the database calls it; empty where nothing of that sort is.
        """
        now, key = self._reception.now(), who.account or who.proof
        if not key or who.is_half:
            return
        if self._minute != now // MINUTE_MS:
            self._minute, self._said = now // MINUTE_MS, {}
        said = self._said[key] = self._said.get(key, 0) + 1  # before the write: others ask meanwhile
        if said > MOST + 1:
            return
        what, subject = (
            "refused" if said <= MOST else "refused_more",
            f"{asked} ({right or 'no right declared'}) {thing}".rstrip(),
        )
        try:
            await self._reception.write(
                lambda connection: log_access(connection, who.name, what, subject, address, now_ms=now), looks=False
            )
        except StoreTroubleError as exc:  # they are refused all the same
            log.warning("a refused request of %s could not be noted: %s", who.name, exc)
