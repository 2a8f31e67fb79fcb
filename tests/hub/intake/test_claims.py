"""What kiosks may forget: what the hub has held for 60 days by a clock that they confirm, or has in a backup."""

from datetime import timedelta

import pytest

from hub.findings import FindingKind
from hub.intake.claims import KEEP_MS, LOOK_EVERY_MS, Claims
from station.milliseconds import ms_of
from station.names import Epoch, KioskId, Session
from station.records import ClockState
from station.wire.codec import decode, encode
from station.wire.messages import Kept, Settled, State, Through
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import BEGAN, EPOCH, SESSION, journal, known_kiosk, state, tap

DAY_S = 86_400.0
KEEP_DAYS = KEEP_MS / 1000 / DAY_S


def after_days(hub: Bench, days: float) -> None:
    hub.hand.reading_s = days * DAY_S


def told(hub: Bench, kept_from: int = 1, last: int = 3, *, clock: ClockState = ClockState.SYNCED, off_days: float = 0):
    """What a state is told of the run; the kiosk's clock is that far off the hub's."""
    now = hub.hand.clock().now() + timedelta(days=off_days)
    asked = state(epochs={EPOCH: Kept(kept_from, last)}, at=now)
    body = decode(asked.payload, State)
    object.__setattr__(body, "clock", clock)
    return hub.settled(asked._replace(payload=encode(body))).epochs[EPOCH]


def test_after_sixty_days_what_was_stored_then_is_aged_and_nothing_younger(hub: Bench):
    hub.take(journal(tap(1), tap(2)))
    after_days(hub, 1)
    hub.take(journal(tap(3, minutes=1440), n=2))

    after_days(hub, KEEP_DAYS - 0.1)
    early = told(hub)
    after_days(hub, KEEP_DAYS)
    late = told(hub)

    assert early == Through(3)
    assert late == Through(3, aged=2)


def test_what_came_late_is_aged_late_whatever_stands_behind_it(hub: Bench):
    hub.take(journal(tap(2), tap(3)))
    after_days(hub, 30)
    hub.take(journal(tap(1), n=2))

    after_days(hub, KEEP_DAYS + 1)

    assert told(hub) == Through(3)
    after_days(hub, KEEP_DAYS + 31)
    assert told(hub) == Through(3, aged=3)


def test_a_record_in_the_very_batch_is_not_aged(hub: Bench):
    hub.take(journal(tap(2), tap(3)))
    after_days(hub, KEEP_DAYS + 1)

    asked = state(n=2, epochs={EPOCH: Kept(1, 3)}, at=hub.hand.clock().now())
    settled = hub.settled(journal(tap(1), n=1), asked)

    assert settled.epochs[EPOCH] == Through(3)


def test_a_hub_that_was_put_back_counts_all_days_from_then_on(hub: Bench):
    hub.take(journal(tap(1), tap(2), tap(3)))
    hub.intake._claims = Claims(hub.store, ms_of(BEGAN + timedelta(days=30)), hub.backed)

    after_days(hub, KEEP_DAYS + 29)
    before = told(hub)
    after_days(hub, KEEP_DAYS + 30)

    assert (before.aged, told(hub).aged) == (0, 3)


def test_what_a_right_clock_stamped_lately_is_not_aged_though_the_hub_stored_it_in_1970(hub: Bench):
    hub.take(journal(tap(1), tap(2, minutes=80 * 1440)))

    after_days(hub, KEEP_DAYS + 30)

    assert told(hub, last=2) == Through(2, aged=1)


@pytest.mark.parametrize(
    ("clock", "off_days"), [(ClockState.ESTIMATED, 0), (ClockState.SYNCED, -61), (ClockState.SYNCED, 2)]
)
def test_a_kiosk_whose_clock_does_not_confirm_the_hubs_forgets_nothing(hub: Bench, clock: ClockState, off_days: float):
    hub.take(journal(tap(1), tap(2), tap(3)))
    after_days(hub, KEEP_DAYS)

    doubted = told(hub, clock=clock, off_days=off_days)

    assert (doubted, told(hub)) == (Through(3), Through(3, aged=3))


