"""`zaigang-sim fleet`: a city's kiosks, each the real agent, against any broker and hub, with people who use them.

The hub must know the city: `--write` makes the spreadsheets for `zaigang-hub import`. What the board says is not looked
at here (`demo` does that); answers that surprise somebody are counted all the same.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from tqdm import tqdm

from edge.errors import EdgeError
from simulator.acts import Act
from simulator.arguments import address, new_folder, seconds
from simulator.city import SMALLEST, SimCity, invent
from simulator.days import play_days
from simulator.ear import Ear
from simulator.kiosks import Kiosks, told
from simulator.on_the_way import OnTheWay
from simulator.play import Beep, Play, PlayOutcome
from simulator.saying import here
from simulator.spreadsheets import write_spreadsheets
from simulator.truth import Truth
from station.clock import Clock, read_clock
from station.errors import ConfigError
from station.saying import said_by, say
from station.settings import EXIT_CONFIG

READY_S: Final = 60.0
LOOK_EVERY_S: Final = 0.1
MOST: Final = 200  # whole kiosks in this one process: with more, taps wait for their turn
MOST_WRITTEN: Final = 5_000  # five times the largest city that is meant
ARRIVING_S: Final = 2.0  # for the last records to be settled, before journals are thrown away
EXAMPLE: Final = """\
Hub and fleet must live on one clock. A day sixty times as fast, which begins now:
  export ZAIGANG_CLOCK="2026-03-05T07:50+08:00@60#$(cut -d' ' -f1 /proc/uptime)"

example:
  zaigang-sim fleet --write city
  zaigang-hub import --config hub.toml city/*.csv
  zaigang-sim fleet --broker 127.0.0.1:1883 --site-key hub/site.key --for 60
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.description = "A city's kiosks over real MQTT, with people who use them."
    parser.add_argument(
        "--stations", type=int, default=SMALLEST, help=f"how many; to play, up to {MOST} (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the city and its people (default: %(default)s)")
    parser.add_argument("--write", type=new_folder, metavar="FOLDER", help="only write the spreadsheets there")
    parser.add_argument("--broker", type=address, default=("127.0.0.1", 1883), metavar="HOST:PORT", help="where to")
    parser.add_argument("--site-key", type=Path, metavar="FILE", help="the hub's site key")
    parser.add_argument("--data", type=new_folder, metavar="FOLDER", help="where journals are kept (else thrown away)")
    parser.add_argument("--for", type=seconds, dest="for_s", metavar="SECONDS", help="end after so many real seconds")


def run(args: argparse.Namespace) -> int:
    """Play until the time is over or Ctrl-C; 0 where nobody was surprised."""
    try:
        _check_number(args.stations, is_played=args.write is None)
        city = invent(args.seed, args.stations)
        clock = read_clock(os.environ)
    except (ValueError, ConfigError) as exc:
        return _refuse(said_by(exc), EXIT_CONFIG)
    if args.write is not None:
        for file in write_spreadsheets(city, args.write):
            print(file)
        return 0
    if args.site_key is None:
        return _refuse("--site-key is missing; wanted is the hub's file, as in its data directory", EXIT_CONFIG)
    with tempfile.TemporaryDirectory(prefix="zaigang-fleet-") as thrown_away:
        folder = args.data or Path(thrown_away)
        try:
            outcome = _perform(city, clock, folder, args)
        except KeyboardInterrupt:
            return 0
        except (EdgeError, TimeoutError) as exc:
            return _refuse(said_by(exc), 1)
    surprises = len(outcome.surprises)
    told = say(
        "{taps} {taps:tap|taps}, {beeped} beeped, {surprises} {surprises:answer|answers} surprised somebody",
        taps=outcome.taps, beeped=len(outcome.heard), surprises=surprises,
    )  # fmt: skip
    print(here(told))
    return 1 if surprises else 0


def _check_number(stations: int, *, is_played: bool) -> None:
    """Raise ValueError where there are fewer or more stations than can be."""
    if stations < SMALLEST:
        raise ValueError(
            say("{text!r}; wanted are at least {least} stations, one of each kind", text=str(stations), least=SMALLEST)
        )
    if is_played and stations > MOST:
        raise ValueError(
            say(
                "{text} stations; wanted are at most {most}: each has a whole kiosk in this one process. "
                "A larger city is played without a hub: zaigang-sim scenario",
                text=stations,
                most=MOST,
            )
        )
    if stations > MOST_WRITTEN:
        raise ValueError(say("{text} stations; wanted are at most {most}", text=stations, most=MOST_WRITTEN))


def _perform(city: SimCity, clock: Clock, folder: Path, args: argparse.Namespace) -> PlayOutcome:
    ear = Ear(clock)
    kiosks = Kiosks(
        city.kiosks(), folder, broker=args.broker, site_key_file=args.site_key, clock=clock, ear=ear, seed=city.seed
    )
    with closing(kiosks):
        _wait_until_told(city, folder)
        return asyncio.run(_play(city, clock, kiosks, ear, args.for_s))


async def _play(city: SimCity, clock: Clock, kiosks: Kiosks, ear: Ear, for_s: float | None) -> PlayOutcome:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    truth = Truth({s.code: s.opening for s in city.stations}, [v.person for v in city.volunteers])
    with tqdm(desc="taps", unit="", disable=None) as progress:

        def tell(act: Act, beep: Beep) -> None:  # noqa: ARG001  a listener's signature
            progress.update()

        play = Play(clock, kiosks.antennas, truth, OnTheWay(), tell=tell)
        ear.listen(asyncio.get_running_loop(), play.hear)
        playing = asyncio.create_task(play_days(city, play, clock.now()), name="play")
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), for_s)
        play.end()
        await playing
        await asyncio.sleep(ARRIVING_S)
    return play.outcome


def _wait_until_told(city: SimCity, folder: Path) -> None:
    """Wait for the hub's word on every kiosk.

    Raises:
        TimeoutError: it does not come.
    """
    deadline_s = time.monotonic() + READY_S
    while told(folder, city.kiosks()) < len(city.kiosks()):
        if time.monotonic() >= deadline_s:
            raise TimeoutError(
                say(
                    "some kiosks have not been told hours and cards within {seconds:g} s; wanted is a hub that has "
                    "imported this very city (--write with the same --stations and --seed)",
                    seconds=READY_S,
                )
            )
        time.sleep(LOOK_EVERY_S)


def _refuse(text: str, status: int) -> int:
    print(here(text), file=sys.stderr)
    return status
