"""Who is folded first where many wait."""

from hub.intake.gathering import Stored
from hub.intake.rows import row_of
from station.milliseconds import ms_of
from station.names import Epoch, StationCode
from station.records import Action
from tests.hub.board.town import OTHER, STATION, Town, at, tap


def stored(town: Town, kiosk: str, text: str, *persons: int, seq: int = 1, epoch: str = "e" * 16) -> Stored:
    """Arrivals are stored, and nobody is told."""
    run = town.run(kiosk, Epoch(epoch))
    return town.store(
        run,
        [
            row_of(tap(seq + more, at(text), Action.ARRIVE, person), run.id, ms_of(at("09:00")))
            for more, person in enumerate(persons)
        ],
    )


def shown(town: Town, station: StationCode) -> set[str]:
    return {here.person.key for here in town.city.recent.here(station, at("09:00"))}


def test_whoever_taps_now_is_folded_before_what_is_due():
    town = Town(now_text="09:00")
    town.core.fold_stored([stored(town, "K-9", "08:00", 1)])
    town.fold()
    late = [stored(town, "K-1", "08:10", 1000 + run, epoch=f"{run:016x}") for run in range(1, 300)]
    town.core.ledger.touch(one.run.id for one in late)

    town.core.fold_stored([stored(town, "K-9", "08:59:59", 2, seq=2)])

    assert (shown(town, OTHER), shown(town, STATION)) == ({"p1", "p2"}, set())
    assert town.core.ledger.behind == 299
    town.fold()
    assert len(shown(town, STATION)) == 299


def test_somebody_who_taps_again_while_their_tap_waits_is_folded_in_order():
    town = Town(now_text="09:00")
    town.core.fold_stored([stored(town, "K-9", "08:00", 3)])
    town.fold()
    waits = stored(town, "K-1", "08:10", 1)
    town.core.ledger.touch([waits.run.id])

    town.core.fold_stored([stored(town, "K-9", "08:20", 1, seq=2)])
    before = [(one.person, one.stint.end) for one in town.city.recent.stints(OTHER)]
    town.fold()

    assert ("p1", "assumed") in before
    (moved,) = town.city.recent.stints(STATION)
    assert (moved.person, moved.stint.end, moved.stint.ended_at) == ("p1", "moved", at("08:20"))
    assert [row.on_duty for row in town.board.view().rows if row.code == OTHER] == [2]
