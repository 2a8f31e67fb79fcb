"""`zaigang-hub broker config`: what it says to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.verbs import broker as command
from tests.bench.brokers import mosquitto_path
from tests.hub.fleet.conftest import city, said

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hub.importing.desk import Desk

__all__ = ["city", "said"]
pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(mosquitto_path() is None, reason="mosquitto is not installed"),
]


def test_where_the_broker_is_a_service_nobody_is_told_to_start_another(
    city: Desk, said: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "SERVICE", tmp_path / "zaigang-broker.service")
    by_hand = said("broker", "config")[1].splitlines()
    command.SERVICE.touch()
    same = said("broker", "config")[1].splitlines()
    (tmp_path / "data" / "broker" / "rights").unlink()
    changed = said("broker", "config")[1].splitlines()

    assert by_hand[1].endswith("&& mosquitto -c mosquitto.conf")
    assert same == ["nothing to change: it is so already", "the broker has them"]
    assert changed[1] == "the broker reads them anew by itself"
