"""Neither the order of arrival nor duplicates change who is there."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.intake.sorting import Delivery
from hub.presence.presences import Presences
from station.hours import SHANGHAI
from station.names import PersonId
from station.records import Action
from station.wire.messages import Holder
from tests.databases import file_url
from tests.hub.board.town import STATION, TERMS, TODAY, at, token_of
from tests.hub.intake.bench import bench
from tests.hub.intake.messages import journal, tap

ACTS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 40), st.sampled_from([Action.ARRIVE, Action.LEAVE, Action.RETURN])),
    min_size=1,
    max_size=8,
)


def shown(presences: Presences) -> list[str]:
    return sorted(
        f"{here.person.key} {here.stint}"
        for moment in ("08:30", "10:00", "12:30")
        for here in presences.stints(STATION, at(moment))
    )


@settings(max_examples=25, deadline=None)
@given(ACTS, st.data())
def test_any_order_with_duplicates_is_the_same_presence(acts: list[tuple[int, int, Action]], data: st.DataObject):
    minute, messages = 0, []
    for seq, (person, minutes, action) in enumerate(acts, 1):
        minute += minutes
        messages.append(journal(tap(seq, minute, action, person)))
    mixed = data.draw(st.permutations([*messages, *data.draw(st.lists(st.sampled_from(messages)))]))

    def fold(deliveries: list[Delivery], split: int) -> list[str]:
        rules = {STATION: TERMS.rules(SHANGHAI, since=TODAY, until=TODAY)}
        presences = Presences(rules, {token_of(i): Holder(PersonId(f"p{i}")) for i in (1, 2)})
        with TemporaryDirectory() as folder, bench(file_url(Path(folder))) as hub:
            hub.hand.reading_s = 24 * 3600
            for part in (deliveries[:split], deliveries[split:]):
                for stored in hub.take(*part).stored:
                    presences.take(*stored)
                presences.fold()
        return shown(presences)

    assert fold(mixed, data.draw(st.integers(0, len(mixed)))) == fold(messages, len(messages))
