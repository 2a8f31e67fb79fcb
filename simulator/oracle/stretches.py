"""Stretches of time, and what was shown in them: half-open, in milliseconds of UTC since 1970."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any, NamedTuple


class Stretch(NamedTuple):
    """From a moment to before another."""

    since_ms: int
    until_ms: int


class Shown(NamedTuple):
    """What was so for a while."""

    stretch: Stretch
    figures: Mapping[str, Any]


def laid_out(
    steps: Iterable[Mapping[str, Any]], since_ms: int, until_ms: int, first: Mapping[str, Any]
) -> Iterator[Shown]:
    """Steps as stretches that cover all from `since_ms` to `until_ms`; before the first step it was `first`."""
    figures, begins_ms = first, since_ms
    for step in (*steps, {"since_ms": until_ms}):
        at_ms = min(max(step["since_ms"], begins_ms), until_ms)
        if begins_ms < at_ms:
            yield Shown(Stretch(begins_ms, at_ms), figures)
        begins_ms, figures = at_ms, {name: value for name, value in step.items() if name != "since_ms"}


def common(one: Stretch, other: Stretch) -> Stretch | None:
    """What two have in common."""
    both = Stretch(max(one.since_ms, other.since_ms), min(one.until_ms, other.until_ms))
    return both if both.since_ms < both.until_ms else None


def less(whole: Stretch, gaps: Iterable[Stretch]) -> Iterator[Stretch]:
    """What of a stretch lies in none of these."""
    since_ms = whole.since_ms
    for gap in sorted(gaps):
        if since_ms < min(gap.since_ms, whole.until_ms):
            yield Stretch(since_ms, min(gap.since_ms, whole.until_ms))
        since_ms = max(since_ms, gap.until_ms)
    if since_ms < whole.until_ms:
        yield Stretch(since_ms, whole.until_ms)


def united(ones: Iterable[Stretch]) -> list[Stretch]:
    """What they hold together, in order, none touching the next."""
    found: list[Stretch] = []
    for one in sorted(ones):
        if found and one.since_ms <= found[-1].until_ms:
            found[-1] = Stretch(found[-1].since_ms, max(found[-1].until_ms, one.until_ms))
        else:
            found.append(one)
    return found


def length(ones: Iterable[Stretch]) -> int:
    """How long they are, one after another, in milliseconds."""
    return sum(one.until_ms - one.since_ms for one in ones)


def within(ones: Iterable[Stretch], others: Iterable[Stretch]) -> list[Stretch]:
    """What lies in one of these and in one of those, in the order of these."""
    ordered = sorted(others)  # a day's heartbeats are thousands, and each of these meets a few
    begins = [other.since_ms for other in ordered]
    ended = [*accumulate((other.until_ms for other in ordered), max)]
    found: list[Stretch] = []
    for one in ones:
        near = ordered[bisect_right(ended, one.since_ms) : bisect_left(begins, one.until_ms)]
        found += [both for other in near if (both := common(one, other)) is not None]
    return found


def narrowed(ones: Iterable[Stretch], at_the_beginning_ms: int, at_the_end_ms: int = 0) -> list[Stretch]:
    """Each without so much at either end; what is shorter goes."""
    cut = (Stretch(one.since_ms + at_the_beginning_ms, one.until_ms - at_the_end_ms) for one in ones)
    return [one for one in cut if one.since_ms < one.until_ms]


def spelled(stretch: Stretch) -> str:
    """As a person reads it."""
    since, until = (datetime.fromtimestamp(ms / 1000, UTC) for ms in stretch)
    return f"{since:%Y-%m-%dT%H:%M:%S}Z to {until:%H:%M:%S}Z"
