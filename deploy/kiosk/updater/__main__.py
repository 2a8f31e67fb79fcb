"""Bring a kiosk to the version that its hub offers, and back by itself where that one does not prove itself.

One version is tried at a time, and the trial is on disk: whenever power fails, the next start goes on with it. A
version proves itself by what its agent writes (`edge.wellness`): the journal opens, the reader answers, the hub
settles. Then it is watched until its ten minutes are over. Until then the slot before it stays, and its updater with
its units is the one that judges; the version's own must begin too, or none could come after it. Whatever comes of it
is said once, to whom it was wished for (`between`).
"""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TextIO

from deploy.installing import chinese, slots
from deploy.installing.bundle import Bundle
from deploy.installing.commands import Refusal, alone, works
from deploy.installing.files import link, put, sync
from deploy.installing.parser import InstallParser
from deploy.kiosk.installer import machine
from deploy.kiosk.installer.__main__ import GROWS, SETUP, SPARE
from deploy.kiosk.installer.folder import read_settings
from deploy.kiosk.updater.between import (
    WELL,
    WISH,
    NotNow,
    UpdateResult,
    forget_wish,
    how_it_is,
    tell,
    wished_by,
    wished_version,
)
from deploy.kiosk.updater.offers import fetch

TRIAL: Final = machine.TRIAL
TRIES: Final = Path("/run/zaigang-update-tries")  # goes with the power, which is nobody's fault
MOST_TRIES: Final = 3  # at one wish, of an updater that ends in the middle: killed, say, for want of memory
WITHIN_S: Final = 300.0
WATCHED_S: Final = 600.0  # from its start on: what fails at once is not all that fails
GRACE_S: Final = 60.0  # at the end of it: the agent may just have been asked to begin anew
MOST_ENDS: Final = 3  # of its agent's in that time; the hub may ask for one or two
LINE_S: Final = 10.0
START_S: Final = 60.0  # of a machine, until its network is up
MOST_STARTS: Final = 3  # a version with which the machine does not stay up is tried no more
REASONS: Final = {
    "journal": "the journal does not open", "reader": "the reader does not answer",
    "settled": "the hub does not settle",
}  # fmt: skip
NO_START: Final = "its agent does not start"
SILENT: Final = "its agent runs, and says nothing of how it is"
NO_LINE: Final = "the hub was out of reach all the while"
UNREADABLE: Final = "what was noted of its trial cannot be read"
NO_UPDATER: Final = "its own updater does not begin, so none could come after it"


@dataclass(slots=True)
class VersionOnTrial:
    """A version that has to prove itself.

    Attributes:
        wants_hub: records were settled before it, and there is a line, so they must be with it.
        starts: how often it was begun; more than once where power failed.
        back: why it is being taken back.
        not_now: that is nothing of the version's.
        order: who wished for it, as `UpdateResult` has it.
    """

    version: str
    was: str
    wants_hub: bool
    starts: int = 0
    back: str = ""
    not_now: bool = False
    order: str | None = None


def main() -> int:
    """Update, or go on with an update that was interrupted; the exit status."""
    parser = InstallParser(prog="zaigang-update", description=chinese.tell("Bring this kiosk to the version offered."))
    from_folder = chinese.tell("a folder as zaigang-hub update copy writes it")
    parser.add_argument("--from", dest="folder", type=Path, metavar="FOLDER", help=from_folder)
    args = parser.parse_args()
    try:
        with alone(waits=args.folder is None):  # its unit would be started again and again while a stick is at it
            return _update_and_tell(args.folder)
    except Refusal as exc:  # another is at it, and will say itself what comes of it
        _write(sys.stderr, str(exc))
        return 1


def _write(stream: TextIO, said: str) -> None:
    """In the terminal's language; the hub is told in English."""
    stream.write(f"zaigang: {chinese.tell(said)}\n")


