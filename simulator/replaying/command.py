"""`zaigang-sim replay`: a day as records, through the hub's core; what follows is printed as JSON."""

import json
import logging
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from simulator.arguments import count
from simulator.quiet import quiet
from simulator.replaying.case import read_case
from simulator.replaying.playing import Mixed, play
from simulator.replaying.shape import CaseError
from simulator.saying import here
from station.saying import say

BAD_FILE = 78  # EX_CONFIG of sysexits.h
EXAMPLE = "zaigang-sim replay case.json --restart-every 10"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("case", type=Path, metavar="CASE.json", help="the case; `zaigang-hub export-day` writes one")
    parser.add_argument("--restart-every", type=count, default=0, metavar="N", help="a restart after each N records")
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="another order of receipt")
    parser.add_argument("--double", action="store_true", help="each record comes twice")


def run(args: Namespace) -> int:
    """Play it, and print the answer."""
    try:
        with quiet(logging.WARNING):  # a clock that is set back is no news here
            case = read_case(args.case)
            found = play(case, Mixed(args.restart_every, args.shuffle, args.double))
    except CaseError as exc:
        sys.stderr.write(here(say("{place}: {why}", place=args.case, why=exc)) + "\n")
        return BAD_FILE
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return 0
