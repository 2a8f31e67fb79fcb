"""A look at a file's bytes before anything is made of them: what is far too large is refused within a second."""

import re
from typing import Final
from zipfile import ZipFile

from hub.importing.budget import MAX_LINES, MAX_UNPACKED_BYTES, check_line
from hub.importing.grid import UnreadableFileError
from hub.saying import say

MAX_ROWS: Final = 1_048_576  # of a sheet, filled or not: no spreadsheet program writes more
SUSPICIOUS_BYTES: Final = 32 << 20
MOST_PACKED: Final = 100  # of what spreadsheet programs write, a twentieth is left; of nothing at all, a thousandth
MOST_PARTS: Final = 5_000  # of an archive; a workbook of a hundred sheets has some three hundred
MOST_CSV_CELLS: Final = 8_000_000  # filled or not
_PIECE_BYTES: Final = 1 << 20
_LISTED: Final = b"PK\x01\x02"  # begins a part in an archive's list (APPNOTE 4.3.12)
_FILLED: Final = re.compile(rb"<v>[^<]|<is\b")
_ROW_ENDS: Final = b"</row>"
_PARTED: Final = (b",", b"\t", b";")
_BLANK: Final = b" \t\r,;\x00"


def look_at_list(content: bytes) -> None:
    """Count an archive's parts, before a thing is made of each.

    Raises:
        UnreadableFileError: there are more than any workbook has.
    """
    if content.count(_LISTED) > MOST_PARTS:
        raise UnreadableFileError(say("a workbook of at most {count} parts", count=MOST_PARTS))


def look_at_archive(archive: ZipFile) -> None:
    """See what the archive says that it comes to.

    Raises:
        UnreadableFileError: it is more than may be unpacked.
    """
    unpacked = sum(part.file_size for part in archive.infolist())
    packed = sum(part.compress_size for part in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableFileError(say("workbooks of at most {count} MB unpacked", count=MAX_UNPACKED_BYTES >> 20))
    if unpacked > SUSPICIOUS_BYTES and unpacked > MOST_PACKED * packed:
        raise UnreadableFileError(say("a workbook that is packed at most {count} times", count=MOST_PACKED))


def look_at_sheet(archive: ZipFile, name: str) -> None:
    """Count the rows of a sheet as they are usually written; one that is written otherwise is counted as it is read.

    Raises:
        UnreadableFileError: there are too many.
    """
    rows, filled, rest = 0, 0, b""
    with archive.open(name) as stream:
        while piece := stream.read(_PIECE_BYTES):
            rows += piece.count(b"<row")
            if rows > MAX_ROWS:
                check_line(rows)
            *ended, rest = (rest + piece).split(_ROW_ENDS)
            rest = rest[-_PIECE_BYTES:]
            filled += sum(1 for row in ended if _FILLED.search(row))
            check_line(filled)


def look_at_csv(content: bytes) -> None:
    """Count the lines of a CSV in which no cell spans several; of any, blank lines and blank cells too.

    Raises:
        UnreadableFileError: there are too many.
    """
    if max(content.count(b"\n"), content.count(b"\r")) > MAX_ROWS:
        raise UnreadableFileError(say("a file of at most {count} lines", count=MAX_ROWS))
    if max(map(content.count, _PARTED)) > MOST_CSV_CELLS:
        raise UnreadableFileError(say("a file of at most {count} cells", count=MOST_CSV_CELLS))
    if content.count(b"\n") > MAX_LINES and b'"' not in content:
        check_line(sum(1 for line in content.split(b"\n") if line.strip(_BLANK)))
