"""Keeps an agent at work until it is told to end, whatever becomes of its disk.

While no agent can begin, a stand-in refuses all cards. One whose journal proves damaged at work is ended, and another
begins: what cannot be read is set aside then, and the kiosk goes on recording. systemd hears that it moves only while
it does; an agent that hangs is killed and started anew.
"""

import logging
import threading
from collections.abc import Callable
from typing import Final

from edge import heartbeat
from edge.agent import Agent
from edge.errors import JournalError, plain
from edge.stand_in import StandIn

_log = logging.getLogger(__name__)
TRY_AGAIN_S: Final = 5.0
LOOK_EVERY_S: Final = 1.0


def work(
    make_agent: Callable[[], Agent],
    make_stand_in: Callable[[str], StandIn],
    ending: threading.Event,
    tell: heartbeat.Tell = heartbeat.to_nobody,
) -> bool:
    """Work until `ending`, and `tell` that it goes on; True where all is to begin anew.

    Raises:
        EdgeError: no waiting helps.
    """
    while (agent := begin(make_agent, make_stand_in, ending, tell)) is not None:
        agent.start()
        tell(heartbeat.READY)
        while not (ending.wait(LOOK_EVERY_S) or agent.is_broken or agent.is_to_start_again):
            if agent.is_moving:
                tell(heartbeat.MOVES)
        if agent.is_broken:
            _log.error("the journal proved damaged, and is opened anew")
        agent.stop()
        if agent.is_to_start_again and not ending.is_set():
            _log.info("starting again, as the hub asks")
            return True
    tell(heartbeat.ENDS)
    return False


def begin(
    make_agent: Callable[[], Agent],
    make_stand_in: Callable[[str], StandIn],
    ending: threading.Event,
    tell: heartbeat.Tell = heartbeat.to_nobody,
) -> Agent | None:
    """An agent that can record, not started yet; None where `ending` comes first.

    Raises:
        EdgeError: no waiting helps.
    """
    stand_in: StandIn | None = None
    try:
        while not ending.is_set():
            try:
                return make_agent()
            except JournalError as exc:
                reason = str(exc)
            except OSError as exc:
                reason = plain(exc)
            if stand_in is None:
                _log.error("no card can be recorded, and each gets [trouble]: %s", reason)
                stand_in = make_stand_in(reason)
                stand_in.start()
                tell(heartbeat.READY)
            tell(heartbeat.MOVES)
            ending.wait(TRY_AGAIN_S)
        return None
    finally:
        if stand_in is not None:
            stand_in.stop()
