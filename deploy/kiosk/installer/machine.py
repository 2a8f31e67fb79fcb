"""Makes a machine a kiosk: user, settings, units, what keeps its disk and clock; every step can be done twice."""

import grp
import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from deploy.installing import slots
from deploy.installing.bundle import KNOWN_SIGNER, SIGNER, Bundle
from deploy.installing.commands import USER, NotDone, do, is_booted, make_user, restart, works
from deploy.installing.files import link, put, sync
from deploy.kiosk.installer.folder import FIRST_ROOT, IDENTITY, SECRETS, Folder
from deploy.kiosk.installer.journals import why_not_after, why_not_on

SETTINGS: Final = Path("/etc/zaigang/edge.toml")
PROGRAM: Final = slots.Program("zaigang-edge", "edge", ("--system-site-packages",))
HOME: Final = "/var/lib/zaigang"
JOURNAL: Final = Path(HOME) / "journal.db"
GIVEN_KEYS: Final = "site-keys.json"
"""The site keys that the hub has given the agent since it was set up."""
GROUPS: Final = ("dialout", "input", "gpio", "audio", "plugdev")
OFFERS: Final = Path("/var/lib/zaigang-setup/offered")
"""What was seen of what the hub offers; `root.json` says whom to believe."""
COMMAND: Final = Path("/usr/local/bin/zaigang-edge")
UNIT: Final = "zaigang-edge.service"
UPDATE_PATH: Final = "zaigang-update.path"
UPDATE_UNIT: Final = "zaigang-update.service"
SETUP_UNIT: Final = "zaigang-setup.service"
UNITS: Final = "/etc/systemd/system"
PLACES: Final = {
    f"units/{SETUP_UNIT}": f"{UNITS}/{SETUP_UNIT}",
    f"units/{UNIT}": f"{UNITS}/{UNIT}",
    "units/zaigang-carry@.service": f"{UNITS}/zaigang-carry@.service",
    "units/zaigang-update.service": f"{UNITS}/zaigang-update.service",
    "units/zaigang-update.path": f"{UNITS}/zaigang-update.path",
    "units/journald.conf": "/etc/systemd/journald.conf.d/zaigang.conf",
    "units/watchdog.conf": "/etc/systemd/system.conf.d/zaigang.conf",
    "units/modprobe.conf": "/etc/modprobe.d/zaigang.conf",
    "udev/70-zaigang.rules": "/etc/udev/rules.d/70-zaigang.rules",
}
UPDATERS: Final = frozenset({f"units/{UPDATE_PATH}", f"units/{UPDATE_UNIT}"})
"""By these a trial goes on after a power cut, so they are never those of the version on trial."""
BESIDE: Final = ("units", "udev", "deploy", "uninstall")
TRIAL: Final = OFFERS.with_name("trial.json")
"""The version that is still to prove itself."""
BEFORE: Final = OFFERS.with_name("before.toml")
"""The settings to go back to, while an install is under way."""
TIME: Final = Path("/etc/systemd/timesyncd.conf.d/zaigang.conf")
SWAPPERS: Final = ("dphys-swapfile.service", "rpi-zram-writeback.timer", "systemd-zram-setup@zram0.service")


def put_setup_unit(bundle: Bundle) -> None:
    """Have what ends an interrupted install at the next start."""
    name = f"units/{SETUP_UNIT}"
    put(Path(PLACES[name]), bundle.files[name])
    do("systemctl", "enable", "--quiet", SETUP_UNIT)


def set_up(folder: Folder) -> None:
    """Do all of it."""
    slot = fill(folder.bundle)
    was = slots.proven_slot() or slots.current_slot()  # what is on trial, or was interrupted, is nothing to go back to
    if was != slot and (why := why_not_there(slot, was)):
        raise NotDone(f"{why}; nothing was changed")
    settings_were = _settings_before()
    make_user(HOME)
    _join_groups()
    _put_settings(folder)
    put_system(slot, updater=slot)
    host = folder.settings.get("broker", {}).get("host", "127.0.0.1")
    put(TIME, f"# The hub keeps its kiosks' time.\n[Time]\nNTP={host}\n".encode())
    TRIAL.unlink(missing_ok=True)  # what is installed by hand takes its place
    link(slots.CURRENT, slot)
    link(COMMAND, slots.CURRENT / "venv/bin/zaigang-edge")
    _go_without_swap()
    do("systemctl", "enable", "--quiet", UNIT, UPDATE_PATH)
    if is_booted():
        _start(slot, was, settings_were)
    link(slots.PROVEN, slot)
    BEFORE.unlink(missing_ok=True)
    slots.clear(slot, was)


def why_not_there(slot: Path, was: Path | None) -> str:
    """Why the records here forbid that version after this one; empty where they do not."""
    return (why_not_after(slot, was) if was is not None else "") or why_not_on(JOURNAL, slot)


def _settings_before() -> bytes:
    """Those to go back to, also where this install was interrupted once it had put its own; empty where none were."""
    if not BEFORE.is_file():
        put(BEFORE, SETTINGS.read_bytes() if SETTINGS.is_file() else b"", 0o600)
    return BEFORE.read_bytes()


def fill(bundle: Bundle) -> Path:
    """The slot of that version, with what it puts into the system beside it."""
    beside = {name: content for name, content in bundle.files.items() if name.split("/")[0] in BESIDE}
    return slots.fill(bundle, PROGRAM, beside)


