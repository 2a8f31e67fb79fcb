"""What can go wrong at the hub, by what the caller does next.

HubError
|-- UnknownStationError    say so to who asked; nothing is broken
`-- AssetsMissingError     stop: the package was built without what its pages load
"""

from __future__ import annotations


class HubError(Exception):
    """Root of all errors that the hub raises itself."""


class UnknownStationError(HubError):
    """No station has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no station has the code {code!r}")
        self.code = code


class AssetsMissingError(HubError):
    """What the pages load was not fetched when the package was built."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is missing; build the package again with npm or a network at hand: make setup")
        self.path = path
