"""Takes messages to their channels: what waits for one goes as one, no faster than it or its people take.

A message is sent at least once: if the hub dies between a robot's answer and writing it down, it goes out again. One
channel that hangs keeps no other waiting. No address and no secret is ever logged.
"""

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Row

from hub.alarms.addresses import Sort, SoundAddress, channel_of
from hub.alarms.channel import AlarmMessage, Channel, Receipt
from hub.alarms.noting import Answered, note_answers
from hub.alarms.routes import KnownChannel, read_routes
from hub.alarms.waiting import (
    FAILED,
    Names,
    message_of,
    plain_message_of,
    read_called,
    read_stand_in_names,
    read_taken_lately,
    read_waiting,
    stations_in_need,
)
from hub.database.transactions import StoreTroubleError, reading, writing
from hub.findings import FindingKind, Findings
from hub.presence.leaving_out import Attempt, LeavingOut
from station.alarms import Level
from station.clock import Clock
from station.grouping import REMEMBERED, free_at
from station.milliseconds import ms_of

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0
AT_ONCE: Final = 16  # channels; one that hangs takes one of these for some seconds
MINUTE_S: Final = 60.0  # a robot's, whatever the hub's clock is
NOTED_AT_ONCE: Final = 25  # answers in one transaction: what kiosks send waits for no longer
NAMED_AT_ONCE: Final = 100  # messages for which is read who could come, before the first of them goes out
PLAINER: Final = "an alarm is told plainer than it is, or not seen; see the hub's log"
_threads: Final = partial(ThreadPoolExecutor, AT_ONCE, "hub channel")
Making = Callable[[SoundAddress, ZoneInfo], Channel]


class _Letter(NamedTuple):
    """What one channel is to be told now."""

    to: KnownChannel
    channel: Channel
    rows: Sequence[Row[Any]]
    is_all: bool
    """Whether nothing more waits for it."""


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
        self._answered: deque[Answered] = deque()  # not yet written down, and so not to be sent again
        self._make_pool, self._pool = pool, pool()
        self.attempt: Attempt = LeavingOut(findings, "alarms", PLAINER)
        """Supervises what is done for one station or channel, so that it stands in no other's way; the keeper's too."""
        self._has_mail = False
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
        self._has_mail = True
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
            for row in read_waiting(connection):
                waiting[row.channel].append(row)
            if waiting and (unknown := channels.keys() - self._called.keys()):
                self._called |= read_called(connection, unknown, now)
            deaf = self._findings.open_of(FindingKind.CHANNEL)
            taken = read_taken_lately(connection) if deaf else {}
        for one in deaf:
            if one.subject not in channels or taken.get(one.subject, 0) > ms_of(one.last_at):
                self._findings.end(FindingKind.CHANNEL, one.subject)
        ready = []
        for name, rows in waiting.items():
            if name in self._busy:
                continue
            ready_ms = max((row.due_ms for row in rows if row.tries), default=0)
            if name not in channels:
                gone = Receipt(is_taken=False, text="the channel was removed")
                self._answered.append(Answered(name, rows, gone, now, is_last=True))
            elif ready_ms <= ms_of(now) and not self._is_to_wait(channels[name], now):
                ready.append((channels[name], rows))
        for first in range(0, len(ready), NAMED_AT_ONCE):
            self._send(ready[first : first + NAMED_AT_ONCE])
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
        looks_s, is_told = 0.0, False
        while not self._stopping.is_set():
            self._woken.wait(LOOK_EVERY_S)
            self._woken.clear()
            try:
                if self._has_mail or time.monotonic() >= looks_s:
                    self._has_mail = False
                    looks_s = time.monotonic() + LOOK_EVERY_S
                    self.work()
                else:  # somebody has answered, and there is nothing more for them
                    self._note_answers()
                if is_told:
                    is_told = False
                    log.info("messages go out again")
            except StoreTroubleError as exc:
                if not is_told:  # the first time alone: it is tried each second
                    is_told = True
                    log.warning("messages wait for the database: %s", exc)
            except Exception:  # a supervisor: whoever is told of nothing any more does not know it
                if self._findings.report(FindingKind.FAULT, "postman", "alarms may not go out; see the hub's log"):
                    log.exception("sending fails; it is tried again")

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

    def _send(self, ready: Sequence[tuple[KnownChannel, Sequence[Row[Any]]]]) -> None:
        letters = [letter for known, rows in ready for letter in self._letter(known, rows)]
        leads = [row for letter in letters if letter.to.level is Level.LEAD for row in letter.rows]
        codes = stations_in_need(leads)
        names = (self.attempt(self._read_names, codes) if codes else None) or {}
        for letter in letters:
            theirs = names if letter.to.level is Level.LEAD else {}
            messages = [self._message(row, theirs) for row in letter.rows]
            self._busy.add(letter.to.name)
            self._pool.submit(self._deliver, letter, messages)

    def _letter(self, known: KnownChannel, rows: Sequence[Row[Any]]) -> Iterator[_Letter]:
        """One, or none where its robot was called often enough."""
        channel = self.attempt(self._make, known.told, self._zone)
        if channel is None:
            no_door = Receipt(is_taken=False, text=f"{FAILED}the address is none any more")
            self._answered.append(Answered(known.name, rows, no_door, self._clock.now()))
            return
        calls = self._sent[known.told.address]  # two channels may name one robot
        now_s = self._seconds()
        while calls and calls[0] <= now_s - MINUTE_S:
            calls.popleft()
        if len(calls) < channel.a_minute:
            calls.append(now_s)
            yield _Letter(known, channel, rows[: channel.most], is_all=len(rows) <= channel.most)

    def _read_names(self, stations: Collection[str]) -> Names:
        try:
            with reading(self._engine) as connection:
                return read_stand_in_names(connection, stations, self._clock.now().astimezone(self._zone))
        except StoreTroubleError as exc:
            log.warning("alarms go out without saying who could come: %s", exc)
            return {}

    def _message(self, row: Row[Any], names: Names) -> AlarmMessage:
        """As it is told, or plainer where the hub fails over it or has failed."""
        told = None if row.answer.startswith(FAILED) else self.attempt(message_of, row, names)
        return told or plain_message_of(row)

    def _deliver(self, letter: _Letter, messages: Sequence[AlarmMessage]) -> None:
        name = letter.to.name
        try:
            answer = letter.channel.send(messages, self._clock.now())
        except Exception as exc:  # noqa: BLE001 -- it ends no other's messages; a trace may hold an address
            answer = Receipt(is_taken=False, text=f"{FAILED}{type(exc).__name__}")
        self._tell(name, answer)
        now = self._clock.now()
        if answer.is_taken:
            self._called[name].append(now)
        self._answered.append(Answered(name, letter.rows, answer, now))
        if not letter.is_all:
            self._has_mail = True
        self._woken.set()

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
                note_answers(connection, some)
            for one in some:
                self._answered.popleft()
                self._busy.discard(one.channel)
