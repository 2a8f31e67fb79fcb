"""What came from the kiosks, and what an operator should know of it: the hot tables.

One B-tree by (run, seq) holds every record: no second index is kept, since all reads follow a kiosk's run.
Times are whole milliseconds of UTC since 1970, the cheapest thing to write and compare. Who the kiosks,
stations and people are stands in `tables`.
"""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH, TOKEN_LENGTH

EPOCH_LENGTH = 16


class Run(SQLModel, table=True):
    """One run of one kiosk's agent: an epoch, and how far it is stored."""

    __tablename__: ClassVar[str] = "run"
    __table_args__: ClassVar[Any] = (UniqueConstraint("kiosk", "epoch"),)

    id: int = Field(primary_key=True)
    kiosk: str = Field(max_length=NAME_LENGTH)
    epoch: str = Field(max_length=EPOCH_LENGTH)
    station: str = Field(max_length=NAME_LENGTH, index=True)
    """Where the kiosk was when the run was first heard of."""
    kept_from: int = Field(default=1, sa_type=BigInteger)
    """The lowest seq that the kiosk still holds, as it last said."""
    through: int = Field(default=0, sa_type=BigInteger)
    """The end of the unbroken run of stored seqs; written with the records, for their rows may be folded away."""
    last_at_ms: int = Field(default=0, sa_type=BigInteger)
    """The latest `at` of a record in it."""
    revision: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})
    """Rises whenever its records, gaps or this row are written: what is remembered of the run holds while it is so."""


class JournalRecord(SQLModel, table=True):
    """One record of a kiosk's journal. What the kind has beside these columns is JSON in `body`."""

    __tablename__: ClassVar[str] = "record"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    run: int = Field(primary_key=True, foreign_key="run.id")
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    kind: str
    """As on the wire, or `unreadable` for what failed its checks: then `body` says what was found and why not."""
    at_ms: int = Field(sa_type=BigInteger)
    clock: str
    boot: str
    mono_ms: int = Field(sa_type=BigInteger)
    token: str | None = Field(default=None, nullable=True, repr=False, max_length=TOKEN_LENGTH)
    action: str | None = Field(default=None, nullable=True)
    of_seq: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    card_kind: str | None = Field(default=None, nullable=True)
    reader: str | None = Field(default=None, nullable=True)
    body: str | None = Field(default=None, nullable=True, repr=False)
    stored_ms: int = Field(sa_type=BigInteger)
    """When the hub stored it."""


class GapRow(SQLModel, table=True):
    """Records of a run that the kiosk no longer holds and that never came, until they turn up after all."""

    __tablename__: ClassVar[str] = "gap"

    run: int = Field(primary_key=True, foreign_key="run.id")
    first: int = Field(primary_key=True, sa_type=BigInteger)
    last: int = Field(sa_type=BigInteger)


class Quarantine(SQLModel, table=True):
    """What could not be stored as a record: a message that cannot be read, a name that came with other content."""

    __tablename__: ClassVar[str] = "quarantine"

    id: int | None = Field(default=None, primary_key=True)
    why: str
    topic: str
    session: str = ""
    n: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    seq: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    reason: str
    found: str = Field(repr=False)
    """The beginning of what came, as text."""
    digest: str = Field(index=True)
    """Of topic and whole content: the same again is only counted."""
    times: int = 1
    first_ms: int = Field(sa_type=BigInteger)
    last_ms: int = Field(sa_type=BigInteger)


class FindingRow(SQLModel, table=True):
    """Something an operator should look into, once a kind and subject, however often it happened."""

    __tablename__: ClassVar[str] = "finding"

    kind: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    station: str = ""
    text: str
    times: int
    first_ms: int = Field(sa_type=BigInteger)
    last_ms: int = Field(sa_type=BigInteger)
    ended_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)


class KioskSeen(SQLModel, table=True):
    """The last that was heard of a kiosk, so that a hub that starts again does not begin blind."""

    __tablename__: ClassVar[str] = "kiosk_seen"

    kiosk: str = Field(primary_key=True, max_length=NAME_LENGTH)
    heard_ms: int = Field(sa_type=BigInteger)
    online: bool
    session: str
    reader: str
    clock: str
    version: str
    queued: int = Field(sa_type=BigInteger)
    key_mark: str = Field(default="", max_length=16, sa_column_kwargs={"server_default": ""})
    """The fingerprint of its site key, and of the next that it has."""
    next_mark: str = Field(default="", max_length=16, sa_column_kwargs={"server_default": ""})


class Origin(SQLModel, table=True):
    """Whether this database was put back from a backup, and its own newest one; one row."""

    __tablename__: ClassVar[str] = "origin"

    id: int = Field(default=1, primary_key=True)
    is_copy: bool = False
    """True in a backup alone: whoever serves that has been put back."""
    since_ms: int = Field(default=0, sa_type=BigInteger)
    """When it was last put back; 0 is never."""
    backup: str = ""
    """The file name of the newest backup of it; empty for none."""
    backup_ms: int = Field(default=0, sa_type=BigInteger)
    """When that was made."""
