"""The site key is changed while the city lives: begun, given to kiosks as they come, finished, as an operator would.

The product's own commands do it, with its own files; only the letters are left out, since no kiosk here has a
certificate. Some cards are not tapped until it is finished: their list is imported then. Kiosks are set up anew with
the key that holds, or put back from an image of before; only once all that they stored is at the hub, as an operator
would who carries it there first.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import Connection, delete

from edge.site_keys import SiteKeys
from hub.certificates.cabinet import Cabinet
from hub.database.card_names import HUB, SaidName, note_names
from hub.database.key_tables import CardName
from hub.database.transactions import table_of
from hub.fleet.rotating import KeyChangeError, begin, finish
from hub.register.card_names import read_card_names
from hub.site_key import FILE_NAME, NEXT_FILE, make_next_key, read_site_key
from simulator.disk.medium import Disk
from simulator.world.booth import Booth
from simulator.world.centre import Centre
from simulator.world.machine import Image
from simulator.world.registry import Registry
from simulator.world.scenario import Scenario
from simulator.world.timeline import Timeline
from station.milliseconds import ms_of
from station.token import fingerprint_of

AGAIN_S: Final = 60.0
GIVES_EVERY_S: Final = 300.0


class Rekeying:
    """Changes it, once at a time."""

    def __init__(
        self,
        registry: Registry,
        booths: Mapping[str, Booth],
        centre: Centre,
        timeline: Timeline,
        *,
        folder: Path,
        seed: int,
        scenario: Scenario,
    ) -> None:
        self._registry, self._booths, self._centre, self._timeline = registry, booths, centre, timeline
        self._cabinet, self._rng = Cabinet(folder), Random(f"{seed} keys")
        self._scenario = scenario
        self._is_under_way = self._gives = False

    def make(self, lasts_s: float) -> None:
        """Begin it, unless one is under way; finish it so much later."""
        if self._is_under_way:
            return
        self._is_under_way = True
        data_dir = self._cabinet.folder.parent
        if self._cabinet.make("a world", self._timeline.now):
            (data_dir / FILE_NAME).touch(mode=0o600)
            (data_dir / FILE_NAME).write_text(self._registry.keys.holding.hex())
        self._registry.keys.add(make_next_key(data_dir, self._rng.randbytes))
        self._begin(lasts_s)

    def _begin(self, lasts_s: float) -> None:
        if not self._centre.write(partial(self._command, begin)):
            self._timeline.call_in(AGAIN_S, partial(self._begin, lasts_s))
            return
        if not self._gives:
            self._gives = True
            self._give()
        self._timeline.call_in(lasts_s, self._finish)

    def _give(self) -> None:
        """As the hub does: to who is there, first the key that holds, then the one that is to come."""
        data_dir = self._cabinet.folder.parent
        wanted = [read_site_key(data_dir / name) for name in (FILE_NAME, NEXT_FILE) if (data_dir / name).exists()]
        for booth in self._booths.values():
            if booth.kiosk is not None and booth.standing == "up":
                keys = booth.kiosk.site_keys
                lacking = (key for key in wanted if not keys.knows(fingerprint_of(key)))
                if (key := next(lacking, None)) is not None:
                    self._take(keys, key)
        self._timeline.call_in(GIVES_EVERY_S, self._give)

    def _take(self, keys: SiteKeys, wanted: bytes) -> None:
        keys.take(wanted)
        if self._scenario.trusts_next_key:
            keys.settle(fingerprint_of(wanted))

    def exchange(self, booth: Booth) -> None:
        """Let a machine stand in that one's place with nothing on it but the key that holds, once nothing is lost."""
        self.put_back(booth, Image(Disk(), {}), None)

    def put_back(self, booth: Booth, image: Image, site_key: bytes | None) -> None:
        """Let it have that on it, once nothing is lost by it; None for the key that holds."""
        if not booth.is_settled:
            self._timeline.call_in(AGAIN_S, partial(self.put_back, booth, image, site_key))
            return
        booth.put_back(image, site_key or self._registry.keys.holding)

    def _finish(self) -> None:
        data_dir = self._cabinet.folder.parent
        try:
            done = self._centre.write(self._import_and_finish)
        except KeyChangeError:  # the hub was put back from a backup of before: it is begun again
            self._begin(AGAIN_S)
            return
        if not done:
            self._timeline.call_in(AGAIN_S, self._finish)
            return
        self._registry.keys.holding = read_site_key(data_dir / FILE_NAME)
        self._is_under_way = False

    def _import_and_finish(self, connection: Connection) -> None:
        coming = self._cabinet.folder.parent / NEXT_FILE
        if coming.exists():
            known = read_card_names(connection)
            pairs = self._registry.keys.names(read_site_key(coming))
            left = [SaidName(later, name, HUB) for later, name in pairs if later not in known.firsts]
            note_names(connection, left, ms_of(self._timeline.now))
        if self._scenario.forgets_names:
            connection.execute(delete(table_of(CardName)))
        self._command(partial(finish, anyway=True), connection)

    def _command(self, command: object, connection: Connection) -> None:
        command(connection, self._cabinet, by="world", why="", now_ms=ms_of(self._timeline.now))  # type: ignore[operator]
