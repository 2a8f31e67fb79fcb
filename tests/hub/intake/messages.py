"""Kiosks' messages, made with the room's own codec; all numbers are obviously invented."""

from datetime import UTC, datetime, timedelta

from hub.intake.sorting import Delivery
from hub.register.directory import KnownKiosk
from station.names import Epoch, KioskId, Seq, Session, StationCode, Token
from station.records import Action, AnyRecord, ClockState, Pulse, ReaderState, Tap
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import Journal, Kept, State

STATION, KIOSK = StationCode("S-01"), KioskId("K-01")
SESSION, EPOCH = Session("5e551017" * 2), Epoch("e" * 16)
BEGAN = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)  # 08:00 in the stations' zone, a Thursday


def known_kiosk(kiosk: KioskId = KIOSK, station: StationCode = STATION) -> KnownKiosk:
    return KnownKiosk(kiosk, station, "east", BEGAN.date(), None)


def tap(seq: int, minutes: float = 0.0, action: Action = Action.ARRIVE, person: int = 1, of: int | None = None) -> Tap:
    return Tap(
        seq=Seq(seq), at=BEGAN + timedelta(minutes=minutes), clock=ClockState.SYNCED, boot="boot-1",
        mono_ms=seq * 1000, token=Token(f"{person:032x}"), card_kind="ntag213", reader="door", action=action,
        of=None if of is None else Seq(of),
    )  # fmt: skip


def pulse(seq: int, minutes: float = 0.0) -> Pulse:
    at = BEGAN + timedelta(minutes=minutes)
    return Pulse(seq=Seq(seq), at=at, clock=ClockState.SYNCED, boot="boot-1", mono_ms=seq * 1000)


def journal(
    *records: AnyRecord, n: int = 1, kept_from: int = 1, epoch: Epoch = EPOCH, session: Session = SESSION,
    station: StationCode = STATION, kiosk: KioskId = KIOSK,
) -> Delivery:  # fmt: skip
    message = Journal(session, n, epoch, records[0].seq, Seq(kept_from), tuple(records))
    return Delivery(topics.journal(station, kiosk), encode(message))


def state(
    *, n: int = 1, online: bool = True, epochs: dict[Epoch, Kept] | None = None, session: Session = SESSION,
    reader: ReaderState = ReaderState.UP, at: datetime = BEGAN, station: StationCode = STATION,
    kiosk: KioskId = KIOSK, retained: bool = False, source: str = "", key: str = "", reason: str = "",
    next_key: str = "",
) -> Delivery:  # fmt: skip
    message = State(
        online=online, session=session, n=n, version="0", epochs=epochs or {}, reader=reader, clock=ClockState.SYNCED,
        boot="boot-1", mono_ms=0, queued=0, at=at, source=source, key=key, reason=reason,
        next_key=next_key,
    )  # fmt: skip
    return Delivery(topics.state(station, kiosk), encode(message), retained)
