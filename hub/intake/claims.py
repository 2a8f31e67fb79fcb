"""What a kiosk may forget of a run: what this hub has held for 60 days, and what its newest backup holds.

Looked up when a kiosk names the run in its state, and good until time makes it more: answers to journals only repeat
it. Who says it to whom is `settling`'s work. A claim is never too large; where something cannot be read it is nothing.
"""

from datetime import timedelta
from pathlib import Path
from typing import Final

from hub.database.transactions import StoreTroubleError
from hub.intake.backed import Backed, Question
from hub.intake.runs import NO_CLAIM, Claim, KnownRun
from hub.intake.store import Store

_MILLISECOND: Final = timedelta(milliseconds=1)
KEEP_MS: Final = timedelta(days=60) // _MILLISECOND  # protocol.md, Settling 6
LOOK_EVERY_MS: Final = timedelta(hours=1) // _MILLISECOND  # at most so often, and where it is unknown when it changes
_NEVER_MS: Final = 1 << 62


class Claims:
    """Makes claims. All calls but `hold` come from the intake's thread.

    Args:
        store: the hub's own.
        since_ms: when its database was put back from a backup; nothing is held for longer than since then.
        backed: what is in its newest backup.
    """

    def __init__(self, store: Store, since_ms: int, backed: Backed) -> None:
        self._store = store
        self._since_ms = since_ms
        self._backed = backed

    def hold(self, backup: Path | None) -> None:
        """From now on that is the newest backup. From any thread."""
        self._backed.hold(backup)

    def renew(self, run: KnownRun, kept_from: int, now_ms: int, *, is_confirmed: bool) -> None:
        """Look up what may be claimed of that run, where that is not known.

        Args:
            run: a run that the kiosk still keeps something of.
            kept_from: the lowest seq of it that the kiosk keeps.
            now_ms: by the hub's clock.
            is_confirmed: the kiosk's own clock agrees with that.

        """
        try:
            run.claim = self._renewed(run, kept_from, now_ms, is_confirmed=is_confirmed)
        except StoreTroubleError:  # its records are stored, and told so all the same
            run.claim = NO_CLAIM

    def _renewed(self, run: KnownRun, kept_from: int, now_ms: int, *, is_confirmed: bool) -> Claim:
        newest, claim = self._backed.newest, run.claim
        if claim.first != kept_from:
            claim = Claim(first=kept_from)
        if claim.is_confirmed != is_confirmed or not claim.looked_ms <= now_ms < claim.aged_until_ms:
            aged, until_ms = self._aged(run, kept_from, now_ms) if is_confirmed else (0, _NEVER_MS)
            claim = claim._replace(aged=aged, is_confirmed=is_confirmed, looked_ms=now_ms, aged_until_ms=until_ms)
        if claim.backup != newest or now_ms >= claim.backed_until_ms:
            backed, until_ms = self._in_backup(run, kept_from, newest, now_ms)
            claim = claim._replace(backed=backed, backup=newest, backed_until_ms=until_ms)
        return claim

    def _aged(self, run: KnownRun, kept_from: int, now_ms: int) -> tuple[int, int]:
        """How far that is, and until when it cannot be more."""
        long_ago_ms = now_ms - KEEP_MS
        if self._since_ms > long_ago_ms:
            return 0, self._since_ms + KEEP_MS
        held = self._store.held_since(run, kept_from, long_ago_ms)
        next_ms = now_ms if held.next_ms is None else held.next_ms  # what comes now is younger than all that is there
        return held.through, max(next_ms + KEEP_MS, now_ms + LOOK_EVERY_MS)

    def _in_backup(self, run: KnownRun, kept_from: int, newest: Path | None, now_ms: int) -> tuple[int, int]:
        """How far that is, as far as is known, and until when."""
        if newest is None:
            return 0, _NEVER_MS
        answer = self._backed.ask(Question(run.kiosk, run.epoch, kept_from))
        if answer is None:
            return 0, now_ms
        return answer.through, _NEVER_MS if answer.is_final else now_ms + LOOK_EVERY_MS
