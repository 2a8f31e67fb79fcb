"""What a hub offers is taken by python-tuf's own client, and by it alone as the specification wants it."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tuf.api.exceptions import DownloadHTTPError, ExpiredMetadataError, RepositoryError
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from deploy.bundle.packing import pack
from hub.updates.shelf import KEPT, LASTS, OFFER, OfferError, UpdateShelf

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


class FromFolder(FetcherInterface):
    def _fetch(self, url: str):
        path = Path(url.removeprefix("file://"))
        if not path.is_file():
            raise DownloadHTTPError("no such file", 404)
        return iter([path.read_bytes()])


class SomeKiosk:
    """What a kiosk has seen so far."""

    def __init__(self, folder: Path, root: bytes) -> None:
        self._folder, self._root = folder, root
        folder.mkdir()

    def look(self, public: Path) -> str:
        """Which version is offered there."""
        updater = Updater(
            str(self._folder), f"file://{public}/metadata", str(self._folder), f"file://{public}/targets",
            fetcher=FromFolder(), bootstrap=self._root,
        )  # fmt: skip
        updater.refresh()
        said = json.loads(Path(updater.download_target(updater.get_targetinfo(OFFER))).read_bytes())
        assert updater.get_targetinfo(said["bundle"]) is not None
        return said["version"]


def bundle(folder: Path, version: str, name: str = "zaigang-kiosk") -> Path:
    manifest = json.dumps({"name": name, "version": version}).encode()
    return pack(folder / f"{name}-{version}.tar", {"manifest.json": manifest})


@pytest.fixture
def shelf(tmp_path):
    made = UpdateShelf(tmp_path / "hub")
    made.offer(bundle(tmp_path, "0.2.0"), NOW)
    return made


@pytest.fixture
def kiosk(shelf, tmp_path):
    return SomeKiosk(tmp_path / "kiosk", (shelf.public / "metadata/1.root.json").read_bytes())


def test_a_kiosk_finds_what_is_offered_and_then_the_next(shelf, kiosk, tmp_path):
    assert (kiosk.look(shelf.public), shelf.offered) == ("0.2.0", "0.2.0")

    shelf.offer(bundle(tmp_path, "0.3.0"), NOW)

    assert kiosk.look(shelf.public) == "0.3.0"


def test_whoever_was_told_whom_to_believe_before_anything_was_offered_takes_the_first_offer(tmp_path):
    shelf = UpdateShelf(tmp_path / "hub")
    kiosk = SomeKiosk(tmp_path / "kiosk", shelf.root(NOW))
    shelf.offer(bundle(tmp_path, "0.2.0"), NOW)
    shelf.rotate(NOW)

    assert kiosk.look(shelf.public) == "0.2.0"


def test_an_older_version_or_another_bundle_is_not_offered(shelf, tmp_path):
    for version, name, why in (
        ("0.1.9", "zaigang-kiosk", "no step back"),
        ("0.3.0", "zaigang-hub", "is a 'zaigang-hub'"),
    ):
        with pytest.raises(OfferError, match=why):
            shelf.offer(bundle(tmp_path, version, name), NOW)
    assert shelf.offered == "0.2.0"


def test_a_bundle_that_only_somebody_else_may_read_is_said_to_be_so(shelf, tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tarfile.open", refuse)

    with pytest.raises(OfferError, match=r"0\.3\.0\.tar may not be read; wanted is a file that the hub's own user may"):
        shelf.offer(tmp_path / "zaigang-kiosk-0.3.0.tar", NOW)


def test_an_earlier_offer_that_is_shown_again_is_not_taken(shelf, kiosk, tmp_path):
    shutil.copytree(shelf.public, tmp_path / "earlier")
    shelf.offer(bundle(tmp_path, "0.3.0"), NOW)
    kiosk.look(shelf.public)

    with pytest.raises(RepositoryError):
        kiosk.look(tmp_path / "earlier")


def test_an_offer_that_nobody_has_said_anew_is_not_taken(tmp_path):
    shelf = UpdateShelf(tmp_path / "hub")
    shelf.offer(bundle(tmp_path, "0.2.0"), NOW - LASTS["timestamp"] - DAY)
    kiosk = SomeKiosk(tmp_path / "kiosk", (shelf.public / "metadata/1.root.json").read_bytes())
    with pytest.raises(ExpiredMetadataError):
        kiosk.look(shelf.public)

    assert shelf.renew(NOW)

    assert kiosk.look(shelf.public) == "0.2.0"
    assert not shelf.renew(NOW)
    assert shelf.renew(NOW + 2 * DAY)


def test_keys_change_and_a_kiosk_follows(shelf, kiosk, tmp_path):
    kiosk.look(shelf.public)
    shelf.rotate(NOW)
    shelf.offer(bundle(tmp_path, "0.3.0"), NOW)

    assert kiosk.look(shelf.public) == "0.3.0"


def test_what_another_hub_offers_is_not_taken(kiosk, tmp_path):
    other = UpdateShelf(tmp_path / "other")
    other.offer(bundle(tmp_path, "0.9.0"), NOW)

    with pytest.raises(RepositoryError):
        kiosk.look(other.public)


def test_what_was_changed_on_the_way_is_not_taken(shelf, kiosk):
    for path in (shelf.public / "targets").glob(f"*.{OFFER}"):
        path.write_bytes(path.read_bytes().replace(b"0.2.0", b"0.9.0"))

    with pytest.raises(RepositoryError):
        kiosk.look(shelf.public)


def test_its_keys_are_for_the_hub_alone(shelf):
    assert {path.stat().st_mode & 0o077 for path in (shelf.public.parent / "keys").iterdir()} == {0}


def test_what_was_said_before_does_not_pile_up(shelf):
    for day in range(1, 9):
        shelf.renew(NOW + day * DAY)

    assert len(list((shelf.public / "metadata").glob("*.snapshot.json"))) == KEPT


def test_a_hub_whose_clock_was_years_ahead_says_it_anew_once_it_is_right(shelf, kiosk):
    shelf.renew(NOW + 3000 * DAY)
    assert shelf.renew(NOW)

    assert kiosk.look(shelf.public) == "0.2.0"


def test_a_hub_that_was_put_back_without_its_bundles_offers_nothing_until_it_is_given_one(shelf, kiosk, tmp_path):
    """It went on offering what it did not have, and each kiosk that asked for it counted as one that failed."""
    kiosk.look(shelf.public)
    shutil.rmtree(shelf.public / "targets")
    assert shelf.offered == ""

    shelf.offer(bundle(tmp_path, "0.2.0"), NOW + DAY)

    assert (kiosk.look(shelf.public), shelf.offered) == ("0.2.0", "0.2.0")
