"""A machine with a kernel of its own, and so a clock of its own: User Mode Linux, which needs no other processor.

Machines in containers (`machines`) share this machine's clock. This one's stands at 1970 each time it is switched on,
as a board's without a clock chip does. Its reader is at a serial line, its stick a drive named CIDATA.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

from tests.field.image import image
from tests.field.machines import BRIDGE, TOOL_PATH, Network, Reader, run
from tests.field.patience import UP_WITHIN_S, eventually

MODULES = Path("/usr/lib/uml/modules")
READER = "/dev/ttyS0"
# No clock can be set to less than the time since it began to run.
FIRST = """#!/bin/sh
/usr/bin/date --utc --set "1970-01-01 00:01:00"
exec /sbin/init
"""
HAND = """
import json, subprocess, tty
port = open("/dev/ttyS1", "r+b", buffering=0)
tty.setraw(port)
line = b""
while True:
    line += port.read(4096)
    if line.endswith(b"\\n"):
        done = subprocess.run(json.loads(line), capture_output=True, text=True, errors="replace")
        rest = json.dumps([done.returncode, done.stdout, done.stderr]).encode() + b"\\n"
        while rest:
            rest = rest[port.write(rest):]
        line = b""
"""
HAND_UNIT = """[Unit]
Description=What a test asks of this machine
[Service]
ExecStart=/usr/bin/python3 /opt/hand.py
[Install]
WantedBy=sysinit.target
"""
UNITS = "etc/systemd/system"


class WholeMachine:
    """One of them, from `boot` to `cut_power`, as often as wanted; its cable is out until it is plugged in."""

    def __init__(self, name: str, folder: Path, network: Network, reader: Reader, stick: Path) -> None:
        self.name, self.network = name, network
        self._reader = reader
        self._folder = folder / name
        self._folder.mkdir()
        self.log = self._folder / "console.log"
        self._disk, self._stick = self._folder / "disk", self._folder / "stick"
        self._process: subprocess.Popen | None = None
        self._hand: socket.socket | None = None
        self._make_disk()
        make_stick(self._stick, stick)
        self._cable = f"tap-{name}"[:15]
        run("ip", "-n", network.name, "tuntap", "add", self._cable, "mode", "tap")
        run("ip", "-n", network.name, "link", "set", self._cable, "up")

    def boot(self) -> None:
        """Switch it on, and wait until it is up."""
        run("stty", "-F", self._reader.device, "115200")  # a line of its does not tell this machine its speed
        self._hand, its_end = socket.socketpair()
        self._hand.settimeout(UP_WITHIN_S)
        command = [
            *self.network.within, "linux.uml", "mem=512M", f"uml_dir={self._folder}", f"umid={self.name}",
            f"ubda={self._disk}", f"ubdb={self._stick}", "root=/dev/ubda", "rw", "init=/sbin/first",
            f"eth0=tuntap,{self._cable}", "con=null", "con0=null,fd:1", "systemd.getty_auto=no",
            f"ssl0=tty:{self._reader.device}", f"ssl1=fd:{its_end.fileno()}",
        ]  # fmt: skip
        with its_end, self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[its_end.fileno()],
                start_new_session=True, env={**os.environ, "PATH": TOOL_PATH},
            )  # fmt: skip
        assert eventually(self.is_up, UP_WITHIN_S), self.log.read_text(errors="replace")[-3000:]

    def try_to(self, *command: object) -> subprocess.CompletedProcess:
        """Run a command in it, as root, whatever comes of it."""
        assert self._hand is not None
        self._hand.sendall(json.dumps([str(word) for word in command]).encode() + b"\n")
        got = b""
        while not got.endswith(b"\n"):
            more = self._hand.recv(65536)
            assert more, f"{self.name} is off: {self.log.read_text(errors='replace')[-3000:]}"
            got += more
        return subprocess.CompletedProcess(command, *json.loads(got))

    def do(self, *command: object) -> str:
        """The same, and it must succeed."""
        done = self.try_to(*command)
        assert done.returncode == 0, f"{command}: status {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-3000:]}"
        return done.stdout

    def is_up(self) -> bool:
        return self.try_to("systemctl", "is-active", "--quiet", "multi-user.target").returncode == 0

    def plug_in(self) -> None:
        run("ip", "-n", self.network.name, "link", "set", self._cable, "master", BRIDGE)

    def pull_cable(self) -> None:
        run("ip", "-n", self.network.name, "link", "set", self._cable, "nomaster")

    def cut_power(self) -> None:
        """Everything in it ends at once, unasked."""
        if self._process is None or self._hand is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(60)
        self._process = None
        self._hand.close()
        shutil.rmtree(self._folder / self.name, ignore_errors=True)

    def close(self) -> None:
        self.cut_power()
        run("ip", "-n", self.network.name, "link", "delete", self._cable)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make_disk(self) -> None:
        """The image's files, and what lets a test give orders, on a disk."""
        root = self._folder / "root"
        for part in ("root", "upper", "work"):
            (self._folder / part).mkdir()
        layers = f"lowerdir={image()},upperdir={self._folder / 'upper'},workdir={self._folder / 'work'}"
        run("mount", "-t", "overlay", self.name, "-o", layers, root)
        try:
            for path, content in (
                ("etc/machine-id", ""),
                ("etc/fstab", "/dev/ubda / ext4 defaults,noatime 0 1\n"),
                ("sbin/first", FIRST),
                ("opt/hand.py", HAND),
                (f"{UNITS}/hand.service", HAND_UNIT),
            ):
                (root / path).write_text(content)
            (root / "sbin/first").chmod(0o755)
            for target, unit in (("sysinit", "hand"), ("multi-user", "systemd-networkd")):
                wants = root / UNITS / f"{target}.target.wants"
                wants.mkdir(exist_ok=True)
                place = "etc" if unit == "hand" else "usr/lib"
                (wants / f"{unit}.service").symlink_to(f"/{place}/systemd/system/{unit}.service")
            shutil.copytree(MODULES, root / "usr/lib/modules", dirs_exist_ok=True)
            run("truncate", "--size", "2G", self._disk)
            run("mkfs.ext4", "-q", "-d", root, self._disk)
        finally:
            run("umount", root)


def make_stick(file: Path, content: Path) -> None:
    """A stick named CIDATA with that folder's files on it."""
    run("truncate", "--size", "64M", file)
    run("mkfs.vfat", "-n", "CIDATA", file)
    run("mcopy", "-s", "-i", file, *sorted(content.iterdir()), "::")
