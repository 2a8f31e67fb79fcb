"""The ledger: what follows from the journal, person by person and kiosk by kiosk, and how far it has been followed.

Every row here can be made again from the journal and the city's tables; `hub.ledger` keeps it and is alone in
writing it. `stint`, `watched` and the marks of taps are what coverage and hours are made of; the rest says what was
folded, so that a hub that starts again goes on where it stopped. Times are whole milliseconds of UTC since 1970.
"""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, false, text, true
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH, TOKEN_LENGTH

REVIEWED = "confirmed_ms IS NULL AND (\"end\" = 'assumed' OR claimed IS {yes} OR uncertain IS {yes})"
"""Which stints wait for somebody's word, as an index says it; `yes` is a dialect's word for true."""


class StintRow(SQLModel, table=True):
    """One stint, ended as the taps say, or else as time alone will end it: that may lie ahead.

    Named by the tap that made it: its arrival, or the leave of one that is claimed.
    """

    __tablename__: ClassVar[str] = "stint"
    __table_args__: ClassVar[Any] = (
        Index("ix_stint_person", "person", "tapped_ms"),
        Index("ix_stint_station", "station", "began_ms"),
        Index(
            "ix_stint_stranger", "began_ms", sqlite_where=text("counted IS 0"),
            postgresql_where=text("counted IS false"),
        ),
        Index(
            "ix_stint_review", "began_ms", sqlite_where=text(REVIEWED.format(yes="1")),
            postgresql_where=text(REVIEWED.format(yes="true")),
        ),
    )  # fmt: skip

    run: int = Field(primary_key=True, foreign_key="run.id")
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    person: str = Field(repr=False, max_length=TOKEN_LENGTH)
    """The opaque id, or the token of a card that is nobody's."""
    counted: bool
    """Whether the person counts for class and hours: not with a card that is nobody's, or revoked."""
    station: str = Field(max_length=NAME_LENGTH)
    tapped_ms: int = Field(sa_type=BigInteger)
    """When the tap that made it was."""
    began_ms: int = Field(sa_type=BigInteger)
    period_opens_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """The stretch of opening hours that it belongs to; none off hours."""
    period_closes_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    counts_from_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    ended_ms: int = Field(sa_type=BigInteger)
    end: str
    """As in `station.stints.End`; `assumed` and `overrun` are said by time alone."""
    outs: str
    """Times stepped out and back, JSON: pairs of milliseconds."""
    seen_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """The last tap within it, where there was one after the first: up to then the person was there, whoever watched."""
    told: str | None = Field(default=None, nullable=True)
    """While no tap has ended it: what the taps said where time will make it otherwise, JSON: period, from when it
    counts, stepped out since when and not back, times out."""
    claimed: bool
    unmatched: bool
    uncertain: bool
    unproven: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Begun by a tap that was added without evidence: it covers nothing."""
    end_unproven: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Ended so."""
    confirmed_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """Until when a person accepted it; none: nobody has."""


class WatchedRow(SQLModel, table=True):
    """One stretch in which a kiosk watched, half-open; `joint` where it lies between this run and the one before."""

    __tablename__: ClassVar[str] = "watched"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    run: int = Field(primary_key=True, foreign_key="run.id")
    joint: bool = Field(primary_key=True)
    since_ms: int = Field(primary_key=True, sa_type=BigInteger)
    until_ms: int = Field(sa_type=BigInteger)


class LedgerTap(SQLModel, table=True):
    """One tap at its corrected time."""

    __tablename__: ClassVar[str] = "ledger_tap"
    __table_args__: ClassVar[Any] = (
        Index("ix_ledger_tap_token", "token", "at_ms"),
        Index("ix_ledger_tap_run_at_ms", "run", "at_ms"),  # of a station's taps of a month, not all of its years
        Index(
            "ix_ledger_tap_mark", "at_ms", sqlite_where=text("mark IS NOT NULL"),
            postgresql_where=text("mark IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    run: int = Field(primary_key=True, foreign_key="run.id")
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    token: str = Field(repr=False, max_length=TOKEN_LENGTH)
    at_ms: int = Field(sa_type=BigInteger)
    action: str
    of_seq: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    clock: str
    """How far the corrected time can be trusted."""
    earliest_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """What the truth lies between, where it is not known."""
    latest_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    mark: str | None = Field(default=None, nullable=True)
    """`again` or `unmatched`: for review; `void`: an amendment took it out."""
    recorded_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """Where its record puts it, where an amendment moved it."""
    confirmed_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """Until when a person accepted what it began; 0: as it is."""
    proves: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Not where an amendment added it without evidence."""


class LedgerRun(SQLModel, table=True):
    """One run, how far it is folded, and what of it the folding of other records has to know."""

    __tablename__: ClassVar[str] = "ledger_run"

    run: int = Field(primary_key=True, foreign_key="run.id")
    folded: int = Field(sa_type=BigInteger)
    """How many records are folded; fewer than `last_seq` where some are missing below it."""
    last_seq: int = Field(sa_type=BigInteger)
    last_ms: int = Field(sa_type=BigInteger)
    """The corrected time of that record."""
    last_mono_ms: int = Field(sa_type=BigInteger)
    last_boot: str
    last_stored_ms: int = Field(sa_type=BigInteger)
    tail_known: bool
    """Whether that record's time is what it says."""
    has_doubt: bool
    """Whether any record's time had to be made from others'."""
    has_unset: bool
    """Whether any is of a boot that was never synced."""
    is_tip: bool
    """Whether it is its kiosk's last, and no other lies further on in its boot: then what follows can be read alone."""
    boots: str
    """The boots of its records, JSON."""
    known_from_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """The earliest and the latest corrected time in it that is known."""
    known_to_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    low_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """What the kiosk's earlier and later runs bounded its doubts by, when they were last placed."""
    high_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    first_ms: int = Field(sa_type=BigInteger)
    """What its first record says of its time, uncorrected."""
    started_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """When it started, corrected; none where that record is missing."""
    before: str | None = Field(default=None, nullable=True)
    """The epoch that its start names as the one before, and until when that was alive."""
    alive_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    alive_mono_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    readers: str
    """Each reader's state after the last record, JSON."""


class LedgerCard(SQLModel, table=True):
    """As whose each card was folded; differs from the city's tables until an import has been followed."""

    __tablename__: ClassVar[str] = "ledger_card"

    token: str = Field(primary_key=True, repr=False, max_length=TOKEN_LENGTH)
    held: str = Field(repr=False)
    """Whose it was at all times (`Rulebook.spelled_card`)."""


class LedgerStation(SQLModel, table=True):
    """By which terms each station's taps were folded."""

    __tablename__: ClassVar[str] = "ledger_station"

    station: str = Field(primary_key=True, max_length=NAME_LENGTH)
    terms: str
    """All of them, of all days (`Rulebook.spelled_terms`)."""


class LedgerEdition(SQLModel, table=True):
    """Which edition of the city the ledger follows; one row."""

    __tablename__: ClassVar[str] = "ledger_edition"

    id: int = Field(default=1, primary_key=True)
    number: int
