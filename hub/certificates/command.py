"""`zaigang-hub ca init|issue-broker|show`."""

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from hub.certificates.authority import reached_by
from hub.certificates.cabinet import Cabinet, CertificateError
from hub.config import DATABASE_FILE, read_config
from hub.data_dir import refuse_root
from hub.verbs.office import add_actions, guarded
from station.clock import read_clock
from station.parser import Parser
from station.settings import is_host

EXAMPLE: Final = "zaigang-hub ca issue-broker hub.example 192.0.2.7"


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    actions.add_parser(
        "init", help="make the CA, once; where there is one, nothing is changed", example="zaigang-hub ca init"
    )
    broker = actions.add_parser("issue-broker", help="sign the broker's and the pages' certificate", example=EXAMPLE)
    broker.add_argument("names", nargs="+", metavar="NAME", help="name or address; kiosks are told the first")
    actions.add_parser("show", help="who the CA and the broker are, and until when", example="zaigang-hub ca show")
    for action in actions.choices.values():
        action.add_argument("--config", type=Path, metavar="FILE", help="the hub's settings, TOML")


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    return guarded(lambda: _run(args))


def _run(args: argparse.Namespace) -> int:
    config, now = read_config(args.config, os.environ), read_clock(os.environ).now()
    refuse_root(config.data_dir, beside=DATABASE_FILE)
    cabinet = Cabinet(config.data_dir)
    if args.action == "init":
        made = cabinet.make("Zaigang site CA", now)
        _say([f"the site's CA is {'made' if made else 'there already; nothing was changed'}: {cabinet.folder}"])
        _say(["keep a copy of this folder elsewhere: without it no kiosk can be entered or renewed"] if made else [])
    elif args.action == "issue-broker":
        for name in args.names:
            if not is_host(name):
                raise CertificateError(f"{name!r} is no name; wanted is a name or an address alone, as hub.example")
        cabinet.issue_broker(args.names, now)
    if args.action != "init":
        _say(_told(cabinet))
    return 0


def _told(cabinet: Cabinet) -> Iterable[str]:
    yield f"CA: {_until(cabinet.authority().certificate)}, {len(cabinet.revoked())} revoked"
    broker = cabinet.broker()
    if broker is None:
        yield "broker: none; zaigang-hub ca issue-broker NAME"
    else:
        yield f"broker: {', '.join(reached_by(broker))}, {_until(broker)}"


def _until(certificate: x509.Certificate) -> str:
    ends_at: datetime = certificate.not_valid_after_utc
    return f"good until {ends_at:%Y-%m-%d}"


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
