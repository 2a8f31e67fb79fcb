"""What is found is bounded a kind, and goes when it is old."""

from datetime import timedelta

import pytest

from hub.findings import LISTED, MOST, OTHERS, FindingKind, Findings
from station.names import StationCode
from tests.hub.intake.bench import HandClock


@pytest.fixture
def hand():
    return HandClock()


@pytest.fixture
def findings(hand):
    return Findings(hand.clock())


def flood(findings: Findings, count: int = 2 * MOST) -> None:
    for number in range(count):
        findings.report(FindingKind.UNKNOWN_KIOSK, f"S/{number}", "sends")


def test_a_flood_of_one_kind_hides_nothing_of_another(findings):
    flood(findings)

    assert findings.report(FindingKind.BROKER, "host:1883", "no connection")
    assert findings.end(FindingKind.BROKER, "host:1883")
    assert len(findings.all()) == MOST + 2


def test_what_is_over_makes_room_before_anything_is_told_as_others(findings):
    flood(findings, MOST)
    findings.end(FindingKind.UNKNOWN_KIOSK, "S/7")

    findings.report(FindingKind.UNKNOWN_KIOSK, "S/new", "sends")

    subjects = {finding.subject for finding in findings.all()}
    assert "S/new" in subjects
    assert OTHERS not in subjects
    assert findings.take_gone() == [(FindingKind.UNKNOWN_KIOSK, "S/7")]


def test_others_of_two_stations_are_two(findings):
    for station in ("S-1", "S-2"):
        for number in range(MOST):
            findings.report(FindingKind.GAP, f"{station} {number}", "missing", station=StationCode(station))
    findings.report(FindingKind.GAP, "S-1 one more", "missing", station=StationCode("S-1"))

    assert len(findings.open_at(StationCode("S-2"))) == 1
    assert len(findings.open_at(StationCode("S-1"))) == MOST + 1


def test_a_stranger_that_is_silent_for_a_day_is_over_and_gone_in_time(findings, hand):
    findings.report(FindingKind.UNKNOWN_KIOSK, "S/1", "sends")
    findings.report(FindingKind.GAP, "K e", "missing")
    pass_by(hand, timedelta(days=1, seconds=1))
    findings.expire()
    ended = [finding.subject for finding in findings.all() if finding.ended_at]
    pass_by(hand, LISTED + timedelta(seconds=1))
    findings.expire()

    assert ended == ["S/1"]
    assert [finding.subject for finding in findings.all()] == ["K e"]


def pass_by(hand: HandClock, time: timedelta) -> None:
    hand.reading_s += time.total_seconds()
