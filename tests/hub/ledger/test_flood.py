"""When a flood of records counts as one, and for how long."""

from hub.ledger.flood import FLOOD_A_S, Flood


def test_what_comes_slowly_is_no_flood() -> None:
    flood = Flood(0.0)

    lasted_s = [flood.lasted_s(second * (FLOOD_A_S - 1), float(second)) for second in range(100)]

    assert set(lasted_s) == {0.0}


def test_a_flood_lasts_from_the_look_before_it_however_often_it_is_looked_at() -> None:
    flood = Flood(100.0)

    lasted_s = [flood.lasted_s(int(tenth * FLOOD_A_S / 10), 100 + tenth / 10) for tenth in range(0, 25, 5)]

    assert lasted_s == [0.0, 0.0, 1.0, 1.5, 2.0]


def test_a_flood_is_over_when_a_second_brings_less() -> None:
    flood = Flood(0.0)
    flood.lasted_s(FLOOD_A_S, 1.0)

    lasted_s = flood.lasted_s(FLOOD_A_S + 1, 2.0)

    assert lasted_s == 0.0
