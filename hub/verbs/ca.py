"""`zaigang-hub ca init|issue-broker|show`."""

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from cryptography import x509

from hub.certificates.authority import reached_by
from hub.certificates.cabinet import Cabinet, CertificateError
from hub.config import DATABASE_FILE, add_config, read_config
from hub.data_dir import refuse_root
from hub.saying import as_said, is_chinese, say, tell
from hub.verbs.office import add_actions
from station.clock import read_clock
from station.parser import Parser
from station.settings import is_host

_MADE: Final = "the site's CA is made: {folder}"
_THERE: Final = "the site's CA is there already; nothing was changed: {folder}"
_KEEP_IT: Final = "keep a copy of this folder elsewhere: without it no kiosk can be entered or renewed"
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
        add_config(action)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    config, now = read_config(args.config, os.environ), read_clock(os.environ).now()
    refuse_root(config.data_dir, beside=DATABASE_FILE)
    cabinet = Cabinet(config.data_dir)
    if args.action == "init":
        made = cabinet.make("Zaigang site CA", now)
        _say([say(_MADE if made else _THERE, folder=cabinet.folder)])
        _say([_KEEP_IT] if made else [])
    elif args.action == "issue-broker":
        for name in args.names:
            if not is_host(name):
                said = "{name} is no name; wanted is a name or an address alone, as hub.example"
                raise CertificateError(say(said, name=as_said(repr(name))))
        cabinet.issue_broker(args.names, now)
    if args.action != "init":
        _say(_told(cabinet))
    return 0


def _told(cabinet: Cabinet) -> Iterable[str]:
    ends = _end_of(cabinet.authority().certificate)
    yield say("CA: good until {ends}, {count} revoked", ends=ends, count=len(cabinet.revoked()))
    broker = cabinet.broker()
    if broker is None:
        yield "broker: none; zaigang-hub ca issue-broker NAME"
    else:
        yield say("broker: {names}, good until {ends}", names=reached_by(broker), ends=_end_of(broker))


def _end_of(certificate: x509.Certificate) -> str:
    ends_at: datetime = certificate.not_valid_after_utc
    return f"{ends_at:%Y-%m-%d}"


def _say(lines: Iterable[str]) -> None:
    speaks_chinese = is_chinese(os.environ)
    for line in lines:
        sys.stdout.write(f"{tell(line, is_chinese=speaks_chinese)}\n")
