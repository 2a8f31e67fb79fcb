"""The ledger kept live is the one that is made anew from the records, whatever came when and however often."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete
from sqlmodel import Session

from hub.database.people_tables import CardRow, Holding, Loss, Volunteer
from hub.database.tables import TermsRow
from hub.database.transactions import Database
from hub.findings import Findings
from hub.ledger import ledger as ledger_module
from hub.ledger import pending
from hub.ledger.pending import PartOfWriting, Pending
from hub.ledger.queries import LEDGER_RUN, STINT
from hub.ledger.supervision import Supervision
from hub.register.spelling import spell_week
from station.clock import Clock
from station.hours import Span
from station.milliseconds import ms_of
from station.names import KioskId, StationCode
from station.records import Action
from tests.hub.cities import ADDED_MS, SINCE, raise_edition, token_of
from tests.hub.ledger.bench import LedgerBench, ledger_bench
from tests.hub.ledger.stories import BEGAN, KioskStory, Written, a_working_day, some_days

pytestmark = pytest.mark.usefixtures("either_database")

SEEDS = st.integers(0, 2**32)
# The same seeds each time, and not shrunk: a seed says nothing by its size. An example is a whole hub's life.
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def journals(random: Random, steps: int = 18) -> list[list[Written]]:
    return [
        some_days(random, kiosk, station, steps=steps) for kiosk, station in (("K-01-1", "S-01"), ("K-02-1", "S-02"))
    ]


def shuffled(random: Random, journals: list[list[Written]]) -> list[list[Written]]:
    """Pieces of all journals in any order, some of them twice, some much later than they were made."""
    pieces = []
    for journal in journals:
        place = 0
        while place < len(journal):
            size = random.randint(1, 12)
            delay = timedelta(hours=random.choice((0, 0, 0, 30, 300)))
            pieces.append([replace(one, sent_after=delay) for one in journal[place : place + size]])
            place += size
    pieces += random.sample(pieces, len(pieces) // 4)
    random.shuffle(pieces)
    return pieces


@FEW
@given(SEEDS)
def test_in_whatever_order_records_come_the_ledger_is_the_one_made_anew(seed: int) -> None:
    random = Random(seed)
    with ledger_bench() as hub:
        for piece in shuffled(random, journals(random)):
            hub.take(piece)

        assert hub.differences() == []


@FEW
@given(SEEDS)
def test_in_order_or_all_at_once_is_the_same(seed: int) -> None:
    random = Random(seed)
    written = [one for journal in journals(random) for one in journal]
    with ledger_bench() as live, ledger_bench() as late:
        for place in range(0, len(written), 7):
            live.take(written[place : place + 7])

        late.store(written)
        late.ledger.catch_up()

        assert live.everything() == late.everything()
        assert live.differences() == []


@FEW
@given(SEEDS)
def test_new_runs_taken_in_parts_make_the_same_ledger(seed: int) -> None:
    random = Random(seed)
    with ledger_bench() as hub, pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger_module, "MOST_ROWS", random.randint(1, 6))
        for piece in shuffled(random, journals(random)):
            hub.ledger.touch(hub.store(piece))
            if random.random() < 0.5 and hub.ledger.has_more:
                hub.ledger.step()
            if random.random() < 0.2:
                hub.ledger.write()
        hub.ledger.catch_up()

        assert hub.differences() == []


class LostPowerError(BaseException):
    """The process is gone; nothing in it can be said to catch that."""


@FEW
@given(SEEDS)
def test_a_hub_killed_at_any_commit_catches_up_and_doubles_nothing(seed: int) -> None:
    random = Random(seed)
    with ledger_bench() as hub, pytest.MonkeyPatch.context() as patch:
        for piece in shuffled(random, journals(random)):
            lose_power(patch, random)
            try:
                hub.take(piece)
            except LostPowerError:
                patch.undo()
                hub.restart()
        patch.undo()
        hub.ledger.catch_up()

        assert hub.differences() == []


def lose_power(patch: pytest.MonkeyPatch, random: Random) -> None:
    """At one of the writings within a transaction, or just after its commit, or not at all."""
    writing = Database.writing

    def never_written(*_: object, **__: object) -> None:
        raise LostPowerError

    @contextmanager
    def written(database: Database) -> Iterator[object]:
        with writing(database) as connection:
            yield connection
        raise LostPowerError

    name = random.choice(["put_rows", "delete_each", "writing", None, None])
    if name == "writing":
        patch.setattr(Database, name, written)
    elif name is not None:
        patch.setattr(pending, name, never_written)


@FEW
@given(SEEDS)
def test_imports_between_records_change_the_past_as_if_they_had_always_been(seed: int) -> None:
    random = Random(seed)
    with ledger_bench() as hub:
        for piece in shuffled(random, journals(random, steps=14)):
            if random.random() < 0.2:
                an_import(hub, random)
            hub.take(piece)

        assert hub.differences() == []


def an_import(hub: LedgerBench, random: Random) -> None:
    """The city changes, and the ledger is told."""
    change_city(hub.engine, random)
    hub.ledger.learn(hub.directory())


def change_city(engine: Engine, random: Random) -> None:
    """A card changes hands, is lost, or a station's hours change from some day on."""
    with Session(engine) as session:
        token = token_of(random.choice((1, 2, 4, 99)))
        session.merge(CardRow(token=token, technology="iso14443a", added_ms=ADDED_MS))
        session.exec(delete(Holding).where(Holding.token == token))
        session.exec(delete(Loss).where(Loss.token == token))
        session.flush()
        since_ms = 0
        for until_ms in random.choice(((None,), (None,), (some_ms(random), None))):
            if (person := random.choice(("p1", "p2", "p4", None))) is not None:
                session.add(Holding(token=token, from_ms=since_ms, until_ms=until_ms, person=person))
            since_ms = until_ms
        if random.random() < 0.2:
            session.add(Loss(token=token, from_ms=random.choice((0, some_ms(random)))))
        if random.random() < 0.5:
            since = random.choice((SINCE, SINCE.replace(2026, 3, 6), SINCE.replace(2027, 1, 1)))
            opens = random.randint(6, 10) * 60
            week = spell_week(((Span(opens, opens + 540),),) * 7)
            session.merge(TermsRow(station="S-01", from_day=since, week=week))
        session.commit()
    raise_edition(engine)


