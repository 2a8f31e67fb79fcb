"""The kiosk of `on_trial`."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.installing import slots
from deploy.installing.files import link
from deploy.kiosk.installer import machine
from deploy.kiosk.updater import __main__ as updater
from deploy.kiosk.updater import between, judging
from tests.deploy.on_trial import WELL, Watched, wish


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    made = Watched()
    for each in (updater, judging):
        monkeypatch.setattr(each, "time", made)
    monkeypatch.setattr(judging, "how_it_is", lambda: made.said(made.now_s))
    monkeypatch.setattr(judging, "ends_of_agent", lambda: made.ends(made.now_s))
    return made


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, watched: Watched) -> Path:
    """A kiosk with 1.0.0 at work, which can be offered 2.0.0; its agent is well at once."""
    for name in ("slots/1.0.0", "slots/2.0.0", "setup", "data", "offered"):
        (tmp_path / name).mkdir(parents=True)
    link(tmp_path / "current", tmp_path / "slots/1.0.0")
    monkeypatch.setattr(slots, "SLOTS", tmp_path / "slots")
    monkeypatch.setattr(slots, "CURRENT", tmp_path / "current")
    monkeypatch.setattr(machine, "OFFERS", tmp_path / "offered")
    monkeypatch.setattr(machine, "PLACES", {})
    monkeypatch.setattr(slots, "PROVEN", tmp_path / "proven")
    for name in ("works", "restart"):
        monkeypatch.setattr(machine, name, lambda *command: "")
    monkeypatch.setattr(machine, "do", lambda *command: "loaded\n")
    for each in (updater, judging):
        monkeypatch.setattr(each, "works", lambda *command: True)
    monkeypatch.setattr(judging, "is_hub_in_reach", lambda: True)
    for name, path in {"SETUP": "setup", "TRIAL": "setup/trial.json", "WISH": "data/wish", "TRIES": "tries"}.items():
        monkeypatch.setattr(updater, name, tmp_path / path)
    monkeypatch.setattr(judging, "WELL", tmp_path / "data/well")
    for name, path in {"WISH": "data/wish", "RESULT": "data/result"}.items():
        monkeypatch.setattr(between, name, tmp_path / path)
    watched.said = lambda now_s: WELL | {"version": "2.0.0"}
    return tmp_path


@pytest.fixture
def offered(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """2.0.0 is fetched, whole and believed."""

    def fetch(folder: Path | None, kept: Path) -> Path:
        path = kept / "zaigang-kiosk-2.0.0.tar"
        path.write_bytes(b"of a kiosk")
        return path

    monkeypatch.setattr(updater, "fetch", fetch)
    monkeypatch.setattr(
        updater, "Bundle", lambda path, what: SimpleNamespace(version="2.0.0", by_known_signer=lambda: True)
    )
    monkeypatch.setattr(slots, "make_room", lambda wanted: None)
    monkeypatch.setattr(machine, "fill", lambda bundle: slots.SLOTS / "2.0.0")
    wish(place)
    return place
