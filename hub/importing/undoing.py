"""An import undone as a whole: what it changed goes back, where nobody changed it since; the rest is named, and stays.

HubError
`-- UndoError             there is no such import, or it was undone, or it is too old; nothing was written
    `-- UndoMovedError    it would take back something else than was shown; nothing was written
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, Table, delete, select, update
from sqlmodel import col

from hub.changing.draft import GROUPED_BY, Draft
from hub.changing.effects import Edit, Row, short_token
from hub.changing.history import OF_CHANNELS, UNDO_IMPORT
from hub.changing.saving import save
from hub.database.history_table import ChangeRow
from hub.database.import_tables import ImportedRow, ImportRow
from hub.database.journal_tables import Run
from hub.database.people_tables import Volunteer
from hub.database.tables import Kiosk, Station
from hub.database.transactions import changing, snapshot, table_of
from hub.errors import HubError
from hub.importing.imports import is_recent, read_row
from hub.register.reading import read_edition
from hub.register.spelling import spell
from hub.register.telephones import Whose
from station.milliseconds import ms_of

TURNS: Final = 4
UNDONE: Final = "undo_import"
"""What history calls it."""
UndoSubject = tuple[str, str]
"""What history calls it (station, kiosk, person, token), and its name."""
_SUBJECTS: Final = ("station", "kiosk", "person", "token")
_MODELS: Final = {table_of(model).name: model for model in GROUPED_BY}
_REFERENCES: Final = {
    table_of(model).name: [(key.parent.name, key.column.table.name) for key in table_of(model).foreign_keys]
    for model in GROUPED_BY
}
"""By table, its columns that name a row of another, and which."""


class UndoError(HubError):
    """There is nothing to undo."""


class UndoMovedError(UndoError):
    """What it would take back is not what somebody was shown: the city was changed meanwhile."""


class UndoneCount(NamedTuple):
    """Of one table, how many that the import added went, and how many became again what they were."""

    table: str
    removed: int
    restored: int


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of it, or would come.

    Attributes:
        rows: how many went back.
        counts: by table.
        mark: stands for just these rows.
        left: what stays as it is, for somebody changed it since or something hangs on it: kind and name, for people
            the number in the register.
    """

    rows: int
    left: tuple[UndoSubject, ...] = field(repr=False)
    counts: tuple[UndoneCount, ...] = ()
    mark: str = ""


def look_at_undo(engine: Engine, number: int, *, at: datetime) -> Undone:
    """Say what would come of taking an import back, and take nothing back.

    Raises:
        UndoError: there is none of that number, or none that can be undone.
    """
    with snapshot(engine) as connection:
        return _Plan(connection, number, ms_of(at)).told()


def undo_import(engine: Engine, number: int, *, by: str, at: datetime, seen: str | None = None) -> Undone:
    """Take an import back.

    Args:
        engine: the hub's database.
        number: of the import.
        by: in whose name.
        at: the time it is.
        seen: the mark of what somebody was shown, who wants that and nothing else; None for whatever it is now.

    Raises:
        UndoError: there is none of that number, or none that can be undone.
        UndoMovedError: it is not what was shown.
    """
    for turn in range(TURNS + 1):
        with snapshot(engine) as connection:  # reckoned where nobody waits for it
            edition, plan = read_edition(connection), _Plan(connection, number, ms_of(at))
        with changing(engine) as connection:
            if read_edition(connection) != edition:
                if turn < TURNS:
                    continue
                plan = _Plan(connection, number, ms_of(at))
            if seen is not None and plan.mark() != seen:
                raise UndoMovedError("it would take back something else than was shown")
            plan.write(connection, by, ms_of(at))
        break
    return plan.told()


