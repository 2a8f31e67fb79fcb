"""The commands of `zaigang-edge`: the agent of one kiosk, and two ways to see what stands in its way.

`run` works until it is told to end; `check` reads the settings; `doctor` tries what they name. What is wrong with a
setting ends all three with status 78 and one sentence.
"""

import argparse
import logging
import os
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from random import Random, SystemRandom
from typing import Final, TypedDict

from devices.catalogue import open_reader
from devices.console import ConsoleAnnunciator
from devices.ensemble import Ensemble
from devices.signal_catalogue import open_performers
from devices.signals import Annunciator
from edge.agent import Agent
from edge.agent_log import keep_log
from edge.chinese_help import HELP
from edge.config import DEFAULT_FILE, EdgeConfig
from edge.data_dir import check_place, refuse_stranger
from edge.ending import end_by_signals
from edge.errors import DataPlaceError, EdgeError, KeyFileError
from edge.heartbeat import teller
from edge.identities import Identities
from edge.kept_settings import KeptSettings
from edge.own_settings import OwnSettings
from edge.saying import here, in_language
from edge.seams import Seams, machine_seams
from edge.service import work
from edge.site_key import read_password, read_site_key
from edge.stand_in import StandIn
from edge.terminal_log import FORMAT, ChineseLines
from edge.tls import make_context
from station.clock import Clock, read_clock
from station.errors import ConfigError
from station.parser import Parser, as_sentence
from station.saying import is_chinese, say
from station.settings import EXIT_CONFIG

_log = logging.getLogger(__name__)
EXIT_OK: Final = 0
EXIT_TROUBLE: Final = 1
OWN_FILES: Final = 0o077  # whose cards tapped, and when, is for the agent's user alone, whoever made the directory
# The network's thread packs a hundred records in one go; Python's own 5 ms would be heard between a card and its beep.
SWITCH_S: Final = 0.0002


def run(argv: Sequence[str] | None) -> int:
    """Run one command and give its exit status."""
    args = describe().parse_args(argv)
    logging.basicConfig(level=logging.INFO, handlers=[_to_terminal()])
    try:
        config = _read(args.config)
        if args.command != "run":
            refuse_stranger(config.data_dir, args.command)
        clock = read_clock(os.environ)
        commands = {
            "run": _run, "check": _check, "doctor": _doctor, "export": _export, "carry": _carry,
            "commission": _commission,
        }  # fmt: skip
        return commands[args.command](config, clock, args)
    except (ConfigError, KeyFileError, DataPlaceError) as exc:
        sys.stderr.write(_told(exc, args) + "\n")
        return EXIT_CONFIG
    except (EdgeError, OSError) as exc:
        sys.stderr.write(_told(exc, args) + "\n")
        return EXIT_TROUBLE


def _told(exc: Exception, args: argparse.Namespace) -> str:
    """What went wrong, in the language that was asked for, or else the terminal's."""
    said, lang = say("zaigang-edge: {exc}", exc=exc), getattr(args, "lang", None)
    return in_language(said, is_chinese=lang == "zh") if lang else here(said)


def _to_terminal() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter((ChineseLines if is_chinese(os.environ) else logging.Formatter)(FORMAT))
    return handler


