"""What changed taps, or a changed city, make of persons' stints: folded from where it matters on, and no further.

A tap is that person's whose card it was then. A tap that comes in order goes on from the segment that is remembered;
any other folds the person from the last cut before it, until all is as the ledger has it.
Writes nothing; what it comes to lands in the change, and is remembered here until `forget`.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from hub.ledger.change import Change, Void
from hub.ledger.known import EVER_MS, Known
from hub.ledger.queries import StoredTap
from hub.ledger.segments import Segment, are_over, cut_before, differing
from hub.ledger.stint_rows import LedgerStint
from hub.register.rulebook import Identity, Rulebook
from station.milliseconds import moment_of
from station.records import Action

MOST_SEGMENTS: Final = 20_000  # remembered, of as many persons
_DAY_MS: Final = timedelta(days=1) // timedelta(milliseconds=1)
_AHEAD_MS: Final = 3 * _DAY_MS  # of taps read at first: nearly always everything is as it was by then
_FAR_APART_MS: Final = 4 * _DAY_MS

Moment = tuple[str, StoredTap]
"""A person, and a tap that is, or was, theirs."""


class PersonFolding:
    """Folds persons.

    Args:
        known: the ledger.
        book: the city.
    """

    def __init__(self, known: Known, book: Rulebook) -> None:
        self._known = known
        self._book = book
        self._segments: OrderedDict[str, Segment] = OrderedDict()

    def forget(self) -> None:
        """Remember nobody: it may be otherwise."""
        self._segments.clear()

    def fold_new(self, change: Change) -> None:
        """Fold whoever tapped as the change says, or did as the ledger still has it.

        Raises:
            StoreTroubleError: other taps of theirs cannot be read.
        """
        taps = _Taps(self._known, change.taps)
        moved = defaultdict[str, list[StoredTap]](list)
        new = defaultdict[str, list[StoredTap]](list)
        for found, tapped in ((moved, change.before), (new, change.taps)):
            for tap in tapped:
                if self._book.knows(tap.station) and not (found is new and tap.is_void):
                    found[self._book.identity(tap.token, tap.at_ms).person].append(tap)
        for theirs in new.values():
            theirs.sort(key=_in_order)
        self._take_up({person: theirs[0] for person, theirs in new.items() if person not in moved})
        for person in {**new, **moved}:
            theirs = new[person]
            if person in moved or not self._go_on(person, theirs, change):
                self._fold_about(person, [*moved[person], *theirs], taps, change)
        self._note_cards((*change.taps, *change.before), change)

    def fold_about(self, moments: Iterable[Moment], change: Change) -> None:
        """Fold these persons about these taps, which are in the ledger.

        Raises:
            StoreTroubleError: other taps of theirs cannot be read.
        """
        by_person: dict[str, list[StoredTap]] = defaultdict(list)
        for person, tap in moments:
            if self._book.knows(tap.station):
                by_person[person].append(tap)
        taps = _Taps(self._known, ())
        for person, about in by_person.items():
            self._fold_about(person, about, taps, change)

    def fold_since(self, person: str, since_ms: int, change: Change) -> None:
        """Fold all of a person's taps from then on.

        Raises:
            StoreTroubleError: they cannot be read.
        """
        self._fold_between(person, since_ms, EVER_MS, _Taps(self._known, ()), change)

    def _take_up(self, first: Mapping[str, StoredTap]) -> None:
        """Begin a segment for those whose first new tap nothing before matters to, and none is after: most who arrive.

        All of them are asked for at once: somebody waits at each kiosk.
        """
        unknown = {
            person: tap.at_ms
            for person, tap in first.items()
            if person not in self._segments and tap.action != Action.STEP_OUT
        }
        if not unknown:
            return
        cards = {card: person for person in unknown for card in self._book.cards(person)}
        for person, last in self._known.last_stints(unknown, cards).items():
            if are_over(last, first[person].placed.at):
                self._remember(person, self._segment(person))

    def _go_on(self, person: str, new: Sequence[StoredTap], change: Change) -> bool:
        """Fold taps that come after all that is remembered of that person; false where they do not."""
        segment = self._segments.get(person)
        if segment is None or (segment.last is not None and new[0].placed <= segment.last):
            return False
        before = segment.stints.copy()
        for tap in new:
            if segment.may_begin_anew(tap):
                _lay_over(person, before, segment.stints, change)
                segment, before = self._remember(person, self._segment(person)), []
            mark = segment.apply(tap)
            if mark is not None:
                change.marked.append(tap._replace(mark=mark))
        _lay_over(person, before, segment.stints, change)
        return True

    def _fold_about(self, person: str, about: Sequence[StoredTap], taps: "_Taps", change: Change) -> None:
        for since_ms, until_ms in _stretches(about):
            self._fold_between(person, since_ms, until_ms, taps, change)

    def _fold_between(self, person: str, since_ms: int, until_ms: int, taps: "_Taps", change: Change) -> None:
        """Fold from the last cut before these moments on, until past them all is as the ledger has it."""
        begin_ms = min(self._cut_before(person, since_ms), since_ms)
        far_ms = until_ms + _AHEAD_MS
        is_done = False
        if until_ms < EVER_MS and taps.are_after(self._book.cards(person), far_ms):
            is_done = self._fold_to(person, _Reach(begin_ms, until_ms, far_ms), taps, change)
        if not is_done:
            self._fold_to(person, _Reach(begin_ms, until_ms, EVER_MS), taps, change)

    def _cut_before(self, person: str, at_ms: int) -> int:
        """From when on to fold; that moment itself where nothing before it matters."""
        for back_ms in (10 * _DAY_MS, 100 * _DAY_MS):
            kept = self._known.stints(person, at_ms - back_ms, at_ms)
            found = cut_before(kept, at_ms, is_all=False)
            if found is not None:
                return found
        found = cut_before(self._known.stints(person, -EVER_MS, at_ms), at_ms, is_all=True)
        return at_ms if found is None else found

    def _fold_to(self, person: str, reach: "_Reach", taps: "_Taps", change: Change) -> bool:
        """Fold up to where all is as the ledger has it; false where it is not within reach."""
        begin_ms, until_ms, far_ms = reach
        kept = self._known.stints(person, begin_ms, far_ms)
        segment, made, marked = self._segment(person), list[LedgerStint](), list[StoredTap]()
        end_ms = far_ms
        for tap in self._theirs(person, begin_ms, far_ms, taps):
            if segment.may_begin_anew(tap):
                made += segment.stints
                segment = self._segment(person)
                before = [one for one in kept if one.tapped_ms < tap.at_ms]
                if tap.at_ms > until_ms and are_over(before, tap.placed.at):
                    end_ms = tap.at_ms - 1
                    break
            mark = segment.apply(tap)
            if mark != tap.mark:
                marked.append(tap._replace(mark=mark))
        else:
            if far_ms < EVER_MS and not (
                are_over(segment.stints, moment_of(far_ms)) and are_over(kept, moment_of(far_ms))
            ):
                return False
        made += segment.stints
        change.marked += marked
        _lay_over(person, [one for one in kept if one.tapped_ms <= end_ms], made, change)
        self._remember_last(person, segment, end_ms)
        return True

    def _theirs(self, person: str, since_ms: int, until_ms: int, taps: "_Taps") -> list[StoredTap]:
        """Their taps, in order, at stations that can be judged."""
        book = self._book
        found = [
            tap
            for tap in taps.between(book.cards(person), since_ms, until_ms)
            if book.knows(tap.station) and not tap.is_void and book.identity(tap.token, tap.at_ms).person == person
        ]
        return sorted(found, key=_in_order)

    def _remember_last(self, person: str, segment: Segment, end_ms: int) -> None:
        """Remember the segment where no tap is behind it; what is remembered of later ones stands."""
        remembered = self._segments.get(person)
        if end_ms == EVER_MS and segment.last is not None:
            self._remember(person, segment)
        elif remembered is not None and (remembered.since_ms or 0) <= end_ms:
            del self._segments[person]

    def _segment(self, person: str) -> Segment:
        return Segment(Identity(person, self._book.is_volunteer(person)), self._book)

    def _remember(self, person: str, segment: Segment) -> Segment:
        self._segments[person] = segment
        self._segments.move_to_end(person)
        if len(self._segments) > MOST_SEGMENTS:
            self._segments.popitem(last=False)
        return segment

    def _note_cards(self, taps: Iterable[StoredTap], change: Change) -> None:
        for token in {tap.token for tap in taps}:
            held = self._book.spelled_card(token)
            if not self._known.is_noted(token, held):
                change.cards[token] = held


class _Reach(NamedTuple):
    """From when on to fold, until when something may be otherwise, and how far to look."""

    begin_ms: int
    until_ms: int
    far_ms: int


class _Taps:
    """The ledger's taps as they will be once these are in it."""

    def __init__(self, known: Known, new: Iterable[StoredTap]) -> None:
        self._known = known
        self._new = {(tap.run, tap.seq): tap for tap in new}
        self._new_of: dict[str, list[StoredTap]] = defaultdict(list)
        for tap in self._new.values():
            self._new_of[tap.token].append(tap)

    def between(self, cards: Sequence[str], since_ms: int, until_ms: int) -> list[StoredTap]:
        """Those of these cards from one moment to another, both included."""
        found = [tap for tap in self._known.taps(cards, since_ms, until_ms) if (tap.run, tap.seq) not in self._new]
        found += [tap for card in cards for tap in self._new_of.get(card, ()) if since_ms <= tap.at_ms <= until_ms]
        return found

    def are_after(self, cards: Sequence[str], at_ms: int) -> bool:
        """Whether there are any later than that."""
        is_new = any(tap.at_ms > at_ms for card in cards for tap in self._new_of.get(card, ()))
        return is_new or self._known.has_taps_after(cards, at_ms)


def _in_order(tap: StoredTap) -> tuple[int, str, str, int]:
    """As placed taps sort."""
    return tap.at_ms, tap.kiosk, tap.epoch, tap.seq


def _lay_over(person: str, before: Sequence[LedgerStint], after: Sequence[LedgerStint], change: Change) -> None:
    """Put stints in the place of others; those that stay are not touched."""
    same = differing(before, after)
    gone = [one.tapped_ms for one in before[same:]]
    if gone:
        change.void.append(Void(person, min(gone), max(gone)))
        change.gone += before[same:]
        while same and after[same - 1].tapped_ms >= min(gone):  # the void takes it away too
            same -= 1
    change.stints += after[same:]


def _stretches(about: Sequence[StoredTap]) -> Iterator[tuple[int, int]]:
    """From when to when these are, cut where they lie so far apart that all between need not be looked at."""
    since_ms = until_ms = None
    for at_ms in sorted(tap.at_ms for tap in about):
        if since_ms is None or until_ms is None or at_ms - until_ms > _FAR_APART_MS:
            if since_ms is not None and until_ms is not None:
                yield since_ms, until_ms
            since_ms = at_ms
        until_ms = at_ms
    if since_ms is not None and until_ms is not None:
        yield since_ms, until_ms
