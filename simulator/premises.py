"""Everything of a demonstration that lies on disk, in one folder: the hub's data, the kiosks', and their settings.

Handing out the site key, which an installer does in the field, is done here by copying a file.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.clock import Clock

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Premises:
    """One folder with two ports."""

    folder: Path
    broker_port: int
    http_port: int

    @property
    def hub_file(self) -> Path:
        """The hub's settings."""
        return self.folder / "hub.toml"

    @property
    def database(self) -> Path:
        """The hub's database."""
        return self.folder / "hub" / "zaigang.sqlite"

    @property
    def site_key(self) -> Path:
        """The hub's site key."""
        return self.folder / "hub" / "site.key"

    @property
    def address(self) -> str:
        """Where the board is."""
        return f"http://{HOST}:{self.http_port}/"

    def write_hub_settings(self) -> None:
        """A hub on SQLite with its own broker."""
        self.hub_file.write_text(
            f'data_dir = "{self.folder / "hub"}"\n\n'
            f'[broker]\nembedded = true\nhost = "{HOST}"\nport = {self.broker_port}\n\n'
            f'[http]\nhost = "{HOST}"\nport = {self.http_port}\n'
        )

    def write_kiosk_settings(self, station: str, kiosk: str, reader_url: str) -> Path:
        """One kiosk that runs as a process of its own; tells the file."""
        key_file = self.folder / f"{kiosk}.key"
        key_file.touch(mode=0o600)
        key_file.write_bytes(self.site_key.read_bytes())
        file = self.folder / f"{kiosk}.toml"
        file.write_text(
            f'station = "{station}"\nkiosk = "{kiosk}"\n'
            f'data_dir = "{self.folder / kiosk}"\nsite_key_file = "{key_file}"\n'
            "allow_any_path = true\n\n"
            f'[broker]\nhost = "{HOST}"\nport = {self.broker_port}\n\n'
            f'[[readers]]\nname = "door"\nurl = "{reader_url}"\n'
        )
        return file


def child_environ(environ: Mapping[str, str], clock: Clock) -> dict[str, str]:
    """What a child process finds: the demonstration's clock, and none of the user's own settings of the product."""
    kept = {name: value for name, value in environ.items() if not name.startswith("ZAIGANG_")}
    return {**kept, "ZAIGANG_CLOCK": clock.spell(), "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
