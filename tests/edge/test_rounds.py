"""What a kiosk does without anybody tapping: pulses, signs of life, the clock, its readers' state."""

import shutil
from datetime import timedelta
from itertools import pairwise

import pytest

from devices.signals import Signal
from edge.config import BrokerConfig
from edge.watch import HANGS_AFTER_S
from station.lifetimes import OF_KIOSK
from station.records import ClockSet, ClockState, Note, Pulse, ReaderChange, ReaderState, Started
from tests.edge.rig import DOOR, KIOSK, Bench, card, duty
from tests.edge.site_ca import SiteCa


def live(bench, minutes, step_s=10):
    for _ in range(int(minutes * 60 / step_s)):
        bench.hands.pass_s(step_s)
        bench.kiosk.reader_is(DOOR, ReaderState.UP)
        bench.kiosk.tend()


def of_kind(bench, kind):
    return [record for record in bench.records() if isinstance(record, kind)]


def test_while_it_is_open_no_two_records_are_more_than_six_minutes_apart(bench):
    bench.tell(duty())
    live(bench, 20)
    bench.touch(card(1))
    live(bench, 20)

    pauses = [later.mono_ms - earlier.mono_ms for earlier, later in pairwise(bench.records())]
    assert max(pauses) <= 6 * 60_000
    assert [pause for pause in pauses if 2000 < pause <= 60_000] == []


def test_exactly_one_pulse_for_five_minutes_without_a_record(bench):
    bench.tell(duty())
    live(bench, 26)

    assert len(of_kind(bench, Pulse)) == 5


def test_a_pulse_is_the_sign_of_life_for_the_next_run_in_one_write(bench):
    bench.tell(duty())
    live(bench, 4, step_s=60)

    bench.hands.pass_s(90)  # the pulse is late, and no sign of life has been given meanwhile
    bench.kiosk.reader_is(DOOR, ReaderState.UP)
    statements = []
    bench.kiosk.store.journal._database.set_trace_callback(statements.append)
    bench.kiosk.tend()
    bench.restart(clean=False)

    pulse, started = of_kind(bench, Pulse)[-1], of_kind(bench, Started)[-1]
    assert [statement.split()[0] for statement in statements if not statement.startswith("--")] == ["INSERT"]
    assert (started.last_alive_at, started.last_alive_mono_ms) == (pulse.at, pulse.mono_ms)


def test_a_minute_without_a_record_gives_one_sign_of_life(bench):
    bench.tell(duty())
    statements = []
    bench.kiosk.store.journal._database.set_trace_callback(statements.append)

    live(bench, 6)

    assert [statement.split()[0] for statement in statements] == [*["UPDATE"] * 4, "INSERT", "UPDATE"]


def test_pulses_run_from_an_hour_before_an_opening_to_six_minutes_past_the_close(bench):
    bench.tell(duty())
    bench.hands.go_to("17:00")
    live(bench, 60 * 15)

    told = [record.at.astimezone(bench.kiosk.people.rules.calendar.zone) for record in of_kind(bench, Pulse)]
    evening = [at for at in told if at.day == 5]
    morning = [at for at in told if at.day == 6]
    assert f"{max(evening):%H:%M}" == "17:35"
    assert f"{min(morning):%H:%M}" == "07:00"


def test_without_a_calendar_pulses_run_round_the_clock(bench):
    bench.hands.go_to("23:00")
    live(bench, 60)

    assert len(of_kind(bench, Pulse)) >= 11


def test_a_boot_that_was_never_synced_pulses_round_the_clock(bench):
    bench.tell(duty())
    bench.kiosk.store.told.keep(duty(), 0)
    bench.hands.synced = False
    bench.restart(reboot=True)
    bench.hands.pass_s(12 * 3600)
    live(bench, 30)

    assert len(of_kind(bench, Pulse)) >= 5


def test_no_pulse_while_the_reader_is_down(bench):
    bench.kiosk.reader_is(DOOR, ReaderState.DOWN, "gone")
    for _ in range(200):
        bench.hands.pass_s(10)
        bench.kiosk.tend()

    assert of_kind(bench, Pulse) == []


def test_a_clock_moved_while_no_agent_ran_is_not_trusted(bench):
    bench.hands.synced = False
    bench.kiosk.tend()

    bench.hands.off = timedelta(minutes=-18)
    bench.restart(clean=False)

    assert bench.kiosk.health().stamp.clock is ClockState.ESTIMATED


