"""A long list in pages: which part is shown, and the addresses of those beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ShownPage(Generic[T]):
    """One page of a list; pages count from 1."""

    rows: Sequence[T]
    number: int
    pages: int
    total: int


def page_of(rows: Sequence[T], asked: str | None, most: int = MOST_SHOWN) -> ShownPage[T]:
    """Return the page that an address asks for; the nearest there is where it asks for none that there is."""
    pages = max(1, -(-len(rows) // most))
    number = number_of(asked, pages)
    return ShownPage(rows[(number - 1) * most : number * most], number, pages, len(rows))


def number_of(asked: str | None, pages: int) -> int:
    """Which of so many pages an address asks for; the nearest there is where it asks for none that there is."""
    wanted = int(asked) if asked is not None and asked.isascii() and asked.isdecimal() and len(asked) < 10 else 1  # noqa: PLR2004 -- more digits than any list has pages
    return min(max(1, wanted), pages)