def some_ms(random: Random) -> int:
    """A moment of the stories."""
    return ms_of(BEGAN) + random.randint(0, 6 * 86_400_000)


def test_a_crash_between_storing_and_folding_is_made_good_at_the_start() -> None:
    with ledger_bench() as hub:
        days = some_days(Random(5), "K-01-1", "S-01", steps=20)
        hub.take(days[:15])
        hub.store(days[15:])

        hub.restart()
        hub.ledger.catch_up()

        assert sum(row["folded"] for row in hub.rows(LEDGER_RUN)) == len(days)
        assert hub.differences() == []


def test_what_fails_alone_is_left_out_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    place_anew = ledger_module.place_anew

    def broken(connection, unplaced, change, **more):
        if any(name.kiosk == "K-01-1" for name in unplaced.names.values()):
            raise ZeroDivisionError
        return place_anew(connection, unplaced, change, **more)

    with ledger_bench() as hub:
        hub.store(some_days(Random(5), "K-01-1", "S-01", steps=5))
        hub.store(some_days(Random(5), "K-02-1", "S-02", steps=5))
        monkeypatch.setattr(ledger_module, "place_anew", broken)

        left_out = step_over_faults(hub)

        assert len(left_out) == 1
        assert {row["person"] for row in hub.rows(STINT)} != set()
        monkeypatch.undo()
        hub.restart()
        hub.ledger.catch_up()
        assert hub.differences() == []


