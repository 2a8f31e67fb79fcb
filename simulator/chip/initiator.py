"""The chip's commands as an initiator (UM0701-02, 7.3): cards of type A at 106 kbit/s; nothing else ever answers."""

from collections.abc import Callable
from typing import Final

from simulator.chip.air import REQA, SHORT_NAK, SPEAKS_14443_4, AirCard, AirFrame, checks, with_checksum
from simulator.chip.field import CollisionError
from simulator.chip.firmware import (
    AIR_S,
    AUTOMATIC_RATS,
    BIT_FRAMING,
    CHECKSUM_ON,
    CHECKSUM_WRONG,
    COLLIDED,
    CONTROL,
    FIFO,
    FOR_EVER,
    FORMAT_WRONG,
    LAST_BITS,
    NOT_LET_IN,
    OK,
    PARAMETER_WRONG,
    RX_MODE,
    TIMED_OUT,
    TRY_S,
    TX_MODE,
    WRONG_CONTEXT,
    Done,
    ExchangeEnd,
    Firmware,
    Search,
    require,
    tries,
)

_MOST_TARGETS: Final = 2
_TYPE_A, _JEWEL = 0, 4
# By BrTy, how much of InitiatorData there must be: none or a number; a FeliCa payload twice; an AFI; none.
_INITIATOR_DATA: Final = {0: range(13), 1: range(5, 256), 2: range(5, 256), 3: range(1, 3), 4: range(1)}
_POLLED_PERIOD_S: Final = 0.15
# Types of cards as InAutoPoll has them, 7.3.13.
_POLLABLE: Final = frozenset(bytes.fromhex("00 01 02 03 04 10 11 12 20 23 40 41 42 80 81 82"))
_POLL_ANY_A, _POLL_MIFARE, _POLL_14443_4A = 0x00, 0x10, 0x20
_AUTHENTICATE_A, _AUTHENTICATE_B = 0x60, 0x61
_KEY_AT: Final = slice(2, 8)
_AUTHENTICATION: Final = 12  # command, block, key, the number's four last bytes
_TARGET: Final = 0x0F  # of Tg; above it lies "more to come"


def _list_passive_target(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) >= 2 and 1 <= parameters[0] <= _MOST_TARGETS)  # noqa: PLR2004 - how many, and of what
    most, kind, wanted = parameters[0], parameters[1], parameters[2:]
    require(len(wanted) in _INITIATOR_DATA.get(kind, ()) and not (kind == _JEWEL and most > 1))

    def find() -> bytes | None:
        found = _find(chip, most, lambda card: kind == _TYPE_A and card.cascaded.startswith(wanted))
        return bytes([len(found)]) + b"".join(found) if found else None

    return Search(find, tries(chip.activation_retries), b"\x00")


def _find(chip: Firmware, most: int, is_wanted: Callable[[AirCard], bool]) -> list[bytes]:
    """Look once, and tell of each card found as TargetData (7.3.5)."""
    chip.field.switch(on=chip.is_ready)
    chip.registers |= {TX_MODE: CHECKSUM_ON, RX_MODE: CHECKSUM_ON, FIFO: REQA[0]}
    answered = chip.field.search(most, is_wanted)
    if answered is not None:
        chip.registers[FIFO] = answered.atqa[1]
    return [_told(chip, number, card) for number, card in enumerate(chip.field.listed, 1)]


def _told(chip: Firmware, number: int, card: AirCard) -> bytes:
    told = bytes([number]) + card.atqa + bytes([card.sak, len(card.number)]) + card.number
    return told + card.ats if chip.parameters & AUTOMATIC_RATS else told


def _auto_poll(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) >= 3 and parameters[0] and 1 <= parameters[1] <= 15)  # noqa: PLR2004 - how often, period, types
    times, period, kinds = parameters[0], parameters[1], parameters[2:]
    require(len(kinds) <= 15 and _POLLABLE.issuperset(kinds))  # noqa: PLR2004 - as many as there are places

    def find() -> bytes | None:
        found = _find(chip, _MOST_TARGETS, lambda card: bool({_POLL_ANY_A, _kind(card)}.intersection(kinds)))
        told = [bytes([_kind(card), len(each)]) + each for card, each in zip(chip.field.listed, found, strict=True)]
        return bytes([len(told)]) + b"".join(told) if told else None

    whole = round(times * period * len(kinds) * _POLLED_PERIOD_S / TRY_S)
    return Search(find, None if times == FOR_EVER else whole, b"\x00")


