"""A whole hub in this process, on ports of its own, and a kiosk that speaks just enough to try it."""

import asyncio
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from hub.app import serve
from hub.config import HttpConfig, HubBrokerConfig, HubConfig
from hub.intake.sorting import Delivery
from station.clock import Clock
from tests.ports import free_port

DEADLINE_S = 60.0  # whatever else the machine does; what is awaited takes a tenth of a second


class Until:
    """Waits for something to become true, woken by whoever changes it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()

    def changed(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def wait(
        self, claim: Callable[[], object], within_s: float = DEADLINE_S, look_every_s: float | None = None
    ) -> None:
        """Wait for the claim; it is looked at whenever something changed, and every so often if nothing tells."""
        with self._changed:
            for _ in range(int(within_s / (look_every_s or within_s))):
                if self._changed.wait_for(claim, look_every_s or within_s):
                    return
        raise AssertionError(f"not within {within_s} s: {claim}")


def until(claim: Callable[[], object], within_s: float = DEADLINE_S) -> None:
    """Wait for a claim that nobody announces."""
    Until().wait(claim, within_s, look_every_s=0.02)


@dataclass
class RunningHub:
    config: HubConfig
    clock: Clock
    _loop: asyncio.AbstractEventLoop | None = None
    _stopping: asyncio.Event | None = None
    _ready: threading.Event = field(default_factory=threading.Event)
    failed: BaseException | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="hub under test")
        self._thread.start()
        assert self._ready.wait(DEADLINE_S)
        if self.failed is not None:
            self._thread.join()
            raise self.failed

    def stop(self) -> None:
        if self._thread.is_alive() and self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()

    def get(self, path: str) -> Any:
        address = f"http://{self.config.http.host}:{self.config.http.port}{path}"
        try:
            with urllib.request.urlopen(address, timeout=DEADLINE_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return json.load(answer)

    def figures(self) -> dict[str, float]:
        address = f"http://{self.config.http.host}:{self.config.http.port}/metrics"
        with urllib.request.urlopen(address, timeout=DEADLINE_S) as answer:
            lines = answer.read().decode().splitlines()
        return {name: float(value) for name, value in (line.split() for line in lines if not line.startswith("#"))}

    def row(self, code: str = "S-01") -> dict[str, Any]:
        return next(row for row in self.get("/api/v1/board")["stations"] if row["code"] == code)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as exc:  # noqa: BLE001 -- told to whoever started it
            self.failed = exc
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        await serve(self.config, self.clock, self._stopping, lambda _: self._ready.set())


def hub_config(folder: Path, broker_port: int, *, embedded: bool = False) -> HubConfig:
    return HubConfig(
        data_dir=folder,
        broker=HubBrokerConfig(port=broker_port, embedded=embedded),
        http=HttpConfig(port=free_port()),
    )


@contextmanager
def running_hub(config: HubConfig, clock: Clock) -> Iterator[RunningHub]:
    hub = RunningHub(config, clock)
    hub.start()
    try:
        until(lambda: hub.figures()["zaigang_broker_connected"])  # what is sent before is lost, or retained
        yield hub
    finally:
        hub.stop()


class Listener:
    """A client that remembers the last payload of each topic, and can send."""

    def __init__(self, port: int, *topics: str, will: Delivery | None = None) -> None:
        self.said: dict[str, list[Any]] = {}
        self._until = Until()
        self._subscribed = threading.Event()
        self._topics = topics
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2)
        if will is not None:
            self.client.will_set(will.topic, will.payload, qos=1, retain=True)
        self.client.on_connect = lambda client, *_: client.subscribe([(topic, 1) for topic in topics or ("none",)])
        self.client.on_subscribe = lambda *_: self._subscribed.set()
        self.client.on_message = self._on_message
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert self._subscribed.wait(DEADLINE_S)

    def send(self, delivery: Delivery, *, retain: bool = False) -> None:
        self.client.publish(delivery.topic, delivery.payload, qos=1, retain=retain)

    def wait(self, topic: str, claim: Callable[[Any], object] = lambda _: True) -> Any:
        """The first that was said on a topic and fits the claim."""
        found: list[Any] = []

        def fits() -> bool:
            found[:] = [said for said in self.said.get(topic, []) if claim(said)]
            return bool(found)

        self._until.wait(fits)
        return found[0]

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def cut(self) -> None:
        """Go without a goodbye: the will is published."""
        self.client.loop_stop()
        sock = self.client.socket()
        assert sock is not None
        sock.close()

    def _on_message(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        self.said.setdefault(message.topic, []).append(json.loads(message.payload))
        self._until.changed()
