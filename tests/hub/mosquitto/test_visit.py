"""A short call at a broker at which everybody speaks all the time."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from hub.mosquitto import visit
from hub.mosquitto.visit import BrokerVisit

if TYPE_CHECKING:
    from collections.abc import Iterator


class Client:
    """Nobody's line."""

    on_message: Any = None
    on_publish: Any = None

    def subscribe(self, _filters: Any) -> None:
        """It is granted."""


def said(topic: str, payload: bytes, *, kept: bool) -> Any:
    return SimpleNamespace(topic=topic, payload=payload, retain=kept)


@pytest.fixture
def client() -> Iterator[Client]:
    """Of a city in which somebody says something at every moment."""
    made, ending = Client(), threading.Event()

    def speak() -> None:
        while not ending.wait(0.01):
            if made.on_message is not None:
                made.on_message(None, None, said("zaigang/v1/h1/k2/state", b"live", kept=False))

    speaking = threading.Thread(target=speak, name="city")
    speaking.start()
    yield made
    ending.set()
    speaking.join()


def test_what_the_broker_keeps_is_had_though_somebody_speaks_at_every_moment(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kiosk list`, and so whoever asked for it, waited until the whole city was silent for a second."""
    monkeypatch.setattr(visit, "KEPT_WITHIN_S", 0.2)
    monkeypatch.setattr(visit, "PATIENCE_S", 60.0)
    calling = BrokerVisit(client)  # type: ignore[arg-type]
    calling._on_message(None, None, said("zaigang/v1/h1/k1/state", b"kept", kept=True))  # type: ignore[arg-type]

    assert calling.kept("zaigang/v1/+/+/state")["zaigang/v1/h1/k1/state"] == b"kept"
