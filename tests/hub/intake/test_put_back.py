"""A hub put back from a backup gets again, by itself, all that the kiosk still keeps; what is gone is a gap."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.findings import FindingKind
from hub.intake.claims import KEEP_MS
from station.names import KioskId
from tests.hub.intake.bench import Bench
from tests.hub.intake.kiosk_at_work import DAY_S, KioskAtWork
from tests.hub.intake.messages import KIOSK, known_kiosk

KEEP_DAYS = round(KEEP_MS / 1000 / DAY_S)


@pytest.fixture
def kiosk(tmp_path: Path, hub: Bench) -> Iterator[KioskAtWork]:
    at_work = KioskAtWork(tmp_path / "kiosk", hub)
    at_work.talk()
    yield at_work
    at_work.close()


def test_from_a_backup_of_the_day_before(kiosk: KioskAtWork, hub: Bench):
    kiosk.live(3, taps=5)
    backup = hub.back_up()
    kiosk.begin_run()
    kiosk.live(2, taps=250)

    hub.put_back(backup)
    before = kiosk.lacking()
    kiosk.talk()

    assert len(before) == 501
    assert kiosk.lacking() == set()
    assert hub.found(FindingKind.GAP) == []
    assert hub.aside() == []


def test_from_one_that_lacks_older_runs_over_an_unbroken_connection(kiosk: KioskAtWork, hub: Bench):
    backup = hub.back_up()
    for _ in range(4):
        kiosk.live(1, taps=3)
        kiosk.begin_run()

    hub.put_back(backup)
    kiosk.talk(beats=12)  # a state names one older run at a time

    assert kiosk.lacking() == set()


def test_from_one_older_than_what_kiosks_keep(kiosk: KioskAtWork, hub: Bench):
    backup = hub.back_up()
    kiosk.live(KEEP_DAYS + 40)
    gone = set(hub.seqs()) - kiosk.names()

    hub.put_back(backup)
    kiosk.talk()

    assert len(gone) > 35
    assert kiosk.lacking() == set()
    assert hub.found(FindingKind.GAP) == [f"{KIOSK} {kiosk.epoch}"]
    kept_from = kiosk.journal.kept()[kiosk.epoch].kept_from
    assert f"records 2 to {kept_from - 1} are missing" in hub.findings.all()[0].text


def test_from_one_made_before_the_kiosk_was_entered(kiosk: KioskAtWork, hub: Bench):
    backup = hub.back_up()
    kiosk.live(3, taps=20)
    kept = kiosk.names()

    hub.put_back(backup)
    hub.start(known_kiosk(KioskId("K-99")))
    kiosk.live(KEEP_DAYS + 5, taps=0)
    unknown = hub.found(FindingKind.UNKNOWN_KIOSK)
    nothing = hub.seqs()[1:]
    hub.sorter.know([known_kiosk()])
    kiosk.live(1, taps=0)

    assert unknown == ["S-01/K-01"]
    assert nothing == []
    assert kept <= set(hub.seqs())
    assert (hub.found(FindingKind.UNKNOWN_KIOSK), hub.found(FindingKind.GAP)) == ([], [])


def test_after_it_the_sixty_days_begin_anew(kiosk: KioskAtWork, hub: Bench):
    kiosk.live(KEEP_DAYS - 5)
    hub.put_back(hub.back_up())

    kiosk.live(KEEP_DAYS - 1, taps=0)
    kept = kiosk.names()
    kiosk.live(2, taps=0)

    assert (kiosk.epoch, 1) in kept
    assert kiosk.names() == set()


def test_put_back_twice_with_a_late_copy_in_between_takes_nothing_that_the_kiosk_forgot(kiosk: KioskAtWork, hub: Bench):
    empty = hub.back_up()
    kiosk.tap()
    kiosk.talk()
    late = kiosk.sent
    hub.put_back(empty)
    hub.hand.reading_s += 30 * DAY_S
    again = hub.back_up()
    hub.take(*late)  # unheard by the kiosk, which believes that nothing has happened

    hub.hand.reading_s += (KEEP_DAYS - 29) * DAY_S
    kiosk.talk()
    kiosk.retention.forget_old()
    hub.put_back(again)
    kiosk.talk()

    assert (kiosk.epoch, 2) in set(hub.seqs())


def test_what_a_full_kiosk_forgot_is_in_the_newest_backup_and_no_other(kiosk: KioskAtWork, hub: Bench):
    older = hub.back_up()
    kiosk.live(2, taps=10)
    newest = hub.back_up()
    kiosk.live(1, taps=10)
    kiosk.retention.make_room()
    kept = kiosk.journal.kept()[kiosk.epoch]
    everything = set(hub.seqs())

    hub.put_back(newest)
    kiosk.talk()
    whole, no_gap = set(hub.seqs()), hub.found(FindingKind.GAP)
    hub.put_back(older)
    kiosk.talk()

    assert (kept.kept_from, kept.last) == (22, 31)
    assert (whole, no_gap) == (everything, [])
    assert hub.found(FindingKind.GAP) == [f"{KIOSK} {kiosk.epoch}"]


def test_a_hub_that_was_put_back_claims_no_backup_until_it_made_one(kiosk: KioskAtWork, hub: Bench):
    kiosk.live(1, taps=10)
    hub.put_back(hub.back_up())
    kiosk.talk()

    kiosk.retention.make_room()
    kept = kiosk.journal.kept()[kiosk.epoch]
    hub.back_up()
    kiosk.talk()
    kiosk.retention.make_room()

    assert kept.kept_from == 1
    assert kiosk.journal.kept()[kiosk.epoch].kept_from == 12