def test_a_hub_whose_clock_most_kiosks_contradict_says_so_until_it_is_right(hub: Bench):
    kiosks = [KioskId(f"K-{i}") for i in range(3)]
    hub.sorter.know(known_kiosk(kiosk) for kiosk in kiosks)
    after_days(hub, 61)
    hub.take(state(kiosk=kiosks[0], at=hub.hand.clock().now()), *(state(kiosk=kiosk) for kiosk in kiosks[1:]))
    wrong = hub.found(FindingKind.CLOCK)

    after_days(hub, 0)
    hub.take(*(state(kiosk=kiosk) for kiosk in kiosks))

    assert sorted(wrong) == ["K-1", "K-2", "hub"]
    assert hub.found(FindingKind.CLOCK) == []


def test_a_kept_state_says_nothing_about_clocks(hub: Bench):
    after_days(hub, 61)

    hub.take(state(retained=True))

    assert hub.found(FindingKind.CLOCK) == []


def test_an_answer_to_records_repeats_what_the_state_was_told(hub: Bench):
    hub.take(journal(tap(1), tap(2), tap(3)))
    after_days(hub, KEEP_DAYS)
    told(hub)

    settled = hub.settled(journal(tap(4, minutes=KEEP_DAYS * 1440), n=5))

    assert settled.epochs[EPOCH] == Through(4, aged=3)


def test_two_cards_from_one_image_in_one_batch_are_each_answered_for_what_they_keep(hub: Bench):
    other = Session("0" * 16)
    hub.take(journal(tap(4), tap(5), tap(6), n=1, kept_from=4))
    after_days(hub, KEEP_DAYS + 1)
    at = hub.hand.clock().now()

    answers = [
        decode(payload, Settled)
        for _, payload in hub.take(
            state(n=1, epochs={EPOCH: Kept(4, 6)}, at=at),
            state(n=1, epochs={EPOCH: Kept(1, 6)}, at=at, session=other),
        ).answers
    ]

    assert {answer.session: answer.epochs[EPOCH] for answer in answers} == {SESSION: Through(6), other: Through(0)}
    assert told(hub, 4, 6) == Through(6, aged=6)


def test_the_records_of_two_such_cards_in_one_batch_are_counted_from_what_each_keeps(hub: Bench):
    other = Session("0" * 16)

    outcome = hub.take(journal(tap(5), tap(6), n=7, kept_from=5), journal(tap(1), n=9, kept_from=1, session=other))

    answers = [decode(payload, Settled) for _, payload in outcome.answers]
    assert {answer.session: answer.epochs[EPOCH].through for answer in answers} == {SESSION: 6, other: 1}


def lookings(hub: Bench, monkeypatch: pytest.MonkeyPatch, of: object, name: str) -> list[int]:
    """Each time that the database is asked, a line."""
    looked: list[int] = []
    asked = getattr(of, name)
    monkeypatch.setattr(of, name, lambda *what: looked.append(1) or asked(*what))
    return looked


def test_a_run_is_looked_up_again_only_when_its_next_record_is_aged(hub: Bench, monkeypatch: pytest.MonkeyPatch):
    hub.take(journal(tap(1), tap(2)))
    after_days(hub, 20)
    hub.take(journal(tap(3, minutes=20 * 1440), n=2))
    looked = lookings(hub, monkeypatch, hub.store, "held_since")

    aged = []
    for days in (21, 50, KEEP_DAYS - 0.01, KEEP_DAYS, KEEP_DAYS + 1, KEEP_DAYS + 19.9, KEEP_DAYS + 20, KEEP_DAYS + 79):
        after_days(hub, days)
        aged.append(told(hub).aged)

    assert aged == [0, 0, 0, 2, 2, 2, 3, 3]
    assert len(looked) == 3


