"""Who steps out, who forgets, and what is said of it, the line cut or not: kiosk and hub agree in the end.

A real agent reads a scripted reader and waits for a button on a mocked pin; Mosquitto and the hub are real. Time leaps
where nothing is to happen, from one of the kiosk's pulses to the next, whatever the machine took meanwhile.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from gpiozero.pins.mock import MockFactory

from devices.buttons import open_button
from devices.signals import Signal
from edge import tapping
from edge.agent import Agent
from edge.config import BrokerConfig, ButtonsConfig, EdgeConfig, ReaderConfig
from edge.seams import Seams
from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.engine import open_engine
from hub.database.people_tables import CardRow, Holding
from hub.database.transactions import writing
from simulator.scripted_reader import ScriptedReader
from station.clock import Clock, boottime_s
from station.hours import SHANGHAI
from tests.bench.brokers import mosquitto, mosquitto_path
from tests.edge.rig import SITE_KEY, Beeps, card, token
from tests.hub.cities import ADDED_MS, enter, raise_edition
from tests.hub.intake.messages import BEGAN
from tests.hub.running import RunningHub, hub_config, running_hub, until
from tests.hub.whole.conftest import folder
from tests.patience import eventually
from tests.whole.cable import Cable
from tests.whole.wired_kiosk import KIOSK, STATION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from devices.card import Card

__all__ = ["folder"]
pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]
PULSE_S = 5 * 60
LONG_S = 200.0  # for one thing that is awaited, on a machine that does much else
soon = partial(eventually, within_s=LONG_S)
wait = partial(until, within_s=LONG_S)
BUDGET_S = 15 * 60
PIN = 21


class Ahead:
    """How far a test has leapt: all of the world's seconds, or the station's alone."""

    def __init__(self) -> None:
        self.world_s = self.station_s = 0.0

    def boot_s(self) -> float:
        return boottime_s() + self.world_s


@dataclass(frozen=True)
class LeapingClock(Clock):
    """At the world's pace, but for the leaps."""

    ahead: Ahead | None = None

    def now(self) -> datetime:
        assert self.began_at is not None
        return self.began_at + timedelta(seconds=self.mono_s() - self.anchor_s)

    def mono_s(self) -> float:
        assert self.ahead is not None
        return self.boot_s() + self.ahead.station_s


