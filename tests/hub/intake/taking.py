"""A taking over the bench's intake, and what stands for the link."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from hub.intake.gathering import SignsOfLife, Stored
from hub.intake.taking import Taking
from station.names import Session
from station.wire.codec import decode
from station.wire.messages import HubState, Settled
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import BEGAN
from tests.hub.running import Until

OWN = HubState(online=True, session=Session("5" * 16), version="0", started_at=BEGAN)
LATER = replace(OWN, session=Session("6" * 16), started_at=BEGAN + timedelta(minutes=1))


class Listening:
    """Stands for the link, and remembers."""

    def __init__(self) -> None:
        self.answers: list[Settled] = []
        self.births = 0
        self.until = Until()

    def publish(self, topic: str, payload: bytes, *, keep: bool = True) -> bool:
        self.answers.append(decode(payload, Settled))
        self.until.changed()
        return True

    def announce(self) -> None:
        self.births += 1
        self.until.changed()


def keep_no_house() -> None:
    """Nothing is to be done now and then."""


@dataclass
class Mouth:
    """What takes in, and all that it said and handed on."""

    hub: Bench
    keep_house: Callable[[], None] = keep_no_house
    hand_on: Callable[[list[Stored]], None] | None = None
    listening: Listening = field(default_factory=Listening)
    handed_on: list[Stored] = field(default_factory=list)
    heard: list[SignsOfLife] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.taking = Taking(
            sorter=self.hub.sorter, intake=self.hub.intake, findings=self.hub.findings, counts=self.hub.counts,
            hear=self.heard.append, hand_on=self.hand_on or self.handed_on.extend, keep_house=self.keep_house,
            birth=OWN, answering=self.listening, now=lambda: OWN.started_at,
        )  # fmt: skip

    @property
    def answers(self) -> list[Settled]:
        return self.listening.answers
