"""Holds how the hub says that kiosks stand against how they stood; of walls, as `board` has them.

A kiosk stood `up`, `blind` (its reader was), `away` (no agent, or no connection) or `hampered` (something else is
wrong); it was shown online, blind, stale or lost, each within its time. `heartbeat_ms` is how often it says so, at
least.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from simulator.oracle.board import MOMENT_MS, ONLINE_MS, SETTLING_MS, SILENT_MS, heard_lately, lit, silent, standing
from simulator.oracle.stretches import Shown, Stretch, laid_out, narrowed, spelled, within

IN_SERVICE_MS: Final = 30_000
ON_ITS_WAY_MS: Final = 240_000  # a bad line may still hold something back, and the next waits for that
_DARK: Final = {"state": "dark"}


def kiosks_are_shown_as_they_stand(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Lost, blind and online, each within its time."""
    for wall in evidence.get("walls", ()):
        hub = lit(wall)
        for kiosk in wall["kiosks"]:
            shown = [*laid_out(kiosk["shown"], wall["since_ms"], wall["until_ms"], _DARK)]
            for wanted, stretches in (
                ({"stale", "lost"}, within(silent(kiosk, wall, ONLINE_MS), hub)),
                ({"lost"}, within(silent(kiosk, wall, SILENT_MS), narrowed(hub, SILENT_MS + MOMENT_MS))),
                ({"online"}, _surely("up", kiosk, wall)),
                ({"blind"}, _surely("blind", kiosk, wall)),
            ):
                yield from _otherwise(kiosk["kiosk"], shown, wanted, stretches)


def _surely(state: str, kiosk: Mapping[str, Any], wall: Mapping[str, Any]) -> list[Stretch]:
    """While it stood so for long enough to have said so, to a hub that ran, and was heard, or should have been."""
    stood, heartbeat_ms = within(standing(kiosk["stood"], wall, state), lit(wall)), wall["heartbeat_ms"]
    heard = within(narrowed(stood, SETTLING_MS + heartbeat_ms), heard_lately(kiosk))
    return heard + (narrowed(stood, ON_ITS_WAY_MS) if heartbeat_ms <= IN_SERVICE_MS else [])


def _otherwise(
    kiosk: str, shown: Sequence[Shown], wanted: Collection[str], stretches: Sequence[Stretch]
) -> Iterator[str]:
    for one in shown:
        for lie in within([one.stretch], stretches) if one.figures["state"] not in wanted else ():
            yield f"{kiosk} from {spelled(lie)} is called {one.figures['state']}, and is {' or '.join(sorted(wanted))}"
