"""Taking SQLite's write lock before the first read of a transaction.

Python's sqlite3 begins a transaction only at the first INSERT: what was read before may be stale by then, and
tables are not made in one piece. Other databases begin at the first statement; nothing is to be done there.
"""

from sqlalchemy import Connection


def begin_writing(connection: Connection) -> None:
    """Begin the transaction now, waiting for other writers as long as the connection's timeout says."""
    if connection.dialect.name != "sqlite":
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    if not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
