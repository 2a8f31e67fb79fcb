"""Power fails before any write of an install over an older version: the next start ends it, or has the one before."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from deploy.installing import slots
from deploy.installing.bundle import SIGNER
from deploy.installing.commands import NotDone
from deploy.installing.files import link
from deploy.kiosk.installer import machine
from deploy.kiosk.installer.folder import IDENTITY
from tests.deploy.on_trial import at_work

WRITES: Final = ("replace", "rename", "unlink", "symlink")
OLD_SETTINGS, NEW_SETTINGS = b'kiosk = "sq01-a"\n', b'kiosk = "sq01-a"\n# newer\n'


class PowerCut(BaseException):
    """Nothing of what follows is done."""


class Installed:
    """A kiosk at 1.0.0, and a folder with 2.0.0, which works or does not."""

    def __init__(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place, self.is_good = place, True
        self._left: int | None = None
        put = monkeypatch.setattr
        put(os, "fsync", lambda fd: None)  # nobody waits for a disk here
        for name in WRITES:
            put(os, name, self._counted(getattr(os, name)))
        for name in ("SETTINGS", "BEFORE", "TRIAL", "TIME", "COMMAND"):
            put(machine, name, place / "system" / name.lower())
        put(machine, "KNOWN_SIGNER", place / "system/signer.pub")
        put(machine, "HOME", str(place / "data"))
        for name in ("make_user", "_join_groups", "_go_without_swap"):
            put(machine, name, lambda *_: None)
        put(machine, "is_booted", lambda: True)
        put(machine, "fill", lambda bundle: slots.SLOTS / "2.0.0")
        put(machine, "restart", self._restart)
        self.folder: Any = SimpleNamespace(
            path=place / "folder", keeps_keys=False, settings={}, bundle=SimpleNamespace(files={SIGNER: b"a key"})
        )
        (place / "folder/identity").mkdir(parents=True)
        for name in IDENTITY:
            (place / "folder/identity" / name).write_bytes(b"new")
        (place / "folder/kiosk.toml").write_bytes(NEW_SETTINGS)

    def begin_anew(self, *, is_good: bool) -> None:
        self.is_good, self._left = is_good, None
        for path in (self.place / "system").glob("*"):
            if path.is_file() or path.is_symlink():
                path.unlink()
        for name in ("slots/1.0.0", "slots/2.0.0", "system", "data"):
            (self.place / name).mkdir(exist_ok=True)
        machine.SETTINGS.write_bytes(OLD_SETTINGS)
        for path in (slots.CURRENT, slots.PROVEN):
            link(path, slots.SLOTS / "1.0.0")

    def install(self, cut_after: int | None = None) -> str:
        self._left = cut_after
        try:
            machine.set_up(self.folder)
        except NotDone as exc:
            return str(exc)
        except PowerCut:
            return "cut"
        finally:
            self._left = None
        return "well"

    def _restart(self, unit: str) -> None:
        if at_work(self.place) == "2.0.0" and not self.is_good:
            raise NotDone("the agent ends at once")

    def _counted(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **more: Any) -> Any:
            if self._left is not None:
                if self._left == 0:
                    raise PowerCut
                self._left -= 1
            return write(*args, **more)

        return counted


@pytest.mark.parametrize("is_good", [True, False])
def test_before_whichever_writes_power_fails_the_next_start_ends_it(
    place: Path, monkeypatch: pytest.MonkeyPatch, is_good: bool
) -> None:
    """The version that was interrupted took itself for the one before, and nothing was there to go back to."""
    kiosk = Installed(place, monkeypatch)
    wanted = ("2.0.0", NEW_SETTINGS) if is_good else ("1.0.0", OLD_SETTINGS)
    first, was_cut = 0, True
    while was_cut:
        second, cut_again = 0, True
        while cut_again:
            kiosk.begin_anew(is_good=is_good)
            was_cut = kiosk.install(first) == "cut"
            cut_again = was_cut and kiosk.install(second) == "cut"
            said = kiosk.install()
            found = (at_work(place), machine.SETTINGS.read_bytes())
            assert found == wanted, f"power failed after {first} and {second} writes: {said}"
            assert slots.PROVEN.resolve().name == wanted[0]
            assert not machine.BEFORE.exists()
            assert said == "well" or "1.0.0 is back at work" in said
            second += 3
        first += 1
    assert first > 8  # it has been in the midst of all of it
