"""`zaigang-hub calendar show|hours|special|limits|export`: a station's days, and what a change would do to them."""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.changing.foreseeing import Effect, effect_of, within
from hub.changing.system_user import system_user
from hub.config import add_config
from hub.database.tables import Station
from hub.database.transactions import reading
from hub.exporting.special_days import write_special_days
from hub.register.days_ahead import PlannedDay, WhyHours, plan_of
from hub.register.kinds import KINDS
from hub.register.reading import read_terms
from hub.register.terms import ALWAYS
from hub.saying import is_chinese, said_by, say, tell
from hub.typed.cells import CellError
from hub.typed.hours_spelled import spell_hours
from hub.typed.hours_text import read_day_hours, read_hours
from hub.verbs.finding import day, public_reason
from hub.verbs.office import NamedNothingError, Office, add_actions, add_common, give, opened
from station.duty import Limits
from station.hours import Spans
from station.names import StationCode
from station.parser import Parser

EXAMPLE: Final = "zaigang-hub calendar special --district D1 2026-12-31 09:00-12:00 --reason 年终盘点 --dry-run"
USUAL: Final = "usual"
_WHY_WORDS: Final = {
    WhyHours.WEEK: ("", ""), WhyHours.HOLIDAY: ("放假", "holiday"), WhyHours.WORKED: ("调休上班", "make-up workday"),
    WhyHours.SHARED: ("统一安排", "shared"), WhyHours.SPECIAL: ("本站安排", "special"),
    WhyHours.OUT_OF_SERVICE: ("未启用或已停用", "out of service"),
    WhyHours.UNKNOWN: ("节假日未知", "holidays unknown"),
}  # fmt: skip
_WEEKDAYS: Final = ("一二三四五六日", "Mon Tue Wed Thu Fri Sat Sun")
_MINUTES: Final = {
    "grace": "how long after closing a leave still belongs to the period",
    "early": "how long before an opening an arrival already belongs to it",
    "budget": "how long somebody may step out, each time",
    "joined": "periods no further apart are one",
    "closing": "how long before closing a tap of somebody who forgot means leaving",
    "off_hours": "how long an arrival outside opening hours lasts",
    "adopted": "off hours that began so short before an opening become its period's",
    "longest": "nobody is on duty longer without another tap",
    "take_back": "an arrival so soon after one's own leave takes it back",
}
_MOST_LINES: Final = 40
_MOST_DAYS: Final = 366
T = TypeVar("T")


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    show = actions.add_parser("show", help="the days ahead of a station", example="zaigang-hub calendar show H-01")
    show.add_argument("station", metavar="CODE", help="the station's code")
    show.add_argument("--since", type=day, metavar="DAY", help="the first of four weeks; default today")
    add_config(show)
    hours = actions.add_parser(
        "hours",
        help="a station's week, from a day on; `template` is that of its kind, `like:CODE` another station's",
        example='zaigang-hub calendar hours B-02 "周一至周五 09:00-11:30" --holidays keep --since 2027-01-01',
    )
    hours.add_argument("station", metavar="CODE", help="the station's code")
    hours.add_argument("hours", metavar="HOURS", help="as in a sheet of stations; template; like:CODE")
    hours.add_argument("--holidays", choices=("keep", "ignore"), help="close on holidays, open on make-up workdays")
    hours.add_argument("--since", type=day, metavar="DAY", help="the first day; default today")
    add_common(hours)
    _add_special(actions)
    limits = actions.add_parser(
        "limits",
        help="the figures of the rules for a station, in minutes, from a day on",
        example="zaigang-hub calendar limits H-01 --grace 20 --budget 10",
    )
    limits.add_argument("station", metavar="CODE", help="the station's code")
    for name, told in _MINUTES.items():
        limits.add_argument(f"--{name.replace('_', '-')}", type=float, metavar="MIN", dest=name, help=told)
    limits.add_argument("--since", type=day, metavar="DAY", help="the first day; default today")
    add_common(limits)
    export = actions.add_parser(
        "export",
        help="all special days as a sheet that `import` takes",
        example="zaigang-hub calendar export 特殊日.csv",
    )
    export.add_argument("file", metavar="FILE", help="CSV, UTF-8; - is the terminal")
    add_config(export)