def test_where_records_come_in_one_by_one_a_run_is_looked_up_once_an_hour(hub: Bench, monkeypatch: pytest.MonkeyPatch):
    for minute in range(30):
        hub.hand.reading_s = minute * 60.0
        hub.take(journal(tap(minute + 1, minutes=minute), n=minute + 1))
    looked = lookings(hub, monkeypatch, hub.store, "held_since")

    for minute in range(30):
        hub.hand.reading_s = KEEP_DAYS * DAY_S + minute * 60.0
        told(hub)

    assert len(looked) == 1
    hub.hand.reading_s = KEEP_DAYS * DAY_S + LOOK_EVERY_MS / 1000
    assert told(hub, last=30).aged == 30


def test_a_hole_that_is_filled_is_told_within_the_hour(hub: Bench):
    hub.take(journal(tap(1)), journal(tap(3), n=2))
    after_days(hub, KEEP_DAYS)
    holed = told(hub)

    hub.take(journal(tap(2), n=3))
    hub.hand.reading_s += LOOK_EVERY_MS / 1000

    assert (holed, told(hub)) == (Through(1), Through(3, aged=1))


def test_a_clock_that_was_set_back_is_not_taken_for_the_one_that_aged_them(hub: Bench):
    hub.take(journal(tap(1), tap(2), tap(3)))
    after_days(hub, KEEP_DAYS)
    ahead = told(hub)

    after_days(hub, 1)

    assert (ahead.aged, told(hub).aged) == (3, 0)


def test_a_backup_is_looked_into_once_for_what_a_kiosk_keeps(hub: Bench, monkeypatch: pytest.MonkeyPatch):
    hub.take(journal(tap(1), tap(2), tap(3)))
    hub.back_up()
    told(hub)
    looked = lookings(hub, monkeypatch, hub.backed, "_answers")

    backed = []
    for days, kept_from in ((1, 1), (2, 1), (50, 1), (51, 2), (52, 2)):
        after_days(hub, days)
        backed.append(told(hub, kept_from).backed)

    assert backed == [3, 3, 3, 3, 3]
    assert len(looked) == 1


def test_an_epoch_that_is_unknown_is_answered_with_nothing(hub: Bench):
    settled = hub.settled(state(epochs={Epoch("0" * 16): Kept(1, 9)}))

    assert list(settled.epochs.values()) == [Through(0)]


def test_what_the_newest_backup_holds_is_told_and_nothing_that_came_after(hub: Bench):
    hub.take(journal(tap(1), tap(2)))
    before = told(hub)

    hub.back_up()
    hub.take(journal(tap(3), n=2))

    assert (before, told(hub)) == (Through(2), Through(3, backed=2))


def test_the_next_backup_is_told_at_once(hub: Bench):
    hub.take(journal(tap(1)))
    hub.back_up()
    told(hub)
    hub.take(journal(tap(2), n=2))
    hub.hand.reading_s += 1

    hub.back_up()

    assert told(hub) == Through(2, backed=2)


def test_a_backup_is_counted_from_what_the_kiosk_keeps(hub: Bench):
    hub.take(journal(tap(4), tap(5), kept_from=4))
    hub.back_up()
    hub.take(journal(tap(1), tap(2), tap(3), n=2, kept_from=1))

    assert told(hub, kept_from=1, last=5) == Through(5)
    assert told(hub, kept_from=4, last=5) == Through(5, backed=5)


def test_a_backup_that_is_spoilt_counts_for_nothing_and_is_a_finding_until_there_is_another(hub: Bench):
    hub.take(journal(tap(1), tap(2), tap(3)))
    file = hub.back_up()
    file.write_bytes(b"spoilt" * 1000)

    spoilt, found = told(hub), hub.found(FindingKind.BACKUP)
    hub.hand.reading_s += 1
    hub.back_up()

    assert (spoilt, found) == (Through(3), ["newest backup"])
    assert (told(hub), hub.found(FindingKind.BACKUP)) == (Through(3, backed=3), [])


def test_a_backup_is_held_against_no_answer_where_the_hub_lost_the_records(hub: Bench):
    hub.take(journal(tap(1), tap(2), tap(3)))
    hub.back_up()
    with hub.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM record")
        connection.exec_driver_sql("DELETE FROM run")
    hub.intake.forget()

    assert told(hub) == Through(0)
