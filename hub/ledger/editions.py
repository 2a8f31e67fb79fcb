"""What an edition of the city changes of what is folded already: whose cards, and by which terms."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, select

from hub.database.ledger_tables import LedgerCard, LedgerEdition, LedgerStation
from hub.database.transactions import table_of
from hub.ledger.persons import Moment
from hub.ledger.queries import LEDGER_TAP, RUN, read_taps
from hub.register.rulebook import Rulebook, identity_of
from hub.register.spelling import EVER_SINCE, first_change, read_card
from station.hours import midnight_of
from station.milliseconds import ms_of

CARD: Final = table_of(LedgerCard)
STATION: Final = table_of(LedgerStation)
EDITION: Final = table_of(LedgerEdition)
_EVER_MS: Final = 1 << 62
RULES: Final = "1"
"""Which rules the ledger is folded by; raised with each change of them, so that everything is folded anew."""
_MARGIN: Final = timedelta(days=4)  # no stint of a day hangs on the terms of one so much later
_TOKENS: Final = (
    select(LEDGER_TAP.c.token)
    .distinct()
    .join(RUN, RUN.c.id == LEDGER_TAP.c.run)
    .where(RUN.c.station == bindparam("station"), LEDGER_TAP.c.at_ms >= bindparam("since_ms"))
)


class Since(NamedTuple):
    """A person who is to be folded anew from that moment on."""

    person: str
    since_ms: int


class Unfollowed(NamedTuple):
    """What is to be done before the ledger follows an edition.

    Attributes:
        cards: those that are somebody else's now, in groups: whoever had, or has, one of a group has none of another.
            So each group is folded, and written, by itself: the ledger never has a card's taps twice.
        persons: who tapped at stations whose terms are otherwise now.
        terms: of these stations, as text.
        is_news: whether there is anything to write down.
        since: the edition that is followed until then; None where none is, or the rules themselves are new.
    """

    cards: list[list[str]]
    persons: list[Since]
    terms: dict[str, str]
    is_news: bool
    since: int | None = None

    @property
    def has_work(self) -> bool:
        """Whether somebody is to be folded anew."""
        return bool(self.cards or self.persons)


NOTHING: Final = Unfollowed([], [], {}, is_news=False)


def edition_followed(connection: Connection) -> int | None:
    """The edition that the ledger follows; None before it follows any."""
    return connection.execute(select(EDITION.c.number)).scalar()


def what_differs(connection: Connection, book: Rulebook) -> Unfollowed:
    """Compare what is folded with an edition."""
    changed = {
        token: {token, *book.persons(token), *(held.person for held in read_card(spelled).holdings)}
        for token, spelled in connection.execute(select(CARD.c.token, CARD.c.held))
        if spelled != book.spelled_card(token)
    }
    known: dict[str, str] = {row.station: row.terms for row in connection.execute(select(STATION))}
    spelled = spelled_terms(book)
    terms = {station: text for station, text in spelled.items() if known.get(station) != text}
    since_ms: dict[str, int] = {}
    for station, text in terms.items():
        first_ms = _ms_before(_first_change(known.get(station, ""), text))
        for token in connection.execute(_TOKENS, {"station": station, "since_ms": first_ms}).scalars():
            for person in book.persons(token):
                since_ms[person] = min(since_ms.get(person, first_ms), first_ms)
    followed = edition_followed(connection)
    is_news = bool(terms or changed) or followed != book.edition
    is_by_old_rules = any(text and not text.startswith(f"{RULES} ") for text in known.values())
    persons = [Since(person, since_ms[person]) for person in sorted(since_ms)]
    since = None if is_by_old_rules else followed
    return Unfollowed(list(_grouped(changed)), persons, terms, is_news, since)


def moments_of(connection: Connection, cards: Iterable[str], book: Rulebook) -> list[Moment]:
    """The taps of these cards that were another's than they are now, for both."""
    found: list[Moment] = []
    for token in cards:
        before = read_card(connection.execute(select(CARD.c.held).where(CARD.c.token == token)).scalar_one())
        for tap in read_taps(connection, [token], -_EVER_MS, _EVER_MS):
            was, now = identity_of(before, token, tap.at_ms).person, book.identity(token, tap.at_ms).person
            if was != now:
                found += [(was, tap), (now, tap)]
    return found


def spelled_terms(book: Rulebook) -> dict[str, str]:
    """What each station's taps are folded by, as text to compare."""
    return {str(station): f"{RULES} {book.spelled_terms(station)}" for station in book.stations}


def _first_change(before: str, after: str) -> date:
    """The first day on which two such texts differ; '' is not known."""
    rules, _, terms = before.partition(" ")
    return first_change(terms, after.partition(" ")[2]) if rules == RULES else EVER_SINCE


def _ms_before(day: date) -> int:
    return -_EVER_MS if day == EVER_SINCE else ms_of(midnight_of(day, UTC) - _MARGIN)


def _grouped(changed: dict[str, set[str]]) -> Iterator[list[str]]:
    """Cards that share a person, however far round."""
    by_person: dict[str, list[str]] = defaultdict(list)
    for token, persons in changed.items():
        for person in persons:
            by_person[person].append(token)
    left = dict.fromkeys(sorted(changed))
    while left:
        group, waiting = set[str](), [next(iter(left))]
        while waiting:
            token = waiting.pop()
            if token not in group:
                group.add(token)
                del left[token]
                waiting += [other for person in changed[token] for other in by_person[person]]
        yield sorted(group)
