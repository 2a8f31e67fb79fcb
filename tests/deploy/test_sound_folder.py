"""What an install makes of a folder whose files are all there: they may be empty, cut short, or not of one kiosk."""

import shutil
from pathlib import Path

import pytest

from deploy.installing.commands import NotDone
from deploy.kiosk.installer import folder as folders
from deploy.kiosk.installer.folder import IDENTITY, SECRETS, Folder
from tests.edge.site_ca import NOW, SiteCa

SETTINGS = 'kiosk = "{kiosk}"\nstation = "SQ01"\n[broker]\nhost = "192.0.2.7"\n'


class Bundle:
    """That it is sound is another test's matter."""

    path = Path("zaigang-kiosk-1.0.0.tar")


@pytest.fixture
def ca(tmp_path: Path) -> SiteCa:
    return SiteCa(tmp_path / "site")


@pytest.fixture
def made(tmp_path: Path, ca: SiteCa, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for sq01-a, beside a machine that is no kiosk."""
    monkeypatch.setattr(folders, "bundle_in", lambda path: Bundle())
    monkeypatch.setattr(folders, "HELD", tmp_path / "held")
    return fill(tmp_path / "stick", ca)


def fill(path: Path, ca: SiteCa, kiosk: str = "sq01-a") -> Path:
    (path / "identity").mkdir(parents=True)
    files = ca.kiosk(kiosk)
    for name, source in {"ca.crt": ca.file, "kiosk.crt": files.certificate, "kiosk.key": files.key}.items():
        shutil.copyfile(source, path / "identity" / name)
    (path / "identity/site.key").write_text("01" * 32 + "\n")
    (path / "kiosk.toml").write_text(SETTINGS.format(kiosk=kiosk))
    for name in ("install", Bundle.path.name):
        (path / name).write_text("")
    return path


def refused(path: Path) -> str:
    with pytest.raises(NotDone) as refusal:
        Folder(path)
    said = str(refusal.value)
    assert "\n" not in said
    assert str(path) in said
    return said


def test_a_sound_one_is_taken_also_where_the_clock_is_years_behind_or_ahead(made: Path, ca: SiteCa) -> None:
    ended = ca.kiosk("sq01-a", ends=NOW - (NOW - NOW.replace(year=NOW.year - 1)) / 400)
    shutil.copyfile(ended.certificate, made / "identity/kiosk.crt")
    shutil.copyfile(ended.key, made / "identity/kiosk.key")

    assert Folder(made).kiosk == "sq01-a"


@pytest.mark.parametrize("name", ["kiosk.toml", *(f"identity/{name}" for name in IDENTITY)])
@pytest.mark.parametrize("share", [0, 0.4])
def test_a_stick_that_was_pulled_out_too_early_is_refused_by_the_file_that_is_cut(
    made: Path, name: str, share: float
) -> None:
    """An empty kiosk.toml was installed: its agent did not come up, and the machine was nobody's from then on."""
    content = (made / name).read_bytes()
    (made / name).write_bytes(content[: int(len(content) * share)])

    said = refused(made)

    assert Path(name).name in said
    assert "copy the" in said


def test_another_kiosks_certificate_is_refused_though_its_key_is_with_it(made: Path, ca: SiteCa) -> None:
    other = ca.kiosk("sq02-a")
    shutil.copyfile(other.certificate, made / "identity/kiosk.crt")
    shutil.copyfile(other.key, made / "identity/kiosk.key")

    assert "is for sq02-a, and kiosk.toml for sq01-a" in refused(made)


def test_a_key_of_another_kiosk_is_refused(made: Path, ca: SiteCa) -> None:
    shutil.copyfile(ca.kiosk("sq02-a").key, made / "identity/kiosk.key")

    assert "not of one kiosk" in refused(made)


def test_another_hubs_ca_is_refused(made: Path, tmp_path: Path) -> None:
    shutil.copyfile(SiteCa(tmp_path / "another").file, made / "identity/ca.crt")

    assert "is of another hub" in refused(made)


def erase(made: Path) -> None:
    for name in SECRETS:
        (made / "identity" / name).unlink()


def test_a_stick_that_was_used_sets_the_same_machine_up_again_with_the_machines_own_keys(
    made: Path, tmp_path: Path
) -> None:
    """The office was asked for another, by who ran install a second time or had uninstalled it."""
    shutil.copytree(made / "identity", tmp_path / "held")
    erase(made)

    Folder(made).copy_to(tmp_path / "intent")

    copied = Folder(tmp_path / "intent")
    assert copied.keeps_keys
    for name in IDENTITY:
        assert copied.identity_file(name).read_bytes() == (tmp_path / "held" / name).read_bytes()


@pytest.mark.parametrize("whose", ["nobody's", "another's"])
def test_it_sets_no_other_machine_up(made: Path, ca: SiteCa, tmp_path: Path, whose: str) -> None:
    if whose == "another's":
        shutil.copytree(fill(tmp_path / "other", ca, "sq02-a") / "identity", tmp_path / "held")
    erase(made)

    assert "has no identity/kiosk.key" in refused(made)
