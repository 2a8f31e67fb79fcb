"""Real agents in this process, without a broker: what people hear does not depend on the link."""

import asyncio
import json
from contextlib import closing
from importlib.metadata import version

import pytest

from simulator.acts import Beeped, Gesture
from simulator.ear import Ear
from simulator.kiosks import Kiosks, told
from simulator.on_the_way import OnTheWay
from simulator.play import Play
from station.clock import Clock, boottime_s
from tests.ports import free_port
from tests.simulator.world import OTHER_CARD, PHONE, act, moment, new_truth


@pytest.fixture
def clock():
    return Clock(60, moment("08:00"), boottime_s())


@pytest.fixture
def site_key(tmp_path):
    file = tmp_path / "site.key"
    file.touch(mode=0o600)
    file.write_text(bytes(range(32)).hex())
    return file


def test_people_and_real_agents_understand_each_other(clock, site_key, tmp_path):
    ear = Ear(clock)
    stations = {"clinic-a": "clinic", "library-a": "library"}
    kiosks = Kiosks(
        stations, tmp_path, broker=("127.0.0.1", free_port()), site_key_file=site_key, clock=clock, ear=ear, seed=1
    )
    play = Play(clock, kiosks.antennas, new_truth(), OnTheWay())

    async def perform():
        ear.listen(asyncio.get_running_loop(), play.hear)
        await play.perform(
            [
                act("08:00", "ann", Beeped.ARRIVED, Beeped.ALREADY_RECORDED, gesture=Gesture.DOUBLE),
                act("08:08", "ann", Beeped.LEFT, Beeped.STEPPED_OUT, gesture=Gesture.HOLD),
                act("08:00", "bob", Beeped.ARRIVED, gesture=Gesture.HOLD, station="library", card=OTHER_CARD),
                act("08:09", "phone", Beeped.REFUSED, station="library", card=PHONE),
            ]
        )

    with closing(kiosks):
        asyncio.run(perform())

    assert play.outcome.surprises == []
    assert len(play.outcome.heard) == 4
    assert (tmp_path / "clinic-a").is_dir()
    assert told(tmp_path, stations) < len(stations)
    assert {json.loads(well.read_text())["version"] for well in tmp_path.glob("*/well.json")} == {version("zaigang")}
