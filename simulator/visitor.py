"""Whoever watches a demonstration, and taps themselves by typing: with a spare volunteer's card, or any other.

Reading the terminal blocks, so it has a thread that nobody waits for; what was typed is done on the event loop.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from simulator.acts import Act, Gesture, Intention, SimCard
from simulator.city import SimCity
from simulator.play import Play
from station.clock import Clock
from station.saying import as_said, say

HELP: Final = (
    "put: tap with a spare volunteer's card  ·  hold: once on duty, stay to step out  ·  put phone  ·  put NUMBER\n"
    "To sit at the desk (people, cards, corrections, vacancies), type:  desk"
)
TAKEN: Final = "The card is taken away by itself after the beep; `hold` leaves it there."
DESK: Final = "From now on the board asks for an account. Open this and choose a password, once:"
_CHIPS: Final = {4: "classic", 7: "ntag213"}  # by the length of their numbers


class Visitor:
    """Somebody at the kiosk with the chip."""

    def __init__(self, city: SimCity, clock: Clock, say: Callable[[str], None], invite: Callable[[], str]) -> None:
        """Begin.

        Args:
            city: whose cards there are.
            clock: of the demonstration.
            say: prints a line.
            invite: makes a link by which a visitor gets an account; waits for the database.
        """
        self._clock, self._say, self._invite = clock, say, invite
        self._kiosk, self._station = next(iter(city.kiosks().items()))
        self._holders = {card.number: volunteer.person for volunteer in city.volunteers for card in volunteer.cards}
        self.card = next(volunteer.cards[0] for volunteer in city.volunteers if volunteer.spare)

    def welcome(self) -> str:
        """How to take part."""
        return say("To tap at {kiosk} yourself, type:  {help}", kiosk=self._kiosk, help=as_said(HELP))

    def listen(self, lines: Iterable[str], play: Play) -> None:
        """Obey lines from now on, in a thread of its own."""
        loop = asyncio.get_running_loop()
        tasks: set[asyncio.Task[None]] = set()

        def begin(act: Act) -> None:
            task = loop.create_task(play.do(act), name="visitor")
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        def read() -> None:
            for line in lines:
                act = self.act(line.split())
                if act is not None and not loop.is_closed():
                    loop.call_soon_threadsafe(begin, act)

        threading.Thread(target=read, name="visitor's terminal", daemon=True).start()

    def act(self, words: list[str]) -> Act | None:
        """What a line asks for; None, and help, where it asks for nothing that can be done.

        `put ntag213 NUMBER` and `put classic NUMBER` are taken as well, as `zaigang-sim reader` takes them.
        """
        if words == ["desk"]:
            self._say(say("{desk}  {link}", desk=as_said(DESK), link=self._invite()))
            return None
        if words == ["take"]:
            self._say(TAKEN)
            return None
        card = self._card(words[1:]) if words[:1] in (["put"], ["hold"]) else None
        if card is None:
            self._say(HELP)
            return None
        person = self._holders.get(card.number, "visitor")
        gesture = Gesture.HOLD if words[0] == "hold" else Gesture.TOUCH
        return Act(self._clock.now(), person, card, self._station, self._kiosk, gesture, Intention.TRY, ())

    def _card(self, named: list[str]) -> SimCard | None:
        match named:
            case []:
                return self.card
            case ["phone"]:
                return SimCard("phone")
            case [number] | ["ntag213" | "classic", number]:
                with suppress(ValueError):
                    content = bytes.fromhex(number)
                    return SimCard(_CHIPS[len(content)], content) if len(content) in _CHIPS else None
        return None
