"""The hour of the day at which the fewest people tap at a station: when one that never closes is least disturbed."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select
from sqlmodel import col

from hub.database.journal_tables import JournalRecord, Run
from station.milliseconds import moment_of, ms_of

HOUR_MS: Final = 3_600_000
LOOKED_AT: Final = timedelta(days=28)  # each day of the week four times
USUAL: Final = 3  # o'clock: of hours that are as quiet the one nearest to it


def quietest_hour(connection: Connection, station: str, zone: ZoneInfo, now: datetime) -> int:
    """By the taps of the last four weeks, in the station's time."""
    since_ms = ms_of(now - LOOKED_AT)
    hour = col(JournalRecord.at_ms).op("/")(HOUR_MS)
    of_it = col(Run.station) == station, col(Run.last_at_ms) > since_ms, col(JournalRecord.at_ms) > since_ms
    query = select(hour).join(Run, col(Run.id) == col(JournalRecord.run)).where(*of_it)
    taps: Counter[int] = Counter()
    for (each,) in connection.execute(query.where(col(JournalRecord.kind) == "tap")):
        taps[moment_of(each * HOUR_MS).astimezone(zone).hour] += 1
    return min(range(24), key=lambda hour: (taps[hour], min((hour - USUAL) % 24, (USUAL - hour) % 24)))
