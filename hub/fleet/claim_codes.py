"""Codes by which kiosks are set up over the line: made by who may, for one kiosk, good once within seven days.

A code is told once, and only a keyed hash of it is kept. What a kiosk gets for one is `claiming`'s matter.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from sqlalchemy import Connection, insert
from sqlmodel import col, func, select

from hub.accounts import limits
from hub.accounts.access_log import log_access
from hub.accounts.reception import now_ms
from hub.certificates.cabinet import Cabinet
from hub.config import HubConfig
from hub.database.claim_table import KioskClaim
from hub.fleet.preparing import host_for, identities_to_end
from hub.fleet.wiring import READER
from hub.register.directory import KnownKiosk
from hub.site_key import FILE_NAME as SITE_KEY
from hub.site_key import read_site_key
from station.clock import Clock
from station.milliseconds import moment_of, moment_or_none, ms_of

LASTS: Final = timedelta(days=7)
DIGITS: Final = 8
MOST_FROM_ONE: Final = 5  # wrong ones from one place: an installer needs no more, whoever guesses gets no more
MOST_WRONG: Final = 900  # from all together, of a hundred million: one in 110,000 guesses its way in
PIN_DIGITS: Final = 32  # of the CA's SHA-256, in hex: 128 bits, for which nobody makes another CA


@dataclass(frozen=True, slots=True)
class MadeClaim:
    """A code, which is told once.

    Attributes:
        host: by which the kiosk reaches the hub.
        pin: by which it knows the site's CA.
    """

    kiosk: str
    code: str = field(repr=False)
    until: datetime
    host: str
    pin: str

    @property
    def command(self) -> str:
        """What is typed at the kiosk, where the bundle was unpacked."""
        return f"sudo sh install --kiosk {self.kiosk} --claim {self.code} --hub {self.host} --ca {self.pin}"


@dataclass(frozen=True, slots=True)
class ClaimState:
    """How a kiosk's newest code stands."""

    by: str
    made_at: datetime
    until: datetime
    used_at: datetime | None
    wrong: int

    @property
    def is_locked(self) -> bool:
        """Whether so many others were tried, from so many places, that it is good no more."""
        return self.wrong >= MOST_WRONG

    def is_waiting(self, now: datetime) -> bool:
        """Whether a kiosk may still use it."""
        return self.used_at is None and not self.is_locked and now < self.until


def read_claims(connection: Connection) -> dict[str, ClaimState]:
    """How the newest code of each kiosk stands."""
    newest = select(func.max(col(KioskClaim.number))).group_by(col(KioskClaim.kiosk))
    return {
        row.kiosk: ClaimState(
            row.by, moment_of(row.made_ms), moment_of(row.until_ms),
            moment_or_none(row.used_ms), row.wrong,
        )
        for row in connection.execute(select(KioskClaim).where(col(KioskClaim.number).in_(newest)))
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimBook:
    """One hub's codes.

    Attributes:
        tried_at: milliseconds since 1970 by which waits are reckoned, as those at signing in.
    """

    config: HubConfig
    clock: Clock
    tried_at: Callable[[], int] = now_ms

    @property
    def cabinet(self) -> Cabinet:
        """The site's CA."""
        return Cabinet(self.config.data_dir)

    def serials(self, kiosk: str) -> list[int]:
        """Of the certificates that a kiosk has; none where there is no CA."""
        if not self.cabinet.is_there:
            return []
        return [identity.serial_number for identity in self.cabinet.good_identities(kiosk)]

    def make(
        self,
        connection: Connection,
        kiosk: KnownKiosk,
        *,
        by: str,
        address: str = "",
        host: str = "",
        reader: str = READER,
        again: bool = False,
    ) -> MadeClaim:
        """Make a code; the one before is good no more, and with `again` the kiosk's identity neither.

        Raises:
            PrepareError: this kiosk gets none.
            CertificateError: there is no CA, or the broker has no certificate.
            SiteKeyError: there is no site key.
        """
        now, cabinet = self.clock.now(), self.cabinet
        reached = host_for(cabinet, host)
        before = identities_to_end(self.config, kiosk, again=again)
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        row = {
            "kiosk": kiosk.id, "proof": self.proof_of(kiosk.id, code), "host": reached, "reader": reader, "by": by,
            "made_ms": ms_of(now), "until_ms": ms_of(now + LASTS), "wrong": 0, "wrong_from": "{}", "key_mark": "",
        }  # fmt: skip
        connection.execute(insert(KioskClaim).values(row))
        log_access(connection, by, "claim_made", kiosk.id, address, now_ms=self.tried_at())
        cabinet.revoke([identity.serial_number for identity in before], now)
        return MadeClaim(kiosk.id, code, now + LASTS, reached, ca_pin(cabinet.authority().certificate))

    def proof_of(self, kiosk: str, code: str) -> str:
        """What is kept of a code: without the site key, which is in no backup of rows, nobody tries eight digits out.

        Raises:
            SiteKeyError: there is no site key.
        """
        return hmac.digest(self.site_key(), f"claim {kiosk} {code}".encode(), "sha256").hex()

    def site_key(self) -> bytes:
        """The site key.

        Raises:
            SiteKeyError: there is none.
        """
        return read_site_key(self.config.data_dir / SITE_KEY)


def tried_as(address: str) -> str:
    """What wrong codes are counted under for waits: never a kiosk, whose installer would wait for who guesses."""
    return f"claim {limits.network_of(address)}"


def ca_pin(certificate: x509.Certificate) -> str:
    """How a person types which CA is the site's."""
    digits = certificate.fingerprint(hashes.SHA256()).hex()[:PIN_DIGITS]
    return "-".join(digits[at : at + 4] for at in range(0, PIN_DIGITS, 4))
