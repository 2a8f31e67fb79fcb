"""Settings and the command line: what is wrong is said in one sentence, with status 78."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from edge import data_dir
from edge.__main__ import main
from edge.config import read_config
from edge.errors import KeyFileError
from edge.site_key import read_site_key
from station.errors import ConfigError
from tests.patience import eventually

SOUND = """
station = "SQ01"
kiosk = "sq01-a"
data_dir = "/nowhere/data"
site_key_file = "/nowhere/key"

[[readers]]
name = "door"
url = "pn532:/dev/ttyUSB0"
"""


def read(text, **environ):
    return read_config(text, environ, file="edge.toml")


def test_a_sound_file_is_read():
    config = read(SOUND, ZAIGANG_EDGE_BROKER__HOST="broker.example", ZAIGANG_EDGE_BROKER__PORT="8883")

    assert (config.station, config.kiosk) == ("SQ01", "sq01-a")
    assert (config.broker.host, config.broker.port) == ("broker.example", 8883)
    assert config.readers[0].url == "pn532:/dev/ttyUSB0"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('kiosk = "sq01-a"', 'kiosk = "hub"'), ["kiosk", "hub"]),
        (('kiosk = "sq01-a"', 'kiosk = "a b"'), ["kiosk", "a b", "wanted"]),
        (('station = "SQ01"', ""), ["station", "missing"]),
        (('name = "door"', 'nam = "door"'), ["readers", "nam"]),
        (("pn532:/dev/ttyUSB0", "udp:127.0.0.1"), ["readers[0].url", "udp", "wanted"]),
        (("/dev/ttyUSB0", "/dev/pts/3"), ["readers[0].url", "/dev/pts/3", "allow_any_path"]),
        (("/dev/ttyUSB0", "/dev/serial/by-id/../../pts/3"), ["readers[0].url"]),
        (("pn532:/dev/ttyUSB0", "wedge:/dev/input/event3"), ["readers[0].url", "digits="]),
        (("pn532:/dev/ttyUSB0", "wedge:/tmp/x?digits=dec10"), ["readers[0].url", "/dev/input/", "allow_any_path"]),
        (("pn532:/dev/ttyUSB0", "acr122u:usb:x"), ["readers[0].url", "acr122u:usb"]),
        (("[[readers]]", "[broker]\nport = 0\n[[readers]]"), ["broker.port", "0", "1 to 65535"]),
        (("[[readers]]", '[broker]\nca_file = "/ca"\n[[readers]]'), ["broker.certificate_file", "ca_file", "together"]),
        (("[[readers]]", '[broker]\nca_file = "ca"\n[[readers]]'), ["broker.ca_file", "'ca'", "from the root on"]),
        (("[[readers]]", "[limits]\nguard_s = 1.0\n[[readers]]"), ["limits", "guard_s 1"]),
        (
            (
                '[[readers]]\nname = "door"\nurl = "pn532:/dev/ttyUSB0"',
                '[limits]\nhold_s = 0.8\n[[readers]]\nname = "door"\nurl = "wedge:/dev/input/event3?digits=dec10"',
            ),
            ["readers[0].url", "hold_s 0.8", "more than 1 s"],
        ),
        (('station = "SQ01"', 'station = "SQ01"\nreaders = []'), ["edge.toml"]),
        (('"/nowhere/data"', '""'), ["data_dir: nothing", "wanted is a path from the root on"]),
        (('"/nowhere/data"', '"data"'), ["data_dir: 'data'", "from the root on"]),
        (('"/nowhere/data"', '"~/data"'), ["data_dir: '~/data'", "from the root on"]),
        (('"/nowhere/data"', '"/"'), ["data_dir: '/'", "of its own"]),
        (('"/nowhere/key"', '"~/key"'), ["site_key_file: '~/key'", "from the root on"]),
        (("[[readers]]", '[broker]\nhost = ""\n[[readers]]'), ["broker.host: nothing", "a name or an address alone"]),
        (("[[readers]]", '[broker]\nhost = "mqtt://b"\n[[readers]]'), ["broker.host: 'mqtt://b'", "alone"]),
        (("[[readers]]", '[broker]\nhost = "192.0.2.7:1883"\n[[readers]]'), ["broker.host", "the port is broker.port"]),
        (("[[readers]]", '[broker]\nhost = "a b"\n[[readers]]'), ["broker.host: 'a b'"]),
        (
            ("[[readers]]", '[broker]\nusername = "k"\npassword_file = "pass"\n[[readers]]'),
            ["broker.password_file: 'pass'", "from the root on"],
        ),
        (("[[readers]]", '[broker]\npassword_file = "/p"\n[[readers]]'), ["broker.password_file", "broker.username"]),
        (("[[readers]]", "[limits]\nguard_s = 0.01\nhold_s = 0.005\n[[readers]]"), ["limits.guard_s: 0.01", "1 to 60"]),
        (("[[readers]]", "[limits]\nguard_s = 1e9\n[[readers]]"), ["limits.guard_s: 1e+09", "1 to 60 seconds"]),
        (
            ('url = "pn532:/dev/ttyUSB0"', 'url = "pn532:/dev/ttyUSB0"\nallow_any_path = true'),
            ["allow_any_path stands under [[readers]], and belongs at the top"],
        ),
        (("[[readers]]", '[signals]\nlamp = "led:17"\n[[readers]]'), ["signals.lamp", "led:17", "wanted is gpio:"]),
        (("[[readers]]", '[signals]\nsound = "beep"\n[[readers]]'), ["signals.sound", "beep", "wanted is aplay:"]),
        (("[[readers]]", '[buttons]\nstep_out = "gpio:99"\n[[readers]]'), ["buttons.step_out", "gpio:99", "gpio:21"]),
        (
            ("[[readers]]", '[signals]\nsound = "gpio:21"\n[buttons]\nstep_out = "gpio:21"\n[[readers]]'),
            ["signals", "a pin of its own"],
        ),
        (
            ("[[readers]]", '[buttons]\nstep_out = "key:/dev/ttyUSB0"\n[[readers]]'),
            ["buttons.step_out", "the device of readers[0]"],
        ),
        (("[[readers]]", '[signals]\nhorn = ""\n[[readers]]'), ["signals", "horn"]),
    ],
)
def test_a_wrong_setting_is_named(change, words):
    with pytest.raises(ConfigError) as caught:
        read(SOUND.replace(*change))

    assert all(word in str(caught.value) for word in ["edge.toml", *words])


@pytest.mark.parametrize("url", ["pn532:/dev/ttyUSB0", "em4100:/dev/ttyUSB0", "pn532:/dev/../dev/ttyUSB0"])
def test_one_device_is_one_reader(url):
    text = f'allow_any_path = true\n{SOUND}\n[[readers]]\nname = "inside"\nurl = "{url}"\n'

    with pytest.raises(
        ConfigError, match=r"readers\[1\].url: .*, the device of readers\[0\]; wanted is each reader once"
    ):
        read(text)


@pytest.mark.parametrize("host", ["192.0.2.7", "::1", "broker", "mqtt.example.cn", "broker_1.local."])
def test_every_name_and_address_is_a_host(host):
    assert read(SOUND, ZAIGANG_EDGE_BROKER__HOST=host).broker.host == host


def test_a_simulators_path_needs_an_explicit_word():
    text = SOUND.replace("/dev/ttyUSB0", "/dev/pts/3")

    assert read("allow_any_path = true\n" + text).readers[0].url == "pn532:/dev/pts/3"


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "site.key"
    path.write_text("5a" * 32 + "\n")
    path.chmod(0o600)
    return path


def test_a_key_is_read(key_file):
    assert read_site_key(key_file) == b"\x5a" * 32


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf" + b"5a" * 32 + b"\r\n", ("5a" * 32).encode("utf-16")])
def test_a_key_is_read_whatever_mark_an_editor_put_before_it(key_file, content):
    key_file.write_bytes(content)

    assert read_site_key(key_file) == b"\x5a" * 32


def test_a_key_that_others_may_read_is_refused(key_file):
    key_file.chmod(0o640)

    with pytest.raises(KeyFileError, match=r"0640.*0600"):
        read_site_key(key_file)


def test_what_is_no_key_is_refused_and_not_shown(key_file):
    key_file.write_text("secret-but-short")

    with pytest.raises(KeyFileError) as caught:
        read_site_key(key_file)

    assert "64 hex digits" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.fixture
def file(tmp_path, key_file):
    path = tmp_path / "edge.toml"
    text = SOUND.replace("/nowhere/data", str(tmp_path / "data")).replace("/nowhere/key", str(key_file))
    path.write_text("allow_any_path = true\n" + text.replace("/dev/ttyUSB0", str(tmp_path / "no-reader")))
    return path


def test_check_says_that_a_file_is_sound(file, capsys):
    status = main(["check", "--config", str(file)])

    assert status == 0
    assert "sound" in capsys.readouterr().out


def test_a_files_mark_is_no_fault(file, capsys):
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    status = main(["check", "--config", str(file)])

    assert (status, capsys.readouterr().err) == (0, "")


@pytest.fixture
def password(file, monkeypatch):
    path = file.parent / "password"
    path.write_text("secret")
    path.chmod(0o600)
    monkeypatch.setenv("ZAIGANG_EDGE_BROKER__USERNAME", "sq01-a")
    monkeypatch.setenv("ZAIGANG_EDGE_BROKER__PASSWORD_FILE", str(path))
    return path


PASSWORDS = {
    "cannot be read: No such file or directory": Path.unlink,
    "has mode 0644; wanted is 0600": lambda path: path.chmod(0o644),
    "is empty; wanted is the password alone": lambda path: path.write_text(" \n"),
    "is no text in UTF-8; wanted is the password alone": lambda path: path.write_bytes(b"\xd0"),
}


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("said", PASSWORDS)
def test_a_password_file_that_will_not_do_ends_with_78_and_one_sentence(password, file, capsys, command, said):
    PASSWORDS[said](password)

    status = main([command, "--config", str(file)])

    told = capsys.readouterr().err
    assert status == 78
    assert f"broker.password_file {password} {said}" in told
    assert (told.count("\n"), "secret" in told) == (1, False)


def test_a_wrong_file_ends_with_78_and_one_sentence(file, capsys):
    file.write_text(file.read_text().replace("sq01-a", "hub"))

    status = main(["check", "--config", str(file)])

    assert status == 78
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_that_is_not_there_ends_with_78(tmp_path, capsys):
    status = main(["run", "--config", str(tmp_path / "none.toml")])

    assert status == 78
    assert "none.toml cannot be read: No such file or directory; wanted" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_data_directory_that_is_a_file_ends_with_78_and_one_sentence(file, capsys, monkeypatch, command):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(os, "umask", lambda _: 0)
    (file.parent / "data").write_text("")

    status = main([command, "--config", str(file)])

    said = capsys.readouterr().err
    assert status == 78
    assert f"data_dir {file.parent / 'data'}: " in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["check", "run"])
def test_the_kernels_own_tree_is_no_place_for_records(file, capsys, monkeypatch, command):
    monkeypatch.setenv("ZAIGANG_EDGE_DATA_DIR", "/proc/k")

    status = main([command, "--config", str(file)])

    said = capsys.readouterr().err
    assert status == 78
    assert "data_dir /proc/k: /proc keeps no files; wanted is a directory on a disk" in said


def test_doctor_says_what_is_wrong_in_plain_words(file, capsys, monkeypatch):
    monkeypatch.setenv("ZAIGANG_EDGE_BROKER__PORT", "1")

    status = main(["doctor", "--config", str(file)])

    out = capsys.readouterr().out
    assert status == 1
    assert "ok     site key" in out
    assert "WRONG  reader" in out
    assert "WRONG  broker" in out


@pytest.mark.parametrize("words", [["doctor"], ["check"], ["export", "--to", "/nowhere"], ["commission"]])
@pytest.mark.parametrize("locale", ["C.UTF-8", "zh_CN.UTF-8"])
def test_who_may_not_look_into_the_kiosks_directory_is_told_what_to_type(file, capsys, monkeypatch, words, locale):
    """A kiosk at work was called beyond use, to be installed again; and no agent was seen where one was."""
    (file.parent / "data").mkdir()
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setattr(data_dir.os, "access", lambda *_, **__: False)

    status = main([*words, "--config", str(file)])

    said = capsys.readouterr()
    assert (status, said.out, said.err.count("\n")) == (78, "", 1)
    assert f"sudo zaigang-edge {words[0]}" in said.err
    assert ("当前用户打不开" in said.err) == (locale != "C.UTF-8")


@pytest.mark.parametrize(("lang", "locale"), [("zh", "C.UTF-8"), ("en", "zh_CN.UTF-8")])
def test_the_language_that_was_asked_for_is_that_of_a_refusal_too(file, capsys, monkeypatch, lang, locale):
    (file.parent / "data").mkdir()
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setattr(data_dir.os, "access", lambda *_, **__: False)

    main(["doctor", "--lang", lang, "--config", str(file)])

    assert ("当前用户打不开" in capsys.readouterr().err) == (lang == "zh")


@pytest.fixture
def agent(file):
    command = [sys.executable, "-m", "edge", "run", "--config", str(file)]
    environ = {**os.environ, "ZAIGANG_EDGE_BROKER__PORT": "1"}
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as child:
        assert eventually((file.parent / "data" / "journal.db").exists)
        yield child
        if child.poll() is None:
            child.kill()


def test_an_agent_ends_in_order_when_told_to(agent):
    assert "no link" in agent.stderr.readline() + agent.stderr.readline()

    agent.send_signal(signal.SIGTERM)

    assert agent.wait(60) == 0


def test_what_the_agent_writes_is_for_its_own_user_alone_whoever_made_the_directory(agent, file):
    assert "no link" in agent.stderr.readline() + agent.stderr.readline()
    data = file.parent / "data"

    assert eventually((data / "ballast").exists)

    modes = {path.name: path.stat().st_mode & 0o777 for path in data.iterdir()}
    assert modes.keys() >= {"agent.lock", "ballast", "journal.db", "journal.db-wal"}
    assert set(modes.values()) == {0o600}


INTERRUPTED = """
    import signal
    import sys

    from edge.__main__ import main

    class Interrupting:
        def find_spec(self, name, path=None, target=None):
            signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.meta_path.insert(0, Interrupting())
    sys.exit(main(["check"]))
"""


def test_an_interruption_while_the_program_loads_is_no_traceback():
    command = [sys.executable, "-c", textwrap.dedent(INTERRUPTED)]

    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (130, "interrupted\n")


def test_a_second_agent_on_the_same_data_ends_with_a_sentence(agent, file, capsys, monkeypatch):
    assert "no link" in agent.stderr.readline() + agent.stderr.readline()
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(os, "umask", lambda _: 0)

    status = main(["run", "--config", str(file)])

    assert status == 1
    assert "held by another agent" in capsys.readouterr().err


def test_an_agent_is_small(agent):
    agent.stderr.readline()
    agent.stderr.readline()
    status = Path(f"/proc/{agent.pid}/status").read_text()
    resident_kb = int(status.split("VmRSS:")[1].split()[0])

    assert resident_kb < 40 * 1024
