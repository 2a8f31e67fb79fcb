"""What a kiosk brings of a month, the board keeps two days of: it is asked who is there, and lately was."""

from datetime import timedelta

from hub.ledger.change import Change
from hub.presence.recent import LOOK_BACK, Recent
from station.milliseconds import moment_of
from tests.hub.ledger.bench import ledger_bench
from tests.hub.ledger.test_month import always_there

DAYS = 20


def test_of_a_month_that_comes_in_two_days_are_remembered() -> None:
    recent, sizes = Recent({}), []
    with ledger_bench() as hub:
        hub.ledger.touch(hub.store(always_there(24 * DAYS).written))

        while hub.ledger.has_more:
            change: Change = hub.ledger.step()
            recent.apply(change)
            sizes.append(len(list(recent.stints("S-01"))))

        hub.ledger.write()
        kept = list(recent.stints("S-01"))
        since = moment_of(max(one.tapped_ms for one in kept)) - LOOK_BACK
        assert len(hub.stints()) > 10 * DAYS
        assert max(sizes) <= 24 * (LOOK_BACK / timedelta(days=1) + 2)
        assert min(one.ended_at for one in kept) >= since - timedelta(hours=1)
