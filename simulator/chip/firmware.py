"""What the chip's firmware keeps between commands, and the two ways in which it takes one up: done, or still at it."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simulator.chip.field import Field

POWER_ON_SPEED: Final = 115_200
SPEEDS: Final = (9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 1_288_000)
AIR_S: Final = 0.004  # a request with its retry, or a selection
TRY_S: Final = AIR_S / 2  # one try to find a card

TX_MODE: Final = 0x6302
RX_MODE: Final = 0x6303
FIFO: Final = 0x6339
CONTROL: Final = 0x633C  # how many bits of the last byte came in
BIT_FRAMING: Final = 0x633D  # how many bits of the last byte go out
CHECKSUM_ON: Final = 0x80
LAST_BITS: Final = 0x07

# UM0701-02, table 15: what a status byte says.
OK: Final = b"\x00"
TIMED_OUT: Final = b"\x01"
CHECKSUM_WRONG: Final = b"\x02"
COLLIDED: Final = b"\x06"
PARAMETER_WRONG: Final = b"\x10"
FORMAT_WRONG: Final = b"\x13"
NOT_LET_IN: Final = b"\x14"
WRONG_STATE: Final = b"\x25"
WRONG_CONTEXT: Final = b"\x27"

# UM0701-02, 7.2.9: bits of SetParameters.
AUTOMATIC_ATR_RES: Final = 0x04
AUTOMATIC_RATS: Final = 0x10
REMOVE_PREAMBLE: Final = 0x40

FOR_EVER: Final = 0xFF  # as a number of retries


class SyntaxFaultError(Exception):
    """Parameters that the command cannot have."""


@dataclass(frozen=True, slots=True)
class Done:
    """A command's answer, after so long on the air."""

    parameters: bytes = b""
    air_s: float = 0.0


@dataclass(slots=True)
class Search:
    """A command that goes on until it finds something, its tries are used up, or the host gives up waiting.

    Attributes:
        find: one try; None where nothing came.
        tries: how many are left; None is without end.
        otherwise: the answer where all were in vain.
    """

    find: Callable[[], bytes | None]
    tries: int | None
    otherwise: bytes


ExchangeEnd = Done | Search


@dataclass(slots=True)
class Firmware:
    """The chip's memory, as it is after power-on.

    Attributes:
        is_ready: SAMConfiguration came; before it, in the low battery mode, there is no field (AN10609, 3.1.3).
    """

    field: Field
    registers: dict[int, int] = dataclasses.field(default_factory=lambda: {TX_MODE: CHECKSUM_ON, RX_MODE: CHECKSUM_ON})
    parameters: int = AUTOMATIC_ATR_RES | AUTOMATIC_RATS
    atr_retries: int = FOR_EVER
    activation_retries: int = FOR_EVER
    pins: list[int] = dataclasses.field(default_factory=lambda: [0x3F, 0x06, 0x00])
    next_speed: int = POWER_ON_SPEED
    is_asleep: bool = True
    is_ready: bool = False


def require(is_so: object) -> None:
    """Refuse parameters unless something is so.

    Raises:
        SyntaxFaultError: it is not.
    """
    if not is_so:
        raise SyntaxFaultError


def tries(retries: int) -> int | None:
    """How often something is tried that is repeated so often."""
    return None if retries == FOR_EVER else retries + 1
