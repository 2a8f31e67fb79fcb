"""A file, whatever its kind, into grids."""

from pathlib import Path

from hub.importing.csv_file import read_csv
from hub.importing.faults import Faults, Place
from hub.importing.grid import MAX_BYTES, Grid, UnreadableFileError
from hub.importing.workbook import read_workbook

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_files(paths: list[Path], faults: Faults) -> list[Grid]:
    """All sheets of all files; a file that cannot be read is one fault."""
    grids: list[Grid] = []
    for path in paths:
        try:
            grids += _read_file(path)
        except UnreadableFileError as exc:
            faults.refuse(Place(path.name), "a file that cannot be read", str(exc))
        except OSError as exc:
            faults.refuse(Place(path.name), f"no readable file ({exc.strerror})", "a CSV or XLSX file")
    return grids


def _read_file(path: Path) -> list[Grid]:
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFileError(f"a file of at most {MAX_BYTES} bytes")
    content = path.read_bytes()
    if content.startswith(_OLD_EXCEL):
        raise UnreadableFileError("XLSX or CSV; this is an old .xls: open it and save it as XLSX")
    if content.startswith(_ZIP):
        return read_workbook(path, content)
    return [read_csv(path, content)]
