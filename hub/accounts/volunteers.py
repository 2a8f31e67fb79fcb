"""Accounts of volunteers: whose they are, and the link by which somebody gets one. Within the caller's transaction."""

from sqlalchemy import Connection, update
from sqlmodel import col, select

from hub.accounts import accounts
from hub.database.account_tables import AccountRow
from hub.rights import Grant, Role


def person_of(connection: Connection, account: str) -> str:
    """The volunteer whose account that is; empty for an office's, or none."""
    found = connection.execute(select(col(AccountRow.person)).where(col(AccountRow.id) == account))
    return found.scalar_one_or_none() or ""


def invite_volunteer(connection: Connection, person: str, number: str, *, by: str, now_ms: int) -> str | None:
    """The key of a link by which a volunteer chooses a password; None where the account is not theirs alone.

    They sign in by their number, and see nothing but what is their own.
    """
    name = accounts.tidy_name(number)
    taken = connection.execute(select(col(AccountRow.person)).where(col(AccountRow.name) == name)).scalar_one_or_none()
    if taken is not None and taken != person:
        return None  # else whoever has the link would choose the password of somebody else's account
    known, own = accounts.account_named(connection, name, now_ms), Grant(Role.VOLUNTEER)
    if known is not None and set(known.grants) - {own}:
        return None  # or of one that may do more than who makes the link: for those there is `may_grant`
    key = accounts.invite(connection, name, [own], by=by, now_ms=now_ms)
    connection.execute(update(AccountRow).where(col(AccountRow.name) == name).values(person=person))
    return key
