"""Values laid over a row, and what history says of the difference. Pure."""

from datetime import date
from typing import Any, Final

from sqlmodel import SQLModel

from hub.changing.effects import CityChange, Edit, Row
from hub.database.transactions import table_of
from hub.register.masking import mask_name

_MASKED: Final = frozenset({"full_name", "lead", "deputy"})
_UNTOLD: Final = frozenset({"number", "token", "added_ms", "created_on"})


def given(**values: Any) -> Row:
    """Those that are said."""
    return {name: value for name, value in values.items() if value is not None}


def lay(model: type[SQLModel], before: Row | None, after: Row, **concerns: Any) -> CityChange | None:
    """A row as it is to be, as a change; None where it is so already."""
    if before == after:
        return None
    was = before or {}
    keys = {column.name for column in table_of(model).primary_key}
    told = [name for name in after if name not in _UNTOLD | keys]
    names = [name for name in told if (was.get(name) or None) != (after[name] or None)]
    return CityChange(
        (Edit(model, after),),
        before={name: _told(name, was[name]) for name in names if name in was},
        after={name: _told(name, after[name]) for name in names},
        is_new=before is None,
        **concerns,
    )


def _told(name: str, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return mask_name(value) if name in _MASKED and value else value
