"""What a site of the hub is made of, made once a process or not before somebody asks: a thousand tests start a hub each.

A hub in service makes all of it at its start; so does one that a test starts as a program.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from fastapi._compat.v2 import ModelField

from hub.web.deeds.deed import FormDeed
from hub.web.deeds.router import DEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel


@contextmanager
def made_once() -> Iterator[None]:
    """Take three fifths off what making a site takes: most of it goes for what a request is held to, on 200 routes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ModelField, "_type_adapter", _WhenAsked(ModelField.__post_init__), raising=False)
        patch.setattr(ModelField, "__post_init__", lambda _: None)
        make = FormDeed.body

        @cache
        def body(number: int) -> type[BaseModel] | None:
            return make(DEEDS[number])

        numbers = {id(deed): number for number, deed in enumerate(DEEDS)}
        patch.setattr(FormDeed, "body", lambda deed: body(numbers[id(deed)]) if id(deed) in numbers else make(deed))
        yield


class _WhenAsked:
    """FastAPI's own adapter of a field, which gives way to what was made."""

    def __init__(self, make: Any) -> None:
        self._make = make

    def __get__(self, field: ModelField, _: type[ModelField]) -> Any:
        self._make(field)
        return field.__dict__["_type_adapter"]
