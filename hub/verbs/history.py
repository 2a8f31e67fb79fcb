"""`zaigang-hub history`: who changed what, before -> after, why."""

import argparse
import os
import sys
from typing import Final

from hub.changing.history import HistoryLine, read_history
from hub.changing.speaking import Speaking
from hub.config import add_config
from hub.database.transactions import reading
from hub.saying import say, tell_err
from hub.verbs.finding import add_card, card_named, check_station, in_city, moment, person_named, whole
from hub.verbs.office import Office, opened
from station.milliseconds import ms_of

_LAST: Final = 100
EXAMPLE: Final = """\
Lines are in the order in which they were made. In Chinese or English, as the terminal's locale says.

example:
  zaigang-hub history --station H-01 --since 2026-03-01
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--station", default="", metavar="CODE", help="only changes of this station")
    parser.add_argument(
        "--person", default="", metavar="PERSON", help="only those of this volunteer's number or opaque id"
    )
    parser.add_argument("--since", type=moment, metavar="MOMENT", help="none before 2026-03-05, or '2026-03-05 10:30'")
    parser.add_argument(
        "--last", type=whole(0, 999_999), default=_LAST, metavar="N", help="the newest N, %(default)s; 0: all"
    )
    add_card(parser, as_option=True)
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Show it."""
    telling = Speaking.of_locale(os.environ)
    with opened(args.config) as office, reading(office.engine) as connection:
        since = in_city(args.since, office)
        lines, left_out = read_history(
            connection,
            station=args.station,
            person=person_named(connection, args.person) if args.person else "",
            token=card_named(connection, args, office) if args.card or args.of else "",
            since_ms=0 if since is None else ms_of(since),
            last=args.last or None,
        )
        if args.station and not lines:
            check_station(connection, args.station)
        for line in lines:
            sys.stdout.write(f"{_told(line, telling, office)}\n")
    if left_out:
        tell_err(
            say("{left_out} earlier {left_out:change is|changes are} not shown; --last 0 shows all", left_out=left_out)
        )
    if not lines:
        tell_err("no such change is known")
    return 0


def _told(line: HistoryLine, telling: Speaking, office: Office) -> str:
    at = office.local(line.at_ms)
    what = telling.line(line.what, line.concerns, line.before, line.after, str(line.day_from or ""))
    parts = (f"{at:%Y-%m-%d %H:%M:%S}", line.by, what, telling.why(line.why), telling.revised(line.revised))
    return "  ".join(part for part in parts if part)
