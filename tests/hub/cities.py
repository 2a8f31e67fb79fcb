"""Small invented cities, put straight into the tables."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine, insert, update
from sqlmodel import Session, SQLModel, select

from hub.database.people_tables import CardRow, Holding, Membership, Volunteer
from hub.database.tables import City, District, Edition, Kiosk, Station, TermsRow
from hub.database.transactions import table_of
from hub.register.spelling import spell_week
from hub.register.terms import Week
from station.hours import Span

SINCE = date(2020, 1, 1)
ADDED_MS = 1_767_225_600_000  # 2026-01-01
WEEK: Week = ((Span(8 * 60, 11 * 60 + 30), Span(14 * 60 + 30, 17 * 60 + 30)),) * 7


def token_of(person: int) -> str:
    """The token of the card of `person` of the invented city."""
    return f"{person:032x}"


def make_city(
    engine: Engine, stations: Sequence[str] = ("S-01",), kiosks_each: int = 1, people_each: int = 3, first: int = 1
) -> None:
    """Stations that are open every day, with kiosks `K-01-1`, ... and people whose cards are `token_of(1)`, ..."""
    rows: list[SQLModel] = [City(name="样例市"), District(code="D-1", name="东样区")]
    for i, code in enumerate(stations):
        rows += station_rows(code, kiosks_each, range(first + i * people_each, first + (i + 1) * people_each))
    enter(engine, rows)
    raise_edition(engine)


def enter(engine: Engine, rows: Sequence[SQLModel]) -> None:
    """Put these into their tables, those first that others refer to."""
    with engine.begin() as connection:
        for table in SQLModel.metadata.sorted_tables:
            of_it = [row.model_dump() for row in rows if table_of(type(row)) is table]
            if of_it:
                connection.execute(insert(table), of_it)


def station_rows(code: str, kiosks_each: int, people: range) -> list[SQLModel]:
    """One station of that city."""
    number = code.removeprefix("S-")
    rows: list[SQLModel] = [
        Station(
            code=code,
            name=f"样例{number}站",
            short_name=number,
            district="D-1",
            kind="hospital",
            lead="样例",
            created_on=SINCE,
        )
    ]
    rows.append(TermsRow(station=code, from_day=SINCE, week=spell_week(WEEK)))
    rows += [
        Kiosk(id=f"K-{number}-{k}", station=code, entrance="正门", in_service_from=SINCE)
        for k in range(1, kiosks_each + 1)
    ]
    for person in people:
        rows.append(Volunteer(person=f"p{person}", number=f"N{person}", full_name="样本人", trained_on=SINCE))
        rows.append(Membership(station=code, person=f"p{person}", from_day=SINCE))
        rows.append(CardRow(token=token_of(person), technology="iso14443a", added_ms=ADDED_MS))
        rows.append(Holding(token=token_of(person), from_ms=0, person=f"p{person}"))
    return rows


def raise_edition(engine: Engine) -> None:
    """Say that the city has changed, as an import does."""
    with Session(engine) as session:
        found = session.exec(select(Edition)).one_or_none()
        if found is None:
            session.add(Edition(number=1))
        else:
            session.exec(update(Edition).values(number=found.number + 1))
        session.commit()
