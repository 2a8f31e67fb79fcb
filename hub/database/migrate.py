"""`zaigang-hub migrate`: the database's tables brought up to this version, in one transaction, or left as they were."""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from hub.config import read_config
from hub.data_dir import make_data_dir
from hub.database.engine import open_engine
from hub.database.schema import ALEMBIC_VERSION, HEAD, SchemaError, prepare_schema, reason_of
from hub.database.write_lock import begin_writing
from hub.errors import HubError
from station.errors import ConfigError
from station.settings import EXIT_CONFIG

SUMMARY: Final = "bring the database's tables up to this version"
_EXAMPLE: Final = """\
Stop the hub first. An empty or missing database gets its tables; a current one is left alone.

example:
  zaigang-hub migrate --config /etc/zaigang/hub.toml
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description, parser.epilog = SUMMARY.capitalize() + ".", _EXAMPLE
    parser.add_argument("--config", type=Path, metavar="FILE", help="the hub's settings, TOML")


def run(args: argparse.Namespace) -> int:
    """Migrate, and say so; 0 where the tables are current now."""
    try:
        config = read_config(args.config, os.environ)
        engine = open_engine(config.database_url)
        try:
            make_data_dir(config.data_dir)
            migrate(engine)
        finally:
            engine.dispose()
    except ConfigError as exc:
        sys.stderr.write(f"{exc}\n")
        return EXIT_CONFIG
    except (HubError, OSError) as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    sys.stdout.write(f"the tables are of revision {HEAD}, as this version wants them\n")
    return 0


def migrate(engine: Engine) -> None:
    """Bring the tables up to `HEAD`.

    Raises:
        SchemaError: they are newer than this version, none of ours, or cannot be changed; nothing was.
    """
    if _has_revision(engine):
        _upgrade(engine)
    prepare_schema(engine)


def _has_revision(engine: Engine) -> bool:
    try:
        return inspect(engine).has_table(ALEMBIC_VERSION.name)
    except SQLAlchemyError as exc:
        raise SchemaError(f"the database cannot be opened: {reason_of(exc)}") from exc


def _upgrade(engine: Engine) -> None:
    from alembic.util.exc import CommandError  # noqa: PLC0415 -- only an old database needs it, and pays for it

    from hub.database.migrations.upgrading import upgrade  # noqa: PLC0415 -- as above

    try:
        with engine.begin() as connection:
            begin_writing(connection)
            upgrade(connection)
    except CommandError as exc:
        raise SchemaError(f"the database was made by another version: {exc}; wanted is a newer zaigang-hub") from exc
    except SQLAlchemyError as exc:
        raise SchemaError(f"the tables could not be changed, and are as they were: {reason_of(exc)}") from exc
