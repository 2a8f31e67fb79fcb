"""`zaigang-hub copy`: a hub moved from one database to another, from SQLite to PostgreSQL or back."""

import argparse
import os
import sys
from collections.abc import Iterable
from typing import Final

from tqdm import tqdm

from hub.config import add_config, read_config
from hub.database.copying import PlainRows, copy
from hub.database.dialect import dialect_of, place_of
from hub.database.engine import opened_engine
from hub.saying import say, tell_out
from station.errors import ConfigError

EXAMPLE: Final = """\
Stop the hub first. The other database must be there and empty; all of it is copied, or nothing. Then say in the hub's
settings where it is: database = "..."; the site key stays in data_dir. PostgreSQL takes a password from ~/.pgpass.

example:
  zaigang-hub copy --config /etc/zaigang/hub.toml --to postgresql+psycopg://zaigang@/zaigang
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--to", required=True, metavar="URL", help="the address of the other database")
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Copy, and say what was."""
    config = read_config(args.config, os.environ)
    with opened_engine(config.database_url) as source, opened_engine(args.to) as target:
        if not dialect_of(source).is_there(source):
            raise ConfigError(
                say(
                    "there is no database at {place}; wanted is that of a hub that has run",
                    place=place_of(source),
                )
            )
        counts = copy(source, target, _shown)
    for name, count in counts.items():
        if count:
            sys.stdout.write(f"{name:16} {count:10}\n")
    tell_out(
        say(
            "{rows} {rows:row is|rows are} in {place}, as many as in {source}",
            rows=sum(counts.values()),
            place=place_of(target),
            source=place_of(source),
        )
    )
    return 0


def _shown(rows: Iterable[PlainRows], name: str, total: int) -> Iterable[PlainRows]:
    with tqdm(desc=name, total=total, unit=" rows", delay=1, leave=False, disable=None) as bar:
        for part in rows:
            yield part
            bar.update(len(part))
