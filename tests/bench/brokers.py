"""A Mosquitto on a loopback port of its own, as it is run in service but for TLS and logins."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

CONFIG = """
listener {port} 127.0.0.1
allow_anonymous true
persistence false
max_queued_messages 1000000
max_queued_bytes 512000000
max_inflight_messages 0
log_type error
"""


def mosquitto_path() -> str | None:
    """Where Mosquitto is; Debian keeps it out of a user's path."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")


@contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    """A running Mosquitto; yields its port."""
    path = mosquitto_path()
    if path is None:
        raise RuntimeError("mosquitto is not installed; install the package mosquitto")
    port = free_port()
    config = folder / f"mosquitto-{port}.conf"
    config.write_text(CONFIG.format(port=port))
    broker = subprocess.Popen([path, "-c", str(config)])
    try:
        _wait_for(port)
        yield port
    finally:
        broker.terminate()
        broker.wait(60)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
