"""Small invented cities, put straight into the tables."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Engine, update
from sqlmodel import Session, SQLModel, select

from hub.database.tables import Card, City, District, Edition, Kiosk, Station, StationHours, StationVolunteer, Volunteer

SINCE = date(2020, 1, 1)
ADDED_AT = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = ((8 * 60, 11 * 60 + 30), (14 * 60 + 30, 17 * 60 + 30))


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
    with Session(engine) as session:
        session.add_all(rows)
        session.commit()
    raise_edition(engine)


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
    for weekday in range(7):
        for opens, closes in HOURS:
            rows.append(
                StationHours(station=code, valid_from=SINCE, weekday=weekday, opens_min=opens, closes_min=closes)
            )
    rows += [
        Kiosk(id=f"K-{number}-{k}", station=code, entrance="正门", in_service_from=SINCE)
        for k in range(1, kiosks_each + 1)
    ]
    for person in people:
        rows.append(Volunteer(person=f"p{person}", number=f"N{person}", full_name="样本人", trained_on=SINCE))
        rows.append(StationVolunteer(station=code, person=f"p{person}"))
        rows.append(Card(token=token_of(person), technology="iso14443a", person=f"p{person}", added_at=ADDED_AT))
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
