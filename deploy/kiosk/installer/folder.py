"""A prepared folder, looked through before anything of it is used."""

import os
import shutil
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from deploy.installing.bundle import Bundle
from deploy.installing.commands import Refusal
from deploy.installing.files import sync, write

IDENTITY: Final = ("ca.crt", "kiosk.crt", "kiosk.key", "site.key")
SECRETS: Final = ("kiosk.key", "site.key")
FIRST_ROOT: Final = "updates-root.json"  # not in the folders of an older hub
READ_ONLY: Final = "read-only-root"  # a file: the kiosk's root is wanted so


class Folder:
    """What the hub prepared for one kiosk.

    Attributes:
        kiosk: whom it is for.
        settings: the agent's.
        bundle: the program.
        wants_read_only: memory is to lie over the machine's root.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        for name in ("install", "kiosk.toml", *(f"identity/{name}" for name in IDENTITY)):
            if not (path / name).is_file():
                raise Refusal(f"{path} has no {name}; copy the whole folder anew: zaigang-hub kiosk prepare")
        self.settings = read_settings(path / "kiosk.toml")
        self.kiosk = str(self.settings.get("kiosk", ""))
        self.bundle = bundle_in(path)
        self.wants_read_only = (path / READ_ONLY).is_file()

    def copy_to(self, path: Path) -> None:
        """Copy it, whole or not at all."""
        part = path.with_name(f"{path.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        (part / "identity").mkdir(parents=True)
        part.chmod(0o700)
        more = [FIRST_ROOT] if (self.path / FIRST_ROOT).is_file() else []
        for name in ("install", "kiosk.toml", self.bundle.path.name, *more, *(f"identity/{name}" for name in IDENTITY)):
            write(part / name, (self.path / name).read_bytes(), 0o600)
        if self.wants_read_only:
            write(part / READ_ONLY, b"", 0o600)
        sync(part / "identity")
        sync(part)
        shutil.rmtree(path, ignore_errors=True)
        part.rename(path)
        sync(path.parent)

    def erase_identity(self) -> None:
        """Overwrite the secrets before they go: on a memory card it is the best that can be done."""
        for name in SECRETS:
            path = self.path / "identity" / name
            with suppress(OSError):  # a stick that cannot be written
                size = path.stat().st_size
                with path.open("r+b") as file:
                    file.write(os.urandom(size))
                    os.fsync(file.fileno())
                path.unlink()


def bundle_in(path: Path) -> Bundle:
    """The program that lies there; `install` has seen that it is one."""
    return Bundle(next(path.glob("zaigang-kiosk-*.tar")), "kiosk")


def read_settings(path: Path) -> dict[str, Any]:
    """The agent's settings, as far as an install goes by them."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as exc:
        raise Refusal(f"{path} cannot be read ({exc}); copy the folder again") from exc
