"""What of the past a change of the city made otherwise: stint by stint, before and after, as rows. Pure."""

import json
from collections.abc import Iterator
from typing import Any

from hub.ledger.change import Change
from hub.ledger.stint_rows import LedgerStint
from hub.register.rulebook import Rulebook
from station.milliseconds import ms_of


def revisions(change: Change, book: Rulebook) -> Iterator[dict[str, Any]]:
    """The columns of `RevisionRow` that the change knows of, in the order of the taps that made the stints.

    Args:
        change: of one step that followed the city.
        book: as it is now.
    """
    before = {(one.run, one.seq): one for one in change.gone}
    after = {(one.run, one.seq): one for one in change.stints}
    for name in sorted(before.keys() | after.keys(), key=lambda name: (before.get(name) or after[name]).tapped_ms):
        was, now = before.get(name), after.get(name)
        if _said(was) != _said(now) or _person(was) != _person(now):
            one = was or now
            assert one is not None
            yield {
                "station": one.stint.station,
                "day": book.day_of(one.stint.began_at),
                "person_before": _person(was),
                "person_after": _person(now),
                "before": _said(was),
                "after": _said(now),
            }


def _person(one: LedgerStint | None) -> str:
    return one.person if one is not None and one.counted else ""


def _said(one: LedgerStint | None) -> str:
    if one is None:
        return ""
    assert one.stint.end is not None
    return json.dumps([ms_of(one.stint.began_at), ms_of(one.ended_at), one.stint.end.value], separators=(",", ":"))
