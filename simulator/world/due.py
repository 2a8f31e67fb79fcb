"""When an agent has something to write though nobody taps, so that it need not be asked every second.

It looks at what the agent itself goes by: its last record, its hours, its clock.
"""

from datetime import timedelta
from typing import Final

from edge.kiosk import KioskCore
from edge.pulses import AFTER, BEFORE
from simulator.world.hands import Hands

PULSE_S: Final = 300.5  # of silence, and a little: docs/protocol.md, `pulse`
ROUNDS_S: Final = 1.5  # an agent makes its rounds no sooner again than after a second
LATE_S: Final = 2.0
DEAF_S: Final = 30.0  # how soon it tries again to write
NEXT_DAYS: Final = timedelta(days=7)


def pulse_in_s(kiosk: KioskCore, hands: Hands) -> float:
    """When a pulse may be due, so that rounds made seldom are late for none."""
    if kiosk.rounds.is_deaf:
        return DEAF_S
    last_ms = kiosk.store.journal.last_mono_ms
    wait_s = PULSE_S if last_ms is None else last_ms / 1000 + PULSE_S - hands.boot_s()
    if wait_s > 0:
        return wait_s
    return ROUNDS_S if wait_s > -LATE_S else _hours_in_s(kiosk, hands)  # just made for another reason, or closed


def _hours_in_s(kiosk: KioskCore, hands: Hands) -> float:
    """When the next hours begin in which there are pulses, as far as the agent knows them."""
    now = hands.now()
    if not (kiosk.people.has_calendar and kiosk.keeper.was_synced):
        return PULSE_S
    watches = kiosk.watch.is_watching(hands.boot_s())
    for period in kiosk.people.rules.calendar.stretches(now, now + NEXT_DAYS):
        if period.opens_at - BEFORE > now:
            return (period.opens_at - BEFORE - now).total_seconds()
        if watches and now <= period.closes_at + AFTER:
            return ROUNDS_S  # these very hours have just begun, and rounds had been made less than a second before
    return float("inf")
