"""Which alarms of the past a page is asked for: what cannot be read is as if not said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from hub.register.kinds import KINDS
from hub.web.kit.days import day_in
from station.alarms import Lack
from station.tidy import tidy

MOST_TYPED: Final = 64
A_MONTH: Final = timedelta(days=29)  # back from today: with it, thirty days


class AlarmState(StrEnum):
    """How far an alarm is."""

    OPEN = "open"
    """What lacked is not there yet."""
    OVER = "over"
    UNSEEN = "unseen"
    """It is over, and nobody ever said that they look after it."""


@dataclass(frozen=True, slots=True)
class AskedAlarms:
    """What is asked for.

    Attributes:
        first: the first day on which they began.
        last: the last one; before the first, nothing is found, and the page says why.
        station: its code, or a part of its name.
    """

    first: date
    last: date
    lack: Lack | None = None
    state: AlarmState | None = None
    district: str = ""
    kind: str = ""
    station: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], today: date) -> "AskedAlarms":
        """Read an address."""
        lack, state, kind = query.get("lack", ""), query.get("state", ""), query.get("kind", "")
        last = _day(query.get("last", ""), today)
        return cls(
            _day(query.get("first", ""), min(today, last) - A_MONTH),
            last,
            Lack(lack) if lack in set(Lack) else None,
            AlarmState(state) if state in set(AlarmState) else None,
            query.get("district", "")[:MOST_TYPED],
            kind if kind in KINDS else "",
            tidy(query.get("station", "")[:MOST_TYPED]),
        )

    @property
    def query(self) -> str:
        """The address of the same."""
        parts = {
            "first": self.first, "last": self.last, "lack": self.lack or "", "state": self.state or "",
            "district": self.district, "kind": self.kind, "station": self.station,
        }  # fmt: skip
        return urlencode({name: str(value) for name, value in parts.items() if value})


def _day(text: str, otherwise: date) -> date:
    day = day_in(text)
    return otherwise if day is None else min(max(day, date(2020, 1, 1)), date(2099, 12, 31))