class PolledReader(ScriptedReader):
    """Tells how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.polls = 0

    def poll(self, timeout_s: float) -> Card | None:
        self.polls += 1
        return super().poll(timeout_s)


class Station:
    """One kiosk with its line, and the hub; what people do, and what comes of it."""

    def __init__(self, hub: RunningHub, cable: Cable, clock: LeapingClock, ahead: Ahead, home: Path) -> None:
        self.hub, self.cable, self.clock, self._ahead = hub, cable, clock, ahead
        self.beeps = Beeps()
        self._home, self._reader, self.pins = home / "kiosk", PolledReader(), MockFactory()
        config = EdgeConfig(
            station=STATION, kiosk=KIOSK, data_dir=self._home, site_key_file=home / "key",
            readers=(ReaderConfig("door", "scripted:"),), broker=BrokerConfig(port=cable.port),
            buttons=ButtonsConfig(step_out=f"gpio:{PIN}"),
        )  # fmt: skip
        self.agent = Agent(
            config, site_key=SITE_KEY, annunciator=self.beeps, rng=Random(1),
            seams=Seams(clock=clock, boot="boot-1", is_synced=lambda: True),
            reader_factory=lambda _url: self._reader,
            button_factory=lambda url: open_button(url, lambda: self.pins),
        )  # fmt: skip
        self.agent.start()
        wait(lambda: any(self._home.glob("roster-*.json")) and (self._home / "duty.json").exists())
        wait(lambda: hub.row()["kiosks_heard"] == 1)

    def stop(self) -> None:
        self.agent.stop()
        self.pins.reset()

    def touch(self, person: int) -> tuple[Signal, str]:
        """A tap; what was said of it, and in its second line."""
        said = len(self.beeps.said)
        with self._held(person):
            assert soon(lambda: any(signal.promises_record for signal in self.beeps.signals[said:]))
        return next((signal, lines[1]) for signal, lines in self.beeps.said[said:] if signal.promises_record)

    def touch_and_hold(self, person: int) -> list[tuple[Signal, str]]:
        """A tap with which somebody steps out; both answers."""
        said = len(self.beeps.said)
        with self._held(person):
            assert soon(lambda: Signal.STEPPED_OUT in self.beeps.signals[said:])
        return [(signal, lines[1]) for signal, lines in self.beeps.said[said:]]

    def press(self) -> tuple[Signal, str]:
        """The button 临时外出."""
        said = len(self.beeps.said)
        pin = self.pins.pin(PIN)
        pin.drive_low()
        pin.drive_high()
        assert soon(lambda: len(self.beeps.said) > said)
        return self._last()

    def pass_time(self, minutes: int) -> None:
        """Let it pass, with the kiosk's signs of life: one is due five minutes after the last record."""
        until_s = self.clock.now().timestamp() + minutes * 60
        while (now_s := self.clock.now().timestamp()) < until_s:
            before = self.records()
            due_s = moment_of(before[-1]) + PULSE_S
            self._ahead.station_s += max(0.0, min(due_s, until_s) - now_s)
            if due_s <= until_s:
                assert soon(lambda before=before: len(self.records()) > len(before))

    def leap(self, seconds: float) -> None:
        """Let so much pass at once."""
        self._ahead.station_s += seconds

    def leap_to(self, hhmm: str) -> None:
        """Pass over a stretch in which nobody watches."""
        hour, minute = map(int, hhmm.split(":"))
        wanted = BEGAN + timedelta(hours=hour - 8, minutes=minute)
        self._ahead.station_s += (wanted - self.clock.now()).total_seconds()

    def records(self) -> list[dict[str, Any]]:
        """What lies in the kiosk's journal."""
        with closing(sqlite3.connect(f"{(self._home / 'journal.db').as_uri()}?mode=ro", uri=True)) as journal:
            return [json.loads(body) for (body,) in journal.execute("SELECT body FROM records ORDER BY ord, seq")]

    def taps(self, person: int, action: str) -> list[float]:
        """When that person did that, in seconds."""
        return [
            moment_of(one)
            for one in self.records()
            if (one["kind"], one.get("token"), one.get("action")) == ("tap", token(person), action)
        ]

    def seconds(self) -> dict[str, float]:
        """The hub's figures of the day."""
        days = self.hub.get(f"/api/v1/stations/{STATION}/coverage")["days"]
        return dict(days[-1]["seconds"]) if days else {}

    def counts(self) -> tuple[int, int, str]:
        row = self.hub.row()
        return row["on_duty"], row["stepped_out"], row["class"]

    @contextmanager
    def _held(self, person: int) -> Iterator[None]:
        for _ in range(3):  # past the guard, and no reader seems to hang
            polls = self._reader.polls
            self._ahead.world_s += 2.0
            assert soon(lambda polls=polls: self._reader.polls > polls + 1)
        self._reader.put(card(person))
        yield
        self._reader.take()
        assert soon(lambda: not self.agent.kiosk.is_occupied("door"))

    def _last(self) -> tuple[Signal, str]:
        signal, lines = self.beeps.said[-1]
        return signal, lines[1]


def moment_of(record: dict[str, Any]) -> float:
    return datetime.fromisoformat(record["at"]).timestamp()


def close_for_the_day(folder: Path, reason: str) -> None:
    """As a lead does on the page 停开."""
    with database_of(folder) as engine, writing(engine) as connection:
        wanted = [asked.SetSpecialDay(STATION, BEGAN.date(), (), reason)]
        assert not apply(connection, wanted, by="lead", at=BEGAN, zone=SHANGHAI, why=reason).refusals


@contextmanager
def database_of(folder: Path) -> Iterator[Engine]:
    engine = open_engine(hub_config(folder, 1).database_url)
    yield engine
    engine.dispose()


@contextmanager
def station(folder: Path, home: Path, hhmm: str) -> Iterator[Station]:
    """One that is open, with nobody there yet."""
    if mosquitto_path() is None:
        pytest.skip("mosquitto is not installed")
    rows = [CardRow(token=token(n), technology="iso14443a", added_ms=ADDED_MS) for n in (1, 2)]
    with database_of(folder) as engine:
        enter(engine, [*rows, *(Holding(token=token(n), from_ms=0, person=f"p{n}") for n in (1, 2))])
        raise_edition(engine)
    ahead = Ahead()
    hour, minute = map(int, hhmm.split(":"))
    began_at = BEGAN + timedelta(hours=hour - 8, minutes=minute)
    clock = LeapingClock(began_at=began_at, anchor_s=boottime_s(), boot_s=ahead.boot_s, ahead=ahead)
    with ExitStack() as stack:
        port = stack.enter_context(mosquitto(home))
        hub = stack.enter_context(running_hub(hub_config(folder, port), clock))
        cable = stack.enter_context(closing(Cable(port)))
        at_work = Station(hub, cable, clock, ahead, home)
        stack.callback(at_work.stop)
        stack.callback(cable.mend)
        yield at_work


