"""A hub that gives out codes: a site's CA, a site key, one kiosk; and what a kiosk would send."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hub.certificates.authority import new_key
from hub.certificates.cabinet import Cabinet
from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.config import HubConfig
from hub.database.transactions import reading, writing
from hub.fleet.claim_codes import ClaimBook, MadeClaim
from hub.fleet.claiming import ClaimAsked, Claimed, ClaimRefused, take
from hub.register.reading import read_directory
from hub.site_key import read_or_make_site_key
from station.clock import Clock, boottime_s
from station.names import KioskId
from tests.hub.pages.board_source import MORNING, ZONE

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from pathlib import Path

    from sqlalchemy import Engine

    from hub.certificates.authority import PrivateKey

KIOSK = KioskId("zg-02-a")
TOWN = [
    asked.NameCity("云州市"), asked.EnterDistrict("D-1", "北湖区"),
    asked.EnterStation("ZG-02", "市图书馆学雷锋志愿服务站点", district="D-1", kind="culture"),
    asked.EnterKiosk(KIOSK, "ZG-02", "正门"), asked.EnterKiosk("zg-02-b", "ZG-02", "东门"),
]  # fmt: skip


@dataclass
class ClaimDesk:
    """The hub, and the time there; nobody waits but for `tried_ms`."""

    engine: Engine
    folder: Path
    tried_ms: int = 1_772_700_000_000
    began_at: datetime = MORNING

    def __post_init__(self) -> None:
        self.clock = Clock(began_at=self.began_at, anchor_s=boottime_s())
        cabinet = Cabinet(self.folder)
        cabinet.make("site", self.began_at)
        cabinet.issue_broker(["localhost", "127.0.0.1"], self.began_at)
        read_or_make_site_key(self.folder)
        with writing(self.engine) as connection:
            refusals = apply(connection, TOWN, by="root", at=self.began_at, zone=ZONE).refusals
            assert not refusals, refusals

    @property
    def cabinet(self) -> Cabinet:
        return Cabinet(self.folder)

    @property
    def book(self) -> ClaimBook:
        return ClaimBook(HubConfig(data_dir=self.folder), self.clock, lambda: self.tried_ms)

    def later(self, time: timedelta) -> None:
        self.clock = replace(self.clock, began_at=self.clock.began_at + time)

    def make(self, kiosk: KioskId = KIOSK, *, again: bool = False) -> MadeClaim:
        with reading(self.engine) as connection:
            known = read_directory(connection, ZONE).kiosks[kiosk]
        with writing(self.engine) as connection:
            return self.book.make(connection, known, by="sun", again=again)

    def take(self, code: str, request: str, kiosk: str = KIOSK, address: str = "192.0.2.9") -> Claimed | ClaimRefused:
        return take(self.book, self.engine, ClaimAsked(kiosk, code, request), address)


def request_by(key: PrivateKey) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "whatever")])
    built = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return built.public_bytes(Encoding.PEM).decode()


def a_request() -> str:
    return request_by(new_key())


def not_the(code: str) -> str:
    """Another code than that one."""
    return f"{(int(code) + 1) % 10**8:08}"
