"""Neither the order of arrival nor duplicates change who is there."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.intake.sorting import Delivery
from hub.ledger.stint_rows import LedgerStint
from station.names import Epoch
from station.records import Action
from tests.hub.board.town import OTHER, STATION, Town, at, ms_of, row_of
from tests.hub.board.town import tap as town_tap
from tests.hub.intake.messages import KIOSK, journal, tap

ACTS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 40), st.sampled_from([Action.ARRIVE, Action.LEAVE, Action.RETURN])),
    min_size=1,
    max_size=8,
)


def shown(deliveries: list[Delivery], split: int) -> tuple[list[LedgerStint], list[object]]:
    """Who is there by these messages, and the rows."""
    town = Town((KIOSK,), now_text="32:00")
    for part in (deliveries[:split], deliveries[split:]):
        town.core.take(part)
    return sorted(town.city.recent.stints(STATION), key=lambda one: one.seq), list(town.board.view().rows)


@settings(max_examples=25, deadline=None)
@given(ACTS, st.data())
def test_any_order_with_duplicates_is_the_same_presence(acts: list[tuple[int, int, Action]], data: st.DataObject):
    minute, messages = 0, []
    for seq, (person, minutes, action) in enumerate(acts, 1):
        minute += minutes
        messages.append(journal(tap(seq, minute, action, person)))
    mixed = data.draw(st.permutations([*messages, *data.draw(st.lists(st.sampled_from(messages)))]))

    assert shown(mixed, data.draw(st.integers(0, len(mixed)))) == shown(messages, len(messages))


def test_whoever_tapped_at_two_kiosks_in_the_same_millisecond_is_at_the_later_one():
    """As the fold has it: which is the later one, the kiosks' names say."""
    town = Town(now_text="08:30")
    for kiosk in ("K-9", "K-1"):  # in the order in which their runs came
        run = town.run(kiosk, Epoch("e" * 16))
        town.take(run, [row_of(town_tap(1, at("08:20"), Action.ARRIVE, person=1), run.id, ms_of(at("08:30")))])

    assert (town.row().on_duty, town.row(OTHER).on_duty) == (0, 1)
