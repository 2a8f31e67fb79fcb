"""Whether somebody may open an address at all. What of it they see is the route's affair, by the same grants.

NotAdmittedError
├── NotSignedInError   nobody is signed in: a page leads to signing in, a program is told 401
└── NotAllowedError    they are signed in, and may not
"""

from starlette.requests import Request

from hub.rights import Right, right_of
from hub.web.gate.gate import is_near, who_asks


class NotAdmittedError(Exception):
    """Somebody may not open an address."""


class NotSignedInError(NotAdmittedError):
    """Nobody is signed in, or only half."""


class NotAllowedError(NotAdmittedError):
    """Somebody is signed in who has no such right."""


async def admit(request: Request) -> None:
    """Let a request through to its route.

    Raises:
        NotAdmittedError: it is not to be answered.
    """
    who, right = who_asks(request), right_of(request.scope.get("endpoint"))
    if right is None:
        raise NotAllowedError  # whoever wrote the route forgot to say to whom it is open
    if right is Right.LOCAL and is_near(request):
        return
    if who.may_somewhere(right):
        return
    raise NotAllowedError if who.account and not who.is_half else NotSignedInError


def route_asked(request: Request) -> tuple[str, Right | None]:
    """The method and route of a request, as the code spells it, and the right that it wants."""
    scope = request.scope
    return f"{request.method} {getattr(scope.get('route'), 'path', '?')}", right_of(scope.get("endpoint"))
