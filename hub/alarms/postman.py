"""Takes messages to their channels: what waits for one goes as one, no faster than it or its people take.

A message is sent at least once: if the hub dies between a robot's answer and writing it down, it goes out again. One
channel that hangs keeps no other waiting. No address and no secret is ever logged.
"""

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row, update
from sqlmodel import col, select

from hub.alarms.addresses import Sort, SoundAddress, channel_of
from hub.alarms.book import let_go
from hub.alarms.channel import AlarmMessage, Channel, Receipt
from hub.alarms.routes import KnownChannel, read_routes
from hub.database.alarm_tables import ANSWER_LENGTH, AlarmRow, MessageRow
from hub.database.tables import Station
from hub.database.transactions import StoreTroubleError, reading, writing
from hub.findings import FindingKind, Findings
from hub.intake.rows import moment_of, ms_of
from hub.presence.stand_ins import read_stand_ins
from hub.register.masking import mask_name
from station.alarms import Lack, Level, What
from station.clock import Clock
from station.grouping import REMEMBERED, free_at

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0
AT_ONCE: Final = 16  # channels; one that hangs takes one of these for some seconds
PAUSES: Final = tuple(timedelta(seconds=s) for s in (5, 15, 45, 135, 300))  # and the last one again and again
GIVEN_UP_AFTER: Final = timedelta(hours=2)  # nobody wants to be told then
MOST_NAMED: Final = 3  # who could come, in a message
_CALLING: Final = {What.RAISED, What.ESCALATED}
MINUTE_S: Final = 60.0  # a robot's, whatever the hub's clock is
NOTED_AT_ONCE: Final = 25  # answers in one transaction: what kiosks send waits for no longer
_threads: Final = partial(ThreadPoolExecutor, AT_ONCE, "hub channel")
Making = Callable[[SoundAddress, ZoneInfo], Channel]


class _Answered(NamedTuple):
    """What a channel said of messages that it was sent; `is_last` where they are not tried again."""

    channel: str
    rows: Sequence[Row[Any]]
    receipt: Receipt
    at: datetime
    is_last: bool = False


