"""`zaigang-hub doctor`."""

import argparse
import os
import sys
from typing import Final

from hub.config import DATABASE_FILE, HubConfig, add_config, read_config
from hub.data_dir import refuse_root, refuse_stranger
from hub.database.dialect import dialect_of, place_of
from hub.database.engine import opened_engine
from hub.database.schema import prepare_schema
from hub.database.transactions import snapshot
from hub.errors import HubError
from hub.examining.examined import Examined, Soundness
from hub.examining.looks import examine
from hub.guarding import guarded
from hub.register.directory import Directory
from hub.register.reading import read_directory
from hub.saying import is_chinese, said_by, tell
from station.clock import read_clock

EXAMPLE: Final = "zaigang-hub doctor"
_DATABASE: Final = ("数据库", "database")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_config(parser)
    parser.add_argument("--lang", choices=["zh", "en"], help="of what is said; default: the terminal's")


def run(args: argparse.Namespace) -> int:
    """Look, and say; 0 where nothing is wrong."""
    return guarded(lambda: _run(args), args.lang)


def _run(args: argparse.Namespace) -> int:
    config, now = read_config(args.config, os.environ), read_clock(os.environ).now()
    refuse_root(config.data_dir, beside=DATABASE_FILE)
    refuse_stranger(config.data_dir)
    chinese = args.lang == "zh" if args.lang else is_chinese(os.environ)
    directory, of_database = _look_at_database(config)
    wrong = 0
    for finding in (of_database, *examine(config, now, directory)):
        sys.stdout.write(f"{finding.line(is_chinese=chinese)}\n")
        wrong += finding.verdict is Soundness.WRONG
    good, bad = (
        ("可以使用", f"不能使用：{wrong} 处不对，见上")
        if chinese
        else ("fit for use", f"not fit for use: {wrong} wrong, see above")
    )
    sys.stdout.write(f"{bad if wrong else good}\n")
    return 1 if wrong else 0


def _look_at_database(config: HubConfig) -> tuple[Directory | None, Examined]:
    try:
        with opened_engine(config.database_url) as engine:
            if not dialect_of(engine).is_there(engine):
                said = (
                    f"{place_of(engine)} 还没有；请运行 zaigang-hub import",
                    f"none at {place_of(engine)} yet; zaigang-hub import",
                )
                return None, Examined(_DATABASE, Soundness.WRONG, *said)
            prepare_schema(engine)
            with snapshot(engine) as connection:
                directory = read_directory(connection, config.city_zone)
    except HubError as exc:
        return None, Examined(_DATABASE, Soundness.WRONG, tell(said_by(exc), is_chinese=True), str(exc))
    count = len(directory.stations), len(directory.kiosks)
    said = f"{count[0]} 个站点，{count[1]} 台终端", f"{count[0]} stations, {count[1]} kiosks"
    return directory, Examined(_DATABASE, Soundness.WELL, *said)
