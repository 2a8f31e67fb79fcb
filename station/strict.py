"""Turning plain JSON or TOML values into frozen dataclasses, strictly: nothing is coerced, everything is checked.

cattrs does the work; here stand only the shapes of this project's own types. Two converters of one mind: the
fast one in the way of every message, the other only to say what was wrong, and where.
"""

import re
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import partial, reduce
from pathlib import Path
from types import GenericAlias
from typing import Any, Final, TypeVar, get_args, get_origin

from cattrs import Converter, override, transform_error
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from station.hours import Period, Span
from station.names import MAX_SEQ, SHAPES, Seq
from station.records import MAX_MS, Milliseconds
from station.saying import Said, as_said, said_by, say

T = TypeVar("T")
# Calendars and sums of times are sound between these, and no kiosk has seen another year; "no time" is year 1 to some.
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199
MAX_TEXT: Final = 100_000  # longer than any message
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, UTF-8 lone surrogates
_SPAN_PARTS: Final = 2
_MOST_FAULTS: Final = 50
_MOST_TEXT: Final = 500
AT_THE_TOP: Final = "at the top"


def _unfit(value: Any, kind: type) -> str:
    if kind is bool:
        return say("{value!r:.60}; wanted is true or false", value=value)
    return say("{value!r:.60}; wanted is {name}", value=value, name=kind.__name__)


def _exactly(kind: type[T]) -> Callable[[Any, Any], T]:
    def check(value: Any, _: Any) -> T:
        if value.__class__ is not kind:
            raise ValueError(_unfit(value, kind))
        return value

    return check


def _whole(value: Any, _: Any) -> int:
    if value.__class__ is not int or not -MAX_SEQ <= value <= MAX_SEQ:
        raise ValueError(say("{value!r:.60}; wanted is a whole number", value=value))
    return value


def _milliseconds(value: Any, _: Any) -> int:
    if value.__class__ is not int or not -MAX_MS <= value <= MAX_MS:
        raise ValueError(
            say("{value!r:.60}; wanted is a whole number of milliseconds, less than a hundred years", value=value)
        )
    return value


def _number(value: Any, _: Any) -> float:
    if value.__class__ not in {int, float} or value != value or abs(value) == float("inf"):  # noqa: PLR0124 -- NaN
        raise ValueError(say("{value!r:.60}; wanted is a number", value=value))
    return float(value)


def _text(value: Any, _: Any) -> str:
    if value.__class__ is not str or len(value) > MAX_TEXT or (not value.isascii() and _UNSTORABLE.search(value)):
        raise ValueError(say("{value!r:.60}; wanted is text", value=value))
    if "\0" in value:
        raise ValueError(say("{value!r:.60}; wanted is text without NUL", value=value))
    return value


def _named(kind: object) -> Callable[[Any, Any], str]:
    pattern, wanted = SHAPES[kind]

    def check(value: Any, _: Any) -> str:
        if value.__class__ is not str or pattern.match(value) is None:
            raise ValueError(say("{value!r:.60}; wanted is {wanted}", value=value, wanted=as_said(wanted)))
        return value

    return check


def _seq(value: Any, _: Any) -> Seq:
    if value.__class__ is not int or not 1 <= value <= MAX_SEQ:
        raise ValueError(say("{value!r:.60}; wanted is a whole number from 1", value=value))
    return Seq(value)