class Postman:
    """All that goes out.

    Args:
        engine: the database.
        clock: whose now it is.
        zone: by whose clock times are told.
        findings: told which channels take nothing.
        make: what makes a channel's door.
        seconds: a robot's own time.
        pool: what calls channels beside each other.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        zone: ZoneInfo,
        findings: Findings,
        *,
        make: Making = channel_of,
        seconds: Callable[[], float] = time.monotonic,
        pool: Callable[[], Executor] = _threads,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._zone = zone
        self._findings = findings
        self._make = make
        self._seconds = seconds
        self._sent: dict[str, deque[float]] = defaultdict(deque)
        self._called: dict[str, list[datetime]] = {}
        self._waits_until: datetime | None = None
        self._busy: set[str] = set()
        self._answered: deque[_Answered] = deque()  # not yet written down, and so not to be sent again
        self._make_pool, self._pool = pool, pool()
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self.thread = threading.Thread(target=self._run, name="hub postman", daemon=True)
        """For who looks whether it lives."""

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """End; what is on its way is waited for, a few seconds."""
        self._stopping.set()
        self._woken.set()
        if self.thread.is_alive():
            self.thread.join()
        self._pool.shutdown(cancel_futures=True)
        with suppress(StoreTroubleError):  # what was taken then goes out once more
            self._note_answers()

    def wake(self) -> None:
        """There is something to be sent."""
        self._woken.set()

    def work(self) -> None:
        """Send what may go now, each channel's on a thread of its own.

        Raises:
            StoreTroubleError: it stays.
        """
        self._note_answers()
        now = self._clock.now()
        self._waits_until = None
        with reading(self._engine) as connection:
            channels = {channel.name: channel for channel in read_routes(connection).channels}
            waiting = defaultdict(list)
            for row in connection.execute(_WAITING):
                waiting[row.channel].append(row)
            if unknown := waiting.keys() - self._called.keys():
                self._called |= _read_called(connection, unknown, now)
        for name, rows in waiting.items():
            if name in self._busy:
                continue
            ready_ms = max((row.due_ms for row in rows if row.tries), default=0)
            if name not in channels:
                gone = Receipt(is_taken=False, text="the channel was removed")
                self._answered.append(_Answered(name, rows, gone, now, is_last=True))
                self._findings.end(FindingKind.CHANNEL, name)
            elif ready_ms <= ms_of(now) and not self._is_to_wait(channels[name], now):
                self._send(channels[name], rows)
        self._note_answers()

    def next_due(self) -> datetime | None:
        """When something that waits for more may go, as of the last work; for who lets time pass."""
        return self._waits_until

    def drain(self) -> None:
        """Wait until nothing is on its way."""
        self._pool.shutdown()
        self._pool = self._make_pool()
        self._note_answers()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait(LOOK_EVERY_S)
            self._woken.clear()
            try:
                self.work()
            except StoreTroubleError as exc:
                log.warning("messages wait for the database: %s", exc)

    def _is_to_wait(self, known: KnownChannel, now: datetime) -> bool:
        """Whether people were called so often that what is to be told goes with more of it; a program never is."""
        if known.told.sort is Sort.WEB_HOOK:
            return False
        called = [at for at in self._called[known.name] if at > now - REMEMBERED]
        self._called[known.name] = called
        free = free_at(at for at in called if at <= now)  # the hub's clock may have been put back
        if free is None or free <= now:
            return False
        self._waits_until = min(free, self._waits_until or free)
        return True

    def _send(self, known: KnownChannel, rows: Sequence[Row[Any]]) -> None:
        channel = self._make(known.told, self._zone)
        calls = self._sent[known.told.address]  # two channels may name one robot
        now_s = self._seconds()
        while calls and calls[0] <= now_s - MINUTE_S:
            calls.popleft()
        if len(calls) >= channel.a_minute:
            return
        calls.append(now_s)
        self._busy.add(known.name)
        self._pool.submit(self._deliver, known, channel, rows[: channel.most])

    def _deliver(self, known: KnownChannel, channel: Channel, rows: Sequence[Row[Any]]) -> None:
        try:
            come = self._stand_ins(rows) if known.level is Level.LEAD else ()
            answer = channel.send([_message(row, come) for row in rows], self._clock.now())
        except StoreTroubleError as exc:
            log.warning("messages for the channel %s wait for the database: %s", known.name, exc)
            self._busy.discard(known.name)
            return
        except Exception as exc:  # noqa: BLE001 -- it ends no other's messages; a trace may hold an address
            answer = Receipt(is_taken=False, text=f"failed: {type(exc).__name__}")
        self._tell(known.name, answer)
        now = self._clock.now()
        if answer.is_taken:
            self._called[known.name].append(now)
        self._answered.append(_Answered(known.name, rows, answer, now))
        self._woken.set()

    def _stand_ins(self, rows: Sequence[Row[Any]]) -> tuple[str, ...]:
        """Who could come to the station that is told of, by masked name."""
        code = next((row.station for row in rows if row.what in _CALLING and row.lack != Lack.UNWATCHED), None)
        if not code:
            return ()
        with reading(self._engine) as connection:
            people = read_stand_ins(connection, code, self._clock.now().astimezone(self._zone))
        return tuple(mask_name(one.full_name) for one in people[:MOST_NAMED])

    def _tell(self, name: str, answer: Receipt) -> None:
        if answer.is_taken:
            if self._findings.end(FindingKind.CHANNEL, name):
                log.info("the channel %s takes messages again", name)
        elif self._findings.report(FindingKind.CHANNEL, name, f"the channel {name} took nothing: {answer.text}"):
            log.warning("the channel %s took nothing: %s; it is tried again", name, answer.text)

    def _note_answers(self) -> None:
        """Write down what channels have answered, some of it at once: each on its own would wait for all the others.

        Raises:
            StoreTroubleError: what is not written is kept, and is not sent again meanwhile.
        """
        while self._answered:
            some = list(islice(self._answered, NOTED_AT_ONCE))
            with writing(self._engine) as connection:
                for one in some:
                    _note(connection, one)
            for one in some:
                self._answered.popleft()
                self._busy.discard(one.channel)


_WAITING: Final = (
    select(MessageRow)
    .add_columns(*map(col, (AlarmRow.station, AlarmRow.lack, AlarmRow.since_ms, Station.short_name, Station.name)))
    .join(AlarmRow, isouter=True)
    .join(Station, col(Station.code) == col(AlarmRow.station), isouter=True)
    .where(col(MessageRow.due_ms).is_not(None))
    .order_by(col(MessageRow.number))
    .limit(20_000)
)


def _note(connection: Connection, one: _Answered) -> None:
    rows, answer, now_ms = one.rows, one.receipt, ms_of(one.at)
    tries = max(row.tries for row in rows) + 1
    again_ms = ms_of(one.at + PAUSES[min(tries, len(PAUSES)) - 1])
    over_ms = ms_of(one.at - GIVEN_UP_AFTER)
    noted = {
        "tries": tries,
        "tried_ms": now_ms,
        "sent_ms": now_ms if answer.is_taken else None,
        "answer": answer.text[:ANSWER_LENGTH],
    }
    is_over = [answer.is_taken or one.is_last or row.made_ms <= over_ms for row in rows]
    for ends in {*is_over}:
        numbers = [row.number for row, over in zip(rows, is_over, strict=True) if over is ends]
        noting = update(MessageRow).where(col(MessageRow.number).in_(numbers))
        if not answer.is_taken:  # what was taken back meanwhile stays so
            noting = noting.where(col(MessageRow.due_ms).is_not(None))
        connection.execute(noting.values(noted | {"due_ms": None if ends else again_ms}))
    if answer.is_taken:
        let_go(connection, {row.alarm for row in rows if row.alarm is not None}, one.channel, now_ms)


def _read_called(connection: Connection, channels: AbstractSet[str], now: datetime) -> dict[str, list[datetime]]:
    """When each of them was called lately, in whatever life of the hub."""
    sent, name = col(MessageRow.sent_ms), col(MessageRow.channel)
    lately = select(name, sent).where(sent > ms_of(now - REMEMBERED)).distinct().order_by(sent)
    called: dict[str, list[datetime]] = {channel: [] for channel in channels}
    for channel, at_ms in connection.execute(lately):
        if channel in called and at_ms is not None:
            called[channel].append(moment_of(at_ms))
    return called


def _message(row: Row[Any], could_come: tuple[str, ...] = ()) -> AlarmMessage:
    return AlarmMessage(
        number=row.number,
        what=row.what,
        lack=Lack(row.lack) if row.lack else Lack.VACANT,
        alarm=row.alarm or 0,
        code=row.station or "",
        station=row.short_name or row.name or row.station or "",
        on_duty=row.on_duty,
        wanted=row.wanted,
        since=None if row.since_ms is None else moment_of(row.since_ms),
        at=moment_of(row.made_ms),
        why=row.why,
        could_come=could_come,
    )
