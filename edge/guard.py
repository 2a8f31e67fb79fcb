"""Whether a card seen again is the same tap: five real seconds from when a card of that person was last seen.

It outlives a restart of the agent, by rows stored with the taps, and is void after a reboot. While no agent ran it
stands still: the card that lay there then is the same.
"""

from collections.abc import Iterable
from typing import Final

from edge.journal import Seen
from edge.people import PersonKey

TOUCH_EVERY_S: Final = 2.0  # while a card lies still: a restart in between must not make a second tap of it


class Guard:
    """When each person's card was last seen, in seconds of CLOCK_BOOTTIME."""

    def __init__(
        self, guard_s: float, boot: str, rows: Iterable[Seen] = (), dark: tuple[float, float] | None = None
    ) -> None:
        """Begin.

        Args:
            guard_s: how long a card seen again is the same tap.
            boot: this boot's id.
            rows: what earlier runs of it stored.
            dark: from the last sign of the run before up to now, where that was in this boot.
        """
        self._guard_s = guard_s
        self._boot = boot
        self._seen_s: dict[PersonKey, float] = {row.person: row.seen_s for row in rows}
        self._stored_s = dict(self._seen_s)
        if dark is not None:
            last_s, now_s = dark
            lay_there = [key for key, seen_s in self._seen_s.items() if last_s - seen_s <= TOUCH_EVERY_S]
            self._seen_s.update(dict.fromkeys(lay_there, now_s))

    def holds(self, person: PersonKey, now_s: float) -> bool:
        """Whether a card of that person appearing now is still the tap before."""
        return 0 <= now_s - self._seen_s.get(person, float("-inf")) < self._guard_s

    def row(self, person: PersonKey, now_s: float) -> Seen:
        """What to store with a tap."""
        return Seen(person, now_s, self._boot)

    def tapped(self, row: Seen) -> None:
        """The tap is stored; the guard begins."""
        self._seen_s = {key: at for key, at in self._seen_s.items() if row.seen_s - at < self._guard_s}
        self._stored_s = {key: at for key, at in self._stored_s.items() if key in self._seen_s}
        self._seen_s[row.person] = self._stored_s[row.person] = row.seen_s

    def still_seen(self, person: PersonKey, now_s: float) -> Seen | None:
        """A card that was a tap is still there, or again: the guard begins anew.

        Returns:
            A row to store where the stored one grows old.
        """
        if not self.holds(person, now_s):
            return None
        self._seen_s[person] = now_s
        if now_s - self._stored_s.get(person, 0.0) < TOUCH_EVERY_S:
            return None
        self._stored_s[person] = now_s
        return self.row(person, now_s)
