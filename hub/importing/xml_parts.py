"""The parts of a workbook, XML in a ZIP, read a piece at a time: nothing of them is held but what is asked for.

Names are taken without their prefix; a document type, with which a few bytes could stand for gigabytes, is refused.
"""

from collections.abc import Callable
from typing import Final
from xml.parsers import expat
from zipfile import ZipFile

from hub.importing.budget import Budget
from hub.importing.grid import UnreadableFileError
from hub.saying import say

_PIECE_BYTES: Final = 64 * 1024
_LONGEST_BYTES: Final = 1 << 20  # of one tag: expat reads it anew with every piece, which takes minutes in the end
_DEEPEST: Final = 100  # elements within each other; a workbook has a dozen
_STRICT: Final = "http://purl.oclc.org/ooxml/"
Attributes = dict[str, str]


def read_part(
    archive: ZipFile,
    name: str,
    budget: Budget,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda _: None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read one part from beginning to end.

    Args:
        archive: the workbook.
        name: of the part.
        budget: what may still be read.
        start: told of each element as it begins, with its attributes.
        end: told of each as it ends.
        text: told of text, in pieces.

    Raises:
        UnreadableFileError: it is in the strict form, or more than may be read.
        ExpatError: it is torn, or built as no spreadsheet program builds it.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def begun(tag: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise expat.ExpatError
        if "xmlns" in attributes or ":" in tag:
            _refuse_strict(attributes)
        start(_local(tag), attributes)

    def ended(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(_local(tag))

    parser.StartElementHandler = begun
    parser.EndElementHandler = ended
    parser.StartDoctypeDeclHandler = _refuse_document_type
    if text is not None:
        parser.CharacterDataHandler = text
    with archive.open(name) as stream:
        read = 0
        while piece := stream.read(_PIECE_BYTES):
            budget.unpack(len(piece))
            read += len(piece)
            parser.Parse(piece, False)  # noqa: FBT003 -- expat's own
            if read - max(0, parser.CurrentByteIndex) > _LONGEST_BYTES:
                raise expat.ExpatError
    parser.Parse(b"", True)  # noqa: FBT003 -- as above


def attribute(attributes: Attributes, name: str) -> str:
    """An attribute, whatever its prefix; empty where there is none."""
    found = attributes.get(name)
    return next((value for key, value in attributes.items() if _local(key) == name), "") if found is None else found


def _local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def _refuse_strict(attributes: Attributes) -> None:
    if any(value.startswith(_STRICT) for name, value in attributes.items() if name.startswith("xmlns")):
        wanted = "an Excel workbook; this one is saved as “Strict Open XML”: save it again as “Excel Workbook (.xlsx)”"
        raise UnreadableFileError(say(wanted))


def _refuse_document_type(*_: object) -> None:
    raise UnreadableFileError(
        say("an XLSX workbook; this one has a document type, which no spreadsheet program writes")
    )
