"""Lets a kiosk's root be read only: what must last moves to a partition of its own, and memory lies over all else.

`units/init` puts both together at each start, before systemd. The kernel's command line decides: until it names that
program the machine starts as before, and what was copied is copied anew. The agent stands still meanwhile.
"""

import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from deploy.installing.commands import NotDone, do, works
from deploy.installing.files import put, sync
from deploy.kiosk.installer import machine

LABEL: Final = "ZAIGANG-DATA"
INIT: Final = Path("/usr/local/sbin/zaigang-init")
DATA: Final = Path("/var/lib/zaigang-data")
LAST: Final = {  # as `units/init` has them
    "opt": Path("/opt/zaigang"), "etc": Path("/etc/zaigang"), "lib": Path("/var/lib/zaigang"),
    "setup": Path("/var/lib/zaigang-setup"),
}  # fmt: skip
COMMAND_LINES: Final = (Path("/boot/firmware/cmdline.txt"), Path("/boot/cmdline.txt"))
SPARE: Final = 256 << 20  # a second slot, and a journal of years
_WISH: Final = f"init={INIT}"


def is_on() -> bool:
    """Whether the machine starts by `units/init`, now or the next time."""
    return any(_WISH in path.read_text().split() for path in COMMAND_LINES if path.is_file())


def look() -> str:
    """See that it can be, and change nothing; the partition's device.

    Raises:
        NotDone: it cannot.
    """
    line = _command_line().read_text().split()
    if any(word.startswith("init=") and word != _WISH for word in line):
        raise NotDone("this machine starts by a program of its own (init=), so its root cannot be made read only")
    if not works("blkid", "-L", LABEL):
        raise NotDone(f"a read-only root wants a partition named {LABEL} (ext4) for what must last; make one first")
    return do("blkid", "-L", LABEL).strip()


def turn_on(init: bytes) -> None:
    """Have it from the next start on; what lasts lies on the partition from now on.

    Raises:
        NotDone: the partition does not take it; all is as before.
    """
    if is_on():
        return
    device = look()
    DATA.mkdir(parents=True, exist_ok=True)
    if not DATA.is_mount():
        do("mount", "-o", "noatime", device, str(DATA))
    do("systemctl", "stop", machine.UPDATE_PATH, machine.UNIT)
    try:
        _copy()
        put(INIT, init, 0o755)
        _start_by(_WISH)
    except (NotDone, OSError):
        do("systemctl", "start", machine.UNIT, machine.UPDATE_PATH)
        raise
    for name, place in LAST.items():
        for left in place.iterdir():
            with suppress(OSError):  # nobody sees it any more
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        do("mount", "--bind", str(DATA / name), str(place))
    do("systemctl", "start", machine.UNIT, machine.UPDATE_PATH)


def _copy() -> None:
    shutil.rmtree(DATA / "part", ignore_errors=True)
    used = sum(path.lstat().st_size for place in LAST.values() for path in place.rglob("*"))
    free = shutil.disk_usage(DATA).free
    if free < used + SPARE:
        raise NotDone(f"the partition {LABEL} has {free >> 20} MiB free; wanted are {(used + SPARE) >> 20} MiB")
    for name, place in LAST.items():
        do("cp", "-a", str(place), str(DATA / "part"))
        shutil.rmtree(DATA / name, ignore_errors=True)
        (DATA / "part").rename(DATA / name)
    os.sync()
    sync(DATA)


def _start_by(wish: str) -> None:
    path = _command_line()
    line = " ".join([*path.read_text().split(), wish])
    put(path, f"{line}\n".encode(), stat.S_IMODE(path.stat().st_mode))


def _command_line() -> Path:
    found = next((path for path in COMMAND_LINES if path.is_file()), None)
    if found is None:
        raise NotDone(f"a read-only root wants a Raspberry Pi's {COMMAND_LINES[0]}, which is not here")
    return found
