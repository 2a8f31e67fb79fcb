"""A kiosk's disk that is full, read-only or failing: "trouble" and no beep, the hub is told, and it goes on by itself."""

import resource
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest

from edge.store import open_store
from station.names import Epoch
from station.records import ClockState, Pulse, Started
from station.wire import topics
from tests.hub.running import Listener
from tests.whole.cable import Cable
from tests.whole.small_disk import MS_RDONLY, MadeNoneError, SmallDisk
from tests.whole.town_in_trouble import START, in_turn, until

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("town"), pytest.mark.timeout(600)]
EARLIER = Epoch("e" * 16)


class Kiosk:
    """One kiosk on a small disk, and what it beeped for."""

    def __init__(self, town, place) -> None:
        self.town = town
        self.cable = Cable(town.broker.port)
        self.post = town.post(place, self.cable.port)
        try:
            self.disk = SmallDisk(self.post.data_dir)
        except MadeNoneError as exc:
            pytest.skip(str(exc))  # in CI too: what a container may mount is not for this project to say
        self.beeped = []

    def start(self) -> None:
        self.post.start(*self.disk.inside)

    def tap(self) -> str:
        """Somebody holds a card; tells what the kiosk answered."""
        card = self.town.stranger()
        word, _ = self.post.hold(card)
        if word != "trouble":
            self.beeped.append(card)
        return word

    def tap_until_blind(self) -> None:
        """What the disk has allotted is used up first, and small records may fit where a tap did not."""

        def is_refused() -> bool:
            return self.tap() == "trouble" and self.town.kiosk(self.post.kiosk)["status"] == "blind"

        until(is_refused, "a disk that takes no tap", within_s=400)

    def has_every_beep_at_the_hub_once(self) -> bool:
        return [self.town.times_stored(card) for card in self.beeped] == [1] * len(self.beeped)

    def tells(self, reason) -> None:
        """Wait until the hub gives operators that reason."""

        def said() -> str:
            return self.town.kiosk(self.post.kiosk).get("reason", "")

        until(lambda: reason in said(), said)

    def state(self) -> dict:
        """Its state, as the broker keeps it."""
        return self._said(topics.state(self.post.station, self.post.kiosk))

    def is_told_of_backup(self, epoch, seq) -> bool:
        """Whether the hub last said that its backup holds that run up to there."""
        settled = self._said(topics.settled(self.post.station, self.post.kiosk))
        return settled["epochs"].get(epoch, {}).get("backed", 0) >= seq

    def _said(self, topic) -> dict:
        with closing(Listener(self.town.broker.port, topic)) as listener:
            return listener.wait(topic)

    def doctor(self) -> str:
        """What `zaigang-edge doctor` says there."""
        command = [sys.executable, "-m", *self.disk.inside, "edge", "doctor", "--config", str(self.post.settings)]
        return subprocess.run(command, env=self.post.environ, check=False, capture_output=True, text=True).stdout

    def close(self) -> None:
        self.post.close()
        self.cable.close()
        self.disk.close()


@pytest.fixture
def kiosk_at(town):
    made = []

    def make(place):
        made.append(Kiosk(town, place))
        return made[-1]

    yield make
    for kiosk in made:
        kiosk.close()


def test_a_full_disk_says_trouble_loses_no_beep_and_is_used_again_once_there_is_room(town, kiosk_at):
    kiosk = kiosk_at(8)
    kiosk.start()
    town.stands(kiosk.post, "online", "vacant")
    assert kiosk.tap() == "unknown_card"

    kiosk.disk.fill()
    kiosk.tap_until_blind()
    kiosk.tells("the disk is full")
    town.stands(kiosk.post, "blind", "unknown")
    kiosk.disk.make_room()
    town.stands(kiosk.post, "online", "vacant")

    assert kiosk.tap() == "unknown_card"
    until(kiosk.has_every_beep_at_the_hub_once, "every beep at the hub, once")
    assert in_turn(["vacant", "unknown", "vacant"], town.bands(kiosk.post.station))


def test_an_agent_that_starts_on_a_full_disk_says_trouble_tells_the_hub_and_goes_on_by_itself(town, kiosk_at):
    kiosk = kiosk_at(9)
    kiosk.disk.fill()

    kiosk.start()
    assert kiosk.tap() == "trouble"
    kiosk.tells("the disk is full")
    town.stands(kiosk.post, "blind", "unknown")
    kiosk.disk.make_room()
    town.stands(kiosk.post, "online", "vacant")

    assert kiosk.tap() == "unknown_card"
    until(kiosk.has_every_beep_at_the_hub_once, "the beep at the hub, once")