def test_a_clock_that_was_not_trusted_is_not_trusted_after_a_restart_of_the_agent(bench):
    bench.hands.synced = False
    bench.kiosk.tend()
    bench.hands.off = timedelta(minutes=-18)
    bench.hands.pass_s(90)
    bench.kiosk.tend()

    bench.restart()

    assert bench.kiosk.health().stamp.clock is ClockState.ESTIMATED


def test_a_clock_that_nobody_moved_stays_trusted_over_a_restart_of_the_agent(bench):
    bench.kiosk.tend()
    bench.hands.synced = False
    bench.hands.pass_s(90)

    bench.restart(clean=False)

    assert bench.kiosk.health().stamp.clock is ClockState.SYNCED


def test_each_run_states_each_reader_after_it_started(bench):
    bench.restart()

    kinds = [type(record) for record in bench.records()]
    assert kinds == [Started, ReaderChange, Started, ReaderChange]


def test_a_readers_state_is_recorded_when_it_changes_and_only_then(bench):
    for state in (ReaderState.UP, ReaderState.BLIND, ReaderState.BLIND, ReaderState.UP):
        bench.kiosk.reader_is(DOOR, state, "why")

    assert [record.state for record in of_kind(bench, ReaderChange)] == ["up", "blind", "up"]


def test_a_reader_whose_thread_hangs_is_blind(bench):
    bench.hands.pass_s(HANGS_AFTER_S + 1)

    assert bench.kiosk.health().reader is ReaderState.BLIND


def test_a_thread_that_hung_for_a_while_is_on_record_from_when_it_was_last_heard(bench):
    bench.tell(duty())
    live(bench, 1)
    heard_at = bench.hands.now()
    for _ in range(10):
        bench.hands.pass_s(10)
        bench.kiosk.tend()
    back_at = bench.hands.now()

    live(bench, 1)

    *_, blind, up = of_kind(bench, ReaderChange)
    assert (blind.state, up.state) == (ReaderState.BLIND, ReaderState.UP)
    assert abs(blind.at - heard_at) < timedelta(seconds=1)
    assert timedelta(0) <= up.at - back_at <= timedelta(seconds=10)
    assert len(of_kind(bench, ReaderChange)) == 3


def test_a_hanging_thread_is_never_put_before_another_record(bench):
    bench.tell(duty())
    live(bench, 1)
    bench.kiosk.reader_is("back", ReaderState.UP)
    bench.hands.pass_s(10)
    bench.kiosk.reader_is("back", ReaderState.DOWN)
    told_at = bench.hands.now()

    bench.hands.pass_s(HANGS_AFTER_S)
    bench.kiosk.tend()

    assert of_kind(bench, ReaderChange)[-1].reader == DOOR
    assert of_kind(bench, ReaderChange)[-1].at == told_at


def test_the_worst_reader_is_the_kiosks_state(bench):
    bench.kiosk.reader_is("back", ReaderState.DOWN, "unplugged")

    health = bench.kiosk.health()
    assert (health.reader, health.reason) == (ReaderState.DOWN, "back: unplugged")


@pytest.fixture
def unset(tmp_path):
    bench = Bench(tmp_path / "data")
    bench.hands.synced = False
    bench.hands.off = timedelta(days=-20000)
    bench.restart(reboot=True)
    yield bench
    bench.close()


def test_a_clock_that_was_never_set_says_so(unset):
    assert unset.kiosk.health().stamp.clock is ClockState.UNSET
    unset.touch(card(1))

    assert ":" not in unset.beeps.said[-1][1][0]


def test_a_saved_clock_is_an_estimate(bench):
    bench.hands.synced = False
    bench.restart(reboot=True)

    assert bench.kiosk.health().stamp.clock is ClockState.ESTIMATED


def test_a_clock_that_shows_less_than_when_its_certificate_was_signed_was_never_set(bench, tmp_path):
    files = SiteCa(tmp_path / "ca").kiosk(KIOSK, ends=bench.hands.now() + OF_KIOSK)
    bench.broker = BrokerConfig(certificate_file=files.certificate)
    bench.hands.synced = False
    bench.hands.off = timedelta(hours=-2)  # the hub's clock may have been ahead
    bench.restart(reboot=True)
    states = [bench.kiosk.health().stamp.clock]

    bench.hands.off = timedelta(days=-30)  # where a system was made: systemd begins nowhere earlier
    shutil.rmtree(tmp_path / "data")  # what an earlier run knows would tell, too
    bench.restart(reboot=True)

    assert [*states, bench.kiosk.health().stamp.clock] == [ClockState.ESTIMATED, ClockState.UNSET]


