"""`zaigang-hub kiosk retire|keep`."""

import argparse
from typing import Final

from hub.changing import commands as asked
from hub.verbs.finding import day
from hub.verbs.office import add_actions, add_common, give

SUMMARY: Final = "take a kiosk out of service, or take that back"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser, SUMMARY)
    retire = actions.add_parser("retire", help="nobody waits to hear of it from a day on; its records stay")
    retire.add_argument("kiosk", metavar="ID", help="终端编号")
    retire.add_argument("--on", type=day, metavar="DAY", help="the first day without it; default today")
    add_common(retire, "kiosk retire H-01-a --on 2026-04-01")
    keep = actions.add_parser("keep", help="it stays in service after all")
    keep.add_argument("kiosk", metavar="ID", help="终端编号")
    add_common(keep, "kiosk keep H-01-a")


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    command = asked.KeepKiosk(args.kiosk) if args.action == "keep" else asked.RetireKiosk(args.kiosk, args.on)
    return give(args, lambda _office, _connection: [command])