def test_an_agent_that_starts_on_a_full_disk_still_sends_what_was_not_settled(town, kiosk_at):
    kiosk = kiosk_at(10)
    kiosk.start()
    town.stands(kiosk.post, "online")
    until((kiosk.disk.path / "ballast").exists, "the ballast laid")
    kiosk.cable.cut()
    assert [kiosk.tap() for _ in range(3)] == ["unknown_card"] * 3
    kiosk.post.stop()
    kiosk.disk.fill_but_for_ballast()
    assert not kiosk.has_every_beep_at_the_hub_once()

    kiosk.cable.mend()
    kiosk.start()

    until(kiosk.has_every_beep_at_the_hub_once, "every beep at the hub, once")


def write_history(folder, disk, records) -> None:
    """Put there what an earlier run recorded."""
    began_at = START - timedelta(days=8)
    store = open_store(folder)
    fields = {"clock": ClockState.SYNCED, "boot": "an-earlier-boot"}
    store.journal.begin(
        EARLIER, fields["boot"], lambda seq: Started(seq=seq, at=began_at, mono_ms=0, version="1", **fields)
    )
    for minute in range(1, records):
        at = began_at + timedelta(minutes=minute)
        store.journal.append(lambda seq, at=at, ms=60_000 * minute: Pulse(seq=seq, at=at, mono_ms=ms, **fields))
    store.close()
    shutil.copy(folder / "journal.db", disk.path)  # SQLite itself would follow the holder's root back out


def test_on_a_full_disk_what_the_hub_has_in_a_backup_goes_first_and_nobody_at_the_kiosk_notices(
    town, kiosk_at, tmp_path
):
    kiosk = kiosk_at(21)
    write_history(tmp_path / "history", kiosk.disk, records=2000)
    kiosk.start()
    until((kiosk.disk.path / "ballast").exists, "the ballast laid")
    until(lambda: town.through(EARLIER) == 2000, "all of it settled")
    town.back_up()
    kiosk.post.port.unplug()  # a change of health makes it speak at once, and the hub answer
    until(lambda: kiosk.is_told_of_backup(EARLIER, 2000), "the kiosk told of the backup")
    kiosk.post.port.plug()

    kiosk.disk.fill_but_for_ballast()
    heard = [kiosk.tap() for _ in range(40)]

    assert heard == ["unknown_card"] * 40
    until(lambda: kiosk.state()["epochs"][EARLIER]["kept_from"] > 1, kiosk.state)
    until(kiosk.has_every_beep_at_the_hub_once, "every beep at the hub, once")
    assert town.findings("gap") == []


def test_a_read_only_disk_says_trouble_and_is_used_again_once_it_can_be_written(town, kiosk_at):
    kiosk = kiosk_at(17)
    kiosk.start()
    town.stands(kiosk.post, "online")
    assert kiosk.tap() == "unknown_card"
    kiosk.post.stop()
    kiosk.disk.remount(MS_RDONLY)

    kiosk.start()
    assert kiosk.tap() == "trouble"
    town.stands(kiosk.post, "blind", "unknown")
    kiosk.tells("ead-only")
    assert "WRONG  disk" in kiosk.doctor()
    kiosk.disk.remount(0)
    town.stands(kiosk.post, "online", "vacant")

    assert kiosk.tap() == "unknown_card"
    until(kiosk.has_every_beep_at_the_hub_once, "every beep at the hub, once")


def test_a_disk_that_fails_while_the_kiosk_works_says_trouble_and_what_it_holds_is_sent(town, kiosk_at):
    kiosk = kiosk_at(22)
    kiosk.start()
    town.stands(kiosk.post, "online")
    kiosk.cable.cut()
    assert [kiosk.tap() for _ in range(3)] == ["unknown_card"] * 3

    resource.prlimit(kiosk.post.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    assert kiosk.tap() == "trouble"
    kiosk.cable.mend()
    until(kiosk.has_every_beep_at_the_hub_once, "every beep at the hub, once")
    kiosk.tells("the journal was not written")
    town.stands(kiosk.post, "blind", "unknown")
    resource.prlimit(kiosk.post.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    town.stands(kiosk.post, "online", "vacant")

    assert kiosk.tap() == "unknown_card"
    until(kiosk.has_every_beep_at_the_hub_once, "every beep at the hub, once")
