"""Set a kiosk up from the folder that `zaigang-hub kiosk prepare` made; offline, and harmless to run again.

With `--claim` the folder holds the program alone, and what it lacks is asked of the hub (`claiming`).

What will be installed is looked at first: until all of it is sound, nothing is changed. Then the folder is copied, and
from that moment on the install is finished whatever happens, by zaigang-setup.service at the next start if need be.
Every step can be done twice. The identity is erased where it came from.
"""

import argparse
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from deploy.installing import slots
from deploy.installing.bundle import Bundle
from deploy.installing.chinese import tell
from deploy.installing.commands import NotDone, guarded
from deploy.installing.files import sync
from deploy.installing.parser import InstallParser
from deploy.kiosk.installer import claiming, machine, own_lamp, read_only
from deploy.kiosk.installer.folder import Folder, bundle_in, read_settings

SETUP = Path("/var/lib/zaigang-setup")
INTENT = SETUP / "folder"
CLAIMED = SETUP / "claimed"
GROWS = 7  # a slot, unpacked and compiled, and the folder's copy, against the bundle
SPARE = 64 << 20  # left free beside it: the journal may lie there too


def main() -> int:
    """Install, and say in one sentence what came of it; to who has no screen by the board's own lamp."""
    args = _arguments()
    status = guarded(lambda: _install(args))
    if status:
        own_lamp.blink()
    return status


def _arguments() -> argparse.Namespace:
    parser = InstallParser(prog="install", description=tell("Set this kiosk up from a prepared folder."))
    parser.add_argument("folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument(
        "--other-kiosk", action="store_true", help=tell("the machine becomes another kiosk than it was")
    )
    parser.add_argument("--other-hub", action="store_true", help=tell("the machine is to be another hub's from now on"))
    parser.add_argument("--older", action="store_true", help=tell("also take an older version than the installed one"))
    parser.add_argument("--other-signer", action="store_true", help=tell("also take a bundle that another key signed"))
    parser.add_argument(
        "--read-only-root", action="store_true", help=tell("write to a partition named ZAIGANG-DATA alone")
    )
    parser.add_argument(
        "--claim", metavar="CODE", help=tell("ask the hub for who this kiosk is, by a code of 8 digits")
    )
    for name, what in (("kiosk", "its id"), ("hub", "the hub's address"), ("ca", "the site's CA: file or fingerprint")):
        parser.add_argument(f"--{name}", default="", help=tell(f"with --claim: {what}"))
    parser.add_argument("--resume", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _install(args: argparse.Namespace) -> str:
    if args.claim:
        wish = claiming.ClaimWish(args.kiosk, args.claim, args.hub, args.ca)
        _look_before(args, wish.kiosk, bundle_in(args.folder))
        _look_whose(args, claiming.authority(wish).encode())
        claiming.claim(wish, args.folder, CLAIMED)
        folder = Folder(CLAIMED)
    else:
        folder = Folder(args.folder)
        if not args.resume:
            args.read_only_root = args.read_only_root or folder.wants_read_only
            _look_before(args, folder.kiosk, folder.bundle)
            _look_whose(args, (folder.path / "identity/ca.crt").read_bytes())
    folder.wants_read_only = folder.wants_read_only or args.read_only_root
    if not args.resume:
        machine.put_setup_unit(folder.bundle)
        folder.copy_to(INTENT)  # from here on it is finished, at the next start if need be
    try:
        machine.set_up(Folder(INTENT))
    except NotDone:  # it is over: only a machine that lost its power tries again
        _forget_intent()
        raise
    folder.erase_identity()
    claiming.forget(CLAIMED)
    if folder.wants_read_only:
        _lay_over(folder.bundle)
    _forget_intent()
    return f"kiosk {folder.kiosk} {folder.bundle.version} is installed; see: zaigang-edge doctor"


def _lay_over(bundle: Bundle) -> None:
    try:
        read_only.turn_on(bundle.files["units/init"])
    except NotDone as exc:
        _forget_intent()
        raise NotDone(f"the kiosk is installed, but its root stays writable: {exc}") from exc


def _forget_intent() -> None:
    """In one step: what is half gone would be taken up at every start, and refused."""
    machine.BEFORE.unlink(missing_ok=True)
    over = INTENT.with_name("over")
    shutil.rmtree(over, ignore_errors=True)
    INTENT.rename(over)
    sync(SETUP)
    shutil.rmtree(over)


def _look_before(args: argparse.Namespace, kiosk: str, bundle: Bundle) -> None:
    """Compare with what is installed already, and see that it will fit; nothing is changed."""
    if machine.SETTINGS.is_file() and not args.other_kiosk:
        was = kiosk  # also where its settings cannot be read: nobody's
        with suppress(NotDone):
            was = read_settings(machine.SETTINGS).get("kiosk") or kiosk
        if was != kiosk:
            raise NotDone(f"this folder is for {kiosk}, and this machine is {was}: another stick? --other-kiosk")
    if not bundle.by_known_signer() and not args.other_signer:
        raise NotDone("the bundle is signed by another key than what is installed: of another site? --other-signer")
    if not args.older:
        slots.refuse_older(bundle)
    if args.read_only_root:
        read_only.look()
    SETUP.mkdir(mode=0o700, parents=True, exist_ok=True)
    slots.make_room(bundle.path.stat().st_size * GROWS + SPARE)


def _look_whose(args: argparse.Namespace, ca: bytes) -> None:
    """A kiosk of the same id may well be another city's."""
    if not args.other_hub and not machine.is_of_this_hub(ca):
        raise NotDone("this folder is of another hub than this machine's, by its CA: another stick? --other-hub")


if __name__ == "__main__":
    sys.exit(main())