def test_a_fault_that_does_not_come_again_slows_only_what_was_due(monkeypatch: pytest.MonkeyPatch) -> None:
    with ledger_bench() as hub:
        kiosks = (("K-01-1", "S-01"), ("K-02-1", "S-02"))
        later = [some_days(Random(5), kiosk, station, steps=5) for kiosk, station in kiosks]
        hub.store(days[0] for days in later)
        monkeypatch.setattr(ledger_module, "place_anew", broken_once(ledger_module.place_anew))
        left_out = step_over_faults(hub)
        for days in later:
            hub.ledger.touch(hub.store(days[1:]))

        hub.step()

        assert left_out == []
        assert not hub.ledger.has_more
        assert hub.differences() == []


def test_of_a_changed_city_only_what_the_database_refuses_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three cards become nobody's; the stint of one of them cannot be written."""
    cards = {person: token_of(person) for person in (1, 2, 4)}
    with ledger_bench() as hub:
        story = a_working_day()
        for person in cards:
            story.tap(person, Action.ARRIVE)
        hub.take(story.written)
        with Session(hub.engine) as session:
            session.exec(delete(Holding))
            session.commit()
        raise_edition(hub.engine)
        made_ready = Pending.made_ready

        def refused(pending: Pending) -> list[PartOfWriting]:
            if pending._stints.get(cards[1]):
                pending._stints[cards[1]] = {
                    name: one._replace(counted=None)  # type: ignore[arg-type]
                    for name, one in pending._stints[cards[1]].items()
                }
            return made_ready(pending)

        monkeypatch.setattr(Pending, "made_ready", refused)
        hub.ledger.learn(hub.directory())
        supervision = Supervision(hub.ledger, Findings(Clock()), lambda: None)

        while hub.ledger.has_more:
            supervision.attempt(hub.ledger.step)
            if hub.ledger.is_full:
                supervision.attempt(hub.ledger.write)
        supervision.attempt(hub.ledger.write)

        assert {row["person"] for row in hub.rows(STINT)} == {"p1", cards[2], cards[4]}


def broken_once(work: Callable[..., set[int]]) -> Callable[..., set[int]]:
    """The same, but for the first time."""
    faults = [ZeroDivisionError()]

    def tried(*arguments: object, **more: object) -> set[int]:
        if faults:
            raise faults.pop()
        return work(*arguments, **more)

    return tried


def step_over_faults(hub: LedgerBench) -> list[str]:
    left_out = []
    while hub.ledger.has_more:
        try:
            hub.step()
        except ZeroDivisionError:
            found = hub.ledger.pass_over()
            left_out += [found] if found else []
    return left_out


def test_a_volunteer_who_gets_another_card_is_one_person_in_the_past_too() -> None:
    with ledger_bench() as hub:
        hub.take(some_days(Random(8), "K-01-1", "S-01", steps=40))
        assert token_of(99) in {row["person"] for row in hub.rows(STINT)}
        with Session(hub.engine) as session:
            session.add(Volunteer(person="p9", number="N9", full_name="样本人"))
            session.flush()
            session.add(CardRow(token=token_of(99), technology="iso14443a", added_ms=ADDED_MS))
            session.flush()
            session.add(Holding(token=token_of(99), from_ms=0, person="p9"))
            session.commit()
        raise_edition(hub.engine)

        hub.restart()
        hub.ledger.catch_up()

        persons = {row["person"]: row["counted"] for row in hub.rows(STINT)}
        assert token_of(99) not in persons
        assert persons["p9"]
        assert hub.differences() == []


def test_a_step_takes_few_records_however_many_long_runs_wait_that_hold_no_tap() -> None:
    with ledger_bench() as hub:
        for number in range(20):
            story = KioskStory(KioskId(f"K-{number:02}-1"), StationCode("S-01"), Random(number))
            story.start(boots=True)
            story.pulse(150)
            hub.store(story.written)

        change = hub.ledger.step()

        assert 0 < sum(outline.last_seq for outline in change.outlines) <= 700
        hub.ledger.catch_up()
        assert hub.differences() == []
