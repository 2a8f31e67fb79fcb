"""Two hubs at one broker: the later one goes on, and nobody yields to a ghost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.findings import FindingKind, Findings
from hub.intake.seniority import Seniority
from hub.intake.sorting import BirthRead
from station.clock import Clock
from station.names import Session
from station.wire.messages import HubState
from tests.hub.intake.messages import BEGAN

OWN = HubState(online=True, session=Session("5" * 16), version="0", started_at=BEGAN)
LATER = replace(OWN, session=Session("6" * 16), started_at=BEGAN + timedelta(minutes=1))
EARLIER = replace(OWN, session=Session("7" * 16), started_at=BEGAN - timedelta(minutes=1))


def gone(state: HubState) -> HubState:
    return replace(state, online=False)


class Hearing:
    """A hub that hears others, and how often it announced itself."""

    def __init__(self, own: HubState = OWN) -> None:
        self.findings = Findings(Clock())
        self.seniority = Seniority(own, self.findings, lambda: BEGAN + timedelta(hours=1))
        self.births = 0

    def hear(self, *said: HubState, retained: bool = False) -> bool:
        """Whether it is outranked then."""
        for state in said:
            self.births += self.seniority.heed([BirthRead(state, retained)])
        return self.seniority.is_outranked


def test_a_birth_that_the_broker_kept_outranks_nobody() -> None:
    hub = Hearing()

    assert not hub.hear(LATER, retained=True)
    assert hub.findings.all() == []


def test_a_birth_in_a_far_future_silences_nobody_and_is_told() -> None:
    hub = Hearing()

    assert not hub.hear(replace(LATER, started_at=BEGAN + timedelta(days=170 * 365)))
    assert [finding.kind for finding in hub.findings.all()] == [FindingKind.CLOCK]


def test_a_later_hub_that_lives_outranks_an_earlier_one_until_it_goes() -> None:
    hub = Hearing()

    assert hub.hear(LATER)
    assert hub.hear(gone(EARLIER))
    assert not hub.hear(gone(LATER))
    assert [(finding.kind, finding.ended_at is None) for finding in hub.findings.all()] == [
        (FindingKind.SECOND_HUB, False)
    ]


def test_an_earlier_hub_is_told_of_this_one_and_a_later_one_is_not() -> None:
    hub = Hearing()

    hub.hear(EARLIER)
    told_earlier = hub.births
    hub.hear(LATER, EARLIER)

    assert (told_earlier, hub.births) == (1, 1)


def test_who_has_announced_itself_without_an_answer_is_alone() -> None:
    hub = Hearing()
    hub.hear(LATER)

    assert not hub.hear(OWN)  # as said at a new connection, after a cut at which the later one went silently


def test_who_has_announced_itself_and_is_answered_yields_again() -> None:
    hub = Hearing()
    hub.hear(LATER)

    assert hub.hear(OWN, LATER)


@pytest.mark.parametrize("will", [gone(OWN), gone(EARLIER)])
def test_a_late_will_is_replaced_by_a_birth(will: HubState) -> None:
    hub = Hearing()

    hub.hear(will)

    assert hub.births == 1


def test_announcements_come_to_an_end() -> None:
    hubs = [Hearing(state) for state in (EARLIER, OWN, LATER)]
    said = [EARLIER, OWN, LATER]

    births = 0
    while said:
        state = said.pop(0)
        for hub, own in zip(hubs, (EARLIER, OWN, LATER), strict=True):
            before = hub.births
            hub.hear(state)
            said += [own] * (hub.births - before)
        births += 1

    assert births < 20
    assert [hub.seniority.is_outranked for hub in hubs] == [True, True, False]
