"""What the JSON of a case has to look like, checked first: one sentence says where it is otherwise.

What the parts mean together (is the station among the stations) is asked where they are read.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from station.saying import Said, say

ShapeCheck: TypeAlias = Callable[[str, Any], None]

A_CASE: Final = say("wanted is a case, as docs/replay.md has it")
MOST: Final = 10**9  # beyond any number of people or seconds, and well within what a day can be moved by


class CaseError(Exception):
    """The file is no case; the text says where, what was found and what is wanted."""


def otherwise(where: str, value: Any, wanted: str) -> Said:
    """That what stands there is something else than what is wanted."""
    return say("{where}: {found}; wanted is {wanted}", where=where, found=f"{value!r:.60}", wanted=wanted)


def _refuse(where: str, value: Any, wanted: str) -> None:
    raise CaseError(otherwise(where or say("the file"), value, wanted))


def _leaf(wanted: str, is_one: Callable[[Any], bool]) -> ShapeCheck:
    def check(where: str, value: Any) -> None:
        if not is_one(value):
            _refuse(where, value, wanted)

    return check


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()  # neither NUL nor half a character


def is_number(value: Any) -> bool:
    """Whether it is one that can be reckoned with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and abs(value) < MOST


def _optional(check: ShapeCheck) -> ShapeCheck:
    def maybe(where: str, value: Any) -> None:
        if value is not None:
            check(where, value)

    return maybe


def _list(of: ShapeCheck) -> ShapeCheck:
    def check(where: str, value: Any) -> None:
        if not isinstance(value, list):
            _refuse(where, value, say("a list"))
        for number, one in enumerate(value):
            of(f"{where}[{number}]", one)

    return check


def _by_name(of: ShapeCheck) -> ShapeCheck:
    def check(where: str, value: Any) -> None:
        if not isinstance(value, dict):
            _refuse(where, value, say("an object, by name"))
        for name, one in value.items():
            of(f"{where}.{name:.40}", one)

    return check


def _object(must: Mapping[str, ShapeCheck], may: Mapping[str, ShapeCheck]) -> ShapeCheck:
    def check(where: str, value: Any) -> None:
        if not isinstance(value, dict):
            _refuse(where, value, say("an object with {keys}", keys=[*must, *may]))
        for name in must:
            if name not in value:
                place, why = where or say("the file"), say("{key!r} is missing", key=name)
                raise CaseError(say("{where}: {why}; {wanted}", where=place, why=why, wanted=A_CASE))
        for name, one in {**must, **may}.items():
            if name in value:
                one(f"{where}.{name}".lstrip("."), value[name])

    return check


_ANY: Final = _leaf("", lambda _: True)
_TEXT: Final = _leaf(say("text"), _is_text)
_MAYBE: Final = _optional(_TEXT)
_BOOL: Final = _leaf(say("true or false"), lambda value: value is None or isinstance(value, bool))
_WHOLE: Final = _leaf(say("a whole number"), lambda value: is_number(value) and isinstance(value, int))
_RULE: Final[dict[str, ShapeCheck]] = {"minimum": _WHOLE, "target": _WHOLE, "limits": _optional(_by_name(_ANY))}
_STRETCH: Final[dict[str, ShapeCheck]] = {"from": _MAYBE, "until": _MAYBE}
_STATION: Final = _object(
    {"calendar": _by_name(_ANY)}, {**_RULE, "terms": _list(_object({"from": _TEXT}, _RULE))}
)  # fmt: skip
_KIOSK: Final = _object({"station": _TEXT}, {"in_service_from": _MAYBE, "in_service_to": _MAYBE})
_CARD: Final = _object(
    {},
    {
        "person": _MAYBE, "revoked": _BOOL,
        "holdings": _list(_object({"person": _MAYBE}, _STRETCH)),
        "lost_at": _MAYBE,
        "lost": _list(_object({}, _STRETCH)),
    },
)  # fmt: skip
_RECORD: Final = _object({"kiosk": _TEXT, "epoch": _TEXT, "received_at": _TEXT, "record": _ANY}, {})
_CORRECTION: Final = _object(
    {"station": _TEXT, "change": _TEXT, "made_at": _TEXT},
    {"at": _MAYBE, "person": _MAYBE, "action": _MAYBE, "evidence": _MAYBE, "until": _MAYBE},
)
_CASE: Final = _object(
    {
        "stations": _by_name(_STATION), "kiosks": _by_name(_KIOSK), "cards": _by_name(_CARD),
        "records": _list(_RECORD),
    },
    {
        "zone": _TEXT, "untrained": _list(_TEXT), "corrections": _list(_CORRECTION), "asked": _MAYBE,
        "confirmed": _optional(_list(_ANY)),
        "ask": _optional(_list(_TEXT)),
    },
)  # fmt: skip


def check_shape(body: Any) -> None:
    """See that the file is what a case looks like.

    Raises:
        CaseError: it is not.
    """
    _CASE("", body)
