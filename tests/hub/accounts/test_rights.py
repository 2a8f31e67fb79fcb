"""Who may do what: the rule itself, and that lists of the database say the same."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlmodel import col, select

from hub.accounts.asker import Who
from hub.accounts.filtering import where_may, where_may_person
from hub.database.people_tables import Membership, Volunteer
from hub.database.tables import Station
from hub.database.transactions import reading, table_of
from hub.presence.board_view import BoardView
from hub.rights import RIGHTS, Grant, Reach, Right, Role, may, may_grant, reaches
from hub.web.gate.scope import Scope
from hub.web.gate.sight import view_for
from tests.hub.cities import SINCE, enter, make_city
from tests.hub.pages.board_source import MET, MORNING, make_row

if TYPE_CHECKING:
    from sqlalchemy import Engine

DISTRICTS, KINDS, CODES = ("D-1", "D-2"), ("bank", "hospital"), tuple(f"S-{n:02}" for n in range(1, 9))
THINGS = [Reach(DISTRICTS[n % 2], KINDS[n // 2 % 2], code) for n, code in enumerate(CODES)]
grants_of_any_sort = st.lists(
    st.builds(
        Grant,
        st.sampled_from(Role),
        st.builds(
            Reach, st.sampled_from(("", *DISTRICTS)), st.sampled_from(("", *KINDS)), st.sampled_from(("", *CODES))
        ),
    ),
    max_size=4,
).map(tuple)


def test_nobody_may_anything_without_a_grant() -> None:
    assert not any(may((), right, thing) for right in RIGHTS[Role.CITY] for thing in (*THINGS, Reach()))


def test_a_county_office_sees_its_district_and_no_more() -> None:
    grants = (Grant(Role.COUNTY, Reach("D-1")),)

    assert [thing.station for thing in THINGS if may(grants, Right.OBSERVE, thing)] == ["S-01", "S-03", "S-05", "S-07"]
    assert not may(grants, Right.OBSERVE)
    assert not reaches(grants, Right.IMPORT)


def test_nobody_gives_what_they_have_not() -> None:
    county = (Grant(Role.COUNTY, Reach("D-1")),)

    assert may_grant(county, Role.LEAD, THINGS[0])
    assert may_grant(county, Role.INSTALLER, Reach("D-1"))
    assert not may_grant(county, Role.LEAD, THINGS[1])
    assert not may_grant(county, Role.CITY, Reach())
    assert not may_grant(county, Role.FEDERATION, Reach("D-1"))
    assert not may_grant((Grant(Role.LEAD, THINGS[0]),), Role.LEAD, THINGS[0])


@pytest.fixture
def city(engine: Engine) -> Engine:
    make_city(engine)
    with engine.begin() as connection:
        connection.execute(table_of(Membership).delete())
        connection.execute(table_of(Station).metadata.tables["terms"].delete())
        connection.execute(table_of(Station).metadata.tables["kiosk"].delete())
        connection.execute(table_of(Station).delete())
        connection.execute(insert(table_of(Station).metadata.tables["district"]).values(code="D-2", name="西样区"))
    enter(engine, [
        Station(code=t.station, name=t.station, short_name="", district=t.district, kind=t.kind, created_on=SINCE)
        for t in THINGS
    ])  # fmt: skip
    enter(engine, [Volunteer(person=f"q{n}", number=f"Q{n}", full_name="样本人") for n in range(len(THINGS))])
    over = {"until_day": date(2026, 1, 1)}
    enter(engine, [
        Membership(station=thing.station, person=f"q{n}", from_day=SINCE, **(over if n == 2 else {}))
        for n, thing in enumerate(THINGS)
    ])  # fmt: skip
    return engine


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(grants=grants_of_any_sort, right=st.sampled_from(sorted(RIGHTS[Role.CITY] | RIGHTS[Role.NEARBY])))
def test_the_rule_the_query_and_the_board_agree(city: Engine, grants: tuple[Grant, ...], right: Right) -> None:
    allowed = {thing.station for thing in THINGS if may(grants, right, thing)}

    with reading(city) as connection:
        listed = set(connection.execute(select(Station.code).where(where_may(grants, right))).scalars())
        people = set(
            connection.execute(
                select(Volunteer.person).where(where_may_person(grants, right, col(Volunteer.person)))
            ).scalars()
        )
    rows = tuple(make_row(t.station, t.station, "区", t.kind, MET, district_code=t.district) for t in THINGS)
    shown = {row.code for row in view_for(Who(grants=grants), BoardView(MORNING, 1, "市", rows), right).rows}
    watched = {row.code for row in Scope(within=reaches(grants, right)).of(rows)}

    assert listed == shown == watched == allowed
    has_all = any(reach == Reach() for reach in reaches(grants, right))
    members = {f"q{n}" for n, thing in enumerate(THINGS) if n != 2 and thing.station in allowed}
    assert people == ({"p1", "p2", "p3"} | {f"q{n}" for n in range(len(THINGS))} if has_all else members)
