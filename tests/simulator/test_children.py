"""Children that end with their parent."""

import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from simulator.children import Child, ChildError

SLEEPER = "import sys, time\nprint('up', flush=True)\ntime.sleep(60)\n"
STUBBORN = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEPER
# A parent that starts a sleeper, prints its pid, and is then killed.
PARENT = """
import os, sys, time
from pathlib import Path
from simulator.children import Child
Child("sleeper", ["sleeper"], os.environ, Path(sys.argv[1]), on_line=lambda line: print(line, flush=True))
time.sleep(60)
"""


@pytest.fixture
def environ(tmp_path):
    (tmp_path / "sleeper.py").write_text(SLEEPER.replace("'up'", "__import__('os').getpid()"))
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    (tmp_path / "failing.py").write_text("raise SystemExit('no luck today')")
    return {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{Path.cwd()}"}


def start(name, environ, tmp_path):
    up = threading.Event()
    child = Child(name, [name], environ, tmp_path / "log", on_line=lambda line: up.set())
    assert up.wait(60)
    return child


@pytest.mark.parametrize("name", ["sleeper", "stubborn"])
def test_a_child_that_is_stopped_is_gone(name, environ, tmp_path, monkeypatch):
    monkeypatch.setattr("simulator.children.ENDING_S", 0.5)
    child = start(name, environ, tmp_path)

    child.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(child._process.pid, 0)
    with pytest.raises(ChildError, match="ended with status -"):
        child.check()


def test_a_child_that_fails_is_told_with_what_it_said(environ, tmp_path):
    with Child("failing", ["failing"], environ, tmp_path / "log") as child, pytest.raises(ChildError, match="no luck"):
        child.wait(60)


def test_a_child_that_logs_an_exception_complains(environ, tmp_path):
    (tmp_path / "grumpy.py").write_text("import traceback\ntry:\n 1 / 0\nexcept Exception:\n traceback.print_exc()")

    with Child("grumpy", ["grumpy"], environ, tmp_path / "log") as child:
        child.wait(60)
        complaints = child.complaints()

    assert complaints == ["grumpy: ZeroDivisionError: division by zero"]


def test_a_child_ends_when_its_parent_is_killed(environ, tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")], env=environ, stdout=subprocess.PIPE, text=True
    )
    with parent:
        pid = int(parent.stdout.readline())
        gone = os.pidfd_open(pid)
        parent.send_signal(signal.SIGKILL)
    poll = select.poll()
    poll.register(gone, select.POLLIN)

    ended = poll.poll(60_000)
    os.close(gone)

    assert ended
