"""What is asked of a kiosk goes over a real broker to a real agent, and what came of it stands at the hub."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from devices.signals import Signal
from edge.kept_settings import KeptSettings
from edge.probation import TAKEN_BACK
from hub.asking.asked import AskedCommand, CommandOutcome, ask, read_asked, read_commands
from hub.asking.configuring import want
from hub.asking.kinds import COLLECT, IDENTIFY, RESTART, CommandKind
from hub.database.command_table import KioskCommand
from hub.database.engine import open_engine
from hub.database.transactions import reading, writing
from hub.intake.sorting import Delivery
from station.milliseconds import ms_of
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import Command, Reply
from station.wire.topics import Leaf
from tests.hub.running import Listener, until
from tests.hub.whole.conftest import broker_port, clock, folder, hub
from tests.whole.wired_kiosk import KIOSK, STATION, WiredKiosk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.clock import Clock
    from station.remote_settings import SettingsTable
    from tests.hub.running import RunningHub

pytestmark = pytest.mark.broker
__all__ = ["broker_port", "clock", "folder", "hub"]
COMMAND, REPLY = (topics.Address(STATION, KIOSK, leaf).topic for leaf in (Leaf.COMMAND, Leaf.REPLY))


class Asking:
    """Somebody at the hub's machine."""

    def __init__(self, hub: RunningHub) -> None:
        self._engine, self._clock = open_engine(hub.config.database_url), hub.clock

    def ask(self, kind: CommandKind = IDENTIFY, **args: str) -> str:
        with writing(self._engine) as connection:
            return ask(connection, KIOSK, kind, by="clerk", now=self._clock.now(), args=args)

    def want(self, table: SettingsTable) -> str:
        with writing(self._engine) as connection:
            return want(connection, KIOSK, table, by="clerk", now=self._clock.now())[1]

    def of(self, id_: str) -> AskedCommand:
        with reading(self._engine) as connection:
            asked = read_asked(connection, id_)
        assert asked is not None
        return asked

    def history(self) -> list[AskedCommand]:
        with reading(self._engine) as connection:
            return read_commands(connection, KIOSK)

    def ends(self, id_: str) -> AskedCommand:
        until(lambda: self.of(id_).has_ended)
        return self.of(id_)

    def expire(self, id_: str) -> None:
        just_now = ms_of(self._clock.now()) - 1  # what expired long ago is forgotten
        with writing(self._engine) as connection:
            connection.execute(update(KioskCommand).where(KioskCommand.id == id_), {"expires_ms": just_now})

    def close(self) -> None:
        self._engine.dispose()


@pytest.fixture
def asking(hub: RunningHub) -> Iterator[Asking]:
    made = Asking(hub)
    yield made
    made.close()


@pytest.fixture
def kiosk(hub: RunningHub, broker_port: int, clock: Clock, tmp_path: Path) -> Iterator[WiredKiosk]:
    with WiredKiosk(tmp_path, broker_port, clock) as made:
        made.start()
        yield made


def test_a_kiosk_that_is_asked_where_it_is_flashes_beeps_and_says_so(asking: Asking, kiosk: WiredKiosk) -> None:
    asked = asking.ends(asking.ask())

    assert (asked.outcome, asked.by, asked.name) == (CommandOutcome.DONE, "clerk", "identify")
    assert asked.answered_at is not None
    until(lambda: Signal.HERE in kiosk.beeps.signals)


def test_a_tap_meanwhile_is_recorded(asking: Asking, kiosk: WiredKiosk) -> None:
    asking.ends(asking.ask())

    assert kiosk.touch(1).promises_record


def test_one_that_was_away_hears_it_when_it_is_back_and_does_it_once(
    asking: Asking, broker_port: int, kiosk: WiredKiosk
) -> None:
    kiosk.stop()
    asked = asking.ask()
    ear = Listener(broker_port, COMMAND)
    ear.wait(COMMAND)

    kiosk.start()

    assert asking.ends(asked).outcome is CommandOutcome.DONE
    until(lambda: Signal.HERE in kiosk.beeps.signals)
    kiosk.stop()
    kiosk.beeps.said.clear()
    kiosk.start()
    again = Listener(broker_port, REPLY)
    again.send(Delivery(COMMAND, _spelled(asking.of(asked))))
    assert again.wait(REPLY) == {"v": 1, "id": asked, "ok": True}
    assert Signal.HERE not in kiosk.beeps.signals
    for each in (ear, again):
        each.close()


