"""Whether a version proves itself: started, by what its agent writes, and then watched until its ten minutes are over.

Why it did not is said in a few words, for a person at the hub.
"""

import os
import socket
import subprocess
import sys
import time
from typing import Final, TextIO

from deploy.installing import chinese, slots
from deploy.installing.commands import NotDone, works
from deploy.kiosk.installer import machine
from deploy.kiosk.installer.folder import read_settings
from deploy.kiosk.updater.between import WELL, how_it_is

WITHIN_S: Final = 300.0
WATCHED_S: Final = 600.0  # from its start on: what fails at once is not all that fails
GRACE_S: Final = 60.0  # at the end of it: the agent may just have been asked to begin anew
MOST_ENDS: Final = 3  # of its agent's in that time; the hub may ask for one or two
LINE_S: Final = 10.0
REASONS: Final = {
    "journal": "the journal does not open", "reader": "the reader does not answer",
    "settled": "the hub does not settle",
}  # fmt: skip
NO_START: Final = "its agent does not start"
SILENT: Final = "its agent runs, and says nothing of how it is"
NO_LINE: Final = "the hub was out of reach all the while"


def why_not(version: str, *, wants_hub: bool) -> str:
    """Start it, and wait until it proves itself; why it did not.

    Args:
        version: its slot is filled.
        wants_hub: the hub must settle with it.
    """
    WELL.unlink(missing_ok=True)
    try:
        machine.switch_to(slots.SLOTS / version)
    except NotDone as exc:
        if is_switched_off():  # which ends every start, and says nothing of the version
            say_to(sys.stderr, "the machine is switched off meanwhile; its next start goes on with the update")
            sys.exit(1)
        say_to(sys.stderr, str(exc))
        return NO_START
    wanted = ["journal", "reader", *(["settled"] if wants_hub else [])]
    within_s = _seconds("ZAIGANG_PROVES_WITHIN_S", WITHIN_S)
    until_s = time.monotonic() + within_s
    missing = NO_START
    while time.monotonic() < until_s:
        found = how_it_is()
        if found.get("version") == version:
            missing = next((REASONS[each] for each in wanted if not found.get(each)), "")
            if not missing:
                return why_not_any_more(version, until_s - within_s + _seconds("ZAIGANG_WATCHED_S", WATCHED_S))
        time.sleep(1)
    if missing == NO_START and works("systemctl", "is-active", "--quiet", machine.UNIT):
        return SILENT
    return NO_LINE if missing == REASONS["settled"] and not is_hub_in_reach() else missing


def why_not_any_more(version: str, until_s: float) -> str:
    """Watch it, which has proved itself, until then; why it does so no longer. The hub may come and go meanwhile."""
    ends, missing = ends_of_agent(), ""
    while time.monotonic() < until_s or (missing and time.monotonic() < until_s + GRACE_S):
        if ends_of_agent() - ends > MOST_ENDS:
            return f"its agent ended more than {MOST_ENDS} times"
        found = how_it_is()
        works_now = found if found.get("version") == version else {}
        missing = next((f"{REASONS[each]} any more" for each in ("journal", "reader") if not works_now.get(each)), "")
        time.sleep(1)
    return missing


def ends_of_agent() -> int:
    """How often its agent ended by itself, and was started again."""
    question = ("systemctl", "show", machine.UNIT, "--property=NRestarts", "--value")
    asked = subprocess.run(question, capture_output=True, text=True, check=False)
    return int(asked.stdout.strip() or 0)


def _seconds(name: str, usual: float) -> float:
    return float(os.environ.get(name, usual))


def is_switched_off() -> bool:
    """Whether the machine is going down, in order."""
    asked = subprocess.run(("systemctl", "is-system-running"), capture_output=True, text=True, check=False)
    return asked.stdout.strip() in {"stopping", ""}  # "": nobody answers any more


def is_hub_in_reach() -> bool:
    """Whether there is a line now; a stick is for where there is none."""
    broker = read_settings(machine.SETTINGS).get("broker", {})
    try:
        socket.create_connection((broker.get("host", ""), broker.get("port", 8883)), LINE_S).close()
    except OSError:
        return False
    return True


def say_to(stream: TextIO, said: str) -> None:
    """In the terminal's language; the hub is told in English."""
    stream.write(f"zaigang: {chinese.tell(said)}\n")
