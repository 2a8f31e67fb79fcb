"""What goes out to the hub, and of what it is made: how the kiosk is, its records, its replies. When is `uplink`'s."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import NamedTuple, Protocol

from edge.commands import Commands
from edge.errors import JournalError
from edge.exchange import FIRST_RETRY_S, Exchange
from edge.health import Health
from edge.packing import pack
from edge.told import ToldMessage
from station.names import Epoch, KioskId, Seq, Session, StationCode
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import Journal, Kept, KioskFigures, Reply, State, Through
from station.wire.topics import Leaf

_log = logging.getLogger(__name__)


class Outgoing(NamedTuple):
    """A message to publish, at QoS 1."""

    topic: str
    payload: bytes
    retain: bool


class RecordSource(Protocol):
    """Where records come from; `edge.backlog` reads them from the disk."""

    def kept(self) -> dict[Epoch, Kept]:
        """What is there, by epoch, in the order the epochs began."""
        ...

    def texts(self, epoch: Epoch, after: int, limit: int) -> tuple[str, ...]:
        """The records that follow `after`, without a gap, each as JSON."""
        ...


@dataclass(frozen=True, slots=True)
class UplinkParts:
    """What the uplink works with.

    Attributes:
        settle: told what the hub holds.
        begin_session: told that nothing said before counts any more.
        told: given duty, roster and presence as they come.
        hear_time: given what the hub's clock shows in a first answer, and when the question went.
        real_s: how long a stretch of the kiosk's clock lasts in the world.
        hear_key: given the fingerprint of the hub's site key.
        figures: how the kiosk's machine is.
    """

    station: StationCode
    kiosk: KioskId
    version: str
    source: RecordSource
    health: Callable[[], Health]
    settle: Callable[[Mapping[Epoch, Through]], None]
    begin_session: Callable[[], None]
    told: Callable[[ToldMessage], None]
    hear_time: Callable[[datetime, float], None]
    commands: Commands
    real_s: Callable[[float], float]
    rng: Random
    hear_key: Callable[[str], None] = lambda _: None
    figures: Callable[[], KioskFigures] = KioskFigures


def tell_state(
    parts: UplinkParts,
    session: Session,
    n: int,
    epochs: dict[Epoch, Kept],
    *,
    queued: int,
    is_online: bool = True,
    reason: str = "",
) -> Outgoing:
    """How the kiosk is, and what it still holds."""
    health = parts.health()
    state = State(
        online=is_online, session=session, n=n, version=parts.version, epochs=epochs, reader=health.reader,
        clock=health.stamp.clock, boot=health.stamp.boot, mono_ms=health.stamp.mono_ms, queued=queued,
        at=health.stamp.at, reason=reason or health.reason, source=health.source, key=health.key,
        next_key=health.next_key, figures=parts.figures(),
    )  # fmt: skip
    return Outgoing(topics.state(parts.station, parts.kiosk), encode(state), retain=True)


def tell_records(parts: UplinkParts, exchange: Exchange, now_s: float, most_bytes: int) -> Outgoing | None:
    """The records that are to go now, as many as fit; None where none are."""
    due = None if exchange.is_waiting(now_s) else exchange.due(parts.source.kept(), now_s)
    if due is None:
        return None
    try:
        texts = parts.source.texts(due.epoch, due.after, due.limit)
    except JournalError as exc:
        _log.warning("records cannot be read, and are sent later: %s", exc)
        exchange.ready_s = now_s + FIRST_RETRY_S
        return None
    if not texts:
        return None
    first = Seq(due.after + 1)
    head = Journal(exchange.id, exchange.count(now_s), due.epoch, first, Seq(min(due.kept.kept_from, first)), ())
    payload, last = pack(head, texts, most_bytes)
    exchange.take_off(due.epoch, last, len(payload), now_s, parts.rng)
    return Outgoing(topics.journal(parts.station, parts.kiosk), payload, retain=False)


def tell_reply(parts: UplinkParts, reply: Reply) -> Outgoing:
    """What came of a command."""
    return Outgoing(topics.Address(parts.station, parts.kiosk, Leaf.REPLY).topic, encode(reply), retain=False)
