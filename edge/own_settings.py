"""The kiosk's own file of settings, and what it comes to with what the hub wants laid over it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edge.config import EdgeConfig, read_config
from station.errors import ConfigError
from station.remote_settings import SettingsTable, check_remote
from station.saying import as_said, say
from station.tidy import decode


class OwnSettings:
    """One file, read once; the environment wins over all."""

    def __init__(self, file: Path, environ: Mapping[str, str] = os.environ) -> None:
        """Read it.

        Raises:
            ConfigError: it is not there, or no text.
        """
        self._file, self._environ = file, environ
        try:
            self._text = decode(file.read_bytes())
        except OSError as exc:
            raise ConfigError(
                say(
                    "{file} cannot be read: {why}; wanted is a TOML file",
                    file=file,
                    why=as_said(exc.strerror or str(exc)),
                )
            ) from exc
        except UnicodeDecodeError as exc:
            raise ConfigError(say("{file} is no text in UTF-8; wanted is a TOML file", file=file)) from exc

    def alone(self) -> EdgeConfig:
        """As they stand in the file.

        Raises:
            ConfigError: they cannot stand.
        """
        return self.under({})

    def under(self, above: Mapping[str, Any]) -> EdgeConfig:
        """With these laid over them.

        Raises:
            ConfigError: they cannot stand.
        """
        return read_config(self._text, self._environ, file=str(self._file), above=above)

    def check(self, above: SettingsTable) -> None:
        """See whether an agent could begin with these laid over them.

        Raises:
            ConfigError: it could not.
        """
        check_remote(above)
        self.under(above)
