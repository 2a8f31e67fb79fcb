"""A Debian to boot, made once and kept: what a Raspberry Pi OS Lite has and the product leans on, and no more.

`python -m tests.field.image` makes it; that takes about two minutes and the network, and nothing after it does.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CACHE = Path(os.environ.get("ZAIGANG_FIELD_CACHE", "/var/cache/zaigang-field"))
RELEASE = "bookworm"
ALL = os.environ.get("ZAIGANG_FIELD") == "all"
"""`make field`; otherwise what `make test` has minutes for."""
HUB_RELEASE = os.environ.get("ZAIGANG_FIELD_HUB", RELEASE)
BASE = "systemd,systemd-sysv,dbus,udev,python3,iproute2,kmod,procps,openssl"
MORE = ("systemd-timesyncd", "cloud-init")  # debootstrap trips over the order of cloud-init's Python packages
OF_HUB = ("mosquitto", "nginx-light", "chrony")  # what a hub takes from Debian
ARCH = os.environ.get("ZAIGANG_FIELD_ARCH", "")
"""Of the kiosk's machine, Debian's word; empty for this machine's own, `armhf` for a small Pi's, which is emulated."""
EMULATED = {"armhf": "arm", "arm64": "aarch64"}
FORMATS = Path("/proc/sys/fs/binfmt_misc")
TOOLS = ("systemd-nspawn", "debootstrap", "ip", "unshare")

PACKAGES = {"linux.uml": "user-mode-linux", "mkfs.vfat": "dosfstools", "mcopy": "mtools", "mkfs.ext4": "e2fsprogs"}


def missing(more: tuple[str, ...] = ()) -> str:
    """Why no machine can be booted here; empty where it can. `more` are other programs that this takes."""
    if os.geteuid() != 0:
        return "booting machines needs root"
    if ARCH and not Path(f"/usr/lib/binfmt.d/qemu-{EMULATED[ARCH]}.conf").exists():
        return "not installed: qemu-user-static"
    absent = [
        PACKAGES.get(tool, tool)
        for tool in (*TOOLS, *more)
        if shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin") is None
    ]
    return f"not installed: {', '.join(absent)}" if absent else ""


def missing_for_whole() -> str:
    """Why no machine with a kernel of its own can be booted here; empty where it can."""
    if os.uname().machine != "x86_64" or ARCH:
        return "a machine with a clock of its own is made for this machine's processor alone, and that must be x86_64"
    return missing(("linux.uml", "mkfs.vfat", "mcopy", "mkfs.ext4"))


def image() -> Path:
    """The root of it; made where there is none yet."""
    if ARCH:
        _emulate()
        return _made(CACHE / f"{RELEASE}-{ARCH}", RELEASE, ())
    return _made(CACHE / RELEASE, RELEASE, MORE)


def hub_image() -> Path:
    """What a hub is installed on: Debian, with what it takes from there beside its bundle."""
    return _made(CACHE / f"{HUB_RELEASE}-hub", HUB_RELEASE, OF_HUB)


def _emulate() -> None:
    """Let this kernel run programs of that kind of machine; in a container nobody else does."""
    name = f"qemu-{EMULATED[ARCH]}"
    if not (FORMATS / "register").exists():
        subprocess.run(["mount", "-t", "binfmt_misc", "binfmt_misc", str(FORMATS)], check=True)
    if not (FORMATS / name).exists():
        (FORMATS / "register").write_bytes(Path(f"/usr/lib/binfmt.d/{name}.conf").read_bytes())


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else makes something to keep meanwhile, from another tree either."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _made(made: Path, release: str, packages: tuple[str, ...]) -> Path:
    with alone():
        if not made.is_dir():
            try:
                part = _make(made.with_name(f"{made.name}.part"), release, packages)
            except subprocess.SubprocessError:  # an index that is being replaced answers with "BAD signature" once
                part = _make(made.with_name(f"{made.name}.part"), release, packages)
            part.rename(made)
    return made


def _make(part: Path, release: str, packages: tuple[str, ...]) -> Path:
    for inner in ("sys", "proc"):  # of one that was ended half way: what is mounted there is this machine's own
        if (part / inner).is_mount():
            subprocess.run(["umount", str(part / inner)], check=True)
    shutil.rmtree(part, ignore_errors=True)
    environ = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin", "DEBIAN_FRONTEND": "noninteractive"}
    arch = [f"--arch={ARCH}"] if ARCH and not packages else []
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages] if packages else ["true"]
    for command in (
        ["debootstrap", *arch, "--variant=minbase", f"--include={BASE}", release, str(part)],
        ["chroot", str(part), *install],
        ["chroot", str(part), "apt-get", "clean"],
    ):
        subprocess.run(command, check=True, env=environ, stdout=sys.stderr, timeout=3600)
    (part / "etc/cloud").mkdir(exist_ok=True)
    return part


if __name__ == "__main__":
    sys.stdout.write(f"{image()}\n")
