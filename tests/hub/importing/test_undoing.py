"""An import is undone as a whole: what nobody changed since goes back, the rest is named and stays."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.alarms.acting import Actor
from hub.alarms.addresses import understand
from hub.changing import commands as asked
from hub.changing import personal
from hub.changing.history import read_history
from hub.changing.proposal import apply
from hub.database.engine import open_engine
from hub.database.import_tables import ImportedRow, ImportRow
from hub.database.people_tables import Holding, Membership, Volunteer
from hub.database.schema import prepare_schema
from hub.database.tables import Kiosk, Station
from hub.database.transactions import reading, writing
from hub.importing.imports import UNDO_WITHIN
from hub.importing.undoing import UndoError, UndoMovedError, look_at_undo, undo_import
from hub.ledger.queries import RUN
from hub.rights import Reach
from station.hours import SHANGHAI
from station.milliseconds import ms_of
from tests.databases import file_url
from tests.hub.changing.test_any_sequence import UNSHRUNK
from tests.hub.importing.desk import Desk

if TYPE_CHECKING:
    from hub.changing.commands import CityCommand
    from hub.importing.undoing import Undone

KEPT = {"change", "edition", "import_", "imported_row", "revision"}
"""What tells of the import, and of its undoing."""


def facts(desk: Desk) -> dict[str, object]:
    return {name: rows for name, rows in desk.everything().items() if name not in KEPT}


def undo(desk: Desk, number: int) -> Undone:
    return undo_import(desk.engine, number, by="clerk", at=desk.now)


def give(desk: Desk, *commands: CityCommand) -> None:
    with writing(desk.engine) as connection:
        outcome = apply(connection, commands, by="li", at=desk.now, zone=SHANGHAI, why="so it is")
    assert not outcome.refusals


def person(desk: Desk, number: str) -> str:
    return next(str(row["person"]) for row in desk.rows(Volunteer) if row["number"] == number)


def test_a_whole_city_goes_back_to_nothing(desk: Desk) -> None:
    before = facts(desk)
    done = desk.import_all()

    undone = undo(desk, done.number)

    assert undone.left == ()
    assert facts(desk) == before
    assert not desk.rows(ImportedRow)
    with pytest.raises(UndoError):
        undo(desk, done.number)
    with pytest.raises(UndoError):
        undo(desk, 99)


def test_it_is_told_what_would_go_back_and_nothing_else_does(desk: Desk) -> None:
    desk.import_all()
    desk.change("志愿者", 2, "姓名", "例改名")
    desk.change("志愿者", 2, "所属站点", "b1")
    desk.now += timedelta(days=1)
    done = desk.import_all()
    before = desk.everything()

    looked = look_at_undo(desk.engine, done.number, at=desk.now)

    assert desk.everything() == before
    assert looked.counts == (("volunteer", 0, 1), ("membership", 1, 1))
    assert sum(removed + restored for _, removed, restored in looked.counts) == looked.rows
    assert undo_import(desk.engine, done.number, by="clerk", at=desk.now, seen=looked.mark) == looked


def test_what_somebody_changed_after_the_look_is_not_undone_unseen(desk: Desk) -> None:
    done = desk.import_all()
    looked = look_at_undo(desk.engine, done.number, at=desk.now)
    give(desk, asked.TrainPerson(person(desk, "V1"), desk.now.date()))
    before = desk.everything()

    with pytest.raises(UndoMovedError):
        undo_import(desk.engine, done.number, by="clerk", at=desk.now, seen=looked.mark)

    assert desk.everything() == before
    again = look_at_undo(desk.engine, done.number, at=desk.now)
    give(desk, asked.TrainPerson(person(desk, "V1"), desk.now.date() - timedelta(days=1)))  # who stays anyhow
    assert undo_import(desk.engine, done.number, by="clerk", at=desk.now, seen=again.mark).left == again.left


def test_what_was_changed_goes_back_to_what_it_was(desk: Desk) -> None:
    desk.import_all()
    before = facts(desk)
    desk.change("志愿者", 2, "姓名", "例改名")
    desk.change("志愿者", 2, "所属站点", "b1")
    desk.change("站点", 2, "站点名称", "例城中医院学雷锋志愿服务点")
    desk.change("卡", 2, "志愿者编号", "V2")
    desk.now += timedelta(days=1)
    done = desk.import_all()
    assert facts(desk) != before

    assert undo(desk, done.number).left == ()

    assert facts(desk) == before
    with reading(desk.engine) as connection:
        lines = [line for line in read_history(connection, person=person(desk, "V1"))[0] if line.what == "undo_import"]
    assert [(line.by, line.why) for line in lines] == [("clerk", f"undo import {done.number}")]


def test_what_somebody_changed_since_stays_and_is_named(desk: Desk) -> None:
    done = desk.import_all()
    give(desk, asked.TrainPerson(person(desk, "V1"), desk.now.date()), asked.EnterStation("b1", short_name="例行"))

    undone = undo(desk, done.number)

    assert ("person", "V1") in undone.left
    assert ("station", "b1") in undone.left
    assert ("person", "V2") not in undone.left
    assert [row["number"] for row in desk.rows(Volunteer)] == ["V1"]
    assert {row["code"] for row in desk.rows(Station)} >= {"b1"}
    assert {row["person"] for row in desk.rows(Holding)} <= {person(desk, "V1")}


def test_who_is_told_of_a_stations_alarms_keeps_no_import_from_being_undone(desk: Desk) -> None:
    done = desk.import_all()
    told = understand("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=made-up")
    with writing(desk.engine) as connection:
        Actor(connection, "li", ms_of(desk.now)).enter_channel("lead", told, Reach(station="b1"), tells_short=False)

    assert undo(desk, done.number).left == ()


def test_what_was_added_to_somebody_since_overlaps_nothing_that_goes_back(desk: Desk) -> None:
    desk.import_all()
    desk.change("志愿者", 2, "所属站点", "b1")
    desk.now += timedelta(days=1)
    done = desk.import_all()
    whom = person(desk, "V1")
    give(desk, asked.SetMemberships(whom, frozenset({"h1"})))
    before = desk.rows(Membership)

    assert ("person", "V1") in undo(desk, done.number).left

    assert desk.rows(Membership) == before


def test_a_kiosk_that_has_spoken_stays_with_its_station(desk: Desk) -> None:
    done = desk.import_all()
    with desk.engine.begin() as connection:
        needed = [column for column in RUN.c if not column.nullable and column.name not in {"id", "kiosk", "station"}]
        rest = {column.name: "e" if column.type.python_type is str else 0 for column in needed}
        connection.execute(RUN.insert().values({"kiosk": "k1", "station": "h1"} | rest))

    undone = undo(desk, done.number)

    assert {kind for kind, _ in undone.left} >= {"kiosk", "station"}
    assert [row["id"] for row in desk.rows(Kiosk)] == ["k1"]
    assert [row["code"] for row in desk.rows(Station)] == ["h1"]


def test_who_was_erased_since_is_in_nothing_that_is_kept(desk: Desk) -> None:
    done = desk.import_all()
    whom = person(desk, "V1")
    give(desk, asked.LeavePerson(whom), personal.ErasePerson(whom))
    assert "例乙丑" not in str(desk.everything())

    undo(desk, done.number)

    assert [(row["person"], row["full_name"]) for row in desk.rows(Volunteer)] == [(whom, "")]


def test_what_is_a_week_old_can_be_undone_no_more_and_is_forgotten(desk: Desk) -> None:
    desk.import_all()
    desk.change("志愿者", 2, "星级", "3")
    desk.now += UNDO_WITHIN + timedelta(seconds=1)
    desk.import_all()

    assert [row["number"] for row in desk.rows(ImportRow)] == [1, 2]
    with pytest.raises(UndoError):
        undo(desk, 1)
    assert {row["import_number"] for row in desk.rows(ImportedRow)} == {2}


def test_an_import_that_changes_nothing_is_none(desk: Desk) -> None:
    desk.import_all()

    assert desk.import_all().number == 0
    assert len(desk.rows(ImportRow)) == 1


CELLS = st.sampled_from([
    ("志愿者", 2, "姓名", "例改名"), ("志愿者", 3, "所属站点", "h1"), ("志愿者", 2, "星级", "5"), ("站点", 2, "简称", "例"),
    ("站点", 3, "服务时间", "09:00-10:00"), ("终端", 2, "入口", "东门"), ("卡", 2, "志愿者编号", "V2"),
])  # fmt: skip


@settings(max_examples=15, deadline=None, phases=UNSHRUNK)
@given(edits=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=3))
def test_imports_undone_one_after_the_other_lead_back_the_way_they_came(
    edits: list[list[tuple[str, int, str, str]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(file_url(Path(folder)))
        prepare_schema(engine)
        desk = Desk(Path(folder), engine)
        desk.import_all()
        states, numbers = [facts(desk)], []
        for cells in edits:
            for cell in cells:
                desk.change(*cell)
            desk.now += timedelta(hours=1)
            numbers.append(desk.import_all().number)
            states.append(facts(desk))
        for number, before in zip(reversed(numbers), reversed(states[:-1]), strict=True):
            if number:
                assert undo(desk, number).left == ()
            assert facts(desk) == before
        engine.dispose()
