"""What imports changed, row by row, so that one can be undone as a whole; forgotten after a while.

Names stand in it as they stand in the tables, so who is erased is erased here too.
"""

from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH


class ImportRow(SQLModel, table=True):
    """One import that was written."""

    __tablename__: ClassVar[str] = "import_"

    number: int | None = Field(default=None, primary_key=True)
    at_ms: int = Field(sa_type=BigInteger)
    by: str
    files: str
    forms: str
    """Which sheets it had, parted by blanks."""
    editions: str = ""
    """Of the city, that it made, parted by blanks."""
    undone_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    undone_by: str = ""
    is_gone: bool = False
    """It was undone, and nothing of it stayed."""


class ImportedRow(SQLModel, table=True):
    """One row as it was before, and as an import left it."""

    __tablename__: ClassVar[str] = "imported_row"

    import_number: int = Field(primary_key=True, foreign_key="import_.number")
    place: int = Field(primary_key=True)
    """In the order in which they were written."""
    edition: int
    """Of the city, that it made."""
    table: str = Field(max_length=NAME_LENGTH)
    person: str = Field(default="", index=True, max_length=NAME_LENGTH)
    """The opaque id of whom it is about; empty for nobody."""
    before: str = Field(repr=False)
    """JSON; empty where there was none."""
    after: str = Field(repr=False)
    """JSON; empty where none is left."""
