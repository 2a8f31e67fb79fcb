"""What came of a run, as the JSON that `--report` writes, and whether it was good."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.board_watch import SeenBoard
from simulator.comparison import Comparison
from simulator.on_the_way import OnTheWay
from simulator.play import PlayOutcome
from simulator.stored import BeepCount
from simulator.truth import Figures
from station.saying import Said, as_said, say


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

    def faults(self) -> list[Said]:
        """Each reason why it is not, as a sentence."""
        compared = self.comparison
        last = sum(row.figures != self.truth[code] for code, row in self.board.rows.items())
        told = (
            say("{n} {n:beep has|beeps have} no record at the hub", n=self.count.lost),
            say("{n} {n:record|records} at the hub {n:is|are} doubled", n=self.count.doubled),
            say("{n} {n:record|records} at the hub had no beep", n=self.count.unheard),
            say("{n} {n:minute differs|minutes differ} between board and truth", n=compared.minutes_different),
            say("{n} {n:station differs|stations differ} at the end", n=last),
            say("{n} {n:answer|answers} surprised somebody", n=len(self.outcome.surprises)),
            say("{n} {n:tap|taps} never came to the live board", n=self.on_the_way.never_shown),
            say("{n} {n:error was|errors were} logged", n=len(self.complaints)),
        )
        sentences = [said for said in told if said.facts["n"]]
        if compared.minutes_compared == 0 or compared.minutes_missed > compared.minutes_compared:
            sentences.append(say("only {n} {n:minute|minutes} could be compared", n=compared.minutes_compared))
        return sentences

    def summary(self) -> Iterator[Said]:
        """What came of it, for somebody who sees this for the first time."""
        taps, silent = self.outcome.taps, self.outcome.silent
        held_on = len(self.outcome.heard) - (taps - silent)
        kept, compared, latency = self.count, self.comparison, self.latency()
        yield say(
            "{taps} somebody held out a card, and {recorded} that was recorded, with a beep.",
            taps=_times(taps, "Once"), recorded=_times(taps - silent),
        )  # fmt: skip
        if held_on:
            yield say("{times} they held on to step out, and it beeped once more.", times=_times(held_on, "Once"))
        if kept.lost or kept.doubled:
            said = "A beep promises a record for good: {lost} have none at the hub, {doubled} are there twice."
            yield say(said, lost=kept.lost, doubled=kept.doubled)
        else:
            yield say("A beep promises a record for good: each has one at the hub, none is lost, none is there twice.")
        if silent:
            why = "a telephone, or a card that was taken away too early or held out twice"
            yield say("Nothing new was recorded {times}: {why}.", times=_times(silent), why=as_said(why))
        minutes, wrong = compared.minutes_compared, compared.minutes_different
        board = "The board was compared with what people did in {minutes} {minutes:minute|minutes} of the day, "
        if wrong:
            yield say(board + "and was right in all but {wrong}.", minutes=minutes, wrong=wrong)
        else:
            yield say(board + "and was right in each.", minutes=minutes)
        if latency is not None:
            yield say("From the beep to the board it usually took {latency} ms.", latency=latency)

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


def _times(number: int, once: str = "once") -> Said:
    return say(once) if number == 1 else say("{n} times", n=number)


def percentiles(values: Sequence[float]) -> dict[str, float | None]:
    """The middle, and what all but 5 and all but 1 of 100 stay within."""
    ordered = sorted(values)

    def at(share: float) -> float | None:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else None

    return {"p50": at(0.50), "p95": at(0.95), "p99": at(0.99)}
