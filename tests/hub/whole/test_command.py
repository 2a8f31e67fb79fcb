"""`zaigang-hub serve` as an operator runs it: it starts, refuses in a sentence, and ends without a trace."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from hub.site_key import FILE_NAME
from tests.hub.running import DEADLINE_S
from tests.ports import free_port

pytestmark = pytest.mark.broker


def settings(folder: Path, broker_port: int, http_port: int, **more: str) -> Path:
    file = folder / "hub.toml"
    lines = [
        f'data_dir = "{folder / "data"}"',
        *(f"{key} = {value}" for key, value in more.items()),
        f"[broker]\nembedded = true\nport = {broker_port}",
        f"[http]\nport = {http_port}",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def start(file: Path) -> subprocess.Popen[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZAIGANG_")}
    return subprocess.Popen(
        [sys.executable, "-m", "hub", "serve", "--config", str(file)],
        env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


@contextmanager
def started(file: Path) -> Iterator[subprocess.Popen[str]]:
    """A hub that is ended with its broker, whatever it is asked or refuses to do."""
    process = start(file)
    try:
        yield process
        process.terminate()
        process.communicate(timeout=DEADLINE_S)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def refusal(file: Path) -> tuple[int, str]:
    """How a hub ends that does not come to serve, and what it says; one that serves is ended, and fails the test."""
    with started(file) as process:
        _, said = process.communicate(timeout=DEADLINE_S * 3)
    return process.returncode, said


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_hub_and_its_broker(tmp_path: Path, told: signal.Signals):
    broker_port, http_port = free_port(), free_port()
    process = start(settings(tmp_path, broker_port, http_port))
    assert process.stdout is not None
    assert process.stdout.readline() == f"the board is at http://127.0.0.1:{http_port}/\n"
    assert is_taken(broker_port)

    process.send_signal(told)
    process.communicate(timeout=DEADLINE_S)

    assert process.returncode == 0
    assert not is_taken(broker_port)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_page_port_in_use_is_said_in_a_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        status, said = refusal(settings(tmp_path, free_port(), port))

    assert status == 1
    assert f"http.port {port} of 127.0.0.1 cannot be listened on" in said
    assert "Traceback" not in said


def test_a_broker_port_in_use_is_said_in_a_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        status, said = refusal(settings(tmp_path, port, free_port()))

    assert status == 1
    assert f"port {port} of 127.0.0.1 is in use" in said
    assert "Traceback" not in said


def test_a_second_hub_on_the_same_database_refuses(tmp_path: Path):
    with started(settings(tmp_path, free_port(), free_port())) as first:
        assert first.stdout is not None
        first.stdout.readline()

        status, said = refusal(settings(tmp_path, free_port(), free_port()))

    assert status == 1
    assert f"process {first.pid} on " in said
    assert "serves" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"colour": '"red"'}, "colour"),
        ({"zone": '"Nowhere/Land"'}, "zone"),
        ({"database": '"mysql://somewhere"'}, "database"),
        ({"database": '"no address"'}, "database"),
        ({"database": '"sqlite://"'}, "database: sqlite:// names no file"),
    ],
)
def test_a_setting_that_cannot_stand_is_named_and_exits_78(tmp_path: Path, more: dict[str, str], wanted: str):
    status, said = refusal(settings(tmp_path, free_port(), free_port(), **more))

    assert status == 78
    assert wanted in said
    assert "Traceback" not in said


def test_settings_that_cannot_be_read_are_said_in_a_sentence_and_exit_78(tmp_path: Path):
    status, said = refusal(tmp_path)

    assert (status, said) == (78, f"{tmp_path} cannot be read: Is a directory; wanted is a TOML file\n")


def test_a_directory_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path):
    (tmp_path / "data").write_text("a file where a directory should be")

    status, said = refusal(settings(tmp_path, free_port(), free_port()))

    assert (status, said) == (1, f"{tmp_path / 'data'} is a file; wanted is a directory, for data_dir\n")


def test_an_empty_hub_beside_backups_does_not_serve_and_says_what_to_do(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "zaigang-20260305T080000Z.sqlite").write_bytes(b"a good one")
    file = settings(tmp_path, free_port(), free_port())
    file.write_text(file.read_text() + f'\n[backup]\ndirectory = "{shelf}"\n', encoding="utf-8")

    status, said = refusal(file)

    assert status == 1
    assert "zaigang-20260305T080000Z.sqlite: put that back" in said
    assert "--new" in said


def test_a_hub_in_which_nothing_is_entered_says_what_comes_next(tmp_path: Path) -> None:
    with started(settings(tmp_path, free_port(), free_port())) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        _, said = process.communicate(timeout=DEADLINE_S)

    assert "nothing is entered yet" in said
    assert not (tmp_path / "data" / FILE_NAME).exists()  # the README: the first import makes the site key


def test_the_files_of_a_hub_are_its_owners_alone(tmp_path: Path) -> None:
    file = settings(tmp_path, free_port(), free_port())
    with started(file) as process:
        assert process.stdout is not None
        process.stdout.readline()
        modes = {path.name: oct(path.stat().st_mode & 0o077) for path in (tmp_path / "data").iterdir()}

    assert set(modes.values()) == {"0o0"}, modes
