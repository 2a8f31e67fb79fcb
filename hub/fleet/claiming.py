"""Setting a kiosk up over the line: whoever proves that a code was told to it is given what a stick would hold.

The kiosk makes its own key; certificate, settings and the site key go to it only after the code was proven. What is
refused changes nothing but the count of wrong codes. Whose answer was lost on the way asks again, with the same key.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from sqlalchemy import Connection, Engine, Row, Update, update
from sqlmodel import col, select

from hub.accounts import limits
from hub.accounts.access_log import log_access
from hub.certificates.authority import pem_of
from hub.certificates.cabinet import CertificateError, requested_key
from hub.database.claim_table import KioskClaim
from hub.database.tables import Kiosk
from hub.database.transactions import changing, reading
from hub.fleet.claim_codes import MOST_FROM_ONE, MOST_WRONG, ClaimBook, tried_as
from hub.fleet.preparing import first_settings
from hub.fleet.wiring import Fitted
from hub.saying import say
from hub.site_key import SiteKeyError
from station.milliseconds import moment_of, ms_of

AGAIN: Final = timedelta(minutes=10)  # for an answer that was lost on the way: a reboot, and the same line typed anew


class ClaimTrouble(StrEnum):
    """Why a kiosk is not set up by a code."""

    WAIT = "wait"
    WRONG = "wrong"
    LOCKED = "locked"
    """From here."""
    VOID = "void"
    OUTDATED = "outdated"
    USED = "used"
    HAS_IDENTITY = "has_identity"
    REVOKED = "revoked"
    NO_REQUEST = "no_request"
    NOT_READY = "not_ready"


SENTENCES: Final[Mapping[ClaimTrouble, str]] = {
    ClaimTrouble.WRONG: "this is not the code of this kiosk; look at kiosk and code on the sheet, and type them again",
    ClaimTrouble.LOCKED: "five wrong codes were typed here: none is good from here; the office makes another",
    ClaimTrouble.VOID: "many wrong codes came for this kiosk from many places: it is void; the office makes another",
    ClaimTrouble.OUTDATED: "the code is older than 7 days; the office makes another",
    ClaimTrouble.USED: "the code was used already, and is good once; the office makes another",
    ClaimTrouble.HAS_IDENTITY: "the kiosk was set up otherwise meanwhile; the office makes another code, with --again",
    ClaimTrouble.REVOKED: "the kiosk is revoked; the office enters another one",
    ClaimTrouble.NO_REQUEST: "what was sent is no request of a kiosk",
    ClaimTrouble.NOT_READY: "the hub cannot set kiosks up; there, zaigang-hub doctor says why",
}
"""What whoever stands at the kiosk is told."""


@dataclass(frozen=True, slots=True)
class ClaimRefused:
    """It is not set up."""

    why: ClaimTrouble
    wait_s: int = 0

    @property
    def said(self) -> str:
        """As a sentence."""
        if self.why is ClaimTrouble.WAIT:
            return say("there were many wrong codes from here; wait {seconds} s, and try again", seconds=self.wait_s)
        return SENTENCES[self.why]


@dataclass(frozen=True, slots=True)
class Claimed:
    """It is: what its folder would hold, by name."""

    files: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClaimAsked:
    """What a kiosk says.

    Attributes:
        request: for a certificate, signed by the key that the kiosk has made (PKCS #10, PEM).
    """

    kiosk: str
    code: str = field(repr=False)
    request: str = field(repr=False)


def take(book: ClaimBook, engine: Engine, asked: ClaimAsked, address: str) -> Claimed | ClaimRefused:
    """Set a kiosk up, or say why not.

    Raises:
        StoreTroubleError: the database is away.
    """
    try:
        requested_key(asked.request)
    except CertificateError:
        return ClaimRefused(ClaimTrouble.NO_REQUEST)
    try:
        with reading(engine) as connection:  # who must wait keeps nobody from writing
            waits = _waiting(book, connection, address)
        if waits is not None:
            return waits
        with changing(engine) as connection:
            found = _proven(book, connection, asked, address)
            return found if isinstance(found, ClaimRefused) else _given(book, connection, asked, found, address)
    except (CertificateError, SiteKeyError, OSError):
        return ClaimRefused(ClaimTrouble.NOT_READY)


def _proven(book: ClaimBook, connection: Connection, asked: ClaimAsked, address: str) -> Row[Any] | ClaimRefused:
    """The row of the code that was said; a wrong one is counted."""
    tried, tried_ms = tried_as(address), book.tried_at()
    waits = _waiting(book, connection, address)
    if waits is not None:
        return waits
    newest = select(KioskClaim).where(col(KioskClaim.kiosk) == asked.kiosk).order_by(col(KioskClaim.number).desc())
    row = connection.execute(newest.limit(1).with_for_update()).first()
    proof = book.proof_of(asked.kiosk, asked.code)
    here = _Tries(row, address) if row is not None else None
    if here is not None and here.trouble is None and hmac.compare_digest(here.row.proof, proof):
        limits.forgive(connection, tried, address)
        return here.row
    limits.count_failure(connection, tried, address, tried_ms)
    log_access(connection, "", "claim_failed", row.kiosk if row else "", address, now_ms=tried_ms)
    if here is None or (here.trouble is None and here.row.used_ms is not None):
        return ClaimRefused(ClaimTrouble.WRONG)
    return ClaimRefused(here.trouble or here.count_one(connection) or ClaimTrouble.WRONG)


class _Tries:
    """The wrong codes that were said while one was good: from one place and from all."""

    def __init__(self, row: Row[Any], address: str) -> None:
        self.row, self._wrong, self._from = row, int(row.wrong), dict[str, int](json.loads(row.wrong_from))
        self._place = hashlib.sha256(limits.network_of(address).encode()).hexdigest()[:12]

    @property
    def trouble(self) -> ClaimTrouble | None:
        """Why none is good here any more; None while one is."""
        if self._wrong >= MOST_WRONG:
            return ClaimTrouble.VOID
        return ClaimTrouble.LOCKED if self._from.get(self._place, 0) >= MOST_FROM_ONE else None

    def count_one(self, connection: Connection) -> ClaimTrouble | None:
        """Count one more; what that makes of it."""
        self._wrong += 1
        self._from[self._place] = self._from.get(self._place, 0) + 1
        connection.execute(_change(self.row.number, wrong=self._wrong, wrong_from=json.dumps(self._from)))
        return self.trouble


def _waiting(book: ClaimBook, connection: Connection, address: str) -> ClaimRefused | None:
    wait_s = limits.waiting_s(connection, tried_as(address), address, book.tried_at())
    return ClaimRefused(ClaimTrouble.WAIT, int(wait_s) + 1) if wait_s else None


def _given(
    book: ClaimBook, connection: Connection, asked: ClaimAsked, code: Row[Any], address: str
) -> Claimed | ClaimRefused:
    """What the kiosk gets for its code."""
    now, cabinet, mark = book.clock.now(), book.cabinet, _mark_of(requested_key(asked.request))
    is_repeated = code.used_ms is not None and code.key_mark == mark and now - moment_of(code.used_ms) <= AGAIN
    kiosk = connection.execute(select(Kiosk).where(col(Kiosk.id) == asked.kiosk)).one()
    good = cabinet.good_identities(kiosk.id)
    own = [each for each in good if _mark_of(each.public_key()) == mark]  # signed, and power failed before the row
    troubles = {
        ClaimTrouble.USED: code.used_ms is not None and not is_repeated,
        ClaimTrouble.OUTDATED: not is_repeated and now >= moment_of(code.until_ms),
        ClaimTrouble.REVOKED: kiosk.revoked_ms is not None,
        ClaimTrouble.HAS_IDENTITY: len(own) < len(good),
    }
    for trouble, is_so in troubles.items():
        if is_so:
            return ClaimRefused(trouble)
    site_key = book.site_key()
    certificate = own[-1] if own else cabinet.sign_request(kiosk.id, asked.request, now).certificate
    if not is_repeated:
        connection.execute(_change(code.number, used_ms=ms_of(now), key_mark=mark))
        log_access(connection, "", "kiosk_claimed", kiosk.id, address, now_ms=book.tried_at())
    port = book.config.broker.tls_port
    return Claimed(
        {
            "kiosk.toml": first_settings(kiosk.station, kiosk.id, code.host, port, Fitted(code.reader)),
            "identity/ca.crt": cabinet.certificate_file.read_text(encoding="ascii"),
            "identity/kiosk.crt": pem_of(certificate).decode(),
            "identity/site.key": site_key.hex() + "\n",
        }
    )


def _mark_of(key: Any) -> str:
    """What two spellings of one key have in common."""
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(key.public_bytes(*form)).hexdigest()


def _change(number: int, **to: int | str) -> Update:
    return update(KioskClaim).where(col(KioskClaim.number) == number).values(to)
