"""A station's presence as bytes that fit in a message, however many people were seen there.

Where they do not all fit, the counts still are of everybody, and those are left out whom a kiosk misses least: first
who has left, then cards that are nobody's and are there. A kiosk takes such a person's next tap for an arrival.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Final

from station.errors import WireError
from station.names import Epoch, KioskId
from station.wire.codec import encode, spell
from station.wire.messages import MAX_MESSAGE_BYTES, PersonSeen, Presence

Folded = dict[KioskId, dict[Epoch, int]]
PersonTold = tuple[str, PersonSeen]

TOGETHER: Final = 32  # people who are left out together: so many are measured at once
MOST_FOLDED_BYTES: Final = MAX_MESSAGE_BYTES // 2  # of runs: a kiosk that starts anew every minute makes many


def encode_presence(presence: Presence) -> bytes:
    """All of it, or as much of it as fits."""
    try:
        return encode(presence)
    except WireError:
        return encode(_shortened(presence))


def _shortened(presence: Presence) -> Presence:
    bare = replace(presence, people={}, folded={})
    folded = _latest(presence.folded)
    room = MAX_MESSAGE_BYTES - len(encode(replace(bare, folded=folded)))
    people: dict[str, PersonSeen] = {}
    for some in _together(iter(sorted(presence.people.items(), key=_missed_least, reverse=True))):
        room -= len(encode(replace(bare, people=some))) - len(encode(bare)) + len(",")
        if room < 0:
            break
        people |= some
    return replace(bare, people=people, folded=folded)


def _missed_least(told: PersonTold) -> tuple[bool, bool, datetime, str]:
    """Whoever is missed least comes first: who has left; among these as among the others nobody's cards; the oldest."""
    key, seen = told
    return seen.ended_at is None, seen.counted, seen.ended_at or seen.since, key


def _together(told: Iterator[PersonTold]) -> Iterator[dict[str, PersonSeen]]:
    while some := dict(islice(told, TOGETHER)):
        yield some


def _latest(folded: Folded) -> Folded:
    """The latest runs of each kiosk, as many as fit: a kiosk folds the taps of older ones anew, to the same end."""
    most = max(map(len, folded.values()), default=0)
    while len(spell(folded)) > MOST_FOLDED_BYTES:
        most //= 2
        folded = {kiosk: dict(list(runs.items())[-most:]) for kiosk, runs in folded.items()} if most else {}
    return folded
