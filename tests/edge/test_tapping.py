"""What a card does at the kiosk, from the reader's answer to the beep."""

import json
import sqlite3

import pytest

from devices.signals import Signal
from station.names import PersonId
from station.records import Action, Tap
from station.token import fingerprint_of
from station.wire.codec import decode, encode
from station.wire.told import Duty, Holder, Roster
from tests.edge.rig import PHONE, SITE_KEY, Bench, card, duty, roster, token

A, B, C = card(1), card(2), card(3)


def taps(bench):
    return [record for record in bench.records() if isinstance(record, Tap)]


def actions(bench):
    return [tap.action for tap in taps(bench)]


def test_a_first_tap_is_an_arrival_and_the_next_a_leave(bench):
    first = bench.touch(A)
    bench.hands.pass_s(60)
    second = bench.touch(A)

    assert (first, second) == (Signal.ARRIVED, Signal.LEFT)
    assert actions(bench) == [Action.ARRIVE, Action.LEAVE]


def test_a_second_tap_within_the_guard_is_one_tap(bench):
    bench.touch(A)
    bench.hands.pass_s(3)
    again = bench.touch(A)

    assert again is Signal.ALREADY_RECORDED
    assert actions(bench) == [Action.ARRIVE]


def test_the_guard_counts_from_when_the_card_was_last_seen(bench):
    bench.touch(A, for_s=20)
    bench.hands.pass_s(4)
    again = bench.touch(A)

    assert again is Signal.ALREADY_RECORDED
    assert actions(bench) == [Action.ARRIVE]


def test_two_cards_of_one_person_are_guarded_as_one(bench):
    bench.tell(roster({1: "p1", 2: "p1"}))

    bench.touch(A)
    bench.hands.pass_s(2)
    other_card = bench.touch(B)

    assert other_card is Signal.ALREADY_RECORDED


def test_somebody_elses_tap_in_between_ends_nobodys_guard(bench):
    bench.touch(A)
    bench.touch(B)
    again = bench.touch(A)

    assert again is Signal.ALREADY_RECORDED
    assert actions(bench) == [Action.ARRIVE, Action.ARRIVE]


def test_the_guard_outlives_a_restart_of_the_agent(bench):
    bench.touch(A)
    bench.restart(clean=False)
    bench.hands.pass_s(2)
    again = bench.touch(A)

    assert again is Signal.ALREADY_RECORDED
    assert actions(bench) == [Action.ARRIVE]


def test_a_card_left_on_the_plate_over_a_restart_is_one_tap(bench):
    for _ in range(200):
        bench.kiosk.look("door", A)
        bench.hands.pass_s(0.1)
    bench.restart(clean=False)
    bench.hands.pass_s(1.5)
    bench.kiosk.look("door", A)

    assert actions(bench) == [Action.ARRIVE]


def test_a_card_left_lying_while_the_reader_is_gone_is_one_tap_until_it_was_seen_to_go(bench):
    for _ in range(5):
        bench.kiosk.look("door", A)
        bench.hands.pass_s(0.3)
    bench.hands.pass_s(8)  # somebody puts the plug back
    for _ in range(5):
        bench.kiosk.look("door", A)
        bench.hands.pass_s(0.3)
    lying = actions(bench)
    for _ in range(20):
        bench.kiosk.look("door", None)
        bench.hands.pass_s(0.3)
    bench.touch(A)

    assert lying == [Action.ARRIVE]
    assert actions(bench) == [Action.ARRIVE, Action.LEAVE]
    assert len(bench.beeps.said) == 2


def test_a_card_that_comes_while_the_reader_was_gone_is_a_tap_of_its_own(bench):
    bench.touch(A)
    bench.hands.pass_s(8)
    bench.kiosk.look("door", A)

    assert actions(bench) == [Action.ARRIVE, Action.LEAVE]


