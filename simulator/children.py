"""Child processes that end with their parent, whatever ends it.

Each is the head of its own process group, so that Ctrl-C reaches the parent alone, which then ends them in order; where
the parent is killed, the leash ends them. What they print is kept in a file, or read line by line.
"""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from station.saying import say

ENDING_S: Final = 8.0
TAIL_LINES: Final = 15
_RAISED: Final = re.compile(r"\w[\w.]*(Error|Exception)\b")  # how the last line of a traceback begins


class ChildError(Exception):
    """A child ended that should not have, or could not do its work; the text holds the end of what it printed."""


class Child:
    """One running command."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environ: Mapping[str, str],
        log: Path,
        on_line: Callable[[str], None] | None = None,
    ) -> None:
        """Start it.

        Args:
            name: what messages call it.
            command: module and arguments, for this very interpreter.
            environ: its whole environment.
            log: where its errors go, and its output where nobody takes it.
            on_line: called in a thread with each line of its output.
        """
        self.name, self._log = name, log
        with log.open("ab") as stream:
            self._process = subprocess.Popen(  # noqa: S603  our own modules
                [sys.executable, "-m", "simulator.leash", str(os.getpid()), sys.executable, "-m", *command],
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=stream if on_line is None else subprocess.PIPE,
                stderr=stream,
                process_group=0,
            )
        self._reading = None
        if on_line is not None:
            self._reading = threading.Thread(target=self._read, args=(on_line,), name=f"output of {name}", daemon=True)
            self._reading.start()

    def check(self) -> None:
        """Raise where it is no longer running.

        Raises:
            ChildError: it ended.
        """
        status = self._process.poll()
        if status is not None:
            raise ChildError(
                say("{name} ended with status {status}:\n{tail}", name=self.name, status=status, tail=self.tail())
            )

    def wait(self, timeout_s: float) -> None:
        """Wait until it has done its work.

        Raises:
            ChildError: it did not, or not in time.
        """
        try:
            status = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise ChildError(
                say(
                    "{name} has not ended within {seconds:g} s:\n{tail}",
                    name=self.name, seconds=timeout_s, tail=self.tail(),
                )
            ) from None  # fmt: skip
        if status != 0:
            raise ChildError(
                say("{name} ended with status {status}:\n{tail}", name=self.name, status=status, tail=self.tail())
            )

    def tail(self) -> str:
        """The end of its log."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-TAIL_LINES:])

    def complaints(self) -> list[str]:
        """What its log says that should not be in it: errors, and tracebacks by their last line."""
        lines = self._log.read_text(errors="replace").splitlines()
        return [f"{self.name}: {line}" for line in lines if "ERROR" in line or _RAISED.match(line)]

    def stop(self) -> None:
        """Ask it to end, and end it where it does not."""
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        if self._reading is not None:
            self._reading.join(ENDING_S)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def kill(self) -> None:
        """End it at once."""
        self._signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(self._process.pid, number)

    def _read(self, on_line: Callable[[str], None]) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            on_line(line.decode(errors="replace").rstrip("\n"))
