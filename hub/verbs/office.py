"""What all verbs share: the database opened, commands given, and what came of them said."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from hub.changing.commands import CityCommand
from hub.changing.proposal import Outcome, apply, name_of_command, preview
from hub.changing.speaking import Speaking
from hub.changing.system_user import system_user
from hub.config import HubConfig, add_config, read_config
from hub.data_dir import refuse_stranger
from hub.database.dialect import dialect_of, place_of
from hub.database.engine import opened_engine
from hub.database.schema import prepare_schema
from hub.database.transactions import changing, reading
from hub.errors import HubError
from hub.saying import is_chinese, say
from station.clock import read_clock
from station.errors import ConfigError
from station.milliseconds import moment_of
from station.parser import Parser

_BUSY_TIMEOUT_S: Final = 30.0  # others hold the write lock for a tenth of a second; on a slow disk for longer
Ask = Callable[["Office", Connection], list[CityCommand]]


class NamedNothingError(HubError):
    """What was typed names nothing, or more than one thing; the text says what to type instead."""


@dataclass(frozen=True, slots=True)
class Office:
    """The hub's database, opened for one verb."""

    config: HubConfig
    engine: Engine
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The city's."""
        return self.config.city_zone

    def local(self, ms: int) -> datetime:
        """A moment by the city's clocks."""
        return moment_of(ms).astimezone(self.zone)


def add_common(parser: Parser) -> None:
    """Say what every changing verb takes."""
    parser.add_argument("--why", default="", metavar="TEXT", help="the reason, for the history; the past needs one")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
    add_config(parser)


def add_actions(parser: Parser) -> Any:
    """A verb's own words: `lost`, `found`, ..."""
    return parser.add_subparsers(dest="action", required=True, metavar="ACTION")


def in_words(chinese: str, english: str) -> str:
    """In the terminal's language."""
    return chinese if is_chinese(os.environ) else english


@contextmanager
def opened(config_file: Path | None) -> Iterator[Office]:
    """The office.

    Raises:
        ConfigError: a setting cannot stand, or there is no database.
        HubError: the database cannot be worked with.
    """
    config = read_config(config_file, os.environ)
    refuse_stranger(config.data_dir)
    with opened_engine(config.database_url, busy_timeout_s=_BUSY_TIMEOUT_S) as engine:
        if not dialect_of(engine).is_there(engine):
            raise ConfigError(
                say(
                    "there is no database at {place}; first enter the city: zaigang-hub import",
                    place=place_of(engine),
                )
            )
        prepare_schema(engine)
        yield Office(config, engine, read_clock(os.environ).now())


def give(args: argparse.Namespace, ask: Ask) -> int:
    """Change the city by what `ask` makes of the arguments, and say what came of it; 0 where all could stand."""
    with opened(args.config) as office:
        said = {"by": system_user(), "at": office.now, "zone": office.zone, "why": args.why}
        if args.dry_run:
            with reading(office.engine) as connection:
                outcome = preview(connection, ask(office, connection), **said)
        else:
            with changing(office.engine) as connection:
                outcome = apply(connection, ask(office, connection), **said)
    return _say(outcome, dry_run=args.dry_run)


def _say(outcome: Outcome, *, dry_run: bool) -> int:
    telling = Speaking.of_locale(os.environ)
    for line in dict.fromkeys(telling.refusal(refusal) for _, refusal in outcome.refusals):  # one reason does for all
        sys.stderr.write(f"{line}\n")
    if outcome.refusals:
        sys.stderr.write(f"{telling.plain('nothing was changed')}\n")
        return 1
    for command, change in outcome.changes:
        sys.stdout.write(f"{telling.change(name_of_command(command), change)}\n")
    if not outcome.changes:
        sys.stdout.write(f"{telling.plain('nothing to change: it is so already')}\n")
    if dry_run:
        sys.stdout.write(f"{telling.plain('dry run: nothing was written')}\n")
    return 0
