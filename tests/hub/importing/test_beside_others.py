"""An import beside others: nobody waits while it reckons, and what they change meanwhile is not written over."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from secrets import token_hex
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert
from sqlmodel import col, select

import hub.importing.writing as writing_in_slices
from hub.database.engine import open_engine
from hub.database.journal_tables import Run
from hub.database.people_tables import Volunteer
from hub.database.tables import Edition, Station
from hub.database.transactions import writing
from hub.importing.sheet_faults import ImportRefusedError
from hub.importing.sheet_forms import FormName
from hub.importing.work import LineCount
from hub.importing.writing import FIRST, LEAST, LET_GO_S
from tests.databases import be_impatient
from tests.hub.importing.desk import NOW, Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CROWD = 3 * FIRST
CHANGES_OF_ONE = 5  # at most: the person, the station, the card, whose it is
BEFORE = 1  # time the clock is asked before the tables are read


@contextmanager
def beside(desk: Desk) -> Iterator[Desk]:
    """Another clerk at the same database, who waits for nobody."""
    other = Desk(desk.folder / "other", open_engine(desk.engine.url.render_as_string(hide_password=False)))
    other.folder.mkdir(exist_ok=True)
    be_impatient(other.engine)
    try:
        yield other
    finally:
        other.engine.dispose()


def enter_a_crowd(desk: Desk, count: int = CROWD) -> None:
    desk.sheets["志愿者"] = [
        ["志愿者编号", "姓名", "所属站点", "星级", "培训日期"],
        *([f"N{n}", "例乙丑", "h1", "", ""] for n in range(count)),
    ]
    desk.sheets["卡"] = [
        ["卡号", "卡技术", "卡号格式", "卡号前缀", "志愿者编号"],
        *([f"04{n:012x}", "NTAG", "hex", "", f"N{n}"] for n in range(count)),
    ]


def import_beside(desk: Desk, *, reckoning: Callable[[], object] = int, between: Callable[[], object] = int) -> None:
    """Import with others at work: while it reckons, and between two slices."""

    def now() -> datetime:
        reckoning()
        return NOW

    def pause(seconds: float) -> None:
        assert seconds >= LET_GO_S
        between()

    replace(desk.importer(), now=now, pause=pause).import_files(desk.write())


def store_something(other: Desk) -> None:
    with writing(other.engine) as connection:
        connection.execute(insert(Run), [a_run()])


def a_run() -> dict[str, object]:
    return Run(kiosk="k1", epoch=token_hex(8), station="h1").model_dump(exclude={"id"})


def test_others_store_while_an_import_reckons(desk: Desk) -> None:
    stored = []
    with beside(desk) as other:
        import_beside(desk, reckoning=lambda: stored.append(store_something(other)))

    assert len(stored) == 1 + BEFORE


def test_nothing_stops_the_whole_hub_to_look_for_cycles_among_the_people_of_an_import(desk: Desk) -> None:
    looked_for: list[bool] = []
    enter_a_crowd(desk)

    import_beside(desk, between=lambda: looked_for.append(gc.isenabled()))
    desk.sheets["志愿者"][1][2] = "nowhere"
    with pytest.raises(ImportRefusedError):
        import_beside(desk)

    assert looked_for
    assert not any(looked_for)
    assert gc.isenabled()


def test_others_store_between_the_slices_of_a_large_import(desk: Desk) -> None:
    stored = []
    enter_a_crowd(desk)
    with beside(desk) as other:
        import_beside(desk, between=lambda: stored.append(store_something(other)))

    assert len(stored) >= 2
    assert len(desk.rows(Volunteer)) == CROWD


def test_a_machine_that_is_slow_today_does_not_cut_an_import_into_single_lines(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_second_each = SimpleNamespace(monotonic=partial(next, count(step=1.0)))
    monkeypatch.setattr(writing_in_slices, "time", a_second_each)
    let_go: list[None] = []
    enter_a_crowd(desk)

    import_beside(desk, between=lambda: let_go.append(None))

    assert len(let_go) <= CHANGES_OF_ONE * CROWD / LEAST


def test_an_unchanged_import_and_a_look_take_no_lock_at_all(desk: Desk) -> None:
    desk.import_all()
    with beside(desk) as other, other.engine.begin() as connection:
        connection.execute(insert(Run), [a_run()])
        again, look = desk.import_all(), desk.import_all(dry_run=True)

    assert again.counts == look.counts
    assert again.counts[FormName.VOLUNTEERS] == LineCount(0, 0, 2)


def test_what_somebody_changed_meanwhile_is_reckoned_with(desk: Desk) -> None:
    desk.import_all()
    desk.change("站点", 2, "负责人", "例辛酉")
    turns = []

    def meanwhile(other: Desk) -> None:
        turns.append(1)
        if len(turns) == 1 + BEFORE:
            other.change("志愿者", 2, "姓名", "例庚申")
            other.import_all()

    with beside(desk) as other:
        import_beside(desk, reckoning=lambda: meanwhile(other))

    assert len(turns) == 2 + BEFORE
    assert {row["lead"] for row in desk.rows(Station)} == {"例辛酉", ""}
    assert "例庚申" not in {row["full_name"] for row in desk.rows(Volunteer)}  # the later sheet says otherwise


def test_what_somebody_changed_between_slices_keeps_the_rest_right(desk: Desk) -> None:
    enter_a_crowd(desk)
    done = []

    def meanwhile(other: Desk) -> None:
        if not done:
            done.append(other.import_all())

    with beside(desk) as other:
        import_beside(desk, between=lambda: meanwhile(other))

    assert len(desk.rows(Volunteer)) == CROWD + 2
    assert desk.import_all().counts[FormName.CARDS] == LineCount(0, 0, CROWD)


def test_a_fault_that_others_made_meanwhile_says_that_a_part_is_imported(desk: Desk) -> None:
    enter_a_crowd(desk)

    def close_the_hospital(other: Desk) -> None:
        with other.engine.begin() as connection:
            number = connection.execute(select(Edition.number)).scalar_one()
            connection.execute(Edition.__table__.update().values(number=number + 1))
            connection.execute(Station.__table__.update().where(col(Station.code) == "h1").values(closed_on=NOW.date()))

    with beside(desk) as other, pytest.raises(ImportRefusedError, match="a part was imported before that"):
        import_beside(desk, between=lambda: close_the_hospital(other))


def test_broken_off_between_slices_the_same_again_does_the_rest(desk: Desk) -> None:
    enter_a_crowd(desk)

    def power_cut() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_beside(desk, between=power_cut)
    part = len(desk.rows(Volunteer))
    desk.now = NOW + timedelta(hours=1)
    desk.import_all()

    assert 0 < part < CROWD
    assert len(desk.rows(Volunteer)) == CROWD
    assert desk.import_all().counts[FormName.CARDS] == LineCount(0, 0, CROWD)


def test_an_import_of_everyday_size_is_written_in_one_go(desk: Desk) -> None:
    pauses: list[float] = []
    enter_a_crowd(desk, 100)

    replace(desk.importer(), pause=pauses.append).import_files(desk.write())

    assert not pauses
