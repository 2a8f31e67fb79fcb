"""`zaigang-hub import`: the terminal's side of importing. Faults and warnings to stderr, the summary to stdout."""

import argparse
import os
import secrets
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tqdm import tqdm

from hub.changing.numbers import Telephones
from hub.changing.system_user import system_user
from hub.config import DATABASE_FILE, HubConfig, add_config, read_config
from hub.data_dir import make_data_dir, refuse_root
from hub.database.dialect import dialect_of
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from hub.errors import HubError
from hub.importing.grid import GridLine
from hub.importing.importer import Imported, Importer
from hub.importing.sheet_faults import SHOWN, ImportRefusedError, more_than_shown
from hub.saying import is_chinese, of_system, said_by, say, tell
from hub.sealing import Safe
from hub.site_key import FILE_NAME, read_or_make_site_key, read_other_keys, read_site_key
from station.clock import read_clock
from station.errors import ConfigError
from station.settings import EXIT_CONFIG
from station.token import KEY_BYTES

EXAMPLE: Final = """\
All files are imported together, or none of them; the same again changes nothing. docs/import.md says what the
sheets look like.

example:
  zaigang-hub import --dry-run 站点.xlsx 志愿者.csv
"""
_BUSY_TIMEOUT_S: Final = 30.0  # others hold the write lock for a tenth of a second; on a slow disk for longer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a CSV or XLSX file")
    add_config(parser)
    parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
    parser.add_argument("--lang", choices=["zh", "en"], help="of what is said; default: the terminal's")


def run(args: argparse.Namespace) -> int:
    """Import, and say what came of it; 0 where it was done."""
    voice = _Voice(is_chinese=args.lang == "zh" if args.lang else is_chinese(os.environ))
    try:
        config = read_config(args.config, os.environ)
        with _opened(config, voice, dry_run=args.dry_run) as importer:
            imported = importer.import_files(args.files, dry_run=args.dry_run)
    except ConfigError as exc:
        voice.complain([said_by(exc)])
        return EXIT_CONFIG
    except ImportRefusedError as exc:
        voice.complain(exc.faults.said)
        voice.complain(exc.faults.warnings)
        voice.complain([exc.said])
        return 1
    except HubError as exc:
        voice.complain([said_by(exc)])
        return 1
    except OSError as exc:  # of another user's directory
        voice.complain([of_system(exc)])
        return 1
    voice.complain(imported.warnings)
    voice.sum_up(imported, dry_run=args.dry_run)
    return 0


@dataclass(frozen=True, slots=True)
class _Voice:
    """The terminal, in one language."""

    is_chinese: bool

    def complain(self, sentences: Sequence[str]) -> None:
        """On stderr, the first hundred."""
        lines = (tell(sentence, is_chinese=self.is_chinese) for sentence in sentences[:SHOWN])
        for line in (*lines, *more_than_shown(len(sentences), is_chinese=self.is_chinese)):
            sys.stderr.write(f"{line}\n")

    def sum_up(self, imported: Imported, *, dry_run: bool) -> None:
        """On stdout, how many lines of each form did what."""
        for form, count in imported.counts.items():
            counts = {"added": f"{count.added:6}", "changed": f"{count.changed:6}", "unchanged": f"{count.unchanged:6}"}
            named = {"form": say(form) if self.is_chinese else f"{form:12}", **counts}
            line = say("{form} {added} added {changed} changed {unchanged} unchanged", **named)
            sys.stdout.write(f"{tell(line, is_chinese=self.is_chinese)}\n")
        if dry_run:
            sys.stdout.write(f"{tell('dry run: nothing was written', is_chinese=self.is_chinese)}\n")

    def progress(self, lines: Iterable[GridLine], name: str) -> Iterable[GridLine]:
        """How far a sheet is, on a terminal."""
        unit = tell(" lines", is_chinese=self.is_chinese)
        return tqdm(lines, desc=name, unit=unit, delay=1, leave=False, disable=None)  # None: only on a terminal


@contextmanager
def _opened(config: HubConfig, voice: _Voice, *, dry_run: bool) -> Iterator[Importer]:
    clock = read_clock(os.environ)
    refuse_root(config.data_dir, beside=FILE_NAME)
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
        safe = Safe(config.data_dir)
        if dry_run and not safe.path.exists():
            safe = Safe(Path(stack.enter_context(TemporaryDirectory(prefix="zaigang-"))))
        telephones = Telephones(safe)
        yield Importer(
            engine, site_key, clock.now, config.city_zone, system_user(), telephones, voice.progress,
            other_keys=read_other_keys(config.data_dir),
        )  # fmt: skip


def _any_site_key(data_dir: Path) -> bytes:
    """The site key; another where there is none yet, for what is not kept."""
    if data_dir.exists():
        make_data_dir(data_dir)  # which says what is wrong with it
    path = data_dir / FILE_NAME
    return read_site_key(path) if path.exists() else secrets.token_bytes(KEY_BYTES)
