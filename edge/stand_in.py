"""What stands in for the agent while its disk takes no record: every card gets "trouble", and the hub is told why.

Nothing is recorded, so nothing beeps; the hub reads the kiosk as blind, and its time as unknown. `service` tries the
agent again until it can work.
"""

import threading
from collections.abc import Callable
from random import Random
from typing import Final

from devices.card import Card
from devices.catalogue import open_reader
from devices.plate import Appeared, Plate
from devices.reader import CardReader
from devices.signals import Annunciator, Signal
from edge import answers
from edge.commands import Commands
from edge.config import EdgeConfig
from edge.health import Health
from edge.identities import Identities
from edge.link import KioskLink
from edge.outgoing import UplinkParts
from edge.reader_threads import ReaderThreads
from edge.seams import Seams
from edge.timekeeping import Timekeeper
from edge.uplink import Uplink
from edge.voice import Voice
from station.names import Epoch, Seq
from station.records import ReaderState
from station.wire.messages import Kept

_LONGEST_REASON: Final = 200


class StandIn:
    """Refuses all cards of one kiosk, from `start` to `stop`."""

    def __init__(
        self,
        config: EdgeConfig,
        reason: str,
        *,
        annunciator: Annunciator,
        seams: Seams,
        rng: Random,
        reader_factory: Callable[[str], CardReader] = open_reader,
        version: str = "0",
    ) -> None:
        """Make it, of what the agent is made of; nothing is read or sent before `start`.

        `reason` tells the operator why the agent cannot work.
        """
        keeper = Timekeeper(seams.clock, boot=seams.boot, is_synced=seams.is_synced)
        uplink = Uplink(
            UplinkParts(
                station=config.station, kiosk=config.kiosk, version=version,
                source=_Nothing(Epoch(seams.entropy(8).hex())),
                health=lambda: Health(keeper.stamp(), ReaderState.BLIND, reason[:_LONGEST_REASON]),
                settle=lambda _epochs: None, begin_session=lambda: None, told=lambda _told: None,
                hear_time=lambda _at, _asked_s: None,
                commands=Commands(), real_s=seams.clock.real_s, rng=rng,
            )
        )  # fmt: skip
        self._link = KioskLink(
            Identities(config.broker, config.kiosk, config.data_dir), config.kiosk, uplink,
            keep_house=lambda _now_s: None, now_s=seams.clock.boot_s, entropy=seams.entropy, rng=rng,
        )  # fmt: skip
        refusing = Refusing(Voice(annunciator), seams.clock.boot_s)
        self._readers = ReaderThreads(config.readers, refusing, open_reader=reader_factory, rng=rng)

    def start(self) -> None:
        """Refuse cards, and tell the hub."""
        self._link.start()
        self._readers.start()

    def stop(self) -> None:
        """Let go of readers and broker."""
        self._readers.stop()
        self._link.stop()


class Refusing:
    """Answers every card with "trouble". Calls may come from any thread."""

    def __init__(self, voice: Voice, now_s: Callable[[], float]) -> None:
        self._voice = voice
        self._now_s = now_s
        self._turn = threading.Lock()
        self._plates: dict[str, Plate] = {}

    def look(self, reader: str, card: Card | None) -> None:
        """Refuse a card that came."""
        with self._turn:
            changes = self._plates.setdefault(reader, Plate()).look(card, self._now_s())
            if any(isinstance(change, Appeared) for change in changes):
                self._voice.show(Signal.TROUBLE, answers.trouble())

    def is_occupied(self, reader: str) -> bool:
        """Whether a card lies there."""
        plate = self._plates.get(reader)
        return plate is not None and plate.is_occupied

    def reader_is(self, reader: str, state: ReaderState, reason: str) -> None:
        """Nothing follows from it: whatever the reader sees is lost."""

    def tend(self) -> None:
        """Nothing is due."""


class _Nothing:
    """A journal without records, of a run that never began."""

    def __init__(self, epoch: Epoch) -> None:
        self._kept = {epoch: Kept(Seq(1), 0)}

    def kept(self) -> dict[Epoch, Kept]:
        return self._kept

    def texts(self, epoch: Epoch, after: int, limit: int) -> tuple[str, ...]:
        del epoch, after, limit
        return ()
