"""A changed city, followed in the ledger: of whom it says otherwise is found out, and folded anew, some at a time.

Amendments come with it: what people at the hub say of taps. Cards go before all else: while one is folded as its old
holder's, nobody may be given its taps. What is otherwise is known from the database alone, so a hub that was killed
begins anew. Belongs to the ledger, and to its thread.
"""

from typing import Final

from sqlalchemy import Connection

from hub.ledger.amending import fold_amendments, unfolded_amendments
from hub.ledger.change import Change
from hub.ledger.editions import NOTHING, Unfollowed, edition_followed, moments_of, what_differs
from hub.ledger.known import Known
from hub.ledger.persons import PersonFolding
from hub.ledger.revisions import revisions
from hub.ledger.touched import DueWhy
from hub.register.directory import Directory
from hub.register.rulebook import Rulebook

PERSONS_A_STEP: Final = 10  # with their taps of all times since


class ChangedCity:
    """The city that the ledger follows.

    Args:
        known: what is folded.
        directory: the city.

    Attributes:
        persons: folds people's taps by it.
    """

    def __init__(self, known: Known, directory: Directory) -> None:
        self._known = known
        self.turn_to(directory)

    def turn_to(self, directory: Directory) -> None:
        """Follow this one from now on."""
        self._book = Rulebook(directory)
        self.persons = PersonFolding(self._known, self._book)
        self._is_amended = True  # as far as is known: told by the city's edition, looked for with the next step
        self.compare_anew()

    def compare_anew(self) -> None:
        """What it says otherwise has to be found out again."""
        self._unfollowed: Unfollowed | None = None
        self._left = NOTHING

    @property
    def is_compared(self) -> bool:
        """Whether that is found out."""
        return self._unfollowed is not None

    @property
    def is_followed(self) -> bool:
        """Whether nothing is left to be folded anew."""
        return self._unfollowed == NOTHING and not self._is_amended

    @property
    def may_give_cards(self) -> bool:
        """Whether a card of another holder is left, as far as is known: nothing new may be folded before it."""
        return self._unfollowed is None or bool(self._unfollowed.cards)

    def compare(self, connection: Connection) -> None:
        """Find out what it says otherwise."""
        self._unfollowed = what_differs(connection, self._book)

    def begin_step(self) -> None:
        """Nothing is taken up yet of what is left."""
        self._left = self._unfollowed or NOTHING

    def pass_over(self) -> str:
        """Leave out what was taken up and could not be folded, and say what that is."""
        if self._unfollowed is not None:
            self._unfollowed = self._left
        if self._is_amended:
            self._is_amended = False
            return "the amendments since the last"
        return "a person"

    def fold_some(self, change: Change, *, is_careful: bool) -> None:
        """Fold anew some of those of whom it says otherwise, `is_careful` one at a time; adds to the change."""
        assert self._unfollowed is not None
        found = self._unfollowed
        if self._is_amended and not found.cards:
            self._amend(change)
        most = 0 if found.cards else 1 if is_careful else PERSONS_A_STEP
        cards, persons = found.cards[:1], found.persons[:most]
        left = found._replace(cards=found.cards[len(cards) :], persons=found.persons[len(persons) :])
        self._left = left
        followed = Change()
        for group in cards:
            with self._known.snapshot() as connection:
                moments = moments_of(connection, group, self._book)
            self.persons.fold_about(moments, followed)
            followed.cards.update((token, self._book.spelled_card(token)) for token in group)
        for person, since_ms in persons:
            self.persons.fold_since(person, since_ms, followed)
        self._known.accept(followed, DueWhy.CITY)
        if found.since is not None:
            self._known.pending.revise(revisions(followed, self._book), found.since, self._book.edition)
        if persons:  # until all are through: a hub that is killed, or told of another city, begins anew
            self._known.pending.doubt_terms(left.terms)
        if left.is_news and not left.has_work:
            self._known.pending.follow(self._book.edition, left.terms)
        self._unfollowed = left if left.has_work else NOTHING
        change.add(followed)

    def _amend(self, change: Change) -> None:
        """Fold what amendments say of taps that are folded; adds to the change."""
        amended = Change()
        with self._known.snapshot() as connection:
            fold_amendments(connection, unfolded_amendments(connection), amended)
            since = edition_followed(connection)
        self.persons.fold_new(amended)
        self._known.accept(amended, DueWhy.AMENDED)
        if since is not None:
            self._known.pending.revise(revisions(amended, self._book), since, self._book.edition)
        self._is_amended = False
        change.add_amended(amended)