def test_a_card_left_lying_over_a_long_restart_is_one_tap(bench):
    for _ in range(5):
        bench.kiosk.look("door", A)
        bench.hands.pass_s(0.3)
    bench.kiosk.close()
    bench.hands.pass_s(20)
    bench.switch_on()
    bench.hands.pass_s(2)
    bench.touch(A)
    bench.hands.pass_s(6)

    assert actions(bench) == [Action.ARRIVE]
    assert bench.touch(A) is Signal.LEFT


def test_the_guard_is_void_after_a_reboot(bench):
    bench.touch(A)
    bench.hands.pass_s(0.5)
    bench.restart(reboot=True)
    bench.hands.pass_s(0.5)
    again = bench.touch(A)

    assert again is Signal.LEFT


def test_a_card_held_after_a_leave_means_stepping_out(bench):
    bench.touch(A)
    bench.hands.pass_s(60)
    held = bench.touch(A, for_s=4)

    assert held is Signal.STEPPED_OUT
    leave, step_out = taps(bench)[1:]
    assert (leave.action, step_out.action, step_out.of) == (Action.LEAVE, Action.STEP_OUT, leave.seq)


def test_holding_on_after_an_arrival_means_nothing(bench):
    held = bench.touch(A, for_s=4)

    assert held is Signal.ARRIVED
    assert actions(bench) == [Action.ARRIVE]


def test_a_card_held_for_less_than_three_seconds_is_a_plain_leave(bench):
    bench.touch(A)
    bench.hands.pass_s(60)
    bench.touch(A, for_s=2.8)

    assert actions(bench) == [Action.ARRIVE, Action.LEAVE]


def test_another_tap_ends_the_hold(bench):
    bench.touch(A)
    bench.hands.pass_s(60)
    bench.kiosk.look("door", A)
    bench.kiosk.look("back", B)
    for _ in range(40):
        bench.hands.pass_s(0.1)
        bench.kiosk.look("door", A)

    assert actions(bench) == [Action.ARRIVE, Action.LEAVE, Action.ARRIVE]


def test_a_leave_after_a_forgotten_stint_is_not_turned_into_stepping_out(bench):
    bench.tell(duty(), roster({1: "p1"}))
    bench.hands.go_to("14:40")
    bench.touch(A)
    bench.hands.go_to("18:30")
    late = bench.touch(A, for_s=4)

    assert late is Signal.LEFT
    assert actions(bench) == [Action.ARRIVE, Action.LEAVE]


def test_the_button_after_a_leave_means_stepping_out(bench):
    bench.touch(A)
    bench.hands.pass_s(60)
    bench.touch(A)
    bench.hands.pass_s(9)
    bench.kiosk.press()

    leave, step_out = taps(bench)[1:]
    assert (leave.action, step_out.action, step_out.of) == (Action.LEAVE, Action.STEP_OUT, leave.seq)
    assert bench.beeps.signals[-1] is Signal.STEPPED_OUT


@pytest.mark.parametrize("before", ["nothing", "an arrival", "a leave long ago", "another's tap", "a press", "a hold"])
def test_the_button_at_any_other_time_asks_for_the_card_and_records_nothing(bench, before):
    if before != "nothing":
        bench.touch(A)
        bench.hands.pass_s(60)
    if before not in {"nothing", "an arrival"}:
        bench.touch(A, for_s=4 if before == "a hold" else 0.3)
    if before == "a leave long ago":
        bench.hands.pass_s(11)
    if before == "another's tap":
        bench.touch(B)
    if before == "a press":
        bench.kiosk.press()
    count = len(taps(bench))

    bench.kiosk.press()

    assert len(taps(bench)) == count
    assert bench.beeps.signals[-1] is Signal.REFUSED


def test_holding_on_after_the_button_adds_nothing(bench):
    bench.touch(A)
    bench.hands.pass_s(60)
    bench.kiosk.look("door", A)
    bench.kiosk.press()
    for _ in range(50):
        bench.hands.pass_s(0.1)
        bench.kiosk.look("door", A)

    assert actions(bench) == [Action.ARRIVE, Action.LEAVE, Action.STEP_OUT]


