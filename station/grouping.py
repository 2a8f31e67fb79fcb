"""How often one channel calls its people: at once while it is quiet, else what waits goes as one. Pure.

Whoever is called for each of many things hears none of them: EEMUA 191 has an operator take one alarm in 10 minutes on
average, and 10 in 10 minutes at the very most. Nothing is left out for it: what waits is told with the next.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

EVERY: Final = timedelta(minutes=10)
AT_ONCE: Final = 8  # after a long quiet, one right after the other; with those that become free within 10 min, 9
REMEMBERED: Final = AT_ONCE * EVERY  # calls before that hold nothing up any more


def free_at(called: Iterable[datetime]) -> datetime | None:
    """From when on a channel may be called again; None: at any time.

    Args:
        called: when it was, in order, at least since `REMEMBERED` ago.
    """
    full_again_at: datetime | None = None
    for at in called:
        full_again_at = max(at, full_again_at or at) + EVERY
    return None if full_again_at is None else full_again_at - (AT_ONCE - 1) * EVERY
