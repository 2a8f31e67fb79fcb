"""Commands over either database: rows that come, change and go, and a history that is read back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hub.changing import commands as asked
from hub.changing.history import read_history
from hub.database.people_tables import Holding, Membership
from hub.database.tables import TermsRow
from hub.database.transactions import reading
from station.hours import Span
from tests.hub.changing.office import TODAY, Office, ms
from tests.hub.cities import make_city, token_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

CARD, STRANGE = token_of(1), token_of(99)


def test_a_day_in_the_office(engine: Engine) -> None:
    make_city(engine, ("S-01", "S-02"))
    office = Office(engine=engine)

    refused = office.refusals(asked.LoseCard(CARD), asked.RetireKiosk("K-9"))
    office.give(
        asked.EnterPerson("p9", "N9", "样例乙"), asked.SetMemberships("p9", frozenset({"S-01"})),
        asked.EnterCard(STRANGE, "em4100"), asked.AssignCard(STRANGE, "p9"), asked.AssignCard(CARD, "p9"),
        asked.SetTerms("S-01", date(2026, 4, 1), week=((Span(600, 660),),) * 7, minimum=2),
        asked.SetSpecialDay("S-01", date(2026, 5, 1), ()), asked.LoseCard(STRANGE),
    )  # fmt: skip
    office.now += timedelta(hours=1)
    office.give(
        asked.SetTerms("S-01", date(2026, 4, 1), minimum=1), asked.SetMemberships("p1", frozenset({"S-02"})),
        asked.SetSpecialDay("S-01", date(2026, 5, 1), None), asked.FindCard(STRANGE), asked.LeavePerson("p9"),
    )  # fmt: skip

    assert len(refused) == 1
    assert {row["until_ms"] for row in office.rows(Holding) if row["person"] == "p9"} == {ms("2026-03-05 11:00")}
    assert [row["from_day"].year for row in office.rows(TermsRow) if row["station"] == "S-01"] == [2000, 2026]
    assert {(r["station"], r["until_day"]) for r in office.rows(Membership) if r["person"] == "p1"} == {
        ("S-01", TODAY), ("S-02", None),
    }  # fmt: skip
    with reading(engine) as connection:
        lines, left_out = read_history(connection, person="p1", last=1)
        of_station, _ = read_history(connection, station="S-01")
        of_card, _ = read_history(connection, token=CARD, since_ms=ms("2026-03-05 09:00"))
    assert (lines[0].what, left_out) == ("set_memberships", 1)
    assert [line.what for line in of_station][:2] == ["set_terms", "set_special_day"]
    assert [(line.what, line.before["holder"], line.after["holder"]) for line in of_card] == [
        ("assign_card", "p1", "p9")
    ]
