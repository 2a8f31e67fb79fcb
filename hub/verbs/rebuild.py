"""`zaigang-hub rebuild`: the ledger made anew from the records, to compare with the one kept live or to replace it."""

import argparse
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from tqdm import tqdm

from hub.config import HubConfig, add_config, read_config
from hub.database.dialect import dialect_of, place_of
from hub.database.engine import opened_engine
from hub.database.schema import prepare_schema
from hub.database.sole_hub import is_served, sole_hub
from hub.errors import HubError
from hub.rebuilding.rebuilding import Checked, Made, NotCaughtUpError, check, rebuild
from hub.saying import Said, say, tell_err, tell_out
from station.clock import read_clock
from station.errors import ConfigError

_BUSY_TIMEOUT_S: Final = 30.0
_PATIENCE_S: Final = 30.0  # a serving hub folds a late record within seconds
_LOOK_EVERY_S: Final = 0.5
_MOST_SHOWN: Final = 120
BROKEN: Final = (
    "a row of the database says what no hub writes: {why}; where the ledger alone is broken, `zaigang-hub rebuild` "
    "makes it anew; else wanted is a backup"
)
EXAMPLE: Final = """\
With --check nothing is written, and the hub may go on serving: every difference is told in a line, also of rows of the
board at random moments of any day, and the exit status is 0 where there is none, 1 where there are some. Without it the
hub must be stopped; the ledger is replaced whole, or left as it was; records and messages that an older version could
not read are tried again first.

example:
  zaigang-hub rebuild --check --config /etc/zaigang/hub.toml
"""


class BrokenRowError(HubError):
    """A row says what no hub has written."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--check", action="store_true", help="compare only, and write nothing")
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Check or rebuild, and say what came of it."""
    config = read_config(args.config, os.environ)
    with _opened(config) as engine:
        work = _check if args.check else _rebuild
        try:
            return work(engine, config.city_zone)
        except (ValueError, LookupError, TypeError, OverflowError) as exc:
            raise BrokenRowError(say(BROKEN, why=str(exc)[:_MOST_SHOWN])) from exc


@contextmanager
def _opened(config: HubConfig) -> Iterator[Engine]:
    with opened_engine(config.database_url, busy_timeout_s=_BUSY_TIMEOUT_S) as engine:
        if not dialect_of(engine).is_there(engine):
            raise ConfigError(
                say(
                    "there is no database at {place}; wanted is the data_dir of a hub that has run",
                    place=place_of(engine),
                )
            )
        prepare_schema(engine)
        yield engine


def _check(engine: Engine, zone: ZoneInfo) -> int:
    checked = _patiently(engine, zone)
    count = len(checked.differences)
    for line in checked.differences:
        tell_out(line)
    if checked.unfolded:
        tell_err(
            say("runs with newer records, which the ledger has not come to yet: {unfolded}", unfolded=checked.unfolded)
        )
    if count:
        said = say("{count} {count:difference|differences} among {made}", count=count, made=_told(checked.made))
    else:
        said = say("the ledger is as the records say: {made}", made=_told(checked.made))
    tell_out(said)
    return 1 if count else 0


def _patiently(engine: Engine, zone: ZoneInfo) -> Checked:
    """Wait a while for the serving hub, if any, to come to what can only be compared when it is folded."""
    give_up_s = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return check(engine, zone, on_terminal, read_clock(os.environ).now())
        except NotCaughtUpError as exc:
            if not is_served(engine):
                text = say(
                    "{exc}, and none serves {place} now: start it, or make the ledger anew without --check",
                    exc=exc, place=place_of(engine),
                )  # fmt: skip
                raise NotCaughtUpError(text) from exc
            if time.monotonic() >= give_up_s:
                raise
            time.sleep(_LOOK_EVERY_S)


def _rebuild(engine: Engine, zone: ZoneInfo) -> int:
    with sole_hub(engine):
        made, again = rebuild(engine, zone, on_terminal)
    tell_out(say("the ledger is made anew: {told}", told=_told(made)))
    if again:
        tell_out(say("records that could not be read when they came, and can be now: {again}", again=again))
    return 0


def _told(made: Made) -> Said:
    return say(
        "{stints} {stints:stint|stints} and {stretches} {stretches:stretch|stretches} of watching, "
        "from {records} {records:record|records}",
        stints=made.stints, stretches=made.stretches, records=made.records,
    )  # fmt: skip


def on_terminal(work: list[str], unit: str) -> Iterable[str]:
    """How far it is, on a terminal."""
    return tqdm(work, unit=f" {unit}", delay=1, leave=False, disable=None)  # None: only on a terminal
