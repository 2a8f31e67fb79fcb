"""Makes a machine a kiosk: user, settings, units, what keeps its disk and clock; every step can be done twice."""

import grp
from pathlib import Path
from typing import Final

import slots
from commands import Refusal, attempt, do
from files import link, put
from folder import IDENTITY, SECRETS, SIGNER, Bundle, Folder

SETTINGS: Final = Path("/etc/zaigang/edge.toml")
KNOWN_SIGNER: Final = Path("/etc/zaigang") / SIGNER
USER: Final = "zaigang"
HOME: Final = "/var/lib/zaigang"
GROUPS: Final = ("dialout", "input", "gpio", "audio", "plugdev")
COMMAND: Final = Path("/usr/local/bin/zaigang-edge")
UNIT: Final = "zaigang-edge.service"
SETUP_UNIT: Final = "zaigang-setup.service"
UNITS: Final = "/etc/systemd/system"
PLACES: Final = {
    f"units/{SETUP_UNIT}": f"{UNITS}/{SETUP_UNIT}",
    f"units/{UNIT}": f"{UNITS}/{UNIT}",
    "units/journald.conf": "/etc/systemd/journald.conf.d/zaigang.conf",
    "units/watchdog.conf": "/etc/systemd/system.conf.d/zaigang.conf",
    "units/modprobe.conf": "/etc/modprobe.d/zaigang.conf",
    "udev/70-zaigang.rules": "/etc/udev/rules.d/70-zaigang.rules",
}
TIME: Final = Path("/etc/systemd/timesyncd.conf.d/zaigang.conf")
SWAPPERS: Final = ("dphys-swapfile.service", "rpi-zram-writeback.timer", "systemd-zram-setup@zram0.service")


def put_setup_unit(bundle: Bundle) -> None:
    """Have what ends an interrupted install at the next start."""
    name = f"units/{SETUP_UNIT}"
    put(Path(PLACES[name]), bundle.files[name])
    do("systemctl", "enable", "--quiet", SETUP_UNIT)


def set_up(folder: Folder) -> None:
    """Do all of it."""
    slot = slots.fill(folder.bundle)
    was = slots.CURRENT.resolve() if slots.CURRENT.exists() else None
    settings_were = SETTINGS.read_bytes() if SETTINGS.is_file() else b""
    _make_user()
    _put_settings(folder)
    _put_system(slot)
    host = folder.settings.get("broker", {}).get("host", "127.0.0.1")
    put(TIME, f"# The hub keeps its kiosks' time.\n[Time]\nNTP={host}\n".encode())
    link(slots.CURRENT, slot)
    link(COMMAND, slots.CURRENT / "venv/bin/zaigang-edge")
    _go_without_swap()
    do("systemctl", "enable", "--quiet", UNIT)
    if Path("/run/systemd/system").is_dir():
        _start(slot, was, settings_were)
    slots.clear(slot, was)


def _make_user() -> None:
    if not attempt("id", USER):
        do("useradd", "--system", "--no-create-home", "--home-dir", HOME, "--shell", "/usr/sbin/nologin", USER)
    there = {group.gr_name for group in grp.getgrall()}
    do("usermod", "--append", "--groups", ",".join(name for name in GROUPS if name in there), USER)


def _put_settings(folder: Folder) -> None:
    for name in IDENTITY:
        content = (folder.path / "identity" / name).read_bytes()
        put(SETTINGS.parent / "identity" / name, content, 0o600 if name in SECRETS else 0o644)
    put(KNOWN_SIGNER, folder.bundle.files[SIGNER])
    put(SETTINGS, (folder.path / "kiosk.toml").read_bytes())


def _put_system(slot: Path) -> None:
    for name, place in PLACES.items():
        put(Path(place), (slot / name).read_bytes())


def _go_without_swap() -> None:
    """Swapping wears a memory card out, and the agent needs little."""
    for unit in SWAPPERS:
        attempt("systemctl", "disable", "--now", "--quiet", unit)
    attempt("swapoff", "--all")


def _start(slot: Path, was: Path | None, settings_were: bytes) -> None:
    """Have the agent at work; where this version does not come up, the one before."""
    attempt("udevadm", "control", "--reload")
    attempt("udevadm", "trigger")
    do("systemctl", "daemon-reload")
    attempt("systemctl", "try-restart", "systemd-journald.service", "systemd-timesyncd.service")
    try:
        do("systemctl", "restart", UNIT)
    except Refusal as exc:
        if was is None or was == slot:
            raise Refusal(f"the agent does not come up: {exc}; see: journalctl -u {UNIT}") from exc
        link(slots.CURRENT, was)
        put(SETTINGS, settings_were)
        _put_system(was)
        do("systemctl", "daemon-reload")
        do("systemctl", "restart", UNIT)
        raise Refusal(f"version {slot.name} does not come up here; {was.name} is back at work") from exc
