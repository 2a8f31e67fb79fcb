"""Who is folded first where many wait."""

from hub.intake.rows import row_of
from hub.intake.runs import KnownRun
from station.names import Epoch, KioskId
from station.records import Action
from tests.hub.board.town import STATION, Town, at, tap


def test_somebody_who_taps_again_while_waiting_is_folded_before_those_who_came_between():
    presences = Town().presences
    run = KnownRun(1, KioskId("K-1"), Epoch("e" * 16), STATION)
    for seq, (person, minute) in enumerate(((1, "08:10"), (2, "08:11"), (3, "08:12"), (1, "08:13")), 1):
        action = Action.LEAVE if seq == 4 else Action.ARRIVE
        presences.take(run, [row_of(tap(seq, at(minute), action, person=person), run.id, 0)], seq)

    shown: list[str] = []
    while not shown:
        presences.fold(0)
        shown = [here.person.key for here in presences.here(STATION, at("09:00"))]

    assert shown == ["p1"]
