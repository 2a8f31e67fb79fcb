"""Being the only one who changes tables or city, from before the first read to the commit.

What was checked is then what is written over. Whoever stores records, findings or the ledger goes by `transactions`.
"""

from sqlalchemy import Connection

from hub.database.dialect import dialect_of


def begin_writing(connection: Connection) -> None:
    """Begin the transaction now, waiting for others who change things as long as the connection's timeout says."""
    dialect_of(connection).begin_changing(connection)
