"""Taps that somebody corrected: what the ledger makes of them, in whatever order, and when it is made anew."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from hub.changing import corrections as asked
from hub.changing.proposal import apply
from hub.database.history_table import RevisionRow
from hub.database.transactions import reading, writing
from hub.exporting.day import DayExport
from hub.ledger.queries import LEDGER_TAP, RECORD, RUN, STINT
from hub.presence.board_view import WhyNot
from hub.presence.past_days import known_day
from hub.presence.station_day import picture_of
from hub.register.rulebook import Rulebook
from simulator.oracle.amendments import corrections_are_kept
from station.fold import PlacedTap, fold
from station.hours import SHANGHAI
from station.milliseconds import ms_of
from station.names import HUB_KIOSK, Epoch, KioskId, PersonId, RecordName, Seq, StationCode
from station.records import Action, Tap
from tests.hub.cities import token_of
from tests.hub.ledger.bench import LedgerBench, ledger_bench
from tests.hub.ledger.stories import BEGAN, MINUTE, a_working_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.changing.commands import CityCommand
    from hub.changing.proposal import Outcome
    from tests.hub.ledger.stories import KioskStory

S_01 = "S-01"
NOON = BEGAN + 36 * 60 * MINUTE  # of the day after


def at(text: str) -> datetime:
    hours, minutes = text.split(":")
    return BEGAN + int(hours) * 60 * MINUTE + int(minutes) * MINUTE


def a_day(*acts: tuple[str, Action] | tuple[str, Action, int]) -> KioskStory:
    story = a_working_day()
    for text, action, *person in acts:
        story.now = at(text)
        story.tap(person[0] if person else 1, action)
    return story


def give(hub: LedgerBench, *commands: CityCommand, why: str = "他补说的") -> Outcome:
    """Correct taps on the day after; a serving hub learns of it."""
    with writing(hub.engine) as connection:
        outcome = apply(connection, commands, by="站长", at=NOON.astimezone(UTC), zone=SHANGHAI, why=why)
    hub.ledger.learn(hub.directory())
    hub.ledger.catch_up()
    return outcome


def names(story: KioskStory) -> list[RecordName]:
    return [RecordName(one.kiosk, one.epoch, one.record.seq) for one in story.written if isinstance(one.record, Tap)]


def own(hub: LedgerBench, seq: int) -> RecordName:
    epoch = next(row["epoch"] for row in hub.rows(RUN) if row["kiosk"] == HUB_KIOSK)
    return RecordName(HUB_KIOSK, Epoch(epoch), Seq(seq))


FORGOTTEN = (("08:00", Action.ARRIVE),)
CAME_AND_LEFT = (("08:00", Action.ARRIVE), ("10:30", Action.LEAVE))


@pytest.mark.usefixtures("either_database")
def test_a_forgotten_leave_is_added_and_ends_the_stint() -> None:
    with ledger_bench() as hub:
        hub.take(a_day(*FORGOTTEN).written)

        give(hub, asked.AddTap(S_01, "p1", "leave", at("10:45")))

        assert hub.stints() == [("p1", "08:00", "10:45", "leave")]
        assert hub.differences() == []


@pytest.mark.usefixtures("either_database")
def test_a_tap_taken_out_is_there_again_when_that_is_taken_back() -> None:
    story = a_day(*CAME_AND_LEFT)
    with ledger_bench() as hub:
        hub.take(story.written)
        before = hub.rows(STINT)

        give(hub, asked.VoidTap(S_01, names(story)[1]))
        assert hub.stints() == [("p1", "08:00", "11:30", "assumed")]
        assert hub.differences() == []
        give(hub, asked.VoidTap(S_01, own(hub, 1)))

        assert hub.rows(STINT) == before
        assert hub.differences() == []


def test_a_tap_is_moved_and_keeps_its_name_and_its_record() -> None:
    story = a_day(*CAME_AND_LEFT)
    with ledger_bench() as hub:
        hub.take(story.written)
        records = [row for row in hub.rows(RECORD) if row["kind"] != "amend"]

        give(hub, asked.RetimeTap(S_01, names(story)[0], at("08:20")))

        assert hub.stints() == [("p1", "08:20", "10:30", "leave")]
        assert [row for row in hub.rows(RECORD) if row["kind"] != "amend"] == records
        assert hub.differences() == []


def test_what_a_late_record_moves_leaves_a_corrected_tap_where_it_was_put() -> None:
    story = a_day(*CAME_AND_LEFT)
    late = [one for one in story.written if isinstance(one.record, Tap)][1:]
    with ledger_bench() as hub:
        hub.take([one for one in story.written if one not in late])
        give(hub, asked.RetimeTap(S_01, names(story)[0], at("08:20")))

        hub.take(late)

        assert hub.stints() == [("p1", "08:20", "10:30", "leave")]
        assert hub.differences() == []


def test_a_day_on_paper_counts_for_hours_and_with_page_and_row_for_coverage() -> None:
    with ledger_bench() as hub:
        hub.take(a_day().written)

        give(hub, asked.AddTap(S_01, "p2", "arrive", at("08:00"), "登记册第3页第2行"),
             asked.AddTap(S_01, "p2", "leave", at("11:00"), "登记册第3页第2行"),
             asked.AddTap(S_01, "p1", "arrive", at("08:30")), asked.AddTap(S_01, "p1", "leave", at("11:00")))  # fmt: skip

        assert hub.stints() == [("p2", "08:00", "11:00", "leave"), ("p1", "08:30", "11:00", "leave")]
        assert {row["person"]: row["unproven"] for row in hub.rows(STINT)} == {"p2": False, "p1": True}
        assert hub.differences() == []


def test_a_stint_is_accepted_up_to_its_end_or_as_said_and_no_more_than_twelve_hours() -> None:
    story = a_day(*FORGOTTEN)
    with ledger_bench() as hub:
        hub.take(story.written)
        (stint,) = hub.rows(STINT)

        give(hub, asked.ConfirmTap(S_01, names(story)[0]))
        assert hub.rows(STINT)[0]["confirmed_ms"] == stint["ended_ms"]
        give(hub, asked.ConfirmTap(S_01, names(story)[0], at("11:00")))

        assert hub.rows(STINT)[0]["confirmed_ms"] == stint["began_ms"] + 3 * 3_600_000
        assert hub.differences() == []


def test_what_followed_of_the_past_is_told_with_the_change() -> None:
    story = a_day(*FORGOTTEN)
    with ledger_bench() as hub:
        hub.take(story.written)

        give(hub, asked.AddTap(S_01, "p1", "leave", at("10:45")))

        with reading(hub.engine) as connection:
            (revised,) = connection.execute(select(RevisionRow)).mappings()
        assert (revised["station"], revised["person_before"]) == (S_01, "p1")


def test_what_is_said_of_a_tap_is_not_carried_out_of_the_hub_with_the_day() -> None:
    with ledger_bench() as hub:
        hub.take(a_day(*FORGOTTEN).written)
        give(hub, asked.AddTap(S_01, "p1", "leave", at("10:45"), asked_by="样本甲"), why="样本乙说的")

        with reading(hub.engine) as connection:
            case = DayExport(connection, hub.directory(), b"salt").case(StationCode(S_01), BEGAN.date() + timedelta(1))

        assert {entry["kiosk"] for entry in case["records"]} == {"K-01-1"}
        assert "样本" not in json.dumps(case, ensure_ascii=False)


def test_a_stint_that_is_only_said_to_have_been_is_shown_as_covering_nothing() -> None:
    with ledger_bench() as hub:
        hub.take(a_day().written)
        give(hub, asked.AddTap(S_01, "p1", "arrive", at("08:30")), asked.AddTap(S_01, "p1", "leave", at("11:00")))

        book, day = Rulebook(hub.directory()), BEGAN.date() + timedelta(1)
        with reading(hub.engine) as connection:
            known = known_day(connection, book, StationCode(S_01), day, NOON)
        rules = book.rules(StationCode(S_01), day, day)
        (bar,) = picture_of(known, None, rules, book, ()).bars  # type: ignore[arg-type]

        assert bar.why_not is WhyNot.UNPROVEN


def test_only_whom_it_is_about_is_folded_again() -> None:
    story = a_day(("08:00", Action.ARRIVE), ("08:10", Action.ARRIVE, 2), ("10:00", Action.LEAVE, 2))
    with ledger_bench() as hub:
        hub.take(story.written)
        with writing(hub.engine) as connection:
            said = {"by": "站长", "at": NOON.astimezone(UTC), "zone": SHANGHAI, "why": "忘了"}
            apply(connection, [asked.AddTap(S_01, "p1", "leave", at("10:45"))], **said)
        hub.ledger.learn(hub.directory())

        changes = hub.ledger.catch_up()

        assert {one.person for change in changes for one in (*change.stints, *change.gone)} == {"p1"}


def test_a_killed_hub_goes_on_with_what_was_not_folded() -> None:
    story = a_day(*FORGOTTEN)
    with ledger_bench() as hub:
        hub.take(story.written)
        with writing(hub.engine) as connection:
            said = {"by": "站长", "at": NOON.astimezone(UTC), "zone": SHANGHAI, "why": "忘了"}
            apply(connection, [asked.AddTap(S_01, "p1", "leave", at("10:45"))], **said)

        hub.restart()
        hub.ledger.catch_up()

        assert hub.stints() == [("p1", "08:00", "10:45", "leave")]
        assert hub.differences() == []


class Said(NamedTuple):
    """One correction, by indices into what there is."""

    what: str
    which: int
    minute: int


SAYINGS = st.lists(
    st.builds(
        Said, st.sampled_from(("void", "back", "add", "retime", "confirm")), st.integers(0, 7), st.integers(420, 1100)
    ),
    max_size=7,
)
DAY = (
    ("07:50", Action.ARRIVE), ("10:30", Action.LEAVE), ("14:40", Action.ARRIVE), ("17:40", Action.LEAVE),
    ("08:10", Action.ARRIVE, 2), ("11:20", Action.LEAVE, 2),
)  # fmt: skip


class Naive:
    """What was said, read as a person would: a list of taps, and each saying undone by leaving it out."""

    def __init__(self, story: KioskStory) -> None:
        self.taps = {RecordName(one.kiosk, one.epoch, one.record.seq): one for one in story.written
                     if isinstance(one.record, Tap)}  # fmt: skip
        self.sayings: list[tuple[RecordName, CityCommand]] = []

    def placed(self, person: int) -> list[PlacedTap]:
        token, who = token_of(person), PersonId(f"p{person}")
        void, moved, added = set[RecordName](), dict[RecordName, datetime](), dict[RecordName, asked.AddTap]()
        for name, one in self._kept():
            match one:
                case asked.VoidTap():
                    void.add(one.of)
                case asked.RetimeTap():
                    moved[one.of] = one.at
                case asked.AddTap():
                    added[name] = one
        found = [(name, self.taps[name].record.at, self.taps[name].record.action, True)
                 for name in self.taps if self.taps[name].record.token == token]  # fmt: skip
        found += [(n, one.at, Action(one.action), bool(one.evidence)) for n, one in added.items() if one.person == who]
        return [
            PlacedTap(moved.get(name, when), *name, StationCode(S_01), action, proves=proves)
            for name, when, action, proves in found
            if name not in void
        ]

    def _kept(self) -> Iterable[tuple[RecordName, CityCommand]]:
        own = {name for name, _ in self.sayings}
        gone = set[RecordName]()
        for name, one in reversed(self.sayings):
            if name not in gone and isinstance(one, asked.VoidTap) and one.of in own:
                gone.add(one.of)
        return [(name, one) for name, one in self.sayings if name not in gone]


def command_of(one: Said, naive: Naive, epoch: Epoch) -> CityCommand | None:
    taps = [*naive.taps, *(name for name, said in naive.sayings if isinstance(said, asked.AddTap))]
    of, moment = taps[one.which % len(taps)], BEGAN + one.minute * MINUTE
    match one.what:
        case "void":
            return asked.VoidTap(S_01, of)
        case "back" if naive.sayings:
            return asked.VoidTap(S_01, naive.sayings[one.which % len(naive.sayings)][0])
        case "add":
            action = "arrive" if one.which % 2 else "leave"
            return asked.AddTap(S_01, f"p{1 + one.which // 4}", action, moment, "第1页第1行" if one.which % 3 else "")
        case "retime":
            return asked.RetimeTap(S_01, of, moment)
        case "confirm":
            return asked.ConfirmTap(S_01, of)
    return None


def evidence_of(hub: LedgerBench) -> dict[str, list[dict[str, object]]]:
    """The hub's own journal and the ledger's taps as plain JSON, for the oracle, which knows no room."""
    runs = {row["id"]: (row["kiosk"], row["epoch"]) for row in hub.rows(RUN)}
    amendments = [
        {
            "name": [*runs[row["run"]], row["seq"]], **(fields := json.loads(row["body"])),
            "at_ms": ms_of(datetime.fromisoformat(fields["at"])) if "at" in fields else None,
        }
        for row in hub.rows(RECORD)
        if row["kind"] == "amend"
    ]  # fmt: skip
    taps = [
        {
            "name": [*runs[row["run"]], row["seq"]], "at_ms": row["at_ms"], "confirmed_ms": row["confirmed_ms"],
            "recorded_ms": row["at_ms"] if row["recorded_ms"] is None else row["recorded_ms"],
            "void": row["mark"] == "void",
        }
        for row in hub.rows(LEDGER_TAP)
    ]  # fmt: skip
    return {"amendments": amendments, "amended": taps}


@settings(max_examples=40, deadline=None)
@given(SAYINGS)
def test_any_corrections_are_what_a_person_would_read_and_a_rebuild_agrees(sayings: list[Said]) -> None:
    story = a_day(*sorted(DAY, key=lambda act: act[0]))
    with ledger_bench() as hub:
        hub.take(story.written)
        naive, epoch = Naive(story), Epoch("")
        for one in sayings:
            command = command_of(one, naive, epoch)
            if command is None or not give(hub, command).changes:
                continue
            epoch = own(hub, 1).epoch
            naive.sayings.append((RecordName(KioskId(HUB_KIOSK), epoch, Seq(len(naive.sayings) + 1)), command))

        rules = Rulebook(hub.directory()).rules_about(BEGAN)
        for person in (1, 2):
            wanted = [(s.began_at, s.unproven) for s in fold(naive.placed(person), rules).stints]
            found = [
                (datetime.fromtimestamp(row["began_ms"] / 1000, UTC), bool(row["unproven"]))
                for row in sorted(hub.rows(STINT), key=lambda row: (row["tapped_ms"], row["began_ms"]))
                if row["person"] == f"p{person}"
            ]
            assert sorted(found) == sorted(wanted)
        assert hub.differences() == []
        assert list(corrections_are_kept(evidence_of(hub))) == []
        everything = hub.everything()
        hub.restart()
        hub.ledger.catch_up()
        assert hub.everything() == everything
