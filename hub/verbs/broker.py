"""`zaigang-hub broker config`."""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

from hub.certificates.cabinet import Cabinet
from hub.config import DATABASE_FILE, HubConfig, add_config, read_config
from hub.data_dir import refuse_root
from hub.database.dialect import dialect_of
from hub.database.engine import opened_engine
from hub.database.schema import prepare_schema
from hub.database.transactions import snapshot
from hub.mosquitto.files import write_files
from hub.register.reading import read_directory
from hub.saying import here, say
from hub.verbs.office import add_actions
from station.parser import Parser

EXAMPLE: Final = "zaigang-hub broker config"
SERVICE: Final = Path("/etc/systemd/system/zaigang-broker.service")
"""Where the hub was installed: nobody starts a broker by hand there."""


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    config = actions.add_parser(
        "config", help="who may say what on the wire, in the words of the version found", example=EXAMPLE
    )
    add_config(config)


def run(args: argparse.Namespace) -> int:
    """Write them, and say which are otherwise now."""
    config = read_config(args.config, os.environ)
    refuse_root(config.data_dir, beside=DATABASE_FILE)
    written = write_files(config, Cabinet(config.data_dir), _revoked(config))
    said = (
        say("written: {files}", files=list(written.changed))
        if written.changed
        else "nothing to change: it is so already"
    )
    how = f"cd {config.broker_folder} && mosquitto -c mosquitto.conf"
    if SERVICE.exists():
        how = here("the broker reads them anew by itself" if written.changed else "the broker has them")
    sys.stdout.write(f"{here(said)}\n{how}\n")
    return 0


def _revoked(config: HubConfig) -> list[str]:
    """Kiosks that are believed no more; none where no city is entered yet."""
    with opened_engine(config.database_url) as engine:
        if not dialect_of(engine).is_there(engine):
            return []
        prepare_schema(engine)
        with snapshot(engine) as connection:
            kiosks = read_directory(connection, config.city_zone).kiosks.values()
        return [kiosk.id for kiosk in kiosks if kiosk.is_revoked]
