"""A room's settings: one frozen dataclass, from a TOML file and then `ZAIGANG_*` variables.

Read once, in `__main__`, and handed down in parts. A wrong one names file, key, what was found and what is wanted.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeVar, get_type_hints

from station.errors import ConfigError
from station.strict import faults, make_converter

T = TypeVar("T")
PREFIX: Final = "ZAIGANG_"
EXIT_CONFIG: Final = 78  # EX_CONFIG of sysexits.h
_strict = make_converter(forbid_extra_keys=True, detailed=True)


def read_settings(kind: type[T], text: str, environ: Mapping[str, str], *, file: str, room: str) -> T:
    """The settings of a room.

    Args:
        kind: the dataclass; parts are dataclasses too.
        text: the file's content, TOML; empty where there is no file.
        environ: `ZAIGANG_{ROOM}_{KEY}` and `ZAIGANG_{ROOM}_{PART}__{KEY}` win over the file, spelled as in TOML
            or, for text, without quotes.
        file: how messages name the file.
        room: `edge` or `hub`.

    Raises:
        ConfigError: a key that is unknown, missing or of the wrong kind, or no TOML at all.
    """
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError(f"{file} is no TOML: {exc}") from exc
    for name, value in environ.items():
        prefix = f"{PREFIX}{room.upper()}_"
        if name.startswith(prefix):
            _lay_over(body, name.removeprefix(prefix).lower().split("__"), value, kind, name)
    try:
        return _strict.structure(body, kind)
    except Exception as exc:  # an ExceptionGroup of whatever the hooks raised; it becomes one sentence
        raise ConfigError(f"{file}: {faults(exc)}") from exc


def _lay_over(body: dict[str, Any], path: list[str], value: str, kind: type[Any], name: str) -> None:
    *parts, key = path
    for part in parts:
        hint = get_type_hints(kind).get(part)
        if not isinstance(hint, type) or not is_dataclass(hint):
            raise ConfigError(f"{name}: there is no part {part!r}")
        kind = hint
        body = body.setdefault(part, {})
    if key not in {field.name for field in fields(kind)}:
        raise ConfigError(f"{name}: there is no key {key!r}; wanted is one of {_keys(kind)}")
    try:
        body[key] = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        body[key] = value


def _keys(kind: type[Any]) -> str:
    return ", ".join(field.name for field in fields(kind))
