"""A kiosk with an updater and two versions, told second by second; what it is asked, and what it says."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from deploy.kiosk.updater import __main__ as updater

WELL = {"version": "2", "journal": True, "reader": True, "settled": True}


class Watched:
    """A kiosk's ten minutes, told second by second."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.said: Callable[[float], dict[str, object]] = lambda now_s: WELL
        self.ends: Callable[[float], int] = lambda now_s: 7  # of earlier days

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def wish(place: Path, order: str = "u-1") -> None:
    (place / "data/wish").write_text(json.dumps({"version": "2.0.0", "order": order}))


def told(place: Path) -> dict[str, object]:
    return dict(json.loads((place / "data/result").read_bytes()))


def on_trial(place: Path, **more: object) -> None:
    trial = updater.VersionOnTrial("2.0.0", "1.0.0", wants_hub=True, order="u-1")
    (place / "setup/trial.json").write_text(json.dumps(asdict(trial) | more))


def at_work(place: Path) -> str:
    return (place / "current").resolve().name