def test_when_the_clock_becomes_right_a_record_says_by_how_much(unset):
    unset.hands.pass_s(100)
    unset.hands.off = timedelta()
    unset.hands.synced = True
    unset.kiosk.tend()

    (told,) = of_kind(unset, ClockSet)
    assert told.offset_ms == 20000 * 86400 * 1000
    assert (told.clock, told.at) == (ClockState.SYNCED, unset.hands.now())


def test_a_clock_stepped_by_hand_is_noted_and_trusted_no_more(bench):
    bench.hands.synced = False
    bench.hands.off = timedelta(hours=-1)
    moment = bench.kiosk.health().stamp.clock
    bench.hands.pass_s(2)
    bench.kiosk.tend()

    assert moment is ClockState.ESTIMATED
    assert bench.kiosk.health().stamp.clock is ClockState.ESTIMATED
    assert "-3600" in of_kind(bench, Note)[0].text
    assert of_kind(bench, ClockSet) == []


def test_a_clock_stepped_by_the_time_service_is_recorded(bench):
    bench.hands.off = timedelta(seconds=3)
    bench.hands.pass_s(2)
    bench.kiosk.tend()

    assert [record.offset_ms for record in of_kind(bench, ClockSet)] == [3000]


def test_a_day_after_the_last_sync_the_time_is_an_estimate(bench):
    bench.hands.synced = False
    bench.hands.pass_s(24 * 3600 - 1)
    just_before = bench.kiosk.health().stamp.clock
    bench.hands.pass_s(2)

    assert (just_before, bench.kiosk.health().stamp.clock) == (ClockState.SYNCED, ClockState.ESTIMATED)


def test_a_sync_outlives_a_restart_within_the_boot(bench):
    bench.kiosk.tend()
    bench.hands.synced = False
    bench.restart()

    assert bench.kiosk.health().stamp.clock is ClockState.SYNCED


def test_a_journal_that_cannot_be_written_is_told_to_the_hub_until_it_can(bench):
    database = bench.kiosk.store.journal._database
    database.execute("PRAGMA query_only = ON")
    live(bench, 6)
    meanwhile = bench.kiosk.health().reason
    database.execute("PRAGMA query_only = OFF")
    live(bench, 6)

    assert "not written" in meanwhile
    assert bench.kiosk.health().reason == ""


def test_while_nothing_can_be_stored_the_kiosk_is_blind_and_says_so_on_record_afterwards(bench):
    bench.tell(duty())
    live(bench, 1)
    database = bench.kiosk.store.journal._database
    database.execute("PRAGMA query_only = ON")
    assert bench.touch(card(1)) is Signal.TROUBLE
    failed_at = bench.hands.now()
    live(bench, 3)
    meanwhile = bench.kiosk.health().reader
    database.execute("PRAGMA query_only = OFF")
    live(bench, 1)

    assert (meanwhile, bench.kiosk.health().reader) == (ReaderState.BLIND, ReaderState.UP)
    *_, blind, up = of_kind(bench, ReaderChange)
    assert (blind.state, up.state) == (ReaderState.BLIND, ReaderState.UP)
    assert blind.at - failed_at < timedelta(seconds=20) < up.at - failed_at
    assert "not written" in blind.reason


def test_the_first_tap_that_is_stored_again_comes_after_since_when_nobody_was_seen_and_why(bench):
    bench.tell(duty())
    live(bench, 1)
    database = bench.kiosk.store.journal._database
    database.execute("PRAGMA query_only = ON")
    bench.touch(card(1))
    failed_at = bench.hands.now()
    live(bench, 3)
    bench.hands.pass_s(1)
    database.execute("PRAGMA query_only = OFF")

    assert bench.touch(card(2)) is Signal.ARRIVED

    blind, tap = bench.records()[-2:]
    assert (blind.state, tap.KIND) == (ReaderState.BLIND, "tap")
    assert abs(blind.at - failed_at) < timedelta(seconds=20)
    assert "not written" in blind.reason


def test_a_reader_whose_state_could_not_be_stored_is_stated_once_it_can(tmp_path):
    bench = Bench(tmp_path / "data")
    database = bench.kiosk.store.journal._database
    database.execute("PRAGMA query_only = ON")
    bench.kiosk.reader_is("back", ReaderState.UP)
    database.execute("PRAGMA query_only = OFF")
    bench.kiosk.reader_is("back", ReaderState.UP)
    live(bench, 1)
    bench.kiosk.reader_is("back", ReaderState.UP)

    stated = {record.reader: record.state for record in of_kind(bench, ReaderChange)}
    assert stated == {DOOR: ReaderState.UP, "back": ReaderState.UP}
    bench.close()
