"""`zaigang-hub kiosk revoke|replace` against a real broker, a serving hub, and a thief."""

from __future__ import annotations

import json
import ssl
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hub.certificates.cabinet import Cabinet
from hub.database.tables import Kiosk
from tests.bench.brokers import mosquitto_path
from tests.hub.mosquitto.site import Identity, RunningBroker
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hub.importing.desk import Desk

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(mosquitto_path() is None, reason="mosquitto is not installed"),
]
BRANCH, SESSION = "zaigang/v1/h1/k1", "0123456789abcdef"


@pytest.fixture
def broker(city: Desk, said: Any, tmp_path: Path) -> Iterator[RunningBroker]:
    """Mosquitto on the files that the command wrote, reading them anew whenever they change."""
    assert said("broker", "config")[0] == 0
    with RunningBroker(tmp_path / "data" / "broker", tmp_path).watching() as running:
        yield running


def thief(broker: RunningBroker, tmp_path: Path, said: Any) -> Identity:
    assert said("kiosk", "prepare", "k1", "--out", tmp_path / "stick")[0] == 0
    return Identity(tmp_path / "stick" / "identity", broker.tls_port)


def test_a_stolen_kiosk_is_thrown_out_silenced_and_forgotten(
    city: Desk, said: Any, tmp_path: Path, broker: RunningBroker
) -> None:
    stolen = thief(broker, tmp_path, said)
    own = stolen.speak(f"k1-{SESSION}")
    own.say(f"{BRANCH}/state", json.dumps({"session": SESSION}).encode(), retain=True)

    status, printed = said("kiosk", "revoke", "k1")

    assert (status, printed.splitlines()[-1]) == (0, "the broker has it: no connection, nothing said, nothing kept")
    assert own.ended.wait(PATIENCE_S)
    with pytest.raises((ConnectionError, ssl.SSLError)):
        stolen.speak("again")
    with closing(broker.hub()) as hub:
        assert hub.listen("zaigang/v1/#").kept_within(0.5) == []
    own.close()
    (row,) = [row for row in city.rows(Kiosk) if row["id"] == "k1"]
    assert row["revoked_ms"] is not None
    assert Cabinet(tmp_path / "data").good_identities("k1") == []


def test_the_list_says_what_each_kiosk_said_last(
    city: Desk, said: Any, tmp_path: Path, broker: RunningBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = Path("tests/golden/wire/v1/state-birth.json").read_bytes()
    own = thief(broker, tmp_path, said).speak("k1-1")
    own.say(f"{BRANCH}/state", state, retain=True)
    own.say(f"{BRANCH}/state", state, retain=True)

    english = said("kiosk", "list")[1].splitlines()
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    chinese = said("kiosk", "list")[1].splitlines()

    own.close()
    (line,) = [line for line in english if line.startswith("k1 ")]
    assert " gone  up  " in line
    assert [line for line in english if line.startswith("k2 ") and line.endswith("-  -  -  -  -")]
    assert chinese[0].split()[:11] == [
        "终端",
        "站点",
        "入口",
        "状态",
        "证书至",
        "认领",
        "最近",
        "读卡器",
        "时钟",
        "待传",
        "版本",
    ]
    assert [line for line in chinese if line.startswith("k1 ") and " 离线  正常  " in line]


def test_revoking_again_changes_nothing_and_makes_up_for_what_failed(city: Desk, said: Any, tmp_path: Path) -> None:
    said("kiosk", "prepare", "k1", "--out", tmp_path / "stick")
    failed = said("kiosk", "revoke", "k1")
    assert (failed[0], "the broker does not know it yet" in failed[1]) == (1, True)

    with RunningBroker(tmp_path / "data" / "broker", tmp_path).watching():
        status, printed = said("kiosk", "revoke", "k1")
        unknown = said("kiosk", "revoke", "no-such")

    assert (status, "nothing to change" in printed, "the broker has it" in printed) == (0, True, True)
    assert (unknown[0], "no-such" in unknown[1], "nothing was changed" in unknown[1]) == (1, True, True)


@pytest.mark.parametrize("verb", ["replace", "revoke"])
def test_a_stolen_kiosk_is_not_revoked_by_halves_where_the_broker_has_no_login(
    city: Desk, said: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    before = city.everything()
    for name in ("USERNAME", "PASSWORD_FILE"):
        monkeypatch.delenv(f"ZAIGANG_HUB_BROKER__{name}")
    more = ["k1-b", "--stolen", "--out", tmp_path / "new"] if verb == "replace" else []

    status, printed = said("kiosk", verb, "k1", *more)

    assert (status, "the hub has no login at the broker" in printed) == (78, True)
    assert city.everything() == before


def test_at_the_embedded_broker_which_asks_nobody_who_they_are_revoking_says_so_once_it_is_done(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USERNAME", "PASSWORD_FILE"):
        monkeypatch.delenv(f"ZAIGANG_HUB_BROKER__{name}")
    monkeypatch.setenv("ZAIGANG_HUB_BROKER__EMBEDDED", "true")

    status, printed = said("kiosk", "revoke", "k1")

    assert (status, "the embedded broker takes everybody" in printed) == (1, True)
    (row,) = [row for row in city.rows(Kiosk) if row["id"] == "k1"]
    assert row["revoked_ms"] is not None


def test_a_stolen_kiosk_is_replaced_though_the_broker_is_away_and_what_is_left_is_said(
    city: Desk, said: Any, tmp_path: Path
) -> None:
    status, printed = said("kiosk", "replace", "k1", "k1-b", "--stolen", "--out", tmp_path / "new")

    assert (status, "is ready for k1-b at h1" in printed) == (1, True)
    assert printed.endswith("left to do, once that is mended: zaigang-hub kiosk revoke k1\n")
    assert (tmp_path / "new" / "identity" / "kiosk.key").exists()


def test_a_revoked_kiosk_is_not_kept_and_gets_no_folder(city: Desk, said: Any, tmp_path: Path) -> None:
    said("kiosk", "revoke", "k1")

    assert "kiosk: found 'k1', revoked" in said("kiosk", "keep", "k1")[1]
    assert "k1 is revoked; wanted is a new id" in said("kiosk", "prepare", "k1", "--out", tmp_path / "stick")[1]


def test_another_device_takes_its_place_in_one_step(
    city: Desk, said: Any, tmp_path: Path, broker: RunningBroker
) -> None:
    stolen = thief(broker, tmp_path, said)

    status, printed = said("kiosk", "replace", "k1", "k1-b", "--stolen", "--out", tmp_path / "new")

    assert status == 0, printed
    assert "is ready for k1-b at h1" in printed
    Identity(tmp_path / "new" / "identity", broker.tls_port).speak("k1-b-1").close()
    with pytest.raises((ConnectionError, ssl.SSLError)):
        stolen.speak("again")
    rows = {row["id"]: row for row in city.rows(Kiosk)}
    assert (rows["k1-b"]["station"], rows["k1-b"]["in_service_to"]) == ("h1", None)
    assert rows["k1"]["in_service_to"] is not None
