"""What stands behind the `?` of an address of the API: names that its route reads, each once.

A name that is passed over would answer with the whole city what was asked of one station.
"""

from typing import Final

from fastapi import HTTPException
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request

from hub.typed.nearest import nearest

PREFIX: Final = "/api/v1/"
_EVERYWHERE: Final = frozenset({"lang"})
"""Answers are told in it, whatever route gives them."""
_MOST_SHOWN: Final = 40


async def only_known(request: Request) -> None:
    """Let a request of the API through whose parameters its route reads.

    Raises:
        HTTPException: 422, with what was found, the nearest name and what is wanted.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not request.url.path.startswith(PREFIX):
        return
    said = [name for name, _value in request.query_params.multi_items()]
    known = parameter_names(route)
    for name in said:
        if name not in known | _EVERYWHERE:
            raise HTTPException(422, _unknown(name, sorted(known)))
        if said.count(name) > 1:
            raise HTTPException(422, f"parameter {name!r} is given {said.count(name)} times; wanted is once")


def parameter_names(route: APIRoute) -> frozenset[str]:
    """The parameters of the query that a route reads, by the names that they have in an address."""
    found: set[str] = set()
    for field in route.dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            found |= {one.alias or name for name, one in model.model_fields.items()}
        else:
            found.add(field.alias)
    return frozenset(found)


def _unknown(name: str, known: list[str]) -> str:
    near = nearest(name, known)
    return "; ".join([
        f"parameter {name[:_MOST_SHOWN]!r} is not known here",
        *([f"the nearest is {near!r}"] if near else []),
        f"wanted is {'none' if not known else ('one of ' if len(known) > 1 else '') + ', '.join(known)}",
    ])  # fmt: skip
