"""A site with a real Mosquitto as the hub sets it up, and parties that speak and listen at it."""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from hub.certificates.cabinet import Cabinet
from hub.config import HubBrokerConfig, HubConfig
from hub.mosquitto.files import Written, write_files
from tests.bench.brokers import mosquitto_path
from tests.patience import PATIENCE_S, eventually
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NOW = datetime.now(UTC)


class RunningBroker:
    """Mosquitto on files that the hub wrote.

    Args:
        files: where they are.
        folder: for what the test needs of its own.
    """

    def __init__(self, files: Path, folder: Path) -> None:
        self._files, self._folder = files, folder
        self._config = folder / "mosquitto.conf"
        self.port, self.tls_port = (int(line.split()[1]) for line in self._lines() if line.startswith("listener "))
        self._process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def running(self, *, with_rights: bool = True) -> Iterator[RunningBroker]:
        """Until the end; without rights, everybody who is let in may say and hear all: the control."""
        path = mosquitto_path()
        assert path is not None
        lines = [line for line in self._lines() if with_rights or "acl_file" not in line]
        # started by root it would become another user, who cannot read a test's folder
        self._config.write_text("\n".join([*lines, "user root", ""]))
        with (self._folder / "broker.log").open("ab") as log:
            self._process = subprocess.Popen([path, "-c", str(self._config)], stderr=log, cwd=self._files)
        try:
            assert eventually(lambda: _is_open(self.tls_port) and _is_open(self.port))
            yield self
        finally:
            self._process.terminate()
            self._process.wait(60)

    @contextmanager
    def watching(self) -> Iterator[RunningBroker]:
        """The same, with what the path unit does: a signal whenever the files have changed."""
        done = Event()

        def watch() -> None:
            seen = self._changed()
            while not done.wait(0.05):
                if (now := self._changed()) != seen:
                    seen = now
                    self.reload()

        watcher = Thread(target=watch, name="path unit")
        with self.running():
            watcher.start()
            try:
                yield self
            finally:
                done.set()
                watcher.join()

    def reload(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def hub(self) -> Party:
        password = (self._files.parent / "password").read_text().strip()
        return Party(self.port, "a hub", login=("hub", password))

    def _lines(self) -> list[str]:
        return (self._files / "mosquitto.conf").read_text().splitlines()

    def _changed(self) -> int:
        return (self._files / "changed").stat().st_mtime_ns


class Site:
    """A CA, a broker's files, and the broker."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOW
        self.config = HubConfig(
            data_dir=folder / "data",
            broker=HubBrokerConfig(
                port=free_port(), tls_port=free_port(), username="hub", password_file=folder / "data" / "password"
            ),
        )
        self.cabinet = Cabinet(self.config.data_dir)
        self.cabinet.make("a site", NOW)
        self.cabinet.issue_broker(["localhost", "127.0.0.1"], NOW)
        self.write()
        self.broker = RunningBroker(self.config.broker_folder, folder)

    def write(self, shut_out: Iterable[str] = ()) -> Written:
        return write_files(self.config, self.cabinet, shut_out)

    def identity(self, kiosk: str) -> Identity:
        signed = self.cabinet.issue_kiosk(kiosk, NOW)
        folder = self.folder / f"identity-{kiosk}"
        folder.mkdir(exist_ok=True)
        for name, content in {
            "ca.crt": self.cabinet.certificate_file.read_bytes(), "kiosk.crt": signed.pem, "kiosk.key": signed.key_pem,
        }.items():  # fmt: skip
            (folder / name).write_bytes(content)
        return Identity(folder, self.config.broker.tls_port)

    def hub(self) -> Party:
        return self.broker.hub()


class Identity:
    """A kiosk's certificate and key as it was handed out, and whatever client uses them."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port

    def speak(self, client_id: str, version: int = mqtt.MQTTv5, will: str | None = None) -> Party:
        tls = ssl.create_default_context(cafile=str(self._folder / "ca.crt"))
        tls.load_cert_chain(self._folder / "kiosk.crt", self._folder / "kiosk.key")
        return Party(self._port, client_id, tls=tls, version=version, will=will)


class Party:
    """One client. What it hears is kept; what the broker said to each of its messages too."""

    def __init__(
        self,
        port: int,
        client_id: str,
        *,
        tls: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
        version: int = mqtt.MQTTv5,
        will: str | None = None,
    ) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.answers: list[str] = []
        self.ended = Event()
        self._lock = Lock()
        self._subscribed = Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=version)
        if tls is not None:
            self._client.tls_set_context(tls)
        if login is not None:
            self._client.username_pw_set(*login)
        if will is not None:
            self._client.will_set(will, b"will", qos=1, retain=True)
        welcome: list[Any] = []
        connected = Event()
        self._client.on_connect = lambda c, d, f, reason, p: (welcome.append(reason), connected.set())
        self._client.on_disconnect = lambda *_: (self.ended.set(), connected.set())
        self._client.on_message = lambda c, d, message: self._hear(message.topic, message.payload)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_publish = lambda c, d, mid, reason, p: self.answers.append(str(reason))
        self._client.reconnect_on_failure = False
        self._client.connect("localhost", port)
        self._client.loop_start()
        if not connected.wait(PATIENCE_S) or not welcome or welcome[0].is_failure:
            self.close()
            raise ConnectionRefusedError(str(welcome[0]) if welcome else "no answer")

    def listen(self, *filters: str) -> Party:
        self._subscribed.clear()
        self._client.subscribe([(each, 1) for each in filters])
        assert self._subscribed.wait(PATIENCE_S)
        return self

    def say(self, topic: str, payload: bytes = b"x", *, retain: bool = False) -> str:
        """Publish; what the broker answered."""
        self.answers.clear()
        self._client.publish(topic, payload, qos=1, retain=retain)
        assert eventually(lambda: bool(self.answers))
        return self.answers[0]

    def kept_within(self, seconds: float) -> list[str]:
        """What comes so soon after listening; for the absence of it there is no sign to wait for."""
        return self.topics() if eventually(self.topics, seconds) else []

    def topics(self) -> list[str]:
        with self._lock:
            return [topic for topic, _ in self.heard]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        self._client._sock_close()  # paho leaves one open where the broker ended the connection

    def _hear(self, topic: str, payload: bytes) -> None:
        with self._lock:
            self.heard.append((topic, payload))


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
