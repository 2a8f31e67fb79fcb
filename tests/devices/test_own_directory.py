"""A directory of one thread's own, while all others stay where they are."""

from __future__ import annotations

import threading
from pathlib import Path

from devices.own_directory import own_directory


def test_one_thread_moves_and_no_other():
    here, seen = Path.cwd(), {}
    is_there, may_leave = threading.Event(), threading.Event()

    def load() -> None:
        with own_directory():
            Path("pipe").write_text("")
            seen["inside"] = Path.cwd()
            is_there.set()
            may_leave.wait(60)
        seen["after"] = Path.cwd()

    thread = threading.Thread(target=load)
    thread.start()
    assert is_there.wait(60)
    others = Path.cwd()
    may_leave.set()
    thread.join()

    assert others == seen["after"] == here
    assert seen["inside"] != here
    assert not seen["inside"].exists()
    assert not (here / "pipe").exists()


def test_where_it_cannot_be_had_the_thread_stays(monkeypatch):
    class Refusing:
        def unshare(self, flags):
            return -1

    monkeypatch.setattr("ctypes.CDLL", lambda name: Refusing())
    here = Path.cwd()

    with own_directory():
        assert Path.cwd() == here
