"""Set a kiosk up from the folder that `zaigang-hub kiosk prepare` made; offline, and harmless to run again.

What will be installed is looked at first: until all of it is sound, nothing is changed. Then the folder is copied, and
from that moment on the install is finished whatever happens, by zaigang-setup.service at the next start if need be.
Every step can be done twice. The identity is erased where it came from.
"""

import argparse
import shutil
import sys
from pathlib import Path

from deploy.installing import slots
from deploy.installing.commands import Refusal, guarded
from deploy.installing.files import sync
from deploy.kiosk.installer import machine
from deploy.kiosk.installer.folder import Folder, read_settings

SETUP = Path("/var/lib/zaigang-setup")
INTENT = SETUP / "folder"
GROWS = 7  # a slot, unpacked and compiled, and the folder's copy, against the bundle
SPARE = 64 << 20  # left free beside it: the journal may lie there too


def main() -> int:
    """Install, and say in one sentence what came of it."""
    args = _arguments()
    return guarded(lambda: _install(args))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="install", description="Set this kiosk up from a prepared folder.")
    parser.add_argument("folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--other-kiosk", action="store_true", help="the machine becomes another kiosk than it was")
    parser.add_argument("--older", action="store_true", help="also take an older version than the installed one")
    parser.add_argument("--other-signer", action="store_true", help="also take a bundle that another key signed")
    parser.add_argument("--resume", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _install(args: argparse.Namespace) -> str:
    folder = Folder(args.folder)
    if not args.resume:
        _compare(folder, args)
        SETUP.mkdir(mode=0o700, parents=True, exist_ok=True)
        slots.make_room(folder.bundle.path.stat().st_size * GROWS + SPARE)
        machine.put_setup_unit(folder.bundle)
        folder.copy_to(INTENT)  # from here on it is finished, at the next start if need be
    try:
        machine.set_up(Folder(INTENT))
    except Refusal:  # it is over: only a machine that lost its power tries again
        _forget_intent()
        raise
    folder.erase_identity()
    _forget_intent()
    return f"kiosk {folder.kiosk} {folder.bundle.version} is installed; see: zaigang-edge doctor"


def _forget_intent() -> None:
    shutil.rmtree(INTENT)
    sync(SETUP)


def _compare(folder: Folder, args: argparse.Namespace) -> None:
    """With what is installed already."""
    if machine.SETTINGS.is_file() and not args.other_kiosk:
        was = read_settings(machine.SETTINGS).get("kiosk")
        if was != folder.kiosk:
            raise Refusal(f"this folder is for {folder.kiosk}, and this machine is {was}: another stick? --other-kiosk")
    if not folder.bundle.by_known_signer() and not args.other_signer:
        raise Refusal("the bundle is signed by another key than what is installed: of another site? --other-signer")
    if not args.older:
        slots.refuse_older(folder.bundle)


if __name__ == "__main__":
    sys.exit(main())
