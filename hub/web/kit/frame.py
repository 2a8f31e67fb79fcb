"""The frame of every page in one language and one station zone, with every text escaped.

A feature brings templates (`{feature}/templates/x.html`, here called `{feature}/x.html`) and filters of its own; a
page is made by naming its template. What stands in it is the feature's affair.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from hub.accounts.asker import NOBODY, Who
from hub.presence.board_view import CLASS_ORDER
from hub.saying import tell
from hub.web.kit.ids import dom_id
from hub.web.kit.language import Language, translations
from hub.web.kit.nav import nav_of, searches
from hub.web.kit.people_words import browser_of, ms_stamp
from hub.web.kit.row_words import asides, expected, missing, next_change, next_turn, opens_in, todo, who_came, why
from hub.web.kit.words import CLASS_WORDS, clock_on, dated, day_word, duration, holiday, kind_word, month_of, tick_words

Kits = Mapping[Language, "Kit"]


class Kit:
    """Makes pages of one language.

    Args:
        language: what the pages speak.
        zone: where the stations are.
        static: turns a static file's name into its address.
        waits: how many things wait for somebody; None for who has no inbox.
    """

    def __init__(
        self, language: Language, zone: tzinfo, static: Callable[[str], str], waits: Callable[[Who], int | None]
    ) -> None:
        self.language = language
        self.zone = zone
        self.is_chinese = language is Language.ZH
        self.gettext = translations(language).gettext
        self._environment = Environment(
            loader=PrefixLoader({name: PackageLoader(f"hub.web.{name}") for name in _features()}),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
        )
        words = translations(language)
        self._environment.install_gettext_translations(words, newstyle=False)  # type: ignore[attr-defined]  # the extension's own
        self._environment.globals.update(
            classes=CLASS_ORDER,
            static=static,
            zone=str(zone),
            nav_of=nav_of,
            searches=searches,
            waits_for=waits,
            waits=waits_html,
            tick_words=tick_words(self.gettext),
            language=language,
            gap="" if self.is_chinese else " ",  # between two sentences: a Chinese stop brings its own
            other=Language.EN if self.is_chinese else Language.ZH,
        )
        self.add_filters(**self._filters())

    def add_filters(self, **filters: Callable[..., Any]) -> None:
        """Let templates use a feature's own words; no two features may give one name to different things."""
        assert not filters.keys() & self._environment.filters.keys()
        self._environment.filters.update(filters)

    def add_globals(self, **named: Any) -> None:
        """Let templates, macros too, use a feature's own values and functions."""
        assert not named.keys() & self._environment.globals.keys()
        self._environment.globals.update(named)

    def told(self, text: str) -> str:
        """What a rule says, in the pages' language."""
        return tell(text, is_chinese=self.is_chinese)

    def page(
        self,
        template: str,
        as_of: datetime,
        *,
        who: Who = NOBODY,
        rate: float = 1.0,
        is_live: bool = True,
        **parts: Any,
    ) -> str:
        """Return a whole page.

        Args:
            template: one that extends `kit/page.html`.
            as_of: the station's time when the page was made.
            who: for whom; the frame leads where they may go.
            rate: station seconds a real second.
            is_live: a stream keeps it up to date; a page without one never says that it lost it.
            parts: what the template wants.
        """
        spelled_rate = f"{rate:g}" if rate != 1 else 1
        return self.piece(template, as_of=as_of, rate=spelled_rate, is_live=is_live, who=who, **{"here": ""} | parts)

    def piece(self, template: str, **parts: Any) -> str:
        """Return a part of a page."""
        return self._environment.get_template(template).render(**parts)

    def macros(self, template: str) -> Any:
        """Return a template's macros, to be called one by one."""
        return self._environment.get_template(template).module

    def _filters(self) -> dict[str, Callable[..., Any]]:
        zone, gettext, pgettext = self.zone, self.gettext, translations(self.language).pgettext

        def within(context: str, word: str) -> str:
            """The word that stands there; Chinese has one for one and many."""
            return found if (found := pgettext(context, word)) != word else gettext(word)

        return {
            "iso": lambda at: at.astimezone(zone).isoformat(timespec="seconds"),
            "hm": lambda at: f"{at.astimezone(zone):%H:%M}",
            "hms": lambda at: f"{at.astimezone(zone):%H:%M:%S}",
            "stamp": lambda at: f"{day_word(at.astimezone(zone).date(), gettext)} {at.astimezone(zone):%H:%M}",
            "day": lambda at: day_word(at.astimezone(zone).date(), gettext),
            "clock_on": lambda at, day: clock_on(day, at, zone),
            "date": partial(day_word, gettext=gettext),
            "dated": partial(dated, gettext=gettext),
            "month_of": partial(month_of, gettext=gettext),
            "holiday": partial(holiday, gettext=gettext),
            "word": lambda duty_class: gettext(CLASS_WORDS[duty_class]),
            "kind": partial(kind_word, language=self.language),
            "duration": partial(duration, gettext=gettext),
            "said": gettext,
            "framed": partial(within, "frame"),
            "one": partial(within, "one"),
            "many": partial(within, "many"),
            "told": self.told,
            "next_change": lambda row, as_of: next_change(row, as_of, zone, gettext),
            "next_turn": lambda row, as_of: next_turn(row, as_of, zone, gettext),
            "who_came": partial(who_came, gettext=gettext),
            "opens_in": lambda opens_at, as_of: opens_in(opens_at, as_of, zone, gettext),
            "todo": partial(todo, gettext=gettext),
            "why": partial(why, zone=zone, gettext=gettext),
            "asides": partial(asides, gettext=gettext),
            "expected": partial(expected, gettext=gettext),
            "missing": partial(missing, gettext=gettext),
            "dom_id": dom_id,
            "ms_stamp": lambda ms: ms_stamp(ms, zone),
            "browser": browser_of,
        }


def waits_html(count: int | None, *, oob: bool = False) -> Markup:
    """How many things wait, as it stands behind the word that leads to them; also pushed by itself."""
    swap = ' hx-swap-oob="true"' if oob else ""
    return Markup(f'<span id="n-inbox" class="n" data-n="{count or 0}"{swap}>{count or 0}</span>')  # noqa: S704 -- a number


def on_one_line(html: str) -> str:
    """Return HTML as an event stream takes it."""
    return " ".join(str.split(html))  # not the template's own kind of text, which would mark each word as safe


def _features() -> list[str]:
    """Every room beside this one that has templates."""
    rooms = files("hub.web").iterdir()
    return sorted(room.name for room in rooms if room.is_dir() and (room / "templates").is_dir())
