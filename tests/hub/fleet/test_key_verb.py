"""`zaigang-hub key`, as somebody types it."""

import pytest

from hub.site_key import FILE_NAME, NEXT_FILE, RETIRED_FILE
from tests.hub.importing.desk import Desk


def test_a_look_ahead_changes_nothing(city: Desk, said):
    before = city.everything()
    status, told = said("key", "rotate", "--dry-run")

    assert (status, city.everything()) == (0, before)
    assert "2 kiosks would get another key; dry run" in told
    assert "without a certificate, and so without the new key: k1, k2" in told
    assert not (city.folder / "data" / NEXT_FILE).exists()


def test_from_the_first_key_to_the_next(city: Desk, said):
    folder = city.folder / "data"
    old = (folder / FILE_NAME).read_text()
    told = [
        said("key", "status"),
        said("key", "rotate", "--why", "stolen"),
        said("key", "status"),
        said("key", "finish"),
    ]
    said("import", *city.write())
    cards = said("key", "status")[1]
    told += [said("key", "finish", "--anyway"), said("key", "status", "--all"), said("key", "finish")]

    assert [status for status, _ in told] == [0, 0, 0, 1, 0, 0, 1]
    assert "first key" in told[0][1]
    assert "k1 at h1: no certificate" in told[2][1]
    assert "cards with a name under it: 0 of 2" in told[2][1]
    assert "too early: 2 cards were not tapped since" in told[3][1]
    assert "cards with a name under it: 2 of 2" in cards
    assert "finished on" in told[5][1]
    assert "no change of the key is under way" in told[6][1]
    assert (folder / RETIRED_FILE).read_text() == old
    assert {(folder / name).stat().st_mode & 0o077 for name in (FILE_NAME, RETIRED_FILE)} == {0}
    assert [line.split("  ")[2] for line in said("history")[1].splitlines() if "site key" in line] == [
        "site key to change",
        "site key changed",
    ]


def test_it_speaks_chinese(city: Desk, said, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    said("key", "rotate")
    status, told = said("key", "status")
    refused = said("key", "finish")

    assert status == 0
    assert refused[0] == 1
    assert "还太早：还有 2 张卡没有刷过" in refused[1]
    assert "开始更换" in told
    assert "k1（h1）：没有证书" in told


def test_its_help_has_an_example(said, capsys: pytest.CaptureFixture[str]):
    for action in ("rotate", "status", "finish"):
        with pytest.raises(SystemExit):
            said("key", action, "--help")
        assert f"zaigang-hub key {action} " in capsys.readouterr().out