def _join_groups() -> None:
    there = {group.gr_name for group in grp.getgrall()}
    do("usermod", "--append", "--groups", ",".join(name for name in GROUPS if name in there), USER)


def _put_settings(folder: Folder) -> None:
    _put_first_root(folder)
    for name in IDENTITY:
        content = (folder.path / "identity" / name).read_bytes()
        put(SETTINGS.parent / "identity" / name, content, 0o600 if name in SECRETS else 0o644)
    _forget_other_keys(folder)
    put(KNOWN_SIGNER, folder.bundle.files[SIGNER])
    put(SETTINGS, (folder.path / "kiosk.toml").read_bytes())


def _forget_other_keys(folder: Folder) -> None:
    """Let it begin with the folder's site key, whatever it was given since: what it lacks then is given again."""
    given = Path(HOME) / GIVEN_KEYS
    if folder.keeps_keys:
        return
    with suppress(OSError, ValueError, KeyError, TypeError):
        current = json.loads(given.read_bytes())["current"]
        if current != (folder.path / "identity/site.key").read_text(encoding="ascii").strip():
            given.unlink()
            sync(given.parent)


def is_of_this_hub(ca: bytes) -> bool:
    """Whether that is the CA that is known here; the first one is taken as it is."""
    path = SETTINGS.parent / "identity/ca.crt"
    known = path.read_bytes().strip() if path.is_file() else b""
    return known in (b"", ca.strip())


def _put_first_root(folder: Folder) -> None:
    """Let another site's be forgotten, and this one's be known before there is a line to it.

    Keys that were never seen here are those of a hub that lost its own: whoever comes with its folder is believed.
    """
    was, is_now = SETTINGS.parent / "identity/ca.crt", folder.path / "identity/ca.crt"
    if was.is_file() and was.read_bytes() != is_now.read_bytes():
        shutil.rmtree(OFFERS, ignore_errors=True)
    first, known = folder.path / FIRST_ROOT, OFFERS / "root.json"
    seen = [path.read_bytes() for path in (known, *OFFERS.glob("root_history/*.json")) if path.is_file()]
    if first.is_file() and first.read_bytes() not in seen:
        put(known, first.read_bytes())


def put_system(slot: Path, updater: Path | None = None) -> None:
    """Units, settings of the system, rules for devices, as that version has them.

    Args:
        slot: the version.
        updater: whose updater goes on after a power cut; where it is not said, the proven version's.
    """
    updater = updater or slots.proven_slot() or slot
    for name, place in PLACES.items():
        put(Path(place), ((updater if name in UPDATERS else slot) / name).read_bytes())


def switch_to(slot: Path) -> None:
    """Let that version be at work, with what it puts into the system.

    Raises:
        NotDone: its agent does not start.
    """
    put_system(slot)
    link(slots.CURRENT, slot)
    do("systemctl", "daemon-reload")
    works("systemctl", "reset-failed", UNIT)
    restart(UNIT)


def is_kept(slot: Path, was: Path) -> bool:
    """Let a version that has proved itself have its own updater; False, and all is as before, where that would not do.

    Raises:
        OSError: the disk does not take it.
    """
    try:
        put_system(slot, updater=slot)
        do("systemctl", "daemon-reload")
        for unit in (UPDATE_PATH, UPDATE_UNIT):
            said = do("systemctl", "show", unit, "--property=LoadState", "--value").strip()
            if said != "loaded":
                raise NotDone(f"{unit}: {said}")  # noqa: TRY301 -- as `do` has it
    except (NotDone, OSError):
        with suppress(OSError):
            put_system(slot, updater=was)
        works("systemctl", "daemon-reload")
        return False
    link(slots.PROVEN, slot)
    return True


def go_back(was: Path, failed: Path) -> None:
    """Let the version before be at work again, whatever the disk takes now.

    The link comes first: from then on each start is that version's. What failed goes, and leaves room for the rest.
    """
    link(slots.CURRENT, was)
    with suppress(OSError):
        link(slots.PROVEN, was)
    slots.remove(failed)
    with suppress(OSError):  # units as the other version had them do as well
        put_system(was, updater=was)
    works("systemctl", "daemon-reload")
    works("systemctl", "reset-failed", UNIT)
    with suppress(NotDone):  # it is the one from now on; its unit goes on trying
        restart(UNIT)


def _go_without_swap() -> None:
    """Swapping wears a memory card out, and the agent needs little."""
    for unit in SWAPPERS:
        works("systemctl", "disable", "--now", "--quiet", unit)
    works("swapoff", "--all")


def _start(slot: Path, was: Path | None, settings_were: bytes) -> None:
    """Have the agent at work; where this version does not come up, the one before."""
    works("udevadm", "control", "--reload")
    works("udevadm", "trigger")
    do("systemctl", "daemon-reload")
    works("systemctl", "try-restart", "systemd-journald.service", "systemd-timesyncd.service")
    try:
        restart(UNIT)
        do("systemctl", "start", UPDATE_PATH)
    except NotDone as exc:
        if was is None or was == slot:
            BEFORE.unlink(missing_ok=True)
            raise NotDone(f"the agent does not come up: {exc}; see: journalctl -u {UNIT}") from exc
        put(SETTINGS, settings_were)
        put_system(was, updater=was)
        link(slots.CURRENT, was)
        link(slots.PROVEN, was)
        do("systemctl", "daemon-reload")
        BEFORE.unlink(missing_ok=True)
        restart(UNIT)
        raise NotDone(f"version {slot.name} does not come up here; {was.name} is back at work") from exc
