"""A hub, a broker of its own, and kiosks at several stations, each a process: for what goes wrong between them."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import urllib.request
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from simulator.children import Child
from simulator.chip.air import AirCard
from simulator.chip.cards import MifareClassic, Ntag213
from simulator.city import SimCity, invent, stranger_card
from simulator.premises import Premises, child_environ
from simulator.stored import SettledTap, read_stored
from simulator.town import enter_city
from station.clock import Clock, boottime_s
from station.token import token_of
from tests.edge.brokers import BrokerProcess
from tests.ports import free_port
from tests.whole.post import Post

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

START = datetime.fromisoformat("2026-03-05T09:00:00+08:00")  # a Thursday, all stations open
STATIONS = 24  # one for each test, so that their order does not matter
PATIENCE_S = 90.0
LOOK_EVERY_S = 0.05


class Town:
    """What runs, and what can be seen of it.

    Attributes:
        clock: the town's.
        began_at: when the hub was there for sure.
        broker: can be killed and started anew, having forgotten everything.
    """

    def __init__(self, folder: Path, *, rate: float) -> None:
        self.city: SimCity = invent(5, STATIONS)
        self.broker = BrokerProcess("embedded", folder)
        self._backups = folder / "backups"
        self.premises = Premises(folder, self.broker.port, free_port())
        self.clock = Clock(rate=rate, began_at=START, anchor_s=boottime_s())
        self._environ = child_environ({}, self.clock) | {
            "PATH": "/usr/bin:/bin",
            "ZAIGANG_HUB_BROKER__EMBEDDED": "false",
            "ZAIGANG_HUB_BACKUP__DIRECTORY": str(self._backups),
        }
        self._backups.mkdir()
        enter_city(self.city, self.premises, self._environ)
        self._hub = Child(
            "hub", ["hub", "serve", "--config", str(self.premises.hub_file)], self._environ, folder / "hub.log"
        )
        self.began_at = START
        self._strangers = 0

    def close(self) -> None:
        self._hub.stop()
        self.broker.kill()

    def post(self, place: int, broker_port: int | None = None, kiosk: str = "") -> Post:
        """The only, or first, kiosk of the city's station in that place, or another of that name; not started."""
        station = self.city.stations[place]
        return Post(self.premises, station.code, kiosk or station.kiosks[0], self._environ, broker_port=broker_port)

    def enter(self, name: str, lines: str) -> None:
        """Let an operator enter a spreadsheet of that name."""
        file = self.premises.folder / f"{name}.csv"
        file.write_text(lines, encoding="utf-8")
        command = ["hub", "import", "--config", str(self.premises.hub_file), str(file)]
        with Child("import", command, self._environ, self.premises.folder / "import.log") as child:
            child.wait(PATIENCE_S)

    def card(self, station: str, place: int) -> AirCard:
        """The card of that station's volunteer in that place."""
        card = [v for v in self.city.volunteers if v.station == station and not v.spare][place].cards[0]
        return MifareClassic(card.number) if card.chip == "classic" else Ntag213(card.number)

    def stranger(self) -> AirCard:
        """A card that nobody has, another each time."""
        self._strangers += 1
        return Ntag213(stranger_card(self._strangers).number)

    def get(self, path: str) -> Any:
        """What the hub answers."""
        with urllib.request.urlopen(f"{self.premises.address}{path}", timeout=30) as answer:
            return json.load(answer)

    def kiosk(self, kiosk: str) -> dict[str, Any]:
        """How a kiosk stands, as the hub tells operators."""
        return next((row for row in self.get("api/v1/kiosks") if row["id"] == kiosk), {"status": "not entered"})

    def duty_class(self, station: str) -> str:
        """What the board says of a station."""
        return next(row["class"] for row in self.get("api/v1/board")["stations"] if row["code"] == station)

    def bands(self, station: str) -> list[str]:
        """The classes of the station's day so far, since it opened."""
        found = self.get(f"api/v1/stations/{station}")["bands"]
        return [band["class"] for band in found if band["class"] != "closed" and _lasts(band)]

    def stands(self, post: Post, status: str, duty_class: str | None = None) -> None:
        """Wait until operators and board see that."""

        def is_seen() -> bool:
            seen = self.kiosk(post.kiosk)["status"], self.duty_class(post.station)
            return seen == (status, duty_class or seen[1])

        until(is_seen, lambda: f"{status} {duty_class}, not {self.kiosk(post.kiosk)} {self.duty_class(post.station)}")

    def times_stored(self, card: AirCard) -> int:
        """How many taps of a card the hub holds."""
        key = bytes.fromhex(self.premises.site_key.read_text())
        token = token_of(key, "iso14443a", card.number)
        return sum(tap.token == token for tap in self.stored())

    def stored(self) -> list[SettledTap]:
        """All taps that the hub holds."""
        return read_stored(self.premises.database)

    def through(self, epoch: str) -> int:
        """How far the hub has stored that run."""
        with closing(sqlite3.connect(f"{self.premises.database.as_uri()}?mode=ro", uri=True)) as database:
            return max(
                (row[0] for row in database.execute("SELECT through FROM run WHERE epoch = ?", (epoch,))), default=0
            )

    def back_up(self) -> None:
        """Let the hub make another backup: it does where the newest is gone."""
        for backup in self._backups.iterdir():
            backup.unlink()
        until(lambda: any(path.suffix != ".part" for path in self._backups.iterdir()), "another backup")

    def findings(self, kind: str) -> list[dict[str, Any]]:
        """What the hub tells operators of that kind."""
        return [finding for finding in self.get("api/v1/findings") if finding["kind"] == kind]


def in_turn(wanted: list[str], found: list[str]) -> bool:
    """Whether these follow each other there, whatever lies between: a busy machine makes readers blind by itself."""
    rest = iter(found)
    return all(one in rest for one in wanted)


def until(claim: Callable[[], object], what: str | Callable[[], str], within_s: float = PATIENCE_S) -> None:
    """Wait for a condition that nobody announces.

    Raises:
        AssertionError: it did not come true in time.
    """
    pause, deadline_s = threading.Event(), time.monotonic() + within_s
    while not claim():
        if time.monotonic() > deadline_s:
            raise AssertionError(f"not in {within_s:g} s: {what if isinstance(what, str) else what()}")
        pause.wait(LOOK_EVERY_S)


@contextmanager
def town_in_trouble(folder: Path, *, rate: float = 1.0) -> Iterator[Town]:
    """A running hub and broker, and a city entered; the kiosks are the caller's to start."""
    with ExitStack() as stack:
        town = Town(folder, rate=rate)
        stack.callback(town.close)
        until(lambda: _is_linked(town), "the hub linked to its broker")
        town.began_at = town.clock.now()
        yield town


def _is_linked(town: Town) -> bool:
    town._hub.check()
    try:
        with urllib.request.urlopen(f"{town.premises.address}metrics", timeout=30) as answer:
            return "zaigang_broker_connected 1\n" in answer.read().decode()
    except OSError:
        return False


def _lasts(band: dict[str, Any]) -> bool:
    """Whether a band is longer than the rounding of a moment."""
    began_at, ended_at = (datetime.fromisoformat(band[edge]) for edge in ("began_at", "ended_at"))
    return ended_at - began_at > timedelta(milliseconds=1)