def describe() -> Parser:
    """What may be typed."""
    parser = Parser(
        prog="zaigang-edge", description="The agent in one kiosk.", example="zaigang-edge doctor", sentences=HELP
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in (
        ("run", "read cards, answer, record, and send to the hub, until told to end"),
        ("check", "say whether the settings can stand, without starting anything"),
        ("doctor", "try key, disk, readers, broker, hub and clock, and say whether this kiosk can be used"),
        (
            "export",
            "write the records that are not settled into a file, signed, to be carried: zaigang-hub import-journal",
        ),
        (
            "commission",
            "lead whoever stands here through trying the kiosk: lamp, buzzer and this console say what to do",
        ),
        ("carry", "what a stick named ZAIGANG-OUT gets when it is plugged in: export, the record of the commissioning"),
    ):
        more = {"export": " --to /media/stick", "carry": " /media/stick", "commission": " --by 张三"}.get(name, "")
        command = commands.add_parser(
            name, help=summary, description=as_sentence(summary),
            example=f"zaigang-edge {name}{more} --config {DEFAULT_FILE}",
        )  # fmt: skip
        command.add_argument(
            "--config", type=Path, default=DEFAULT_FILE, metavar="FILE", help="settings, TOML (default: %(default)s)"
        )
        if name == "export":
            command.add_argument("--to", type=Path, required=True, metavar="DIR", help="where the file is written")
            command.add_argument(
                "--all", action="store_true", help="also what is settled: for a hub from an old backup"
            )
        if name == "commission":
            command.add_argument("--by", default="", metavar="NAME", help="who puts it up, for the record")
        if name == "carry":
            command.add_argument("folder", type=Path, metavar="DIR", help="of the stick")
        if name == "doctor":
            command.add_argument("--lang", choices=("zh", "en"), help="of what is said; default: the terminal's")
    return parser


def _read(file: Path) -> EdgeConfig:
    """The settings as they are held: the kiosk's own, and what the hub wants of them."""
    own = OwnSettings(file)
    held = KeptSettings(own.alone().data_dir).held()
    return own.alone() if held is None else own.under(held.table())


def _begin_settings(file: Path) -> tuple[EdgeConfig, OwnSettings]:
    """The settings with which an agent begins; those on trial begin with it, once."""
    own = OwnSettings(file)
    kept = KeptSettings(own.alone().data_dir)
    while (wanted := kept.begin()) is not None:
        try:
            return own.under(wanted.table()), own
        except ConfigError as exc:
            _log.warning("settings that the hub wants cannot stand: %s", exc)
            if kept.trial() is None:
                break
    return own.alone(), own


def _secrets(config: EdgeConfig) -> bytes:
    """The site key, once it is seen that password and identity can be read as well."""
    if config.broker.password_file is not None:
        read_password(config.broker.password_file)
    make_context(config.broker, time.time())
    return read_site_key(config.site_key_file)


def _run(config: EdgeConfig, clock: Clock, args: argparse.Namespace) -> int:
    del config
    ending = threading.Event()
    end_by_signals(ending)
    os.umask(OWN_FILES)
    sys.setswitchinterval(SWITCH_S)
    while _work(args.config, clock, ending):
        pass
    return EXIT_OK


def _work(file: Path, clock: Clock, ending: threading.Event) -> bool:
    """Work until the end; True where all is to begin anew, by the settings as they are then."""
    config, own = _begin_settings(file)
    site_key = _secrets(config)
    performers = open_performers(config.signals.lamp, config.signals.sound, config.data_dir)
    annunciator = Ensemble([ConsoleAnnunciator(sys.stdout, is_worded=not is_chinese(os.environ)), *performers])
    around: _Around = {
        "annunciator": annunciator, "rng": SystemRandom(), "version": _version(),
        "seams": replace(machine_seams(clock, has_clock_chip=config.has_clock_chip), check_settings=own.check),
    }  # fmt: skip
    end_log = keep_log(config.data_dir)
    try:
        with closing(annunciator):
            return work(
                lambda: Agent(config, site_key=site_key, **around), lambda why: StandIn(config, why, **around), ending,
                teller(),
            )  # fmt: skip
    finally:
        end_log()


class _Around(TypedDict):
    """What agent and stand-in are given alike."""

    annunciator: Annunciator
    rng: Random
    version: str
    seams: Seams


def _check(config: EdgeConfig, clock: Clock, args: argparse.Namespace) -> int:
    del clock
    _secrets(config)
    check_place(config.data_dir)
    readers = [say("{name} ({url})", name=reader.name, url=reader.url) for reader in config.readers]
    lamp, sound = config.signals.lamp, config.signals.sound
    answers = [
        said for said, url in ((say("lamp {url}", url=lamp), lamp), (say("sound {url}", url=sound), sound)) if url
    ]
    sys.stdout.write(
        here(
            say(
                "{config}: sound. Kiosk {kiosk} of station {station}, {count:reader|readers} {readers}",
                config=args.config,
                kiosk=config.kiosk,
                station=config.station,
                count=len(readers),
                readers=[*readers, *answers],
            )
        )
        + "\n"
    )
    return EXIT_OK


def _doctor(config: EdgeConfig, clock: Clock, args: argparse.Namespace) -> int:
    from edge import doctor, verdict  # noqa: PLC0415 -- only this command pays for it

    chinese = args.lang == "zh" if args.lang else is_chinese(os.environ)
    findings = []
    settings = doctor.DoctorLine("settings", is_well=True, text=str(args.config))
    seams = machine_seams(clock, has_clock_chip=config.has_clock_chip)
    for finding in chain([settings], doctor.examine(_as_it_comes(config), seams, open_reader)):
        sys.stdout.write(f"{verdict.line_of(finding, chinese=chinese)}\n")
        sys.stdout.flush()
        findings.append(finding)
    sys.stdout.write(f"{verdict.verdict(findings, chinese=chinese)}\n")
    return EXIT_TROUBLE if any(finding.is_well is False for finding in findings) else EXIT_OK


def _export(config: EdgeConfig, clock: Clock, args: argparse.Namespace) -> int:
    from edge.exporting import export  # noqa: PLC0415 -- only this command pays for it

    del clock
    made = export(_as_it_comes(config), args.to, everything=args.all)
    sys.stdout.write(
        here(
            say(
                "{path}: {records} {records:record|records}; carry it to the hub: zaigang-hub import-journal",
                path=made.path,
                records=made.records,
            )
        )
        + "\n"
    )
    return EXIT_OK


def _commission(config: EdgeConfig, clock: Clock, args: argparse.Namespace) -> int:
    from edge.commission_console import follow  # noqa: PLC0415 -- only this command pays for it
    from edge.commission_steps import DONE  # noqa: PLC0415

    del clock
    line = ""
    for line in follow(config.data_dir, args.by):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return EXIT_OK if line == DONE.first else EXIT_TROUBLE


def _carry(config: EdgeConfig, clock: Clock, args: argparse.Namespace) -> int:
    from edge.carrying import carry  # noqa: PLC0415 -- only this command pays for it

    del clock
    for made in carry(config, args.folder):
        sys.stdout.write(f"{made}\n")
    return EXIT_OK


def _version() -> str:
    return version("zaigang")


def _as_it_comes(config: EdgeConfig) -> EdgeConfig:
    """The settings with the identity by which the agent comes to its broker: it may have been renewed."""
    return replace(config, broker=Identities(config.broker, config.kiosk, config.data_dir).best())
