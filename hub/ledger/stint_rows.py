"""A stint as the ledger keeps it, and as a row. Pure.

One that nobody ended yet is kept as time alone will end it, so a row depends on records and terms only, never on when
it was made: `assumed` and `overrun` may lie ahead. Beside it stands what the taps alone said, for whom asks how it is.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from hub.register.rulebook import Rulebook
from station.amending import MOST_CONFIRMED
from station.hours import Period
from station.milliseconds import moment_of, moment_or_none, ms_of
from station.names import StationCode
from station.stints import End, Stint, stint_at

_IN_THE_END: Final = datetime.max.replace(tzinfo=UTC)


class LedgerStint(NamedTuple):
    """A stint, whose it is, and the tap that made it: its arrival, or the leave of one that is claimed.

    Attributes:
        stint: ended as time will end it, where no tap did.
        told: as the taps said, perhaps running; `stint_at` says what a moment makes of it.
        confirmed_ms: until when a person accepted it; None: nobody has.
    """

    run: int
    seq: int
    person: str
    counted: bool
    tapped_ms: int
    stint: Stint
    told: Stint
    confirmed_ms: int | None = None

    @property
    def ended_at(self) -> datetime:
        """When it ended, or will."""
        assert self.stint.ended_at is not None
        return self.stint.ended_at

    @property
    def columns(self) -> dict[str, Any]:
        """As a row of `StintRow`."""
        stint = self.stint
        assert stint.end is not None
        return {
            "run": self.run,
            "seq": self.seq,
            "person": self.person,
            "counted": self.counted,
            "station": stint.station,
            "tapped_ms": self.tapped_ms,
            "began_ms": ms_of(stint.began_at),
            "period_opens_ms": None if stint.period is None else ms_of(stint.period.opens_at),
            "period_closes_ms": None if stint.period is None else ms_of(stint.period.closes_at),
            "counts_from_ms": None if stint.counts_from is None else ms_of(stint.counts_from),
            "ended_ms": ms_of(self.ended_at),
            "end": stint.end.value,
            "outs": _spell(_plain_outs(stint)),
            "seen_ms": None if stint.seen_at is None else ms_of(stint.seen_at),
            "told": None if self.told.ended_at is not None else _spell_told(self.told),
            "claimed": stint.claimed,
            "unmatched": stint.unmatched,
            "uncertain": stint.uncertain,
            "unproven": stint.unproven,
            "end_unproven": stint.end_unproven,
            "confirmed_ms": self.confirmed_ms,
        }


def ledger_stint_of(row: Any) -> LedgerStint:
    """The stint that a row of `StintRow` keeps."""
    stint = Stint(
        station=StationCode(row.station),
        began_at=moment_of(row.began_ms),
        period=_period(row.period_opens_ms, row.period_closes_ms),
        counts_from=moment_or_none(row.counts_from_ms),
        ended_at=moment_of(row.ended_ms),
        end=End(row.end),
        outs=_outs(json.loads(row.outs)),
        claimed=bool(row.claimed),
        unmatched=bool(row.unmatched),
        uncertain=bool(row.uncertain),
        seen_at=moment_or_none(row.seen_ms),
        unproven=bool(row.unproven),
        end_unproven=bool(row.end_unproven),
    )
    told = stint if row.told is None else _read_told(row.told, stint)
    return LedgerStint(row.run, row.seq, row.person, bool(row.counted), row.tapped_ms, stint, told, row.confirmed_ms)


def confirmed_until(tap_confirmed_ms: int | None, ended: Stint) -> int | None:
    """Until when a stint is accepted, whose tap is: up to its end, or as said, and 12 h at most."""
    if tap_confirmed_ms is None:
        return None
    assert ended.ended_at is not None
    until = moment_of(tap_confirmed_ms) if tap_confirmed_ms else ended.ended_at
    return ms_of(min(until, ended.began_at + MOST_CONFIRMED))


def ended_by_time(stint: Stint, book: Rulebook) -> Stint:
    """The stint as it will have ended if no tap comes any more."""
    rules = book.rules_about(stint.began_at)[stint.station]
    return stint_at(stint, _IN_THE_END, rules)


def _spell_told(told: Stint) -> str:
    """What of a stint that runs is otherwise once time has ended it."""
    period = None if told.period is None else [ms_of(told.period.opens_at), ms_of(told.period.closes_at)]
    counts_ms = None if told.counts_from is None else ms_of(told.counts_from)
    out_ms = None if told.out_since is None else ms_of(told.out_since)
    return _spell([period, counts_ms, out_ms, _plain_outs(told)])


def _read_told(text: str, stint: Stint) -> Stint:
    period, counts_ms, out_ms, outs = json.loads(text)
    return replace(
        stint, ended_at=None, end=None, period=_period(*(period or (None, None))),
        counts_from=moment_or_none(counts_ms), out_since=moment_or_none(out_ms), outs=_outs(outs),
    )  # fmt: skip


def _spell(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _plain_outs(stint: Stint) -> list[list[int]]:
    return [[ms_of(since), ms_of(until)] for since, until in stint.outs]


def _outs(plain: list[list[int]]) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((moment_of(since_ms), moment_of(until_ms)) for since_ms, until_ms in plain)


def _period(opens_ms: int | None, closes_ms: int | None) -> Period | None:
    if opens_ms is None or closes_ms is None:
        return None
    return Period(moment_of(opens_ms), moment_of(closes_ms))
