"""What the board shows and what the ledger keeps are the same stints, though each folds in its own way."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from random import Random

from hypothesis import given

from hub.intake.rows import ms_of, row_of
from hub.intake.runs import KnownRun
from hub.ledger.journal import RUN, STINT, WATCHED
from hub.presence.presences import Presences
from station.names import KioskId
from tests.hub.ledger.bench import DELAY, LedgerBench, ledger_bench
from tests.hub.ledger.stories import Written
from tests.hub.ledger.test_ledger import FEW, SEEDS, journals, shuffled

IN_THE_END = datetime.max.replace(tzinfo=UTC)
Told = tuple[str, str, int, int, str, bool, bool]


@FEW
@given(SEEDS)
def test_board_and_ledger_hold_the_same_stints(seed: int) -> None:
    with both_that_took_all(seed) as (hub, board):
        kept = [
            (
                row["person"], row["station"], row["began_ms"], row["ended_ms"], row["end"], bool(row["claimed"]),
                bool(row["uncertain"]),
            )
            for row in hub.rows(STINT)
        ]  # fmt: skip
        assert sorted(kept) == board.stints()


@FEW
@given(SEEDS)
def test_board_and_ledger_take_kiosks_to_have_watched_at_the_same_times(seed: int) -> None:
    with both_that_took_all(seed) as (hub, board):
        kiosks = {row["id"]: row["kiosk"] for row in hub.rows(RUN)}
        for kiosk in set(kiosks.values()):
            kept = [(row["since_ms"], row["until_ms"]) for row in hub.rows(WATCHED) if kiosks[row["run"]] == kiosk]
            assert joined(kept) == joined(board.watched(kiosk))


@contextmanager
def both_that_took_all(seed: int) -> Iterator[tuple[LedgerBench, "Board"]]:
    """Ledger and board, with the same journals in the same random order."""
    random = Random(seed)
    with ledger_bench() as hub:
        board = Board(hub)
        for piece in shuffled(random, journals(random)):
            hub.take(piece)
            board.take(piece)
        yield hub, board


def joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same time in as few stretches as it takes."""
    found: list[tuple[int, int]] = []
    for since_ms, until_ms in sorted(stretches):
        if found and since_ms <= found[-1][1]:
            found[-1] = found[-1][0], max(until_ms, found[-1][1])
        elif since_ms < until_ms:
            found.append((since_ms, until_ms))
    return found


class Board:
    """Presence as a hub has it that never forgets."""

    def __init__(self, hub: LedgerBench) -> None:
        directory = hub.directory()
        self._rules = {
            code: station.rules(since=date(2026, 2, 20), until=date(2026, 5, 1))
            for code, station in directory.stations.items()
        }
        self._presences = Presences(self._rules, directory.holders_at(datetime(2026, 3, 5, tzinfo=UTC)))
        self._runs: dict[tuple[str, str], KnownRun] = {}
        self._known: set[tuple[str, str, int]] = set()

    def take(self, piece: list[Written]) -> None:
        """Records come; those that came before are passed over, as the intake does."""
        by_run: dict[tuple[str, str], list[Written]] = defaultdict(list)
        for one in piece:
            if (one.kiosk, one.epoch, one.record.seq) not in self._known:
                self._known.add((one.kiosk, one.epoch, one.record.seq))
                by_run[one.kiosk, one.epoch].append(one)
        for name, written in by_run.items():
            run = self._runs.setdefault(
                name, KnownRun(len(self._runs) + 1, written[0].kiosk, written[0].epoch, written[0].station)
            )
            rows = [row_of(one.record, run.id, ms_of(one.made_at + one.sent_after + DELAY)) for one in written]
            self._presences.take(run, rows, rows[-1].seq)
        self._presences.fold()

    def watched(self, kiosk: str) -> list[tuple[int, int]]:
        """When that kiosk did."""
        stretches = self._presences.logs.watch(KioskId(kiosk)).stretches(0, is_heard=False)
        return [(stretch.since_ms, stretch.until_ms) for stretch in stretches]

    def stints(self) -> list[Told]:
        """All of them, ended as time alone will end them."""
        return sorted(
            (
                here.person.key, here.stint.station, ms_of(here.stint.began_at), ms_of(here.stint.ended_at),
                here.stint.end.value, here.stint.claimed, here.stint.uncertain,
            )
            for code in self._rules
            for here in self._presences.stints(code, IN_THE_END)
        )  # fmt: skip
