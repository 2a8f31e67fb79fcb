"""A kiosk whose certificate ends, whose disk is full or whose power is weak is a finding until it is well again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.findings import FindingKind, Findings
from hub.intake.fitness import CERTIFICATE_ENDS, DISK_SHORT_MB, KioskFitness
from hub.intake.sorting import TopicOwner
from station.clock import Clock
from station.names import KioskId, StationCode
from station.wire.codec import decode
from station.wire.messages import KioskFigures, State
from station.wire.topics import Leaf
from tests.hub.intake.messages import BEGAN, state

K1 = TopicOwner(KioskId("K-1"), StationCode("S-01"), Leaf.STATE)
WRONG = [
    (FindingKind.CERTIFICATE, KioskFigures(certificate_ends_at=BEGAN + CERTIFICATE_ENDS - timedelta(days=1))),
    (FindingKind.DISK, KioskFigures(disk_free_mb=DISK_SHORT_MB - 1)),
    (FindingKind.UNDER_VOLTAGE, KioskFigures(under_voltage=True)),
]
WELL = KioskFigures(9000, 50, under_voltage=False, certificate_ends_at=BEGAN + timedelta(days=700))


@pytest.fixture
def findings() -> Findings:
    return Findings(Clock())


def said(figures: KioskFigures) -> State:
    return replace(decode(state().payload, State), figures=figures)


def open_kinds(findings: Findings) -> list[FindingKind]:
    return [finding.kind for finding in findings.all() if finding.ended_at is None]


@pytest.mark.parametrize(("kind", "figures"), WRONG, ids=lambda each: str(each)[:12])
def test_what_is_wrong_is_found_once_and_over_when_it_is_well(
    findings: Findings, kind: FindingKind, figures: KioskFigures
) -> None:
    fitness = KioskFitness(findings)
    for _ in range(3):
        fitness.look(K1, said(figures), BEGAN)
    assert open_kinds(findings) == [kind]
    assert [(each.subject, each.station, each.times) for each in findings.all()] == [("K-1", "S-01", 1)]

    fitness.look(K1, said(WELL), BEGAN)
    assert not open_kinds(findings)


def test_one_that_tells_nothing_is_no_finding(findings: Findings) -> None:
    KioskFitness(findings).look(K1, said(KioskFigures()), BEGAN)

    assert not findings.all()
