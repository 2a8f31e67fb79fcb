"""What can go wrong at the hub, by what the caller does next.

HubError
`-- UnknownStationError    say so to who asked; nothing is broken
"""

from __future__ import annotations


class HubError(Exception):
    """Root of all errors that the hub raises itself."""


class UnknownStationError(HubError):
    """No station has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no station has the code {code!r}")
        self.code = code
