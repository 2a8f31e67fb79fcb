"""`zaigang-hub import`: the terminal's side of importing. Faults and warnings to stderr, the summary to stdout."""

import argparse
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tqdm import tqdm

from hub.changing.who import system_user
from hub.config import DATABASE_FILE, HubConfig, read_config
from hub.data_dir import make_data_dir
from hub.database.dialect import dialect_of
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from hub.errors import HubError
from hub.importing.faults import ImportRefusedError, shown
from hub.importing.grid import Line
from hub.importing.importer import Imported, Importer
from hub.site_key import FILE_NAME, read_or_make_site_key, read_site_key
from station.clock import read_clock
from station.errors import ConfigError
from station.settings import EXIT_CONFIG
from station.token import KEY_BYTES

SUMMARY: Final = "enter stations, kiosks, volunteers and cards from spreadsheets"
EXAMPLE: Final = """\
All files are imported together, or none of them; the same again changes nothing. docs/import.md says what the
sheets look like.

example:
  zaigang-hub import --dry-run 站点.xlsx 志愿者.csv
"""
_BUSY_TIMEOUT_S: Final = 30.0  # a serving hub holds the write lock for milliseconds; another import for seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description, parser.epilog = SUMMARY.capitalize() + ".", EXAMPLE
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a CSV or XLSX file")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the hub's settings, TOML")
    parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")


def run(args: argparse.Namespace) -> int:
    """Import, and say what came of it; 0 where it was done."""
    try:
        config = read_config(args.config, os.environ)
        with _opened(config, dry_run=args.dry_run) as importer:
            imported = importer.import_files(args.files, dry_run=args.dry_run)
    except ConfigError as exc:
        _print_all([str(exc)])
        return EXIT_CONFIG
    except ImportRefusedError as exc:
        _print_all([str(fault) for fault in exc.faults.faults])
        _print_all(exc.faults.warnings)
        _print_all([str(exc)])
        return 1
    except HubError as exc:
        _print_all([str(exc)])
        return 1
    _print_all(list(imported.warnings))
    _print_summary(imported, dry_run=args.dry_run)
    return 0


@contextmanager
def _opened(config: HubConfig, *, dry_run: bool) -> Iterator[Importer]:
    clock = read_clock(os.environ)
    with ExitStack() as stack:
        engine = open_engine(config.database_url, busy_timeout_s=_BUSY_TIMEOUT_S)
        stack.callback(engine.dispose)
        if dry_run:
            site_key = _any_site_key(config.data_dir)
            if not dialect_of(engine).is_there(engine):
                folder = stack.enter_context(TemporaryDirectory(prefix="zaigang-"))
                engine = open_engine(f"sqlite:///{folder}/{DATABASE_FILE}")
                stack.callback(engine.dispose)
        else:
            site_key = read_or_make_site_key(config.data_dir)
        prepare_schema(engine)
        yield Importer(engine, site_key, clock.now, config.city_zone, system_user(), _show_progress)


def _any_site_key(data_dir: Path) -> bytes:
    """The site key; another where there is none yet, for what is not kept."""
    if data_dir.exists():
        make_data_dir(data_dir)  # which says what is wrong with it
    path = data_dir / FILE_NAME
    return read_site_key(path) if path.exists() else secrets.token_bytes(KEY_BYTES)


def _show_progress(lines: Iterable[Line], name: str) -> Iterable[Line]:
    return tqdm(lines, desc=name, unit=" lines", delay=1, leave=False, disable=None)  # None: only on a terminal


def _print_all(lines: list[str]) -> None:
    for line in shown(lines):
        sys.stderr.write(f"{line}\n")


def _print_summary(imported: Imported, *, dry_run: bool) -> None:
    for form, count in imported.counts.items():
        sys.stdout.write(f"{form:12} {count.added:6} added {count.changed:6} changed {count.unchanged:6} unchanged\n")
    if dry_run:
        sys.stdout.write("dry run: nothing was written\n")
