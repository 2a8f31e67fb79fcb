"""`zaigang-hub doctor` beside a real broker: what is right, what is wrong, and the last line."""

from __future__ import annotations

from subprocess import TimeoutExpired
from typing import TYPE_CHECKING, Any

import pytest

from hub import data_dir
from hub.examining import looks
from hub.link.broker import embedded_broker
from hub.saying import say
from hub.verbs import doctor as command
from tests.bench.brokers import mosquitto_path
from tests.hub.fleet.conftest import city, said
from tests.hub.mosquitto.site import RunningBroker
from tests.ports import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hub.importing.desk import Desk

__all__ = ["city", "said"]
pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(mosquitto_path() is None, reason="mosquitto is not installed"),
]


def test_each_fault_is_said_with_what_to_do_and_hides_no_other(city: Desk, said: Any) -> None:
    status, printed = said("doctor")

    lines = printed.splitlines()
    assert status == 1
    assert [line for line in lines if line.startswith("ok  database")]
    assert [line for line in lines if line.startswith("ok  certificates: localhost 192.0.2.7: good until")]
    assert [line for line in lines if line.startswith("WRONG  broker") and "is it running there? systemctl" in line]
    assert "[Errno" not in printed
    assert [line for line in lines if line.startswith("WRONG  hub: it does not run") and "journalctl" in line]
    assert lines[-1].startswith("not fit for use: 2 wrong")


def test_a_broker_with_older_files_is_told_from_one_that_has_read_them(city: Desk, said: Any, tmp_path: Path) -> None:
    said("broker", "config")
    broker = RunningBroker(tmp_path / "data" / "broker", tmp_path)
    with broker.running():
        assert "ok  broker's files: the broker has read the newest" in said("doctor")[1]
        said("ca", "issue-broker", "localhost")
        said("broker", "config")

        assert "WRONG  broker's files: the broker has older ones; systemctl reload zaigang-broker" in said("doctor")[1]


def test_it_speaks_chinese_where_the_terminal_does(city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    lines = said("doctor")[1].splitlines()

    assert lines[-1] == "不能使用：2 处不对，见上"
    assert [line for line in lines if line.startswith("不对  消息服务器: 连不上 ")]


def test_it_speaks_the_language_that_is_asked_for(city: Desk, said: Any) -> None:
    assert said("doctor", "--lang", "zh")[1].splitlines()[-1] == "不能使用：2 处不对，见上"


def test_an_embedded_broker_is_called_at_and_is_no_fault(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    for name in ("USERNAME", "PASSWORD_FILE", "TLS_PORT"):
        monkeypatch.delenv(f"ZAIGANG_HUB_BROKER__{name}")
    monkeypatch.setenv("ZAIGANG_HUB_BROKER__EMBEDDED", "true")
    monkeypatch.setenv("ZAIGANG_HUB_BROKER__PORT", str(port))
    with embedded_broker(port):
        printed = said("doctor")[1]
        listed = said("kiosk", "list")

    assert "mind  broker: embedded, it answers" in printed
    assert "certificates: localhost" not in printed
    assert "refused" not in listed[1]


def test_a_database_of_before_a_change_of_the_key_is_told(city: Desk, said: Any) -> None:
    assert said("key", "rotate")[0] == said("key", "finish", "--anyway")[0] == 0
    well = said("doctor")[1]
    with city.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM key_change")

    assert "is of before the change" not in well
    for words in (["doctor"], ["key", "status"]):
        assert "import the list of cards again, or none of them is known" in said(*words)[1]


@pytest.mark.parametrize("fault", [TimeoutExpired("timedatectl", 5), FileNotFoundError()])
def test_a_clock_service_that_does_not_answer_holds_up_nothing(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise fault

    monkeypatch.setattr(looks.subprocess, "run", fail)

    printed = said("doctor")[1]

    assert "mind  time: whether this machine's clock is kept cannot be seen" in printed
    assert printed.splitlines()[-1].startswith("not fit for use")


def test_the_hub_on_this_machine_is_asked_by_no_proxy(city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://no-such-proxy.invalid:3128")

    (line,) = [line for line in said("doctor")[1].splitlines() if "hub:" in line]

    assert "Connection refused" in line


@pytest.mark.parametrize("words", [("doctor",), ("kiosk", "list"), ("update", "status"), ("key", "status")])
@pytest.mark.parametrize("locale", ["C.UTF-8", "zh_CN.UTF-8"])
def test_who_may_not_look_into_the_hubs_directory_is_told_what_to_type(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], locale: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setattr(data_dir.os, "access", lambda *_, **__: False)

    status, printed = said(*words)

    assert (status, printed.count("\n")) == (1, 1)
    assert "sudo zaigang-hub" in printed
    assert ("当前用户打不开" in printed) == (locale != "C.UTF-8")


@pytest.mark.parametrize(("lang", "wanted"), [("zh", "应有单独的文件夹"), ("en", "wanted is a folder")])
def test_the_language_that_was_asked_for_is_that_of_a_refusal_too(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch, lang: str, wanted: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise data_dir.DataDirError(
            say("{folder} is not empty; wanted is a folder of its own for each kiosk", folder="a")
        )

    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if lang == "en" else "C.UTF-8")
    monkeypatch.setattr(command, "refuse_stranger", refuse)

    assert wanted in said("doctor", "--lang", lang)[1]
