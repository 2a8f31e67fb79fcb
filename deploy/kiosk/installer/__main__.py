"""Set a kiosk up from the folder that `zaigang-hub kiosk prepare` made; offline, and harmless to run again.

What will be installed is looked at first: until all of it is sound, nothing is changed. Then the folder is copied, and
from that moment on the install is finished whatever happens, by zaigang-setup.service at the next start if need be.
Every step can be done twice. The identity is erased where it came from.
"""

import argparse
import fcntl
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import machine
import slots
from commands import Refusal
from files import sync
from folder import SIGNER, Folder, read_settings

SETUP = Path("/var/lib/zaigang-setup")
INTENT = SETUP / "folder"
LOCK = Path("/run/zaigang-install.lock")


def main() -> int:
    """Install, and say in one sentence what came of it."""
    args = _arguments()
    try:
        with _alone():
            folder = _install(args)
    except Refusal as exc:
        sys.stderr.write(f"zaigang: {exc}\n")
        return 1
    except OSError as exc:
        sys.stderr.write(f"zaigang: {exc}; mend that and run install again\n")
        return 1
    said = f"kiosk {folder.kiosk} {folder.bundle.version} is installed; see: zaigang-edge doctor"
    sys.stdout.write(f"zaigang: {said}\n")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="install", description="Set this kiosk up from a prepared folder.")
    parser.add_argument("folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--other-kiosk", action="store_true", help="the machine becomes another kiosk than it was")
    parser.add_argument("--older", action="store_true", help="also take an older version than the installed one")
    parser.add_argument("--other-signer", action="store_true", help="also take a bundle that another key signed")
    parser.add_argument("--resume", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def _alone() -> Iterator[None]:
    with LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise Refusal("another install is at work; wait for it") from exc
        yield


def _install(args: argparse.Namespace) -> Folder:
    folder = Folder(args.folder)
    if not args.resume:
        _compare(folder, args)
        SETUP.mkdir(mode=0o700, parents=True, exist_ok=True)
        slots.make_room(folder.bundle)
        machine.put_setup_unit(folder.bundle)
        folder.copy_to(INTENT)  # from here on it is finished, at the next start if need be
    try:
        machine.set_up(Folder(INTENT))
    except Refusal:  # it is over: only a machine that lost its power tries again
        _forget_intent()
        raise
    folder.erase_identity()
    _forget_intent()
    return folder


def _forget_intent() -> None:
    shutil.rmtree(INTENT)
    sync(SETUP)


def _compare(folder: Folder, args: argparse.Namespace) -> None:
    """With what is installed already."""
    if machine.SETTINGS.is_file() and not args.other_kiosk:
        was = read_settings(machine.SETTINGS).get("kiosk")
        if was != folder.kiosk:
            raise Refusal(f"this folder is for {folder.kiosk}, and this machine is {was}: another stick? --other-kiosk")
    known = machine.KNOWN_SIGNER.read_bytes() if machine.KNOWN_SIGNER.is_file() else b""
    if known not in (b"", folder.bundle.files[SIGNER]) and not args.other_signer:
        raise Refusal("the bundle is signed by another key than what is installed: of another site? --other-signer")
    was_version = slots.current_version()
    if was_version and not args.older and slots.rank(folder.bundle.version) < slots.rank(was_version):
        found = f"the folder has version {folder.bundle.version}, older than {was_version}, which is installed"
        raise Refusal(f"{found}; --older takes it all the same")


if __name__ == "__main__":
    sys.exit(main())
