"""What is on a disk when the power comes back: the medium, and as much of the unsynced as the kind of cut leaves.

Content is kept or lost in 512-byte pieces, names one by one, whatever their order. Not modelled: wear that
moves synced blocks, a controller that dies.
"""

from collections.abc import Iterator
from enum import StrEnum
from random import Random
from typing import Final

from simulator.disk.medium import Disk, File, change, rename
from simulator.disk.steps import ContentStep, Truncate, Write

PIECE: Final = 512  # bytes; the unit that a disk promises to write at once
_KEPT: Final = 1 / 2  # of the unsynced
_NOISE: Final = 1 / 4  # of what was not kept


class Cut(StrEnum):
    """How much of the unsynced survives.

    Attributes:
        CLEAN: nothing.
        RAGGED: each piece with even odds.
        GARBLED: as ragged, but one piece in eight that was being written is noise to its very ends, synced neighbours
            included, as cards do that promise no "powersafe overwrite".
    """

    CLEAN = "clean"
    RAGGED = "ragged"
    GARBLED = "garbled"


def after_cut(disk: Disk, cut: Cut, rng: Random, *, is_recording: bool = False) -> Disk:
    """The disk as it is found when the power is back, powered and at position 0; `disk` itself is left alone."""
    names = dict(disk.names_on_medium)
    if cut is not Cut.CLEAN:
        for naming, file in disk.unsynced_names:
            if rng.random() < _KEPT:
                rename(names, naming, file)
    found = Disk(is_recording=is_recording, capacity_bytes=disk.capacity_bytes)
    for name, file in names.items():
        content = _surviving(file, cut, rng)
        found.files.append(File(len(found.files), content, size=len(content)))
        found.names[name] = found.names_on_medium[name] = found.files[-1]
    return found


def _surviving(file: File, cut: Cut, rng: Random) -> bytearray:
    content = bytearray(file.on_medium)
    if cut is Cut.CLEAN:
        return content
    for step in file.unsynced:
        for piece in _pieces(step):
            if rng.random() < _KEPT:
                change(content, piece)
            elif cut is Cut.GARBLED and isinstance(piece, Write) and rng.random() < _NOISE:
                start = piece.offset - piece.offset % PIECE
                change(content, Write(piece.file, start, rng.randbytes(PIECE)))
    return content


def _pieces(step: ContentStep) -> Iterator[ContentStep]:
    """The parts of a change that are kept or lost each by itself."""
    if isinstance(step, Truncate):
        yield step
        return
    begin, end = step.offset, step.offset + len(step.content)
    while begin < end:
        upto = min(end, begin - begin % PIECE + PIECE)
        yield Write(step.file, begin, step.content[begin - step.offset : upto - step.offset])
        begin = upto
