"""Power fails before any write of an update: what is at work is whole, and the next start ends what was begun."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.installing import slots
from deploy.installing.files import link
from deploy.kiosk.installer import machine
from deploy.kiosk.updater import __main__ as updater
from tests.deploy.on_trial import Watched, at_work, told, wish

OLD, NEW = "1.0.0", "2.0.0"
WRITES: Final = ("replace", "rename", "unlink", "rmdir", "mkdir", "symlink", "fsync")
MOST_STARTS: Final = 12  # of the updater, until all is quiet
PLACES: Final = tuple(machine.PLACES)
FILES: Final = (*PLACES, "venv/bin/zaigang-edge")


class PowerCut(BaseException):
    """Nothing of what follows is done."""


class Kiosk:
    """A kiosk whose disk takes no more after so many writes; `is_good` says of the new version whether it works."""

    def __init__(self, place: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place, self.watched = place, watched
        self.is_good, self.has_an_updater = True, True
        self._left: int | None = None
        monkeypatch.setattr(os, "fsync", lambda fd: None)  # it counts; nobody waits for a disk here
        for name in WRITES:
            monkeypatch.setattr(os, name, self._counted(getattr(os, name)))
        units = {name: str(place / "etc" / Path(name).name) for name in PLACES}
        monkeypatch.setattr(machine, "PLACES", units)
        monkeypatch.setattr(slots, "do", self._make)
        monkeypatch.setattr(os, "sync", lambda: None)
        monkeypatch.setattr(updater, "fetch", self._fetch)
        monkeypatch.setattr(updater, "Bundle", lambda path, what: self._bundle(NEW))
        monkeypatch.setattr(machine, "fill", lambda bundle: slots.fill(bundle, machine.PROGRAM, self._beside(NEW)))
        monkeypatch.setattr(updater, "_has_an_updater", lambda slot: self.has_an_updater)
        watched.said = self._how_it_is

    def begin_anew(self, *, is_good: bool) -> None:
        """Out of its box with the old version, and the new one wished for."""
        self.is_good, self._left = is_good, None
        for name in ("slots", "data", "setup", "etc", "offered"):
            shutil.rmtree(self.place / name, ignore_errors=True)
            (self.place / name).mkdir()
        slots.fill(self._bundle(OLD), machine.PROGRAM, self._beside(OLD))  # type: ignore[arg-type]
        machine.put_system(slots.SLOTS / OLD, updater=slots.SLOTS / OLD)
        link(slots.CURRENT, slots.SLOTS / OLD)
        link(slots.PROVEN, slots.SLOTS / OLD)
        (self.place / "tries").unlink(missing_ok=True)
        wish(self.place)

    def start(self, cut_after: int | None = None) -> bool:
        """The updater's unit, as at a start of the machine; False where power failed."""
        (self.place / "tries").unlink(missing_ok=True)  # it goes with the power
        self._left = cut_after
        try:
            updater._update_and_tell(None)
        except PowerCut:
            return False
        finally:
            self._left = None
        return True

    def is_quiet(self) -> bool:
        """Whether nothing starts it again."""
        return not (self.place / "data/wish").exists() and not (self.place / "setup/trial.json").exists()

    def _counted(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **more: Any) -> Any:
            if self._left is not None:
                if self._left == 0:
                    raise PowerCut
                self._left -= 1
            return write(*args, **more)

        return counted

    def _how_it_is(self, now_s: float) -> dict[str, object]:
        version = at_work(self.place)
        return {"version": version, "journal": True, "settled": True, "reader": self.is_good or version == OLD}

    def _fetch(self, folder: Path | None, kept: Path) -> Path:
        path = kept / f"zaigang-kiosk-{NEW}.tar"
        path.write_bytes(b"a bundle")
        return path

    def _bundle(self, version: str) -> SimpleNamespace:
        return SimpleNamespace(version=version, digest=version, wheels=list, by_known_signer=lambda: True)

    def _beside(self, version: str) -> dict[str, bytes]:
        return {name: f"{name} {version}".encode() for name in PLACES}

    def _make(self, *command: str) -> str:
        if "venv" in command:
            for name in ("bin", "lib/python3.11/site-packages"):
                Path(command[-1], name).mkdir(parents=True)
        return ""


@pytest.fixture
def kiosk(place: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kiosk]:
    with monkeypatch.context() as patched:
        yield Kiosk(place, watched, patched)


def is_whole(slot: Path) -> bool:
    return all((slot / name).is_file() for name in FILES)


@contextmanager
def said_of(what: str) -> Iterator[None]:
    try:
        yield
    except AssertionError as exc:
        raise AssertionError(f"{what}: {exc}") from exc


def see_that_it_is_sound(kiosk: Kiosk) -> None:
    assert is_whole(slots.CURRENT)
    assert is_whole(slots.PROVEN)
    assert all(is_whole(slot) for slot in slots.SLOTS.iterdir() if slot.suffix != ".part")
    if not kiosk.is_good:  # what goes on with it is never what is to be judged
        assert slots.PROVEN.resolve().name == OLD
        for name in machine.UPDATERS:
            assert Path(machine.PLACES[name]).read_text() == f"{name} {OLD}"


