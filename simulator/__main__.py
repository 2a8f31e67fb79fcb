"""`zaigang-sim`: which commands there are."""

import sys
from typing import Final

from simulator.chinese_help import HELP
from station.terminal import TerminalProgram

COMMANDS: Final = {
    "conform": ("simulator.conform.command", "tells an agent, or a hub, which rules of the protocol it breaks"),
    "demo": ("simulator.demo", "a whole city on a virtual working day"),
    "fleet": ("simulator.fleet", "a city's kiosks against any broker and hub"),
    "load": ("simulator.alarm_load.command", "a city's year of alarms, held to what its people can take"),
    "replay": ("simulator.replaying.command", "a day as records through the hub's core, and what follows from it"),
    "scenario": ("simulator.world.command", "a whole world on virtual time, with faults, judged by an oracle"),
    "reader": ("simulator.reader", "one emulated card reader on a pseudo-terminal"),
}
PROGRAM: Final = TerminalProgram("zaigang-sim", "Stands in for the world.", "zaigang-sim demo", "sim", COMMANDS, HELP)
main = PROGRAM.main

if __name__ == "__main__":
    sys.exit(main())
