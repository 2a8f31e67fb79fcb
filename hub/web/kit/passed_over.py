"""What stands behind the `?` of a page's address and was not taken: a page says so, and a sheet is not made.

Passed over without a word, a name that is misspelt shows the whole city to who asked for one district.
"""

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hub.web.kit.frame import Kit
from hub.web.kit.words import _
from station.tidy import tidy

_EVERYWHERE: Final = frozenset({"lang", "done", "page"})
"""The language, what was just done, and which part of a long list: the nearest there is."""
_MOST, _MOST_SHOWN = 5, 40
NOT_TAKEN: Final = _("地址中的 {said} 不能用，没有按它筛选。")


def passed_over(request: Request, taken: str) -> list[str]:
    """What is asked for and was not taken, as it stands in the address.

    Args:
        request: whose address; what is empty there says nothing.
        taken: the address of what was understood.
    """
    understood = dict(parse_qsl(taken))
    asked = [one for one in request.query_params.multi_items() if one[1] and one[0] not in _EVERYWHERE]
    odd = [f"{name}={value}"[:_MOST_SHOWN] for name, value in asked if understood.get(name) not in {value, tidy(value)}]
    return odd[:_MOST]


def refused_sheet(request: Request, taken: str, kit: Kit) -> Response | None:
    """The answer to who asks for a sheet that would have more in it than was meant; None where all was taken."""
    odd = passed_over(request, taken)
    if not odd:
        return None
    return PlainTextResponse(kit.gettext(NOT_TAKEN).format(said=" ".join(odd)), 422, {"Cache-Control": "no-store"})