def _update_and_tell(folder: Path | None) -> int:
    order = wished_by() if folder is None else ""
    try:
        said = update(folder, order)
    except Exception as exc:  # noqa: BLE001 -- a supervisor: whatever ends it, the hub hears so, and it is not begun anew
        text = str(exc) if isinstance(exc, (Refusal, OSError)) else f"the updater failed, {type(exc).__name__}: {exc}"
        _write(sys.stderr, text)
        if TRIAL.exists():  # its next start goes on with that, and is not far
            time.sleep(LINE_S)
        else:
            if folder is None:
                _forget_wish(order)
            _say(UpdateResult(order, slots.CURRENT.resolve().name, text, not_now=isinstance(exc, NotNow)))
        return 1
    _write(sys.stdout, said.text)
    return 0 if said.ok else 1


def update(folder: Path | None, order: str | None = "") -> UpdateResult:
    """All of it; what came of it.

    Raises:
        Refusal: nothing was tried.
    """
    trial = _under_way()
    if trial is None and folder is None and not os.path.lexists(WISH):
        return UpdateResult("", "", "nothing is wanted", ok=True)
    if trial is None:
        if folder is None:
            _count_tries()
        made = _made_ready(folder)
        if isinstance(made, UpdateResult):
            if folder is None:
                _forget_wish(order)
            _say(UpdateResult(order, made.version, made.text, ok=True))
            return made
        trial = made
        trial.order = order
        link(slots.PROVEN, slots.SLOTS / trial.was)  # an installer of before made none
        keep(trial)
        if folder is None:
            _forget_wish(order)
    return prove(trial)


def _under_way() -> VersionOnTrial | None:
    """The trial to go on with. One without the version before it is over; one that cannot be read is taken back."""
    trial = read_trial()
    if trial is None and TRIAL.exists():
        proven, now = slots.proven_slot(), slots.current_slot()
        if proven is not None and now is not None and proven != now:
            return VersionOnTrial(now.name, proven.name, wants_hub=False, back=UNREADABLE)
    if trial is not None and (slots.SLOTS / trial.was).is_dir():
        return trial
    TRIAL.unlink(missing_ok=True)
    return None


def _made_ready(folder: Path | None) -> VersionOnTrial | UpdateResult:
    """Fill the slot of what is offered; a result where that is at work already."""
    for left in machine.OFFERS.glob("zaigang-kiosk-*.tar"):  # of a fetch that was cut short
        left.unlink()
    if folder is None:
        _await_line()
    path = fetch(folder, machine.OFFERS)
    try:
        bundle = Bundle(path, "kiosk")
        was = slots.current_slot()
        if was is None or not bundle.by_known_signer():
            raise Refusal("what is offered is signed by another key than what is installed; install it by hand")
        if bundle.version == was.name:
            return UpdateResult("", bundle.version, "it is at work already", ok=True)
        if why := slots.why_older(bundle):
            raise Refusal(why)
        wished = wished_version() if folder is None else ""
        if wished not in ("", bundle.version):  # who gives versions out a few at a time has not come to that one
            raise NotNow(f"{bundle.version} is offered meanwhile, and {wished} was asked for")
        slots.make_room(path.stat().st_size * GROWS + SPARE)
        slot = machine.fill(bundle)
        if not _has_an_updater(slot):
            raise Refusal(f"{bundle.version}: {NO_UPDATER}")
        if why := machine.why_not_there(slot, was):
            raise Refusal(why)
    finally:
        path.unlink(missing_ok=True)
    return VersionOnTrial(bundle.version, was.name, bool(how_it_is().get("settled")) and is_hub_in_reach())


def _await_line() -> None:
    """At a machine's start it is not there yet; where it does not come, the fetch says so."""
    until_s = time.monotonic() + START_S
    while not is_hub_in_reach() and time.monotonic() < until_s:
        time.sleep(1)


def _count_tries() -> None:
    """See that a wish which ends the updater each time is not gone about for ever."""
    tries = len(TRIES.read_bytes()) if TRIES.exists() else 0
    if tries >= MOST_TRIES:
        raise Refusal(f"the updater was ended in the middle of it, {MOST_TRIES} times")
    TRIES.write_bytes(b"." * (tries + 1))


