"""A running town: hub, one kiosk with an emulated chip, and all other kiosks, each the real thing.

Hub and chip kiosk are child processes. To be entered once, from the main thread: the children's leash is tied to the
thread that started them.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from random import Random
from typing import Final, Self

from simulator.acts import SimCard
from simulator.admission import Admission
from simulator.antennas import ChipAntenna
from simulator.board_watch import BoardError, ask_board
from simulator.children import Child, ChildError
from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort
from simulator.city import SimCity
from simulator.ear import Ear
from simulator.kiosks import Kiosks, told
from simulator.play import Antenna
from simulator.premises import HOST, Premises, child_environ
from simulator.spreadsheets import write_spreadsheets
from station.clock import Clock
from station.saying import as_said, say
from station.token import token_of

IMPORT_S: Final = 60.0
READY_S: Final = 60.0
LOOK_EVERY_S: Final = 0.05
TELL_EVERY_S: Final = 2.0


@dataclass(slots=True)
class Town:
    """What runs, until `close`."""

    city: SimCity
    premises: Premises
    antennas: Mapping[str, Antenna]
    kiosks: Kiosks
    _children: list[Child]
    _running: ExitStack
    admission: Admission

    def check(self) -> None:
        """Raise where a process has ended.

        Raises:
            ChildError: with the end of what it printed.
        """
        for child in self._children:
            child.check()

    def complaints(self) -> list[str]:
        """What the processes logged that should not be there."""
        return [line for child in self._children for line in child.complaints()]

    def token(self, card: SimCard) -> str:
        """The keyed name of a card here."""
        return token_of(bytes.fromhex(self.premises.site_key.read_text()), "iso14443a", card.number)

    def kill(self) -> None:
        """End the processes at once; what is in this one ends with it."""
        for child in self._children:
            child.kill()

    def close(self) -> None:
        """End everything, kiosks first."""
        self._running.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def enter_city(city: SimCity, premises: Premises, environ: Mapping[str, str]) -> None:
    """Give the hub the city, by the way an operator would: `zaigang-hub import`.

    Raises:
        ChildError: it was refused.
    """
    premises.write_hub_settings()
    files = map(str, write_spreadsheets(city, premises.folder))
    command = ["hub", "import", "--config", str(premises.hub_file), *files]
    with Child("zaigang-hub import", command, environ, premises.folder / "import.log") as child:
        child.wait(IMPORT_S)


def open_town(
    city: SimCity,
    premises: Premises,
    clock: Clock,
    environ: Mapping[str, str],
    ear: Ear,
    *,
    tell: Callable[[str], None] = lambda _: None,
) -> Town:
    """Start everything on that clock, and wait until every kiosk is heard by the hub; `tell` hears how far it is.

    Raises:
        ChildError: something did not come up.
    """
    environ, admission = child_environ(environ, clock), Admission(premises.database)
    with ExitStack() as stack:
        hub = Child(
            "zaigang-hub serve",
            ["hub", "serve", "--config", str(premises.hub_file)],
            environ,
            premises.folder / "hub.log",
        )
        stack.enter_context(hub)
        tell("the hub starts ...")
        _wait(lambda: _answers(premises, admission), "the board", [hub])
        first, *others = city.kiosks().items()
        chip = Pn532Chip()
        port = stack.enter_context(closing(PtyPort(chip)))
        edge = stack.enter_context(_chip_kiosk(first, port, premises, environ, ear))
        broker = HOST, premises.broker_port
        kiosks = Kiosks(
            dict(others),
            premises.folder,
            broker=broker,
            site_key_file=premises.site_key,
            clock=clock,
            ear=ear,
            seed=city.seed,
        )
        stack.enter_context(closing(kiosks))
        antennas: dict[str, Antenna] = {**kiosks.antennas, first[0]: ChipAntenna(chip, Random(city.seed))}
        town = Town(city, premises, antennas, kiosks, [hub, edge], ExitStack(), admission)

        def tell_how_far() -> None:
            count = told(premises.folder, city.kiosks())
            tell(say("kiosks: {count} of {all} know their station and cards ...", count=count, all=len(city.kiosks())))

        tell_how_far()
        _wait(lambda: _all_are_up(city, premises, admission), "every kiosk", [hub, edge], tell_how_far)
        town._running = stack.pop_all()  # noqa: SLF001  its maker
        return town


def _chip_kiosk(
    named: tuple[str, str], port: PtyPort, premises: Premises, environ: Mapping[str, str], ear: Ear
) -> Child:
    kiosk, station = named
    file = premises.write_kiosk_settings(station, kiosk, f"pn532:{port.path}")

    def read(line: str) -> None:
        word, bracket, said = line.removeprefix("[").partition("]")
        if line.startswith("[") and bracket:
            ear.beep(kiosk, word, said.strip())

    command = ["edge", "run", "--config", str(file)]
    environ = {**environ, "LC_ALL": "C.UTF-8"}  # at a Chinese terminal an agent says no word for its signal
    return Child(f"zaigang-edge run ({kiosk})", command, environ, premises.folder / "edge.log", on_line=read)


def _all_are_up(city: SimCity, premises: Premises, admission: Admission) -> bool:
    return told(premises.folder, city.kiosks()) == len(city.kiosks()) and _is_watching(premises, admission)


def _answers(premises: Premises, admission: Admission) -> bool:
    try:
        ask_board(HOST, premises.http_port, admission)
    except BoardError:
        return False
    return True


def _is_watching(premises: Premises, admission: Admission) -> bool:
    try:
        return ask_board(HOST, premises.http_port, admission).is_watching
    except BoardError:
        return False


def _wait(
    is_there: Callable[[], bool], what: str, children: list[Child], tell_how_far: Callable[[], None] = lambda: None
) -> None:
    deadline_s = time.monotonic() + READY_S
    told_s = time.monotonic()
    while not is_there():
        for child in children:
            child.check()
        if time.monotonic() >= deadline_s:
            tails = "\n".join(child.tail() for child in children)
            raise ChildError(
                say(
                    "{what} is not there after {seconds:g} s:\n{tails}",
                    what=as_said(what),
                    seconds=READY_S,
                    tails=tails,
                )
            )
        if time.monotonic() - told_s >= TELL_EVERY_S:
            told_s = time.monotonic()
            tell_how_far()
        time.sleep(LOOK_EVERY_S)
