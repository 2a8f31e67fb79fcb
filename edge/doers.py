"""Who carries out what the hub asks of a kiosk, by the command's name (docs/how-to/add-a-command-over-the-wire.md)."""

from edge import beacon
from edge.commands import Doer
from edge.kiosk import KioskCore


def doers_of(kiosk: KioskCore) -> dict[str, Doer]:
    """All that this kiosk can do."""
    return {
        beacon.NAME: beacon.Identify(kiosk.beacon),
    }
