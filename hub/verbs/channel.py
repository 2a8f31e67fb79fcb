"""`zaigang-hub channel add|list|test|remove`: who is told when a station lacks somebody."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from hub.alarms.acting import ActError, Actor, note_test
from hub.alarms.addresses import AddressError, SoundAddress, channel_of, understand
from hub.alarms.answers import read_answers, said_answer
from hub.alarms.channel import TEST, AlarmMessage
from hub.alarms.routes import KnownChannel, read_routes
from hub.changing.system_user import system_user
from hub.config import add_config
from hub.database.transactions import changing, reading
from hub.register.kinds import KINDS
from hub.rights import Reach
from hub.saying import Said, here, say, tell_err, tell_out
from hub.verbs.finding import check_reach, read_text
from hub.verbs.office import Office, add_actions, in_words, opened
from station.alarms import Lack, Level
from station.milliseconds import moment_of, ms_of
from station.parser import Parser

EXAMPLE: Final = """\
The address is asked for, or read from a file, as the page of the robot shows it: of 企业微信, 钉钉 or 飞书; a web
hook's (https://...); or a mailbox's (smtps://USER@HOST:465?from=...&to=...). The second line is the secret, if any.
A channel of a station is told first, then those of its district or kind, then those of the whole city.

example:
  zaigang-hub channel add east-lead --station H-01
  zaigang-hub channel add north-county --district 130402 --from-file robot.txt
  zaigang-hub channel test east-lead
"""
_LEVELS: Final = {
    Level.LEAD: ("站长", "lead"), Level.OVERSEER: ("县区或主管单位", "county or authority"),
    Level.CITY: ("市级", "city"),
}  # fmt: skip


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    add = actions.add_parser(
        "add", help="enter somebody to be told", example="zaigang-hub channel add east-lead --station H-01"
    )
    add.add_argument("name", metavar="NAME", help="what it is called here: letters a-z or A-Z, digits, '_', '.', '-'")
    add.add_argument("--district", default="", metavar="CODE", help="only of this district")
    add.add_argument("--kind", default="", choices=["", *KINDS], metavar="KIND", help="only of this kind of host")
    add.add_argument("--station", default="", metavar="CODE", help="only of this station")
    add.add_argument("--short", action="store_true", help="also where the minimum is there and the target is not")
    add.add_argument("--mobile", action="append", default=[], metavar="NUMBER", help="whom the robot calls (@)")
    add.add_argument("--from-file", type=Path, metavar="FILE", help="the address and the secret, a line each")
    listed = actions.add_parser(
        "list", help="show who is told of what, and what was answered last", example="zaigang-hub channel list"
    )
    test = actions.add_parser(
        "test", help="send a message now, and say what was answered", example="zaigang-hub channel test east-lead"
    )
    remove = actions.add_parser(
        "remove", help="tell them nothing more, and forget the address", example="zaigang-hub channel remove east-lead"
    )
    for action in (test, remove):
        action.add_argument("name", metavar="NAME", help="as `channel list` shows it")
    for action in (add, listed, test, remove):
        add_config(action)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    with opened(args.config) as office:
        return {"add": _add, "list": _list, "test": _test, "remove": _remove}[args.action](office, args)


def _add(office: Office, args: argparse.Namespace) -> int:
    address, secret = _asked(args.from_file)
    told = understand(address, secret, tuple(args.mobile))
    reach = Reach(args.district, args.kind, args.station)
    with changing(office.engine) as connection:
        check_reach(connection, reach)
        if reach.station and (reach.district or reach.kind):
            raise ActError(
                "found --station with --district or --kind; wanted is --station alone: it lies in one district"
            )
        actor = Actor(connection, system_user(), ms_of(office.now))
        actor.enter_channel(args.name, told, reach, tells_short=args.short)
    tell_out(say("{name} ({sort}) is told of {where}", name=args.name, sort=say(told.sort), where=_where(reach)))
    if told.made_secret:
        sys.stdout.write(f"{told.secret}\n")
        tell_err("this is its secret: enter it where the web hook is received; it is not shown again")
    tell_err(say("to try it: zaigang-hub channel test {name}", name=args.name))
    return 0


def _asked(file: Path | None) -> tuple[str, str]:
    """The address and the secret; never from the command line, which others see."""
    if file is not None:
        lines = read_text(file).splitlines()
    elif sys.stdin.isatty():
        lines = [getpass.getpass(here("address: ")), getpass.getpass(here("secret (empty for none): "))]
    else:
        lines = sys.stdin.read().splitlines()
    address, secret, *_ = [*(line.strip() for line in lines), "", ""]
    if not address:
        raise AddressError("no address was given; wanted is it on the first line, and the secret on the second")
    return address, secret


def _list(office: Office, _: argparse.Namespace) -> int:
    with reading(office.engine) as connection:
        channels = read_routes(connection).channels
        last = _read_last(connection, office)
    for one in channels:
        lacks = [Lack.VACANT, Lack.UNWATCHED, *([Lack.SHORT] if one.tells_short else [])]
        told = (
            say(
                "{name}  {sort}  {level}  {where}: {lacks}",
                name=one.name, sort=say(one.told.sort), level=in_words(*_LEVELS[one.level]), where=_where(one.reach),
                lacks=[say(lack) for lack in lacks],
            )
        )  # fmt: skip
        sys.stdout.write(f"{here(told)}  {last.get(one.name, '')}".rstrip() + "\n")
    if not channels:
        tell_err("nobody is told yet; zaigang-hub channel add --help says how")
    return 0


def _read_last(connection: Connection, office: Office) -> dict[str, str]:
    """What each answered last."""
    return {
        channel: f"{moment_of(last.at_ms).astimezone(office.zone):%Y-%m-%d %H:%M}: {here(said_answer(last.text))}"
        for channel, (last, *_) in read_answers(connection, 1).items()
    }


def _test(office: Office, args: argparse.Namespace) -> int:
    with reading(office.engine) as connection:
        told = _named(read_routes(connection).channels, args.name)
    now = office.now
    answer = channel_of(told, office.zone).send([AlarmMessage(ms_of(now), TEST, Lack.VACANT, at=now)], now)
    with changing(office.engine) as connection:
        note_test(connection, args.name, is_taken=answer.is_taken, answer=answer.text, now_ms=ms_of(now))
    stream = sys.stdout if answer.is_taken else sys.stderr
    said = "{name} took it: {answer}" if answer.is_taken else "{name} took nothing: {answer}"
    stream.write(here(say(said, name=args.name, answer=said_answer(answer.text))) + "\n")
    return 0 if answer.is_taken else 1


def _named(channels: tuple[KnownChannel, ...], name: str) -> SoundAddress:
    found = next((one.told for one in channels if one.name == name), None)
    if found is None:
        raise ActError(say("there is no channel {name!r}; zaigang-hub channel list shows them", name=name))
    return found


def _remove(office: Office, args: argparse.Namespace) -> int:
    with changing(office.engine) as connection:
        Actor(connection, system_user(), ms_of(office.now)).remove_channel(args.name)
    tell_out(say("{name} is told nothing more", name=args.name))
    return 0


def _where(reach: Reach) -> Said:
    parts = [say(part) for part in (reach.district, reach.kind, reach.station) if part]
    return say("{parts}", parts=parts) if parts else say("the whole city")
