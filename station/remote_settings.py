"""Which of a kiosk's settings the hub may set over the wire: all but who the kiosk is, and where its own files lie.

Pure: a table of settings, as TOML has it, in and out. Kiosk and hub go by the same list.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from station.errors import ConfigError
from station.saying import say

NEVER: Final = {
    "": {"station", "kiosk", "data_dir", "site_key_file", "allow_any_path"},
    "broker": {"username", "password_file", "ca_file", "certificate_file", "key_file"},
}
"""By table; a command may come from anybody who has taken the hub, and must not make a kiosk another's."""
MOST_BYTES: Final = 16 * 1024
SettingsTable = dict[str, Any]


def read_remote(text: str) -> SettingsTable:
    """The settings in a text, JSON.

    Raises:
        ConfigError: they are none, or one of them is not for the hub to set.
    """
    if len(text.encode()) > MOST_BYTES:
        raise ConfigError(
            say(
                "{count} bytes of settings; wanted are at most {most}",
                count=len(text.encode()),
                most=MOST_BYTES,
            )
        )
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise ConfigError("the settings are no JSON") from exc
    if not isinstance(table, dict):
        raise ConfigError("the settings are no table")
    check_remote(table)
    return table


def check_remote(table: SettingsTable) -> None:
    """See whether the hub may set all of it.

    Raises:
        ConfigError: not that one.
    """
    for part, keys in NEVER.items():
        found = table.get(part, {}) if part else table
        for key in sorted(keys.intersection(found) if isinstance(found, dict) else ()):
            name = f"{part}.{key}" if part else key
            raise ConfigError(say("{name} says who a kiosk is, and is set at the kiosk alone", name=name))


def laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> SettingsTable:
    """One table over another: what stands in tables is laid over, anything else, lists too, replaced."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = laid_over(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
    return merged
