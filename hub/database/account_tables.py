"""Who may come in: accounts with their grants, sessions, links and keys; and who looked at whom.

No password, key or session id stands here, only what proves one. Moments are whole milliseconds of UTC since 1970.
"""

from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH

PROOF_LENGTH = 64
"""Of a SHA-256 in hex: what is kept of a random key of 256 bits, which needs no slow hash."""


class AccountRow(SQLModel, table=True):
    """Somebody who may sign in, or could."""

    __tablename__: ClassVar[str] = "account"

    id: str = Field(primary_key=True, max_length=NAME_LENGTH)
    name: str = Field(unique=True, max_length=64)
    """By which they sign in, tidied and in lower case."""
    password: str = Field(default="", repr=False)
    """Argon2id with its parameters; empty until it is chosen."""
    second_key: str = Field(default="", repr=False, max_length=64)
    """Of the second factor (RFC 6238), base32; empty for none."""
    second_used: int = Field(default=0, sa_type=BigInteger)
    """The last step of time whose code was taken: none is taken twice."""
    made_ms: int = Field(sa_type=BigInteger)
    ended_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    person: str = Field(default="", max_length=NAME_LENGTH, sa_column_kwargs={"server_default": ""})
    """The opaque id of the volunteer whose own it is; empty for an office's."""
    subject: str = Field(default="", index=True, max_length=PROOF_LENGTH, sa_column_kwargs={"server_default": ""})
    """Of what the city's identity service calls them; empty for who signs in by password."""


class GrantRow(SQLModel, table=True):
    """A role of an account, and where it holds."""

    __tablename__: ClassVar[str] = "grant_"

    number: int | None = Field(default=None, primary_key=True)
    account: str = Field(foreign_key="account.id", index=True, max_length=NAME_LENGTH)
    role: str = Field(max_length=NAME_LENGTH)
    district: str = Field(default="", max_length=NAME_LENGTH)
    kind: str = Field(default="", max_length=NAME_LENGTH)
    station: str = Field(default="", max_length=NAME_LENGTH)
    by: str = ""
    from_ms: int = Field(sa_type=BigInteger)
    until_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)


class InvitationRow(SQLModel, table=True):
    """A link, good once, by which somebody chooses a password."""

    __tablename__: ClassVar[str] = "invitation"

    proof: str = Field(primary_key=True, repr=False, max_length=PROOF_LENGTH)
    account: str = Field(foreign_key="account.id", index=True, max_length=NAME_LENGTH)
    by: str
    made_ms: int = Field(sa_type=BigInteger)
    until_ms: int = Field(sa_type=BigInteger)
    used_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)


class SessionRow(SQLModel, table=True):
    """One browser that somebody signed in with."""

    __tablename__: ClassVar[str] = "session"

    proof: str = Field(primary_key=True, repr=False, max_length=PROOF_LENGTH)
    account: str = Field(foreign_key="account.id", index=True, max_length=NAME_LENGTH)
    made_ms: int = Field(sa_type=BigInteger)
    seen_ms: int = Field(sa_type=BigInteger)
    is_whole: bool = False
    """Whether nothing is asked for any more, the second factor included."""
    browser: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=64)


class DoorRow(SQLModel, table=True):
    """A link of a screen or a key of a program: named, with a reach, and revocable."""

    __tablename__: ClassVar[str] = "door"

    proof: str = Field(primary_key=True, repr=False, max_length=PROOF_LENGTH)
    name: str
    role: str = Field(max_length=NAME_LENGTH)
    district: str = Field(default="", max_length=NAME_LENGTH)
    kind: str = Field(default="", max_length=NAME_LENGTH)
    station: str = Field(default="", max_length=NAME_LENGTH)
    by: str
    made_ms: int = Field(sa_type=BigInteger)
    until_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)


class TryRow(SQLModel, table=True):
    """Failed tries to sign in, by what they have in common; forgotten after a while without one."""

    __tablename__: ClassVar[str] = "sign_in_try"

    proof: str = Field(primary_key=True, max_length=PROOF_LENGTH)
    """Of a name that was typed, or of an address: neither itself."""
    failures: int
    last_ms: int = Field(index=True, sa_type=BigInteger)


class KnownLine(SQLModel, table=True):
    """Somebody came in wholly from there: who guesses elsewhere does not make them wait."""

    __tablename__: ClassVar[str] = "known_line"

    proof: str = Field(primary_key=True, max_length=PROOF_LENGTH)
    """Of a name and an address: neither itself."""
    last_ms: int = Field(index=True, sa_type=BigInteger)


class PasskeyRow(SQLModel, table=True):
    """A passkey of an account: a public key, which lets nobody in."""

    __tablename__: ClassVar[str] = "passkey"

    id: str = Field(primary_key=True, max_length=PROOF_LENGTH)
    """Of its credential id, by SHA-256."""
    account: str = Field(foreign_key="account.id", index=True, max_length=NAME_LENGTH)
    name: str = Field(max_length=64)
    """By which its owner knows it, as 手机."""
    credential: str
    """What the authenticator calls it, base64url, 1,364 signs at most."""
    public_key: str
    """COSE, base64url."""
    uses: int = Field(default=0, sa_type=BigInteger)
    """How often it was used, as it said itself the last time; stays 0 for one that is carried between devices."""
    made_ms: int = Field(sa_type=BigInteger)
    used_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)


class PasskeyChallenge(SQLModel, table=True):
    """What a browser is asked to answer, by a passkey or through the identity service: once, and within minutes."""

    __tablename__: ClassVar[str] = "passkey_challenge"

    bound: str = Field(primary_key=True, max_length=PROOF_LENGTH)
    """The proof of the one browser's key that may answer."""
    challenge: str = Field(max_length=64)
    line: str = Field(index=True, max_length=PROOF_LENGTH)
    """Of the address that asked: it is not asked for without end."""
    until_ms: int = Field(index=True, sa_type=BigInteger)


class AccessRow(SQLModel, table=True):
    """Who did what with accounts, and who looked at whom; edited only where somebody is erased."""

    __tablename__: ClassVar[str] = "access"

    number: int | None = Field(default=None, primary_key=True)
    at_ms: int = Field(index=True, sa_type=BigInteger)
    by: str
    """The account's name; empty for nobody known."""
    what: str = Field(max_length=NAME_LENGTH)
    subject: str = ""
    """An opaque person id, an account's name, a screen's."""
    address: str = Field(default="", max_length=64)


class AccountsEdition(SQLModel, table=True):
    """Rises with every change of who may come in, so that a serving hub sees it in one cheap read; one row."""

    __tablename__: ClassVar[str] = "accounts_edition"

    id: int = Field(default=1, primary_key=True)
    number: int = 0
