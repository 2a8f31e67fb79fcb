"""`zaigang-hub kiosk identify|restart|collect|renew|config|commands`: what is asked of a kiosk over the wire."""

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hub.asking.asked import AskedCommand, CommandOutcome, ask, read_asked, read_commands
from hub.asking.configuring import read_file, read_wanted, want, with_set
from hub.asking.kinds import COLLECT, IDENTIFY, RESTART, CommandKind
from hub.asking.renewing import RENEW
from hub.changing.system_user import system_user
from hub.config import add_config
from hub.database.transactions import changing, reading, snapshot
from hub.errors import HubError
from hub.fleet.kiosk_words import in_chinese
from hub.register.directory import KnownKiosk
from hub.register.reading import read_directory
from hub.saying import as_said, is_chinese, printable, say
from hub.verbs.finding import read_text
from hub.verbs.office import Office, in_words, opened
from station.names import KioskId

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
        action.add_argument("kiosk", metavar="ID", help="the kiosk's id")
        if name == "collect":
            action.add_argument("--out", type=Path, metavar="FILE", help="where it is written; default the terminal")
        add_config(action)
    _add_settings(actions)


def _add_settings(actions: Any) -> None:
    config = actions.add_parser(
        "config",
        help="what is wanted of its settings; with --set or --file, otherwise from now on, tried by it on probation",
        example="zaigang-hub kiosk config H-01-a --set limits.guard_s=8",
    )
    config.add_argument("kiosk", metavar="ID", help="the kiosk's id")
    config.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="one more, or anew; without a value, no more"
    )
    config.add_argument("--file", type=Path, metavar="FILE", help="all that is wanted, TOML, as edge.toml has it")
    config.add_argument("--again", action="store_true", help="let it try the same once more")
    add_config(config)


def _config(args: argparse.Namespace) -> int:
    with opened(args.config) as office:
        known = _known(office, args.kiosk)
        with reading(office.engine) as connection:
            wanted = read_wanted(connection, known.id)
        if not (args.set or args.file or args.again):
            spelled = json.dumps(wanted.table, indent=1, ensure_ascii=False)
            sys.stdout.write(f"{in_words('想要的版本', 'wanted version')} {wanted.version}\n{spelled}\n")
            return 0
        of_file = None if args.file is None else read_file(read_text(args.file))
        with changing(office.engine) as connection:
            before = read_wanted(connection, known.id).table if of_file is None else of_file
            wanted, id_ = want(connection, known.id, with_set(before, args.set), by=system_user(), now=office.now)
        asked = _wait(office, id_)
    sys.stderr.write(f"{args.kiosk}: {outcome_told(asked)}\n")
    return 1 if asked.outcome is CommandOutcome.REFUSED else 0


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    own = {"commands": _history, "config": _config}
    return own.get(args.action, _ask)(args)


def _ask(args: argparse.Namespace) -> int:
    with opened(args.config) as office:
        asked = ask_and_wait(office, args.kiosk, ASKED[args.action])
    if "log" in asked.found:
        _give_log(asked.found["log"], args.out)
    sys.stderr.write(f"{args.kiosk}: {outcome_told(asked)}\n")
    return 0 if asked.outcome in {CommandOutcome.DONE, CommandOutcome.BEGUN} else 1


def _give_log(log: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write("".join(f"{printable(line)}\n" for line in log.splitlines()))
    else:
        out.write_text(log, encoding="utf-8")


def ask_and_wait(office: Office, kiosk: str, kind: CommandKind, args: Mapping[str, str] | None = None) -> AskedCommand:
    """Ask it of a kiosk, and wait a while for the end of it.

    Raises:
        AskError: there is no such kiosk, or it is revoked.
    """
    known = _known(office, kiosk)
    with changing(office.engine) as connection:
        id_ = ask(connection, known.id, kind, by=system_user(), now=office.now, args=args)
    return _wait(office, id_)


def _known(office: Office, kiosk: str) -> KnownKiosk:
    with snapshot(office.engine) as connection:
        known = read_directory(connection, office.zone).kiosks.get(KioskId(kiosk))
    if known is None or known.is_revoked:
        raise AskError(
            say(
                "{kiosk} is {what}; zaigang-hub kiosk list shows them",
                kiosk=kiosk,
                what=as_said("revoked" if known else "no kiosk"),
            )
        )
    return known


def _wait(office: Office, id_: str) -> AskedCommand:
    until_s = time.monotonic() + WAIT_S
    while True:
        with reading(office.engine) as connection:
            asked = read_asked(connection, id_)
        assert asked is not None
        if asked.has_ended or time.monotonic() > until_s:
            return asked
        time.sleep(LOOK_EVERY_S)


def outcome_told(asked: AskedCommand) -> str:
    """What came of it, in the terminal's language."""
    chinese, english = _WORDS[asked.outcome]
    if is_chinese(os.environ):
        return f"{asked.name}：{chinese}" + (f"（{printable(in_chinese(asked.said))}）" if asked.said else "")
    return f"{asked.name}: {english}" + (f" ({printable(asked.said)})" if asked.said else "")


def _history(args: argparse.Namespace) -> int:
    with opened(args.config) as office, reading(office.engine) as connection:
        history = read_commands(connection, KioskId(args.kiosk))
        if not history:
            _known(office, args.kiosk)
            sys.stderr.write(in_words("没有给这台终端发过命令", "nothing was asked of this kiosk") + "\n")
        for asked in reversed(history):
            at = f"{asked.asked_at.astimezone(office.zone):%Y-%m-%d %H:%M:%S}"
            sys.stdout.write(f"{at}  {asked.by}  {outcome_told(asked)}\n")
    return 0
