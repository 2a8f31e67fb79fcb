"""Bring a kiosk to the version that its hub offers, and back by itself where that one does not prove itself.

One version is tried at a time, and the trial is on disk: whenever power fails, the next start goes on with it. A
version proves itself by what its agent writes (`edge.wellness`): the journal opens, the reader answers, the hub
settles. Then it is watched until its ten minutes are over. Until then the slot before it stays, and its updater is
the one that judges.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from deploy.installing import slots
from deploy.installing.bundle import Bundle
from deploy.installing.commands import USER, Refusal, alone, works
from deploy.installing.files import put, sync
from deploy.kiosk.installer import machine
from deploy.kiosk.installer.__main__ import GROWS, SETUP, SPARE
from deploy.kiosk.installer.folder import read_settings
from deploy.kiosk.updater.offers import fetch

DATA: Final = Path(machine.HOME)
WISH: Final = DATA / "update-wanted"  # the agent's: it may ask for nothing else
RESULT: Final = DATA / "update-result.json"
WELL: Final = DATA / "well.json"
TRIAL: Final = SETUP / "trial.json"
WITHIN_S: Final = 300.0
WATCHED_S: Final = 600.0  # from its start on: what fails at once is not all that fails
GRACE_S: Final = 60.0  # at the end of it: the agent may just have been asked to begin anew
MOST_ENDS: Final = 3  # of its agent's in that time; the hub may ask for one or two
LINE_S: Final = 10.0
MOST_STARTS: Final = 3  # a version with which the machine does not stay up is tried no more
REASONS: Final = {
    "journal": "the journal does not open", "reader": "the reader does not answer",
    "settled": "the hub does not settle",
}  # fmt: skip


@dataclass(slots=True)
class VersionOnTrial:
    """A version that has to prove itself.

    Attributes:
        wants_hub: records were settled before it, and there is a line, so they must be with it.
        starts: how often it was begun; more than once where power failed.
        back: why it is being taken back.
    """

    version: str
    was: str
    wants_hub: bool
    starts: int = 0
    back: str = ""


def main() -> int:
    """Update, or go on with an update that was interrupted; the exit status."""
    parser = argparse.ArgumentParser(prog="zaigang-update", description="Bring this kiosk to the version offered.")
    parser.add_argument("--from", dest="folder", type=Path, help="a folder as zaigang-hub update copy writes it")
    args = parser.parse_args()
    try:
        with alone(waits=args.folder is None):  # its unit would be started again and again while a stick is at it
            return _update_and_tell(args.folder)
    except Refusal as exc:  # another is at it, and will say itself what comes of it
        sys.stderr.write(f"zaigang: {exc}\n")
        return 1


def _update_and_tell(folder: Path | None) -> int:
    try:
        said = update(folder)
    except (Refusal, OSError) as exc:
        WISH.unlink(missing_ok=True)
        with suppress(OSError):  # a full disk, perhaps: the hub gives the order up by itself
            tell("", str(exc), ok=False)
        sys.stderr.write(f"zaigang: {exc}\n")
        return 1
    sys.stdout.write(f"zaigang: {said}\n")
    return 0


def update(folder: Path | None) -> str:
    """All of it; what came of it.

    Raises:
        Refusal: the version before is at work.
    """
    trial = read_trial()
    if trial is None and folder is None and not WISH.exists():
        return "nothing is wanted"
    if trial is None:
        WISH.unlink(missing_ok=True)
        bundle = Bundle(fetch(folder, machine.OFFERS), "kiosk")
        was = slots.current_slot()
        if was is None or not bundle.by_known_signer():
            raise Refusal("what is offered is signed by another key than what is installed; install it by hand")
        if bundle.version == was.name:
            tell(bundle.version, "it is at work already", ok=True)
            return f"{bundle.version} is at work already"
        slots.refuse_older(bundle)
        slots.make_room(bundle.path.stat().st_size * GROWS + SPARE)
        machine.fill(bundle)
        bundle.path.unlink()
        wants_hub = bool(how_it_is().get("settled")) and is_hub_in_reach()
        trial = VersionOnTrial(bundle.version, was.name, wants_hub)
    return prove(trial)


def prove(trial: VersionOnTrial) -> str:
    """Let it work, and see whether it does."""
    trial.starts += 1
    keep(trial)
    if not trial.back:
        if trial.starts > MOST_STARTS:
            trial.back = f"the machine did not stay up with it, {MOST_STARTS} times"
        else:
            trial.back = why_not(trial)
    if trial.back:
        keep(trial)
        with suppress(Refusal):  # it is the one from now on; its unit goes on trying
            machine.switch_to(slots.SLOTS / trial.was)
    else:
        slots.clear(slots.SLOTS / trial.version, slots.SLOTS / trial.was)
    tell(trial.version, trial.back and f"{trial.back}; {trial.was} is back at work", ok=not trial.back)
    TRIAL.unlink()
    sync(SETUP)
    if trial.back:
        raise Refusal(f"version {trial.version} did not prove itself: {trial.back}; {trial.was} is back at work")
    return f"version {trial.version} is at work"


def why_not(trial: VersionOnTrial) -> str:
    """Start it, and wait until it proves itself; why it did not."""
    WELL.unlink(missing_ok=True)
    try:
        machine.switch_to(slots.SLOTS / trial.version)
    except Refusal as exc:
        if is_switched_off():  # which ends every start, and says nothing of the version
            sys.exit("zaigang: the machine is switched off meanwhile; its next start goes on with the update")
        sys.stderr.write(f"zaigang: {exc}\n")
        return "its agent does not start"
    wanted = ["journal", "reader", *(["settled"] if trial.wants_hub else [])]
    within_s = _seconds("ZAIGANG_PROVES_WITHIN_S", WITHIN_S)
    until_s = time.monotonic() + within_s
    missing = "its agent does not start"
    while time.monotonic() < until_s:
        found = how_it_is()
        if found.get("version") == trial.version:
            missing = next((REASONS[each] for each in wanted if not found.get(each)), "")
            if not missing:
                return why_not_any_more(trial.version, until_s - within_s + _seconds("ZAIGANG_WATCHED_S", WATCHED_S))
        time.sleep(1)
    return missing


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


def how_it_is() -> dict[str, object]:
    """What the agent wrote of itself."""
    try:
        said = json.loads(WELL.read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def is_hub_in_reach() -> bool:
    """Whether there is a line now; a stick is for where there is none."""
    broker = read_settings(machine.SETTINGS).get("broker", {})
    try:
        socket.create_connection((broker.get("host", ""), broker.get("port", 8883)), LINE_S).close()
    except OSError:
        return False
    return True


def read_trial() -> VersionOnTrial | None:
    """The one that is under way."""
    try:
        return VersionOnTrial(**json.loads(TRIAL.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def keep(trial: VersionOnTrial) -> None:
    """Have it on the disk."""
    put(TRIAL, json.dumps(asdict(trial)).encode(), 0o600)


def tell(version: str, text: str, *, ok: bool) -> None:
    """Let the agent say to the hub what came of it."""
    put(RESULT, json.dumps({"version": version or slots.CURRENT.resolve().name, "ok": ok, "text": text}).encode())
    works("chown", USER, str(RESULT))


if __name__ == "__main__":
    sys.exit(main())
