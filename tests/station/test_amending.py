"""What amendments come to: which are in force, and what is said of each tap."""

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from station.amending import Amended, Amendment, Amends, TapSaid, amended, read_amendment
from station.coverage import shift_of
from station.fold import fold
from station.names import HUB_KIOSK, Epoch, KioskId, PersonId, RecordName, Seq
from station.records import Action
from tests.station.days import HALL, RULES, at, taps

OWN = Epoch("a" * 16)
TAPPED = [RecordName(KioskId("k"), Epoch("b" * 16), Seq(n)) for n in (1, 2, 3)]


def own(seq: int) -> RecordName:
    return RecordName(HUB_KIOSK, OWN, Seq(seq))


def said(*amendments: Amendment) -> Amended:
    return amended({own(seq): one for seq, one in enumerate(amendments, 1)})


def void(of: RecordName) -> Amendment:
    return Amendment(change=Amends.VOID, of=of)


def retime(of: RecordName, minute: int) -> Amendment:
    return Amendment(change=Amends.RETIME, of=of, at=at(f"09:{minute:02}"))


def confirm(of: RecordName, until: int | None = None) -> Amendment:
    return Amendment(change=Amends.CONFIRM, of=of, at=None if until is None else at(f"10:{until:02}"))


def add(minute: int, evidence: str = "") -> Amendment:
    moment = at(f"08:{minute:02}")
    return Amendment(change=Amends.ADD, person=PersonId("p1"), action=Action.ARRIVE, at=moment, evidence=evidence)


def test_a_void_tap_is_void_until_that_is_taken_back() -> None:
    assert said(void(TAPPED[0])).of(TAPPED[0]).void
    assert not said(void(TAPPED[0]), void(own(1))).of(TAPPED[0]).void
    assert said(void(TAPPED[0]), void(own(1)), void(own(2))).of(TAPPED[0]).void


def test_of_two_that_move_a_tap_the_later_holds_and_the_earlier_again_without_it() -> None:
    assert said(retime(TAPPED[0], 1), retime(TAPPED[0], 2)).of(TAPPED[0]).at == at("09:02")
    assert said(retime(TAPPED[0], 1), retime(TAPPED[0], 2), void(own(2))).of(TAPPED[0]).at == at("09:01")


def test_a_void_tap_is_neither_moved_nor_accepted() -> None:
    assert said(retime(TAPPED[0], 1), confirm(TAPPED[0]), void(TAPPED[0])).of(TAPPED[0]) == TapSaid(void=True)


def test_an_added_tap_goes_with_its_amendment_and_may_be_moved() -> None:
    assert said(add(1)).of(own(1)) == TapSaid()
    assert said(add(1), retime(own(1), 5)).of(own(1)).at == at("09:05")
    assert said(add(1), retime(own(1), 5), void(own(1))).of(own(1)) == TapSaid(void=True)


def test_what_is_accepted_is_so_up_to_a_moment() -> None:
    assert said(confirm(TAPPED[0], 30)).of(TAPPED[0]) == TapSaid(is_confirmed=True, confirmed_until=at("10:30"))
    assert not said(confirm(TAPPED[0], 30), void(own(1))).of(TAPPED[0]).is_confirmed


ONE = st.one_of(
    st.builds(void, st.sampled_from(TAPPED) | st.integers(1, 12).map(own)),
    st.builds(retime, st.sampled_from(TAPPED) | st.integers(1, 12).map(own), st.integers(0, 59)),
    st.builds(confirm, st.sampled_from(TAPPED), st.none() | st.integers(0, 59)),
    st.builds(add, st.integers(0, 59), st.sampled_from(("", "第3页第2行"))),
)


