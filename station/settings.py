"""A room's settings: one frozen dataclass, from a TOML file and then `ZAIGANG_*` variables.

Read once, in `__main__`, and handed down in parts. A wrong one names file, key, what was found and what is wanted.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import reduce
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any, Final, TypeVar, get_args, get_type_hints

from station.errors import ConfigError
from station.remote_settings import laid_over
from station.saying import Said, as_said, say
from station.strict import faults, make_converter
from station.tidy import visible

T = TypeVar("T")
PREFIX: Final = "ZAIGANG_"
EXIT_CONFIG: Final = 78  # EX_CONFIG of sysexits.h
WANTED_HOST: Final = "wanted is a name or an address alone, as 192.0.2.7"
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\.?")
_AT_THE_TOP: Final = say("at the top, before the first [table]")
_TEXT: Final = "text that does not end on its line; wanted is a quote at both ends"
_NO_TOML: Final = {  # by how tomllib begins to say it
    "Cannot overwrite a value": "this key stands twice; wanted is each key once",
    "Cannot declare": "this [table] stands twice; wanted is each once, with all of its keys below it",
    "Invalid value": 'no value; wanted is "text" in quotes, a number, true or false',
    "Invalid statement": "no setting; wanted is: key = value",
    "Invalid initial character": "no name of a key; wanted is: key = value",
    "Expected '='": "a key without its value; wanted is: key = value",
    "Expected newline": "something stands behind the value; wanted is one setting a line",
    "Expected ']": "a [table] that is not closed; wanted is ] at its end",
    "Unclosed": "a list that is not closed; wanted is ] or } at its end",
    "Unescaped": "a backslash in text; wanted is / in a path, and \\\\ for a backslash itself",
    "Illegal character": _TEXT,
    "Unterminated string": _TEXT,
    "Expected '\"'": _TEXT,
}
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
        raise ConfigError(no_toml(file, text, exc)) from exc
    body = laid_over(body, above)
    for misplaced in _misplaced(body, kind, _AT_THE_TOP, kind):
        raise ConfigError(say("{file}: {misplaced}", file=file, misplaced=misplaced))
    for name, value in environ.items():
        prefix = f"{PREFIX}{room.upper()}_"
        if name.startswith(prefix):
            _lay_over(body, name.removeprefix(prefix).lower().split("__"), visible(value).strip(), kind, name)
    try:
        return _strict.structure(body, kind)
    except Exception as exc:  # an ExceptionGroup of whatever the hooks raised; it becomes one sentence
        raise ConfigError(say("{file}: {faults}", file=file, faults=faults(exc))) from exc


def no_toml(file: str, text: str, exc: tomllib.TOMLDecodeError) -> Said:
    """What keeps a file from being TOML, and on which line; what the reader says itself is for programmers."""
    line, wanted = toml_fault(text, exc)
    return say("{file} is no TOML, line {line}: {why}", file=file, line=line, why=wanted)


def toml_fault(text: str, exc: tomllib.TOMLDecodeError) -> tuple[int, Said]:
    """On which line a text stops to be TOML, and why."""
    why, _, place = str(exc).rpartition(" (at ")
    wanted = next((said for begins, said in _NO_TOML.items() if why.startswith(begins)), why or str(exc))
    found = re.match(r"line (\d+)", place)
    line = int(found[1]) if found else len(text.splitlines())  # "at end of document", it says of the last
    return line, as_said(wanted)


def is_host(text: str) -> bool:
    """Whether it is a name or an address, without scheme and port."""
    try:
        ip_address(text)
    except ValueError:
        return _HOST_NAME.fullmatch(text) is not None
    return True


def _misplaced(table: dict[str, Any], kind: type[Any], where: Said, root: type[Any]) -> Iterator[Said]:
    """Keys that stand under one table and belong to another: a line that was appended at the end of the file."""
    known = {field.name for field in fields(kind)}
    for key, value in table.items():
        if key not in known:
            owners = [place for place, part in _tables(root, _AT_THE_TOP) if key in {f.name for f in fields(part)}]
            if owners:
                yield say(
                    "{key} stands {where}, and belongs {owners}: move that line there",
                    key=key,
                    where=where,
                    owners=reduce(lambda one, other: say("{one} or {other}", one=one, other=other), owners),
                )
            continue
        part = _part(kind, key)
        for below in value if isinstance(value, list) else [value]:
            if part is not None and isinstance(below, dict):
                yield from _misplaced(below, part, _under(key, below is not value), root)


def _tables(kind: type[Any], where: Said) -> Iterator[tuple[Said, type[Any]]]:
    yield where, kind
    for name in (field.name for field in fields(kind)):
        part = _part(kind, name)
        if part is not None:
            yield from _tables(part, _under(name, bool(get_args(get_type_hints(kind)[name]))))


def _under(name: str, is_list: bool) -> Said:  # noqa: FBT001 -- one word for both
    return say("under {table}", table=f"[[{name}]]" if is_list else f"[{name}]")


def _part(kind: type[Any], name: str) -> type[Any] | None:
    """The dataclass of a part, or of each in a list of parts."""
    hint = get_type_hints(kind)[name]
    return next((each for each in (hint, *get_args(hint)) if isinstance(each, type) and is_dataclass(each)), None)


def _lay_over(body: dict[str, Any], path: list[str], value: str, kind: type[Any], name: str) -> None:
    *parts, key = path
    for part in parts:
        hint = get_type_hints(kind).get(part)
        if not isinstance(hint, type) or not is_dataclass(hint):
            raise ConfigError(say("{name}: there is no part {part!r}", name=name, part=part))
        kind = hint
        body = body.setdefault(part, {})
    if key not in {field.name for field in fields(kind)}:
        raise ConfigError(
            say("{name}: there is no key {key!r}; wanted is one of {keys}", name=name, key=key, keys=_keys(kind))
        )
    try:
        body[key] = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        body[key] = value


def _keys(kind: type[Any]) -> str:
    return ", ".join(field.name for field in fields(kind))
