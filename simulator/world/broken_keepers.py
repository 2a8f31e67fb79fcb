"""Keepers of alarms that are broken on purpose, in the world only: each is a control, which the oracle must catch."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Final

from sqlalchemy import Engine, update
from sqlmodel import col

from hub.alarms.book import MatterKey
from hub.alarms.keeper import Keeper
from hub.alarms.members import read_group_members
from hub.alarms.routes import Routes
from hub.alarms.writing_down import Step
from hub.database.alarm_tables import AlarmRow
from hub.database.transactions import reading, writing
from hub.presence.board_view import BoardRow
from simulator.world.scenario import Scenario
from station.alarms import Ending, Matter, What
from station.duty import DutyClass

EVERY: Final = 4


def break_keeper(keeper: Keeper, engine: Engine, scenario: Scenario) -> None:
    """Break what the scenario says of alarms."""
    if scenario.forgets_alarms:
        numbers = count(1)
        _leave_out(keeper, What.RAISED, lambda: next(numbers) % EVERY == 0)
    if scenario.keeps_alarms:
        _leave_out(keeper, What.ENDED, lambda: True)
    if scenario.hides_vacancies:
        _hide_vacancies(keeper, engine)
    if scenario.forgets_stragglers:
        _leave_out_stragglers(keeper)
    if scenario.trusts_last_taps:
        _trust_last_taps(keeper)
    if scenario.ignores_handling:
        _heed_nobody(keeper, engine)
    if scenario.repeats_alarms:
        with writing(engine) as connection:
            open_ = update(AlarmRow).where(col(AlarmRow.over_ms).is_(None))
            connection.execute(open_.values(over_ms=col(AlarmRow.raised_ms), ending=Ending.MET))


def _hide_vacancies(keeper: Keeper, engine: Engine) -> None:
    """Who once was silent with others counts as silent when vacant, and so stays with them."""
    look, hidden = keeper.look, set[str]()

    def hiding(rows: tuple[BoardRow, ...]) -> None:
        with reading(engine) as connection:
            hidden.update(read_group_members(connection).members)
        silent = {row.code for row in rows if row.code in hidden and row.duty_class is DutyClass.VACANT}
        look(tuple(replace(row, duty_class=DutyClass.UNKNOWN) if row.code in silent else row for row in rows))

    keeper.look = hiding  # type: ignore[method-assign]  # the control


def _trust_last_taps(keeper: Keeper) -> None:
    """A class that people reach by what they tapped last is a good one."""
    look = keeper.look
    keeper.look = lambda rows: look(tuple(replace(row, unseen=None) for row in rows))  # type: ignore[method-assign]


def _leave_out_stragglers(keeper: Keeper) -> None:
    """Who is left of a group has no alarm of its own."""
    keep, resting, forgotten = keeper._keep, keeper._resting, set[tuple[str, Matter]]()  # noqa: SLF001  the control

    def leaving_out(steps: Sequence[tuple[MatterKey, Step]], routes: Routes, now: datetime) -> None:
        forgotten.update(key for key, step in steps if step.former)
        for key in (key for key, _ in steps if key in forgotten and key in resting):
            resting[key] = resting[key]._replace(until=None)
        keep([(key, step) for key, step in steps if key not in forgotten], routes, now)

    keeper._keep = leaving_out  # type: ignore[method-assign]  # noqa: SLF001


def _heed_nobody(keeper: Keeper, engine: Engine) -> None:
    """Before each look, what people did is undone."""
    work = keeper.work

    def heedless() -> None:
        with writing(engine) as connection:
            nothing = {"acknowledged_ms": None, "snoozed_ms": None, "closed_ms": None}
            connection.execute(update(AlarmRow).values(nothing))
        work()

    keeper.work = heedless  # type: ignore[method-assign]  # the control


def _leave_out(keeper: Keeper, what: What, is_left_out: Callable[[], bool]) -> None:
    """Some of what happens is not kept, and looked at again when something else does."""
    keep, resting = keeper._keep, keeper._resting  # noqa: SLF001  the control

    def leaving_out(steps: Sequence[tuple[MatterKey, Step]], routes: Routes, now: datetime) -> None:
        kept = []
        for key, step in steps:
            if any(one.what is what for one in step.happened) and is_left_out():
                if key in resting:
                    resting[key] = resting[key]._replace(until=None)
            else:
                kept.append((key, step))
        keep(kept, routes, now)

    keeper._keep = leaving_out  # type: ignore[method-assign]  # noqa: SLF001
