"""Correcting taps: what cannot stand is refused by field, with what was found and what is wanted."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from hub.changing import corrections as asked
from hub.changing.commands import EnterPerson, LeavePerson
from hub.changing.proposal import Outcome, apply, preview
from hub.database.tables import Kiosk
from hub.database.transactions import reading, writing
from station.hours import SHANGHAI
from station.names import Epoch, KioskId, RecordName, Seq
from station.records import Action
from tests.hub.ledger.bench import ledger_bench
from tests.hub.ledger.test_amendments import S_01, a_day, at, names, own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from hub.changing.commands import CityCommand
    from tests.hub.ledger.bench import LedgerBench

NOBODY = RecordName(KioskId("K-01-1"), Epoch("0" * 16), Seq(1))


class Town:
    """A morning at S-01 that the ledger has: an arrival at eight and a leave at half past ten; it is six in the evening."""

    def __init__(self, hub: LedgerBench) -> None:
        story = a_day(("08:00", Action.ARRIVE), ("10:30", Action.LEAVE))
        hub.take(story.written)
        self.hub = hub
        self.came, self.left = names(story)

    def give(self, *commands: CityCommand, why: str = "他说的", now: datetime | None = None) -> Outcome:
        said: dict[str, Any] = {"by": "站长", "at": (now or at("18:00")).astimezone(UTC), "zone": SHANGHAI, "why": why}
        with writing(self.hub.engine) as connection:
            outcome = apply(connection, commands, **said)
        self.hub.ledger.learn(self.hub.directory())
        self.hub.ledger.catch_up()
        return outcome

    def refusals(self, *commands: CityCommand, why: str = "他说的") -> list[str]:
        return [str(refusal) for _, refusal in self.give(*commands, why=why).refusals]


@pytest.fixture
def town() -> Iterator[Town]:
    with ledger_bench() as hub:
        yield Town(hub)


REFUSED: list[tuple[str, Callable[[Town], CityCommand], str]] = [
    ("no such tap", lambda _: asked.VoidTap(S_01, NOBODY),
     "of: found K-01-1/0000000000000000/1; wanted is a tap at S-01"),
    ("another station's", lambda town: asked.VoidTap("S-02", town.came), "wanted is a tap at S-02"),
    ("another day", lambda town: asked.RetimeTap(S_01, town.came, at("08:00") - timedelta(days=1)),
     "at: found 2026-03-04 08:00:00; wanted is a moment on 2026-03-05"),
    ("ahead", lambda town: asked.RetimeTap(S_01, town.came, at("18:01")),
     "at: found 2026-03-05 18:01:00; wanted is a moment that has been, by 2026-03-05 18:00:00"),
    ("added ahead", lambda _: asked.AddTap(S_01, "p1", "leave", at("18:01")), "wanted is a moment that has been"),
    ("nobody's", lambda _: asked.AddTap(S_01, "p99", "leave", at("11:00")), "person: found"),
    ("no station's", lambda _: asked.AddTap("S-99", "p1", "leave", at("11:00")), "station: found 'S-99'; wanted is"),
    ("before the station", lambda _: asked.AddTap(S_01, "p1", "leave", at("11:00").replace(year=2019)),
     "at: found 2019-03-05 11:00:00; wanted is a day from 2020-01-01 on, the station's first"),
    ("an act that is none", lambda _: asked.AddTap(S_01, "p1", "return", at("11:00")),
     "action: found 'return'; wanted is one of arrive, leave"),
    ("a long story", lambda _: asked.AddTap(S_01, "p1", "leave", at("11:00"), "页" * 201),
     "evidence: found 201 characters; wanted is at most 200 characters"),
    ("too long", lambda town: asked.ConfirmTap(S_01, town.came, at("08:00") + timedelta(hours=12, minutes=6)),
     "until: found 12.1 h; wanted is at most 12 h"),
    ("before it began", lambda town: asked.ConfirmTap(S_01, town.came, at("07:00")), "wanted is a moment after"),
    ("began nothing", lambda town: asked.ConfirmTap(S_01, town.left, at("12:00")),
     "until: found a tap that began no stint; wanted is no moment: it is accepted as it is"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "said"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_be_corrected_is_refused(town: Town, command: Callable[[Town], CityCommand], said: str) -> None:
    now = at("22:00") if "12.1" in said else None
    outcome = town.give(command(town), now=now)

    (refusal,) = [str(one) for _, one in outcome.refusals]
    assert said in refusal
    assert [row for row in town.hub.everything()["ledger_tap"] if row["recorded_ms"] or row["confirmed_ms"]] == []


def test_nothing_is_added_before_somebody_was_registered_or_after_they_left(town: Town) -> None:
    def added(day: int) -> list[str]:
        return town.refusals(asked.AddTap(S_01, "p1", "arrive", at("11:00").replace(day=day)))

    town.give(EnterPerson("p1", "N1", registered_on=date(2026, 3, 3)))
    assert added(2) == ["at: found 2026-03-02 11:00:00; wanted is a day from 2026-03-03 on, when they were registered"]
    assert added(3) == []
    town.give(LeavePerson("p1", date(2026, 3, 5)))
    assert added(5) == ["at: found 2026-03-05 11:00:00; wanted is a day before 2026-03-05, when they left"]
    assert added(4) == []


def test_a_tap_that_was_added_makes_the_station_no_older(town: Town) -> None:
    with writing(town.hub.engine) as connection:
        connection.execute(update(Kiosk).values(in_service_from=date(2026, 3, 9)))

    assert town.refusals(asked.AddTap(S_01, "p1", "leave", at("11:00").replace(day=4)))
    assert town.refusals(asked.AddTap(S_01, "p1", "leave", at("11:00"))) == []  # of that day it has records
    assert town.refusals(asked.AddTap(S_01, "p1", "leave", at("11:00").replace(day=4)))


def test_a_correction_needs_a_reason(town: Town) -> None:
    (refusal,) = town.refusals(asked.VoidTap(S_01, town.came), why="")

    assert refusal.startswith("why: found no reason")


def test_what_is_void_is_not_taken_out_moved_or_accepted_again(town: Town) -> None:
    town.give(asked.VoidTap(S_01, town.came))

    for command in (
        asked.VoidTap(S_01, town.came),
        asked.RetimeTap(S_01, town.came, at("09:00")),
        asked.ConfirmTap(S_01, town.came),
    ):
        assert "which is void already; wanted is one that counts" in town.refusals(command)[0]
    assert town.refusals(asked.VoidTap(S_01, own(town.hub, 1))) == []
    assert "void already" in town.refusals(asked.VoidTap(S_01, own(town.hub, 1)))[0]


def test_the_same_twice_in_one_go_is_refused_and_nothing_is_written(town: Town) -> None:
    before = town.hub.everything()

    assert "void already" in town.refusals(asked.VoidTap(S_01, town.came), asked.VoidTap(S_01, town.came))[0]

    assert town.hub.everything() == before


def test_what_is_so_already_changes_nothing(town: Town) -> None:
    town.give(asked.ConfirmTap(S_01, town.came))

    assert town.give(asked.ConfirmTap(S_01, town.came)).changes == ()
    assert town.give(asked.RetimeTap(S_01, town.came, at("08:00"))).changes == ()


def test_nobody_accepts_a_stint_that_goes_on(town: Town) -> None:
    town.give(asked.AddTap(S_01, "p1", "arrive", at("14:30")), now=at("15:00"))

    outcome = town.give(asked.ConfirmTap(S_01, own(town.hub, 1)), now=at("15:00"))

    assert "a stint that lasts until 2026-03-05 17:30:00" in str(outcome.refusals[0][1])


def test_history_says_by_whom_why_and_what(town: Town) -> None:
    outcome = town.give(asked.RetimeTap(S_01, town.came, at("08:20"), asked_by="本人"))

    ((_, change),) = outcome.changes
    assert change.before == {"action": "arrive", "at": "2026-03-05 08:00:00"}
    assert change.after == {"action": "arrive", "at": "2026-03-05 08:20:00", "asked_by": "本人"}
    assert (change.station, str(change.day_from)) == (S_01, "2026-03-05")


def test_a_preview_writes_nothing(town: Town) -> None:
    before = town.hub.everything()

    with reading(town.hub.engine) as connection:
        outcome = preview(
            connection, [asked.VoidTap(S_01, town.came)], by="x", at=at("18:00").astimezone(UTC), zone=SHANGHAI, why="y"
        )

    assert len(outcome.changes) == 1
    town.hub.ledger.learn(town.hub.directory())
    town.hub.ledger.catch_up()
    assert town.hub.everything() == before
