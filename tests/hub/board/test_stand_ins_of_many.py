"""Who could come to many stations in one reading: as to each alone, and as plain reckoning has it; both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.database.journal_tables import Run
from hub.database.ledger_tables import StintRow
from hub.database.people_tables import Membership
from hub.database.shift_tables import ShiftWeekRow
from hub.database.transactions import reading
from hub.presence.stand_ins import MOST, read_stand_ins
from hub.register.shifts import shifts_of, spell_shift_week
from station.hours import SHANGHAI
from station.milliseconds import ms_of
from tests.hub.cities import SINCE, enter, make_city

if TYPE_CHECKING:
    from sqlalchemy import Engine

STATIONS = tuple(f"S-{n:02}" for n in range(1, 6))
EACH = 4
START = datetime(2026, 3, 1, tzinfo=SHANGHAI)
DAYS = 40
Stint = tuple[str, str, datetime, datetime]
"""A station, somebody, from when and until when."""


def some_stints(random: Random) -> list[Stint]:
    found = []
    for _ in range(900):
        began_at = START + timedelta(minutes=random.randrange(DAYS * 1440))
        minutes = random.choice((20, 90, 240, 900, 2400))
        person, code = f"p{random.randint(1, EACH * len(STATIONS))}", random.choice(STATIONS)
        found.append((code, person, began_at, began_at + timedelta(minutes=minutes)))
    return found


STINTS = some_stints(Random(5))
ON_ROSTER = {"S-02": "p6", "S-04": "p14"}  # from 8:00 to 11:30


def plainly(code: str, now: datetime) -> list[tuple[str, int, bool]]:
    """By going through all that there is."""
    first = 1 + EACH * STATIONS.index(code)
    theirs = [f"p{n}" for n in range(first, first + EACH)] + (["p1"] if code == "S-05" else [])
    busy = {person for _, person, began_at, ended_at in STINTS if began_at <= now < ended_at}
    minute = now.hour * 60 + now.minute
    is_time = 480 - 30 <= minute < 690
    found = []
    for person in theirs:
        days = set[date]()
        for at, who, began_at, ended_at in STINTS:
            hour = datetime.combine(began_at.date(), now.timetz())
            is_lately = now.date() - timedelta(days=28) <= began_at.date() < now.date()
            if (at, who) == (code, person) and is_lately and began_at <= hour < ended_at:
                days.add(began_at.date())
        if person not in busy:
            found.append((person, len(days), is_time and ON_ROSTER.get(code) == person))
    return sorted(found, key=lambda one: (not one[2], -one[1], one[0]))[:MOST]


@pytest.fixture
def city(engine: Engine) -> Engine:
    """Four persons a station; one of S-01 belongs to S-05 too; two stations keep a roster."""
    make_city(engine, STATIONS, people_each=EACH)
    week = spell_shift_week
    enter(engine, [
        Membership(station="S-05", person="p1", from_day=SINCE),
        Run(id=1, kiosk="K-01-1", epoch="0" * 16, station="S-01"),
        *(
            ShiftWeekRow(station=code, from_day=SINCE, shifts=week((shifts_of([(480, 690, [person])]),) * 7))
            for code, person in ON_ROSTER.items()
        ),
        *(
            StintRow(
                run=1, seq=seq, person=person, counted=True, station=code, tapped_ms=ms_of(began_at),
                began_ms=ms_of(began_at), ended_ms=ms_of(ended_at), end="left", outs="[]", claimed=False,
                unmatched=False, uncertain=False,
            )
            for seq, (code, person, began_at, ended_at) in enumerate(STINTS, 1)
        ),
    ])  # fmt: skip
    return engine


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    minutes=st.integers(0, DAYS * 1440),
    stations=st.lists(st.sampled_from(STATIONS), unique=True, max_size=len(STATIONS)),
)
def test_many_stations_are_read_as_each_of_them_alone(city: Engine, minutes: int, stations: list[str]) -> None:
    now = START + timedelta(minutes=minutes)

    with reading(city) as connection:
        of_many = read_stand_ins(connection, stations, now)
        of_each = {code: read_stand_ins(connection, [code], now)[code] for code in stations}

    assert of_many == of_each
    found = {code: [(one.person, one.times, one.is_expected) for one in ones] for code, ones in of_many.items()}
    assert found == {code: plainly(code, now) for code in stations}


def test_who_came_two_days_ago_and_is_there_still_is_busy(city: Engine) -> None:
    began_at = datetime(2026, 6, 1, tzinfo=UTC)
    enter(city, [
        StintRow(
            run=1, seq=10_000, person="p2", counted=True, station="S-03", tapped_ms=ms_of(began_at),
            began_ms=ms_of(began_at), ended_ms=ms_of(began_at + timedelta(hours=71)), end="assumed", outs="[]",
            claimed=False, unmatched=False, uncertain=False,
        )
    ])  # fmt: skip

    with reading(city) as connection:
        found = read_stand_ins(connection, ["S-01"], (began_at + timedelta(hours=70)).astimezone(SHANGHAI))

    assert [one.person for one in found["S-01"]] == ["p1", "p3", "p4"]
