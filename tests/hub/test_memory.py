"""When a hub gives memory back."""

import ctypes
import os
from pathlib import Path

import pytest

from hub.memory import FLOOD, SpareMemory, trim


class Flood:
    def __init__(self) -> None:
        self.records = 0
        self.given = 0
        self.look = SpareMemory(lambda: self.records, self.give_back)

    def give_back(self) -> None:
        self.given += 1


def test_memory_is_given_back_once_after_a_flood_not_within_it() -> None:
    flood = Flood()

    given = []
    for records in (FLOOD, 2 * FLOOD, 2 * FLOOD, 2 * FLOOD, 3 * FLOOD, 3 * FLOOD):
        flood.records = records
        flood.look()
        given.append(flood.given)

    assert given == [0, 0, 1, 1, 1, 2]


def test_the_taps_of_a_calm_hour_give_nothing_back() -> None:
    flood = Flood()

    for _ in range(20):
        flood.records += FLOOD // 100
        flood.look()
        flood.look()

    assert flood.given == 0


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="this is not glibc, which keeps memory")
def test_what_was_freed_leaves_the_process() -> None:
    pieces = [bytes(1000) for _ in range(40_000)]
    kept = pieces[::1000]  # here and there one, so that the rest does not go by itself
    del pieces

    before = resident_bytes()
    trim()

    assert before - resident_bytes() > 20_000_000
    assert len(kept) == 40


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