def test_one_that_is_told_to_begins_anew_once_and_loses_nothing(asking: Asking, kiosk: WiredKiosk) -> None:
    kiosk.touch(1)
    asked, epoch = asking.ends(asking.ask(RESTART)), kiosk.agent.kiosk.epoch
    until(lambda: kiosk.agent.is_to_start_again)
    kiosk.stop()
    kiosk.start()

    assert asked.outcome is CommandOutcome.DONE
    assert kiosk.agent.kiosk.epoch != epoch
    assert asking.ends(asking.ask()).outcome is CommandOutcome.DONE
    assert not kiosk.agent.is_to_start_again


def test_its_log_comes_to_the_hub_and_only_the_newest_stays(asking: Asking, kiosk: WiredKiosk) -> None:
    file = kiosk.config.data_dir / "agent.log"
    file.write_text("INFO one\nINFO card 04A1B2C3D4E5F6 seen\n", encoding="utf-8")
    first = asking.ends(asking.ask(COLLECT))
    assert first.found == {"log": "INFO one\nINFO card <14 digits> seen\n"}

    file.write_text("\N{WHITE SMILING FACE}" * 100_000, encoding="utf-8")
    second = asking.ends(asking.ask(COLLECT))

    assert 40_000 < len(second.found["log"].encode()) < 50_000
    assert not asking.of(first.id).found


def test_what_a_kiosk_cannot_do_it_says(asking: Asking, kiosk: WiredKiosk) -> None:
    asked = asking.ends(asking.ask(CommandKind("dance", timedelta(minutes=1)), to="music"))

    assert (asked.outcome, asked.said) == (CommandOutcome.REFUSED, "unknown command dance")


def test_only_the_kiosk_that_was_asked_answers_and_its_last_word_stays(
    asking: Asking, broker_port: int, hub: RunningHub
) -> None:
    asked = asking.ask()
    stranger = Listener(broker_port, "none")
    for topic, reply in (
        (REPLY.replace(KIOSK, "K-99"), Reply(asked, ok=True)),
        (REPLY, Reply("f" * 16, ok=True)),
        (REPLY, Reply(asked, ok=False, text="no")),
        (REPLY, Reply(asked, ok=True)),
    ):
        stranger.send(Delivery(topic, encode(reply)))
    stranger.send(Delivery(REPLY, b"garbage"))
    fresh = asking.ask()
    stranger.send(Delivery(REPLY, encode(Reply(fresh, ok=True))))

    assert asking.ends(fresh).outcome is CommandOutcome.DONE
    assert (asking.of(asked).outcome, asking.of(asked).said) == (CommandOutcome.REFUSED, "no")
    assert hub.figures()["zaigang_messages_unreadable_total"] == 1
    stranger.close()


def test_an_expired_one_is_sent_no_more(asking: Asking, broker_port: int, hub: RunningHub) -> None:
    late, fresh = asking.ask(), asking.ask()
    asking.expire(late)
    ear = Listener(broker_port, COMMAND)

    assert ear.wait(COMMAND, lambda said: said["id"] == fresh)
    ear.close()
    assert asking.of(late).outcome is CommandOutcome.NONE


def _spelled(asked: AskedCommand) -> bytes:
    return encode(Command(asked.id, asked.expires_at, asked.name, dict(asked.args)))


def test_settings_are_tried_at_the_next_start_and_held_when_all_is_well(
    asking: Asking, kiosk: WiredKiosk, hub: RunningHub
) -> None:
    asked = asking.want({"limits": {"guard_s": 8.0}})
    until(lambda: asking.of(asked).outcome is CommandOutcome.BEGUN and kiosk.agent.is_to_start_again)
    kiosk.stop()
    assert KeptSettings(kiosk.config.data_dir).begin() is not None
    kiosk.start()

    assert asking.ends(asked).outcome is CommandOutcome.DONE
    until(lambda: hub.get("/api/v1/kiosks")[0]["config"] == 1)


def test_settings_are_taken_back_after_a_power_cut_and_the_hub_hears_so(asking: Asking, kiosk: WiredKiosk) -> None:
    asked = asking.want({"limits": {"guard_s": 8.0}})
    until(lambda: asking.of(asked).outcome is CommandOutcome.BEGUN and kiosk.agent.is_to_start_again)
    kiosk.kill()
    KeptSettings(kiosk.config.data_dir).begin()
    assert KeptSettings(kiosk.config.data_dir).begin() is None
    kiosk.start()

    assert (asking.ends(asked).outcome, asking.of(asked).said) == (CommandOutcome.REFUSED, TAKEN_BACK)
