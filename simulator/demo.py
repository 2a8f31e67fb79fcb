"""`zaigang-sim demo`: a whole city on a virtual working day, with nothing installed beforehand.

The hub and one kiosk, which reads an emulated chip, are processes of their own; the other kiosks are real agents in
this one. What the board says is held against what people did; the exit status is 0 only where nothing differed.
"""

import argparse
import asyncio
import logging
import os
import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NoReturn

from simulator.acts import Act
from simulator.arguments import file_to_write, free_port_number, seconds
from simulator.board_watch import BoardError
from simulator.children import ChildError
from simulator.city import SMALLEST, SimCity, invent
from simulator.ear import Ear
from simulator.opening import ZONE
from simulator.performance import Onlookers, Performance
from simulator.play import Beep, Play
from simulator.premises import Premises, free_port
from simulator.report import Report
from simulator.saying import here, page_here
from simulator.town import Town, enter_city, open_town
from simulator.visitor import Visitor
from station.clock import Clock, boottime_s, read_clock
from station.errors import ConfigError
from station.saying import said_by, say
from station.settings import EXIT_CONFIG

DAY: Final = "2026-03-05"  # a Thursday without a holiday near it
START: Final = "07:50"
RATE: Final = 60
MOST: Final = 100  # on two cores; with 200 every tap waits for its turn, and people and board drift apart
EXIT_OF_SIGNAL: Final = 128  # as a shell tells of one that ended something: 130 of Ctrl-C
LEAD_S: Final = 6.0  # hub and kiosks take at most that long to be up; the virtual start comes right after
LEAD_IMPORTS: Final = 3  # or so many times as long as entering the city took, on a machine that is slow or busy
MOST_TRIES: Final = 100
EXAMPLE: Final = """\
example:
  zaigang-sim demo --start 11:10 --for 60 --report demo.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.description = "A whole city on a virtual working day, sixty times as fast. Ctrl-C ends everything."
    parser.add_argument("--for", type=seconds, dest="for_s", metavar="SECONDS", help="end after so many real seconds")
    parser.add_argument("--report", type=file_to_write, metavar="FILE", help="write what came of it as JSON")
    parser.add_argument("--start", type=_time_of_day, metavar="HH:MM", help=f"begin then, on {DAY} (default: {START})")
    parser.add_argument("--seed", type=int, default=1, help="of the city and its people (default: %(default)s)")
    parser.add_argument(
        "--stations", type=_enough, default=SMALLEST, help=f"how many, up to {MOST} (default: %(default)s)"
    )
    parser.add_argument("--port", type=free_port_number, default=0, help="of the board (default: a free one)")


def run(args: argparse.Namespace) -> int:
    """Play; 0 where nothing was lost, doubled, different or surprising."""
    signal.signal(signal.SIGTERM, _interrupt)
    if _may_hang_up():
        signal.signal(signal.SIGHUP, _interrupt)
    try:
        clock, start = _clock(args.start)
    except ConfigError as exc:
        print(here(said_by(exc)), file=sys.stderr)
        return EXIT_CONFIG
    try:
        with tempfile.TemporaryDirectory(prefix="zaigang-demo-") as folder:
            premises = Premises(Path(folder), free_port(), args.port or free_port())
            report, at_desk = _perform(invent(args.seed, args.stations), premises, clock, start, args.for_s)
    except KeyboardInterrupt:
        return 0
    except (ChildError, BoardError) as exc:
        print(here(said_by(exc)), file=sys.stderr)
        return 1
    return _conclude(report, args.report, at_desk=at_desk)


def _perform(
    city: SimCity, premises: Premises, clock: Clock, start: datetime, for_s: float | None
) -> tuple[Report, bool]:
    _say(
        say(
            "{city}: {stations} stations, {volunteers} volunteers, seed {seed}.\nThe city is entered ...",
            city=city.name,
            stations=len(city.stations),
            volunteers=len(city.volunteers),
            seed=city.seed,
        )
    )
    began_s = boottime_s()
    enter_city(city, premises, os.environ)
    lead_s = max(LEAD_S, LEAD_IMPORTS * (boottime_s() - began_s))
    clock = clock if clock.began_at else _anchored(start, lead_s)
    ear = Ear(clock)
    with open_town(city, premises, clock, os.environ, ear, tell=_say) as town:
        return asyncio.run(_play(town, clock, ear, start, for_s)), town.admission.has_visitor


async def _play(town: Town, clock: Clock, ear: Ear, start: datetime, for_s: float | None) -> Report:
    ended = asyncio.Event()

    def end() -> None:
        if ended.is_set():
            _leave_at_once(town, signal.SIGINT)
        ended.set()
        _say("\nIt ends: what is on its way arrives first. Once more ends it at once.")

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end)
    if _may_hang_up():  # the terminal is closed: nobody reads what would be said at the end
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, _leave_at_once, town, signal.SIGHUP)
    visitor = Visitor(town.city, clock, _say, lambda: page_here(town.premises.address + town.admission.invite()))

    def began(play: Play) -> None:
        _say(say("\n  The board:  {address}\n", address=page_here(town.premises.address)))
        if for_s is None and sys.stdin.isatty():
            _say(visitor.welcome())
            _say("")
            visitor.listen(sys.stdin, play)

    names = {station.code: station.short_name for station in town.city.stations}

    def tell(act: Act, beep: Beep) -> None:
        answer = f"{beep.answer.replace('_', ' '):<17} "  # what kiosks say is Chinese, and needs no second word there
        at, station = f"{beep.at.astimezone(ZONE):%H:%M}", names[act.station]
        _say(say("{at}  {answer}{station}：{said}", at=at, answer=answer, station=station, said=beep.said))

    return await Performance(town, clock, ear, Onlookers(tell, began)).give(max(start, clock.now()), ended, for_s)


def _may_hang_up() -> bool:
    """Whether it ends with its terminal; under `nohup` it does not."""
    return signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN


def _leave_at_once(town: Town, number: signal.Signals) -> NoReturn:
    """Nothing is waited for: a hundred kiosks end in seconds, and somebody has asked twice, or has gone."""
    logging.disable()  # what is cut here is no trouble of a kiosk's
    town.kill()
    for _ in range(MOST_TRIES):  # the kiosks of this process write on, so a folder is filled again while it is emptied
        shutil.rmtree(town.premises.folder, ignore_errors=True)
        if not town.premises.folder.exists():
            break
    os._exit(EXIT_OF_SIGNAL + number)


def _conclude(report: Report, file: Path | None, *, at_desk: bool = False) -> int:
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(report.spell())
    faults = report.faults()
    _say("")
    for line in report.summary():
        _say(line)
    if at_desk and faults:
        _say(say("Somebody was at the desk, and what they changed was not played: {faults}.", faults=faults))
        return 0
    for fault in faults:
        print(here(fault), file=sys.stderr)
    return 1 if faults else 0


def _clock(start: str | None) -> tuple[Clock, datetime]:
    """The clock that the environment asks for, or none yet; and when to begin.

    Raises:
        ConfigError: the environment asks for none that can be.
    """
    clock = read_clock(os.environ)
    if clock.began_at is not None and start is None:
        return clock, clock.now()
    began_at = datetime.fromisoformat(f"{DAY}T{start or START}").replace(tzinfo=ZONE)
    return Clock(), began_at


def _anchored(start: datetime, lead_s: float) -> Clock:
    """A clock that comes to `start` when everything is up."""
    return Clock(RATE, start - timedelta(seconds=lead_s * RATE), boottime_s())


def _time_of_day(text: str) -> str:
    with suppress(ValueError):
        return f"{datetime.strptime(text, '%H:%M'):%H:%M}"  # noqa: DTZ007  a time of day has no zone
    raise argparse.ArgumentTypeError(here(say("{text!r} is no time of day; wanted is HH:MM, as 11:10", text=text)))


def _enough(text: str) -> int:
    if not text.isdecimal() or int(text) < SMALLEST:
        raise argparse.ArgumentTypeError(
            here(say("{text!r}; wanted are at least {least} stations, one of each kind", text=text, least=SMALLEST))
        )
    if int(text) > MOST:
        raise argparse.ArgumentTypeError(
            here(
                say(
                    "{text}; wanted are at most {most}: each has a whole kiosk in "
                    "this one process, sixty times as fast. "
                    "A larger city is played without a board: zaigang-sim scenario",
                    text=text,
                    most=MOST,
                )
            )
        )
    return int(text)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(here(text), flush=True)
