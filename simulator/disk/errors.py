"""Why the disk refused.

DiskError
├── PowerOffError      the power is cut; nothing answers until the card is put into a kiosk again
├── DiskFullError      no room for what was to be written
└── DiskReadOnlyError  the card takes no more writes
"""


class DiskError(Exception):
    """The disk did not do what was asked."""


class PowerOffError(DiskError):
    """The power is cut."""


class DiskFullError(DiskError):
    """No room is left."""


class DiskReadOnlyError(DiskError):
    """The card takes no writes any more, as worn out cards do."""
