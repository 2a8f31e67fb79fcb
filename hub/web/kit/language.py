"""Which language a page speaks, and its words. Chinese is the source of every text; English translates it.

The catalogues are read from their .po files when a language is first needed, so nothing is compiled ahead.
"""

import re
from enum import StrEnum
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

COOKIE = "lang"


_FORMS = re.compile(r"{(\w+):([^{}|]*)\|([^{}|]*)}")


class Phrase(str):
    """A translation that has another form of one thing: "{n} {n:kiosk|kiosks} behind". Chinese needs none."""

    __slots__ = ()

    def format(self, *args: object, **places: object) -> str:
        """Fill the places in, and take of each pair of forms the one that fits the number."""
        chosen = _FORMS.sub(lambda pair: pair[2] if str(places[pair[1]]) == "1" else pair[3], self)
        return chosen.format(*args, **places)


class _Catalogue(GNUTranslations):
    def gettext(self, message: str) -> str:
        return Phrase(super().gettext(message))


class Language(StrEnum):
    """A language that the pages speak; the value is what stands in addresses and cookies."""

    ZH = "zh"
    EN = "en"

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return {"zh": "zh-CN", "en": "en"}[self.value]


def choose(asked: str | None, kept: str | None, accepted: str | None) -> Language:
    """Choose by what is asked for, else what was kept, else what the browser accepts, else Chinese.

    Args:
        asked: ``?lang=``.
        kept: the cookie.
        accepted: Accept-Language (RFC 9110, 12.5.4).
    """
    for wish in (asked, kept, *_by_quality(accepted or "")):
        for language in Language:
            if wish and wish.strip().lower().split("-")[0] == language.value:
                return language
    return Language.ZH


def _by_quality(accepted: str) -> list[str]:
    wishes = [_wish(part) for part in accepted.split(",") if part.strip()]
    return [tag for quality, tag in sorted(wishes, key=lambda wish: -wish[0]) if quality > 0]


def _wish(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";")
    try:
        return float(weight.strip().removeprefix("q=") or 1), tag.strip()
    except ValueError:
        return 0.0, tag.strip()


@cache
def translations(language: Language) -> NullTranslations:
    """Return a language's words; the source's own need no catalogue."""
    if language is Language.ZH:
        return NullTranslations()
    source = files("hub.web") / "locale" / language.value / "LC_MESSAGES" / "pages.po"
    compiled = BytesIO()
    with source.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=language.value))
    compiled.seek(0)
    return _Catalogue(compiled)
