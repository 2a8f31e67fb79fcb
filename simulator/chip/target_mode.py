"""The chip's commands as a target (UM0701-02, 7.4): it waits for an initiator, and none ever comes."""

from collections.abc import Callable
from typing import Final

from simulator.chip.firmware import WRONG_CONTEXT, WRONG_STATE, Done, ExchangeEnd, Firmware, Search, require

_FIXED: Final = 35  # mode, parameters for MIFARE, FeliCa and NFCID3
_RELEASED: Final = b"\x00\x00"


def _init_as_target(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) >= _FIXED + 2)
    general = parameters[_FIXED]
    require(len(parameters) >= _FIXED + 2 + general)
    require(len(parameters) == _FIXED + 2 + general + parameters[_FIXED + 1 + general])
    chip.field.switch(on=False)
    return Search(lambda: None, None, b"")


def _status(_: Firmware, parameters: bytes) -> ExchangeEnd:
    require(not parameters)
    return Done(_RELEASED)


def _take_data(_: Firmware, parameters: bytes) -> ExchangeEnd:
    require(not parameters)
    return Done(WRONG_STATE)


COMMANDS: Final[dict[int, Callable[[Firmware, bytes], ExchangeEnd]]] = {
    0x86: _take_data,
    0x88: _take_data,
    0x8A: _status,
    0x8C: _init_as_target,
    0x8E: lambda *_: Done(WRONG_STATE),
    0x90: lambda *_: Done(WRONG_STATE),
    0x92: lambda *_: Done(WRONG_CONTEXT),
    0x94: lambda *_: Done(WRONG_STATE),
}