class _Plan:
    """What goes back, and what does not."""

    def __init__(self, connection: Connection, number: int, now_ms: int) -> None:
        found = connection.execute(select(ImportRow).where(col(ImportRow.number) == number)).one_or_none()
        if found is None or found.undone_ms is not None or not is_recent(found.at_ms, now_ms):
            raise UndoError("there is no such import, it is undone already, or it is too old")
        self._number = number
        self._draft = Draft(connection, whole=True)
        self._left: dict[UndoSubject, None] = {}
        self._gone_back: dict[UndoSubject, None] = {}
        self._named: Counter[tuple[str, Any]] = Counter()
        for model, rows in self._draft.tables.items():
            for one in rows.all():
                self._count(table_of(model), one, 1)
        self.rows = 0
        self._taken: list[int] = []
        self._removed: Counter[str] = Counter()
        self._restored: Counter[str] = Counter()
        noted = connection.execute(
            select(ImportedRow).where(col(ImportedRow.import_number) == number).order_by(col(ImportedRow.place).desc())
        ).all()
        self._changed = _changed_since(connection, {row.edition for row in noted})
        self._spoken = _spoken(connection)
        for row in noted:
            self._take_back(row)

    def write(self, connection: Connection, by: str, now_ms: int) -> None:
        """Write it; the caller holds the write lock, and the city is as it was reckoned on."""
        empty = dict.fromkeys(_SUBJECTS, "")
        line = {
            "at_ms": now_ms, "by": by, "what": UNDONE, "why": f"{UNDO_IMPORT}{self._number}", "day_from": None,
            "before": "", "after": spell({"import": self._number}),
        }  # fmt: skip
        lines = [{**line, **empty, kind: name} for kind, name in self._gone_back if kind in _SUBJECTS]
        if self.rows:
            save(self._draft, lines or [{**line, **empty}], connection)
        ended = update(ImportRow).where(col(ImportRow.number) == self._number)
        connection.execute(ended.values(undone_ms=now_ms, undone_by=by, is_gone=not self._left))
        connection.execute(delete(ImportedRow).where(col(ImportedRow.import_number) == self._number))

    def told(self) -> Undone:
        """What comes of it."""
        counts = (UndoneCount(name, self._removed[name], self._restored[name]) for name in _MODELS)
        told = tuple(one for one in counts if one.removed or one.restored)
        return Undone(self.rows, self.left(), told, self.mark())

    def mark(self) -> str:
        """Stands for what goes back: what an import noted is never noted anew, so its places in the notes suffice."""
        return sha256(f"{self._number}: {self._taken}".encode()).hexdigest()[:32]

    def left(self) -> tuple[UndoSubject, ...]:
        """What stays, as people know it."""
        people = self._draft.of(Volunteer)
        told = {
            (kind, str((people.get(name) or {"number": name})["number"]) if kind == "person" else name): None
            for kind, name in ((kind, short_token(name) if kind == "token" else name) for kind, name in self._left)
        }
        return tuple(sorted(told))

    def _take_back(self, row: Any) -> None:
        model = _MODELS[row.table]
        table, rows = table_of(model), self._draft.of(model)
        before, after = read_row(table, row.before), read_row(table, row.after)
        said = after or before or {}
        subjects = _subjects(row.table, said)
        now = rows.get(*(said[name] for name in rows.keys))
        is_held = before is None and (self._hangs(table, said) or self._has_spoken(row.table, said))
        if now != after or is_held or any(self._is_changed(one, row.edition) for one in subjects):
            self._left |= dict.fromkeys(subjects)
            return
        self._draft.take([Edit(model, said, gone=True) if before is None else Edit(model, before)])
        self._count(table, now, -1)
        self._count(table, before, 1)
        self._gone_back |= dict.fromkeys(subjects)
        self.rows += 1
        self._taken.append(row.place)
        (self._removed if before is None else self._restored)[row.table] += 1

    def _is_changed(self, subject: UndoSubject, edition: int) -> bool:
        return self._changed.get(subject, 0) > edition

    def _has_spoken(self, table: str, row: Row) -> bool:
        """Whether a kiosk, or one of a station, has ever said anything: it cannot be as if it had never been."""
        key = {"kiosk": "id", "station": "code"}.get(table)
        return key is not None and (table, row[key]) in self._spoken

    def _hangs(self, table: Table, row: Row) -> bool:
        """Whether another row names one that would go."""
        keys = list(table.primary_key)
        return len(keys) == 1 and self._named[table.name, row[keys[0].name]] > 0

    def _count(self, table: Table, row: Row | None, step: int) -> None:
        """Keep how many rows name another."""
        if row is not None:
            for column, parent in _REFERENCES[table.name]:
                self._named[parent, row[column]] += step


def _subjects(table: str, row: Row) -> list[UndoSubject]:
    """What a row is about, as history names it; the city's own rows by their table and key."""
    found: list[UndoSubject] = [(name, row[name]) for name in ("station", "person", "token") if row.get(name)]
    if table == table_of(Station).name:
        found = [("station", row["code"])]
    elif table == table_of(Kiosk).name:
        found.append(("kiosk", row["id"]))
    elif table == "telephone":
        found = [("person" if row["whose"] == Whose.PERSON else "station", row["of"])]
    elif table == "membership":
        found = [("person", row["person"])]
    return found or [(table, str(next(iter(row.values()))))]


def _changed_since(connection: Connection, ours: Collection[int]) -> Mapping[UndoSubject, int]:
    """By what was changed, the last edition in which it was by somebody else."""
    undone = connection.execute(select(col(ImportRow.editions)).where(col(ImportRow.is_gone))).scalars()
    editions = {*ours, *(int(edition) for one in undone for edition in one.split())}
    changed: dict[UndoSubject, int] = defaultdict(int)
    if not ours:
        return changed
    names = [col(getattr(ChangeRow, name)) for name in _SUBJECTS]
    later = select(col(ChangeRow.edition), *names).where(
        col(ChangeRow.edition) > min(ours), col(ChangeRow.what).not_in((UNDONE, *OF_CHANNELS))
    )
    for edition, *found in connection.execute(later):
        if edition not in editions:
            for kind, name in zip(_SUBJECTS, found, strict=True):
                if name:
                    changed[kind, name] = max(changed[kind, name], edition)
    return changed


def _spoken(connection: Connection) -> set[UndoSubject]:
    found = connection.execute(select(col(Run.kiosk), col(Run.station)).distinct()).all()
    return {("kiosk", kiosk) for kiosk, _ in found} | {("station", station) for _, station in found}
