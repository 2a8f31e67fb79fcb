"""Accounts and their grants, as they are kept: invite, choose a password, end. All within the caller's transaction."""

import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, update
from sqlmodel import col, select

from hub.accounts.secrets import new_id, new_random_key, proof_of
from hub.database.account_tables import AccountRow, AccountsEdition, GrantRow, InvitationRow, PasskeyRow, SessionRow
from hub.database.transactions import delete_some, upsert
from hub.rights import NEEDS_SECOND_FACTOR, Grant, Reach, Role

INVITED_FOR_MS: Final = 3 * 24 * 3_600_000
LONGEST_NAME: Final = 64


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    id: str
    name: str
    password: str = field(repr=False)
    second_key: str = field(repr=False)
    second_used: int
    made_ms: int
    ended_ms: int | None
    grants: tuple[Grant, ...]

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone does not let them in."""
        return bool(self.second_key) or any(grant.role in NEEDS_SECOND_FACTOR for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that is still good, and for whom."""

    proof: str = field(repr=False)
    account: Account
    until_ms: int


def tidy_name(text: str) -> str:
    """A name as it is kept and compared; empty where it cannot be one."""
    name = unicodedata.normalize("NFKC", text).strip().casefold()
    is_sound = 0 < len(name) <= LONGEST_NAME and all(sign.isprintable() and not sign.isspace() for sign in name)
    return name if is_sound else ""


def read_accounts(connection: Connection, now_ms: int) -> list[Account]:
    """All of them, ended ones too, by name."""
    where = col(GrantRow.until_ms).is_(None) | (col(GrantRow.until_ms) > now_ms)
    grants: dict[str, list[Grant]] = {}
    for row in connection.execute(select(GrantRow).where(where).order_by(col(GrantRow.number))):
        grants.setdefault(row.account, []).append(Grant(Role(row.role), Reach(row.district, row.kind, row.station)))
    rows = connection.execute(select(AccountRow).order_by(col(AccountRow.name)))
    return [_account(row, grants.get(row.id, ())) for row in rows]


def account_named(connection: Connection, name: str, now_ms: int) -> Account | None:
    """Who has that name and may sign in."""
    return next((one for one in read_accounts(connection, now_ms) if one.name == name and one.ended_ms is None), None)


def account_of(connection: Connection, id_: str, now_ms: int) -> Account | None:
    """The account with that id, where it is not ended."""
    return next((one for one in read_accounts(connection, now_ms) if one.id == id_ and one.ended_ms is None), None)


def account_with_subject(connection: Connection, subject: str, now_ms: int) -> Account | None:
    """The account that somebody bound to what an issuer calls a person, also one that has ended; see `subject_of`."""
    found = connection.execute(select(col(AccountRow.id)).where(col(AccountRow.subject) == subject)).scalars().first()
    return next((one for one in read_accounts(connection, now_ms) if subject and one.id == found), None)


def read_bound(connection: Connection) -> set[str]:
    """The ids of accounts that are bound to what an issuer calls somebody."""
    return set(connection.execute(select(col(AccountRow.id)).where(col(AccountRow.subject) != "")).scalars())


def bind_subject(connection: Connection, account: str, subject: str, *, but: str = "") -> bool:
    """Let an issuer's person in by an account; False where they are another's that is in use.

    Its sessions end, all but one where that is said.

    Empty takes it back.
    """
    others = (col(AccountRow.subject) == subject) & (col(AccountRow.id) != account)
    if subject:
        taken = select(col(AccountRow.id)).where(others & col(AccountRow.ended_ms).is_(None))
        if connection.execute(taken).first() is not None:
            return False
        connection.execute(update(AccountRow).where(others).values(subject=""))
    connection.execute(update(AccountRow).where(col(AccountRow.id) == account).values(subject=subject))
    end_sessions(connection, account, but=but)
    note_accounts_changed(connection)
    return True


def subject_of(issuer: str, subject: str) -> str:
    """What is kept of what an issuer calls somebody: of another issuer it is another one."""
    return proof_of(f"{issuer} {subject}")


def invite(
    connection: Connection, name: str, grants: Iterable[Grant], *, by: str, now_ms: int, anew: bool = False
) -> str:
    """Enter an account, or open it again, and return the key of the link by which its owner chooses a password.

    Args:
        connection: in a transaction that holds the write lock.
        name: tidied.
        grants: that it gets beside those it has.
        by: who invites.
        now_ms: now.
        anew: the second factor and passkeys are forgotten as well, as after a lost telephone.
    """
    known = next((one for one in read_accounts(connection, now_ms) if one.name == name), None)
    id_ = known.id if known else new_id()
    if known is None:
        connection.execute(insert(AccountRow).values(AccountRow(id=id_, name=name, made_ms=now_ms).model_dump()))
    elif known.ended_ms is not None or anew:
        end_sessions(connection, id_)  # of a lost telephone too
        connection.execute(delete(PasskeyRow).where(col(PasskeyRow.account) == id_))
        values = {"ended_ms": None, "password": "", "second_key": "", "second_used": 0, "subject": ""}
        connection.execute(update(AccountRow).where(col(AccountRow.id) == id_).values(values))
    held = known.grants if known and known.ended_ms is None else ()
    for grant in grants:
        if grant not in held:
            row = GrantRow(
                account=id_,
                role=grant.role,
                by=by,
                from_ms=now_ms,
                district=grant.reach.district,
                kind=grant.reach.kind,
                station=grant.reach.station,
            )
            connection.execute(insert(GrantRow).values(row.model_dump(exclude={"number"})))
            end_sessions(connection, id_)  # begun with less, perhaps without the second factor that this one needs
    return invite_again(connection, id_, by=by, now_ms=now_ms)


