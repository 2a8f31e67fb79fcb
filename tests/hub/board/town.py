"""A small city in memory: one board over presence and liveness, with a clock that is moved by hand."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from hub.intake.rows import ms_of, row_of
from hub.intake.runs import KnownRun
from hub.presence.board import Board
from hub.presence.board_view import BoardRow, StationDay
from hub.presence.liveness import Liveness
from hub.presence.presences import Presences
from hub.presence.watches import Watches
from hub.register.directory import Directory, KnownKiosk, KnownStation
from hub.register.terms import Clause, StationTerms
from station.clock import Clock
from station.hours import SHANGHAI, Span
from station.names import Epoch, KioskId, PersonId, Seq, Session, StationCode, Token
from station.records import Action, ClockState, Pulse, ReaderChange, ReaderState, Tap
from station.wire.messages import Holder, State

TODAY = date(2026, 3, 5)  # a Thursday
MIDNIGHT = datetime(2026, 3, 4, 16, tzinfo=UTC)  # of the stations' zone
TERMS = StationTerms((Clause(TODAY, ((Span(480, 690), Span(870, 1050)),) * 7),))  # 08:00-11:30, 14:30-17:30
STATION, OTHER = StationCode("S-01"), StationCode("S-02")


def at(text: str) -> datetime:
    """`08:30` or `08:30:15` of today, where the stations are."""
    parts = [int(part) for part in text.split(":")]
    return MIDNIGHT + timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2] if len(parts) > 2 else 0)


def token_of(person: int) -> Token:
    return Token(f"{person:032x}")


@dataclass
class Town:
    """Stations S-01 and S-02 with the given kiosks; persons 1 to 9 hold cards, all others are strangers."""

    kiosks: tuple[str, ...] = ("K-1",)
    now_text: str = "07:00"
    rows: list[BoardRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._now = at(self.now_text)
        self.clock = Clock(began_at=MIDNIGHT, anchor_s=0.0, boot_s=self._seconds)
        self.holders = {token_of(i): Holder(PersonId(f"p{i}")) for i in range(1, 10)}
        self._runs: dict[KioskId, tuple[KnownRun, int, datetime]] = {}
        self._begun = 0
        self.start()

    def _seconds(self) -> float:
        return (self._now - MIDNIGHT).total_seconds()

    def start(self) -> None:
        rules = {code: TERMS.rules(SHANGHAI, since=TODAY, until=TODAY) for code in (STATION, OTHER)}
        self.presences = Presences(rules, self.holders)
        self.liveness = Liveness(self._now)
        self.watches = Watches(self.presences.logs)
        self.board = Board(self.clock, self.presences, self.liveness, self.watches, lambda _: ())
        self.board.learn(self.directory(), rules, TODAY)
        self.board.subscribe(self.rows.extend)

    def day(self, code: StationCode, day: date | None = None) -> StationDay:
        return asyncio.run(self.board.station_day(code, day))

    def directory(self) -> Directory:
        known = {
            code: KnownStation(code, str(code), str(code), "东样区", "hospital", "", "", TERMS, SHANGHAI)
            for code in (STATION, OTHER)
        }
        kiosks = {KioskId(k): KnownKiosk(KioskId(k), STATION, "", TODAY, None) for k in self.kiosks}
        kiosks[KioskId("K-9")] = KnownKiosk(KioskId("K-9"), OTHER, "", TODAY, None)
        return Directory(1, "样例市", SHANGHAI, known, kiosks, {}, {})

    def go(self, text: str) -> None:
        """Let the time come."""
        self._now = at(text)
        self.board.advance(self._now)

    def heard(self, *kiosks: str, reader: ReaderState = ReaderState.UP) -> None:
        """These kiosks say that they are well, or what else their reader is."""
        for kiosk in kiosks or (*self.kiosks, "K-9"):
            self.liveness.hear_state(KioskId(kiosk), state(reader=reader, at=self._now), self._now)
        self.board.refresh([STATION, OTHER], self._now)

    def tap(
        self, person: int, text: str, action: Action = Action.ARRIVE, kiosk: str = "K-1", of: int | None = None
    ) -> int:
        """A tap becomes known now; returns its seq."""
        known, seq, last_at = self._runs.get(KioskId(kiosk), (None, 0, MIDNIGHT))
        if known is None or at(text) < last_at:  # what comes so late has waited in a run of its own
            station, self._begun = OTHER if kiosk == "K-9" else STATION, self._begun + 1
            known, seq = KnownRun(self._begun, KioskId(kiosk), Epoch(f"{self._begun:016x}"), station), 0
        seq += 1
        self._runs[KioskId(kiosk)] = known, seq, at(text)
        known.add(seq, seq)
        self.presences.take(
            known, [row_of(tap(seq, at(text), action, person, of), known.id, int(self._now.timestamp() * 1000))], seq
        )
        for code, cause_at in self.presences.fold().items():
            self.board.refresh([code], cause_at)
        return seq

    def watched(self, since: str, until: str, kiosk: str = "K-1") -> None:
        """That kiosk's reader was up, and pulses came, as their records say."""
        run = KnownRun(100 + self._begun, KioskId(kiosk), Epoch("f" * 16), OTHER if kiosk == "K-9" else STATION)
        stamp = {"clock": ClockState.SYNCED, "boot": "b", "mono_ms": 1}
        records = [ReaderChange(seq=Seq(1), at=at(since), reader="door", state=ReaderState.UP, **stamp)]
        moment = at(since)
        while moment < at(until):
            moment = min(moment + timedelta(minutes=5), at(until))
            records.append(Pulse(seq=Seq(len(records) + 1), at=moment, **stamp))
        self.presences.take(run, [row_of(record, run.id, ms_of(at(until))) for record in records], len(records))

    def row(self, code: StationCode = STATION) -> BoardRow:
        return next(row for row in self.board.view().rows if row.code == code)


def tap(seq: int, moment: datetime, action: Action, person: int, of: int | None = None) -> Tap:
    return Tap(
        seq=Seq(seq), at=moment, clock=ClockState.SYNCED, boot="b", mono_ms=seq, token=token_of(person),
        card_kind="ntag213", reader="door", action=action, of=None if of is None else Seq(of),
    )  # fmt: skip


def state(*, online: bool = True, reader: ReaderState = ReaderState.UP, at: datetime, session: str = "5" * 16) -> State:
    return State(
        online=online, session=Session(session), n=1, version="0", epochs={}, reader=reader, clock=ClockState.SYNCED,
        boot="b", mono_ms=0, queued=0, at=at,
    )  # fmt: skip


def classes(rows: Iterable[BoardRow]) -> list[str]:
    return [row.duty_class.value for row in rows]
