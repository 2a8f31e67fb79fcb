"""What stands in the way of a command, as the API tells it: in the words of the page, in the language asked for."""

from starlette.requests import Request

from hub.changing.proposal import Outcome
from hub.saying import tell
from hub.web.kit.language import COOKIE, Language
from hub.web.kit.responses import language_of


def told_refusals(request: Request, outcome: Outcome) -> list[dict[str, str]]:
    """By field what was found, and what is wanted; English where no language is asked for, as programs read it."""
    is_asked = "lang" in request.query_params or COOKIE in request.cookies or "accept-language" in request.headers
    is_chinese = is_asked and language_of(request) is Language.ZH
    return [
        {
            "field": one.field, "found": tell(one.found, is_chinese=is_chinese),
            "wanted": tell(one.wanted, is_chinese=is_chinese),
        }
        for _, one in outcome.refusals
    ]  # fmt: skip
