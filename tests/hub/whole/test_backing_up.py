"""The hub's own backups: made when due, told to kiosks, and what goes wrong with them is a finding."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hub import backing_up as backing_up_module
from hub.backing_up import AGAIN_AFTER, BackingUp
from hub.config import BackupConfig, read_config
from hub.database.backup import PATTERN
from hub.database.origin import recall_origin
from hub.findings import FindingKind
from station.clock import Clock
from station.errors import ConfigError
from station.names import KioskId
from station.wire import topics
from station.wire.messages import Kept
from tests.databases import file_url
from tests.hub.intake.bench import Bench, bench
from tests.hub.intake.messages import EPOCH, STATION, journal, state, tap
from tests.hub.running import Listener, hub_config, running_hub, until

KIOSK = KioskId("K-01-1")
SETTLED = topics.settled(STATION, KIOSK)
PATIENCE_S = 60.0
HOUR_S = 3600.0


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(backing_up_module, "LOOK_EVERY_S", 0.02)
    with bench(file_url(tmp_path)) as made:
        yield made


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    directory = tmp_path / "shelf"
    directory.mkdir()
    return directory


@contextmanager
def backing_up(hub: Bench, config: BackupConfig) -> Iterator[list[Path | None]]:
    """The hub's backups are made; yields what was the newest, one after the other."""
    held: list[Path | None] = []
    making = BackingUp(
        config=config, engine=hub.engine, origin=recall_origin(hub.engine, 0), findings=hub.findings,
        clock=hub.hand.clock(), hold=held.append,
    )  # fmt: skip
    making.start()
    try:
        yield held
    finally:
        making.stop()


def pass_s(hub: Bench, seconds: float) -> None:
    hub.hand.reading_s += seconds


def test_the_first_backup_is_made_at_once_and_the_next_when_it_is_due(hub: Bench, shelf: Path):
    with backing_up(hub, BackupConfig(shelf, every_h=2)) as held:
        until(lambda: len(held) == 1, PATIENCE_S)
        pass_s(hub, HOUR_S)
        early = len(held)
        pass_s(hub, HOUR_S)
        until(lambda: len(held) == 2, PATIENCE_S)

    assert early == 1
    assert held == sorted(shelf.glob(PATTERN + ".sqlite"))


def test_only_so_many_are_kept(hub: Bench, shelf: Path):
    with backing_up(hub, BackupConfig(shelf, every_h=1, keep=2)) as held:
        for count in range(1, 5):
            until(lambda count=count: len(held) == count, PATIENCE_S)
            pass_s(hub, HOUR_S)

    assert max(shelf.glob(PATTERN + ".sqlite")) == held[-1]
    assert len(list(shelf.iterdir())) <= 2


def test_after_a_restart_the_newest_one_still_counts_and_no_other_is_made_before_it_is_due(hub: Bench, shelf: Path):
    config = BackupConfig(shelf, every_h=24)
    with backing_up(hub, config) as held:
        until(lambda: held, PATIENCE_S)

    pass_s(hub, HOUR_S)
    with backing_up(hub, config) as again:
        until(lambda: again, PATIENCE_S)
        assert again == held

    assert len(list(shelf.iterdir())) == 1


def test_a_backup_that_was_taken_away_counts_no_more_and_another_is_made(hub: Bench, shelf: Path):
    with backing_up(hub, BackupConfig(shelf)) as held:
        until(lambda: held, PATIENCE_S)
        pass_s(hub, 1)
        held[0].unlink()
        until(lambda: len(held) == 3, PATIENCE_S)

    assert held[1] is None
    assert held[2].exists()


def test_a_directory_that_is_missing_is_a_finding_until_it_is_there(hub: Bench, tmp_path: Path):
    away = tmp_path / "away"
    with backing_up(hub, BackupConfig(away)) as held:
        until(lambda: hub.found(FindingKind.BACKUP), PATIENCE_S)
        away.mkdir()
        pass_s(hub, AGAIN_AFTER.total_seconds())
        until(lambda: not hub.found(FindingKind.BACKUP), PATIENCE_S)

    assert len(held) == 1


def test_without_a_directory_none_are_made(hub: Bench, tmp_path: Path):
    with backing_up(hub, BackupConfig()) as held:
        pass

    assert held == []
    assert list(tmp_path.glob(f"**/{PATTERN}.*")) == []


@pytest.mark.parametrize(("key", "wrong"), [("every_h", "0"), ("every_h", "-1"), ("keep", "0")])
def test_a_pace_that_cannot_stand_is_refused(tmp_path: Path, key: str, wrong: str):
    file = tmp_path / "hub.toml"
    file.write_text(f"[backup]\n{key} = {wrong}\n")

    with pytest.raises(ConfigError, match=f"backup.{key} is {wrong}"):
        read_config(file, {})


@pytest.mark.broker
@pytest.mark.parametrize("broker_port", ["iotcore"], indirect=True)
def test_a_kiosk_is_told_what_the_served_hub_has_in_its_backup(
    folder: Path, shelf: Path, broker_port: int, clock: Clock
):
    config = hub_config(folder, broker_port)
    kiosk = Listener(broker_port, SETTLED)
    with running_hub(config, clock):
        kiosk.send(journal(tap(1, 25), tap(2, 26), kiosk=KIOSK, n=1))
        kiosk.wait(SETTLED, lambda said: said["n"] == 1)

    with running_hub(replace(config, backup=BackupConfig(shelf)), clock):
        until(lambda: list(shelf.glob(PATTERN + ".sqlite")), PATIENCE_S)
        n = 1
        while True:
            n += 1
            kiosk.send(state(kiosk=KIOSK, n=n, epochs={EPOCH: Kept(1, 2)}))
            told = kiosk.wait(SETTLED, lambda said, n=n: said["n"] == n)["epochs"][EPOCH]
            if "backed" in told:
                break
    kiosk.close()

    assert told == {"through": 2, "backed": 2}


def test_a_clock_that_was_years_ahead_for_a_moment_puts_no_backup_off_for_ever(hub: Bench, shelf: Path):
    pass_s(hub, 10 * 365 * 24 * HOUR_S)
    with backing_up(hub, BackupConfig(shelf, every_h=2)) as held:
        until(lambda: len(held) == 1, PATIENCE_S)
        pass_s(hub, -10 * 365 * 24 * HOUR_S)
        until(lambda: len(held) == 2, PATIENCE_S)
