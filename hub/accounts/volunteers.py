"""Accounts of volunteers: whose they are, and the link by which somebody gets one. Within the caller's transaction."""

from sqlalchemy import Connection, update
from sqlmodel import col, select

from hub.accounts import accounts
from hub.database.account_tables import AccountRow
from hub.database.people_tables import Volunteer
from hub.rights import Grant, Role


def volunteer_of(connection: Connection, account: str) -> str:
    """The volunteer whose account that is; empty for an office's, or none."""
    found = connection.execute(select(col(AccountRow.person)).where(col(AccountRow.id) == account))
    return found.scalar_one_or_none() or ""


def is_of_person(connection: Connection, account: str, person: str) -> bool:
    """Whether an account is a volunteer's, as far as anybody can see: by its link, or because it has their name.

    Who leads a station and serves there may have two accounts that nobody linked; the one by which they lead is then
    mostly called as they are, or by their number.
    """
    if volunteer_of(connection, account) == person:
        return True
    name = connection.execute(select(col(AccountRow.name)).where(col(AccountRow.id) == account)).scalar_one_or_none()
    own = select(col(Volunteer.number), col(Volunteer.full_name)).where(col(Volunteer.person) == person)
    found = connection.execute(own).one_or_none()
    return bool(name) and found is not None and name in {accounts.tidy_name(text.replace(" ", "")) for text in found}


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
