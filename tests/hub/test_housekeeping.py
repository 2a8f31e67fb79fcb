"""An import is noticed whole, whatever else is imported while the city is read."""

import itertools
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from hub.database.tables import District, Station
from hub.findings import Findings
from hub.housekeeping import EVERY_S, Housekeeping
from hub.register.directory import Directory
from station.clock import Clock
from station.hours import SHANGHAI
from tests.hub.cities import SINCE, make_city, raise_edition

NOTHING = Directory(0, "", SHANGHAI, {}, {}, {}, {})


def housekeeping(engine: Engine, learn: Callable[[Directory], None]) -> Housekeeping:
    """One to which every call comes a second after the last."""
    return Housekeeping(engine, Findings(Clock()), NOTHING, learn, seconds=itertools.count(1.0, EVERY_S).__next__)


def enter(engine: Engine, name: str) -> None:
    """One more district with a station in it, as an import of another process enters it."""
    with Session(engine) as session:
        session.add(District(code=f"D-{name}", name=name))
        session.flush()
        session.add(
            Station(code=name, name=name, short_name=name, district=f"D-{name}", kind="hospital", created_on=SINCE)
        )
        session.commit()
    raise_edition(engine)


def test_two_imports_on_each_others_heels_are_noticed_one_after_the_other(engine: Engine) -> None:
    make_city(engine)
    learned: list[Directory] = []
    keep_house = housekeeping(engine, learned.append)
    others = ["S-09"]

    @event.listens_for(engine, "after_cursor_execute")
    def import_meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM district" in statement and others:
            enter(engine, others.pop())

    keep_house()
    keep_house()

    assert [sorted(city.stations) for city in learned] == [["S-01"], ["S-01", "S-09"]]


def test_an_import_that_could_not_be_taken_in_is_taken_in_the_next_time(engine: Engine) -> None:
    make_city(engine)
    learned: list[Directory] = []

    def learn(city: Directory) -> None:
        learned.append(city)
        if len(learned) == 1:
            raise ZeroDivisionError

    keep_house = housekeeping(engine, learn)
    with pytest.raises(ZeroDivisionError):
        keep_house()
    keep_house()

    assert len(learned) == 2