def go_on_to_the_end(kiosk: Kiosk, cuts: list[int]) -> None:
    """Start after start, each of which power cuts short after so many writes, and then some in peace."""
    for cut_after in cuts:
        if not kiosk.is_quiet():
            kiosk.start(cut_after)
            see_that_it_is_sound(kiosk)
    for _ in range(MOST_STARTS):
        if not kiosk.is_quiet():
            kiosk.start()
    assert kiosk.is_quiet()
    see_that_it_is_sound(kiosk)
    version = NEW if kiosk.is_good else OLD
    assert at_work(kiosk.place) == slots.PROVEN.resolve().name == version
    for name, place in machine.PLACES.items():
        assert Path(place).read_text() == f"{name} {version}"
    assert (told(kiosk.place)["order"], told(kiosk.place)["ok"]) == ("u-1", kiosk.is_good)


@pytest.mark.parametrize("is_good", [True, False])
def test_before_whichever_write_power_fails_the_next_start_ends_it(kiosk: Kiosk, is_good: bool) -> None:
    cut_after, was_cut = 0, True
    while was_cut:
        kiosk.begin_anew(is_good=is_good)
        was_cut = not kiosk.start(cut_after)
        with said_of(f"power failed after {cut_after} writes"):
            see_that_it_is_sound(kiosk)
            go_on_to_the_end(kiosk, [])
        cut_after += 1
    assert cut_after > 40  # it has been in the midst of all of it


def test_power_that_fails_again_and_again_changes_nothing_of_that(kiosk: Kiosk) -> None:
    @settings(max_examples=40, deadline=None, derandomize=True, database=None)
    @given(st.booleans(), st.lists(st.integers(0, 120), min_size=2, max_size=updater.MOST_STARTS - 1))
    def again_and_again(is_good: bool, cuts: list[int]) -> None:
        kiosk.begin_anew(is_good=is_good)
        go_on_to_the_end(kiosk, cuts)

    again_and_again()


def test_what_was_noted_of_a_trial_and_cannot_be_read_is_taken_back(kiosk: Kiosk) -> None:
    """It was begun anew for ever, and the version that nobody had judged stayed at work."""
    for cut_after in count():
        kiosk.begin_anew(is_good=True)
        kiosk.start(cut_after)
        if at_work(kiosk.place) == NEW:
            break
    (kiosk.place / "setup/trial.json").write_bytes(b"")

    assert kiosk.start()

    assert (at_work(kiosk.place), kiosk.is_quiet()) == (OLD, True)
    assert (told(kiosk.place)["not_now"], "order" in told(kiosk.place)) == (True, False)


def test_a_trial_whose_way_back_an_install_has_cleared_away_is_over(kiosk: Kiosk) -> None:
    """Its end would have been a kiosk without a program: `current` led nowhere."""
    kiosk.begin_anew(is_good=False)
    trial = {"version": NEW, "was": "0.9.0", "wants_hub": False, "back": "the reader does not answer"}
    (kiosk.place / "setup/trial.json").write_text(json.dumps(trial))
    (kiosk.place / "data/wish").unlink()

    kiosk.start()

    assert (at_work(kiosk.place), kiosk.is_quiet()) == (OLD, True)
    see_that_it_is_sound(kiosk)


def test_a_version_whose_updater_does_not_begin_is_never_at_work(kiosk: Kiosk) -> None:
    """It would have been kept for its agent works, and no version could have come after it, in all of the city."""
    kiosk.begin_anew(is_good=True)
    kiosk.has_an_updater = False

    kiosk.start()

    assert (at_work(kiosk.place), told(kiosk.place)["ok"]) == (OLD, False)
    assert told(kiosk.place)["text"] == f"{NEW}: {updater.NO_UPDATER}"


def test_a_version_whose_updaters_units_systemd_does_not_take_is_taken_back(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.begin_anew(is_good=True)
    monkeypatch.setattr(machine, "do", lambda *command: "bad-setting\n" if "show" in command else "")

    kiosk.start()

    kiosk.is_good = False
    see_that_it_is_sound(kiosk)
    assert (at_work(kiosk.place), told(kiosk.place)["ok"]) == (OLD, False)


def test_an_install_by_hand_ends_a_trial(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk.begin_anew(is_good=True)
    trial = kiosk.place / "setup/trial.json"
    trial.write_text(json.dumps({"version": NEW, "was": OLD, "wants_hub": False}))
    monkeypatch.setattr(machine, "TRIAL", trial)
    monkeypatch.setattr(machine, "fill", lambda bundle: slots.SLOTS / OLD)
    for name in ("make_user", "_join_groups", "_put_settings", "_go_without_swap", "_start"):
        monkeypatch.setattr(machine, name, lambda *_: None)
    for name in ("SETTINGS", "TIME", "COMMAND"):
        monkeypatch.setattr(machine, name, kiosk.place / name)

    machine.set_up(SimpleNamespace(bundle=None, settings={}))  # type: ignore[arg-type]

    assert not trial.exists()
