"""How long this kiosk has had its records, by its own count of the time in which it was on: a clock that nobody sets.

The hub says what it has held for long enough. Whoever can speak in its name could say so of what was made this morning;
so nothing is taken as aged that is younger here. Counted up to the last record, at each call of `pass_time`.
"""

from typing import Final

from edge.journal import KioskJournal, Shelf

KEEP_MS: Final = 60 * 86_400_000  # protocol.md, Settling 6
_MARK_EVERY_MS: Final = 86_400_000
_TABLES: Final = (  # a later addition, which earlier agents pass over
    "CREATE TABLE IF NOT EXISTS life (alive_ms INTEGER NOT NULL, boot TEXT NOT NULL, mono_ms INTEGER NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS ages (alive_ms INTEGER PRIMARY KEY, ord INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT",
)
_GROWN: Final = "SELECT alive_ms, ord, seq FROM ages WHERE alive_ms <= ? ORDER BY alive_ms DESC LIMIT 1"


class Ages:
    """The ages of one journal's records."""

    def __init__(self, journal: KioskJournal) -> None:
        self._journal = journal
        self._grown = (0, 0)

    def pass_time(self) -> None:
        """Count the time since the last call.

        Raises:
            JournalError: it is counted with the next one.
        """
        running, mono_ms = list(self._journal.shelves.values())[-1], self._journal.last_mono_ms
        if mono_ms is None:
            return
        with self._journal.transaction() as database:
            for statement in _TABLES:
                database.execute(statement)
            (boot,) = database.execute("SELECT boot FROM epochs WHERE ord = ?", (running.ord,)).fetchone()
            alive_ms, boot_before, before_ms = database.execute("SELECT * FROM life").fetchone() or (0, "", 0)
            alive_ms += max(0, mono_ms - before_ms) if boot == boot_before else mono_ms
            database.execute("DELETE FROM life")
            database.execute("INSERT INTO life VALUES (?, ?, ?)", (alive_ms, boot, mono_ms))
            (marked_ms,) = database.execute("SELECT max(alive_ms) FROM ages").fetchone()
            if marked_ms is None or alive_ms - marked_ms >= _MARK_EVERY_MS:
                database.execute("INSERT INTO ages VALUES (?, ?, ?)", (alive_ms, running.ord, running.last))
            at_ms, *grown = database.execute(_GROWN, (alive_ms - KEEP_MS,)).fetchone() or (0, 0, 0)
            database.execute("DELETE FROM ages WHERE alive_ms < ?", (at_ms,))
        self._grown = grown[0], grown[1]

    def grown(self, shelf: Shelf) -> int:
        """Up to which seq of that run all is old enough; 0 where nothing is."""
        ord_, seq = self._grown
        return shelf.last if shelf.ord < ord_ else seq if shelf.ord == ord_ else 0
