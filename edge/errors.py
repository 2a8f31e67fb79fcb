"""What can go wrong in a kiosk's agent, by what the caller does next.

EdgeError
├── KeyFileError            the site key or the password cannot be used: a person must mend it; exit 78
├── DataPlaceError          the data directory is a file: a person must mend it; exit 78
├── LinkDownError           the connection to the broker is gone: try again later
│   └── NotLetInError       the broker does not take who this kiosk is: try another identity, if there is one
├── DataHeldError           another agent works on this data directory; exit
└── JournalError            not stored: answer "trouble", never beep, go on
    ├── JournalLaterError   a later agent made it: leave it as it is
    ├── JournalFullError    the disk is full, and nothing that may be forgotten is left
    └── JournalBrokenError  the file is no sound journal: set it aside and begin another
"""


class EdgeError(Exception):
    """Root of this room's errors: nothing of sqlite3 or paho leaves it otherwise."""


class KeyFileError(EdgeError):
    """The file of a secret; the text names it, what was found and what is wanted, never the secret."""


class DataPlaceError(EdgeError):
    """What is named as the data directory, or lies on the way to it, is none, or keeps nothing; the text names it."""


class DataHeldError(EdgeError):
    """The data directory is held by another process."""


class JournalError(EdgeError):
    """A record was not stored; what the journal held before stands."""


class JournalLaterError(JournalError):
    """The journal is of a version that this agent does not know."""


class JournalFullError(JournalError):
    """There is no room, even after everything that may be forgotten was."""


class JournalBrokenError(JournalError):
    """The journal's file cannot be read as one."""


class LinkDownError(EdgeError):
    """The connection to the broker is gone, or never was; the text says why."""


class NotLetInError(LinkDownError):
    """The broker, or a file of this kiosk's own, says that it is not who it should be; the text says why."""


def plain(exc: OSError) -> str:
    """What the system answered, in words for a person."""
    said = exc.strerror or str(exc) or type(exc).__name__
    return said if exc.filename is None else f"{exc.filename}: {said}"
