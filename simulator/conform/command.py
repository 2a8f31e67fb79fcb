"""`zaigang-sim conform`: looks at somebody else's agent or hub, and names the rules of the protocol that it breaks."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from random import SystemRandom
from typing import Final

from simulator.arguments import address, file_to_write
from simulator.conform.checks_agent import AGENT_RULES
from simulator.conform.checks_hub import HUB_RULES
from simulator.conform.line import ConformError, MqttLine
from simulator.conform.played_hub import PlayedHub
from simulator.conform.played_kiosk import PlayedKiosk
from simulator.conform.rules import Meeting, ProtocolTimes, Rule, RuleResult, Verdict, look
from station.clock import read_clock
from station.errors import ConfigError
from station.names import KioskId, StationCode, is_name
from station.settings import EXIT_CONFIG

EXIT_NOBODY: Final = 2
EXAMPLE: Final = """\
An agent is looked at on a broker without a hub: the hub is played. It must run and have records; three minutes.
A hub is asked as a kiosk that is entered there and not in service: notes are stored under its name; half a minute.
The exit status is 0 where nothing is broken, 1 where something is, 2 where nobody could be looked at.

example:
  zaigang-sim conform --broker 127.0.0.1:1883 --agent S-01/K-01-1
  zaigang-sim conform --broker 127.0.0.1:1883 --hub S-01/K-99 --json findings.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.description = "Tells an agent, or a hub, which rules of docs/protocol.md it breaks."
    parser.add_argument("--broker", type=address, required=True, metavar="HOST:PORT", help="where both meet")
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--agent", type=_place, metavar="STATION/KIOSK", help="look at the agent of that kiosk")
    whom.add_argument("--hub", type=_place, metavar="STATION/KIOSK", help="look at the hub, as that kiosk")
    parser.add_argument("--json", type=file_to_write, metavar="FILE", help="write the findings there too")


def run(args: argparse.Namespace) -> int:
    """Look at every rule and tell of each in a line."""
    try:
        now, dial = read_clock(os.environ).now, partial(MqttLine, args.broker)
        if args.agent is not None:
            findings = list(map(_told, look_at_agent(Meeting(dial, *args.agent), ProtocolTimes(), now)))
        else:
            findings = list(map(_told, look_at_hub(Meeting(dial, *args.hub), ProtocolTimes(), now)))
    except ConfigError as exc:
        print(exc, file=sys.stderr)
        return EXIT_CONFIG
    except ConformError as exc:
        print(exc, file=sys.stderr)
        return EXIT_NOBODY
    except KeyboardInterrupt:
        return EXIT_NOBODY
    if args.json is not None:
        args.json.write_text(json.dumps([each._asdict() for each in findings], ensure_ascii=False, indent=1) + "\n")
    count = {verdict: sum(each.verdict is verdict for each in findings) for verdict in Verdict}
    print(", ".join(f"{number} {verdict}" for verdict, number in count.items()))
    return 1 if count[Verdict.BROKEN] else 0


def look_at_agent(
    meeting: Meeting, pace: ProtocolTimes, now: Callable[[], datetime], rules: Sequence[Rule[PlayedHub]] = AGENT_RULES
) -> Iterator[RuleResult]:
    """Play the hub to an agent.

    Raises:
        ConformError: it cannot be looked at.
    """
    hub = PlayedHub(meeting, pace, now, SystemRandom())
    try:
        hub.begin()
        yield from look(rules, hub)
    finally:
        hub.end()


def look_at_hub(
    meeting: Meeting, pace: ProtocolTimes, now: Callable[[], datetime], rules: Sequence[Rule[PlayedKiosk]] = HUB_RULES
) -> Iterator[RuleResult]:
    """Play a kiosk to a hub.

    Raises:
        ConformError: it cannot be looked at.
    """
    played = PlayedKiosk(meeting, pace, now, SystemRandom())
    try:
        played.begin()
        yield from look(rules, played)
    finally:
        played.end()


def _told(finding: RuleResult) -> RuleResult:
    seen = f" -- {finding.seen}" if finding.seen else ""
    print(f"{finding.verdict:8}  {finding.id:18} {finding.sentence}{seen}", flush=True)
    return finding


def _place(text: str) -> tuple[StationCode, KioskId]:
    station, slash, kiosk = text.partition("/")
    if not slash or not is_name(station) or not is_name(kiosk):
        raise argparse.ArgumentTypeError(f"{text!r}; wanted is STATION/KIOSK, as S-01/K-01-1")
    return StationCode(station), KioskId(kiosk)
