"""The hub's settings: one that cannot stand is named with what is wanted, before anything is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.config import read_config
from station.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

SOUND = 'data_dir = "/srv/zaigang"\n'


def test_a_files_mark_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(SOUND, encoding="utf-8-sig")

    assert str(read_config(file, {}).data_dir) == "/srv/zaigang"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('data_dir = ""', "data_dir: nothing; wanted is a path from the root on"),
        ('data_dir = "data"', "data_dir: 'data'; wanted is a path from the root on"),
        ('data_dir = "~/data"', "data_dir: '~/data'; wanted is a path from the root on"),
        ('[backup]\ndirectory = "backup"', "backup.directory: 'backup'; wanted is a path from the root on"),
        ('[broker]\nhost = "mqtt://b"', "broker.host: 'mqtt://b'; wanted is a name or an address alone"),
        ('[http]\nhost = ""', "http.host: ''; wanted is a name or an address alone"),
        ('[broker]\npassword_file = "/p"', "broker.password_file: a password without a name"),
        ("[http]\nport = 0", "http.port is 0; wanted is 1 to 65535"),
        ("[backup]\nkeep = 0", "backup.keep is 0; wanted is more than 0"),
        ("[keep]\naccess_days = 30", "keep.access_days is 30; wanted is 183 to 3650"),
        ("[keep]\naccess_days = 0", "keep.access_days is 0; wanted is 183 to 3650"),
        ("[backup]\nevery_h = 6\nport = 1", "port stands under [backup], and belongs under [broker] or under [http]"),
        *(
            (f'zone = "{zone}"', "wanted is a zone like Asia/Shanghai")
            for zone in ("", "Asia", "Mars/Base", "../x", "/")
        ),
    ],
)
def test_a_setting_that_cannot_stand_is_named_with_what_is_wanted(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        read_config(file, {})

    assert said in str(caught.value)
    assert "hub.toml" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        '[http]\nhost = "0.0.0.0"\nnames = ["hub.example"]',
        '[http]\nhost = "192.0.2.7"',
        '[http]\nhost = "192.0.2.7"\ncertificate = "/c.pem"\nprivate_key = "/k.pem"',
        '[http]\ncertificate = "/c.pem"',
    ],
)
def test_no_plain_http_is_served_beyond_the_own_machine(tmp_path: Path, text: str) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"http\.(certificate|names)"):
        read_config(file, {})


def test_with_a_certificate_and_a_name_others_may_come(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    named = 'host = "0.0.0.0"\nnames = ["hub.example"]\ncertificate = "/c.pem"\nprivate_key = "/k.pem"'
    file.write_text(f"[http]\n{named}", encoding="utf-8")

    assert not read_config(file, {}).http.is_local
