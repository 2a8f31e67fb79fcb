"""What a kiosk makes of an offer that will not do: one sentence, and whether the version is to blame."""

import os
import shutil
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.installing.commands import NotDone
from deploy.kiosk.updater import between, offers
from hub.fleet.kiosk_words import in_chinese
from hub.updates.shelf import LASTS, UpdateShelf
from tests.hub.updates.test_shelf import bundle

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


@pytest.fixture
def shelf(tmp_path: Path) -> UpdateShelf:
    made = UpdateShelf(tmp_path / "hub")
    made.offer(bundle(tmp_path, "0.2.0"), NOW)
    return made


@pytest.fixture
def kept(tmp_path: Path, shelf: UpdateShelf) -> Path:
    """What a kiosk has seen, that was told whom to believe by its stick."""
    (tmp_path / "offered").mkdir()
    (tmp_path / "offered/root.json").write_bytes(shelf.root(NOW))
    return tmp_path / "offered"


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The hub's folder, as what answers over the line; the last of the list is asked."""
    folders = [tmp_path / "hub/updates/public"]
    fetch = offers.OfferFetcher._fetch

    def over_the_line(self: offers.OfferFetcher, url: str) -> Iterator[bytes]:
        is_line = url.startswith("https:")
        return fetch(self, folders[-1].as_uri() + url.partition("/updates")[2] if is_line else url)

    monkeypatch.setattr(offers.OfferFetcher, "_fetch", over_the_line)
    monkeypatch.setattr(offers, "read_settings", lambda path: {"broker": {"host": "192.0.2.7"}})
    monkeypatch.setattr(offers, "let_in", lambda context, identity: None)
    monkeypatch.setattr(ssl, "create_default_context", lambda cafile: None)
    return folders


def refused(folder: Path | None, kept: Path) -> NotDone:
    with pytest.raises(NotDone) as said:
        offers.fetch(folder, kept)
    text = str(said.value)
    assert "\n" not in text
    chinese = in_chinese(f"failed: {text}")
    assert chinese.replace("U 盘", "")[0] > "\u3000", chinese
    return said.value


def test_what_is_offered_is_taken_over_the_line_and_from_a_stick(
    shelf: UpdateShelf, kept: Path, line: list[Path]
) -> None:
    assert offers.fetch(None, kept).name == offers.fetch(shelf.public, kept).name == "zaigang-kiosk-0.2.0.tar"


@pytest.mark.parametrize("ahead", [LASTS["timestamp"] + DAY, LASTS["root"] * 3])
def test_a_clock_that_is_ahead_is_not_the_versions_fault(
    tmp_path: Path, kept: Path, line: list[Path], ahead: timedelta
) -> None:
    """It stopped a city's roll-out: a kiosk whose clock had jumped called the version too old."""
    old = UpdateShelf(tmp_path / "old")
    old.offer(bundle(tmp_path, "0.2.0"), NOW - ahead)
    (kept / "root.json").write_bytes(old.root(NOW))
    line.append(old.public)

    said = refused(None, kept)

    assert isinstance(said, between.NotNow)
    assert f"for the clock here, which says {datetime.now(UTC).year}" in str(said)
    assert not isinstance(refused(old.public, kept), between.NotNow)  # a stick is what is old


def test_a_hub_that_was_put_back_from_a_backup_is_believed_once_it_says_anew_what_it_offers(
    tmp_path: Path, shelf: UpdateShelf, kept: Path, line: list[Path]
) -> None:
    """Its numbers went on from the backup's, and kiosks believed nothing of it for as many days as that was old."""
    shutil.copytree(shelf.public.parent, tmp_path / "restored/updates")
    for days in range(1, 20):
        shelf.renew(NOW + days * DAY)
    shelf.offer(bundle(tmp_path, "0.3.0"), NOW + 20 * DAY)
    assert offers.fetch(None, kept).name == "zaigang-kiosk-0.3.0.tar"
    restored = UpdateShelf(tmp_path / "restored")
    line.append(restored.public)
    assert isinstance(refused(None, kept), between.NotNow)
    assert "older than what this kiosk has seen" in str(refused(restored.public, kept))

    assert restored.renew(NOW + 20 * DAY + timedelta(hours=1), anyway=True)
    restored.offer(bundle(tmp_path, "0.4.0"), NOW + 20 * DAY + timedelta(hours=2))

    assert offers.fetch(None, kept).name == "zaigang-kiosk-0.4.0.tar"


def test_keys_that_power_has_spoilt_are_learned_anew_over_the_line_and_from_no_stick(
    shelf: UpdateShelf, kept: Path, line: list[Path]
) -> None:
    """Such a kiosk would have taken no version ever after."""
    (kept / "root.json").write_bytes(b"")
    assert "whom to believe" in str(refused(shelf.public, kept))

    assert offers.fetch(None, kept).name == "zaigang-kiosk-0.2.0.tar"


@pytest.mark.parametrize("name", ["timestamp.json", "snapshot.json", "targets.json"])
def test_what_power_has_spoilt_of_what_was_seen_keeps_no_version_away(
    shelf: UpdateShelf, kept: Path, line: list[Path], name: str
) -> None:
    offers.fetch(None, kept)
    (kept / name).write_bytes(b"\0" * 100)

    assert offers.fetch(None, kept).name == "zaigang-kiosk-0.2.0.tar"


def test_a_stick_of_another_hub_is_a_sentence_and_changes_nothing(tmp_path: Path, kept: Path) -> None:
    other = UpdateShelf(tmp_path / "other")
    other.offer(bundle(tmp_path, "0.9.0"), NOW)
    before = (kept / "root.json").read_bytes()

    said = refused(other.public, kept)

    assert str(said) == "what is offered is of another hub than this kiosk's"
    assert ((kept / "root.json").read_bytes(), list(kept.glob("*.tar"))) == (before, [])


@pytest.mark.parametrize("cut", [0.5, 0])
@pytest.mark.parametrize(
    "what", ["targets/*.tar", "targets/*.json", "metadata/timestamp.json", "metadata/*.targets.json"]
)
def test_a_stick_that_was_pulled_out_too_early_is_a_sentence(
    shelf: UpdateShelf, kept: Path, what: str, cut: float
) -> None:
    (path,) = shelf.public.glob(what)
    os.truncate(path, int(path.stat().st_size * cut))

    refused(shelf.public, kept)

    assert list(kept.glob("*.tar")) == []


def test_a_folder_that_holds_no_update_says_which_one_is_wanted(tmp_path: Path, kept: Path) -> None:
    for folder in (tmp_path / "none", tmp_path):
        assert "wanted is the folder zaigang-update" in str(refused(folder, kept))


def test_what_was_changed_on_the_way_is_a_sentence(shelf: UpdateShelf, kept: Path) -> None:
    (path,) = shelf.public.glob("targets/*.tar")
    content = path.read_bytes()
    path.write_bytes(content[:600] + b"x" + content[601:])

    assert str(refused(shelf.public, kept)) == "what is offered is not what the hub signed; copy it again"