def _add_special(actions: Any) -> None:
    special = actions.add_parser("special", help="other hours on some days, for one station or many", example=EXAMPLE)
    special.add_argument("day", type=day, metavar="DAY", help="as 2026-12-31")
    special.add_argument("hours", metavar="HOURS", help="as 09:00-12:00; closed; usual takes it back")
    special.add_argument("--until", type=day, metavar="DAY", help="the last day; default that day alone")
    special.add_argument("--station", default="", metavar="CODE", help="one station")
    special.add_argument("--district", default="", metavar="CODE", help="all of a district")
    special.add_argument("--kind", default="", metavar="KIND", help="all of a kind")
    special.add_argument("--city", action="store_true", help="all")
    special.add_argument("--reason", type=public_reason, default="", metavar="TEXT", help="shown to the public")
    add_common(special)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    if args.action == "show":
        return _show(args)
    if args.action == "export":
        return _export(args)
    commands: Callable[[argparse.Namespace, Office, Connection], list[CityCommand]] = {
        "hours": _hours, "special": _special, "limits": _limits,
    }[args.action]  # fmt: skip
    status = _say_effect(args, commands)
    return status or give(args, lambda office, connection: commands(args, office, connection))


def _hours(args: argparse.Namespace, office: Office, connection: Connection) -> list[CityCommand]:
    keeps = None if args.holidays is None else args.holidays == "keep"
    kind = connection.execute(select(Station.kind).where(col(Station.code) == args.station)).scalar()
    template = KINDS.get(kind or "")
    if args.hours == "template" and template is not None:
        return [_terms(args, week=template.weekly, keeps=template.keeps_holidays if keeps is None else keeps)]
    if args.hours.startswith("like:"):
        other = read_terms(connection, args.hours.removeprefix("like:")).get(StationCode(args.hours[5:]))
        if other is None:
            raise NamedNothingError(
                say("there is no station {hours!r} whose hours could be taken", hours=args.hours[5:])
            )
        clause = other.clause_on(args.since or office.now.astimezone(office.zone).date())
        return [_terms(args, week=clause.week, keeps=clause.keeps_holidays if keeps is None else keeps)]
    read = _read(args.hours, read_hours)
    return [_terms(args, week=read.week(template.weekly if template else ((),) * 7), keeps=keeps)]


def _terms(args: argparse.Namespace, *, week: tuple[Spans, ...], keeps: bool | None) -> CityCommand:
    return asked.SetTerms(args.station, args.since, week, keeps_holidays=keeps)


def _special(args: argparse.Namespace, _office: Office, _connection: Connection) -> list[CityCommand]:
    scopes = [bool(args.station), bool(args.district or args.kind), args.city]
    if sum(scopes) != 1:
        raise NamedNothingError(
            "nobody is named, or too many; wanted is one of --station, --district and --kind, --city"
        )
    days = [args.day + timedelta(days=n) for n in range(((args.until or args.day) - args.day).days + 1)]
    if not 1 <= len(days) <= _MOST_DAYS:
        raise NamedNothingError(
            say("{day} to {until}; wanted is a last day within a year after the first", day=args.day, until=args.until)
        )
    spans = None if args.hours == USUAL else _read(args.hours, read_day_hours)
    if args.station:
        return [asked.SetSpecialDay(args.station, one, spans, args.reason) for one in days]
    return [asked.SetSharedDay(one, spans, args.reason, args.district, args.kind) for one in days]


