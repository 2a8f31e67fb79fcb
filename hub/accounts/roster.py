"""Who may come in, in memory: read anew when the database says that it is otherwise, at most a second late.

A request is answered from here without a statement. A hub that serves is not the only one who writes: `zaigang-hub
user end` ends somebody's sessions while it serves.
"""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from hub.accounts.accounts import Account, accounts_edition, read_accounts
from hub.accounts.asker import NOBODY, Who
from hub.accounts.secrets import proof_of
from hub.accounts.sessions import BrowserSession, Door, read_doors, read_sessions
from hub.rights import Role

UNREAD: Final = -1


@dataclass(frozen=True, slots=True)
class AccountRoster:
    """One reading."""

    edition: int = UNREAD
    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[str, BrowserSession] = field(default_factory=dict, repr=False)
    doors: dict[str, Door] = field(default_factory=dict, repr=False)

    @property
    def has_accounts(self) -> bool:
        """Whether there ever was one: from then on nobody comes in without."""
        return bool(self.accounts)

    def session_of(self, key: str, now_ms: int) -> BrowserSession | None:
        """The session whose key that is, where it is still good."""
        session = self.sessions.get(proof_of(key))
        return session if session is not None and session.is_good(now_ms) else None

    def who(self, session: BrowserSession | None) -> Who:
        """Whose session that is, and what they may."""
        account = self.accounts.get(session.account) if session else None
        if session is None or account is None or account.ended_ms is not None:
            return NOBODY
        grants = account.grants if session.is_whole else ()
        return Who(account.name, account.id, session.proof, grants, is_half=not session.is_whole)

    def behind(self, key: str, role: Role, now_ms: int) -> Who:
        """What a link's or a program's key opens; nobody's where none does."""
        door = self.doors.get(proof_of(key))
        if door is None or door.grant.role is not role or not door.is_good(now_ms):
            return NOBODY
        return Who(door.name, proof=door.proof, grants=(door.grant,))


def read_roster(connection: Connection, known: AccountRoster, now_ms: int) -> AccountRoster:
    """What is now; the known one where nothing has changed."""
    edition = accounts_edition(connection)
    if edition == known.edition:
        return known
    return AccountRoster(
        edition,
        {account.id: account for account in read_accounts(connection, now_ms)},
        {session.proof: session for session in read_sessions(connection)},
        {door.proof: door for door in read_doors(connection)},
    )
