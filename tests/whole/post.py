"""One kiosk as it stands in the field: the agent as a process of its own, an emulated chip at its reader."""

from __future__ import annotations

import os
import queue
import re
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.children import Child
from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.chip.air import AirCard
    from simulator.premises import Premises

PATIENCE_S = 60.0  # for one answer, on a machine that has other things to do
_OUTCOME = re.compile(r"\[(\w+)\] (.*)")


class Post:
    """One kiosk's place: what is done to it, and what it says.

    Attributes:
        chip: what its reader reads with.
        port: its reader's plug.
        data_dir: its memory card; put another there before `start`.
    """

    def __init__(
        self,
        premises: Premises,
        station: str,
        kiosk: str,
        environ: Mapping[str, str],
        *,
        broker_port: int | None = None,
    ) -> None:
        self.station, self.kiosk = station, kiosk
        self.chip = Pn532Chip()
        self.port = PtyPort(self.chip)
        self.data_dir = premises.folder / kiosk
        self._premises = premises
        self._environ = dict(environ)
        if broker_port is not None:
            self._environ["ZAIGANG_EDGE_BROKER__PORT"] = str(broker_port)
        self._said: queue.Queue[tuple[str, str]] = queue.Queue()
        self._child: Child | None = None

    @property
    def pid(self) -> int:
        """The agent's process."""
        assert self._child is not None
        return self._child._process.pid

    @property
    def log(self) -> Path:
        """What the agent logs."""
        return self.data_dir.parent / f"{self.data_dir.name}.log"

    @property
    def settings(self) -> Path:
        """The agent's settings, once it was started."""
        return self.data_dir.with_suffix(".edge.toml")

    @property
    def environ(self) -> dict[str, str]:
        """What the agent finds around it."""
        return self._environ | {"ZAIGANG_EDGE_DATA_DIR": str(self.data_dir)}

    def start(self, *before: str) -> None:
        """Switch it on; `before` is what the agent's command is to be run by."""
        written = self._premises.write_kiosk_settings(self.station, self.kiosk, f"pn532:{self.port.path}")
        written.rename(self.settings)  # another post may have the same name
        command = [*before, "edge", "run", "--config", str(self.settings)]
        self._child = Child(f"kiosk {self.kiosk}", command, self.environ, self.log, self._hear)

    def kill(self) -> None:
        """End the agent as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        """Ask the agent to end, and wait until it has."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def close(self) -> None:
        """Take it away for good."""
        self.stop()
        self.port.close()

    def hold(self, card: AirCard) -> tuple[str, str]:
        """Hold a card to the reader until the kiosk answers; tells the answer's word and its two lines."""
        self.chip.put(card)
        try:
            return self._next_answer()
        finally:
            self.chip.take()

    def knows_its_people(self) -> bool:
        """Whether the hub's roster has come to the kiosk's disk."""
        return any(self.data_dir.glob("roster-*.json"))

    def _next_answer(self) -> tuple[str, str]:
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._said.get(timeout=1.0)
            except queue.Empty:
                assert self._child is not None
                self._child.check()
                assert time.monotonic() < deadline_s, f"no answer in {PATIENCE_S:g} s:\n{self._child.tail()}"

    def _hear(self, line: str) -> None:
        found = _OUTCOME.match(line)
        if found:
            self._said.put((found[1], found[2]))
