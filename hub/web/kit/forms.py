"""What somebody typed: read with a bound, tidied, and given back beside what is wrong with it."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from station.tidy import tidy

TYPED = "zaigang.typed"
"""Where a request's scope keeps what a form sent, for who looks what it named (`hub.web.gate.refused_looks`)."""
SAID = "zaigang.said"
"""Where a request's scope keeps what a program said in the place of a form (`hub.web.deeds`)."""
MOST_BYTES = 64 * 1024
MOST_FIELDS = 2_000  # a week's roster of a large station: each period times each who is ticked


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name, and what is wrong with them; `is_refused` where each can be, and the city does not have it so."""

    typed: dict[str, str] = field(default_factory=dict, repr=False)
    wrong: dict[str, str] = field(default_factory=dict)
    is_refused: bool = False

    @property
    def status(self) -> int:
        """With which a page is answered that shows it."""
        return (409 if self.is_refused else 422) if self.wrong else 200

    def text(self, name: str) -> str:
        """What was typed into a field, tidied; empty where nothing was."""
        return tidy(self.typed.get(name, ""))

    def value(self, name: str, otherwise: object = "") -> str:
        """What stands in a field that is shown again: what was typed, else what is so now."""
        return self.typed.get(name, "" if otherwise is None else str(otherwise))

    def fault(self, name: str) -> str:
        """What is wrong with a field; empty where nothing is."""
        return self.wrong.get(name, "")

    def secret(self, name: str) -> str:
        """The same as it was typed, sign by sign."""
        return self.typed.get(name, "")


async def read_form(request: Request) -> Form:
    """Return what a form sent (application/x-www-form-urlencoded).

    Raises:
        HTTPException: it is larger than any form of ours, or none.
    """
    if SAID in request.scope:
        form = Form(request.scope[SAID])
        request.scope[TYPED] = form.typed
        return form
    body = await body_of(request, MOST_BYTES)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as exc:
        raise HTTPException(400, "this is no form of this site") from exc
    if any("\0" in part for pair in pairs for part in pair):  # no browser sends it, and no database keeps it
        raise HTTPException(400, "this is no form of this site")
    form = Form(dict(pairs))
    request.scope[TYPED] = form.typed
    return form


async def body_of(request: Request, most: int) -> bytes:
    """Return a request's body, read no further than so many bytes.

    Raises:
        HTTPException: there are more.
    """
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise HTTPException(413, f"more than {most} bytes")
        parts.append(part)
    return b"".join(parts)