def test_a_press_that_cannot_be_stored_is_trouble_and_the_leave_stands(bench):
    bench.touch(A)
    bench.hands.pass_s(60)
    bench.touch(A)
    bench.kiosk.store.journal._database.execute("PRAGMA query_only = ON")
    bench.kiosk.press()
    bench.kiosk.store.journal._database.execute("PRAGMA query_only = OFF")

    assert bench.beeps.signals[-1] is Signal.TROUBLE
    assert actions(bench) == [Action.ARRIVE, Action.LEAVE]


def test_somebody_who_stepped_out_returns(bench):
    bench.touch(A)
    bench.hands.pass_s(60)
    bench.touch(A, for_s=4)
    bench.hands.pass_s(300)
    back = bench.touch(A)

    assert back is Signal.RETURNED


def test_a_phone_is_refused_and_leaves_no_trace(bench):
    refused = bench.touch(PHONE)

    assert refused is Signal.REFUSED
    assert taps(bench) == []


def test_an_unknown_card_is_recorded_all_the_same(bench):
    bench.tell(roster({2: "p2"}))

    unknown = bench.touch(A)

    assert unknown is Signal.UNKNOWN_CARD
    assert [(tap.token, tap.action) for tap in taps(bench)] == [(token(1), Action.ARRIVE)]
    assert "上岗 08:00" in bench.beeps.said[-1][1][0]


def test_a_revoked_card_is_a_person_of_its_own(bench):
    holder = Holder("p1", flags=(Holder.REVOKED,))
    bench.tell(Roster(1, 1, 1, {token(1): holder, token(2): Holder("p1")}))

    bench.touch(B)
    bench.hands.pass_s(60)
    revoked = bench.touch(A)

    assert revoked is Signal.UNKNOWN_CARD
    assert actions(bench) == [Action.ARRIVE, Action.ARRIVE]


def test_who_has_left_the_station_hears_so_and_whom_to_ask_without_a_line_too(bench):
    former = Holder(PersonId(token(1)), flags=(Holder.UNASSIGNED, Holder.FORMER))
    bench.kiosk.store.told.keep(Roster(1, 1, 1, {token(1): former, token(2): Holder(PersonId("p1"))}), 0.0)

    bench.restart(reboot=True)
    heard = bench.touch(A)

    assert heard is Signal.UNKNOWN_CARD
    assert bench.beeps.said[-1][1] == ("此卡已不再登记：上岗 08:00", "暂不计时长，请联系站长；有误请再刷")
    assert actions(bench) == [Action.ARRIVE]


def test_without_a_roster_every_card_is_a_person(bench):
    assert bench.touch(A) is Signal.ARRIVED
    assert bench.touch(B) is Signal.ARRIVED


def test_no_beep_without_a_commit(tmp_path):
    bench = Bench(tmp_path / "data")
    bench.kiosk.store.journal._database.execute("PRAGMA query_only = ON")

    failed = bench.touch(A)
    bench.kiosk.store.journal._database.execute("PRAGMA query_only = OFF")
    bench.hands.pass_s(1)
    then = bench.touch(A)

    assert (failed, then) == (Signal.TROUBLE, Signal.ARRIVED)
    assert actions(bench) == [Action.ARRIVE]
    bench.close()


def test_the_beep_comes_after_the_commit(bench):
    found = []

    def show(signal, lines):
        other = sqlite3.connect(bench.path / "journal.db")
        found.append(other.execute("SELECT count(*) FROM records WHERE kind = 'tap'").fetchone()[0])
        other.close()

    bench.beeps.show = show

    bench.touch(A)

    assert found == [1]


