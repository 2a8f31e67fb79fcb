"""A site with a real Mosquitto as the hub sets it up, and parties that speak and listen at it."""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from hub.certificates.cabinet import Cabinet
from hub.config import BrokerConfig, HubConfig
from hub.mosquitto.files import write_files
from tests.bench.brokers import mosquitto_path
from tests.patience import eventually
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

NOW = datetime.now(UTC)


class Site:
    """A CA, a broker's files, and the broker."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOW
        self._file = folder / "mosquitto.conf"
        self.config = HubConfig(
            data_dir=folder / "data",
            broker=BrokerConfig(
                port=free_port(), tls_port=free_port(), username="hub", password_file=folder / "data" / "password"
            ),
        )
        self.cabinet = Cabinet(self.config.data_dir)
        self.cabinet.make("a site", NOW)
        self.cabinet.issue_broker(["localhost", "127.0.0.1"], NOW)
        self.write()
        self._broker: subprocess.Popen[bytes] | None = None

    def write(self, shut_out: Iterable[str] = ()) -> list[str]:
        changed = write_files(self.config, self.cabinet, shut_out, NOW)
        self._run_as_root(lambda line: True)
        return changed

    def without_rights(self) -> None:
        """The control: the same broker, but everybody who is let in may say and hear all."""
        self._run_as_root(lambda line: "acl_file" not in line)

    def _run_as_root(self, keep: Callable[[str], bool]) -> None:
        """Mosquitto started by root would become another user, who cannot read a test's folder."""
        lines = filter(keep, (self.config.broker_folder / "mosquitto.conf").read_text().splitlines())
        self._file.write_text("\n".join([*lines, "user root", ""]))

    @contextmanager
    def broker(self) -> Iterator[None]:
        path = mosquitto_path()
        assert path is not None
        with (self.folder / "broker.log").open("wb") as log:
            self._broker = subprocess.Popen([path, "-c", str(self._file)], stderr=log)
        try:
            assert eventually(lambda: _is_open(self.config.broker.tls_port) and _is_open(self.config.broker.port))
            yield
        finally:
            self._broker.terminate()
            self._broker.wait(60)

    def reload(self) -> None:
        """What the path unit does."""
        assert self._broker is not None
        self._broker.send_signal(signal.SIGHUP)

    def identity(self, kiosk: str) -> Identity:
        signed = self.cabinet.issue_kiosk(kiosk, NOW)
        folder = self.folder / f"identity-{kiosk}"
        folder.mkdir(exist_ok=True)
        (folder / "kiosk.crt").write_bytes(signed.pem)
        (folder / "kiosk.key").write_bytes(signed.key_pem)
        return Identity(self, folder)

    def hub(self) -> Party:
        assert self.config.broker.password_file is not None
        password = self.config.broker.password_file.read_text().strip()
        return Party(self.config.broker.port, "a hub", login=("hub", password))


class Identity:
    """A kiosk's certificate and key, and whatever client uses them."""

    def __init__(self, site: Site, folder: Path) -> None:
        self._site = site
        self._folder = folder

    def speak(self, client_id: str, version: int = mqtt.MQTTv5, will: str | None = None) -> Party:
        tls = ssl.create_default_context(cafile=str(self._site.cabinet.certificate_file))
        tls.load_cert_chain(self._folder / "kiosk.crt", self._folder / "kiosk.key")
        return Party(self._site.config.broker.tls_port, client_id, tls=tls, version=version, will=will)


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
        if not connected.wait(20) or not welcome or welcome[0].is_failure:
            self.close()
            raise ConnectionRefusedError(str(welcome[0]) if welcome else "no answer")

    def listen(self, *filters: str) -> Party:
        self._subscribed.clear()
        self._client.subscribe([(each, 1) for each in filters])
        assert self._subscribed.wait(20)
        return self

    def say(self, topic: str, payload: bytes = b"x", *, retain: bool = False) -> str:
        """Publish; what the broker answered."""
        self.answers.clear()
        self._client.publish(topic, payload, qos=1, retain=retain)
        assert eventually(lambda: bool(self.answers))
        return self.answers[0]

    def topics(self) -> list[str]:
        with self._lock:
            return [topic for topic, _ in self.heard]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, topic: str, payload: bytes) -> None:
        with self._lock:
            self.heard.append((topic, payload))


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
