"""`zaigang-hub export-day`: a station's day as records, for `zaigang-sim replay`."""

import argparse
import json
import os
import secrets
import sys
from datetime import date
from typing import Final

from hub.config import add_config, read_config
from hub.database.engine import opened_engine
from hub.database.schema import prepare_schema
from hub.database.transactions import snapshot
from hub.errors import HubError
from hub.exporting.day import DayExport
from hub.register.reading import read_directory
from hub.saying import here, say
from station.names import StationCode
from station.strict import FIRST_YEAR, LAST_YEAR

EXAMPLE: Final = """\
Persons go by their opaque id, cards by names made up for the file. The hub may go on serving.

example:
  zaigang-hub export-day S-0012 2026-03-05 --config /etc/zaigang/hub.toml > day.json
  zaigang-sim replay day.json
"""


class NoStationError(HubError):
    """No station is called so; the text says where its code stands."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("station", metavar="CODE", help="the station's code")
    parser.add_argument("day", metavar="DATE", type=_day, help="its local day, as 2026-03-05")
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Write the case to standard output."""
    config = read_config(args.config, os.environ)
    with opened_engine(config.database_url) as engine:
        prepare_schema(engine)
        with snapshot(engine) as connection:
            directory = read_directory(connection, config.city_zone)
            if args.station not in directory.stations:
                raise NoStationError(
                    say(
                        "no station has the code {station!r}; a station's page has it in its address",
                        station=args.station,
                    )
                )
            case = DayExport(connection, directory, secrets.token_bytes(16)).case(StationCode(args.station), args.day)
    sys.stdout.write(json.dumps(case, ensure_ascii=False, indent=1) + "\n")
    return 0


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(
            here(say("{text!r} is no day; wanted is one as 2026-03-05", text=text))
        ) from exc
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        wanted = say("a date from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR - 1)
        raise argparse.ArgumentTypeError(here(say("found {text!r}; wanted is {wanted}", text=text, wanted=wanted)))
    return day
