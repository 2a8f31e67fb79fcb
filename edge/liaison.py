"""Everything that a kiosk's network thread does, but for the network: the uplink, tied to what the kiosk keeps.

`link` drives it over a broker; a simulated world drives it by hand: `uplink` for the messages, and `keep_house` now and
then. Calls come from one thread, which is not the readers'.
"""

from contextlib import suppress
from datetime import datetime
from random import Random

from edge import commission_order, probation, updating
from edge.commands import Commands, Doer
from edge.commission_order import Commissioning
from edge.doers import doers_of
from edge.gauges import Gauges
from edge.housekeeping import KioskHousekeeping
from edge.identities import Identities
from edge.kept_settings import KeptSettings
from edge.kiosk import KioskCore
from edge.order_book import OrderBook
from edge.outgoing import UplinkParts
from edge.probation import LASTS_S, Probation
from edge.seams import Seams
from edge.told import ToldMessage
from edge.updating import UpdateWish
from edge.uplink import Uplink
from edge.wellness import Wellness
from station.records import ReaderState


class Liaison:
    """Speaks for one kiosk.

    Attributes:
        uplink: messages in, messages out.
        identities: by which it comes to the broker.
        probation: of settings that the hub wants.
    """

    def __init__(self, kiosk: KioskCore, *, seams: Seams, rng: Random, version: str) -> None:
        self._kiosk = kiosk
        self._now_s = seams.clock.boot_s
        self._house = KioskHousekeeping(kiosk.store)
        self.identities = Identities(kiosk.config.broker, kiosk.config.kiosk, kiosk.config.data_dir)
        self.probation = Probation(
            KeptSettings(kiosk.config.data_dir), reader=lambda: kiosk.health().reader,
            is_heard=lambda: self.uplink.is_heard, begin_anew=kiosk.fresh_start.ask,
            lasts_s=seams.clock.real_s(LASTS_S),
        )  # fmt: skip
        self._news: tuple[ReaderState, bool, str, str] | None = None
        self._commissioning = Commissioning(kiosk.commission, kiosk.config, self.identities, version)
        self._update = UpdateWish(kiosk.config.data_dir, kiosk.known_calendar, kiosk.known_now)
        self._wellness = Wellness(kiosk.config.data_dir, version)
        tended: dict[str, Doer] = {
            commission_order.NAME: self._commissioning, updating.NAME: self._update,
            probation.NAME: probation.Configure(self.probation, seams.check_settings),
        }  # fmt: skip
        doers = doers_of(kiosk, self.identities, tended)
        retention = kiosk.store.retention
        self.uplink = Uplink(
            UplinkParts(
                station=kiosk.config.station, kiosk=kiosk.config.kiosk, version=version, source=kiosk.store.backlog,
                health=kiosk.health, settle=retention.settle, begin_session=retention.begin_session,
                told=self._take_told, hear_time=self._hear_time,
                commands=Commands(doers, OrderBook(kiosk.config.data_dir)),
                real_s=seams.clock.real_s, rng=rng, hear_key=kiosk.hear_key,
                figures=Gauges(
                    kiosk.config.data_dir, lambda: self.identities.best().certificate_file, seams.clock.boot_s,
                    seams.read_machine, lambda: self.probation.held,
                ),
            )
        )  # fmt: skip

    def keep_house(self, now_s: float) -> None:
        """Keep the disk in order, and tell the hub at once where the kiosk's health has changed."""
        self._house.keep_up(now_s)
        self.probation.watch(now_s)
        self._commissioning.tend()
        self._update.tend()
        health = self._kiosk.health()
        store = self._kiosk.store
        with suppress(OSError):  # whoever waits for it waits on
            is_settled = bool(store.retention.said)
            self._wellness.keep(health, now_s, is_stored=not store.journal.trouble, is_settled=is_settled)
        news = health.reader, bool(health.reason), health.key, health.next_key
        if news != self._news:
            self._news = news
            self.uplink.touch(now_s)

    def _hear_time(self, at: datetime, asked_s: float) -> None:
        self._kiosk.time.hear(at, self._now_s() - asked_s)

    def _take_told(self, told: ToldMessage) -> None:
        self._kiosk.notice(told)
        self._house.keep(told, self._now_s())
