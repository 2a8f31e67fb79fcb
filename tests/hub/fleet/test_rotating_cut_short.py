"""Changing the site key, cut short at every step that reaches the disk, and done by two at once: no key is ever lost."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert

from hub.database.key_tables import KeyChange
from hub.database.transactions import reading, table_of, writing
from hub.errors import HubError
from hub.register.keys_in_step import out_of_step
from hub.site_key import FILE_NAME, NEXT_FILE, RETIRED_FILE
from tests.hub.fleet.test_rotating import Hall, hall

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["hall"]
STEPS = 12  # more than any of them has: the last ones are not cut short


class KilledError(BaseException):
    """As by `kill -9`: nothing that could heed it does."""


def cut_short(monkeypatch: pytest.MonkeyPatch, step: int, act: Callable[[], object]) -> bool:
    """Do it until so many steps have reached the disk; whether that was before its end."""
    passed = count()

    def counted(call: Callable[..., object]) -> Callable[..., object]:
        def then(*args: object, **more: object) -> object:
            if next(passed) == step:
                raise KilledError
            return call(*args, **more)

        return then

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", counted(os.fsync))
        patch.setattr(os, "link", counted(os.link))
        patch.setattr(Path, "replace", counted(Path.replace))
        try:
            act()
        except KilledError:
            return True
    return False


def keys_in(folder: Path) -> set[str]:
    found: set[str] = set()
    for name in (FILE_NAME, NEXT_FILE, RETIRED_FILE):
        if (folder / name).exists():
            found.update((folder / name).read_text().split())
    return found


def trouble_of(hall: Hall) -> str:
    with reading(hall.engine) as connection:
        return str(out_of_step(connection, hall.folder) or "")


@pytest.mark.parametrize("step", range(STEPS))
def test_begun_again_it_is_the_same_change(hall: Hall, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    held = hall.mark()
    was_cut = cut_short(monkeypatch, step, hall.begin)
    there = keys_in(hall.folder)
    if was_cut:
        hall.begin()

    assert there <= keys_in(hall.folder)
    assert (hall.mark(), trouble_of(hall)) == (held, "")
    assert was_cut or step > 2


@pytest.mark.parametrize("step", range(STEPS))
def test_finished_again_it_is_finished_once(hall: Hall, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    mark = hall.begin()
    before = keys_in(hall.folder)
    was_cut = cut_short(monkeypatch, step, lambda: hall.finish(anyway=True))
    half_way = keys_in(hall.folder)
    said = trouble_of(hall)
    if was_cut:
        hall.finish(anyway=True)

    assert half_way == before == keys_in(hall.folder)
    assert said in {"", "the change of the key was interrupted as it ended: zaigang-hub key finish"}
    assert (hall.mark(), trouble_of(hall)) == (mark, "")
    assert was_cut or step > 2


@pytest.mark.parametrize("what", ["begin", "finish"])
def test_of_two_administrators_at_once_one_does_it_and_one_reads_a_sentence(hall: Hall, what: str) -> None:
    if what == "finish":
        hall.begin()
    together, told = Barrier(2), []

    def act(_: int) -> str:
        together.wait()
        with suppress(KilledError):
            try:
                return hall.begin() if what == "begin" else hall.finish(anyway=True)
            except HubError as exc:
                told.append(str(exc))
        return ""

    with ThreadPoolExecutor(2) as pool:
        done = [mark for mark in pool.map(act, range(2)) if mark]

    assert len(set(done)) == 1
    assert len(done) + len(told) == 2
    assert all("\n" not in line and "sql" not in line.lower() for line in told), told
    assert len(keys_in(hall.folder)) == 2
    assert trouble_of(hall) == ""


def test_a_database_of_before_the_change_is_told_with_what_to_do(hall: Hall) -> None:
    mark = hall.begin()
    hall.finish(anyway=True)
    with writing(hall.engine) as connection:
        connection.execute(delete(table_of(KeyChange)))
    of_one = trouble_of(hall)
    hall.begin()
    mark_of_two = hall.finish(anyway=True)
    well = trouble_of(hall)
    with writing(hall.engine) as connection:
        connection.execute(delete(table_of(KeyChange)).where(KeyChange.mark == mark_of_two))
        row = {"mark": mark, "began_ms": 1, "finished_ms": 2}
        connection.execute(insert(table_of(KeyChange)), [row])

    assert well == ""
    assert mark_of_two in trouble_of(hall)
    assert of_one == (
        f"the database is of before the change to {mark}; import the list of cards again, or none of them is known"
    )


def test_keys_of_before_the_change_are_told_with_what_to_do(hall: Hall) -> None:
    old = (hall.folder / FILE_NAME).read_text()
    mark = hall.begin()
    hall.finish(anyway=True)
    (hall.folder / FILE_NAME).write_text(old)
    (hall.folder / RETIRED_FILE).unlink()

    assert trouble_of(hall).startswith(f"site.key is of before the change to {mark}; put site.key and")


def test_a_next_key_that_is_gone_is_told(hall: Hall) -> None:
    hall.begin()
    (hall.folder / NEXT_FILE).unlink()

    assert trouble_of(hall).startswith("the key that was to come is not here")