def test_the_last_one_to_leave_is_told_so(bench):
    bench.tell(duty(), roster({1: "p1", 2: "p2"}, names={1: "张*", 2: "王*芳"}))
    bench.hands.go_to("08:05")
    bench.touch(A)
    bench.touch(B)
    bench.hands.go_to("09:00")
    bench.touch(A)
    bench.touch(B)

    assert bench.beeps.said[-2] == (
        Signal.LEFT, ("离岗 09:00，张*；卡不拿开为临时外出", "辛苦了，再见；有误请 5 秒后再刷"),
    )  # fmt: skip
    assert bench.beeps.said[-1] == (
        Signal.WARNING, ("离岗 09:00，王*芳；卡不拿开为临时外出", "您是最后一位，开放到 11:30；有误请再刷"),
    )  # fmt: skip


def test_whoever_forgot_to_leave_is_told_at_the_next_arrival(bench):
    bench.tell(duty(), roster({1: "p1"}))
    bench.touch(A)
    bench.hands.go_to("14:00")
    bench.touch(A)

    assert "未刷卡离岗" in bench.beeps.said[-1][1][1]


def test_an_opening_asks_those_by_name_who_may_be_there_and_nobody_else(bench):
    people = {1: "p1", 2: "p2", 3: "p3", 4: "p4"}
    bench.tell(duty(), roster(people, names={1: "张*", 2: "王*芳", 3: "李*", 4: "赵*"}))
    forgot, left, made_up_for_it, off_hours = (card(number) for number in people)
    for each in (forgot, left, made_up_for_it):
        bench.touch(each)
    bench.hands.go_to("11:00")
    bench.touch(left)
    bench.hands.go_to("12:20")
    bench.touch(made_up_for_it)
    bench.touch(off_hours)
    bench.hands.go_to("14:29")
    bench.kiosk.tend()
    bench.hands.go_to("14:31")
    bench.kiosk.tend()

    assert bench.beeps.said[-1] == (Signal.CHIME, ("开放时间到，如在岗请刷卡", "张*、李*、赵*"))


def test_a_leave_taken_back_says_so(bench):
    bench.tell(duty(), roster({1: "p1", 2: "p2"}))
    bench.touch(B)
    bench.touch(A)
    bench.hands.go_to("09:00")
    bench.touch(A)
    bench.hands.go_to("09:01")
    bench.touch(A)

    assert bench.beeps.said[-1] == (Signal.ARRIVED, ("撤销离岗 09:01", "您仍在岗；离岗请 5 秒后再刷"))


def test_whoever_has_no_training_is_told_at_arrival_once_a_day(bench):
    holder = Holder("p1", flags=(Holder.UNTRAINED,))
    bench.tell(duty(), Roster(1, 1, 1, {token(1): holder}))
    told = []
    for moment in ("08:00", "09:00", "10:00", "11:00"):
        bench.hands.go_to(moment)
        bench.touch(A)
        told.append("培训" in bench.beeps.said[-1][1][1])
    bench.hands.pass_s(24 * 3600)
    bench.touch(A)

    assert told == [True, False, False, False]
    assert "培训" in bench.beeps.said[-1][1][1]


def test_a_card_that_comes_and_goes_at_the_fields_edge_is_told_once_that_it_is_recorded(bench):
    for _ in range(10):
        bench.touch(A)
        bench.hands.pass_s(1)

    assert bench.beeps.signals == [Signal.ARRIVED, Signal.ALREADY_RECORDED]
    bench.hands.pass_s(60)
    bench.touch(A)
    bench.touch(A)
    assert bench.beeps.signals[2:] == [Signal.WARNING, Signal.ALREADY_RECORDED]


def test_ten_minutes_at_the_fields_edge_are_two_beeps_and_one_record(bench):
    began_s = bench.hands.boot_s
    touches = 0
    while bench.hands.boot_s - began_s < 600:
        bench.touch(A, for_s=0.1)
        touches += 1

    assert touches > 500
    assert bench.beeps.signals == [Signal.ARRIVED, Signal.ALREADY_RECORDED]
    assert actions(bench) == [Action.ARRIVE]


