"""`zaigang-hub kiosk claim`: a code by which a kiosk sets itself up over the line, instead of a stick."""

import argparse
import os
import sys
from typing import Any, Final

from hub.changing.system_user import system_user
from hub.config import DATABASE_FILE, add_config
from hub.data_dir import refuse_root
from hub.database.transactions import changing, snapshot
from hub.fleet.claim_codes import ClaimBook
from hub.fleet.preparing import PrepareError
from hub.fleet.revoking import enforce
from hub.fleet.wiring import READER
from hub.register.reading import read_directory
from hub.saying import is_chinese, say
from hub.verbs.office import opened
from station.clock import read_clock
from station.names import KioskId

EXAMPLE: Final = "zaigang-hub kiosk claim H-01-a"


def add_arguments(actions: Any) -> None:
    """Say what the command takes."""
    claiming = actions.add_parser(
        "claim", help="make a code, good once for 7 days, by which a kiosk sets itself up online", example=EXAMPLE
    )
    claiming.add_argument("kiosk", metavar="ID", help="the kiosk's id")
    claiming.add_argument(
        "--hub", default="", metavar="HOST", help="how kiosks reach the hub; default the first name of its certificate"
    )
    claiming.add_argument("--reader", default=READER, metavar="URL", help="the card reader, see docs/readers.md")
    claiming.add_argument("--again", action="store_true", help="make the identity void that it was given before")
    add_config(claiming)


def run(args: argparse.Namespace) -> int:
    """Make it, and say it once."""
    with opened(args.config) as office:
        refuse_root(office.config.data_dir, beside=DATABASE_FILE)
        with snapshot(office.engine) as connection:
            kiosks = read_directory(connection, office.zone).kiosks
        known = kiosks.get(KioskId(args.kiosk))
        if known is None:
            raise PrepareError(
                say("no kiosk has the id {kiosk}; first enter it: zaigang-hub import 终端.csv", kiosk=args.kiosk)
            )
        book = ClaimBook(office.config, read_clock(os.environ))
        said = {"by": system_user(), "host": args.hub, "reader": args.reader, "again": args.again}
        with changing(office.engine) as connection:
            made = book.make(connection, known, **said)
        if args.again:
            enforce(office.config, kiosks, {}, office.now)
    until = f"{made.until.astimezone(office.zone):%Y-%m-%d %H:%M}"
    if is_chinese(os.environ):
        lines = [f"{made.kiosk} 的认领码：{made.code}，只能用一次，{until} 前有效", "在终端上，解开安装包的文件夹里："]
    else:
        lines = [
            f"code for {made.kiosk}: {made.code}, good once, until {until}",
            "at the kiosk, in the bundle's folder:",
        ]
    sys.stdout.write("\n".join([*lines, f"  {made.command}"]) + "\n")
    return 0
