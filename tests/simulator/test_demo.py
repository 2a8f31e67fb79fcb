"""The demonstration from end to end: hub, broker, driver, chip and agents, judged at every virtual minute."""

import argparse
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from simulator.demo import add_arguments
from simulator.opening import KINDS
from tests.patience import eventually

FOR_S = 22
STALL_MS = 500  # half a virtual minute; without other work it is 20 ms
TRIES = 3


def command(*arguments):
    return [sys.executable, "-m", "simulator", "demo", *arguments]


@pytest.fixture
def environ(tmp_path):
    """All that the demonstration makes lies below the test's own folder, so that what it starts can be found."""
    return {**os.environ, "TMPDIR": str(tmp_path)}


def report_of_a_machine_that_ran(start, environ, file):
    """What came of it; tried again where the machine stood still, for people and kiosks did not."""
    for _ in range(TRIES):
        ended = subprocess.run(
            command("--for", str(FOR_S), "--report", str(file), "--start", start, "--seed", "3"),
            env=environ, capture_output=True, text=True, timeout=280, check=False,
        )  # fmt: skip
        report = json.loads(file.read_text()) if file.exists() else {"stalled_ms": 0}
        if ended.returncode == 0 or report["stalled_ms"] < STALL_MS:
            break
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}\n{json.dumps(report, indent=1)}"
    return report


def children_below(folder):
    """Processes that were told a file below that folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str(folder).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.mark.broker
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("start", "locale"),
    [("07:50", "zh_CN.UTF-8"), ("11:10", "C.UTF-8"), ("14:20", "C.UTF-8"), ("17:10", "C.UTF-8")],
)
def test_at_every_minute_the_board_shows_what_people_did_whatever_the_terminals_language(
    start, locale, environ, tmp_path
):
    report = report_of_a_machine_that_ran(start, environ | {"LC_ALL": locale}, tmp_path / "report.json")

    assert {station["kind"] for station in report["stations"]} == set(KINDS)
    assert report["settled"] == report["beeped"] > 5
    assert report["lost"] == report["doubled"] == report["minutes_different"] == 0
    assert report["minutes_compared"] > FOR_S / 2
    assert all(station["board"] == station["truth"] for station in report["stations"])
    assert report["tap_to_board_ms"]["p50"] > 0
    assert children_below(tmp_path) == []


@pytest.mark.broker
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_it_leaves_no_process_behind(number, environ, tmp_path):
    with subprocess.Popen(command(), env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as demo:
        said = b""
        while b"The board:" not in said:
            line = demo.stdout.readline()
            assert line, said.decode()
            said += line
        assert re.search(rb"The board:  http://127.0.0.1:\d+/\?lang=en\n", said)
        while b"arrived" not in said:  # in the first minute somebody does
            said += demo.stdout.readline()
        children = [os.pidfd_open(pid) for pid in children_below(tmp_path)]
        demo.send_signal(number)
        said += demo.stdout.read()  # until nobody holds the other end any more
        status = demo.wait(60)

    assert len(children) >= 2
    for child in children:
        assert select.select([child], [], [], 60)[0]
        os.close(child)
    assert b"Traceback" not in said
    assert "上岗 07:".encode() in said
    assert status == -signal.SIGKILL if number == signal.SIGKILL else status in {0, 1}  # 1: so short a run may be bad


@pytest.mark.broker
def test_a_second_ctrl_c_ends_it_at_once_and_leaves_nothing(environ, tmp_path):
    with subprocess.Popen(command(), env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as demo:
        said = b""
        while b"The board:" not in said:
            said += demo.stdout.readline()
        demo.send_signal(signal.SIGINT)
        while b"Once more" not in said:
            said += demo.stdout.readline()
        demo.send_signal(signal.SIGINT)
        said += demo.stdout.read()
        status = demo.wait(60)

    assert status == 130 or b"somebody held out" in said  # it had ended before the second
    assert b"of 15 know their station" in said
    assert b"no link to the broker" not in said
    assert eventually(lambda: children_below(tmp_path) == [])
    assert eventually(lambda: not list(tmp_path.glob("zaigang-demo-*")))


@pytest.fixture
def playing(environ):
    """A demonstration that runs, and the address of its board."""
    with subprocess.Popen(command(), env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as demo:
        try:
            said = b""
            while (found := re.search(rb"The board:  (\S+?)\?lang=en\n", said)) is None:
                line = demo.stdout.readline()
                assert line, said.decode()
                said += line
            yield demo, found[1].decode()
        finally:
            demo.kill()
            demo.communicate()


@pytest.mark.broker
def test_a_terminal_that_is_closed_leaves_no_folder(playing, tmp_path):
    demo, _address = playing
    assert list(tmp_path.glob("zaigang-demo-*"))

    demo.send_signal(signal.SIGHUP)
    demo.stdout.read()  # until nobody holds the other end any more

    assert demo.wait(60) == 128 + signal.SIGHUP
    assert eventually(lambda: children_below(tmp_path) == [])
    assert not list(tmp_path.glob("zaigang-demo-*"))


@pytest.mark.broker
def test_it_goes_on_when_somebody_is_invited_from_another_terminal(playing, environ, tmp_path):
    demo, address = playing
    (settings,) = tmp_path.glob("*/hub.toml")
    invite = [sys.executable, "-m", "hub", "user", "invite", "li", "--role", "city", "--config", str(settings)]
    subprocess.run(invite, env=environ, check=True, capture_output=True, timeout=60)

    def is_shut():
        try:
            with urllib.request.urlopen(f"{address}api/v1/board", timeout=60):
                return False
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code == 401

    assert eventually(is_shut)
    said = b"".join(demo.stdout.readline() for _ in range(20))  # of some of the city's minutes
    demo.send_signal(signal.SIGINT)
    said += demo.stdout.read()

    assert b"answers 401" not in said
    assert b"It ends" in said
    assert demo.wait(60) == 0


def test_ctrl_c_while_it_starts_ends_it_quietly(environ, tmp_path):
    for _ in range(TRIES):
        with subprocess.Popen(command(), env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as demo:
            demo.stdout.readline()
            demo.send_signal(signal.SIGINT)
            rest = demo.stdout.read()
            status = demo.wait(60)
        if b"The board:" not in rest:  # else it was up already
            break

    assert status == 0
    assert b"Traceback" not in rest
    assert eventually(lambda: children_below(tmp_path) == [])  # one that was just being started ends by itself


@pytest.mark.parametrize(
    "arguments", [["--start", "25:00"], ["--stations", "10"], ["--stations", "many"], ["--stations", "1000"]]
)
def test_what_cannot_be_asked_for_is_refused_with_what_is_wanted(arguments, capsys):
    parser = argparse.ArgumentParser()
    add_arguments(parser)

    with pytest.raises(SystemExit):
        parser.parse_args(arguments)

    assert "wanted" in capsys.readouterr().err


def test_a_board_port_in_use_is_said_in_a_sentence(environ, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = subprocess.run(
            command("--port", str(taken.getsockname()[1])), env=environ, capture_output=True, text=True, timeout=280,
            check=False,
        )  # fmt: skip

    assert ended.returncode == 2
    assert "cannot be had: Address already in use; wanted is another" in ended.stderr
    assert "Traceback" not in ended.stderr
