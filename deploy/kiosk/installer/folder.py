"""A prepared folder, looked through before anything of it is used.

A stick that was pulled out too early has all files, and nothing in some of them: so each is read, and not only there.
"""

import os
import re
import shutil
import ssl
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from deploy.installing.bundle import Bundle
from deploy.installing.commands import NotDone, do, works
from deploy.installing.files import sync, write

IDENTITY: Final = ("ca.crt", "kiosk.crt", "kiosk.key", "site.key")
SECRETS: Final = ("kiosk.key", "site.key")
HELD: Final = Path("/etc/zaigang/identity")
"""Where a machine that is a kiosk already has its own."""
KEPT: Final = "kept-keys"  # a file: what was given to the kiosk since stays
FIRST_ROOT: Final = "updates-root.json"  # not in the folders of an older hub
READ_ONLY: Final = "read-only-root"  # a file: the kiosk's root is wanted so


class Folder:
    """What the hub prepared for one kiosk.

    Attributes:
        kiosk: whom it is for.
        settings: the agent's.
        bundle: the program.
        wants_read_only: memory is to lie over the machine's root.
        keeps_keys: its secrets were erased when this machine was set up from it, and are the machine's own.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.keeps_keys = (path / KEPT).is_file() or _was_set_up_from(path / "identity")
        for name in ("install", "kiosk.toml", *(f"identity/{name}" for name in IDENTITY)):
            if not (path / name).is_file() and not (self.keeps_keys and Path(name).name in SECRETS):
                raise NotDone(f"{path} has no {name}; copy the whole folder anew: zaigang-hub kiosk prepare")
        self.settings = read_settings(path / "kiosk.toml")
        self.kiosk = str(self.settings.get("kiosk", ""))
        broker = self.settings.get("broker")
        if not self.kiosk or not isinstance(broker, dict) or not broker.get("host"):
            raise NotDone(
                f"{path}/kiosk.toml does not say whose it is: it is empty, or cut short; copy the folder again"
            )
        _see_identity({name: self.identity_file(name) for name in IDENTITY}, self.kiosk)
        self.bundle = bundle_in(path)
        self.wants_read_only = (path / READ_ONLY).is_file()

    def identity_file(self, name: str) -> Path:
        """Where that one of `IDENTITY` lies."""
        own = self.path / "identity" / name
        return HELD / name if self.keeps_keys and not own.is_file() else own

    def copy_to(self, path: Path) -> None:
        """Copy it, whole or not at all."""
        part = path.with_name(f"{path.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        (part / "identity").mkdir(parents=True)
        part.chmod(0o700)
        more = [FIRST_ROOT] if (self.path / FIRST_ROOT).is_file() else []
        for name in ("install", "kiosk.toml", self.bundle.path.name, *more):
            write(part / name, (self.path / name).read_bytes(), 0o600)
        for name in IDENTITY:
            write(part / "identity" / name, self.identity_file(name).read_bytes(), 0o600)
        for name, is_wanted in ((READ_ONLY, self.wants_read_only), (KEPT, self.keeps_keys)):
            if is_wanted:
                write(part / name, b"", 0o600)
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


def _was_set_up_from(identity: Path) -> bool:
    """Whether this machine is that kiosk, by the certificates, and has the secrets that are gone there."""
    if any((identity / name).is_file() for name in SECRETS):
        return False
    with suppress(OSError):
        same = all((identity / name).read_bytes() == (HELD / name).read_bytes() for name in IDENTITY[:2])
        return same and all((HELD / name).is_file() for name in SECRETS)
    return False


def _see_identity(files: dict[str, Path], kiosk: str) -> None:
    """See that each file is what it is named after, and that they belong together; whatever time it is here."""
    again = "copy the whole folder anew: zaigang-hub kiosk prepare"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(files["ca.crt"])
    except OSError as exc:
        raise NotDone(f"{files['ca.crt']} is no certificate: it is empty, or cut short; {again}") from exc
    try:
        context.load_cert_chain(files["kiosk.crt"], files["kiosk.key"], password="")
    except OSError as exc:
        found = f"{files['kiosk.crt']} and kiosk.key are empty, cut short, or not of one kiosk"
        raise NotDone(f"{found}; {again}") from exc
    name = do("openssl", "x509", "-in", str(files["kiosk.crt"]), "-noout", "-subject", "-nameopt", "RFC2253").strip()
    if f"CN={kiosk}" not in re.split("[=,]", name.replace("CN=", "CN\0"))[0:] and name.rpartition("CN=")[2] != kiosk:
        raise NotDone(f"{files['kiosk.crt']} is for {name.rpartition('CN=')[2]}, and kiosk.toml for {kiosk}; {again}")
    if not works("openssl", "verify", "-no_check_time", "-CAfile", str(files["ca.crt"]), str(files["kiosk.crt"])):
        raise NotDone(f"{files['kiosk.crt']} is of another hub than the ca.crt beside it; {again}")
    if re.fullmatch(rb"\s*[0-9a-fA-F]{32,}\s*", files["site.key"].read_bytes()) is None:
        raise NotDone(f"{files['site.key']} is no key: it is empty, or cut short; {again}")


def bundle_in(path: Path) -> Bundle:
    """The program that lies there; `install` has seen that it is one."""
    return Bundle(next(path.glob("zaigang-kiosk-*.tar")), "kiosk")


def read_settings(path: Path) -> dict[str, Any]:
    """The agent's settings, as far as an install goes by them."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as exc:
        raise NotDone(f"{path} cannot be read ({exc}); copy the folder again") from exc