def _moment(value: Any, _: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if value.__class__ is str else value  # TOML has moments of its own
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError(
            say("{value!r:.60}; wanted is a moment with its offset, as 2026-03-05T00:00:00.000Z", value=value)
        )
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        utc = moment
    if not FIRST_YEAR <= utc.year <= LAST_YEAR:
        raise ValueError(
            say(
                "{value!r:.60}; wanted is a moment in the years {first_year} to {last_year}",
                value=value,
                first_year=FIRST_YEAR,
                last_year=LAST_YEAR,
            )
        )
    return utc


def _date(value: Any, _: Any) -> date:
    if value.__class__ is date:
        return value
    try:
        return date.fromisoformat(_text(value, None))
    except ValueError as exc:
        raise ValueError(say("{value!r:.60}; wanted is a day, as 2026-03-05", value=value)) from exc


def _member(value: Any, kind: type[StrEnum]) -> StrEnum:
    try:
        return kind(value)
    except ValueError as exc:
        raise ValueError(say("{value!r:.60}; wanted is one of {kind}", value=value, kind=", ".join(kind))) from exc


def _pair(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, list) or len(value) != _SPAN_PARTS:
        raise ValueError(say("{value!r:.60}; wanted is a pair, from and to", value=value))
    return value[0], value[1]


def _period(value: Any, _: Any) -> Period:
    opens_at, closes_at = _pair(value)
    return Period(_moment(opens_at, None), _moment(closes_at, None))


def _span(value: Any, _: Any) -> Span:
    opens, closes = _pair(value)
    return Span(_minutes(opens), _minutes(closes))


def _minutes(value: Any) -> int:
    found = re.match(r"([0-2]\d):([0-5]\d)\Z", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(say("{value!r:.60}; wanted is a time of day from 00:00 to 24:00", value=value))
    return int(found[1]) * 60 + int(found[2])


def spell_moment(at: datetime) -> str:
    """UTC to the millisecond, as every message and record has it."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")[:23] + "Z"


def spell_seconds(lasted: timedelta) -> float:
    """How long it is, in seconds; a whole number where it is one."""
    seconds = lasted.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


def spell_minutes(minutes: int) -> str:
    """A time of day; 1440 is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def make_converter(*, forbid_extra_keys: bool, detailed: bool) -> Converter:
    """A strict converter; `forbid_extra_keys` for config, where an unknown key is a slip."""
    converter = Converter(forbid_extra_keys=forbid_extra_keys, detailed_validation=detailed)
    for kind, hook in (*_HOOKS.items(), *((kind, _named(kind)) for kind in SHAPES)):
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook_factory(_is_list, partial(_read_list, converter))
    if detailed:  # the other one fails as well, and need not say how
        converter.register_structure_hook_factory(_is_plain_dataclass, partial(_read_table, converter))
    converter.register_structure_hook_func(lambda kind: kind == Milliseconds, _milliseconds)
    converter.register_unstructure_hook(datetime, spell_moment)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(timedelta, spell_seconds)
    converter.register_unstructure_hook(Period, lambda p: [spell_moment(p.opens_at), spell_moment(p.closes_at)])
    converter.register_unstructure_hook(Span, lambda s: [spell_minutes(s.opens_min), spell_minutes(s.closes_min)])
    converter.register_unstructure_hook_factory(_is_plain_dataclass, partial(_leave_out_what_is_not, converter))
    return converter


_HOOKS: Final[dict[Any, Callable[[Any, Any], Any]]] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _exactly(bool),
    datetime: _moment,
    date: _date,
    timedelta: lambda value, _: timedelta(seconds=_number(value, None)),
    Path: lambda value, _: Path(_text(value, None)),
    Period: _period,
    Span: _span,
    Seq: _seq,
    StrEnum: _member,  # its own, since the hook of str would take every subclass of str
}


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def _read_list(converter: Converter, kind: Any) -> Callable[[Any, Any], Any]:
    """Lists become tuples; text or a table, which can be iterated too, does not."""
    as_list = GenericAlias(list, get_args(kind)[:1])
    read = converter.get_structure_hook(as_list)

    def check(value: Any, _: Any) -> Any:
        if isinstance(value, dict):
            raise ValueError("a table; wanted is a list, in TOML [[...]]")  # noqa: TRY004 -- what all hooks raise
        if not isinstance(value, list):
            raise ValueError(say("{value!r:.60}; wanted is a list", value=value))  # noqa: TRY004 -- as above
        return tuple(read(value, as_list))

    return check


def _read_table(converter: Converter, kind: Any) -> Callable[[Any, Any], Any]:
    read = make_dict_structure_fn(
        kind, converter, _cattrs_forbid_extra_keys=converter.forbid_extra_keys, _cattrs_detailed_validation=True
    )

    def check(value: Any, _: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(say("{value!r:.60}; wanted is a table", value=value))  # noqa: TRY004 -- as above
        return read(value, kind)

    return check


def _is_plain_dataclass(kind: Any) -> bool:
    return is_dataclass(kind) and kind not in {Period, Span}


def _leave_out_what_is_not(converter: Converter, kind: Any) -> Any:
    """Fields that are None, empty or false by default are left out; a default that says something is written.

    A stretch of time is a limit of the rules, which has one value nearly everywhere: only another one is written.
    """
    quiet: dict[str, Any] = {
        part.name: override(omit_if_default=True)
        for part in fields(kind)
        if part.default_factory is not MISSING
        or (part.default is not MISSING and (not part.default or isinstance(part.default, timedelta)))
    }
    return make_dict_unstructure_fn(kind, converter, **quiet)


def faults(exc: BaseException) -> Said:
    """What was wrong and where, in one line, for a person."""
    reasons: list[Said] = []

    def note(fault: BaseException, _: type | None) -> str:
        reasons.append(_reason(fault))
        return ""

    places = transform_error(exc, path="", format_exception=note)  # each is " @ " and where it was
    told = [
        say("{place}: {why}", place=place.removeprefix(" @ ").lstrip(".") or as_said(AT_THE_TOP), why=why)
        for place, why in zip(places, reasons, strict=True)
    ]
    all_told = reduce(lambda before, then: say("{before}; {then}", before=before, then=then), told[:_MOST_FAULTS])
    return all_told if len(all_told) <= _MOST_TEXT else as_said(all_told[:_MOST_TEXT])


def _reason(exc: BaseException) -> Said:
    if isinstance(exc, ForbiddenExtraKeysError):
        unknown, known = sorted(exc.extra_fields), [field.name for field in fields(exc.cl)]
        wanted = "there is no key {unknown}; wanted is one of {known}"
        return say(wanted, unknown=", ".join(map(repr, unknown)), known=", ".join(known))
    if isinstance(exc, KeyError):
        return say("{key!r} is missing", key=exc.args[0])
    return as_said(said_by(exc) or type(exc).__name__)
