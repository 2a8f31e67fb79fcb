"""The difference between what is and what is wanted, written at once and in the order of the references.

The transaction is the caller's.
"""

from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, update
from sqlmodel import SQLModel, col

from hub.database.people_tables import Holding, Loss, Membership
from hub.database.tables import Edition, TermsRow
from hub.database.transactions import table_of
from hub.importing.draft import Draft, Rows
from hub.importing.forms import FormName
from hub.register.kinds import KINDS
from hub.register.spelling import spell_limits, spell_week
from hub.register.terms import ALWAYS, Clause
from station.duty import DutyRule, Terms
from station.names import StationCode


def save(draft: Draft, connection: Connection, now_ms: int, today: date) -> None:
    """Write what differs, and raise the edition, so that a serving hub reads the tables again."""
    for rows in draft.rows.values():
        _insert(connection, rows.model, rows.added)
        _update(connection, rows)
    _save_terms(draft, connection, today)
    _save_memberships(draft, connection, today)
    _save_cards(draft.rows[FormName.CARDS], connection, now_ms)
    if draft.changes_anything:
        raise_edition(connection)


def raise_edition(connection: Connection) -> None:
    """Count one more change of the tables."""
    raised = connection.execute(update(Edition).values(number=col(Edition.number) + 1))
    if raised.rowcount == 0:
        connection.execute(insert(Edition).values(id=1, number=1))


def _insert(connection: Connection, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    names = table_of(model).c.keys()
    if rows:
        connection.execute(insert(model), [{name: row[name] for name in names if name in row} for row in rows])


def _update(connection: Connection, rows: Rows) -> None:
    if not rows.altered:
        return
    columns = table_of(rows.model).c
    names = [name for name in rows.altered[0] if name in columns and name != rows.key]
    if not names:
        return
    statement = update(rows.model).where(columns[rows.key] == bindparam("the_key"))
    connection.execute(
        statement.values({name: bindparam(name) for name in names}),
        [{"the_key": row[rows.key], **{name: row[name] for name in names}} for row in rows.altered],
    )


def _save_terms(draft: Draft, connection: Connection, today: date) -> None:
    rows = draft.rows[FormName.STATIONS]
    weeks = {station: (day, week) for station, day, week in draft.weeks}
    for code, row in rows.after.items():
        terms = Terms(DutyRule(row["minimum"], row["target"]))
        known = draft.terms.get(StationCode(code))
        day, week = weeks.get(code, (today, None))
        if known is None:
            _put(connection, code, Clause(ALWAYS, week or KINDS[row["kind"]].weekly, terms))
            continue
        held = known.clause_on(day)
        clause = Clause(day, week or held.week, Terms(terms.duty, held.terms.limits), held.keeps_holidays)
        if (clause.week, clause.terms) != (held.week, held.terms):
            _put(connection, code, clause)


def _put(connection: Connection, station: str, clause: Clause) -> None:
    same = and_(col(TermsRow.station) == station, col(TermsRow.from_day) == clause.since)
    connection.execute(delete(TermsRow).where(same))
    duty = clause.terms.duty
    row = {
        "station": station, "from_day": clause.since, "week": spell_week(clause.week),
        "keeps_holidays": clause.keeps_holidays, "minimum": duty.minimum, "target": duty.target,
        "limits": spell_limits(clause.terms.limits),
    }  # fmt: skip
    connection.execute(insert(TermsRow), [row])


def _save_memberships(draft: Draft, connection: Connection, today: date) -> None:
    new = {row["person"] for row in draft.rows[FormName.VOLUNTEERS].added}
    for person, stations in draft.memberships.items():
        before = draft.members.get(person, set())
        mine = (col(Membership.person) == person, col(Membership.until_day).is_(None))
        for station in sorted(before - stations):
            gone = (*mine, col(Membership.station) == station)
            connection.execute(delete(Membership).where(*gone, col(Membership.from_day) >= today))
            connection.execute(update(Membership).where(*gone).values(until_day=today))
        since = ALWAYS if person in new else today
        rows = [{"station": s, "person": person, "from_day": since} for s in sorted(stations - before)]
        _insert(connection, Membership, rows)


def _save_cards(cards: Rows, connection: Connection, now_ms: int) -> None:
    for token, row in cards.after.items():
        before = cards.before.get(token, {"person": None, "is_lost": False})
        if before["person"] != row["person"]:
            _insert(connection, Holding, [{"token": token, "from_ms": 0, "person": row["person"]}])
        if row["is_lost"] and not before["is_lost"]:
            _insert(connection, Loss, [{"token": token, "from_ms": now_ms}])
        if before["is_lost"] and not row["is_lost"]:
            open_loss = (col(Loss.token) == token, col(Loss.until_ms).is_(None))
            connection.execute(update(Loss).where(*open_loss).values(until_ms=now_ms))
