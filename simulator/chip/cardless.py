"""The chip's commands that need no card (UM0701-02, 7.2 and 7.3.1)."""

from collections.abc import Callable
from typing import Final

from simulator.chip.firmware import (
    OK,
    SPEEDS,
    TIMED_OUT,
    Done,
    ExchangeEnd,
    Firmware,
    Search,
    SyntaxFaultError,
    require,
)

_ALL_FAILED: Final = b"\x80"  # of 128 polls for a FeliCa card
_SAM_MODES: Final = range(1, 5)
_WRITE_PIN: Final = 0x80
_PINS: Final = (0x3F, 0x06)
# What follows each item of RFConfiguration, in bytes.
_RF_ITEMS: Final = {0x01: 1, 0x02: 3, 0x04: 1, 0x05: 3, 0x0A: 11, 0x0B: 8, 0x0C: 3, 0x0D: 9}
_FIELD_ITEM: Final = 0x01
_RETRIES_ITEM: Final = 0x05


def _diagnose(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(parameters)
    more = len(parameters) - 1
    match parameters[0]:
        case 0:  # the line
            return Done(parameters)
        case 1 | 2 if more == 0:  # ROM, RAM
            return Done(OK)
        case 4 if more == 1:  # polling for a FeliCa card
            return Done(_ALL_FAILED)
        case 5 if more == 3:  # noqa: PLR2004 - echoing as a target, with a delay and two modes
            return _never()
        case 6 if more == 0:  # whether the card is still there
            return Done(OK if chip.field.reaches(chip.field.current) else TIMED_OUT)
        case 7 if more == 1:  # the antenna
            return Done(OK)
    raise SyntaxFaultError


def _get_firmware_version(_: Firmware, parameters: bytes) -> ExchangeEnd:
    require(not parameters)
    return Done(bytes.fromhex("32010607"))


def _get_general_status(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(not parameters)
    targets = [bytes([number, 0, 0, 0]) for number, _ in enumerate(chip.field.listed, 1)]  # at 106 kbit/s both ways
    return Done(bytes([0, chip.field.is_on, len(targets)]) + b"".join(targets) + b"\x00")


def _read_register(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(parameters and len(parameters) % 2 == 0)
    addresses = [int.from_bytes(parameters[at : at + 2], "big") for at in range(0, len(parameters), 2)]
    return Done(bytes(chip.registers.get(address, 0) for address in addresses))


def _write_register(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(parameters and len(parameters) % 3 == 0)
    for at in range(0, len(parameters), 3):
        chip.registers[int.from_bytes(parameters[at : at + 2], "big")] = parameters[at + 2]
    return Done()


def _read_gpio(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(not parameters)
    return Done(bytes(chip.pins))


def _write_gpio(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) == len(_PINS))
    for port, value in enumerate(parameters):
        if value & _WRITE_PIN:
            chip.pins[port] = value & _PINS[port]
    return Done()


def _set_serial_baud_rate(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) == 1 and parameters[0] < len(SPEEDS))
    # The answer still goes at the old speed; the host's ACK to it is the moment of change.
    chip.next_speed = SPEEDS[parameters[0]]
    return Done()


def _set_parameters(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) == 1)
    chip.parameters = parameters[0]
    return Done()


def _sam_configuration(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(1 <= len(parameters) <= 3 and parameters[0] in _SAM_MODES)  # noqa: PLR2004 - mode, timeout, IRQ
    chip.is_ready = True
    return Done()


def _power_down(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(1 <= len(parameters) <= 2)  # noqa: PLR2004 - what wakes it, IRQ
    chip.field.switch(on=False)
    chip.is_asleep = True
    return Done(OK)


def _rf_configuration(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(parameters and len(parameters) - 1 == _RF_ITEMS.get(parameters[0]))
    if parameters[0] == _FIELD_ITEM:
        chip.field.switch(on=chip.is_ready and bool(parameters[1] & 0x01))
    elif parameters[0] == _RETRIES_ITEM:
        chip.atr_retries, _, chip.activation_retries = parameters[1:]
    return Done()


def _rf_regulation_test(_: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) == 1)
    return _never()


def _never() -> Search:
    return Search(lambda: None, None, b"")


COMMANDS: Final[dict[int, Callable[[Firmware, bytes], ExchangeEnd]]] = {
    0x00: _diagnose,
    0x02: _get_firmware_version,
    0x04: _get_general_status,
    0x06: _read_register,
    0x08: _write_register,
    0x0C: _read_gpio,
    0x0E: _write_gpio,
    0x10: _set_serial_baud_rate,
    0x12: _set_parameters,
    0x14: _sam_configuration,
    0x16: _power_down,
    0x32: _rf_configuration,
    0x58: _rf_regulation_test,
}
