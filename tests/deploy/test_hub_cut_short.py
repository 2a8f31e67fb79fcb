"""Power fails before any write of a hub's install: the next one ends it whole, or has the version before with its database."""

import os
import shutil
import sqlite3
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from deploy.hub.installer import __main__ as installer
from deploy.hub.installer import machine
from deploy.installing import slots
from deploy.installing.commands import NotDone
from deploy.installing.files import link

OLD, NEW = "1.0.0", "2.0.0"
WRITES: Final = ("replace", "rename", "unlink", "symlink")
FORMS: Final = {OLD: 1, NEW: 2}
WORK: Final = "of years"


class PowerCut(BaseException):
    """Nothing of what follows is done."""


class HubMachine:
    """A machine with a hub at 1.0.0; `is_good` says of 2.0.0 whether it comes up."""

    def __init__(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place, self.database, self.is_good = place, place / "data/zaigang.sqlite", True
        self._left: int | None = None
        put = monkeypatch.setattr
        put(os, "fsync", lambda fd: None)  # nobody waits for a disk here
        for name in WRITES:
            put(os, name, self._counted(getattr(os, name)))
        for name, path in {"SLOTS": "slots", "CURRENT": "current", "PROVEN": "proven"}.items():
            put(slots, name, place / path)
        put(slots, "make_room", lambda wanted: None)
        put(slots, "fill", lambda bundle, program, beside: self._fill(bundle.version))
        put(installer, "Bundle", lambda folder, what: self._bundle(NEW))
        put(installer, "DATABASE", self.database)
        put(machine, "DATA", place / "data")
        for name in ("want_packages", "make_folders", "put_files", "put_front", "enter_identities"):
            put(machine, name, lambda *_: None)
        for name in ("make_user", "say_next"):
            put(installer, name, lambda *_: "")
        put(installer, "is_booted", lambda: True)
        put(installer, "as_hub", self._as_hub)
        put(installer, "do", lambda *command: "")
        put(installer, "works", lambda *command: self._is_up() if "is-active" in command else True)
        for name in ("_reason_until_up", "_trouble_now"):
            put(installer, name, lambda: "" if self._is_up() else "no answer")
        put(shutil, "chown", lambda *_: None)

    def begin_anew(self, *, is_good: bool) -> None:
        self.is_good, self._left = is_good, None
        for name in ("slots", "data"):
            shutil.rmtree(self.place / name, ignore_errors=True)
            (self.place / name).mkdir()
        for path in ("current", "proven"):
            (self.place / path).unlink(missing_ok=True)
        link(slots.CURRENT, self._fill(OLD))
        with closing(sqlite3.connect(self.database)) as database, database:
            database.execute("CREATE TABLE work (what)")
            database.execute("INSERT INTO work VALUES (?)", (WORK,))
            database.execute(f"PRAGMA user_version = {FORMS[OLD]}")

    def install(self, cut_after: int | None = None) -> str:
        """What it says; "cut" where power failed after so many writes."""
        self._left = cut_after
        try:
            return installer.install(Namespace(folder=self.place, name=[], older=False, other_signer=False)) or "well"
        except NotDone as exc:
            return str(exc)
        except PowerCut:
            return "cut"
        finally:
            self._left = None

    @property
    def stands(self) -> tuple[str, int, str]:
        """Which version is at work, on which form of the database, with what in it."""
        with closing(sqlite3.connect(self.database)) as database:
            (form,) = database.execute("PRAGMA user_version").fetchone()
            ((what,),) = database.execute("SELECT what FROM work").fetchall()
        return slots.CURRENT.resolve().name, form, what

    def _fill(self, version: str) -> Path:
        (slots.SLOTS / version).mkdir(exist_ok=True)
        return slots.SLOTS / version

    def _bundle(self, version: str) -> Any:
        files = {"uninstall": b"", "README.md": b""}
        return SimpleNamespace(version=version, files=files, by_known_signer=lambda: True)

    def _as_hub(self, *words: str) -> str:
        if words == ("migrate",):
            self._step()
            with closing(sqlite3.connect(self.database)) as database:
                database.execute(f"PRAGMA user_version = {FORMS[slots.CURRENT.resolve().name]}")
        return ""

    def _is_up(self) -> bool:
        version, form, _ = self.stands
        return FORMS[version] == form and (version == OLD or self.is_good)

    def _step(self) -> None:
        if self._left is not None:
            if self._left == 0:
                raise PowerCut
            self._left -= 1

    def _counted(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **more: Any) -> Any:
            self._step()
            return write(*args, **more)

        return counted


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HubMachine:
    return HubMachine(tmp_path, monkeypatch)


@pytest.mark.parametrize("is_good", [True, False])
def test_before_whichever_writes_power_fails_the_next_install_ends_it(hub: HubMachine, is_good: bool) -> None:
    """It was interrupted, and run again, as it says: a bad version stayed then, for it took itself for the one before."""
    first, was_cut = 0, True
    wanted = (NEW, FORMS[NEW], WORK) if is_good else (OLD, FORMS[OLD], WORK)
    while was_cut:
        second, cut_again = 0, True
        while cut_again:
            hub.begin_anew(is_good=is_good)
            was_cut = hub.install(first) == "cut"
            cut_again = was_cut and hub.install(second) == "cut"
            said = hub.install()
            assert hub.stands == wanted, f"power failed after {first} and {second} writes: {said}"
            assert slots.PROVEN.resolve().name == wanted[0] or not slots.PROVEN.exists()
            second += 3
        first += 1
    assert first > 6  # it has been in the midst of all of it


def test_one_that_does_not_come_up_says_which_one_is_at_work(hub: HubMachine) -> None:
    hub.begin_anew(is_good=False)

    assert f"{OLD} is at work again, with its database" in hub.install()
    assert hub.stands == (OLD, FORMS[OLD], WORK)


def test_one_that_came_up_and_was_not_noted_is_the_one_to_go_back_to_with_all_that_it_stored_since(
    hub: HubMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.begin_anew(is_good=True)
    real = installer.link
    monkeypatch.setattr(installer, "link", lambda path, target: _cut_at_its_proof(real, path, target))
    assert hub.install() == "cut"
    monkeypatch.setattr(installer, "link", real)
    with closing(sqlite3.connect(hub.database)) as database, database:
        database.execute("UPDATE work SET what = 'of days since'")

    monkeypatch.setattr(installer, "_reason_until_up", lambda: "no answer within 90 s")
    said = hub.install()

    assert "does not come up" in said
    assert hub.stands == (NEW, FORMS[NEW], "of days since")


def _cut_at_its_proof(real: Callable[[Path, Path], None], path: Path, target: Path) -> None:
    if path == slots.PROVEN and target.name == NEW:
        raise PowerCut
    real(path, target)
