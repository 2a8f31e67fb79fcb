"""What came from the broker, read: whose it is and what it says. Whatever cannot be read is kept aside.

Nothing here stops anything: any bytes on any topic are a journal message, a state, a birth, or a finding.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

from hub.findings import FindingKind, Findings
from hub.intake.aside import Aside
from hub.intake.reading import JournalMessage, read_journal
from hub.register.directory import KnownKiosk
from station.errors import WireError
from station.names import SHAPES, KioskId, Seq, Session, StationCode
from station.records import Unreadable
from station.wire import topics
from station.wire.codec import decode, decode_hub_state, shown
from station.wire.messages import MAX_JOURNAL_BYTES, HubState, Reply, State
from station.wire.topics import Leaf

MAX_FOUND: Final = MAX_JOURNAL_BYTES  # of a message that cannot be read: as much as a kiosk ever sends
MAX_NOISE: Final = 1024  # of one that is no text: nobody will ever read it


class Delivery(NamedTuple):
    """A message as the broker brought it; `retained` where it was kept from before."""

    topic: str
    payload: bytes
    retained: bool = False


class TopicOwner(NamedTuple):
    """Whose topic it is."""

    kiosk: KioskId
    station: StationCode
    leaf: Leaf


class JournalRead(NamedTuple):
    """A kiosk sent records."""

    place: TopicOwner
    message: JournalMessage

    def taken_apart(self, payload: bytes) -> list["JournalRead"]:
        """Each record of these bytes, as JSON has it, in a message of its own."""
        return [
            JournalRead(self.place, self.message._replace(first=seq, records=[fields], payload=b""))
            for seq, fields in enumerate(json.loads(payload)["records"], self.message.first)
        ]

    def as_unreadable(self, reason: str) -> "JournalRead":
        """One that was taken apart, its record as what could not be read."""
        (fields,) = self.message.records
        found = Unreadable(Seq(self.message.first), shown(fields), reason)
        return JournalRead(self.place, self.message._replace(records=[found]))


class StateRead(NamedTuple):
    """A kiosk said how it is; `retained` where the broker kept that from before."""

    place: TopicOwner
    state: State
    retained: bool


class ReplyRead(NamedTuple):
    """A kiosk said what came of a command."""

    place: TopicOwner
    reply: Reply


class BirthRead(NamedTuple):
    """A hub said that it is there, or goes; `retained` where the broker kept that from before."""

    state: HubState
    retained: bool


Read = JournalRead | StateRead | ReplyRead | BirthRead | Aside


@dataclass(slots=True)
class Counts:
    """What passed, for an operator."""

    journals: int = 0
    states: int = 0
    records: int = 0
    repeated: int = 0
    unreadable: int = 0
    unknown: int = 0
    unsettled: int = 0
    dropped: int = 0
    batches: int = 0


class Sorter:
    """Tells known kiosks' topics from all others. All calls come from one thread."""

    def __init__(self, findings: Findings, counts: Counts) -> None:
        self._findings = findings
        self._counts = counts
        self._places: dict[str, TopicOwner] = {}
        self._stations: dict[KioskId | None, StationCode] = {}
        self._revoked: frozenset[KioskId] = frozenset()

    def know(self, kiosks: Iterable[KnownKiosk]) -> None:
        """Answer these kiosks from now on, and no other; what a revoked one says counts for nothing."""
        everybody = tuple(kiosks)
        self._revoked = frozenset(kiosk.id for kiosk in everybody if kiosk.is_revoked)
        kiosks = tuple(kiosk for kiosk in everybody if not kiosk.is_revoked)
        self._places = {
            topics.Address(kiosk.station, kiosk.id, leaf).topic: TopicOwner(kiosk.id, kiosk.station, leaf)
            for kiosk in kiosks
            for leaf in (Leaf.JOURNAL, Leaf.STATE, Leaf.REPLY)
        }
        # What came by hand was looked at by who took it in: also a stolen kiosk is believed up to the theft.
        by_hand = ((topics.carried(k.station, k.id), TopicOwner(k.id, k.station, Leaf.JOURNAL)) for k in everybody)
        self._places |= dict(by_hand)
        self._stations = {kiosk.id: kiosk.station for kiosk in kiosks}
        for kiosk in kiosks:
            for kind in (FindingKind.UNKNOWN_KIOSK, FindingKind.FOREIGN_TOPIC):
                self._findings.end(kind, f"{kiosk.station}/{kiosk.id}")

    def read(self, delivery: Delivery) -> Read | None:
        """What a delivery says; None where a kiosk that is not entered says it."""
        place = self._places.get(delivery.topic)
        try:
            if place is None:
                return self._read_unplaced(delivery)
            if place.leaf is Leaf.JOURNAL:
                self._counts.journals += 1
                return JournalRead(place, read_journal(delivery.payload))
            if place.leaf is Leaf.REPLY:
                return ReplyRead(place, decode(delivery.payload, Reply))
            self._counts.states += 1
            return StateRead(place, decode(delivery.payload, State), delivery.retained)
        except WireError as exc:
            return self._set_aside(delivery, place, exc)

    def _read_unplaced(self, delivery: Delivery) -> BirthRead | None:
        if delivery.topic == topics.HUB_STATE:
            return BirthRead(decode_hub_state(delivery.payload), delivery.retained)
        address = topics.read_address(delivery.topic)
        if not delivery.payload:  # the hub itself takes away what the broker keeps of a kiosk
            return None
        self._counts.unknown += 1
        subject, own = f"{address.station}/{address.kiosk}", self._stations.get(address.kiosk)
        if address.kiosk in self._revoked:
            text = "a kiosk that is revoked sends; nothing of it is taken"
            self._findings.report(FindingKind.UNKNOWN_KIOSK, subject, text, station=address.station)
        elif own is None:
            text = "a kiosk that is not entered sends; it keeps its records until it is"
            self._findings.report(FindingKind.UNKNOWN_KIOSK, subject, text)
        else:
            text = f"the kiosk of {own} sends under another station; set the station right in its settings"
            self._findings.report(FindingKind.FOREIGN_TOPIC, subject, text, station=own)
        return None

    def _set_aside(self, delivery: Delivery, place: TopicOwner | None, exc: WireError) -> Aside:
        self._counts.unreadable += 1
        self._findings.report(
            FindingKind.UNREADABLE,
            place.kiosk if place else "no kiosk's topic",
            "a message that cannot be read; it is kept aside",
            station=place.station if place else None,
        )
        session, n = _who_says(delivery.payload)
        return Aside(
            why=FindingKind.UNREADABLE,
            topic=delivery.topic[:200],
            reason=str(exc),
            found=_shown(delivery.payload),
            digest=sha256(delivery.topic.encode(errors="replace") + b"\0" + delivery.payload).hexdigest(),
            session=session,
            n=n,
        )


def _shown(payload: bytes) -> str:
    try:
        text = payload[:MAX_FOUND].decode()
    except UnicodeDecodeError:
        text = payload[:MAX_NOISE].decode("utf-8", "backslashreplace")
    return text.replace("\0", "\\0")


def _who_says(payload: bytes) -> tuple[str, int | None]:
    """Session and n of a message that cannot be read, as far as they can be made out."""
    try:
        body = json.loads(payload)
        session, n = body["session"], body["n"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", None
    sound = isinstance(session, str) and SHAPES[Session][0].match(session) and type(n) is int and abs(n) < 1 << 63
    return (session, n) if sound else ("", None)
