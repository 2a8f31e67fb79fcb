"""`zaigang-hub update offer|status|now|halt|go|copy|rotate-keys`: which version kiosks run, and how far they are."""

import argparse
import sys
from pathlib import Path
from typing import Final

from hub.asking.asked import ask, is_waiting, withdraw
from hub.asking.kinds import UPDATE
from hub.changing.system_user import system_user
from hub.config import DATABASE_FILE, add_config
from hub.data_dir import refuse_root
from hub.database.transactions import changing, snapshot
from hub.register.reading import read_directory
from hub.saying import as_said, here, say
from hub.updates.giving import rollout_told, set_halt
from hub.updates.on_their_way import on_their_way
from hub.updates.quiet_hour import USUAL
from hub.updates.shelf import OfferError, UpdateShelf
from hub.verbs.office import Office, add_actions, opened
from station.names import KioskId
from station.parser import Parser

EXAMPLE: Final = """\
Kiosks take it while their stations are at rest, a first tenth before the rest, one of a station at a time, and go back
by themselves where it does not prove itself.

example:
  zaigang-hub update offer zaigang-kiosk-1.2.0.tar
  zaigang-hub update status
  zaigang-hub update copy --out /media/stick
"""
_STATUS: Final = (
    "version {version}: {done} {done:has|have} it, {under_way} {under_way:is|are} at it, {waits} {waits:waits|wait}, "
    "{failed} went back, {silent} fell silent"
)


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    for name, summary, example in (
        ("offer", "offer a version to all kiosks from now on", "offer zaigang-kiosk-1.2.0.tar"),
        ("status", "how far the kiosks are with it", "status"),
        ("now", "let one kiosk take it now, though its station may be open", "now H-01-a"),
        ("halt", "let no further kiosk take it", 'halt --why "a report from H-01"'),
        ("go", "go on after a halt", "go"),
        ("copy", "write what is offered onto a stick, for kiosks without a line", "copy --out /media/stick"),
        ("rotate-keys", "take new keys for what is offered; kiosks follow", "rotate-keys"),
    ):
        action = actions.add_parser(name, help=summary, example=f"zaigang-hub update {example}")
        if name == "offer":
            action.add_argument("bundle", type=Path, metavar="BUNDLE", help="zaigang-kiosk-VERSION.tar")
        if name == "now":
            action.add_argument("kiosk", metavar="ID", help="the kiosk's id")
        if name == "halt":
            action.add_argument(
                "--why", default="halted by hand", metavar="TEXT", help="the reason, for `update status`"
            )
        if name == "copy":
            action.add_argument("--out", type=Path, required=True, metavar="DIR", help="of the stick")
        add_config(action)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    with opened(args.config) as office:
        data_dir = office.config.data_dir
        refuse_root(data_dir, beside=DATABASE_FILE)
        shelf = UpdateShelf(data_dir)
        match args.action:
            case "offer":
                shelf.offer(args.bundle, office.now)
                set_halt(data_dir, "")
                _withdraw(office)
            case "now":
                _ask_now(office, shelf.offered, KioskId(args.kiosk))
            case "halt" | "go":
                shelf.want_offer()
                set_halt(data_dir, args.why if args.action == "halt" else "")
                if args.action == "halt":
                    _withdraw(office)
            case "rotate-keys":
                shelf.rotate(office.now)
            case "copy":
                sys.stdout.write(f"{shelf.copy_to(args.out)}\n")
                return 0
        sys.stdout.write(_status(office, shelf))
    return 0


def _withdraw(office: Office) -> None:
    """Who was asked and is away must not come upon it hours after it was halted, or when another is offered."""
    with changing(office.engine) as connection:
        withdraw(connection, UPDATE, office.now)


def _ask_now(office: Office, version: str, kiosk: KioskId) -> None:
    """For one that is switched off with the lights: somebody there can wait for some minutes."""
    with changing(office.engine) as connection:
        known = read_directory(connection, office.zone).kiosks.get(kiosk)
        if not version or known is None or known.is_revoked:
            raise OfferError(
                say("nothing is offered, or no kiosk has the id {kiosk}; see: zaigang-hub kiosk list", kiosk=kiosk)
            )
        if not is_waiting(connection, kiosk, UPDATE, office.now):
            ask(connection, kiosk, UPDATE, by=system_user(), now=office.now, args={"version": version, "open": "yes"})


def _status(office: Office, shelf: UpdateShelf) -> str:
    if not shelf.offered:
        return here("nothing is offered") + "\n"
    with snapshot(office.engine) as connection:
        directory = read_directory(connection, office.zone)
        kiosks = on_their_way(connection, directory, shelf.offered, office.now, lambda _: USUAL)
    said = rollout_told(kiosks, shelf.offered, office.config.data_dir)
    line = here(say(_STATUS, **{name.replace(" ", "_"): fact for name, fact in said.items()}))
    if said["stuck"]:
        line += here(say("; {ids} cannot fetch it, see: zaigang-hub kiosk commands ID", ids=", ".join(said["stuck"])))
    if said["stopped"]:
        line += here(say("; stopped: {why}", why=as_said(said["stopped"])))
    return f"{line}\n"
