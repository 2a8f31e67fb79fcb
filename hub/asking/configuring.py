"""What is wanted of a kiosk's settings: kept here with a version, sent whole, tried by the kiosk on probation.

The kiosk takes them back by itself where a reader or the hub does not answer; then another version says otherwise.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select
from sqlmodel import col

from hub.asking.asked import ask
from hub.asking.kinds import CommandKind
from hub.database.command_table import KioskSettings
from hub.database.transactions import table_of, upsert
from hub.errors import HubError
from hub.saying import said_by, say
from station.errors import ConfigError
from station.milliseconds import ms_of
from station.names import KioskId
from station.remote_settings import SettingsTable, check_remote, laid_over
from station.settings import toml_fault
from station.tidy import visible

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
CONFIG: Final = CommandKind("config", timedelta(days=7))


class SettingsError(HubError):
    """They cannot be wanted; the text says why."""


@dataclass(frozen=True, slots=True)
class WantedSettings:
    """What is wanted of one kiosk, and since when; version 0 where nothing ever was."""

    version: int = 0
    text: str = "{}"
    by: str = ""
    at_ms: int = 0

    @property
    def table(self) -> SettingsTable:
        """As TOML has it."""
        table: SettingsTable = json.loads(self.text)
        return table


def read_wanted(connection: Connection, kiosk: KioskId) -> WantedSettings:
    """What is wanted now."""
    row = connection.execute(select(table_of(KioskSettings)).where(col(KioskSettings.kiosk) == kiosk)).first()
    return WantedSettings() if row is None else WantedSettings(row.version, row.settings, row.by, row.at_ms)


def want(
    connection: Connection, kiosk: KioskId, table: SettingsTable, *, by: str, now: datetime
) -> tuple[WantedSettings, str]:
    """Want all of these from now on, and ask the kiosk to try them; the id of the command too.

    Raises:
        SettingsError: one of them is not for the hub to set.
    """
    try:
        check_remote(table)
    except ConfigError as exc:
        raise SettingsError(said_by(exc)) from exc
    version = read_wanted(connection, kiosk).version + 1
    wanted = WantedSettings(version, json.dumps(table, ensure_ascii=False), by, ms_of(now))
    row = {"kiosk": kiosk, "version": version, "settings": wanted.text, "by": by, "at_ms": wanted.at_ms}
    upsert(connection, KioskSettings, [row])
    args = {"version": str(version), "settings": wanted.text}
    return wanted, ask(connection, kiosk, CONFIG, by=by, now=now, args=args)


def read_file(text: str) -> SettingsTable:
    """A file of settings, TOML.

    Raises:
        SettingsError: it is none.
    """
    try:
        return json.loads(json.dumps(tomllib.loads(visible(text))))  # type: ignore[no-any-return]  # a table of JSON's kinds
    except tomllib.TOMLDecodeError as exc:
        line, why = toml_fault(text, exc)
        raise SettingsError(say("no settings in TOML, line {line}: {why}", line=line, why=why)) from exc
    except (ValueError, TypeError, RecursionError) as exc:  # beside what is no TOML: 5,000 digits, or brackets
        raise SettingsError(say("no settings in TOML: {exc}", exc=exc)) from exc


def spell_settings(table: SettingsTable) -> str:
    """The same as `read_file` reads it, a line for each."""
    return "".join(f"{line}\n" for line in _lines("", table))


def _lines(above: str, table: SettingsTable) -> Iterator[str]:
    for name, value in table.items():
        key = above + (name if _BARE.fullmatch(name) else json.dumps(name))
        if isinstance(value, dict) and value:
            yield from _lines(f"{key}.", value)
        else:
            yield f"{key} = {_spelled(value)}"


def _spelled(value: object) -> str:
    if isinstance(value, dict):
        pairs = (f"{json.dumps(name)} = {_spelled(each)}" for name, each in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_spelled, value))}]"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def with_set(table: SettingsTable, pairs: Iterable[str]) -> SettingsTable:
    """The same with `part.key=value` set anew; a value as TOML spells it, or text without quotes; nothing takes it out.

    Raises:
        SettingsError: it is no such pair.
    """
    made = json.loads(json.dumps(table))
    for pair in pairs:
        key, is_pair, value = pair.partition("=")
        *parts, name = key.strip().split(".")
        if not is_pair or not all((*parts, name)):
            raise SettingsError(say("{pair!r} is none; wanted is PART.KEY=VALUE, as limits.guard_s=8", pair=pair))
        if value.strip():
            above: SettingsTable = {name: _value(value.strip())}
            for part in reversed(parts):
                above = {part: above}
            made = laid_over(made, above)
        else:
            _take_out(made, parts, name)
    return made  # type: ignore[no-any-return]  # as it was


def _take_out(table: SettingsTable, parts: list[str], name: str) -> None:
    for part in parts:
        table = table.get(part, {})
    table.pop(name, None)


def _value(text: str) -> object:
    try:
        return json.loads(json.dumps(tomllib.loads(f"value = {text}")["value"]))
    except (tomllib.TOMLDecodeError, TypeError):
        return text
