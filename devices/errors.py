"""What can go wrong with a kiosk's devices, by what the caller does next.

DeviceError
├── CardLeftError         ask for another tap
├── AnnunciatorLostError  say so to the hub, and go on
├── ReaderLostError       open it again, with a backoff
└── UnusableError         a person must act; trying again alone will not help
    ├── SignalUnusableError   the settings of lamp or sound cannot stand
    └── ReaderUnusableError   nor can a reader be had as it is configured
"""


class DeviceError(Exception):
    """The root of this room: nothing of nfcpy, pyserial or termios leaves it otherwise."""


class UnusableError(DeviceError):
    """A person must act: the message says what was found and what is wanted.

    Attributes:
        template: the message, its facts named in `{}`: so that it can be told in another language.
        facts: by name; one of them may be such an error.
    """

    def __init__(self, template: str, /, **facts: object) -> None:
        super().__init__(template.format(**facts) if facts else template)
        self.template = template
        self.facts = facts


class CardLeftError(DeviceError):
    """A card answered, but left before its whole number was read."""


class AnnunciatorLostError(DeviceError):
    """The person could not be answered; a later answer may come through."""


class SignalUnusableError(UnusableError):
    """Lamp or sound are not to be had as configured: the message says what was found and what is wanted."""


class ReaderLostError(DeviceError):
    """The reader no longer answers; every later call on it raises this too.

    Attributes:
        is_there: the device can still be opened, and only its chip is silent.
    """

    def __init__(self, reason: str, *, is_there: bool) -> None:
        super().__init__(reason)
        self.is_there = is_there


class ReaderUnusableError(UnusableError):
    """The reader cannot be opened as configured: the message says what was found and what is wanted."""
