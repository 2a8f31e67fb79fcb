"""`zaigang-sim reader`: one emulated reader, played by lines on standard input.

The first line printed is the device's path, and so is the line after the reader was plugged in again. A line that
cannot be obeyed is answered on standard error and passed over.
"""

import argparse
import sys
from collections.abc import Iterable
from contextlib import closing
from random import Random
from typing import Final

from devices.errors import ReaderUnusableError
from devices.spelling import read_spelling
from edge.saying import of_device
from simulator.played_readers import CardError, PlayedEm4100, PlayedPn532, PlayedReader, PlayedWedge
from simulator.saying import here
from station.saying import say

EXAMPLE: Final = """\
orders, one a line, on standard input:
  put ntag213 NUMBER   hold a card with 7 bytes of number, in hex, to the reader
  put classic NUMBER   hold a MIFARE Classic with 4 or 7 bytes of number to it; with 6 bytes of KEY behind the
                       number it opens to that key, else to none
  put em4100 NUMBER    hold a 125 kHz card with 5 bytes of number to it (em4100, wedge)
  put phone            hold a phone to it: another random number each time it is read (pn532)
  add CARD             hold another card beside what lies there, as for put: add classic A1B2C3D4 (pn532)
  take                 take all cards away
  unplug               pull the reader out
  power                plug it in again; plugged in, cut its power for a moment
  quit                 end, as does the end of the input

example:
  zaigang-sim reader --kind wedge --spelling 'digits=dec10&order=reversed'
  printf 'put ntag213 04A1B2C3D4E580\\ntake\\n' | zaigang-sim reader
"""

PN532: Final = "pn532"
EM4100: Final = "em4100"
WEDGE: Final = "wedge"


class OrderError(ValueError):
    """A line that cannot be obeyed; the message says what is wanted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.description = (
        "One emulated reader, on a pseudo-terminal; a wedge as a keyboard of the kernel's, or where that cannot be, a "
        "pipe. Prints the device's path, then obeys its input."
    )
    parser.add_argument("--kind", choices=(PN532, EM4100, WEDGE), default=PN532, help="default: %(default)s")
    parser.add_argument(
        "--spelling", default="digits=hex10", metavar="QUERY",
        help="how a wedge types numbers, as in its reader's URL (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="of the phones' random numbers (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Play the reader until `quit`, the end of the input, or Ctrl-C."""
    try:
        reader = _make(args)
    except ReaderUnusableError as exc:
        print(here(say("zaigang-sim: {why}", why=of_device(exc))), file=sys.stderr)
        return 2
    with closing(reader.port):
        print(reader.port.path, flush=True)
        try:
            obey_all(sys.stdin, reader)
        except KeyboardInterrupt:
            return 0
    return 0


def _make(args: argparse.Namespace) -> PlayedReader:
    if args.kind == EM4100:
        return PlayedEm4100()
    if args.kind == WEDGE:
        return PlayedWedge(read_spelling(args.spelling))
    return PlayedPn532(Random(args.seed))


def obey_all(lines: Iterable[str], reader: PlayedReader) -> None:
    """Obey line after line up to `quit`."""
    for line in lines:
        words = line.split()
        if words == ["quit"]:
            return
        try:
            obey(words, reader)
        except (OrderError, CardError) as exc:
            print(here(say("not obeyed: {exc}", exc=exc)), file=sys.stderr, flush=True)


def obey(words: list[str], reader: PlayedReader) -> None:
    """Obey one order.

    Raises:
        OrderError: it is none.
        CardError: its card cannot be.
    """
    match words:
        case []:
            return
        case ["put", *card]:
            reader.put(card)
        case ["add", *card] if isinstance(reader, PlayedPn532):
            reader.add(card)
        case ["take"]:
            reader.take()
        case ["unplug"]:
            reader.port.unplug()
        case ["power"] if reader.port.is_plugged:
            reader.power()
        case ["power"]:
            reader.port.plug()
            print(reader.port.path, flush=True)
        case [order, *_]:
            raise OrderError(
                say(
                    "{order!r} with {more} more; wanted: put CARD, add CARD, take, unplug, power or quit",
                    order=order,
                    more=len(words) - 1,
                )
            )
