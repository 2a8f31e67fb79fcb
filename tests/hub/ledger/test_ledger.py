"""The ledger kept live is the one that is made anew from the records, whatever came when."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hub.ledger.bench import ledger_bench
from tests.hub.ledger.stories import Written, some_days

SEEDS = st.integers(0, 2**32)
FEW = settings(max_examples=25, deadline=None, derandomize=False)


def journals(random: Random, steps: int = 25) -> list[list[Written]]:
    return [
        some_days(random, kiosk, station, steps=steps) for kiosk, station in (("K-01-1", "S-01"), ("K-02-1", "S-02"))
    ]


def shuffled(random: Random, journals: list[list[Written]]) -> list[list[Written]]:
    """Pieces of all journals in any order, some of them twice."""
    pieces = []
    for journal in journals:
        place = 0
        while place < len(journal):
            size = random.randint(1, 12)
            pieces.append(journal[place : place + size])
            place += size
    pieces += random.sample(pieces, len(pieces) // 4)
    random.shuffle(pieces)
    return pieces


@FEW
@given(SEEDS)
def test_in_whatever_order_records_come_the_ledger_is_the_one_made_anew(seed: int) -> None:
    random = Random(seed)
    with ledger_bench() as hub:
        for piece in shuffled(random, journals(random)):
            hub.take(piece)

        assert hub.differences() == []
