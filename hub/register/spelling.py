"""Facts as canonical text: as tables keep them, and to compare two editions of the city by. Pure."""

import json
from datetime import date, timedelta
from typing import Any, Final

from hub.register.people import HeldBy, KnownCard, Lost
from hub.register.terms import StationTerms, Week, rows_of_week, week_of
from station.duty import Limits
from station.hours import Span, Spans

EVER_SINCE: Final = date(1900, 1, 1)
_NEVER: Final = date.max


def spell(value: Any) -> str:
    """JSON without blanks, the same for the same value."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def spell_week(week: Week) -> str:
    """A week as its column holds it."""
    return spell(rows_of_week(week))


def read_week(text: str) -> Week:
    """What `spell_week` spelled."""
    return week_of(json.loads(text))


def spell_spans(spans: Spans) -> str:
    """One day's hours as their column holds them."""
    return spell([(span.opens_min, span.closes_min) for span in spans])


def read_spans(text: str) -> Spans:
    """What `spell_spans` spelled."""
    return tuple(Span(*pair) for pair in json.loads(text))


def spell_limits(limits: Limits) -> str:
    """Those limits, in seconds, that are otherwise than everywhere."""
    usual = Limits()
    named = {name: getattr(limits, name) for name in Limits.__dataclass_fields__}
    return spell({name: value.total_seconds() for name, value in named.items() if value != getattr(usual, name)})


def read_limits(text: str) -> Limits:
    """What `spell_limits` spelled."""
    return Limits(**{name: timedelta(seconds=seconds) for name, seconds in json.loads(text).items()})


def spell_card(card: KnownCard) -> str:
    """All holdings and losses of a card."""
    return spell([[list(holding) for holding in card.holdings], [list(loss) for loss in card.losses]])


def read_card(text: str) -> KnownCard:
    """What `spell_card` spelled; '' is a card of which nothing was said."""
    holdings, losses = json.loads(text or "[[],[]]")
    return KnownCard(tuple(HeldBy(*held) for held in holdings), tuple(Lost(*lost) for lost in losses))


def spell_terms(terms: StationTerms) -> str:
    """All that judges a station."""
    return spell(
        {
            "clauses": [
                [
                    clause.since.isoformat(), rows_of_week(clause.week), clause.keeps_holidays,
                    clause.terms.duty.minimum, clause.terms.duty.target, spell_limits(clause.terms.limits),
                ]
                for clause in terms.clauses
            ],
            "special": {day.isoformat(): spell_spans(spans) for day, spans in terms.otherwise().items()},
            "opened": terms.opened_on and terms.opened_on.isoformat(),
            "closed": terms.closed_on and terms.closed_on.isoformat(),
        }
    )  # fmt: skip


def first_change(before: str, after: str) -> date:
    """The first day on which two texts of `spell_terms` judge otherwise; `date.max` for none, '' is no terms at all."""
    if before == after:
        return _NEVER
    if not before or not after:
        return EVER_SINCE
    was, is_now = json.loads(before), json.loads(after)
    days = was["special"].keys() | is_now["special"].keys()
    changed = [day for day in days if was["special"].get(day) != is_now["special"].get(day)]
    changed += [day for day in _turns(was) | _turns(is_now) if _on(was, day) != _on(is_now, day)]
    return min(map(date.fromisoformat, changed), default=_NEVER)


def _turns(spelled: dict[str, Any]) -> set[str]:
    """The days on which something else begins to hold."""
    days = {clause[0] for clause in spelled["clauses"]} | {spelled["opened"], spelled["closed"]}
    return {EVER_SINCE.isoformat(), *days} - {None}


def _on(spelled: dict[str, Any], day: str) -> Any:
    """What holds on a day; ISO dates sort as days do."""
    opened, closed, clauses = spelled["opened"], spelled["closed"], spelled["clauses"]
    if (opened is not None and day < opened) or (closed is not None and day >= closed):
        return None
    return next((clause[1:] for clause in reversed(clauses) if clause[0] <= day), clauses[0][1:])
