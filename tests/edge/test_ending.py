"""An agent that is told to end does, however often it is told and whatever it does just then."""

from __future__ import annotations

import signal
import subprocess
import sys

from edge.ending import TOLD_BY
from tests.patience import PATIENCE_S

HOLDING = """
import signal, threading
from edge.ending import TOLD_BY, end_by_signals
ending = threading.Event()
end_by_signals(ending)
with ending._cond:  # as while it is set, or begins to be waited for
    for number in TOLD_BY:
        signal.raise_signal(number)
ending.wait()
"""


def test_a_signal_that_comes_while_the_end_is_looked_at_ends_the_agent() -> None:
    told = subprocess.run([sys.executable, "-c", HOLDING], timeout=PATIENCE_S, check=False)

    assert told.returncode == 0


def test_it_ends_by_what_systemd_and_a_terminal_send() -> None:
    assert {signal.SIGTERM, signal.SIGINT} == {*TOLD_BY}
