"""Who may open an address of the hub. Every route declares one right; a test walks all routes and refuses one without.

There is one right until people log in; who is asked for more, is asked where requests come in, by `right_of`.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


class Right(StrEnum):
    """What somebody must be allowed to."""

    ANYBODY_HERE = "anybody_here"
    """Whoever reaches the port: on this machine alone, unless the config says otherwise."""


def open_to(right: Right) -> Callable[[Endpoint], Endpoint]:
    """Declare what a route's function asks for; stands below the router's own decorator."""

    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__["right"] = right
        return endpoint

    return declare


def right_of(endpoint: object) -> Right | None:
    """Return what a route's function asks for; None where nobody said."""
    right = getattr(endpoint, "right", None)
    return right if isinstance(right, Right) else None
