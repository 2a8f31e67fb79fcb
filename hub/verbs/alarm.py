"""`zaigang-hub alarm list|acknowledge|snooze|close`: what stations lack now, and who looks after it."""

import argparse
import sys
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import col, select

from hub.alarms.acting import ActError, Actor
from hub.alarms.answers import said_answer
from hub.alarms.members import is_groups_district
from hub.alarms.places import district_of
from hub.changing.system_user import system_user
from hub.config import add_config
from hub.database.alarm_tables import AlarmRow, AlarmStep, MessageRow
from hub.database.tables import District, Station
from hub.database.transactions import changing, reading
from hub.saying import Said, here, say, tell_err, tell_out
from hub.verbs.finding import whole
from hub.verbs.office import Office, add_actions, in_words, opened
from station.alarms import Lack, Level
from station.milliseconds import moment_of, ms_of
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
MOST_MINUTES: Final = 24 * 60  # what is put off for longer is forgotten: close it with a reason
MOST_NUMBER: Final = 2**31 - 1


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    listed = actions.add_parser("list", help="show the alarms that are not over", example="zaigang-hub alarm list")
    listed.add_argument("--all", action="store_true", help=f"also the last {_PAST} that are")
    listed.add_argument(
        "--before",
        type=whole(1, MOST_NUMBER),
        metavar="NUMBER",
        help=f"the last {_PAST} before that one that are over, and no others",
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
    snooze.add_argument(
        "--minutes",
        type=whole(1, MOST_MINUTES),
        default=30,
        metavar="N",
        help=f"for so long (30), at most {MOST_MINUTES}",
    )
    close = actions.add_parser(
        "close",
        help="close it, with a reason",
        example='zaigang-hub alarm close 12 --why "a power cut, the host is told"',
    )
    for action in (show, acknowledge, snooze, close):
        action.add_argument("number", type=whole(1, MOST_NUMBER), metavar="NUMBER", help="as `alarm list` shows it")
    for action in (acknowledge, snooze, close):
        action.add_argument("--why", default="", metavar="TEXT", help="the reason, for the history")
    for action in (listed, show, acknowledge, snooze, close):
        add_config(action)


_LEVELS: Final = {
    Level.LEAD: ("站长", "lead"), Level.OVERSEER: ("县区或主管单位", "overseer"), Level.CITY: ("市级", "city"),
}  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    with opened(args.config) as office:
        if args.action == "list":
            return _list(office, everything=args.all, before=args.before)
        return _show(office, args.number) if args.action == "show" else _act(office, args)


def _act(office: Office, args: argparse.Namespace) -> int:
    with changing(office.engine) as connection:
        actor = Actor(connection, system_user(), ms_of(office.now))
        if args.action == "acknowledge":
            actor.acknowledge(args.number, args.why)
            said = say("somebody looks after it; nobody further is told")
        elif args.action == "snooze":
            until = office.now + timedelta(minutes=args.minutes)
            actor.snooze(args.number, ms_of(until), args.why)
            said = say("nobody further is told before {until}", until=_until(office, until))
        else:
            actor.close(args.number, args.why)
            said = say("it is told no more for as long as it lasts")
    tell_out(say("alarm {number}: {said}", number=args.number, said=said))
    return 0


def _until(office: Office, until: datetime) -> str:
    """A moment to come: with its day where that is not today."""
    at, now = (moment.astimezone(office.zone) for moment in (until, office.now))
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"


def _list(office: Office, *, everything: bool, before: int | None = None) -> int:
    query = (
        select(AlarmRow)
        .add_columns(col(Station.short_name), col(Station.name), col(District.name).label("district"))
        .join(Station, col(Station.code) == col(AlarmRow.station), isouter=True)
        .join(District, is_groups_district(col(AlarmRow.station)), isouter=True)
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
        nothing = "no alarm is open" if before is None else say("no alarm before {number} is over", number=before)
        tell_err(nothing)
    if len(past) == _PAST:
        tell_err(say("those before: zaigang-hub alarm list --before {number}", number=past[-1].number))
    return 0


def _line(office: Office, row: Row[Any]) -> str:
    code = row.station if row.district is None else district_of(row.station)
    where = f"{code} {row.district or row.short_name or row.name or ''}".strip() or here("the whole city")
    told = {
        "number": row.number, "where": where, "lack": say(_lack(row)), "since": _at(office, row.since_ms),
        "level": in_words(*_LEVELS[Level(row.level)]),
        "counts": say(" ({on_duty} of {wanted})", on_duty=row.on_duty, wanted=row.wanted) if row.wanted else "",
    }  # fmt: skip
    state = _state(office, row)
    line = here(say("{number}  {where}  {lack}{counts} since {since}  level {level}", **told))
    return f"{line}  {here(state)}" if state else line


def _lack(row: Row[Any]) -> str:
    """As messages and pages have it: nobody there is something else than too few."""
    return "below the minimum" if row.lack == Lack.VACANT and row.on_duty else str(row.lack)


def _state(office: Office, row: Row[Any]) -> str:
    if row.over_ms is not None:
        return say("over {at} ({ending})", at=_at(office, row.over_ms), ending=say(row.ending))
    if row.closed_ms is not None:
        return say("closed {at}", at=_at(office, row.closed_ms))
    if row.acknowledged_ms is not None:
        return say("acknowledged {at}", at=_at(office, row.acknowledged_ms))
    if row.snoozed_ms is not None and row.snoozed_ms > ms_of(office.now):
        return say("put off to {at}", at=_at(office, row.snoozed_ms))
    return ""


def _show(office: Office, number: int) -> int:
    with reading(office.engine) as connection:
        of_steps, of_messages = col(AlarmStep.alarm) == number, col(MessageRow.alarm) == number
        steps = list(connection.execute(select(AlarmStep).where(of_steps).order_by(col(AlarmStep.number))))
        messages = list(connection.execute(select(MessageRow).where(of_messages).order_by(col(MessageRow.number))))
    if not steps:
        raise ActError(say("there is no alarm {number}; zaigang-hub alarm list shows them", number=number))
    lines = [(one.at_ms, f"{here(one.what)} {one.by} {one.why}".rstrip()) for one in steps]
    lines += [(one.made_ms, here(_sent(office, one)).rstrip()) for one in messages]
    for at_ms, line in sorted(lines, key=itemgetter(0)):
        sys.stdout.write(f"{_at(office, at_ms)}  {line}\n")
    return 0


def _sent(office: Office, message: Row[Any]) -> Said:
    return say(
        "to {channel}: {what}, {went}", channel=message.channel, what=say(message.what), went=_went(office, message)
    )


def _went(office: Office, message: Row[Any]) -> Said:
    answer = said_answer(message.answer)
    if message.sent_ms is not None:
        return say("taken {at} ({answer})", at=_at(office, message.sent_ms), answer=answer)
    told = "given up, {tries} {tries:try|tries} {answer}"
    if message.due_ms is not None:
        told = "on its way, {tries} {tries:try|tries} {answer}"
    return say(told, tries=message.tries, answer=answer)


def _at(office: Office, ms: int) -> str:
    return f"{moment_of(ms).astimezone(office.zone):%Y-%m-%d %H:%M}"
