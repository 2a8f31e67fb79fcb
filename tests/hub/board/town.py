"""A small city in a whole hub core, with a clock that is moved by hand."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session as Tables

from hub.core import HubCore
from hub.database.people_tables import CardRow, Holding, Volunteer
from hub.database.schema import prepare_schema
from hub.database.tables import City, District, Kiosk, Station, TermsRow
from hub.intake.gathering import Stored
from hub.intake.rows import row_of
from hub.intake.runs import KnownRun, RunKey
from hub.intake.store import Store
from hub.intake.storing import Batch
from hub.presence.board_view import BoardRow, StationDay
from hub.register.spelling import spell_week
from hub.register.terms import Week
from station.clock import Clock
from station.hours import SHANGHAI, Span
from station.milliseconds import ms_of
from station.names import Epoch, KioskId, Seq, Session, StationCode, Token
from station.records import Action, ClockState, Pulse, ReaderChange, ReaderState, Tap
from station.wire.messages import State
from tests.hub.cities import raise_edition
from tests.hub.ledger.bench import in_memory

TODAY = date(2026, 3, 5)  # a Thursday
MIDNIGHT = datetime(2026, 3, 4, 16, tzinfo=UTC)  # of the stations' zone
WEEK = ((Span(480, 690), Span(870, 1050)),) * 7  # 08:00-11:30, 14:30-17:30
STATION, OTHER = StationCode("S-01"), StationCode("S-02")


def at(text: str) -> datetime:
    """`08:30` or `08:30:15` of today, where the stations are."""
    parts = [int(part) for part in text.split(":")]
    return MIDNIGHT + timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2] if len(parts) > 2 else 0)


def token_of(person: int) -> Token:
    return Token(f"{person:032x}")


@cache
def founded(kiosks: tuple[str, ...], week: Week) -> bytes:
    """The town's database before anything happened, made once."""
    engine = in_memory()
    prepare_schema(engine)
    found(engine, kiosks, week)
    with engine.connect() as connection:
        content: bytes = connection.connection.driver_connection.serialize()
    engine.dispose()
    return content


@dataclass
class Town:
    """Stations S-01 and S-02 with the given kiosks; persons 1 to 9 hold cards, all others are strangers."""

    kiosks: tuple[str, ...] = ("K-1",)
    now_text: str = "07:00"
    week: Week = WEEK
    rows: list[BoardRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._now = at(self.now_text)
        self.clock = Clock(began_at=MIDNIGHT, anchor_s=0.0, boot_s=self._seconds)
        self._runs: dict[KioskId, tuple[KnownRun, int, datetime]] = {}
        self._by_name: dict[RunKey, KnownRun] = {}
        self._begun = 0
        self.engine = in_memory(founded(self.kiosks, self.week))
        self.start()

    def _seconds(self) -> float:
        return (self._now - MIDNIGHT).total_seconds()

    def start(self) -> None:
        """A hub begins, after a crash if one was there before."""
        self.core = HubCore(self.engine, self.clock, SHANGHAI)
        self.core.begin()
        self.city, self.board, self.liveness = self.core.city, self.core.city.board, self.core.city.liveness
        self.board.subscribe(self.rows.extend)

    def day(self, code: StationCode, day: date | None = None) -> StationDay:
        return asyncio.run(self.board.station_day(code, day))

    def go(self, text: str) -> None:
        """Let the time come."""
        self._now = at(text)
        self.board.advance(self._now)

    def pass_time(self, text: str) -> None:
        """As `go`; a new day begins, and a clock that was set back is noticed."""
        self.go_to(at(text))

    def go_to(self, moment: datetime) -> None:
        """As `pass_time`."""
        self._now = moment
        self.city.pass_time(moment)

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
            known, seq = self._new_run(kiosk), 0
        seq += 1
        self._runs[KioskId(kiosk)] = known, seq, at(text)
        self.take(known, [row_of(tap(seq, at(text), action, person, of), known.id, ms_of(self._now))])
        return seq

    def watched(self, since: str, until: str, kiosk: str = "K-1") -> None:
        """That kiosk's reader was up, and pulses came, as their records say."""
        run = self._new_run(kiosk)
        stamp = {"clock": ClockState.SYNCED, "boot": "b", "mono_ms": 1}
        records = [ReaderChange(seq=Seq(1), at=at(since), reader="door", state=ReaderState.UP, **stamp)]
        moment = at(since)
        while moment < at(until):
            moment = min(moment + timedelta(minutes=5), at(until))
            records.append(Pulse(seq=Seq(len(records) + 1), at=moment, **stamp))
        self.take(run, [row_of(record, run.id, ms_of(at(until))) for record in records])

    def take(self, run: KnownRun, rows: list[Any]) -> None:
        """Records are stored, folded and shown."""
        self.core.fold_stored([self.store(run, rows)])
        self.fold()

    def store(self, run: KnownRun, rows: list[Any]) -> Stored:
        """Records are stored, and nobody is told."""
        run.add(rows[0][1], rows[-1][1])
        with Store(self.engine).storing() as storing:
            storing.write(Batch(rows, runs={run.id: run}), ms_of(self._now))
        return Stored(run, rows, run.through)

    def fold(self) -> None:
        """Fold all that is due."""
        while self.core.fold():
            pass

    def run(self, kiosk: str, epoch: Epoch) -> KnownRun:
        """That run, new where nothing of it was stored."""
        name = KioskId(kiosk), epoch
        if name not in self._by_name:
            with Store(self.engine).storing() as storing:
                storing.begin({name: OTHER if kiosk == "K-9" else STATION}, self._by_name)
        return self._by_name[name]

    def _new_run(self, kiosk: str) -> KnownRun:
        self._begun += 1
        return self.run(kiosk, Epoch(f"{self._begun:016x}"))

    def row(self, code: StationCode = STATION) -> BoardRow:
        return next(row for row in self.board.view().rows if row.code == code)


def found(engine: Engine, kiosks: tuple[str, ...], week: Week = WEEK) -> None:
    """Enter the stations, and all that they have."""
    places: list[Any] = [City(name="样例市"), District(code="D-1", name="东样区")]
    for code in (STATION, OTHER):
        places.append(
            Station(code=code, name=str(code), short_name=str(code), district="D-1", kind="hospital", created_on=TODAY)
        )
        places.append(TermsRow(station=code, from_day=date(2000, 1, 1), week=spell_week(week)))
    stations = {**dict.fromkeys(kiosks, STATION), "K-9": OTHER}
    rest: list[Any] = [Kiosk(id=k, station=at_, in_service_from=TODAY) for k, at_ in stations.items()]
    for i in range(1, 10):
        rest.append(Volunteer(person=f"p{i}", number=f"N{i}", full_name="样本人", trained_on=TODAY))
        rest.append(CardRow(token=token_of(i), technology="iso14443a", added_ms=0))
        rest.append(Holding(token=token_of(i), from_ms=0, person=f"p{i}"))
    with Tables(engine) as tables:
        tables.add_all(places)
        tables.commit()
        tables.add_all(rest)
        tables.commit()
    raise_edition(engine)


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