def test_the_last_one_steps_out_without_a_line_and_hub_and_kiosk_agree_afterwards(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tapping, "BUTTON_S", 600.0)  # however long a busy machine takes
    with station(folder, tmp_path, "08:30") as here:
        assert here.touch(1)[0] is Signal.ARRIVED
        assert here.touch(2)[0] is Signal.ARRIVED
        wait(lambda: here.counts() == (2, 0, "met"))

        assert here.touch(2)[0] is Signal.LEFT
        assert here.press() == (Signal.STEPPED_OUT, "请在 15 分钟内返岗；返岗请再刷卡")
        wait(lambda: here.counts() == (1, 1, "met"))

        here.cable.cut()
        assert here.touch_and_hold(1) == [
            (Signal.WARNING, "您是最后一位，开放到 11:30；有误请再刷"),
            (Signal.STEPPED_OUT, "已无人在岗，15 分钟内返岗；返岗请再刷卡"),
        ]
        assert here.press() == (Signal.REFUSED, "没有记录；返岗请直接刷卡")
        here.pass_time(10)
        wait(lambda: here.hub.row()["kiosks_heard"] == 0)
        assert here.touch(1) == (Signal.RETURNED, "欢迎回来；有误请 5 秒后再刷")
        here.pass_time(10)
        assert here.touch(2) == (Signal.ARRIVED, "上次外出超时，按离岗计；有误请再刷")
        here.cable.mend()

        wait(lambda: here.counts() == (2, 0, "met"))
        (left_1,), (back_1,) = here.taps(1, "leave"), here.taps(1, "return")
        (came_1,), (came_2, back_2), (left_2,) = (
            here.taps(1, "arrive"), here.taps(2, "arrive"), here.taps(2, "leave"),
        )  # fmt: skip
        watched_from = next(moment_of(one) for one in here.records() if one["kind"] == "reader")
        wanted = {
            "vacant": (came_1 - watched_from) + (back_1 - left_1),
            "minimum": (came_2 - came_1) + (back_2 - max(left_2 + BUDGET_S, back_1)),
        }
        wait(lambda: all(abs(here.seconds()[name] - lasted) < 0.01 for name, lasted in wanted.items()))
        at = here.clock.now()
    assert here.agent.kiosk.people.headcount(at) == (2, 0)


def test_who_forgot_to_leave_is_asked_at_the_opening_and_told_of_it_without_a_line(
    folder: Path, tmp_path: Path
) -> None:
    with station(folder, tmp_path, "11:20") as here:
        here.touch(1)
        here.touch(2)
        wait(lambda: here.counts() == (2, 0, "met"))
        here.cable.cut()

        assert here.touch(2)[0] is Signal.LEFT
        here.pass_time(15)
        here.leap_to("13:40")
        before = len(here.records())
        assert soon(lambda: len(here.records()) > before)  # a sign of life: it has seen that it is closed
        assert Signal.CHIME not in here.beeps.signals
        here.leap_to("14:30")
        assert soon(lambda: here.beeps.said[-1] == (Signal.CHIME, ("开放时间到，如在岗请刷卡", "样*人")))
        assert here.touch(1) == (Signal.ARRIVED, "上次未刷卡离岗；有误请 5 秒后再刷")
        here.cable.mend()

        wait(lambda: here.counts() == (1, 0, "minimum"))
        stints = here.hub.get(f"/api/v1/stations/{STATION}")["stints"]
        ended = {datetime.fromisoformat(one["ended_at"]).astimezone(UTC) for one in stints if "assumed" in one["marks"]}
        assert ended == {BEGAN + timedelta(hours=3, minutes=30)}
        at = here.clock.now()
    assert here.agent.kiosk.people.headcount(at) == (1, 0)


def test_who_comes_where_the_station_was_closed_for_the_day_is_told_why_also_without_a_line(
    folder: Path, tmp_path: Path
) -> None:
    with station(folder, tmp_path, "08:30") as here:
        assert here.touch(1)[0] is Signal.ARRIVED
        close_for_the_day(folder, "停电检修")
        wait(lambda: "停电检修" in (tmp_path / "kiosk" / "duty.json").read_text(encoding="utf-8"))
        here.cable.cut()

        assert here.touch(2) == (Signal.ARRIVED, "今天不开放：停电检修；有误请再刷")
        here.cable.mend()

        wait(lambda: here.counts()[2] == "closed" and len(here.hub.get(f"/api/v1/stations/{STATION}")["stints"]) > 1)
