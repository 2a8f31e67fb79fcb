"""`zaigang-hub import-journal FILE`: takes in records that were carried by hand from a kiosk without a line.

They go over the broker to the hub that serves, and so through the intake like any other; each message is answered
before the next. What is stored already is counted once, and what comes live later changes nothing. A kiosk that was
stolen is believed up to the moment of the theft.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from hub.certificates.authority import name_of
from hub.certificates.cabinet import Cabinet
from hub.certificates.verifying import writer_of
from hub.config import HubConfig, add_config
from hub.database.transactions import snapshot
from hub.errors import HubError
from hub.mosquitto.visit import visiting
from hub.register.directory import KnownKiosk
from hub.register.reading import read_directory
from hub.saying import say, tell_out
from hub.verbs.office import opened
from station.carried import Carried, read_carried
from station.letter import LetterError
from station.milliseconds import ms_of
from station.names import KioskId
from station.wire import topics

EXAMPLE: Final = "zaigang-hub import-journal /media/stick/sq01-a-1234abcd.zaigang"


class NotTakenError(HubError):
    """The records were not taken in; the text says what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="as zaigang-edge export writes it")
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    with opened(args.config) as office:
        with snapshot(office.engine) as connection:
            kiosks = read_directory(connection, office.zone).kiosks
        for file in args.files:
            try:
                carried = _believed(file, office.config, kiosks)
            except LetterError as exc:
                raise NotTakenError(say("{file} is {exc}", file=file, exc=exc)) from exc
            _import(file, carried, office.config, kiosks[carried.kiosk].revoked_ms)
    return 0


def _believed(file: Path, config: HubConfig, kiosks: Mapping[KioskId, KnownKiosk]) -> Carried:
    cabinet, carried = Cabinet(config.data_dir), read_carried(file.read_bytes())
    writer = writer_of(cabinet, carried.letter)
    if name_of(writer) != carried.kiosk:
        raise LetterError(
            say("written by {writer} in the name of {kiosk}", writer=name_of(writer), kiosk=carried.kiosk)
        )
    kiosk = kiosks.get(carried.kiosk)
    if kiosk is None or kiosk.station != carried.station:
        raise LetterError(
            say(
                "of {kiosk} at {station}, which is not entered; first: zaigang-hub import",
                kiosk=carried.kiosk,
                station=carried.station,
            )
        )
    if writer.serial_number in cabinet.revoked() and not kiosk.is_revoked:
        raise LetterError(
            say("by a certificate of {kiosk} that was made void; export it anew at the kiosk", kiosk=carried.kiosk)
        )
    return carried


def _import(file: Path, carried: Carried, config: HubConfig, revoked_ms: int | None) -> None:
    """Say all of it to the hub that serves."""
    topic, answers = topics.carried(carried.station, carried.kiosk), topics.settled(carried.station, carried.kiosk)
    records = 0
    with visiting(config) as visit:
        for message in until(carried.messages, revoked_ms):
            if not visit.ask(topic, json.dumps(message).encode(), answers, (message["session"], message["n"])):
                raise NotTakenError(say("{file}: the hub does not answer; is it at work?", file=file))
            records += len(message["records"])
        if revoked_ms is not None:
            visit.take_away(answers)
    tell_out(
        say(
            "{file}: {records} {records:record|records} of {kiosk} {records:is|are} stored",
            file=file,
            records=records,
            kiosk=carried.kiosk,
        )
    )


def until(messages: Sequence[bytes], revoked_ms: int | None) -> Iterator[dict[str, Any]]:
    """The messages as JSON has them; of a stolen kiosk each run ends before its first record after that."""
    ended: set[str] = set()
    for payload in messages:
        message = json.loads(payload)
        if message["epoch"] in ended:
            continue
        kept = list(takewhile(lambda record: revoked_ms is None or _ms(record) < revoked_ms, message["records"]))
        if len(kept) < len(message["records"]):
            ended.add(message["epoch"])
        if kept:
            yield {**message, "records": kept}


def _ms(record: dict[str, Any]) -> int:
    return ms_of(datetime.fromisoformat(record["at"]))
