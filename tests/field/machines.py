"""Real machines: Debian booted by systemd-nspawn, on a bridge in a network of their own that has no way out.

A machine's disk is laid over the image, so it starts from the same state each time and keeps what was written when its
power is cut. A card reader is a pseudo-terminal of `zaigang-sim reader`, bound in as /dev/ttyUSB0.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.field.image import image
from tests.field.patience import UP_WITHIN_S, eventually

BRIDGE = "br0"
NET = "10.77.0"
TOOL_PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"


def run(*command, **more) -> str:
    environ = {**os.environ, "PATH": TOOL_PATH}
    words = [str(part) for part in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environ, **more)
    if done.returncode:
        raise AssertionError(f"{command}: status {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
    return done.stdout


class Network:
    """A bridge, alone in a network namespace."""

    def __init__(self, name: str) -> None:
        self.name = name
        run("ip", "netns", "add", name)
        run("ip", "-n", name, "link", "add", BRIDGE, "type", "bridge")
        run("ip", "-n", name, "addr", "add", f"{NET}.1/24", "dev", BRIDGE)
        for link in (BRIDGE, "lo"):
            run("ip", "-n", name, "link", "set", link, "up")

    @property
    def within(self) -> list[str]:
        """What makes a command run in it."""
        return ["nsenter", f"--net=/run/netns/{self.name}", "--"]

    def close(self) -> None:
        run("ip", "netns", "delete", self.name)


class Machine:
    """One machine, from `boot` to `cut_power`, as often as wanted."""

    def __init__(
        self,
        name: str,
        folder: Path,
        network: Network,
        address: int,
        reader: "Reader | None" = None,
        *,
        disk: Path | None = None,
        partition: "Partition | None" = None,
    ) -> None:
        self.name, self.network, self.address = name, network, f"{NET}.{address}"
        self._reader, self._partition = reader, partition
        self._folder = folder / name
        self.root = self._folder / "root"
        self.log = self._folder / "console.log"
        self._process: subprocess.Popen | None = None
        for part in ("root", "upper", "work"):
            (self._folder / part).mkdir(parents=True)
        layers = f"lowerdir={disk or image()},upperdir={self._folder / 'upper'},workdir={self._folder / 'work'}"
        run("mount", "-t", "overlay", name, "-o", layers, self.root)
        for path, content in (("etc/hostname", name), ("etc/machine-id", ""), ("etc/cloud/cloud-init.disabled", "")):
            (self.root / path).write_text(content)

    def boot(self) -> None:
        """Switch it on, and wait until it is up."""
        command = [
            *self.network.within, "systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit",
            f"--directory={self.root}", f"--machine={self.name}", f"--network-bridge={BRIDGE}", "--console=read-only",
            "--resolv-conf=off", "--timezone=off",
        ]  # fmt: skip
        if self._reader is not None:
            command.append(f"--bind={self._reader.device}:/dev/ttyUSB0")
        if self._partition is not None:
            command.append(f"--bind={self._partition.device}")
        if first := self._first_program():
            command.remove("--boot")
            command.append(first)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, "PATH": TOOL_PATH}
            )
        assert eventually(lambda: self._leader() is not None), self.log.read_text()
        assert eventually(self.is_up, UP_WITHIN_S), self.log.read_text()[-3000:]
        self.do("ip", "addr", "add", f"{self.address}/24", "dev", "host0")
        self.plug_in()

    def do(self, *command, **more) -> str:
        """Run a command in it, as root."""
        return run("nsenter", "--target", self._leader(), "--all", "--wdns=/", "--", *command, **more)

    def try_to(self, *command, **more) -> subprocess.CompletedProcess:
        """The same, whatever comes of it."""
        enter = ["nsenter", "--target", str(self._leader()), "--all", "--wdns=/", "--"]
        return subprocess.run([*enter, *map(str, command)], capture_output=True, text=True, check=False, **more)

    @property
    def inside(self) -> Path:
        """Its disk as it sees it now, whatever it has laid over it."""
        return Path(f"/proc/{self._leader()}/root")

    def is_up(self) -> bool:
        """It is; what a start has set off, an update that goes on say, may last."""
        return self.try_to("systemctl", "is-active", "--quiet", "multi-user.target").returncode == 0

    def plug_in(self) -> None:
        self.do("ip", "link", "set", "host0", "up")

    def pull_cable(self) -> None:
        self.do("ip", "link", "set", "host0", "down")

    def cut_power(self) -> None:
        """Everything in it ends at once, unasked."""
        process, leader = self._process, self._leader()
        if process is None:
            return
        if leader is not None:
            for each in _all_in_machine(leader):  # else some see others end, and write of it
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGSTOP)
            with suppress(ProcessLookupError):
                os.kill(leader, signal.SIGKILL)
            assert eventually(lambda: not Path(f"/proc/{leader}").exists())
        process.kill()
        process.wait(60)
        self._process = None
        subprocess.run(  # its cable; where nspawn had no time to, the kernel takes it away a little later
            ["ip", "-n", self.network.name, "link", "delete", f"vb-{self.name}"], capture_output=True, check=False
        )

    def switch_off(self) -> None:
        """As from its menu: everything in it is asked to end."""
        self.do("systemctl", "--no-block", "poweroff")
        assert eventually(lambda: self._process.poll() is not None)
        self._process = None

    def close(self) -> None:
        self.cut_power()
        run("umount", "--lazy", self.root)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _first_program(self) -> str:
        """What its kernel is told to begin with; empty where it is nothing of its own."""
        line = self.root / "boot/firmware/cmdline.txt"
        words = line.read_text().split() if line.is_file() else []
        return next((word.removeprefix("init=") for word in words if word.startswith("init=")), "")

    def _leader(self) -> int | None:
        """The machine's first process, as seen from here."""
        if self._process is None:
            return None
        try:
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        except OSError:
            return None
        return next((int(pid) for pid in children if _is_first_in_its_machine(pid)), None)


def _all_in_machine(leader: int) -> list[int]:
    """Its processes, as seen from here, the first one first."""
    found = []
    for each in sorted(int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()):
        with suppress(OSError):
            if Path(f"/proc/{each}/ns/pid").readlink() == Path(f"/proc/{leader}/ns/pid").readlink():
                found.append(each)
    return found


class Partition:
    """One more partition of a machine's memory card, with a name."""

    def __init__(self, file: Path, name: str, size: str = "600M") -> None:
        run("truncate", "--size", size, file)
        run("mkfs.ext4", "-q", "-L", name, file)
        self.device = run("losetup", "--find", "--show", file).strip()

    def close(self) -> None:
        run("losetup", "--detach", self.device)


class Reader:
    """An emulated card reader that outlives the machine's power cuts."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulator", "reader"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.device = self._process.stdout.readline().strip()

    def order(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{text}\n")
        self._process.stdin.flush()

    def close(self) -> None:
        self._process.kill()
        self._process.wait(60)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


def _is_first_in_its_machine(pid: str) -> bool:
    with suppress(OSError):
        status = Path(f"/proc/{pid}/status").read_text()
        line = next((line for line in status.splitlines() if line.startswith("NSpid:")), "")
        return line.split()[-1:] == ["1"]
    return False
