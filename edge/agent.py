"""The agent in one kiosk: readers, tap path and uplink wired together, each with its thread.

The reader's threads and the network's thread never wait for each other: they meet only at the journal. With
`readers=()` in its config an agent has no reader threads; whoever made it then calls `look`, `reader_is` and `tend` of
its kiosk, so that one process can hold hundreds.
"""

from collections.abc import Callable
from random import Random

from devices.buttons import Button, open_button
from devices.catalogue import open_reader
from devices.reader import CardReader
from devices.signals import Annunciator
from edge.button_thread import ButtonThread
from edge.config import EdgeConfig
from edge.kiosk import KioskCore
from edge.liaison import Liaison
from edge.link import KioskLink
from edge.reader_threads import ReaderThreads
from edge.seams import Seams


class Agent:
    """One kiosk at work, from `start` to `stop`."""

    def __init__(
        self,
        config: EdgeConfig,
        *,
        site_key: bytes,
        annunciator: Annunciator,
        seams: Seams,
        rng: Random,
        reader_factory: Callable[[str], CardReader] = open_reader,
        button_factory: Callable[[str], Button] = open_button,
        version: str = "0",
    ) -> None:
        """Begin a run in the kiosk's journal; nothing is read or sent before `start`.

        Args:
            config: the kiosk's settings.
            site_key: what turns card numbers into tokens.
            annunciator: answers people; stays the caller's to close.
            seams: clock, boot, sync, entropy and the journal's disk.
            rng: jitter of backoffs and heartbeats.
            reader_factory: opens a reader by its URL; called again whenever it was lost.
            button_factory: the same for the button.
            version: the agent's, as records and messages tell it.

        Raises:
            DataHeldError: another agent holds the data directory.
            JournalError: no run can be begun there.
            OSError: the data directory cannot be used.
        """
        self.kiosk = KioskCore(config, site_key=site_key, annunciator=annunciator, seams=seams, version=version)
        liaison = Liaison(self.kiosk, seams=seams, rng=rng, version=version)
        self.link = KioskLink(
            liaison.identities, config.kiosk,
            liaison.uplink, keep_house=liaison.keep_house, now_s=seams.clock.boot_s, entropy=seams.entropy, rng=rng,
        )  # fmt: skip
        self.kiosk.store.journal.on_append = self.link.wake
        self._readers = ReaderThreads(config.readers, self.kiosk, open_reader=reader_factory, rng=rng)
        self._button = ButtonThread(config.buttons.step_out, self.kiosk.press, open_button=button_factory)

    @property
    def is_broken(self) -> bool:
        """Whether the journal proved damaged at work: another agent must begin on what is left."""
        return self.kiosk.store.journal.is_broken

    @property
    def is_to_start_again(self) -> bool:
        """Whether whoever made it is to end it and make another, with the settings as they are then."""
        return self.kiosk.fresh_start.is_due

    @property
    def is_moving(self) -> bool:
        """Whether every reader's thread does; each of them writes to the journal, and would wait for one that hangs."""
        return self.kiosk.is_moving

    def start(self) -> None:
        """Read cards and talk to the hub."""
        self.link.start()
        self._readers.start()
        self._button.start()

    def stop(self) -> None:
        """End in order: the hub is told, and the journal marked clean."""
        self._button.stop()
        self._readers.stop()
        self.link.stop()
        self.kiosk.close()

    def kill(self) -> None:
        """End as a power cut would: no farewell, no clean mark."""
        self._button.stop()
        self._readers.stop()
        self.link.kill()
        self.kiosk.store.close()
