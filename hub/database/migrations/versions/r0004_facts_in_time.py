"""Facts get a time, constraints a name; the ledger is emptied, to be made anew from the journal.

Nothing is lost: a revoked card is lost from that moment, a card was its holder's since always, members belong to
their stations since always, and a station's hours, minimum and target are its terms.
"""

import json
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}
_CITY = ("city", "district", "kind_authority", "edition", "station", "kiosk", "volunteer")
_JOURNAL = ("run", "record", "gap", "quarantine", "finding", "kiosk_seen", "origin")
_LEDGER = ("ledger_run", "ledger_tap", "ledger_card", "ledger_station", "ledger_edition", "stint", "watched")
_WITHOUT_ROWID = frozenset({"record", "ledger_tap", "watched"})

_GONE = {"ledger_card": ("person", "counted"), "ledger_station": ("weeks",)}
_NEW: dict[str, tuple[sa.Column[Any], ...]] = {  # the tables are empty by then
    "ledger_card": (sa.Column("held", sa.String(), nullable=False),),
    "ledger_station": (sa.Column("terms", sa.String(), nullable=False),),
    "stint": (
        sa.Column("seen_ms", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.String(), nullable=True),
    ),
}
_ALWAYS = date(2000, 1, 1)
_USUAL = ((480, 690), (870, 1050))
_BANK = ((540, 690), (870, 1020))
_WORKDAYS_ONLY = frozenset({"bank", "community", "government"})


def upgrade() -> None:
    """Go on from the revision before."""
    for name in _LEDGER:
        op.execute(sa.delete(sa.table(name)))
    for name in (*_CITY, *_JOURNAL, *_LEDGER):
        with _rebuilt(name) as table:  # if only to give its constraints their names
            for gone in _GONE.get(name, ()):
                table.drop_column(gone)
            for new in _NEW.get(name, ()):
                table.add_column(new)
    _make_change()
    _move_terms()
    _move_people()


def _rebuilt(name: str) -> Any:
    """SQLite alters a table by making it anew."""
    kwargs = {"sqlite_with_rowid": False} if name in _WITHOUT_ROWID else {}
    return op.batch_alter_table(name, recreate="always", naming_convention=_NAMES, table_kwargs=kwargs)


def _make_change() -> None:
    op.create_table(
        "change",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("day_from", sa.Date(), nullable=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_change"),
    )
    for name in ("station", "person", "token"):
        op.create_index(f"ix_change_{name}", "change", [name])
    op.create_table(
        "revision",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since_edition", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_before", sa.String(length=32), nullable=False),
        sa.Column("person_after", sa.String(length=32), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_revision"),
    )
    op.create_index("ix_revision_edition", "revision", ["edition"])


def _move_terms() -> None:
    terms = op.create_table(
        "terms",
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("keeps_holidays", sa.Boolean(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("limits", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["station"], ["station.code"], name="fk_terms_station"),
        sa.PrimaryKeyConstraint("station", "from_day", name="pk_terms"),
    )
    op.create_table(
        "special_day",
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("spans", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["station"], ["station.code"], name="fk_special_day_station"),
        sa.PrimaryKeyConstraint("station", "day", name="pk_special_day"),
    )
    op.bulk_insert(terms, _terms())
    op.drop_table("station_hours")
    with _rebuilt("station") as station:
        station.drop_column("minimum")
        station.drop_column("target")
        station.add_column(sa.Column("opened_on", sa.Date(), nullable=True))
        station.add_column(sa.Column("closed_on", sa.Date(), nullable=True))


def _terms() -> list[dict[str, Any]]:
    connection = op.get_bind()
    hours: dict[str, dict[date, list[tuple[int, int, int]]]] = defaultdict(lambda: defaultdict(list))
    table = sa.table(
        "station_hours", sa.column("station"), sa.column("valid_from", sa.Date()), sa.column("weekday"),
        sa.column("opens_min"), sa.column("closes_min"),
    )  # fmt: skip
    for row in connection.execute(sa.select(table)):
        hours[row.station][row.valid_from].append((row.weekday, row.opens_min, row.closes_min))
    stations = sa.table("station", *map(sa.column, ("code", "kind", "minimum", "target")))
    rows = []
    for station in connection.execute(sa.select(stations)).all():
        weeks = hours[station.code]
        if min(weeks, default=date.max) > _ALWAYS:
            weeks[_ALWAYS] = _template(station.kind)
        rows += [
            {
                "station": station.code, "from_day": day, "week": json.dumps(sorted(week), separators=(",", ":")),
                "keeps_holidays": False, "minimum": station.minimum, "target": station.target, "limits": "{}",
            }
            for day, week in sorted(weeks.items())
        ]  # fmt: skip
    return rows


def _template(kind: str) -> list[tuple[int, int, int]]:
    """The week that held where a station had none of its own."""
    days = range(5 if kind in _WORKDAYS_ONLY else 7)
    return [(day, opens, closes) for day in days for opens, closes in (_BANK if kind == "bank" else _USUAL)]


def _move_people() -> None:
    with _rebuilt("volunteer") as volunteer:
        volunteer.add_column(sa.Column("registered_on", sa.Date(), nullable=True))
        volunteer.add_column(sa.Column("left_on", sa.Date(), nullable=True))
    membership = op.create_table(
        "membership",
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["station"], ["station.code"], name="fk_membership_station"),
        sa.ForeignKeyConstraint(["person"], ["volunteer.person"], name="fk_membership_person"),
        sa.PrimaryKeyConstraint("station", "person", "from_day", name="pk_membership"),
    )
    op.create_index("ix_membership_person", "membership", ["person"])
    before = sa.table("station_volunteer", sa.column("station"), sa.column("person"))
    members = op.get_bind().execute(sa.select(before)).mappings().all()
    op.bulk_insert(membership, [{**row, "from_day": _ALWAYS, "until_day": None} for row in members])
    op.drop_table("station_volunteer")
    _move_cards()


def _move_cards() -> None:
    columns: tuple[sa.ColumnClause[Any], ...] = (
        sa.column("token"), sa.column("technology"), sa.column("person"), sa.column("added_at", sa.DateTime()),
        sa.column("revoked_at", sa.DateTime()),
    )  # fmt: skip
    before = op.get_bind().execute(sa.select(sa.table("card", *columns))).all()
    op.drop_table("card")
    card = op.create_table(
        "card",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("technology", sa.String(length=16), nullable=False),
        sa.Column("added_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_card"),
    )
    holding = op.create_table(
        "holding",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["token"], ["card.token"], name="fk_holding_token"),
        sa.ForeignKeyConstraint(["person"], ["volunteer.person"], name="fk_holding_person"),
        sa.PrimaryKeyConstraint("token", "from_ms", name="pk_holding"),
    )
    op.create_index("ix_holding_person", "holding", ["person"])
    loss = op.create_table(
        "loss",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["token"], ["card.token"], name="fk_loss_token"),
        sa.PrimaryKeyConstraint("token", "from_ms", name="pk_loss"),
    )
    op.bulk_insert(card, [{"token": c.token, "technology": c.technology, "added_ms": _ms(c.added_at)} for c in before])
    op.bulk_insert(
        holding,
        [{"token": c.token, "from_ms": 0, "until_ms": None, "person": c.person} for c in before if c.person],
    )
    op.bulk_insert(
        loss, [{"token": c.token, "from_ms": _ms(c.revoked_at), "until_ms": None} for c in before if c.revoked_at]
    )


def _ms(at: datetime) -> int:
    return round(at.replace(tzinfo=UTC).timestamp() * 1000)
