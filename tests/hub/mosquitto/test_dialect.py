"""Mosquitto's files as text: which words for which version, and a password that Mosquitto's own program made."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from hub.mosquitto.dialect import BrokerSettings, is_password, read_version, spell_config, spell_password
from tests.bench import brokers as bench_brokers
from tests.edge import brokers as agents_brokers

WANTED = BrokerSettings(1883, 8883, Path("/usr/lib/x"))


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("mosquitto version 2.0.11\n\nmosquitto is an MQTT v5.0/v3.1.1/v3.1 broker.", (2, 0, 11)),
        ("mosquitto version 2.1.2", (2, 1, 2)),
        ("mosquitto version 2.1", (2, 1, 0)),
        ("command not found", None),
    ],
)
def test_the_version_is_read(said: str, version: tuple[int, ...] | None) -> None:
    assert read_version(said) == version


def test_to_2_0_its_own_words_are_spoken() -> None:
    lines = spell_config(WANTED, (2, 0, 21)).splitlines()

    assert {"acl_file rights", "password_file passwords", "allow_anonymous false"} <= set(lines)
    assert {"max_queued_messages 1000000", "max_queued_bytes 512000000"} <= set(lines)
    assert not [line for line in lines if "plugin" in line]


@pytest.mark.parametrize("config", [agents_brokers.MOSQUITTO, bench_brokers.CONFIG])
def test_brokers_of_tests_and_bench_keep_as_much_as_one_in_service(config: str) -> None:
    """With `max_queued_messages 0` some versions of Mosquitto drop what waits, or throw the kiosk out."""
    kept = [line for line in spell_config(WANTED, (2, 0, 21)).splitlines() if line.startswith("max_queued_")]

    assert len(kept) == 2
    assert set(kept) <= set(config.splitlines())


def test_to_2_1_nothing_is_said_that_goes_with_3_0() -> None:
    lines = spell_config(WANTED, (2, 1, 0)).splitlines()
    listeners = "\n".join(lines).split("\nlistener ")[1:]

    assert not [line for line in lines if line.split(" ")[0] in ("acl_file", "password_file", "per_listener_settings")]
    assert "plugin_load acl_file /usr/lib/x/mosquitto_acl_file.so" in lines
    assert "plugin_opt_acl_file rights" in lines
    assert len(listeners) == 2
    for listener in listeners:
        assert "listener_allow_anonymous false\nplugin_use password_file\nplugin_use acl_file" in listener


def test_a_password_is_spelled_as_mosquitto_spells_it(tmp_path: Path) -> None:
    program = shutil.which("mosquitto_passwd")
    if program is None:
        pytest.skip("mosquitto is not installed")
    file = tmp_path / "passwords"

    subprocess.run([program, "-c", "-b", "-I", "1000", str(file), "hub", "secret"], check=True, capture_output=True)

    assert is_password(file.read_text(), "hub", "secret")


@pytest.mark.parametrize(
    "line",
    ["", "hub:plain", "hub:$7$1000$!!!$!!!", spell_password("other", "secret")],
    ids=["none", "plain", "no sound hash", "another's"],
)
def test_what_lets_nobody_or_another_in_is_made_anew(line: str) -> None:
    assert not is_password(line, "hub", "secret")
    assert not is_password(spell_password("hub", "secret"), "hub", "Secret")
    assert is_password(spell_password("hub", "secret"), "hub", "secret")
