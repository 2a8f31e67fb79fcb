"""A hub's whole life, and its next: what it shows is what its ledger says, and that is what the records say."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, groupby
from random import Random
from typing import Any

import pytest
from hypothesis import given
from sqlmodel import Session as Tables

from hub.core import HubCore
from hub.database.people_tables import CardRow, Holding
from hub.database.tables import TermsRow
from hub.database.transactions import reading
from hub.housekeeping import EVERY_S
from hub.intake.sorting import Delivery
from hub.ledger.past import followed_since, stints_at, watched_in
from hub.ledger.pending import PartOfWriting, Pending
from hub.presence.recent import LOOK_BACK
from hub.register.spelling import spell_week
from station.clock import Clock
from station.hours import SHANGHAI, Span
from station.milliseconds import moment_of, ms_of
from station.names import Epoch, KioskId, Seq, Session, StationCode
from station.records import Action, AnyRecord, ClockState, Pulse, Unreadable
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import Journal
from tests.hub.cities import raise_edition, token_of
from tests.hub.ledger.bench import LedgerBench, ledger_bench
from tests.hub.ledger.stories import BEGAN, MINUTE, KioskStory, Written, a_working_day
from tests.hub.ledger.test_keeping import tap_at
from tests.hub.ledger.test_ledger import FEW, SEEDS, LostPowerError, change_city, journals, lose_power, shuffled

SOUND = Pulse(seq=Seq(1), at=BEGAN, clock=ClockState.SYNCED, boot="b", mono_ms=1)
S_01, S_02 = STATIONS = StationCode("S-01"), StationCode("S-02")


@dataclass
class Lives:
    """One hub after the other over one database, at moments that are given."""

    hub: LedgerBench
    now: datetime = BEGAN

    def __post_init__(self) -> None:
        self._clock = Clock(began_at=BEGAN, anchor_s=0.0, boot_s=self._boot_s)
        self._seconds = count(1.0, EVERY_S).__next__
        self._sent = count(1)
        self.begin()

    def _boot_s(self) -> float:
        return (self.now - BEGAN).total_seconds()

    def begin(self) -> None:
        """A hub starts; one that was there before is gone without a word."""
        self.core = HubCore(self.hub.engine, self._clock, SHANGHAI, seconds=self._seconds)
        self.core.begin()

    def send(self, written: list[Written]) -> None:
        """Records come by the wire, one message a run."""
        for (kiosk, station, epoch), some in groupby(written, key=lambda one: (one.kiosk, one.station, one.epoch)):
            payload = self._message([one.record for one in some], epoch)
            self.core.take([Delivery(topics.journal(station, kiosk), payload)])

    def _message(self, records: list[AnyRecord | Unreadable], epoch: Epoch) -> bytes:
        """As a kiosk sends them; one that cannot be read is something else than an object."""
        sound = tuple(replace(SOUND, seq=one.seq) if isinstance(one, Unreadable) else one for one in records)
        first = sound[0].seq
        message = json.loads(encode(Journal(Session("5" * 16), next(self._sent), epoch, first, first, sound)))
        message["records"] = [
            "spoilt" if isinstance(one, Unreadable) else fields
            for one, fields in zip(records, message["records"], strict=True)
        ]
        return json.dumps(message).encode()

    def change(self, random: Random) -> None:
        """The city is changed, and the hub notices."""
        change_city(self.hub.engine, random)
        self.core.tidy()

    def go_to(self, now: datetime) -> None:
        """Time passes; it never goes back."""
        self.now = max(self.now, now)
        self.core.city.pass_time(self.now)

    def end(self) -> None:
        """All that is stored is folded, shown and written."""
        while self.core.fold():
            pass
        self.core.write()

    def shown(self) -> dict[str, Any]:
        """What the board knows of the last two days."""
        since_ms = ms_of(self.now - LOOK_BACK)
        stints = {
            one
            for station in STATIONS
            for one in self.core.city.recent.stints(station)
            if max(ms_of(one.stint.ended_at), one.tapped_ms) >= since_ms
        }
        kiosks = {
            kiosk: sorted(
                span
                for span in self.core.city.watching.watched_by(kiosk, self.now, is_heard=False)
                if span[1] >= moment_of(since_ms)
            )
            for kiosk in self.core.city.directory.kiosks
        }
        present = [self.core.city.recent.present(station, self.now) for station in STATIONS]
        return {"stints": stints, "kiosks": kiosks, "present": present}

    def read(self) -> dict[str, Any]:
        """The same, as the ledger says."""
        since_ms = ms_of(self.now - LOOK_BACK)
        with reading(self.hub.engine) as connection:
            stints = {
                one
                for station in STATIONS
                for one in stints_at(connection, station, since_ms, ms_of(self.now) + 600_000)
                if max(ms_of(one.stint.ended_at), one.tapped_ms) >= since_ms
            }
            runs = {run.name.id: run.name.kiosk for run in followed_since(connection, since_ms)}
            watched = watched_in(connection, runs, since_ms)
        kiosks = {
            kiosk: sorted(
                (moment_of(one.since_ms), moment_of(one.until_ms)) for one in watched if runs[one.run] == kiosk
            )
            for kiosk in self.core.city.directory.kiosks
        }
        return {"stints": stints, "kiosks": kiosks}


@contextmanager
def a_life() -> Iterator[Lives]:
    with ledger_bench() as hub:
        yield Lives(hub)


def live_through(lives: Lives, random: Random, patch: pytest.MonkeyPatch, *, is_in_order: bool) -> None:
    """Everything that may happen to a hub, in any sequence; the records in that of their making, or in any."""
    pieces = shuffled(random, journals(random, steps=18))
    if is_in_order:
        pieces.sort(key=lambda piece: piece[-1].made_at + piece[-1].sent_after)
    for piece in pieces:
        lives.go_to(piece[-1].made_at + random.choice((0, 0, 1, 60)) * MINUTE + timedelta(seconds=1))
        match random.choice(("change", "begin", "write", "lose power", "lose power", *[""] * 6)):
            case "change":
                lives.change(random)
            case "begin":
                lives.begin()
            case "write":
                lives.end()
            case "lose power":
                lose_power(patch, random)
        try:
            lives.send(piece)
            if random.random() < 0.5:
                lives.core.write()
        except LostPowerError:
            patch.undo()
            lives.begin()
        patch.undo()
    lives.end()


@pytest.mark.parametrize("is_in_order", [True, False])
@FEW
@given(seed=SEEDS)
def test_after_any_life_the_ledger_is_the_one_made_anew_and_the_board_shows_what_it_says(
    seed: int, is_in_order: bool
) -> None:
    random = Random(seed)
    with a_life() as lives, pytest.MonkeyPatch.context() as patch:
        live_through(lives, random, patch, is_in_order=is_in_order)

        assert lives.hub.differences() == []
        shown = lives.shown()
        assert shown | lives.read() == shown
        lives.begin()
        assert lives.shown() == shown


def test_a_pulse_makes_the_stretch_longer_of_a_run_that_turns_out_to_be_the_last() -> None:
    """The run before it seemed to be the last, until its own beginning came."""
    story, earlier = a_working_day(), KioskStory(KioskId("K-01-1"), S_01, Random(2), now=BEGAN + 390 * MINUTE)
    story.pulse(1)
    for _ in range(2):  # the second is of another boot than the story
        earlier.start(boots=True)
    earlier.now = BEGAN + 423 * MINUTE
    earlier.write(Pulse)
    *beginning, pulse = earlier.written[2:]
    with a_life() as lives:
        lives.go_to(BEGAN + timedelta(hours=8))
        for piece in (story.written, [pulse], beginning):
            lives.send(piece)
        already = len(story.written)
        story.pulse(1)

        lives.send(story.written[already:])

        lives.end()
        assert ("07:00", "07:10") in lives.hub.watched()
        assert lives.hub.differences() == []


def test_a_card_that_is_assigned_between_two_taps_is_its_holders_from_then_on() -> None:
    story = a_working_day()
    tap_at(story, "08:30", Action.ARRIVE, person=99)
    with a_life() as lives:
        lives.go_to(story.now)
        lives.send(story.written)
        before = shown_at(lives)
        with Tables(lives.hub.engine) as tables:
            tables.add_all(card_of(99, from_ms=ms_of(story.now + MINUTE), person="p1"))
            tables.commit()
        raise_edition(lives.hub.engine)

        lives.core.tidy()
        already = len(story.written)
        tap_at(story, "09:00", Action.ARRIVE, person=99)
        lives.go_to(story.now)
        lives.send(story.written[already:])
        lives.end()

        assert before == (0, 1)
        assert shown_at(lives) == (1, 1)
        assert [one[:2] for one in lives.hub.stints()] == [(token_of(99), "08:30"), ("p1", "09:00")]
        assert lives.hub.differences() == []


def card_of(number: int, **holding: Any) -> list[Any]:
    return [
        CardRow(token=token_of(number), technology="iso14443a", added_ms=0),
        Holding(token=token_of(number), **holding),
    ]


def shown_at(lives: Lives) -> tuple[int, int]:
    row = next(row for row in lives.core.city.board.view().rows if row.code == S_01)
    return row.on_duty, row.unknown_cards


def test_new_hours_that_come_between_records_judge_those_before_and_after() -> None:
    story = a_working_day()
    tap_at(story, "08:00", Action.ARRIVE)
    with a_life() as lives:
        lives.go_to(story.now)
        lives.send(story.written)
        with Tables(lives.hub.engine) as tables:
            tables.add(TermsRow(station="S-01", from_day=BEGAN.date() + timedelta(days=1), week=spell_week(LONG_DAYS)))
            tables.commit()
        raise_edition(lives.hub.engine)
        lives.core.tidy()

        already = len(story.written)
        tap_at(story, "12:30", Action.ARRIVE, person=2)
        lives.go_to(story.now)
        lives.send(story.written[already:])
        lives.end()

        assert shown_at(lives) == (2, 0)
        assert lives.hub.stints() == [("p1", "08:00", "20:00", "assumed"), ("p2", "12:30", "20:00", "assumed")]
        assert lives.hub.differences() == []


LONG_DAYS = ((Span(8 * 60, 20 * 60),),) * 7


def test_a_hub_killed_within_a_late_backlog_goes_on_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    story = a_working_day()
    for day in range(3):
        story.now = BEGAN + timedelta(days=day, hours=8)
        story.pulse(150)
        story.tap(1, Action.ARRIVE if day % 2 else Action.LEAVE)
        story.start(boots=bool(day % 2))
    made_ready, writes = Pending.made_ready, []

    def killed(pending: Pending) -> list[PartOfWriting]:
        writes.append(1)
        if len(writes) == 2:
            raise LostPowerError
        return made_ready(pending)

    with a_life() as lives:
        lives.go_to(story.now)
        lives.hub.store(story.written)
        monkeypatch.setattr(Pending, "made_ready", killed)
        lives.core.ledger.touch([1, 2, 3, 4])
        with pytest.raises(LostPowerError):
            lives.end()

        lives.begin()
        lives.end()

        assert lives.hub.differences() == []
        shown = lives.shown()
        assert shown | lives.read() == shown