def _has_an_updater(slot: Path) -> bool:
    """Whether it begins, in the environment that it would have."""
    python = ("env", f"PYTHONPATH={slot}", str(slot / "venv/bin/python3"), "-P", "-m", "deploy.kiosk.updater", "--help")
    return works("sh", "-n", str(slot / "units/update")) and works(*python)


def _forget_wish(order: str | None) -> None:
    with suppress(OSError):
        forget_wish(order)
    TRIES.unlink(missing_ok=True)


def _say(result: UpdateResult) -> None:
    try:
        tell(result)
    except OSError as exc:  # a full disk, perhaps: the hub gives the order up by itself
        _write(sys.stderr, f"what came of it cannot be told: {exc}")


def prove(trial: VersionOnTrial) -> UpdateResult:
    """Let it work, and see whether it does."""
    trial.starts += 1
    if not trial.back:
        if trial.starts > MOST_STARTS:
            trial.back = f"the machine did not stay up with it, {MOST_STARTS} times"
        else:
            trial.back = _kept_or_not(trial) or why_not(trial) or _proven_or_not(trial)
    if trial.back:
        trial.not_now = trial.back in {NO_LINE, UNREADABLE}
        _kept_or_not(trial)
        machine.go_back(slots.SLOTS / trial.was, slots.SLOTS / trial.version)
        text = f"{trial.back}; {trial.was} is back at work"
    else:
        with suppress(OSError):  # the next one's room, at the worst
            slots.clear(slots.SLOTS / trial.version, slots.SLOTS / trial.was)
        text = f"version {trial.version} is at work"
    _say(UpdateResult(trial.order, trial.version, text if trial.back else "", ok=not trial.back, not_now=trial.not_now))
    TRIAL.unlink()
    sync(SETUP)
    if trial.back:
        text = f"version {trial.version} did not prove itself: {text}"
    return UpdateResult(trial.order, trial.version, text, ok=not trial.back)


def _kept_or_not(trial: VersionOnTrial) -> str:
    """Have it on the disk; why that cannot be. A disk that is full then must not keep a kiosk from going back."""
    try:
        keep(trial)
    except OSError as exc:
        return f"the disk takes nothing: {exc.strerror}"
    return ""


def _proven_or_not(trial: VersionOnTrial) -> str:
    """Let it judge the next one; why that cannot be."""
    try:
        return "" if machine.is_kept(slots.SLOTS / trial.version, slots.SLOTS / trial.was) else NO_UPDATER
    except OSError as exc:
        return f"the disk takes nothing: {exc.strerror}"


def why_not(trial: VersionOnTrial) -> str:
    """Start it, and wait until it proves itself; why it did not."""
    WELL.unlink(missing_ok=True)
    try:
        machine.switch_to(slots.SLOTS / trial.version)
    except Refusal as exc:
        if is_switched_off():  # which ends every start, and says nothing of the version
            _write(sys.stderr, "the machine is switched off meanwhile; its next start goes on with the update")
            sys.exit(1)
        _write(sys.stderr, str(exc))
        return NO_START
    wanted = ["journal", "reader", *(["settled"] if trial.wants_hub else [])]
    within_s = _seconds("ZAIGANG_PROVES_WITHIN_S", WITHIN_S)
    until_s = time.monotonic() + within_s
    missing = NO_START
    while time.monotonic() < until_s:
        found = how_it_is()
        if found.get("version") == trial.version:
            missing = next((REASONS[each] for each in wanted if not found.get(each)), "")
            if not missing:
                return why_not_any_more(trial.version, until_s - within_s + _seconds("ZAIGANG_WATCHED_S", WATCHED_S))
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


def read_trial() -> VersionOnTrial | None:
    """The one that is under way."""
    try:
        return VersionOnTrial(**json.loads(TRIAL.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def keep(trial: VersionOnTrial) -> None:
    """Have it on the disk."""
    put(TRIAL, json.dumps(asdict(trial)).encode(), 0o600)


if __name__ == "__main__":
    sys.exit(main())
