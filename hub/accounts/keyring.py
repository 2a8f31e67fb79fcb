"""Where passkeys are made by who proved who they are, and shown by who comes in. Belongs to a `Reception`.

A passkey is both factors at once: the device, and the person whom it looked at before it answered.
"""

import asyncio
import logging
from typing import Final

from sqlalchemy import Connection

from hub.accounts import accounts, limits, passkeys, sessions
from hub.accounts.access_log import log_access
from hub.accounts.accounts import Account
from hub.accounts.asker import Who
from hub.accounts.ceremony import (
    NoPasskeyError,
    Place,
    ShownPasskey,
    check_made,
    check_shown,
    read_shown,
    wanted_new,
    wanted_shown,
)
from hub.accounts.proving import Proof, prove
from hub.accounts.reception import Caller, In, NotIn, Reception
from hub.accounts.secrets import new_random_key, proof_of

log = logging.getLogger(__name__)

NOT_IN: Final = NotIn()


class Keyring:
    """Belongs to one event loop."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._now = reception.now

    async def begin(self, who: Who, place: Place, password: str, code: str, visitor: Caller) -> str | NotIn:
        """Return what their browser makes a passkey by, for who proves anew who they are.

        Args:
            who: signed in.
            place: where.
            password: their own.
            code: of their second factor; looked at where they have one.
            visitor: from where.

        Raises:
            BusyError: too many sign in at once.
        """

        def ask(connection: Connection, account: Account) -> tuple[str, str, list[str], str]:
            known = [one.credential for one in passkeys.read_passkeys(connection, account.id)]
            challenge = passkeys.new_challenge(connection, who.proof, visitor.address, self._now())
            return account.id, account.name, known, challenge

        proven = await prove(self._reception, who, Proof(password, code), visitor, ask)
        return proven if isinstance(proven, NotIn) else await asyncio.to_thread(wanted_new, place, *proven)

    async def finish(self, who: Who, place: Place, name: str, answer: str, visitor: Caller) -> bool:
        """Keep the passkey that their browser made; False where it made none that is good."""
        challenge = await self._use(who.proof)
        try:
            made = await asyncio.to_thread(check_made, place, answer, challenge)
        except NoPasskeyError as exc:
            log.info("a passkey was refused: %s", exc)
            return False

        def keep(connection: Connection) -> bool:
            if not self._is_in(connection, who) or not challenge:
                return False
            if not passkeys.add_passkey(connection, who.account, name, made, self._now()):
                return False
            log_access(connection, who.name, "passkey_added", "", visitor.address, now_ms=self._now())
            return True

        return await self._reception.write(keep)

    async def remove(self, who: Who, id_: str, visitor: Caller) -> None:
        """Take one's own passkey away; all that is open but this session ends."""

        def take(connection: Connection) -> None:
            if passkeys.remove_passkey(connection, who.account, id_, but=who.proof):
                log_access(connection, who.name, "passkey_removed", "", visitor.address, now_ms=self._now())

        await self._reception.write(take)

    async def ask(self, place: Place, visitor: Caller) -> tuple[str, str]:
        """Return a key for a browser that wants in, and what it shows a passkey by."""
        key = new_random_key()
        challenge = await self._reception.write(
            lambda connection: passkeys.new_challenge(connection, _bound(key), visitor.address, self._now()),
            looks=False,
        )
        return key, await asyncio.to_thread(wanted_shown, place, challenge)

    async def sign_in(self, place: Place, key: str, answer: str, visitor: Caller, before: Who) -> In | NotIn:
        """Let somebody in by a passkey that they showed.

        Args:
            place: where.
            key: of the browser that was asked.
            answer: its answer.
            visitor: from where.
            before: as whom they were in until now, perhaps half: that session ends.
        """
        try:
            shown = await asyncio.to_thread(read_shown, answer)
        except NoPasskeyError as exc:
            log.info("a passkey was refused: %s", exc)
            shown = ShownPasskey()
        limited = f"passkey {shown.credential}"
        wait_s = await self._reception.begin_try(limited, visitor)
        if wait_s:
            return NotIn(wait_s)
        challenge = await self._use(_bound(key))
        known = await self._reception.read(lambda connection: passkeys.passkey_of(connection, shown.credential))
        uses = await self._uses(place, shown, challenge, known)

        def take(connection: Connection) -> In | NotIn:
            """Look at what is kept and note the use in one transaction: it may have been removed meanwhile."""
            kept = passkeys.passkey_of(connection, shown.credential)
            account = self._account(connection, kept.account) if kept else None
            trouble = "passkey_failed"
            if kept and account and uses is not None and shown.owner == account.id:
                is_used = passkeys.note_used(connection, kept, uses, self._now())
                trouble = "" if is_used else "passkey_copied"
            if account is None or trouble:
                by = account.name if account else ""
                log_access(connection, by, trouble, "", visitor.address, now_ms=self._now())
                return NOT_IN
            limits.forgive(connection, limited, visitor.address)
            if before.account:
                sessions.end_session(connection, before.proof, before.account)
            return self._reception.begin(connection, account, visitor, is_whole=True, by="signed_in_by_passkey")

        return await self._reception.write(take)

    async def _use(self, bound: str) -> str:
        return await self._reception.write(
            lambda connection: passkeys.use_challenge(connection, bound, self._now()), looks=False
        )

    async def _uses(
        self, place: Place, shown: ShownPasskey, challenge: str, known: passkeys.Passkey | None
    ) -> int | None:
        if not challenge or known is None:
            return None
        try:
            return await asyncio.to_thread(check_shown, place, shown, challenge, known.public_key)
        except NoPasskeyError as exc:
            log.info("a passkey was refused: %s", exc)
            return None

    def _account(self, connection: Connection, id_: str) -> Account | None:
        return accounts.account_of(connection, id_, self._now())

    def _is_in(self, connection: Connection, who: Who) -> bool:
        """Whether their session is still there: it ends with a lost telephone, which is to make no passkey."""
        return sessions.is_there(connection, who.proof)


def _bound(key: str) -> str:
    return proof_of(f"passkey {key}")
