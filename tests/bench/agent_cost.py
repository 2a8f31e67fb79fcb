"""What a kiosk's agent costs: resident memory, and processor time with its reader polling."""

import os
import subprocess
import sys
import time
from pathlib import Path

from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort
from tests.bench.figure import Figure
from tests.bench.served import cpu_s, resident_mb

SETTLE_S, WATCH_S = 4.0, 10.0


def measure(folder: Path) -> list[Figure]:
    """Figures of the agent as shipped, a process of its own, its reader polling an emulated chip."""
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "site.key"
    key.write_text("00" * 32)
    key.chmod(0o600)
    port = PtyPort(Pn532Chip())
    config = folder / "edge.toml"
    config.write_text(
        f'station = "hall"\nkiosk = "hall-a"\ndata_dir = "{folder}/kiosk"\nsite_key_file = "{key}"\n'
        f'allow_any_path = true\n[broker]\nport = 1\n[[readers]]\nname = "door"\nurl = "pn532:{port.path}"\n'
    )
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZAIGANG_")}
    process = subprocess.Popen([sys.executable, "-m", "edge", "run", "--config", str(config)], env=environ)
    try:
        time.sleep(SETTLE_S)
        before = cpu_s(process.pid)
        time.sleep(WATCH_S)
        share = (cpu_s(process.pid) - before) / WATCH_S * 100
        resident = resident_mb(process.pid)
    finally:
        process.terminate()
        process.wait(15)
        port.close()
    return [
        Figure("agent resident", resident, 40.0, "MB", 1, at_most=True),
        Figure("agent with its reader polling, share of a core", share, 3.0, "%", 1, at_most=True),
    ]
