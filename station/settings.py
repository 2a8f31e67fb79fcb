"""A room's settings: one frozen dataclass, from a TOML file and then `ZAIGANG_*` variables.

Read once, in `__main__`, and handed down in parts. A wrong one names file, key, what was found and what is wanted.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any, Final, TypeVar, get_args, get_type_hints

from station.errors import ConfigError
from station.remote_settings import laid_over
from station.strict import faults, make_converter
from station.tidy import visible

T = TypeVar("T")
PREFIX: Final = "ZAIGANG_"
EXIT_CONFIG: Final = 78  # EX_CONFIG of sysexits.h
WANTED_HOST: Final = "wanted is a name or an address alone, as 192.0.2.7"
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\.?")
_AT_THE_TOP: Final = "at the top, before the first [table]"
_strict = make_converter(forbid_extra_keys=True, detailed=True)


def read_settings(
    kind: type[T],
    text: str,
    environ: Mapping[str, str],
    *,
    file: str,
    room: str,
    above: Mapping[str, Any] = MappingProxyType({}),
) -> T:
    """The settings of a room.

    Args:
        kind: the dataclass; parts are dataclasses too.
        text: the file's content, TOML; empty where there is no file.
        environ: `ZAIGANG_{ROOM}_{KEY}` and `ZAIGANG_{ROOM}_{PART}__{KEY}` win over the file, spelled as in TOML
            or, for text, without quotes.
        file: how messages name the file.
        room: `edge` or `hub`.
        above: what is laid over the file.

    Raises:
        ConfigError: a key that is unknown, missing or of the wrong kind, or no TOML at all.
    """
    try:
        body = tomllib.loads(visible(text))
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError(f"{file} is no TOML: {exc}") from exc
    body = laid_over(body, above)
    for misplaced in _misplaced(body, kind, _AT_THE_TOP, kind):
        raise ConfigError(f"{file}: {misplaced}")
    for name, value in environ.items():
        prefix = f"{PREFIX}{room.upper()}_"
        if name.startswith(prefix):
            _lay_over(body, name.removeprefix(prefix).lower().split("__"), visible(value).strip(), kind, name)
    try:
        return _strict.structure(body, kind)
    except Exception as exc:  # an ExceptionGroup of whatever the hooks raised; it becomes one sentence
        raise ConfigError(f"{file}: {faults(exc)}") from exc


def is_host(text: str) -> bool:
    """Whether it is a name or an address, without scheme and port."""
    try:
        ip_address(text)
    except ValueError:
        return _HOST_NAME.fullmatch(text) is not None
    return True


def _misplaced(table: dict[str, Any], kind: type[Any], where: str, root: type[Any]) -> Iterator[str]:
    """Keys that stand under one table and belong to another: a line that was appended at the end of the file."""
    known = {field.name for field in fields(kind)}
    for key, value in table.items():
        if key not in known:
            owners = [place for place, part in _tables(root, _AT_THE_TOP) if key in {f.name for f in fields(part)}]
            if owners:
                yield f"{key} stands {where}, and belongs {' or '.join(owners)}: move that line there"
            continue
        part = _part(kind, key)
        for below in value if isinstance(value, list) else [value]:
            if part is not None and isinstance(below, dict):
                yield from _misplaced(below, part, _under(key, below is not value), root)


def _tables(kind: type[Any], where: str) -> Iterator[tuple[str, type[Any]]]:
    yield where, kind
    for name in (field.name for field in fields(kind)):
        part = _part(kind, name)
        if part is not None:
            yield from _tables(part, _under(name, bool(get_args(get_type_hints(kind)[name]))))


def _under(name: str, is_list: bool) -> str:  # noqa: FBT001 -- one word for both
    return f"under [[{name}]]" if is_list else f"under [{name}]"


def _part(kind: type[Any], name: str) -> type[Any] | None:
    """The dataclass of a part, or of each in a list of parts."""
    hint = get_type_hints(kind)[name]
    return next((each for each in (hint, *get_args(hint)) if isinstance(each, type) and is_dataclass(each)), None)


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
