"""`zaigang-hub migrate`: the tables brought up to this version, and the ledger made anew where they were older.

The tables change in one transaction, or stay as they were. Broken off while the ledger is made, it is made by the next
`migrate`, `rebuild` or start of the hub.
"""

import argparse
import os
from typing import Final

from hub.config import add_config, read_config
from hub.data_dir import make_data_dir, refuse_root
from hub.database.engine import opened_engine
from hub.database.migrate import migrate
from hub.database.schema import HEAD
from hub.rebuilding.rebuilding import rebuild
from hub.saying import say, tell_out
from hub.site_key import FILE_NAME
from hub.verbs.rebuild import on_terminal

EXAMPLE: Final = """\
Stop the hub first, and keep a copy of the database. An empty or missing database gets its tables; a current one is
left alone. Needs as much room on the disk again as the database has.

example:
  zaigang-hub migrate --config /etc/zaigang/hub.toml
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Migrate, and say so; 0 where the tables are current now."""
    config = read_config(args.config, os.environ)
    with opened_engine(config.database_url) as engine:
        refuse_root(config.data_dir, beside=FILE_NAME)
        make_data_dir(config.data_dir)
        if migrate(engine):
            rebuild(engine, config.city_zone, on_terminal)
    tell_out(say("the tables are of revision {head}, as this version wants them", head=HEAD))
    return 0