@given(st.lists(ONE, max_size=12), st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_changes_nothing(ones: list[Amendment], random: Random) -> None:
    named = [(own(seq), one) for seq, one in enumerate(ones, 1)]
    mixed = named + random.choices(named, k=3) if named else []
    random.shuffle(mixed)

    assert amended(dict(mixed)) == amended(dict(named))


@given(st.lists(ONE, max_size=12), ONE)
def test_whatever_is_taken_back_at_once_was_never_said(ones: list[Amendment], one: Amendment) -> None:
    before, after = said(*ones), said(*ones, one, void(own(len(ones) + 1)))

    for tap in {*TAPPED, *(own(seq) for seq, each in enumerate(ones, 1) if each.change is Amends.ADD)}:
        assert before.of(tap) == after.of(tap)


@given(ONE)
def test_an_amendment_survives_its_record(one: Amendment) -> None:
    assert read_amendment(one.fields) == one


def test_a_tap_added_without_evidence_covers_nothing_and_with_evidence_does() -> None:
    came, left = taps(("08:00", Action.ARRIVE), ("11:00", Action.LEAVE))

    told = fold([came._replace(proves=False), left], RULES).stints[0]
    proven = fold([came, left], RULES).stints[0]

    assert shift_of(told, at("12:00")).on == ()
    assert shift_of(proven, at("12:00")).on == ((at("08:00"), at("11:00")),)


def test_whoever_is_only_said_to_have_come_is_there_from_their_own_tap_on() -> None:
    told, came, left = taps(("08:00", Action.ARRIVE), ("09:00", Action.ARRIVE), ("11:00", Action.LEAVE))

    made = fold([told._replace(proves=False), came, left], RULES)

    assert [shift_of(one, at("12:00")).on for one in made.stints] == [(), ((at("09:00"), at("11:00")),)]
    assert made.again == []


def test_a_leave_added_without_evidence_proves_nobody_there_until_then() -> None:
    came, left = taps(("08:00", Action.ARRIVE), ("11:00", Action.LEAVE))

    stint = fold([came, left._replace(proves=False)], RULES).stints[0]

    assert (stint.station, stint.ended_at, stint.proven_until) == (HALL, at("11:00"), at("08:00"))
    assert stint.ended_at - stint.began_at == timedelta(hours=3)


def test_a_return_added_without_evidence_ends_the_absence_and_proves_nobody_there() -> None:
    """A lead said without a line of the register that somebody had come back: half an hour of nobody was covered."""
    came, left, out, back, gone = taps(
        ("08:00", Action.ARRIVE), ("09:00", Action.LEAVE), ("09:00", Action.STEP_OUT), ("09:05", Action.ARRIVE),
        ("11:00", Action.LEAVE),
    )  # fmt: skip
    out = out._replace(of=left.seq)

    made = fold([came, left, out, back._replace(proves=False)], RULES).stints_at(at("13:00"))
    proven = fold([came, left, out, back, gone], RULES).stints

    assert [shift_of(one, at("13:00")).on for one in made] == [((at("08:00"), at("09:00")),), ()]
    assert [shift_of(one, at("13:00")).out for one in made] == [((at("09:00"), at("09:05")),), ()]
    assert [shift_of(one, at("13:00")).on for one in proven] == [
        ((at("08:00"), at("09:00")), (at("09:05"), at("11:00")))
    ]


def test_after_a_return_without_evidence_somebody_is_there_from_their_own_tap_on() -> None:
    came, left, out, told, back, gone = taps(
        ("08:00", Action.ARRIVE), ("09:00", Action.LEAVE), ("09:00", Action.STEP_OUT), ("09:05", Action.ARRIVE),
        ("09:40", Action.ARRIVE), ("11:00", Action.LEAVE),
    )  # fmt: skip

    made = fold([came, left, out._replace(of=left.seq), told._replace(proves=False), back, gone], RULES)

    assert [shift_of(one, at("13:00")).on for one in made.stints] == [
        ((at("08:00"), at("09:00")),), (), ((at("09:40"), at("11:00")),),
    ]  # fmt: skip


def test_an_arrival_added_without_evidence_takes_no_leave_back() -> None:
    came, left, told = taps(("08:00", Action.ARRIVE), ("09:00", Action.LEAVE), ("09:01", Action.ARRIVE))

    made = fold([came, left, told._replace(proves=False)], RULES).stints_at(at("13:00"))

    assert [shift_of(one, at("13:00")).on for one in made] == [((at("08:00"), at("09:00")),), ()]
