"""`zaigang-sim reader`: one emulated PN532 on a pseudo-terminal, played by lines on standard input.

The first line printed is the terminal's path, and so is the line after the reader was plugged in again. A line that
cannot be obeyed is answered on standard error and passed over.
"""

from __future__ import annotations

import argparse
import re
import sys
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING, Final

from simulator.chip.cards import AirCard, MifareClassic, Ntag213, Phone
from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ORDERS: Final = """\
orders, one a line, on standard input:
  put ntag213 NUMBER   hold a card with 7 bytes of number, in hex, to the reader
  put classic NUMBER   hold a MIFARE Classic with 4 or 7 bytes of number to it
  put phone            hold a phone to it: another random number each time it is read
  take                 take the card away
  unplug               pull the reader out
  power                plug it in again; plugged in, cut its power for a moment
  quit                 end, as does the end of the input

example:
  printf 'put ntag213 04A1B2C3D4E580\\ntake\\n' | zaigang-sim reader
"""

_NUMBERED: Final[dict[str, Callable[[bytes], AirCard]]] = {"ntag213": Ntag213, "classic": MifareClassic}


class OrderError(ValueError):
    """A line that cannot be obeyed; the message says what is wanted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command; it has one option."""
    parser.description = "One emulated PN532 on a pseudo-terminal. Prints the terminal's path, then obeys its input."
    parser.epilog = ORDERS
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seed", type=int, default=0, help="of the phones' random numbers (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Play the reader until `quit`, the end of the input, or Ctrl-C."""
    chip = Pn532Chip()
    with closing(PtyPort(chip)) as port:
        print(port.path, flush=True)
        try:
            obey_all(sys.stdin, chip, port, Random(args.seed))
        except KeyboardInterrupt:
            return 0
    return 0


def obey_all(lines: Iterable[str], chip: Pn532Chip, port: PtyPort, rng: Random) -> None:
    """Obey line after line up to `quit`."""
    for line in lines:
        words = line.split()
        if words == ["quit"]:
            return
        try:
            obey(words, chip, port, rng)
        except OrderError as exc:
            print(f"not obeyed: {exc}", file=sys.stderr, flush=True)


def obey(words: list[str], chip: Pn532Chip, port: PtyPort, rng: Random) -> None:
    """Obey one order.

    Raises:
        OrderError: it is none, or its card cannot be.
    """
    match words:
        case []:
            return
        case ["put", *card]:
            chip.put(_card(card, rng))
        case ["take"]:
            chip.take()
        case ["unplug"]:
            port.unplug()
        case ["power"] if port.is_plugged:
            chip.power()
        case ["power"]:
            port.plug()
            print(port.path, flush=True)
        case [order, *_]:
            raise OrderError(f"{order!r} with {len(words) - 1} more; wanted: put CARD, take, unplug, power or quit")


def _card(words: list[str], rng: Random) -> AirCard:
    match words:
        case ["phone"]:
            return Phone(rng)
        case [kind, number] if kind in _NUMBERED:
            if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", number):
                raise OrderError("a card's number is written in hex, two digits a byte")
            try:
                return _NUMBERED[kind](bytes.fromhex(number))
            except ValueError as exc:
                raise OrderError(str(exc)) from exc
    raise OrderError("no such card; wanted: put ntag213 NUMBER, put classic NUMBER or put phone")