def invite_again(connection: Connection, account: str, *, by: str, now_ms: int) -> str:
    """Return the key of a new link for an account; those before it are good no more."""
    connection.execute(delete(InvitationRow).where(col(InvitationRow.account) == account))
    key = new_random_key()
    row = InvitationRow(proof=proof_of(key), account=account, by=by, made_ms=now_ms, until_ms=now_ms + INVITED_FOR_MS)
    connection.execute(insert(InvitationRow).values(row.model_dump()))
    note_accounts_changed(connection)
    return key


def invitation_of(connection: Connection, key: str, now_ms: int) -> Invitation | None:
    """The invitation whose key that is, where it is still good."""
    row = connection.execute(select(InvitationRow).where(col(InvitationRow.proof) == proof_of(key))).one_or_none()
    if row is None or row.used_ms is not None or row.until_ms <= now_ms:
        return None
    account = account_of(connection, row.account, now_ms)
    return None if account is None else Invitation(row.proof, account, row.until_ms)


def forget_invitations(connection: Connection, now_ms: int, most: int) -> int:
    """Forget at most so many invitations that are good no more; returns how many."""
    return delete_some(connection, InvitationRow, col(InvitationRow.until_ms) <= now_ms, most)


def accept(connection: Connection, invitation: Invitation, hashed: str, now_ms: int) -> bool:
    """Use an invitation up: its account has that password now, and no session from before. False: somebody else did."""
    where = (col(InvitationRow.proof) == invitation.proof) & col(InvitationRow.used_ms).is_(None)
    if not connection.execute(update(InvitationRow).where(where).values(used_ms=now_ms)).rowcount:
        return False
    set_password(connection, invitation.account.id, hashed)
    return True


def set_password(connection: Connection, account: str, hashed: str) -> None:
    """Let an account have another password; all its sessions end."""
    connection.execute(update(AccountRow).where(col(AccountRow.id) == account).values(password=hashed))
    end_sessions(connection, account)
    note_accounts_changed(connection)


def set_second_factor(connection: Connection, account: str, key: str, used: int) -> None:
    """Let an account have that second factor, of which a code was just used."""
    values = {"second_key": key, "second_used": used}
    connection.execute(update(AccountRow).where(col(AccountRow.id) == account).values(values))
    note_accounts_changed(connection)


def end_account(connection: Connection, account: str, now_ms: int) -> None:
    """Let nobody sign in with an account any more: sessions, invitations and grants end with it."""
    connection.execute(update(AccountRow).where(col(AccountRow.id) == account).values(ended_ms=now_ms))
    end_sessions(connection, account)
    for model in (InvitationRow, PasskeyRow):
        connection.execute(delete(model).where(col(model.account) == account))
    is_held = (col(GrantRow.account) == account) & (col(GrantRow.until_ms).is_(None))
    connection.execute(update(GrantRow).where(is_held).values(until_ms=now_ms))
    note_accounts_changed(connection)


def withdraw_grant(connection: Connection, account: str, grant: Grant, now_ms: int) -> bool:
    """Take one grant back; False where the account has no such grant. Sessions go on with what is left."""
    wanted = {"account": account, "role": grant.role.value, **asdict(grant.reach)}
    is_held = (
        *(col(getattr(GrantRow, name)) == value for name, value in wanted.items()),
        col(GrantRow.until_ms).is_(None),
    )
    found = connection.execute(update(GrantRow).where(*is_held).values(until_ms=now_ms)).rowcount
    note_accounts_changed(connection)
    return bool(found)


def end_sessions(connection: Connection, account: str, *, but: str = "") -> None:
    """End all sessions of an account, but perhaps one; who calls says that somebody may do otherwise."""
    where = (col(SessionRow.account) == account) & (col(SessionRow.proof) != but)
    connection.execute(delete(SessionRow).where(where))


def note_accounts_changed(connection: Connection) -> None:
    """Let a serving hub see that somebody may do otherwise."""
    upsert(connection, AccountsEdition, [{"id": 1, "number": accounts_edition(connection) + 1}])


def accounts_edition(connection: Connection) -> int:
    """How often it was changed who may come in."""
    return connection.execute(select(col(AccountsEdition.number))).scalar_one_or_none() or 0


def _account(row: Any, grants: Iterable[Grant]) -> Account:
    return Account(
        row.id, row.name, row.password, row.second_key, row.second_used, row.made_ms, row.ended_ms,
        tuple(grants) if row.ended_ms is None else (),
    )  # fmt: skip
