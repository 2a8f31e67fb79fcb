"""A file, whatever its kind, into grids."""

from pathlib import Path
from typing import Final

from hub.data_dir import OWN_USERS_TO_READ
from hub.importing.budget import MAX_FILE_BYTES, Budget
from hub.importing.csv_file import read_csv
from hub.importing.grid import Grid, UnreadableFileError
from hub.importing.sheet_faults import Faults, SheetPlace
from hub.importing.workbook import PROTECTED, read_workbook
from hub.saying import as_said, say

_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"  # of an old .xls, and around a workbook with a password (MS-OFFCRYPTO 2.3)
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MARKUP: Final = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")


def read_files(paths: list[Path], faults: Faults) -> list[Grid]:
    """All sheets of all files; a file that cannot be read, or holds nothing, is one fault."""
    grids: list[Grid] = []
    budget = Budget()
    for path in paths:
        place = SheetPlace(path.name)
        try:
            found = _read_file(path, budget)
        except UnreadableFileError as exc:
            faults.refuse(place, say("a file that cannot be read"), exc.wanted)
        except PermissionError:
            faults.refuse(place, say("a file that may not be read"), say(OWN_USERS_TO_READ))
        except OSError as exc:
            faults.refuse(
                place, say("no readable file ({why})", why=as_said(str(exc.strerror))), say("a CSV or XLSX file")
            )
        else:
            if not any(grid.lines for grid in found):
                faults.refuse(place, say("nothing in it that can be seen"), say("a sheet with a header and lines"))
            grids += found
    return grids


def _read_file(path: Path, budget: Budget) -> list[Grid]:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UnreadableFileError(say("a file of at most {count} MB", count=MAX_FILE_BYTES >> 20))
    content = path.read_bytes()
    if content.startswith(_COMPOUND):
        old = say("XLSX or CSV; this is an old .xls: open it and save it as XLSX")
        raise UnreadableFileError(say(PROTECTED) if _ENCRYPTED in content else old)
    if content.startswith(_ZIP):
        return read_workbook(path, content, budget)
    if content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise UnreadableFileError(
            say("XLSX or CSV; this is a web page, whatever its name: open it and save it as XLSX")
        )
    return [read_csv(path, content, budget)]
