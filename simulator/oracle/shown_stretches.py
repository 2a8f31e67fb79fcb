"""What was shown of a station, as stretches of time: cut where it changes, where people did something, or both."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from simulator.oracle.stretches import Stretch, common

T = TypeVar("T")


def stretches_of(steps: Sequence[tuple[int, str]], until_ms: int) -> Iterator[tuple[Stretch, str]]:
    """Steps as stretches, each up to the next."""
    for (since_ms, shown), following in zip(steps, [*(at_ms for at_ms, _ in steps[1:]), until_ms], strict=True):
        yield Stretch(since_ms, following), shown


def with_closings(classes: Iterable[tuple[Stretch, str]], closings: Sequence[int]) -> Iterator[tuple[Stretch, str]]:
    """A station that closes while no hub runs is closed from then on, for whatever was told of it."""
    for stretch, shown in classes:
        at = bisect_left(closings, stretch.since_ms)
        if shown == "dark" and at < len(closings) and closings[at] < stretch.until_ms:
            yield Stretch(stretch.since_ms, closings[at]), shown
            yield Stretch(closings[at], stretch.until_ms), "closed"
        else:
            yield stretch, shown


def together(
    ones: Iterable[tuple[Stretch, str]], others: Iterable[tuple[Stretch, str]]
) -> Iterator[tuple[Stretch, tuple[str, str]]]:
    """Both in one, cut wherever either changes."""
    left, right = [*ones], [*others]
    at_left = at_right = 0
    while at_left < len(left) and at_right < len(right):
        (one, shown), (other, state) = left[at_left], right[at_right]
        both = common(one, other)
        if both is not None:
            yield both, (shown, state)
        at_left, at_right = at_left + (one.until_ms <= other.until_ms), at_right + (other.until_ms <= one.until_ms)


def cut_at(ones: Iterable[tuple[Stretch, T]], shared: Sequence[Stretch]) -> Iterator[tuple[Stretch, T]]:
    """Cut wherever something begins or ends to be shared."""
    edges = sorted({edge for one in shared for edge in one})
    for stretch, shown in ones:
        since_ms = stretch.since_ms
        for edge in edges[bisect_right(edges, since_ms) : bisect_left(edges, stretch.until_ms)]:
            yield Stretch(since_ms, edge), shown
            since_ms = edge
        yield Stretch(since_ms, stretch.until_ms), shown


def cut(
    ones: Iterable[tuple[Stretch, T]], done: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Stretch, T, Mapping[str, Any] | None]]:
    """Cut wherever somebody did something, which stands with what follows."""
    for stretch, shown in ones:
        since_ms, before = stretch.since_ms, None
        for deed in done:
            if stretch.since_ms <= deed["at_ms"] < stretch.until_ms:
                yield Stretch(since_ms, deed["at_ms"]), shown, before
                since_ms, before = deed["at_ms"], deed
        yield Stretch(since_ms, stretch.until_ms), shown, before
