"""The settings that the hub wants, on this kiosk's disk: those that are held, and those on trial.

```
settings-held.json    proved themselves; laid over the kiosk's own file
settings-trial.json   begun at most once: whatever ends the agent meanwhile, the power too, takes them back
```
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from edge.journal_schema import sync_directory
from edge.whole_file import write_whole
from station.errors import ConfigError
from station.remote_settings import SettingsTable, read_remote

HELD: Final = "settings-held.json"
TRIAL: Final = "settings-trial.json"


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """What the hub wants.

    Attributes:
        version: rises with each wish.
        text: JSON.
        command: the id of the command by which they came.
        is_begun: an agent has begun with them.
    """

    version: int
    text: str
    command: str = ""
    is_begun: bool = False

    def table(self) -> SettingsTable:
        """As they are laid over the kiosk's own.

        Raises:
            ConfigError: they cannot be.
        """
        return read_remote(self.text)


class KeptSettings:
    """The files in one directory. Not for two threads at once."""

    def __init__(self, data_dir: Path) -> None:
        self._held, self._trial = data_dir / HELD, data_dir / TRIAL

    def held(self) -> RemoteSettings | None:
        """Those that are held."""
        return _read(self._held)

    def trial(self) -> RemoteSettings | None:
        """Those on trial, begun or not."""
        return _read(self._trial)

    def try_next(self, wanted: RemoteSettings) -> None:
        """Let the next agent try these.

        Raises:
            OSError: the disk does not take it.
        """
        _write(self._trial, wanted)

    def begin(self) -> RemoteSettings | None:
        """What an agent that begins now goes by: those on trial once, else those that are held."""
        trial = self.trial()
        if trial is None or trial.is_begun:
            self.drop_trial()
            return self.held()
        try:
            _write(self._trial, replace(trial, is_begun=True))
        except OSError:  # it would be begun again and again
            return self.held()
        return trial

    def hold_trial(self) -> None:
        """They proved themselves.

        Raises:
            OSError: the disk does not take it; they are on trial still.
        """
        self._trial.replace(self._held)
        sync_directory(self._held.parent)

    def drop_trial(self) -> None:
        """Take them back."""
        with suppress(OSError):
            self._trial.unlink()
            sync_directory(self._trial.parent)


def _write(path: Path, settings: RemoteSettings) -> None:
    write_whole(path, json.dumps(asdict(settings)).encode())


def _read(path: Path) -> RemoteSettings | None:
    with suppress(OSError, ValueError, TypeError, ConfigError):
        found = RemoteSettings(**json.loads(path.read_bytes()))
        found.table()
        if type(found.version) is int and found.version > 0:
            return found
    return None
