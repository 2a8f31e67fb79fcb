"""`zaigang-hub alarm list|acknowledge|snooze|close`: what stations lack now, and who looks after it."""

import argparse
import sys
from datetime import timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import col, select

from hub.alarms.acting import ActError, Actor
from hub.changing.system_user import system_user
from hub.database.alarm_tables import AlarmRow, AlarmStep, MessageRow
from hub.database.tables import Station
from hub.database.transactions import reading, writing
from hub.intake.rows import moment_of, ms_of
from hub.verbs.office import Office, add_actions, guarded, opened
from station.alarms import Level
from station.parser import Parser

EXAMPLE: Final = """\
An alarm ends by itself when what lacked is there, or when the station closes. Acknowledged, nobody further is told of
it; put off, nobody further is told before then; closed, it is told no more for as long as it lasts.

example:
  zaigang-hub alarm list
  zaigang-hub alarm acknowledge 12 --why "somebody is on the way"
  zaigang-hub alarm snooze 12 --minutes 30
  zaigang-hub alarm close 12 --why "a power cut, the host is told"
"""
_PAST: Final = 50


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    listed = actions.add_parser("list", help="show the alarms that are not over", example="zaigang-hub alarm list")
    listed.add_argument("--all", action="store_true", help=f"also the last {_PAST} that are")
    listed.add_argument(
        "--before", type=int, metavar="NUMBER", help=f"the last {_PAST} before that one that are over, and no others"
    )
    show = actions.add_parser(
        "show", help="show what became of one, who was told, and what was answered", example="zaigang-hub alarm show 12"
    )
    acknowledge = actions.add_parser(
        "acknowledge",
        help="say that somebody looks after it",
        example='zaigang-hub alarm acknowledge 12 --why "somebody is on the way"',
    )
    snooze = actions.add_parser("snooze", help="put it off", example="zaigang-hub alarm snooze 12 --minutes 30")
    snooze.add_argument("--minutes", type=int, default=30, metavar="N", help="for so long (30)")
    close = actions.add_parser(
        "close",
        help="close it, with a reason",
        example='zaigang-hub alarm close 12 --why "a power cut, the host is told"',
    )
    for action in (show, acknowledge, snooze, close):
        action.add_argument("number", type=int, metavar="NUMBER", help="as `alarm list` shows it")
    for action in (acknowledge, snooze, close):
        action.add_argument("--why", default="", metavar="TEXT", help="the reason, for the history")
    for action in (listed, show, acknowledge, snooze, close):
        action.add_argument("--config", metavar="FILE", help="the hub's settings, TOML", type=Path)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    return guarded(lambda: _run(args))


def _run(args: argparse.Namespace) -> int:
    with opened(args.config) as office:
        if args.action == "list":
            return _list(office, everything=args.all, before=args.before)
        return _show(office, args.number) if args.action == "show" else _act(office, args)


def _act(office: Office, args: argparse.Namespace) -> int:
    with writing(office.engine) as connection:
        actor = Actor(connection, system_user(), ms_of(office.now))
        if args.action == "acknowledge":
            actor.acknowledge(args.number, args.why)
            said = "somebody looks after it; nobody further is told"
        elif args.action == "snooze":
            until = office.now + timedelta(minutes=args.minutes)
            actor.snooze(args.number, ms_of(until), args.why)
            said = f"nobody further is told before {until.astimezone(office.zone):%H:%M}"
        else:
            actor.close(args.number, args.why)
            said = "it is told no more for as long as it lasts"
    sys.stdout.write(f"alarm {args.number}: {said}\n")
    return 0


def _list(office: Office, *, everything: bool, before: int | None = None) -> int:
    query = (
        select(AlarmRow)
        .add_columns(col(Station.short_name), col(Station.name))
        .join(Station, col(Station.code) == col(AlarmRow.station), isouter=True)
    )
    running = query.where(col(AlarmRow.over_ms).is_(None)).order_by(col(AlarmRow.number))
    over = query.where(col(AlarmRow.over_ms).is_not(None)).order_by(col(AlarmRow.number).desc()).limit(_PAST)
    if before is not None:
        over = over.where(col(AlarmRow.number) < before)
    with reading(office.engine) as connection:
        rows = list(connection.execute(running)) if before is None else []
        past = list(connection.execute(over)) if everything or before is not None else []
    for row in rows + past:
        sys.stdout.write(_line(office, row) + "\n")
    if not rows + past:
        sys.stderr.write("no alarm is open\n" if before is None else f"no alarm before {before} is over\n")
    if len(past) == _PAST:
        sys.stderr.write(f"those before: zaigang-hub alarm list --before {past[-1].number}\n")
    return 0


def _line(office: Office, row: Row[Any]) -> str:
    where = f"{row.station} {row.short_name or row.name or ''}".strip() or "the whole city"
    counts = f" ({row.on_duty} of {row.wanted})" if row.wanted else ""
    since, level = _at(office, row.since_ms), Level(row.level).name.lower()
    return f"{row.number}  {where}  {row.lack}{counts} since {since}  level {level}{_state(office, row)}"


def _state(office: Office, row: Row[Any]) -> str:
    if row.over_ms is not None:
        return f"  over {_at(office, row.over_ms)} ({row.ending})"
    if row.closed_ms is not None:
        return f"  closed {_at(office, row.closed_ms)}"
    if row.acknowledged_ms is not None:
        return f"  acknowledged {_at(office, row.acknowledged_ms)}"
    if row.snoozed_ms is not None and row.snoozed_ms > ms_of(office.now):
        return f"  put off to {_at(office, row.snoozed_ms)}"
    return ""


def _show(office: Office, number: int) -> int:
    with reading(office.engine) as connection:
        of_steps, of_messages = col(AlarmStep.alarm) == number, col(MessageRow.alarm) == number
        steps = list(connection.execute(select(AlarmStep).where(of_steps).order_by(col(AlarmStep.number))))
        messages = list(connection.execute(select(MessageRow).where(of_messages).order_by(col(MessageRow.number))))
    if not steps:
        raise ActError(f"there is no alarm {number}; zaigang-hub alarm list shows them")
    lines = [(one.at_ms, f"{one.what} {one.by} {one.why}".rstrip()) for one in steps]
    lines += [(one.made_ms, f"to {one.channel}: {one.what}, {_went(office, one)}") for one in messages]
    for at_ms, line in sorted(lines, key=itemgetter(0)):
        sys.stdout.write(f"{_at(office, at_ms)}  {line}\n")
    return 0


def _went(office: Office, message: Row[Any]) -> str:
    if message.sent_ms is not None:
        return f"taken {_at(office, message.sent_ms)} ({message.answer})"
    state = "given up" if message.due_ms is None else "on its way"
    return f"{state}, {message.tries} tries {message.answer}".rstrip()


def _at(office: Office, ms: int) -> str:
    return f"{moment_of(ms).astimezone(office.zone):%Y-%m-%d %H:%M}"
