"""Set a hub up from its unpacked bundle, or bring it up to another version; harmless to run again.

All of the bundle is looked at first; until it is sound, nothing is changed. What is done can be done twice, and a
version is there whole before `current` points at it. `proven` points at the one that came up last: whatever interrupts
an install, a version that does not come up gives way to that one, with the database as it left it.
"""

import argparse
import os
import shutil
import sqlite3
import sys
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

from deploy.hub.installer import machine
from deploy.hub.installer.machine import as_hub
from deploy.installing import slots
from deploy.installing.bundle import Bundle
from deploy.installing.chinese import tell
from deploy.installing.commands import USER, NotDone, do, guarded, is_booted, make_user, works
from deploy.installing.files import link
from deploy.installing.parser import InstallParser

PROGRAM = slots.Program("zaigang-hub", "hub")
WANTED = 600 << 20  # a slot, unpacked and compiled, and room for the database to be migrated
UP_WITHIN_S = float(os.environ.get("ZAIGANG_UP_WITHIN_S", "90"))
HEALTH = "http://127.0.0.1:8080/healthz"
DATABASE = machine.DATA / "zaigang.sqlite"
OURS = (
    "zaigang-broker.service", "zaigang-broker-reload.path", "zaigang-backup.timer", "zaigang-backup.path",
    "zaigang-hub.service",
)  # fmt: skip


def main() -> int:
    """Install, and say what to do next."""
    parser = InstallParser(prog="install", description=tell("Set this machine up as a hub."))
    parser.add_argument("folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument(
        "--name", action="append", default=[], help=tell("a name or address by which kiosks reach this machine")
    )
    parser.add_argument("--older", action="store_true", help=tell("also take an older version than the installed one"))
    parser.add_argument("--other-signer", action="store_true", help=tell("also take a bundle that another key signed"))
    args = parser.parse_args()
    return guarded(lambda: install(args))


def install(args: argparse.Namespace) -> str:
    """All of it; what a person does now."""
    bundle, names, was = Bundle(args.folder, "hub"), args.name, version_before()
    if not bundle.by_known_signer() and not args.other_signer:
        raise NotDone("the bundle is signed by another key than what is installed; of another maker? --other-signer")
    if not args.older:
        slots.refuse_older(bundle)
    slots.make_room(WANTED)
    machine.want_packages()
    make_user(str(machine.DATA))
    machine.make_folders()
    slot = slots.fill(bundle, PROGRAM, {name: bundle.files[name] for name in ("uninstall", "README.md")})
    machine.put_files(bundle, names)
    if slot != was or not works("systemctl", "is-active", "--quiet", "zaigang-hub.service"):
        change_over(slot, was)
    machine.enter_identities(names)
    if is_booted():
        start(slot, was)
        machine.put_front(bundle)
        do("systemctl", "reload-or-restart", "nginx.service")
    slots.clear(slot, was)
    return say_next(bundle.version)


def version_before() -> Path | None:
    """The one to go back to: that which came up last, or is up now, and may have stored much since."""
    now, proven = slots.current_slot(), slots.proven_slot()
    if proven is None or now == proven:
        return now
    if not is_booted() or _trouble_now():
        return proven
    if now is not None:
        link(slots.PROVEN, now)
    return now


def change_over(slot: Path, was: Path | None) -> None:
    """Let the new version be the one, with the database that it wants; the old one's is kept beside it."""
    if is_booted():
        works("systemctl", "stop", "zaigang-hub.service")
    if was not in (None, slot) and slots.current_slot() == was:  # else an install was interrupted here
        _keep_database(was.name)
        link(slots.PROVEN, was)  # an installer of before made none
    link(slots.CURRENT, slot)
    if DATABASE.exists():
        as_hub("migrate")


def start(slot: Path, was: Path | None) -> None:
    """Start all, and see it work; else let the version before work again."""
    do("systemctl", "daemon-reload")
    works("systemctl", "disable", "--now", "mosquitto.service")  # Debian's own, at the same port
    do("systemctl", "enable", "--quiet", *OURS)
    do("systemctl", "restart", "chrony.service")
    do("systemctl", "reload-or-restart", "zaigang-broker.service")
    do("systemctl", "start", "zaigang-broker-reload.path", "zaigang-backup.timer", "zaigang-backup.path")
    works("systemctl", "start", "zaigang-backup.service")
    do("systemctl", "restart" if slot != was else "start", "zaigang-hub.service")
    reason = _reason_until_up()
    if not reason:
        link(slots.PROVEN, slot)
        return
    if was is None or was == slot:
        raise NotDone(f"the hub does not come up: {reason}; journalctl -u zaigang-hub -n 50")
    do("systemctl", "stop", "zaigang-hub.service")
    _put_database_back(was.name)
    link(slots.CURRENT, was)  # the last of it: until then another try begins with what is kept
    do("systemctl", "start", "zaigang-hub.service")
    raise NotDone(f"{slot.name} does not come up: {reason}; {was.name} is at work again, with its database")


def say_next(version: str) -> str:
    """What a person does now."""
    said = [f"the hub is installed, version {version}"]
    with suppress(NotDone):
        said.append(as_hub("ca", "show").strip())
    if not as_hub("user", "list"):
        link_of_first = as_hub("user", "invite", "admin", "--role", "city").strip()
        said.append(f"the first administrator chooses a password here: {link_of_first}")
    said.append("next:  zaigang-hub import STATIONS.xlsx; zaigang-hub kiosk prepare ID --out DIR; zaigang-hub doctor")
    return "\n".join(said)


def _reason_until_up() -> str:
    reason = "no answer"
    until_s = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < until_s:
        reason = _trouble_now()
        if not reason:
            return ""
        time.sleep(1)
    return reason


def _trouble_now() -> str:
    """Why the hub does not answer as it should; empty where it does."""
    try:
        with urllib.request.urlopen(HEALTH, timeout=5) as answer:
            answer.read()
    except urllib.error.HTTPError as exc:
        return exc.read().decode(errors="replace")[:300] or str(exc)
    except OSError as exc:
        return str(exc) or "no answer"
    return ""


def _kept(version: str) -> Path:
    return machine.DATA / f"before-{version}.sqlite"


def _keep_database(version: str) -> None:
    if not DATABASE.exists():
        return
    part = _kept(version).with_suffix(".part")
    with closing(sqlite3.connect(DATABASE)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    shutil.chown(part, USER, USER)
    part.chmod(0o600)
    part.replace(_kept(version))


def _put_database_back(version: str) -> None:
    if not _kept(version).exists():
        return
    part = DATABASE.with_suffix(".part")
    shutil.copyfile(_kept(version), part)
    shutil.chown(part, USER, USER)
    part.chmod(0o600)
    for beside in ("-wal", "-shm"):
        Path(f"{DATABASE}{beside}").unlink(missing_ok=True)
    part.replace(DATABASE)


if __name__ == "__main__":
    sys.exit(main())
