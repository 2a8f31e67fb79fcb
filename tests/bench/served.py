"""The hub as shipped, as a process of its own on a database of its own, and what it shows."""

import json
import os
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.city import HUB_CLOCK
from tests.ports import free_port


@dataclass(frozen=True)
class Hub:
    """A running `zaigang-hub serve`."""

    pid: int
    http_port: int
    database: Path

    def rows(self) -> int:
        """Records that are stored."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return int(connection.execute("SELECT count(*) FROM record").fetchone()[0])
        finally:
            connection.close()

    def through(self) -> int:
        """Records that are settled, by the runs' own count: cheap enough to be asked often."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return int(connection.execute("SELECT coalesce(sum(through), 0) FROM run").fetchone()[0])
        finally:
            connection.close()

    def board(self) -> dict[str, Any]:
        """What the API answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/api/v1/board", timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def resident_mb(self) -> float:
        """Resident memory, in MB."""
        return resident_mb(self.pid)


def resident_mb(pid: int) -> float:
    """A process's resident memory, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_s(pid: int) -> float:
    """The processor time that a process has used, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(folder: Path, data: Path, broker_port: int) -> Iterator[Hub]:
    """A hub on that data directory and broker."""
    port = free_port()
    config = folder / f"hub-{port}.toml"
    config.write_text(
        f'data_dir = "{data}"\n[broker]\nhost = "127.0.0.1"\nport = {broker_port}\n[http]\nport = {port}\n'
    )
    environ = {**os.environ, "ZAIGANG_CLOCK": HUB_CLOCK}
    process = subprocess.Popen([sys.executable, "-m", "hub", "serve", "--config", str(config)], env=environ)
    try:
        hub = Hub(process.pid, port, data / "zaigang.sqlite")
        _wait_for(hub, process)
        yield hub
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(hub: Hub, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            hub.board()
        except OSError as exc:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the hub does not serve") from exc
            time.sleep(0.1)
        else:
            return