def test_a_forgotten_leave_is_told_at_the_next_tap_though_that_is_a_leave(bench):
    bench.tell(duty(), roster({1: "p1"}))
    bench.touch(A)
    bench.hands.go_to("12:20")
    bench.touch(A)

    assert bench.beeps.said[-1] == (Signal.LEFT, ("补记离岗 12:20", "上次未刷卡；如您刚到，请再刷一次"))


def test_before_the_first_sync_only_taps_of_this_boot_count(bench):
    bench.touch(A)
    bench.hands.synced = False
    bench.restart(reboot=True)
    bench.hands.pass_s(60)
    first = bench.touch(A)
    bench.hands.pass_s(60)
    second = bench.touch(A)

    assert (first, second) == (Signal.ARRIVED, Signal.LEFT)


@pytest.mark.parametrize("secret", [A.number.hex(), A.number.hex().upper()])
def test_no_file_holds_a_card_number(bench, secret):
    bench.touch(A)
    paths = list(bench.path.iterdir())

    assert paths
    for path in paths:
        found = path.read_bytes()
        assert A.number not in found
        assert secret.encode() not in found


def test_with_another_site_key_than_the_hubs_the_kiosk_says_so_and_calls_nobody_a_stranger(bench):
    bench.tell(roster({9: "p9"}))
    bench.kiosk.hear_key("0" * 16)
    bench.touch(card(1))
    told = bench.beeps.said[-1][1]
    bench.kiosk.hear_key(fingerprint_of(SITE_KEY))
    bench.touch(card(2))

    assert "本机密钥不对" in told[1]
    assert "新卡" in bench.beeps.said[-1][1][0]


def test_a_wrong_site_key_is_told_to_the_hub(bench):
    bench.kiosk.hear_key("0" * 16)
    wrong = bench.kiosk.health()

    assert "site key" in wrong.reason
    assert wrong.key == fingerprint_of(SITE_KEY)


@pytest.mark.parametrize(
    ("told", "day", "said"),
    [
        ({}, (), "今天不开放；有误请 5 秒后再刷"),  # also what a hub of an earlier version lets a kiosk say
        ({"2026-03-05": "停电检修"}, (), "今天不开放：停电检修；有误请再刷"),
        ({"2026-03-05": "义诊活动"}, (["17:00", "18:00"],), "现在不开放：义诊活动；有误请再刷"),
        ({"2026-03-06": "停电检修"}, (), "今天不开放；有误请 5 秒后再刷"),
    ],
)
def test_who_arrives_while_it_is_closed_hears_so_and_why(bench, told, day, said):
    bench.tell(hours_of("2026-03-05", day, told))
    bench.tell(Roster(1, 1, 1, {token(1): Holder(PersonId("p1"), "王*芳", flags=(Holder.UNTRAINED,))}))

    bench.touch(A)

    assert bench.beeps.said[-1] == (Signal.ARRIVED, ("上岗 08:00，王*芳", said))


def test_why_it_is_closed_is_known_after_a_reboot_without_a_line(bench):
    bench.kiosk.store.told.keep(hours_of("2026-03-05", (), {"2026-03-05": "国庆节"}), 0.0)

    bench.restart(reboot=True)
    bench.touch(A)

    assert "今天不开放：国庆节" in bench.beeps.said[-1][1][1]


def test_who_comes_for_a_period_or_goes_hears_nothing_of_closed_hours(bench):
    bench.tell(hours_of("2026-03-05", (["08:30", "11:30"],), {"2026-03-05": "停电检修"}))

    bench.touch(A)
    bench.hands.pass_s(60)
    bench.touch(A)

    assert not any("不开放" in line for _, lines in bench.beeps.said for line in lines)


def hours_of(day, spans, reasons):
    """The usual hours but for one day, as the wire has them."""
    body = json.loads(encode(duty())) | {"days": {day: list(spans)}, "reasons": reasons}
    return decode(json.dumps(body).encode(), Duty)