def _kind(card: AirCard) -> int:
    return _POLL_14443_4A if card.sak & SPEAKS_14443_4 else _POLL_MIFARE


def _exchange_data(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(parameters)
    card, command = chip.field.target(parameters[0] & _TARGET), parameters[1:]
    if card is None:
        return Done(WRONG_CONTEXT)
    if not chip.field.reaches(card):
        return Done(TIMED_OUT, AIR_S)
    if command[:1] in (bytes([_AUTHENTICATE_A]), bytes([_AUTHENTICATE_B])) and len(command) > 1:
        return _authenticate(card, command)
    is_apdu = card.ats and chip.parameters & AUTOMATIC_RATS
    return Done(_status_of(card.transact(command) if is_apdu else card.exchange(command)), AIR_S)


def _status_of(said: bytes | None) -> bytes:
    """What the host is told: of four bits, yes or no, only the status."""
    if said is None:
        return TIMED_OUT
    if len(said) > 1:
        return OK + said
    return FORMAT_WRONG if said == SHORT_NAK else OK


def _authenticate(card: AirCard, command: bytes) -> ExchangeEnd:
    if len(command) != _AUTHENTICATION:
        return Done(PARAMETER_WRONG)
    is_in = command[8:] == card.number[-4:] and card.authenticate(
        command[1], command[_KEY_AT], is_a=command[0] == _AUTHENTICATE_A
    )
    if not is_in:
        card.rest()
    return Done(OK if is_in else NOT_LET_IN, AIR_S)


def _communicate_through(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    bits = chip.registers.get(BIT_FRAMING, 0) & LAST_BITS
    content = with_checksum(parameters) if chip.registers[TX_MODE] & CHECKSUM_ON and not bits else parameters
    try:
        said = chip.field.send(AirFrame(content, bits)) if parameters else None
    except CollisionError:
        return Done(COLLIDED, AIR_S)
    if said is None:
        return Done(TIMED_OUT, AIR_S)
    chip.registers[CONTROL] = said.last_bits
    if not chip.registers[RX_MODE] & CHECKSUM_ON:
        return Done(OK + said.content, AIR_S)
    is_whole = not said.last_bits and checks(said.content)
    return Done(OK + said.content[:-2] if is_whole else CHECKSUM_WRONG, AIR_S)


def _select(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) == 1)
    return Done(WRONG_CONTEXT if chip.field.target(parameters[0]) is None else OK)


def _deselect(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) == 1)
    chip.field.halt(parameters[0])
    return Done(OK)


def _release(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) == 1)
    chip.field.halt(parameters[0])
    if parameters[0] == 0 or parameters[0] == len(chip.field.listed) == 1:
        chip.field.forget()
    return Done(OK)


def _ask_for_attributes(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) >= 2 and len(parameters) >= 2 + 10 * (parameters[1] & 1))  # noqa: PLR2004 - Tg, Next, NFCID3i
    return Done(WRONG_CONTEXT) if chip.field.target(parameters[0]) is None else Done(TIMED_OUT, AIR_S)


def _select_speed(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) == 3)  # noqa: PLR2004 - Tg and a speed each way
    card = chip.field.target(parameters[0])
    if card is None or not card.ats:
        return Done(WRONG_CONTEXT)
    return Done(PARAMETER_WRONG if max(parameters[1:]) > 2 else OK, AIR_S)  # noqa: PLR2004 - 424 kbit/s


def _jump_for_dep(chip: Firmware, parameters: bytes) -> ExchangeEnd:
    require(len(parameters) >= 3 and parameters[0] <= 1 and parameters[1] <= 2 and parameters[2] <= 7)  # noqa: PLR2004
    is_active, speed, following = parameters[:3]
    passive = 0 if is_active or not following & 1 else (4 if speed == 0 else 5)
    require(len(parameters) - 3 >= passive + (10 if following & 2 else 0))
    return Search(lambda: None, tries(chip.atr_retries), TIMED_OUT)


COMMANDS: Final[dict[int, Callable[[Firmware, bytes], ExchangeEnd]]] = {
    0x40: _exchange_data,
    0x42: _communicate_through,
    0x44: _deselect,
    0x46: _jump_for_dep,  # InJumpForPSL
    0x4A: _list_passive_target,
    0x4E: _select_speed,
    0x50: _ask_for_attributes,
    0x52: _release,
    0x54: _select,
    0x56: _jump_for_dep,
    0x60: _auto_poll,
}
