"""What can be wrong with something read from outside.

StationError
├── WireError      bytes on a topic that are no message: keep them aside, go on
└── ConfigError    a file or variable that a person must mend: say so and exit 78
"""


class StationError(Exception):
    """Root of this room's errors."""


class WireError(StationError):
    """Bytes that are no message of this protocol; the text says what was found, what is wanted and where."""


class ConfigError(StationError):
    """A setting that cannot stand; the text names file, key, what was found and what is wanted."""