def _limits(args: argparse.Namespace, office: Office, connection: Connection) -> list[CityCommand]:
    since = args.since or office.now.astimezone(office.zone).date()
    terms = read_terms(connection, args.station).get(StationCode(args.station))
    limits = terms.clause_on(max(since, ALWAYS)).terms.limits if terms else Limits()
    said = {name: timedelta(minutes=getattr(args, name)) for name in _MINUTES if getattr(args, name) is not None}
    try:
        return [asked.SetTerms(args.station, args.since, limits=replace(limits, **said))]
    except ValueError as exc:
        raise NamedNothingError(said_by(exc)) from exc


def _read(text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except CellError as exc:
        raise NamedNothingError(say("found '{text}'; wanted is {wanted}", text=text, wanted=exc.wanted)) from exc


def _show(args: argparse.Namespace) -> int:
    with opened(args.config) as office, reading(office.engine) as connection:
        since = args.since or office.now.astimezone(office.zone).date()
        plan = plan_of(connection, args.station, since)
    if not plan:
        raise NamedNothingError(
            say("there is no station '{code}'; wanted is a code that was imported", code=args.station)
        )
    for one in plan:
        sys.stdout.write(f"{_planned(one)}\n")
    return 0


def _export(args: argparse.Namespace) -> int:
    if args.file.lower().endswith((".xlsx", ".xls")):
        raise NamedNothingError(
            say("{file} would be CSV by another name; wanted is a name that ends in .csv", file=args.file)
        )
    with opened(args.config) as office, reading(office.engine) as connection:
        if args.file == "-":
            write_special_days(connection, sys.stdout)
        else:
            with Path(args.file).open("w", encoding="utf-8-sig", newline="") as file:
                write_special_days(connection, file)
    return 0


def _say_effect(
    args: argparse.Namespace, commands: Callable[[argparse.Namespace, Office, Connection], list[CityCommand]]
) -> int:
    """What it would do, before it is done; refusals are told by who gives the commands."""
    with opened(args.config) as office:
        with reading(office.engine) as connection:
            wanted = commands(args, office, connection)
        today = office.now.astimezone(office.zone).date()
        effect = effect_of(
            office.engine, wanted, by=system_user(), at=office.now, zone=office.zone, why=args.why or "-"
        )
    for line in _effect_lines(effect, today, in_chinese=is_chinese(os.environ)):
        sys.stdout.write(f"{line}\n")
    return 0


def _effect_lines(effect: Effect, today: date, *, in_chinese: bool) -> list[str]:
    coming, later = within(effect, today)
    lines = [
        f"{one.day} {_weekday(one.day)}  {_hours_said(one.before)} -> {_hours_said(one.after)}  {_some(one.stations)}"
        for one in coming[:_MOST_LINES]
    ]
    said = []
    if later or len(coming) > _MOST_LINES:
        said.append(say("and {count} {count:day|days} after these", count=later + max(0, len(coming) - _MOST_LINES)))
    said += [say("from {day} on another rule: {station}", day=since, station=code) for code, since in effect.duty_from]
    said += [
        say("from {day} on, further ahead than is shown: {station}", day=since, station=code)
        for code, since in effect.far
    ]
    said += [
        say("the past is judged anew from {day} on: {station}", day=since, station=code) for code, since in effect.past
    ]
    return lines + [tell(one, is_chinese=in_chinese) for one in said[:_MOST_LINES]]


def _planned(one: PlannedDay) -> str:
    word = _WHY_WORDS[one.why][not is_chinese(os.environ)]
    return f"{one.day} {_weekday(one.day)}  {_hours_said(one.spans)}  {word} {one.reason}".rstrip()


def _hours_said(spans: Spans) -> str:
    return spell_hours(spans) or ("休息" if is_chinese(os.environ) else "closed")


def _some(stations: tuple[StationCode, ...]) -> str:
    return ", ".join(stations[:3]) + (f", … ({len(stations)})" if len(stations) > 3 else "")  # noqa: PLR2004 -- a line


def _weekday(of: date) -> str:
    return f"周{_WEEKDAYS[0][of.weekday()]}" if is_chinese(os.environ) else _WEEKDAYS[1].split()[of.weekday()]
