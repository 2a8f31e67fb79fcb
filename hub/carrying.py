"""`zaigang-hub import-journal FILE`: takes in records that were carried by hand from a kiosk without a line.

They go over the broker to the hub that serves, and so through the intake like any other; each message is answered
before the next. What is stored already is counted once, and what comes live later changes nothing.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Final

from hub.config import read_config
from hub.errors import HubError
from hub.mosquitto.visit import visiting
from hub.site_key import FILE_NAME, read_site_key
from hub.verbs.office import guarded
from station.carried import CarriedError, read_carried
from station.wire import topics

EXAMPLE: Final = "zaigang-hub import-journal /media/stick/sq01-a-1234abcd.zaigang"


class NotTakenError(HubError):
    """The records were not taken in; the text says what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="as zaigang-edge export writes it")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the hub's settings, TOML")


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    return guarded(lambda: _run(args))


def _run(args: argparse.Namespace) -> int:
    config = read_config(args.config, os.environ)
    site_key = read_site_key(config.data_dir / FILE_NAME)
    for file in args.files:
        try:
            carried = read_carried(site_key, file.read_bytes())
        except CarriedError as exc:
            raise NotTakenError(f"{file} is {exc}") from exc
        topic = topics.journal(carried.station, carried.kiosk)
        answers = topics.settled(carried.station, carried.kiosk)
        records = 0
        with visiting(config) as visit:
            for payload in carried.messages:
                said = json.loads(payload)
                if not visit.ask(topic, payload, answers, (said["session"], said["n"])):
                    name = f"{carried.kiosk} of {carried.station}"
                    raise NotTakenError(
                        f"{file}: the hub does not answer for {name}; is it entered, and the hub at work?"
                    )
                records += len(said["records"])
        sys.stdout.write(f"{file}: {records} records of {carried.kiosk} are stored\n")
    return 0
