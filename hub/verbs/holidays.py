"""`zaigang-hub holidays show|paste|set`."""

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import Final

from sqlmodel import col, select

from hub.changing import commands as asked
from hub.config import add_config
from hub.database.tables import HolidayRow
from hub.database.transactions import reading
from hub.register.holidays import DaySort, Holiday
from hub.register.notice import MAX_NOTICE, HolidayNotice, NoticeError, read_notice
from hub.register.reading import holidays_by_year
from hub.register.statutory import published
from hub.saying import as_said, is_chinese, say, tell
from hub.verbs.finding import FROM_INPUT, day, read_text, whole
from hub.verbs.office import add_actions, add_common, give, opened
from station.parser import Parser
from station.strict import FIRST_YEAR, LAST_YEAR

EXAMPLE: Final = "zaigang-hub holidays paste 通知.txt --dry-run"
_SORTS: Final = {"off": DaySort.OFF, "work": DaySort.WORK, "usual": None}
_WORDS: Final = {DaySort.OFF: ("放假", "off"), DaySort.WORK: ("上班", "work")}
_WEEKDAYS: Final = ("一二三四五六日", "Mon Tue Wed Thu Fri Sat Sun")


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    show = actions.add_parser("show", help="the days of a year", example="zaigang-hub holidays show 2027")
    show.add_argument(
        "year", type=whole(FIRST_YEAR, LAST_YEAR - 1), nargs="?", metavar="YEAR", help="default this year"
    )
    add_config(show)
    paste = actions.add_parser(
        "paste", help="the State Council's notice, as it is published; first with --dry-run", example=EXAMPLE
    )
    paste.add_argument("file", metavar="FILE", help="its text; - is read from the terminal")
    add_common(paste)
    one = actions.add_parser(
        "set", help="one day of a year that is known", example="zaigang-hub holidays set 2027-02-08 off --name 春节"
    )
    one.add_argument("day", type=day, metavar="DAY", help="as 2027-02-08")
    one.add_argument("sort", choices=list(_SORTS), help="off, work, or as its weekday says")
    one.add_argument("--name", default="", metavar="TEXT", help="which holiday")
    add_common(one)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    if args.action == "show":
        return _show(args)
    if args.action == "set":
        return give(args, lambda _office, _connection: [asked.SetHoliday(args.day, _SORTS[args.sort], args.name)])
    text = sys.stdin.read(MAX_NOTICE + 1) if args.file == FROM_INPUT else read_text(Path(args.file))
    in_chinese = is_chinese(os.environ)
    try:
        notice = read_notice(text)
    except NoticeError as exc:
        said = say("found {found}; wanted is {wanted}", found=as_said(exc.found), wanted=as_said(exc.wanted))
        sys.stderr.write(f"{tell(said, is_chinese=in_chinese)}\n")
        return 1
    for one in notice.days:
        sys.stdout.write(f"{_line(one, in_chinese=in_chinese)}\n")
    return give(args, lambda _office, _connection: [command_of(notice)])


def command_of(notice: HolidayNotice) -> asked.EnterHolidays:
    """A notice as it is entered."""
    return asked.EnterHolidays(notice.year, notice.days, notice.number)


def _show(args: argparse.Namespace) -> int:
    with opened(args.config) as office, reading(office.engine) as connection:
        year = args.year or office.now.astimezone(office.zone).year
        days = holidays_by_year(connection).get(year)
        entered = select(HolidayRow.notice).where(col(HolidayRow.year) == year)
        notices = sorted({*connection.execute(entered).scalars()} or {published()[year].number} if days else ())
    in_chinese = is_chinese(os.environ)
    if days is None:
        said = say(
            "the holidays of {year} are not known; the weekly rule holds until their notice is entered", year=year
        )
        sys.stdout.write(f"{tell(said, is_chinese=in_chinese)}\n")
        return 1
    for one in days:
        sys.stdout.write(f"{_line(one, in_chinese=in_chinese)}\n")
    sys.stdout.write(f"{'、'.join(filter(None, notices))}\n")
    return 0


def _line(one: Holiday, *, in_chinese: bool) -> str:
    word = _WORDS[one.sort][not in_chinese]
    return f"{one.day} {_weekday(one.day, in_chinese=in_chinese)} {word} {one.name}"


def _weekday(of: date, *, in_chinese: bool) -> str:
    return f"周{_WEEKDAYS[0][of.weekday()]}" if in_chinese else _WEEKDAYS[1].split()[of.weekday()]
