"""`zaigang-hub kiosk commission|commissioned`: let a kiosk be tried at its place, and print what came of it."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from hub.asking.kinds import COMMISSION
from hub.certificates.cabinet import Cabinet
from hub.changing.system_user import system_user
from hub.config import add_config
from hub.database.transactions import changing, snapshot
from hub.durable_file import write_over
from hub.errors import HubError
from hub.fleet.commissioned import believed, latest_records, spell_record, take_in
from hub.register.reading import read_directory
from hub.saying import is_chinese, say
from hub.verbs.kiosk_asking import ask_and_wait, outcome_told
from hub.verbs.office import opened
from station.letter import LetterError
from station.names import KioskId, StationCode


class RecordError(HubError):
    """There is no such record; the text says what to do."""


def add_arguments(actions: Any) -> None:
    """Say what these take."""
    trying = actions.add_parser(
        "commission",
        help="lead whoever stands at it through trying it: lamp and buzzer say what to do",
        example="zaigang-hub kiosk commission H-01-a --by 张三",
    )
    trying.add_argument("kiosk", metavar="ID", help="the kiosk's id")
    trying.add_argument("--by", default="", metavar="NAME", help="who puts it up, for the record")
    trying.add_argument("--again", action="store_true", help="also where its last record was not fetched yet")
    add_config(trying)
    record = actions.add_parser(
        "commissioned",
        help="print the record of a kiosk's commissioning, or take one in that was carried here",
        example="zaigang-hub kiosk commissioned H-01-a --out 投用记录.html",
    )
    record.add_argument("kiosk", metavar="ID", help="the kiosk's id")
    record.add_argument("--file", type=Path, metavar="FILE", help="as a stick named ZAIGANG-OUT gets it")
    record.add_argument("--out", type=Path, metavar="FILE", help="where the page is written; default the terminal")
    add_config(record)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    return _try(args) if args.action == "commission" else _record(args)


def _try(args: argparse.Namespace) -> int:
    wishes = {"by": args.by} | ({"again": "yes"} if args.again else {})
    with opened(args.config) as office:
        asked = ask_and_wait(office, args.kiosk, COMMISSION, wishes)
    sys.stdout.write(f"{args.kiosk}: {outcome_told(asked)}\n")
    return 0


def _record(args: argparse.Namespace) -> int:
    with opened(args.config) as office:
        cabinet = Cabinet(office.config.data_dir)
        if args.file is not None:
            content = args.file.read_bytes()
            try:
                came = believed(cabinet, content)
            except LetterError as exc:
                raise RecordError(say("{file} is {exc}", file=args.file, exc=exc)) from exc
            if came.kiosk != args.kiosk:
                raise RecordError(
                    say(
                        "{file} is the record of {kiosk}; wanted is that of {other}",
                        file=args.file,
                        kiosk=came.kiosk,
                        other=args.kiosk,
                    )
                )
            with changing(office.engine) as connection:
                take_in(connection, came, content.decode(), system_user(), office.now)
        with snapshot(office.engine) as connection:
            record = latest_records(connection, cabinet).get(KioskId(args.kiosk))
            stations = read_directory(connection, office.zone).stations
    if record is None:
        chinese, english = "没有投用记录；先运行", "has no record; first"
        said = chinese if is_chinese(os.environ) else english
        raise RecordError(say("{kiosk} {said}: zaigang-hub kiosk commission {kiosk}", kiosk=args.kiosk, said=said))
    station = stations.get(StationCode(record.station))
    page = spell_record(record, station.name if station else "", office.zone)
    if args.out is None:
        sys.stdout.write(page)
    else:
        write_over(args.out, page.encode())
        sys.stdout.write(f"{args.out}\n")
    return 0
