"""`zaigang-hub kiosk identify|commands`: ask something of a kiosk over the wire, and see what came of it."""

import argparse
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hub.changing.system_user import system_user
from hub.database.transactions import reading, snapshot, writing
from hub.errors import HubError
from hub.fleet.asking import AskedCommand, CommandOutcome, ask, read_asked, read_history
from hub.fleet.kinds import COLLECT, IDENTIFY, RESTART, CommandKind
from hub.fleet.renewing import RENEW
from hub.register.reading import read_directory
from hub.saying import is_chinese, printable
from hub.verbs.office import Office, guarded, opened
from station.names import KioskId
from station.parser import Parser

WAIT_S: Final = 20.0
LOOK_EVERY_S: Final = 0.2
_WORDS: Final = {
    CommandOutcome.NONE: ("还没有回答", "no answer yet"),
    CommandOutcome.BEGUN: ("进行中", "under way"),
    CommandOutcome.DONE: ("完成", "done"),
    CommandOutcome.REFUSED: ("没有做", "not done"),
}
ASKED: Final[Mapping[str, CommandKind]] = {kind.name: kind for kind in (IDENTIFY, RESTART, COLLECT, RENEW)}


class AskError(HubError):
    """It cannot be asked of that kiosk; the text says why."""


def add_arguments(actions: Any) -> None:
    """Say what these take."""
    for name, summary in (
        ("identify", "let it flash and beep for ten seconds, to find it among others"),
        ("restart", "let its agent begin anew, with readers, link and settings"),
        ("collect", "fetch its agent's log, which has no personal data in it"),
        ("renew", "give it another certificate; it is asked by itself when a third of the life is left"),
        ("commands", "what was asked of it over the wire, and what came of it"),
    ):
        action = actions.add_parser(name, help=summary, example=f"zaigang-hub kiosk {name} H-01-a")
        action.add_argument("kiosk", metavar="ID", help="终端编号")
        if name == "collect":
            action.add_argument("--out", type=Path, metavar="FILE", help="where it is written; default the terminal")
        add_config(action)


def add_config(parser: Parser) -> None:
    """Say what a verb takes that changes nothing of the city."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="the hub's settings, TOML")


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    return guarded(lambda: _history(args) if args.action == "commands" else _ask(args))


def _ask(args: argparse.Namespace) -> int:
    with opened(args.config) as office:
        asked = ask_and_wait(office, args.kiosk, ASKED[args.action])
    if "log" in asked.found:
        _give_log(asked.found["log"], args.out)
    sys.stderr.write(f"{args.kiosk}: {told(asked)}\n")
    return 0 if asked.outcome in {CommandOutcome.DONE, CommandOutcome.BEGUN} else 1


def _give_log(log: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write("".join(f"{printable(line)}\n" for line in log.splitlines()))
    else:
        out.write_text(log, encoding="utf-8")


def ask_and_wait(
    office: Office, kiosk: str, kind: CommandKind, args: Mapping[str, str] | None = None, wait_s: float = WAIT_S
) -> AskedCommand:
    """Ask it of a kiosk, and wait a while for the end of it.

    Raises:
        AskError: there is no such kiosk, or it is revoked.
    """
    with snapshot(office.engine) as connection:
        known = read_directory(connection, office.zone).kiosks.get(KioskId(kiosk))
    if known is None or known.is_revoked:
        raise AskError(f"{kiosk} is {'revoked' if known else 'no kiosk'}; zaigang-hub kiosk list shows them")
    with writing(office.engine) as connection:
        id_ = ask(connection, known.id, kind, by=system_user(), now=office.now, args=args)
    until_s = time.monotonic() + wait_s
    while True:
        with reading(office.engine) as connection:
            asked = read_asked(connection, id_)
        assert asked is not None
        if asked.has_ended or time.monotonic() > until_s:
            return asked
        time.sleep(LOOK_EVERY_S)


def told(asked: AskedCommand) -> str:
    """What came of it, in the terminal's language."""
    chinese, english = _WORDS[asked.outcome]
    return f"{asked.name}: {chinese if is_chinese(os.environ) else english}" + (
        f" ({printable(asked.said)})" if asked.said else ""
    )


def _history(args: argparse.Namespace) -> int:
    with opened(args.config) as office, reading(office.engine) as connection:
        for asked in reversed(read_history(connection, KioskId(args.kiosk))):
            at = f"{asked.asked_at.astimezone(office.zone):%Y-%m-%d %H:%M:%S}"
            sys.stdout.write(f"{at}  {asked.by}  {told(asked)}\n")
    return 0
