"""`zaigang-hub serve`: the hub as a command, ending orderly at SIGTERM or SIGINT."""

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from typing import Final

import uvloop

from hub.app import serve
from hub.config import HubConfig, add_config, read_config
from hub.saying import say, tell_out
from station.clock import Clock, read_clock

SWITCH_S: Final = 0.002  # a flush takes that long: at 0.3 ms it was put off seven times; 5 are a whole tap's way
GC_THRESHOLDS: Final = (50_000, 20, 20)  # a batch is ten thousand tuples and no cycle; the default looks at them all
EXAMPLE: Final = """\
example:
  ZAIGANG_HUB_BROKER__EMBEDDED=true ZAIGANG_HUB_DATA_DIR=/tmp/zaigang zaigang-hub serve
  ZAIGANG_HUB_BACKUP__DIRECTORY=/mnt/backup zaigang-hub serve --config /etc/zaigang/hub.toml
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_config(parser)
    parser.add_argument("--new", action="store_true", help="serve an empty database though backups lie there")


def run(args: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    sys.setswitchinterval(SWITCH_S)
    gc.set_threshold(*GC_THRESHOLDS)
    config, clock = read_config(args.config, os.environ), read_clock(os.environ)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_told(config, clock, is_new=args.new))
    return 0


async def _until_told(config: HubConfig, clock: Clock, *, is_new: bool) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, stopping.set)
    await serve(config, clock, stopping, _say_ready, is_new=is_new)


def _say_ready(address: str) -> None:
    tell_out(say("the board is at {address}", address=address))
    sys.stdout.flush()
