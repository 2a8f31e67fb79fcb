"""A hub whose clock is behind: most kiosks say so, an operator is told, and no tap is doubted for it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hub.database.journal_tables import JournalRecord
from hub.findings import FindingKind, Findings
from hub.intake.clocks import HUB, KioskClocks
from hub.intake.sorting import TopicOwner
from station.clock import Clock
from station.milliseconds import ms_of
from station.names import KioskId, StationCode
from station.records import FROM_HUB
from station.truetime import AHEAD_MS
from station.wire.codec import decode
from station.wire.messages import State
from station.wire.topics import Leaf
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import BEGAN, journal, known_kiosk, state, tap

KIOSKS = [KioskId(f"K-{i}") for i in range(3)]


def hear(hub: Bench, *minutes_ahead: float) -> None:
    """Each kiosk says what its clock shows."""
    now = hub.hand.clock().now()
    heard = zip(KIOSKS, minutes_ahead, strict=False)
    hub.take(*(state(kiosk=kiosk, at=now + timedelta(minutes=ahead)) for kiosk, ahead in heard))


def received_ms(hub: Bench) -> int:
    """When the hub says that it received a tap that comes now."""
    hub.take(journal(tap(1), kiosk=KIOSKS[0]))
    with hub.engine.connect() as connection:
        return connection.execute(select(JournalRecord.stored_ms)).scalar_one()


@pytest.fixture
def hub(hub: Bench) -> Bench:
    hub.sorter.know(known_kiosk(kiosk) for kiosk in KIOSKS)
    return hub


def test_what_comes_to_a_hub_that_is_behind_is_received_by_the_kiosks_time(hub: Bench):
    hear(hub, 10, 11, 0)

    assert received_ms(hub) == ms_of(BEGAN) + 10 * 60_000
    assert [found.text for found in hub.findings.all()] == [
        "the hub's clock is about 10 min behind, say most kiosks; set it right"
    ]


def test_a_kiosk_that_has_its_time_from_the_hub_is_no_witness_of_the_hubs_clock(hub: Bench):
    hear(hub, 10, 11, 10)
    now = hub.hand.clock().now()

    hub.take(*(state(kiosk=kiosk, at=now, source=FROM_HUB) for kiosk in KIOSKS[:2]))

    assert received_ms(hub) == ms_of(BEGAN)


def test_a_hub_whose_clock_was_set_right_is_believed_again(hub: Bench):
    hear(hub, 10, 10, 10)
    hear(hub, 0, 0, 10)

    assert received_ms(hub) == ms_of(BEGAN)
    assert hub.found(FindingKind.CLOCK) == []


@pytest.mark.parametrize(
    "minutes_ahead",
    [(10, 0, 0), (10, 10), (-10, -10, -10), (AHEAD_MS / 60_000,) * 3],
    ids=["one of three", "too few", "ahead, or late", "no more than is believed"],
)
def test_a_hub_is_not_called_behind_for_less(hub: Bench, minutes_ahead: tuple[float, ...]):
    hear(hub, *minutes_ahead)

    assert received_ms(hub) == ms_of(BEGAN)
    assert hub.found(FindingKind.CLOCK) == []


DAY_MIN = 24 * 60.0
SAID = st.tuples(st.sampled_from(KIOSKS), st.sampled_from([0, 10, -10, 2 * DAY_MIN, -2 * DAY_MIN]))


def judged(said: list[tuple[KioskId, float]]) -> tuple[bool, bool]:
    """Whether the hub is taken to be behind, and whether an operator is told of its clock."""
    findings = Findings(Clock())
    clocks = KioskClocks(findings)
    for kiosk, minutes_ahead in said:
        told = decode(state(kiosk=kiosk, at=BEGAN + timedelta(minutes=minutes_ahead)).payload, State)
        clocks.agree(TopicOwner(kiosk, StationCode("SQ01"), Leaf.STATE), told, ms_of(BEGAN), is_old=False)
    return bool(clocks.behind_ms), any(one.subject == HUB and one.ended_at is None for one in findings.all())


@given(said=st.lists(SAID))
def test_the_hub_is_judged_by_what_each_kiosk_said_last(said: list[tuple[KioskId, float]]):
    assert judged(said) == judged([*dict(said).items()])
