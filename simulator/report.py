"""What came of a run, as the JSON that `--report` writes, and whether it was good."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.board_watch import SeenBoard
    from simulator.comparison import Comparison
    from simulator.on_the_way import OnTheWay
    from simulator.play import PlayOutcome
    from simulator.stored import BeepCount
    from simulator.truth import Figures


@dataclass(frozen=True, slots=True)
class Report:
    """One run, after all that was on its way has arrived.

    Attributes:
        complaints: errors that the processes logged.
        board: the API's last answer.
        truth: by station, at the very moment of that answer.
        stalled_s: how long, at worst, this process did not get to run; people and kiosks do not wait for it.
    """

    seed: int
    complaints: list[str]
    outcome: PlayOutcome
    count: BeepCount
    comparison: Comparison
    on_the_way: OnTheWay
    board: SeenBoard
    truth: dict[str, Figures]
    stalled_s: float = 0.0

    @property
    def is_good(self) -> bool:
        """Nothing lost or doubled, no minute different, nobody surprised; and something was looked at."""
        return not self.faults()

    def faults(self) -> list[str]:
        """Each reason why it is not, as a sentence."""
        compared = self.comparison
        last = sum(row.figures != self.truth[code] for code, row in self.board.rows.items())
        found = {
            "beeps have no record at the hub": self.count.lost,
            "records at the hub are doubled": self.count.doubled,
            "records at the hub had no beep": self.count.unheard,
            "minutes differ between board and truth": compared.minutes_different,
            "stations differ at the end": last,
            "answers surprised somebody": len(self.outcome.surprises),
            "taps never came to the live board": self.on_the_way.never_shown,
            "errors were logged": len(self.complaints),
        }
        sentences = [f"{number} {what}" for what, number in found.items() if number]
        if compared.minutes_compared == 0 or compared.minutes_missed > compared.minutes_compared:
            sentences.append(f"only {compared.minutes_compared} minutes could be compared")
        return sentences

    def summary(self) -> str:
        """What came of it, for somebody who sees this for the first time."""
        taps, silent = self.outcome.taps, self.outcome.silent
        held_on = len(self.outcome.heard) - (taps - silent)
        kept, compared, latency = self.count, self.comparison, self.latency()
        recorded = f"{_times(taps - silent)} that was recorded, with a beep"
        lines = [f"{_times(taps).capitalize()} somebody held out a card, and {recorded}."]
        if held_on:
            lines.append(f"{_times(held_on).capitalize()} they held on to step out, and it beeped once more.")
        if kept.lost or kept.doubled:
            said = f"{kept.lost} have none at the hub, {kept.doubled} are there twice"
        else:
            said = "each has one at the hub, none is lost, none is there twice"
        lines.append(f"A beep promises a record for good: {said}.")
        if silent:
            why = "a telephone, or a card that was taken away too early or held out twice"
            lines.append(f"Nothing new was recorded {_times(silent)}: {why}.")
        minutes = f"{compared.minutes_compared} minutes of the day"
        right = f"in all but {compared.minutes_different}" if compared.minutes_different else "in each"
        lines.append(f"The board was compared with what people did in {minutes}, and was right {right}.")
        if latency is not None:
            lines.append(f"From the beep to the board it usually took {latency} ms.")
        return "\n".join(lines)

    def latency(self) -> float | None:
        """From beep to board, the middle; None where nothing came to it."""
        return percentiles(self.on_the_way.latencies_ms)["p50"]

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        outcome, compared = self.outcome, self.comparison
        return {
            "seed": self.seed,
            "taps": outcome.taps,
            "beeped": len(outcome.heard),
            "settled": self.count.settled,
            "lost": self.count.lost,
            "doubled": self.count.doubled,
            "unheard": self.count.unheard,
            "stations": [
                {"code": code, "kind": row.kind, "board": row.figures.plain(), "truth": self.truth[code].plain()}
                for code, row in sorted(self.board.rows.items())
            ],
            "tap_to_board_ms": percentiles(self.on_the_way.latencies_ms),
            "taps_never_shown": self.on_the_way.never_shown,
            "minutes_compared": compared.minutes_compared,
            "minutes_different": compared.minutes_different,
            "minutes_missed": compared.minutes_missed,
            "differences": [
                {
                    "at": each.at.isoformat(),
                    "station": each.station,
                    "board": each.board and each.board.plain(),
                    "truth": each.truth.plain(),
                }
                for each in compared.differences
            ],
            "stalled_ms": round(self.stalled_s * 1000),
            "complaints": self.complaints,
            "surprises": [each._asdict() | {"at": each.at.isoformat()} for each in outcome.surprises],
        }

    def spell(self) -> str:
        """The file's text."""
        return json.dumps(self.plain(), ensure_ascii=False, indent=1) + "\n"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def percentiles(values: Sequence[float]) -> dict[str, float | None]:
    """The middle, and what all but 5 and all but 1 of 100 stay within."""
    ordered = sorted(values)

    def at(share: float) -> float | None:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else None

    return {"p50": at(0.50), "p95": at(0.95), "p99": at(0.99)}
