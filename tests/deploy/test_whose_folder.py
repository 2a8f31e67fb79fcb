"""What an install makes of a machine that is a kiosk already: another hub's folder, and keys that were given since."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.installing import slots
from deploy.installing.commands import NotDone
from deploy.kiosk.installer import __main__ as installer
from deploy.kiosk.installer import machine
from deploy.kiosk.installer.folder import FIRST_ROOT

OLD, NEW = "01" * 32, "02" * 32


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that is a kiosk, and a folder beside it."""
    for name in ("etc/identity", "var", "folder/identity"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(machine, "SETTINGS", tmp_path / "etc/edge.toml")
    monkeypatch.setattr(machine, "HOME", str(tmp_path / "var"))
    (tmp_path / "etc/identity/ca.crt").write_bytes(b"one site's\n")
    (tmp_path / "folder/identity/site.key").write_text(f"{OLD}\n")
    return tmp_path


def test_a_folder_of_another_hub_is_refused_in_one_sentence_unless_it_is_wanted(place: Path) -> None:
    """Kiosks of two cities may well have one id, and one builder's key signs the bundles of both."""
    wanted, unwanted = SimpleNamespace(other_hub=True), SimpleNamespace(other_hub=False)

    installer._look_whose(unwanted, b"one site's")  # type: ignore[arg-type]
    installer._look_whose(wanted, b"another's\n")  # type: ignore[arg-type]
    with pytest.raises(NotDone, match="is of another hub than this machine's, by its CA") as refused:
        installer._look_whose(unwanted, b"another's\n")  # type: ignore[arg-type]

    assert "\n" not in str(refused.value)


def test_a_machine_that_is_no_kiosk_yet_takes_any(place: Path) -> None:
    (place / "etc/identity/ca.crt").unlink()

    assert machine.is_of_this_hub(b"any")


@pytest.mark.parametrize(("current", "is_kept"), [(OLD, True), (NEW, False)])
def test_a_kiosk_that_is_set_up_anew_begins_with_the_folders_site_key(place: Path, current: str, is_kept: bool) -> None:
    """A hub that lost a change with its disk has the old key again; its kiosks had forgotten that one."""
    given = place / "var" / machine.GIVEN_KEYS
    given.write_text(json.dumps({"given_to": "a mark", "current": current, "next": ""}))

    machine._forget_other_keys(SimpleNamespace(path=place / "folder", keeps_keys=False))  # type: ignore[arg-type]

    assert given.exists() == is_kept


@pytest.mark.parametrize("content", ["", "[]", "{}", "no json"])
def test_keys_that_cannot_be_read_do_not_keep_it_from_that(place: Path, content: str) -> None:
    (place / "var" / machine.GIVEN_KEYS).write_text(content)

    machine._forget_other_keys(SimpleNamespace(path=place / "folder", keeps_keys=False))  # type: ignore[arg-type]


def test_a_machine_whose_settings_were_lost_takes_its_folder_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power failed while they were written, say: it was called another kiosk, named None."""
    monkeypatch.setattr(installer, "SETUP", place / "setup")
    monkeypatch.setattr(slots, "SLOTS", place / "slots")
    monkeypatch.setattr(slots, "CURRENT", place / "current")
    (place / "bundle.tar").write_bytes(b"")
    (place / "etc/identity/ca.crt").write_bytes(b"")
    bundle = SimpleNamespace(version="1.0.0", path=place / "bundle.tar", by_known_signer=lambda: True)
    wish = SimpleNamespace(other_kiosk=False, other_signer=False, older=False, other_hub=False, read_only_root=False)

    for content in (b"", b"kio", b"\xff"):
        (place / "etc/edge.toml").write_bytes(content)
        installer._look_before(wish, "sq01-a", bundle)  # type: ignore[arg-type]
    installer._look_whose(wish, b"one site's\n")  # type: ignore[arg-type]
    (place / "etc/edge.toml").write_text('kiosk = "sq02-a"\n')
    with pytest.raises(NotDone, match="this machine is sq02-a"):
        installer._look_before(wish, "sq01-a", bundle)  # type: ignore[arg-type]


@pytest.mark.parametrize("seen", ["root.json", "root_history/1.root.json"])
def test_a_folder_of_a_hub_that_lost_its_keys_for_updates_brings_the_new_ones(
    place: Path, monkeypatch: pytest.MonkeyPatch, seen: str
) -> None:
    """Such a kiosk took no version ever after, also when it was set up by hand: what it knew stayed."""
    offered = place / "offered"
    (offered / "root_history").mkdir(parents=True)
    (offered / "root.json").write_bytes(b"the newest that was seen")
    (offered / seen).write_bytes(b"seen before")
    monkeypatch.setattr(machine, "OFFERS", offered)
    (place / "folder/identity/ca.crt").write_bytes(b"one site's\n")
    first = place / "folder" / FIRST_ROOT

    first.write_bytes(b"seen before")
    before = (offered / "root.json").read_bytes()
    machine._put_first_root(SimpleNamespace(path=place / "folder"))  # type: ignore[arg-type]
    assert (offered / "root.json").read_bytes() == before

    first.write_bytes(b"of the hub as it is now")
    machine._put_first_root(SimpleNamespace(path=place / "folder"))  # type: ignore[arg-type]
    assert (offered / "root.json").read_bytes() == b"of the hub as it is now"
