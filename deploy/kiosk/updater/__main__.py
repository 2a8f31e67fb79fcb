"""Bring a kiosk to the version that its hub offers, and back by itself where that one does not prove itself.

One version is tried at a time, and the trial is on disk: whenever power fails, the next start goes on with it. A
version proves itself by what its agent writes (`edge.wellness`): the journal opens, the reader answers, the hub
settles; and it is watched until its ten minutes are over (`judging`). Until then the slot before it stays, and its
updater with its units is the one that judges; the version's own must begin too, or none could come after it. Whatever
comes of it is said once, to whom it was wished for (`between`).
"""

import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from deploy.installing import chinese, slots
from deploy.installing.bundle import Bundle
from deploy.installing.commands import NotDone, alone, works
from deploy.installing.files import link, put, sync
from deploy.installing.parser import InstallParser
from deploy.kiosk.installer import machine
from deploy.kiosk.installer.__main__ import GROWS, SETUP, SPARE
from deploy.kiosk.updater import judging
from deploy.kiosk.updater.between import (
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
START_S: Final = 60.0  # of a machine, until its network is up
MOST_STARTS: Final = 3  # a version with which the machine does not stay up is tried no more
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
    except NotDone as exc:  # another is at it, and will say itself what comes of it
        judging.say_to(sys.stderr, str(exc))
        return 1


def _update_and_tell(folder: Path | None) -> int:
    order = wished_by() if folder is None else ""
    try:
        said = update(folder, order)
    except Exception as exc:  # noqa: BLE001 -- a supervisor: whatever ends it, the hub hears so, and it is not begun anew
        text = str(exc) if isinstance(exc, (NotDone, OSError)) else f"the updater failed, {type(exc).__name__}: {exc}"
        judging.say_to(sys.stderr, text)
        if TRIAL.exists():  # its next start goes on with that, and is not far
            time.sleep(judging.LINE_S)
        else:
            if folder is None:
                _forget_wish(order)
            _say(UpdateResult(order, slots.CURRENT.resolve().name, text, not_now=isinstance(exc, NotNow)))
        return 1
    judging.say_to(sys.stdout, said.text)
    return 0 if said.ok else 1


def update(folder: Path | None, order: str | None = "") -> UpdateResult:
    """All of it; what came of it.

    Raises:
        NotDone: nothing was tried.
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
            raise NotDone("what is offered is signed by another key than what is installed; install it by hand")
        if bundle.version == was.name:
            return UpdateResult("", bundle.version, "it is at work already", ok=True)
        if why := slots.why_older(bundle):
            raise NotDone(why)
        wished = wished_version() if folder is None else ""
        if wished not in ("", bundle.version):  # who gives versions out a few at a time has not come to that one
            raise NotNow(f"{bundle.version} is offered meanwhile, and {wished} was asked for")
        slots.make_room(path.stat().st_size * GROWS + SPARE)
        slot = machine.fill(bundle)
        if not _has_an_updater(slot):
            raise NotDone(f"{bundle.version}: {NO_UPDATER}")
        if why := machine.why_not_there(slot, was):
            raise NotDone(why)
    finally:
        path.unlink(missing_ok=True)
    return VersionOnTrial(bundle.version, was.name, bool(how_it_is().get("settled")) and judging.is_hub_in_reach())


def _await_line() -> None:
    """At a machine's start it is not there yet; where it does not come, the fetch says so."""
    until_s = time.monotonic() + START_S
    while not judging.is_hub_in_reach() and time.monotonic() < until_s:
        time.sleep(1)


def _count_tries() -> None:
    """See that a wish which ends the updater each time is not gone about for ever."""
    tries = len(TRIES.read_bytes()) if TRIES.exists() else 0
    if tries >= MOST_TRIES:
        raise NotDone(f"the updater was ended in the middle of it, {MOST_TRIES} times")
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
        judging.say_to(sys.stderr, f"what came of it cannot be told: {exc}")


def prove(trial: VersionOnTrial) -> UpdateResult:
    """Let it work, and see whether it does."""
    trial.starts += 1
    if not trial.back:
        if trial.starts > MOST_STARTS:
            trial.back = f"the machine did not stay up with it, {MOST_STARTS} times"
        else:
            trial.back = (
                _kept_or_not(trial)
                or judging.why_not(trial.version, wants_hub=trial.wants_hub)
                or _proven_or_not(trial)
            )
    if trial.back:
        trial.not_now = trial.back in {judging.NO_LINE, UNREADABLE}
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
